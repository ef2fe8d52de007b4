"""Territories for tests: a platform of its own, since a loaded table binds everybody on it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
from fastapi import FastAPI
from pydantic import SecretStr

from api.core.actor import SYSTEM
from api.domains.territories.service import Loaded, load
from api.domains.territories.ubigeo_file import read
from api.main import create_app
from api.migrations import migrate
from api.routers.platform import Platform
from api.settings import Settings
from api.transactions import unit_of_work
from tests.callers import Callers, Contract

FILE = """inei;reniec;departamento;provincia;distrito;capital
220000;210000;SAN MARTIN;;;Moyobamba
220600;210400;SAN MARTIN;MARISCAL CACERES;;Juanjuí
220601;210401;SAN MARTIN;MARISCAL CACERES;JUANJUI;Juanjuí
221001;210801;SAN MARTIN;TOCACHE;TOCACHE;Tocache
010101;010101;AMAZONAS;CHACHAPOYAS;CHACHAPOYAS;Chachapoyas
170107;NA;MOQUEGUA;MARISCAL NIETO;SAN ANTONIO;
120108;110108;JUNIN;HUANCAYO;CHONGOS ALTO;Chongos Ñawi
"""


@asynccontextmanager
async def a_platform_of_its_own(server: str, data_dir: Path) -> AsyncIterator[Callers]:
    """Who calls on a migrated database where nothing is loaded."""
    name = f"territories_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    dsn = str(httpx.URL(server).copy_with(path=f"/{name}"))
    try:
        migrate(dsn)
        settings = Settings(
            database_url=SecretStr(dsn),
            data_dir=data_dir,
            rate_limit=10_000_000,
            statement_timeout_ms=120_000,
            lock_timeout_ms=120_000,
        )
        app: FastAPI = create_app(settings)
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://mazorca.test"
            ) as client:
                yield Callers(client, app.state.platform, Contract(app))
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


async def load_territories(platform: Platform, text: str = FILE) -> Loaded:
    """Load a file's rows into a platform's table."""
    rows, _ = read(text.encode())
    async with unit_of_work(platform.database, SYSTEM) as uow:
        return await load(uow, rows)
