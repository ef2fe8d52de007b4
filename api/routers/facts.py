"""``/v1/producers/{producer_id}/facts``."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Response

from api.core.actor import Actor
from api.domains.facts import service
from api.domains.facts.schemas import FactsSearch, ProducerFactsOut
from api.policies import Permission
from api.routers.answers import shown
from api.routers.deps import ReaderDep, Requires
from api.routers.guarded import room

router = room("/v1/producers/{producer_id}/facts", "producers")

ProducerId = Annotated[UUID, Path(description="Id of the producer")]
CanRead = Annotated[Actor, Depends(Requires(Permission.PRODUCERS_READ))]


@router.get("", response_model=ProducerFactsOut)
async def get_producer_facts(
    producer_id: ProducerId,
    search: Annotated[FactsSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """What the records say of a producer of one's own on a day: land, deliveries, plantation,
    plan, each with its unit and its source, or with why it is not known.
    """
    return shown(await service.presented(reader, producer_id, search.as_of), personal=True)
