"""Shared fixtures: one real PostgreSQL, built by the migrations, for the whole run.

Tests do not clean up and do not see each other: each makes organisations of its own, and every
query is scoped by organisation. So the application under test commits as it does in production,
on the same two kinds of connections (docs/decisions/0010-tests-share-a-database.md).
"""

import gc
import os
import time
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pydantic import SecretStr

from api.embedded import EmbeddedPostgres
from api.main import create_app
from api.migrations import migrate
from api.routers.platform import Platform
from api.settings import Settings
from tests.callers import Callers, Contract
from tests.days import until_midnight

# A busy machine pauses now and then: a slow example proves nothing about the rule under test.
# What decides on a change (.ci/run) tries the same examples each time; elsewhere they are new.
hypothesis_settings.register_profile(
    "steady",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize="CI" in os.environ,
    print_blob=True,
)
hypothesis_settings.load_profile("steady")

LONGEST_TEST_SECONDS = 120
"""No test that speaks of today takes longer, on a slow machine either."""
PATIENCE_MS = 120_000
"""How long statements and locks may take: a busy machine proves nothing about the program."""


def pytest_collection_finish() -> None:
    """Spare the collector what stays to the end: modules, models, the tests themselves."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


def pytest_runtest_setup() -> None:
    """Let no test run over midnight: what it takes for today must be the program's today."""
    left = until_midnight().total_seconds()
    if left < LONGEST_TEST_SECONDS:
        time.sleep(left + 1)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server to make databases on: MAZORCA_TEST_DATABASE_URL, or embedded."""
    given = os.environ.get("MAZORCA_TEST_DATABASE_URL")
    if given:
        yield given
        return
    with EmbeddedPostgres(tmp_path_factory.mktemp("mazorca"), durable=False) as embedded:
        yield embedded.superuser_dsn


@pytest.fixture(scope="session")
def dsn(server: str) -> Iterator[str]:
    """A fresh database, migrated, dropped at the end."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    parts = httpx.URL(server)
    address = str(parts.copy_with(path=f"/{name}"))
    migrate(address)
    yield address
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def settings(dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of the application under test."""
    return Settings(
        database_url=SecretStr(dsn),
        data_dir=tmp_path_factory.mktemp("data"),
        rate_limit=10_000_000,
        statement_timeout_ms=PATIENCE_MS,
        lock_timeout_ms=PATIENCE_MS,
    )


@pytest.fixture(scope="session")
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The application, started."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture(scope="session")
def platform(app: FastAPI) -> Platform:
    """What the application serves with."""
    found: Platform = app.state.platform
    return found


@pytest.fixture(scope="session")
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that speaks to the application in this process."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://mazorca.test") as client:
        yield client


@pytest.fixture(scope="session")
def callers(http: httpx.AsyncClient, platform: Platform, app: FastAPI) -> Callers:
    """Makes organisations that call."""
    return Callers(http, platform, Contract(app))
