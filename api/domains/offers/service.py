"""What puts items on offer and takes them back: publication, withdrawal, SENASA's word."""

from typing import Final
from uuid import UUID

from api.core.clock import now, today
from api.core.problems import RuleBroken, StateConflict
from api.domains.catalogue_items.repository import tell_registration
from api.domains.catalogues.repository import published_for_update, registrations
from api.domains.catalogues.rules import Registration, publication_faults, registration_fault
from api.domains.catalogues.schemas import RegistrationIn
from api.domains.catalogues.service import own, own_item
from api.domains.catalogues.states import LIFECYCLE, OVER, CatalogueState
from api.domains.offer_words.repository import learn
from api.domains.offers.problems import NotRegistered
from api.domains.publications import repository
from api.models.catalogues import Catalogue
from api.transactions import Event, UnitOfWork

MOST_FAULTS: Final = 1000


async def publish(uow: UnitOfWork, catalogue_id: UUID) -> None:
    """Put a draft's items on offer, all at once; from now on they stay as they are.

    The offers of the revision that was published until now end in the same moment.
    """
    catalogue = await own(uow, catalogue_id)
    transition = LIFECYCLE.apply("publish", catalogue.state)
    items = await registrations(uow, catalogue_id)
    faults = publication_faults(
        items=len(items), valid_until=catalogue.valid_until, registrations=items, day=today()
    )
    if faults:
        raise RuleBroken(errors=faults[:MOST_FAULTS])
    await _supersede(uow, catalogue)
    catalogue.state = transition.target
    catalogue.published_at = now()
    await repository.clear_expired(uow, today())
    await repository.offer_catalogue(uow, catalogue_id)
    await learn(uow, catalogue_id)
    uow.record(Event(transition.event, ("catalogue", catalogue_id), {"items": len(items)}))


async def _supersede(uow: UnitOfWork, successor: Catalogue) -> None:
    catalogue = await published_for_update(uow, successor.series_id)
    if catalogue is None:
        return
    transition = LIFECYCLE.apply("supersede", catalogue.state)
    catalogue.state = transition.target
    # Before the successor is written: of a series one is published.
    await uow.session.flush()
    await repository.take_back_catalogue(uow, catalogue.id)
    related = (("catalogue", successor.id),)
    uow.record(Event(transition.event, ("catalogue", catalogue.id), related=related))


async def withdraw(uow: UnitOfWork, catalogue_id: UUID) -> None:
    """End a catalogue's offers at once, or drop a draft; orders placed under it stand."""
    catalogue = await own(uow, catalogue_id)
    transition = LIFECYCLE.apply("withdraw", catalogue.state)
    catalogue.state = transition.target
    await repository.take_back_catalogue(uow, catalogue_id)
    uow.record(Event(transition.event, ("catalogue", catalogue_id)))


async def set_registration(uow: UnitOfWork, item_id: UUID, wish: RegistrationIn) -> None:
    """Follow SENASA: an item whose registration ended is not on offer until it is valid again."""
    item, catalogue = await own_item(uow, item_id)
    if catalogue.state in OVER:
        raise StateConflict("set_registration", catalogue.state, LIFECYCLE.allowed(catalogue.state))
    if item.senasa_number is None:
        raise NotRegistered
    item.senasa_status, item.senasa_valid_until = wish.status, wish.valid_until
    await uow.session.flush()
    await tell_registration(uow, item, catalogue.series_id)
    if catalogue.state is CatalogueState.PUBLISHED:
        await repository.take_back_item(uow, item_id)
        standing = Registration(
            item.sku, item.category, item.senasa_number, wish.status, wish.valid_until
        )
        if registration_fault(standing, today()) is None:
            await repository.offer_item(uow, item_id)
    uow.record(
        Event(
            "catalogue.registration_set",
            ("catalogue", catalogue.id),
            {
                "item_id": str(item_id),
                "status": wish.status.value,
                "valid_until": wish.valid_until.isoformat() if wish.valid_until else None,
            },
        )
    )
