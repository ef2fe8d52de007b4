"""Assembly: the application, its parts, its routers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI

from api.core.keys import KeyRing
from api.core.log import log
from api.core.paging import Cursors
from api.core.throttle import Throttle
from api.core.tokens import Tokens
from api.database import open_database
from api.routers import ROUTERS, problems
from api.routers.contract import DESCRIBED, describe, operation_id
from api.routers.deps import Replay, replay
from api.routers.edge import Edge
from api.routers.platform import Platform, TokenCache
from api.routers.signpost import Signpost
from api.settings import Settings
from api.settings import settings as current_settings
from api.web import docs


@asynccontextmanager
async def open_platform(settings: Settings, dsn: str) -> AsyncIterator[Platform]:
    """Everything a process serves with, for as long as it serves."""
    ring = KeyRing(settings.keys)
    tokens = Tokens(
        ring.token_keys(), settings.issuer, settings.audience, settings.access_token_seconds
    )
    async with open_database(dsn, settings) as database:
        cache = TokenCache(tokens)
        watch = asyncio.create_task(cache.watch(database))
        try:
            yield Platform(
                settings,
                database,
                cache,
                Cursors(ring.cursor_secret()),
                Throttle(settings.rate_limit),
                ring.ledger_signer(settings.log_origin),
            )
        finally:
            watch.cancel()
            with suppress(asyncio.CancelledError):
                await watch


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application. It expects a migrated database at ``settings.database_url``."""
    chosen = settings or current_settings()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if chosen.database_url is None:
            raise RuntimeError("DATABASE_URL is not set; `mazorca run` starts an embedded one")
        async with open_platform(chosen, chosen.database_url.get_secret_value()) as platform:
            app.state.platform = platform
            log.info("serving", address=f"{chosen.host}:{chosen.port}")
            yield

    app = FastAPI(
        lifespan=lifespan,
        generate_unique_id_function=operation_id,
        **DESCRIBED,
    )
    problems.install(app)
    app.add_exception_handler(Replay, replay)
    for router in ROUTERS:
        # On the routers: set on the application, the limit would answer outside our handlers.
        app.include_router(router, max_body_size=chosen.max_body_bytes)
    app.router.middleware_stack = Signpost(app.router)
    app.add_middleware(Edge)
    describe(app)
    docs.install(app)
    return app
