"""Registering and changing producers."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from api.core.clock import now, today
from api.core.ids import new_id
from api.core.names import search_name
from api.core.problems import FieldError, InvalidPayload, NotFound
from api.domains.consents.service import revoke_all
from api.domains.imports.states import LIFECYCLE as IMPORTS
from api.domains.producers import repository, rules
from api.domains.producers.problems import AlreadyRegistered, PersonalDataErased
from api.domains.producers.schemas import IdentityDocumentIn, ProducerChange, ProducerIn
from api.domains.producers.states import LIFECYCLE
from api.domains.service_requests.states import LIFECYCLE as REQUESTS
from api.domains.territories.service import district_faults
from api.models.clusters import ClusterMember
from api.models.plots import Plot
from api.models.producers import Person, Producer
from api.models.service_requests import ServiceRequest
from api.models.visits import Visit
from api.reads import Reader
from api.settings import settings
from api.transactions import Event, Subject, UnitOfWork

_ERASED_MEANWHILE: Final = FieldError(
    "",
    "person-erased",
    {
        "es": "se borró a una persona mientras el archivo esperaba; envíelo de nuevo sin ella",
        "en": "somebody was erased while the file waited; send it again without them",
    },
)


async def register(uow: UnitOfWork, wish: ProducerIn) -> UUID:
    """A new registration with the actor's organisation.

    A person whom others have registered is linked to, and the answer does not show it. 409 where
    the organisation itself has, 422 for a document that cannot be.
    """
    found = _document_faults(wish.document) + _ruc_faults(wish.ruc, wish.document)
    found += rules.moment_faults(wish.birth_year, wish.captured_at, now())
    if found := [*found, *await district_faults(uow, wish.ubigeo, "/ubigeo")]:
        raise InvalidPayload(errors=found)
    person_id = await _person(uow, wish.document)
    producer = Producer(
        **wish.model_dump(exclude={"id", "document"}),
        id=wish.id or new_id(),
        organization_id=uow.actor.organization_id,
        person_id=person_id,
        search_name=search_name(wish.given_names, wish.family_names),
        state=LIFECYCLE.initial,
        registered_on=today(),
    )
    uow.add(producer)
    uow.record(
        Event(
            "producer.registered",
            ("producer", producer.id),
            {"association_status": wish.association_status.value},
        )
    )
    return producer.id


async def change(uow: UnitOfWork, producer_id: UUID, wish: ProducerChange, version: int) -> None:
    """Change what the organisation knows of a producer of its own.

    The event names the fields and no values: they are personal data.
    """
    producer = await own_active(uow, producer_id, "change")
    uow.expect_version(producer, version)
    wanted: dict[str, Any] = wish.changes()
    found = list(rules.moment_faults(wanted.get("birth_year"), None, now()))
    if wanted.get("ubigeo") != producer.ubigeo:
        found += await district_faults(uow, wanted.get("ubigeo"), "/ubigeo")
    if found:
        raise InvalidPayload(errors=found)
    await _change_identity(uow, producer, wanted)
    changes = {name: value for name, value in wanted.items() if getattr(producer, name) != value}
    if not changes:
        return
    mistaken = producer.person_id
    for name, value in changes.items():
        setattr(producer, name, value)
    producer.search_name = search_name(producer.given_names or "", producer.family_names or "")
    if producer.person_id != mistaken:
        await repository.forget_unregistered(uow, mistaken)
    fields = sorted("document" if name == "person_id" else name for name in changes)
    uow.record(Event("producer.changed", ("producer", producer_id), {"fields": fields}))


async def _change_identity(uow: UnitOfWork, producer: Producer, wanted: dict[str, Any]) -> None:
    """Judge another document and another RUC together; the document's person in its place."""
    document: IdentityDocumentIn | None = wanted.pop("document", None)
    ruc = wanted.get("ruc", producer.ruc)
    found = _document_faults(document) if document else []
    if document or "ruc" in wanted:
        found += _ruc_faults(ruc, document or await repository.document_of(uow, producer))
    if found:
        raise InvalidPayload(errors=found)
    if document:
        wanted["person_id"] = await _person(uow, document, producer.id)


async def erase(uow: UnitOfWork, producer_id: UUID) -> None:
    """Forget a person of the actor's organisation (docs/decisions/0021).

    404 for another's, 409 for a registration that was merged (the survivor is erased, and all that
    were merged into it with it) or is erased already. Files of the organisation that wait to be
    imported fail: they may name them.
    """
    ended = IMPORTS.transitions["fail"].target.value
    await repository.forget_waiting_files(uow, ended, _ERASED_MEANWHILE)
    mine = Producer.organization_id == uow.actor.organization_id
    if known := await uow.find(Producer, Producer.id == producer_id, mine):
        # As files of producers take them: the person first, then the registration.
        await uow.locked(Person, known.person_id)
    producer = await own_active(uow, producer_id, "erase")
    transition = LIFECYCLE.transitions["erase"]
    registrations = [producer, *await repository.merged_into(uow, producer_id)]
    # Each registration that was merged is of a document of its own.
    known_as = {registration.person_id for registration in registrations}
    nobody = Person(id=new_id(), erased_at=now())
    uow.add(nobody)
    await repository.forget_imported_codes(
        uow, [one.external_id for one in registrations if one.external_id]
    )
    for registration in registrations:
        for name in rules.ERASED:
            setattr(registration, name, None)
        registration.person_id = nobody.id
    producer.state = transition.target
    ids = [registration.id for registration in registrations]
    await revoke_all(uow, ids)
    await _leave_clusters(uow, ids)
    written = (*await _forget_land(uow, ids), *await _forget_assistance(uow, ids))
    for person_id in sorted(known_as):
        await repository.forget_unregistered(uow, person_id)
    await repository.forget_contacts(uow, ids)
    about = [*ids, *(row_id for _, row_id in written)]
    await repository.empty_answers(uow, about)
    await repository.forget_items(uow, about)
    merged = tuple(("producer", row.id) for row in registrations[1:])
    uow.record(Event(transition.event, ("producer", producer_id), related=(*merged, *written)))


async def _leave_clusters(uow: UnitOfWork, producer_ids: Collection[UUID]) -> None:
    """Memberships that run end today: who comes back is somebody new, and must not count twice."""
    for member in await repository.about(uow, ClusterMember, producer_ids):
        if member.left_on is None:
            member.left_on = today()
            told = {"member_id": str(member.id), "left_on": member.left_on.isoformat()}
            related = (("producer", member.producer_id),)
            subject = ("cluster", member.cluster_id)
            uow.record(Event("cluster.member_left", subject, told, related))


async def _forget_land(uow: UnitOfWork, producer_ids: Collection[UUID]) -> tuple[Subject, ...]:
    """Plots and their overlaps lose what was written about them by hand; geometry proves where
    kilos grew, and stays.
    """
    plots = await repository.about(uow, Plot, producer_ids)
    await repository.forget_imported_codes(
        uow, [plot.external_id for plot in plots if plot.external_id]
    )
    for plot in plots:
        plot.name, plot.tenure_document, plot.external_id = rules.NAMELESS, None, None
    overlaps = await repository.noted_overlaps(uow, [plot.id for plot in plots])
    for overlap in overlaps:
        overlap.note = None
    told = [("plot", plot.id) for plot in plots]
    return (*told, *(("plot_overlap", overlap.id) for overlap in overlaps))


async def _forget_assistance(
    uow: UnitOfWork, producer_ids: Collection[UUID]
) -> tuple[Subject, ...]:
    """Visits and requests for them lose what was written in them; that they were made, when and
    about what, stays. Requests that wait for somebody are withdrawn: nobody is left to assist.
    """
    visits = await repository.about(uow, Visit, producer_ids)
    for visit in visits:
        visit.finding, visit.recommendation, visit.dispute_reason = rules.NAMELESS, None, None
    requests = await repository.about(uow, ServiceRequest, producer_ids)
    for request in requests:
        request.need, request.decline_reason = rules.NAMELESS, None
        _withdraw(uow, request)
    told = [("visit", visit.id) for visit in visits]
    return (*told, *(("service_request", request.id) for request in requests))


def _withdraw(uow: UnitOfWork, request: ServiceRequest) -> None:
    withdraw = REQUESTS.transitions["withdraw"]
    if request.state in withdraw.sources:
        request.state = withdraw.target
        related = (("organization", request.provider_id),)
        uow.record(Event(withdraw.event, ("service_request", request.id), related=related))


async def own_active(uow: UnitOfWork, producer_id: UUID, action: str) -> Producer:
    """A producer of the actor's organisation, locked; 404 for another's, 409 if it has ended."""
    producer = await repository.own_for_update(uow, producer_id)
    if producer is None:
        raise NotFound("producer")
    LIFECYCLE.apply(action, producer.state)
    return producer


async def expect_remembered(uow: UnitOfWork, producer_id: UUID) -> None:
    """410 for somebody who was erased: nothing more is written about them by hand.

    Whoever asks holds what is to be written on, which an erasure waits for.
    """
    if await repository.is_erased(uow, producer_id):
        raise PersonalDataErased


async def expect_own(reader: Reader, producer_id: UUID) -> None:
    """404 unless the producer is the actor's own."""
    if not await reader.rows(repository.OWN, producer_id=producer_id):
        raise NotFound("producer")


async def _person(
    uow: UnitOfWork, document: IdentityDocumentIn, besides: UUID | None = None
) -> UUID:
    """The person with the document, unless the organisation has registered it (409)."""
    person = await repository.person_for_update(uow, document.type, document.number.upper())
    existing = await repository.own_registration(uow, person.id)
    if existing not in (None, besides):
        raise AlreadyRegistered(extensions={"producer_id": str(existing)})
    return person.id


def _ruc_faults(ruc: str | None, document: IdentityDocumentIn | Person) -> list[FieldError]:
    if isinstance(document, Person):
        kind, number = document.document_type, document.document_number
    else:
        kind, number = document.type, document.number
    assert kind is not None
    prefixes = settings().known_ruc_prefixes
    return rules.ruc_faults(ruc, kind, number or "", prefixes)


def _document_faults(document: IdentityDocumentIn) -> list[Any]:
    return list(rules.document_faults(document.type, document.number, document.check))
