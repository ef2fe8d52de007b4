"""``/v1/offers``."""

from typing import Annotated

from fastapi import Depends, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.offers import repository
from api.domains.offers.schemas import OfferOut, OfferSearch
from api.policies import Permission
from api.routers.answers import listed
from api.routers.deps import ReaderDep, Requires
from api.routers.guarded import room

router = room("/v1/offers", "offers")

CanRead = Annotated[Actor, Depends(Requires(Permission.OFFERS_READ))]


@router.get("", response_model=PageOf[OfferOut])
async def list_offers(
    request: Request,
    search: Annotated[OfferSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """Search everything on offer, the cheapest first. Words are matched in Spanish: accents and
    plurals do not matter. With `ubigeo`, each offer tells days and freight to there; with
    `quantity`, what so many packs cost; with both, `sort=delivered_price` compares what a unit
    costs delivered.
    """
    offers = repository.WORD_SEARCH if search.q else repository.OFFERS
    if search.sort == "delivered_price":
        offers = repository.DELIVERED
    return await listed(request, reader, offers, search)
