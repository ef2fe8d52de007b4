"""How routes answer: documents as they come from the database, with ETag, Location and Link."""

from collections.abc import Callable
from typing import Any

from fastapi import Request, Response

from api.core.documents import Query
from api.core.paging import Listing
from api.core.problems import NotFound
from api.core.wire import PageParameters
from api.reads import Document, PageRequest, Reader
from api.transactions import UnitOfWork

JSON = "application/json"
PERSONAL = "private, no-store"
REVALIDATE = "private, no-cache"


Retold = Callable[[bytes], bytes]
"""Makes the answer from what was read, where SQL cannot: a loan's standing on a day."""


def _headers(document: Document, *, personal: bool) -> dict[str, str]:
    headers = {
        "Content-Type": JSON,
        "Cache-Control": PERSONAL if personal else REVALIDATE,
        "Vary": "Authorization, Accept-Language",
    }
    if document.version:
        headers["ETag"] = f'"v{document.version}"'
    return headers


def _retold(document: Document, retold: Retold | None) -> Document:
    return Document(retold(document.body), document.version) if retold else document


async def created(
    uow: UnitOfWork,
    query: Query,
    location: str,
    *,
    personal: bool = False,
    retold: Retold | None = None,
    **values: Any,
) -> Response:
    """201 with the new document, remembered for retries."""
    document = _retold(await uow.document(query, **values), retold)
    headers = {**_headers(document, personal=personal), "Location": location}
    await uow.remember(201, headers, document.body)
    return Response(document.body, 201, headers)


async def accepted(
    uow: UnitOfWork, query: Query, location: str, *, personal: bool = False, **values: Any
) -> Response:
    """202 with the document of what a worker will do, remembered for retries."""
    document = await uow.document(query, **values)
    headers = {
        **_headers(document, personal=personal),
        "Location": location,
        "Preference-Applied": "respond-async",
    }
    await uow.remember(202, headers, document.body)
    return Response(document.body, 202, headers)


async def changed(
    uow: UnitOfWork,
    query: Query,
    *,
    personal: bool = False,
    retold: Retold | None = None,
    **values: Any,
) -> Response:
    """200 with the document as the transaction leaves it, remembered for retries."""
    document = _retold(await uow.document(query, **values), retold)
    headers = _headers(document, personal=personal)
    await uow.remember(200, headers, document.body)
    return Response(document.body, 200, headers)


async def done(uow: UnitOfWork, body: bytes) -> Response:
    """200 with what became of a call that changes many rows, remembered for retries."""
    headers = {"Content-Type": JSON, "Cache-Control": "no-store"}
    await uow.remember(200, headers, body)
    return Response(body, 200, headers)


async def fetched(
    request: Request,
    reader: Reader,
    query: Query,
    *,
    personal: bool = False,
    derived: bool = False,
    retold: Retold | None = None,
    **values: Any,
) -> Response:
    """200 with the document, 304 where the caller has it already, 404 where it is not visible.

    A ``derived`` document tells of more rows than the one whose version it carries, so the version
    cannot promise that nothing changed: no 304.
    """
    document = await reader.one(query, **values)
    if document is None:
        raise NotFound
    headers = _headers(document, personal=personal)
    known = None if derived else request.headers.get("if-none-match")
    if known and document.version and headers["ETag"] in (tag.strip() for tag in known.split(",")):
        del headers["Content-Type"]
        return Response(None, 304, headers)
    return Response(_retold(document, retold).body, 200, headers)


def shown(document: Document, *, personal: bool = False) -> Response:
    """200 with a document that was put together for this answer."""
    return Response(document.body, 200, _headers(document, personal=personal))


async def listed(
    request: Request,
    reader: Reader,
    listing: Listing,
    parameters: PageParameters,
    *,
    personal: bool = False,
    retold: Retold | None = None,
    **scope: Any,
) -> Response:
    """200 with one page and a Link to the next."""
    wanted = PageRequest(parameters.limit, parameters.cursor, parameters.include == "total")
    page = await reader.page(listing, wanted, parameters.filters(), **scope)
    headers = {
        "Content-Type": JSON,
        "Cache-Control": PERSONAL if personal else REVALIDATE,
        "Vary": "Authorization, Accept-Language",
    }
    if page.next:
        headers["Link"] = _next(request, page.next)
    return Response(retold(page.body) if retold else page.body, 200, headers)


def _next(request: Request, cursor: str) -> str:
    query = request.scope["query_string"].decode("latin-1").split("&")
    kept = [part for part in query if part and not part.startswith("cursor=")]
    return f'<{request.scope["path"]}?{"&".join([*kept, f"cursor={cursor}"])}>; rel="next"'


def where(collection: str, row_id: object) -> str:
    """The address of a resource, for Location."""
    return f"/v1/{collection}/{row_id}"
