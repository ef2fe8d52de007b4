"""``/v1/producers``."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.problems import NotFound
from api.core.wire import PageOf
from api.domains.consents.repository import ACCESSES
from api.domains.consents.schemas import AccessOut, AccessSearch, Reading
from api.domains.consents.service import refusal
from api.domains.dossiers.repository import DOSSIER
from api.domains.dossiers.schemas import DossierOut
from api.domains.producer_merges import service as merges
from api.domains.producer_merges.schemas import MergeIn
from api.domains.producers import repository, service
from api.domains.producers.schemas import ProducerChange, ProducerIn, ProducerOut, ProducerSearch
from api.policies import Permission
from api.routers.answers import changed, created, fetched, listed, where
from api.routers.deps import IfMatch, KeyedUnitOfWorkDep, ReaderDep, Requires, UnitOfWorkDep
from api.routers.disclosures import told, traced
from api.routers.guarded import room
from api.transactions import Event

router = room("/v1/producers", "producers")

ProducerId = Annotated[UUID, Path(description="Id of the producer")]
CanRead = Annotated[Actor, Depends(Requires(Permission.PRODUCERS_READ))]
CanWrite = Annotated[Actor, Depends(Requires(Permission.PRODUCERS_WRITE))]


@router.post("", status_code=201, response_model=ProducerOut)
async def register_producer(wish: ProducerIn, uow: UnitOfWorkDep, _: CanWrite) -> Response:
    """Register a person with one's organisation. Each organisation keeps what it was told; that
    another has registered the same document shows nowhere.
    """
    producer_id = await service.register(uow, wish)
    return await created(
        uow,
        repository.PRODUCER,
        where("producers", producer_id),
        personal=True,
        producer_id=producer_id,
        purpose=None,
    )


@router.get("", response_model=PageOf[ProducerOut])
async def list_producers(
    request: Request,
    search: Annotated[ProducerSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """One's own producers; with `purpose`, those of other organisations whose consent covers it.
    Each producer of another organisation in the answer is noted in that producer's access log.
    """
    listing = repository.DISCLOSED_PRODUCERS if search.purpose else repository.PRODUCERS
    response = await listed(request, reader, listing, search, personal=True, purpose=search.purpose)
    return await traced(request, reader, response, search.purpose, "list_producers")


@router.get("/{producer_id}", response_model=ProducerOut)
async def get_producer(
    request: Request,
    producer_id: ProducerId,
    reading: Annotated[Reading, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """One producer. Another organisation's is shown for a `purpose` that a consent covers, with
    the fields that the purpose needs, and the read is noted in the producer's access log.
    """
    query = repository.DISCLOSED_PRODUCER if reading.purpose else repository.PRODUCER
    try:
        response = await fetched(
            request,
            reader,
            query,
            personal=True,
            producer_id=producer_id,
            purpose=reading.purpose,
        )
    except NotFound:
        raise await refusal(reader, producer_id) from None
    return await traced(request, reader, response, reading.purpose, "get_producer")


@router.patch("/{producer_id}", response_model=ProducerOut)
async def change_producer(
    producer_id: ProducerId,
    wish: ProducerChange,
    version: IfMatch,
    uow: UnitOfWorkDep,
    _: CanWrite,
) -> Response:
    """Correct or complete a registration of one's own."""
    await service.change(uow, producer_id, wish, version)
    return await changed(
        uow, repository.PRODUCER, personal=True, producer_id=producer_id, purpose=None
    )


@router.post("/{producer_id}/erase", response_model=ProducerOut)
async def erase_producer(producer_id: ProducerId, uow: KeyedUnitOfWorkDep, _: CanWrite) -> Response:
    """Forget the person. Names, document, telephone and all else that tells who it is go, from
    kept answers too; consents end. Plots' geometry, kilos and the ledger stay, without a name.
    There is no way back.
    """
    await service.erase(uow, producer_id)
    return await changed(
        uow, repository.PRODUCER, personal=True, producer_id=producer_id, purpose=None
    )


@router.post("/{producer_id}/merge", response_model=ProducerOut)
async def merge_producer(
    producer_id: ProducerId, wish: MergeIn, uow: KeyedUnitOfWorkDep, _: CanWrite
) -> Response:
    """End a registration that is of the same person as another of one's own. Plots, plans, loans,
    deliveries, memberships and consents are the other's from then on; of two consents that say the
    same one ends, and memberships that overlap become one. The registration that ended stays
    readable, and names the other; its code and document lead there. There is no way back.
    """
    await merges.merge(uow, producer_id, wish.into)
    return await changed(
        uow, repository.PRODUCER, personal=True, producer_id=producer_id, purpose=None
    )


@router.get("/{producer_id}/access-log", response_model=PageOf[AccessOut])
async def list_producer_accesses(
    request: Request,
    producer_id: ProducerId,
    search: Annotated[AccessSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """Who of other organisations read this producer's personal data, what for and on which
    consent, newest first; for the producer's own organisation. Reads of registrations that were
    merged into this one are told, too.
    """
    await service.expect_own(reader, producer_id)
    return await listed(request, reader, ACCESSES, search, personal=True, producer_id=producer_id)


@router.get("/{producer_id}/export", response_model=DossierOut)
async def export_producer(
    request: Request, producer_id: ProducerId, reader: ReaderDep, _: CanWrite
) -> Response:
    """All that one's organisation holds about one of its producers, for the person to read or to
    take elsewhere. Each export stands in the ledger.
    """
    response = await fetched(
        request, reader, DOSSIER, personal=True, derived=True, producer_id=producer_id, purpose=None
    )
    return await told(
        request, reader, response, Event("producer.exported", ("producer", producer_id))
    )
