"""A second application over the same database, for an installation without limits on land."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from api.main import create_app
from api.settings import Settings
from tests.callers import Callers, Contract


@asynccontextmanager
async def callers_everywhere(settings: Settings) -> AsyncIterator[Callers]:
    """Organisations that call an installation whose area of operation is the world."""
    app = create_app(settings.model_copy(update={"area_of_operation": "world"}))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://world.test") as http:
            yield Callers(http, app.state.platform, Contract(app))
