"""``/v1/offers``."""

from typing import Annotated

import orjson
from fastapi import Depends, Query, Request, Response

from api.core.actor import Actor
from api.domains.offer_facets.repository import facets
from api.domains.offer_words import service as words
from api.domains.offer_words.rules import corrected
from api.domains.offers import repository
from api.domains.offers.schemas import OfferPage, OfferSearch
from api.policies import Permission
from api.routers.answers import listed
from api.routers.deps import ReaderDep, Requires
from api.routers.guarded import room

router = room("/v1/offers", "offers")

CanRead = Annotated[Actor, Depends(Requires(Permission.OFFERS_READ))]


@router.get("", response_model=OfferPage)
async def list_offers(
    request: Request,
    search: Annotated[OfferSearch, Query()],
    reader: ReaderDep,
    _: CanRead,
) -> Response:
    """Search everything on offer, the cheapest first. Words are matched in Spanish: accents and
    plurals do not matter, and a word that no offer has is put right where one is near (the answer's
    `corrections` tell). With `ubigeo`, each offer tells days and freight to there; with `quantity`,
    what so many packs cost; with both, `sort=delivered_price` compares what a unit costs delivered.
    """
    offers = repository.WORD_SEARCH if search.q else repository.OFFERS
    if search.sort == "delivered_price":
        offers = repository.DELIVERED
    more: list[bytes] = []
    if search.q and (meant := await words.corrections(reader, search.q)):
        search = search.model_copy(update={"q": corrected(search.q, meant)})
        told = [{"word": word, "searched": found} for word, found in meant.items()]
        more.append(b'"corrections":' + orjson.dumps(told))
    if search.include == "facets":
        filters = search.filters()
        [(found,)] = await reader.rows(facets(frozenset(filters)), **filters)
        more.append(b'"facets":' + found.encode())

    def with_more(page: bytes) -> bytes:
        return b",".join([page[:-1], *more]) + b"}"

    return await listed(request, reader, offers, search, retold=with_more if more else None)
