"""``/v1/quote-requests``."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.quote_requests import repository, service
from api.domains.quote_requests.schemas import (
    AwardIn,
    CancellationIn,
    QuoteIn,
    QuoteRequestIn,
    QuoteRequestOut,
    QuoteRequestSearch,
    QuoteRequestSummary,
)
from api.policies import Permission
from api.routers.answers import changed, created, fetched, listed, where
from api.routers.deps import KeyedUnitOfWorkDep, ReaderDep, Requires
from api.routers.guarded import room

router = room("/v1/quote-requests", "quote-requests")

QuoteRequestId = Annotated[UUID, Path(description="Id of the quote request")]
CanRead = Annotated[Actor, Depends(Requires(Permission.QUOTE_REQUESTS_READ))]
CanAsk = Annotated[Actor, Depends(Requires(Permission.QUOTE_REQUESTS_WRITE))]
CanQuote = Annotated[Actor, Depends(Requires(Permission.QUOTE_REQUESTS_QUOTE))]


@router.post("", status_code=201, response_model=QuoteRequestOut)
async def open_quote_request(wish: QuoteRequestIn, uow: KeyedUnitOfWorkDep, _: CanAsk) -> Response:
    """Ask suppliers to quote for what a cluster needs: those named, or all that offer one of the
    categories in the district. Each finds the request in its feed, and nothing of the others.
    """
    request_id = await service.ask(uow, wish)
    location = where("quote-requests", request_id)
    return await created(uow, repository.QUOTE_REQUEST, location, quote_request_id=request_id)


@router.get("", response_model=PageOf[QuoteRequestSummary])
async def list_quote_requests(
    request: Request, search: Annotated[QuoteRequestSearch, Query()], reader: ReaderDep, _: CanRead
) -> Response:
    """The requests that one made or was sent, the newest first."""
    return await listed(request, reader, repository.QUOTE_REQUESTS, search)


@router.get("/{quote_request_id}", response_model=QuoteRequestOut)
async def get_quote_request(
    request: Request, quote_request_id: QuoteRequestId, reader: ReaderDep, _: CanRead
) -> Response:
    """One request with its lines and the quotes that one may see: the comparison, once the deadline
    has passed.
    """
    found = repository.QUOTE_REQUEST
    return await fetched(request, reader, found, derived=True, quote_request_id=quote_request_id)


@router.post("/{quote_request_id}/quote", response_model=QuoteRequestOut)
async def submit_quote(
    quote_request_id: QuoteRequestId, wish: QuoteIn, uow: KeyedUnitOfWorkDep, _: CanQuote
) -> Response:
    """A supplier quotes, line by line, with items of its own on offer, until the deadline by the
    platform's clock; a later quote takes the place of an earlier one. From the deadline on it is
    bound by it until its validity ends.
    """
    await service.quote(uow, quote_request_id, wish)
    return await changed(uow, repository.QUOTE_REQUEST, quote_request_id=quote_request_id)


@router.post("/{quote_request_id}/withdraw-quote", response_model=QuoteRequestOut)
async def withdraw_quote(
    quote_request_id: QuoteRequestId, uow: KeyedUnitOfWorkDep, _: CanQuote
) -> Response:
    """A supplier takes its quote back, until the deadline. The asking side never learns of it."""
    await service.withdraw(uow, quote_request_id)
    return await changed(uow, repository.QUOTE_REQUEST, quote_request_id=quote_request_id)


@router.post("/{quote_request_id}/award", response_model=QuoteRequestOut)
async def award_quote_request(
    quote_request_id: QuoteRequestId, wish: AwardIn, uow: KeyedUnitOfWorkDep, _: CanAsk
) -> Response:
    """Take a quote, from the deadline on and while it is valid. Its order is made at its prices and
    freight, accepted already; stock is reserved and plan lines are drawn on. Where stock is gone
    nothing is awarded, what is left is told, and another quote can be. The others are told that
    they were not chosen, without a price.
    """
    await service.award(uow, quote_request_id, wish)
    return await changed(uow, repository.QUOTE_REQUEST, quote_request_id=quote_request_id)


@router.post("/{quote_request_id}/cancel", response_model=QuoteRequestOut)
async def cancel_quote_request(
    quote_request_id: QuoteRequestId, wish: CancellationIn, uow: KeyedUnitOfWorkDep, _: CanAsk
) -> Response:
    """Award it to nobody. Quotes of a request that is cancelled before its deadline are never
    opened.
    """
    await service.cancel(uow, quote_request_id, wish)
    return await changed(uow, repository.QUOTE_REQUEST, quote_request_id=quote_request_id)
