"""What routes ask for: the caller, the permission, a reader, a unit of work."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
import sqlalchemy as sa
from fastapi import Depends, Header, Path, Request, Response

from api.core.actor import ANONYMOUS, Actor
from api.core.documents import Query
from api.core.problems import PermissionMissing, PreconditionRequired, Problem
from api.core.tokens import TokenError
from api.domains.producers.problems import PersonalDataErased
from api.policies import Permission
from api.reads import Reader
from api.routers.platform import Platform
from api.transactions import Attempt, UnitOfWork, unit_of_work


class Unauthenticated(Problem):
    """No token, or none that is valid now."""

    status = 401
    code = "unauthenticated"
    title = {"es": "Falta autenticarse", "en": "Authentication required"}
    text = {
        "es": "Envíe «Authorization: Bearer …» con un token vigente ({reason}).",
        "en": "Send 'Authorization: Bearer …' with a valid token ({reason}).",
    }

    def __init__(self, reason: str) -> None:
        challenge = 'Bearer realm="mazorca"'
        if reason != "missing":
            challenge += ', error="invalid_token"'
        super().__init__(reason=reason, headers={"WWW-Authenticate": challenge})


class IdempotencyKeyMissing(Problem):
    """The operation moves goods, money, credit or kilos: a retry must be recognisable."""

    status = 400
    code = "idempotency-key-missing"
    title = {"es": "Falta Idempotency-Key", "en": "Idempotency-Key required"}
    text = {
        "es": "Envíe la cabecera Idempotency-Key (hasta 255 caracteres) con un valor único.",
        "en": "Send the header Idempotency-Key (up to 255 characters) with a unique value.",
    }


class IdempotencyKeyReused(Problem):
    """The same key came with another request before."""

    status = 422
    code = "idempotency-key-reused"
    title = {"es": "Clave ya usada", "en": "Key already used"}
    text = {
        "es": "Esa Idempotency-Key ya se usó con otro contenido.",
        "en": "That Idempotency-Key was used with other content before.",
    }


class StillRunning(Problem):
    """The first request with this key has not ended yet."""

    status = 409
    code = "still-running"
    title = {"es": "Aún en curso", "en": "Still running"}
    text = {
        "es": "La primera solicitud con esa clave aún no termina; reintente.",
        "en": "The first request with that key has not ended; retry.",
    }


class Replay(Exception):
    """The stored answer of the first request with this key."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        super().__init__(status)
        self.response = Response(body, status, {**headers, "Idempotent-Replayed": "true"})


async def replay(_request: Request, answer: Exception) -> Response:
    """The handler for ``Replay``."""
    assert isinstance(answer, Replay)
    return answer.response


def platform_of(request: Request) -> Platform:
    """The parts this process serves with."""
    platform: Platform = request.app.state.platform
    return platform


async def current_actor(request: Request) -> Actor:
    """The caller, by the access token; 401 without a valid one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("missing")
    try:
        actor = platform_of(request).tokens.actor(token)
    except TokenError:
        raise Unauthenticated("invalid_token") from None
    request.scope["client_id"] = str(actor.client_id)
    return actor


class Requires:
    """The permission of a route. Every route has one; ``GuardedRoute`` refuses the others."""

    def __init__(self, permission: Permission) -> None:
        self.permission: Final = permission

    async def __call__(self, actor: Annotated[Actor, Depends(current_actor)]) -> Actor:
        """The caller, if the token carries the permission; else 403."""
        if self.permission not in actor.permissions:
            raise PermissionMissing(self.permission)
        return actor


class Anyone(Requires):
    """A public route says so."""

    def __init__(self) -> None:
        super().__init__(Permission.PUBLIC)

    async def __call__(self) -> None:  # type: ignore[override]
        """Nothing to check."""


def reader(request: Request, actor: Actor) -> Reader:
    """Read-only access for a caller."""
    platform = platform_of(request)
    return Reader(platform.database, actor, platform.cursors)


async def current_reader(
    request: Request, actor: Annotated[Actor, Depends(current_actor)]
) -> Reader:
    """Read-only access for the caller of this request."""
    return reader(request, actor)


ReaderDep = Annotated[Reader, Depends(current_reader)]

_ATTEMPT: Final = Query(
    sa.text(
        "SELECT pg_try_advisory_xact_lock(CAST(:lock AS bigint)), k.fingerprint, k.status,"
        " CAST(k.headers AS text), k.body"
        " FROM (VALUES (1)) AS once LEFT JOIN idempotency_keys AS k"
        " ON k.client_id = CAST(:client_id AS uuid) AND k.key = CAST(:key AS text)"
    )
)


async def _attempt(request: Request, key: str) -> Attempt:
    body = await request.body()
    try:
        canonical = orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS) if body else b""
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):  # deeper than orjson writes: as sent
        canonical = body
    target = f"{request.scope['method']} {request.url.path}?{request.url.query}\n".encode()
    return Attempt(key, hashlib.sha256(target + canonical).digest())


async def _begin(uow: UnitOfWork, attempt: Attempt) -> None:
    """Claim the key for this transaction, or answer as the first request was answered."""
    scope = f"{uow.actor.client_id} {attempt.key}".encode()
    lock = int.from_bytes(hashlib.sha256(scope).digest()[:8], "big", signed=True)
    [(free, fingerprint, status, headers, body)] = await uow.fetch(
        _ATTEMPT, lock=lock, client_id=uow.actor.client_id, key=attempt.key
    )
    if fingerprint is not None:
        if fingerprint != attempt.fingerprint:
            raise IdempotencyKeyReused
        if status == PersonalDataErased.status:
            raise PersonalDataErased
        raise Replay(status, orjson.loads(headers), body)
    if not free:
        raise StillRunning(headers={"Retry-After": "1"})
    uow.attempt = attempt


IdempotencyKeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        description="Unique per intended effect; a retry with the same key gets the first answer",
        max_length=255,
        pattern=r'^"?[\x21\x23-\x7e]{1,253}"?$',
    ),
]


@asynccontextmanager
async def _transaction(
    request: Request, actor: Actor, key: str | None
) -> AsyncIterator[UnitOfWork]:
    async with unit_of_work(platform_of(request).database, actor) as uow:
        if key is not None:
            await _begin(uow, await _attempt(request, key.strip('"')))
        yield uow


async def _write(
    request: Request,
    actor: Annotated[Actor, Depends(current_actor)],
    key: IdempotencyKeyHeader = None,
) -> AsyncIterator[UnitOfWork]:
    async with _transaction(request, actor, key) as uow:
        yield uow


async def keyed_write(
    request: Request,
    actor: Annotated[Actor, Depends(current_actor)],
    key: IdempotencyKeyHeader = None,
) -> AsyncIterator[UnitOfWork]:
    """A unit of work that a retry can name; 400 without a key."""
    if key is None:
        raise IdempotencyKeyMissing
    async with _transaction(request, actor, key) as uow:
        yield uow


async def _public_write(request: Request) -> AsyncIterator[UnitOfWork]:
    async with unit_of_work(platform_of(request).database, ANONYMOUS) as uow:
        yield uow


# scope="function": the commit happens before the answer leaves. FastAPI's default would answer
# 200 first and fail afterwards.
UnitOfWorkDep = Annotated[UnitOfWork, Depends(_write, scope="function")]
KeyedUnitOfWorkDep = Annotated[UnitOfWork, Depends(keyed_write, scope="function")]
PublicUnitOfWorkDep = Annotated[UnitOfWork, Depends(_public_write, scope="function")]


async def if_match(
    etag: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description="ETag of the version that is being changed",
            max_length=40,
            pattern=r"^[\x21-\x7e]*$",
        ),
    ] = None,
) -> int:
    """The row version named by If-Match; 428 without one, and no version matches a foreign tag."""
    if etag is None:
        raise PreconditionRequired
    digits = etag.removeprefix('"v').removesuffix('"')
    return int(digits) if etag == f'"v{digits}"' and digits.isdigit() else -1


IfMatch = Annotated[int, Depends(if_match)]


async def prefers_async(
    prefer: Annotated[
        str | None,
        Header(
            description="`respond-async` (RFC 7240): answer 202 now, and do it afterwards",
            max_length=200,
            pattern=r"^[\x20-\x7e]*$",
        ),
    ] = None,
) -> bool:
    """Whether the caller would rather look later than wait."""
    wishes = (wish.partition(";")[0].strip().lower() for wish in (prefer or "").split(","))
    return "respond-async" in wishes


PrefersAsync = Annotated[bool, Depends(prefers_async)]


def path_id(what: str) -> Any:
    """The annotation of an id in the path."""
    return Annotated[UUID, Path(description=f"Id of the {what}")]
