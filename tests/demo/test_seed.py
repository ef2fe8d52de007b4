"""The demonstration data fills an empty database, all of it or nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from pydantic import SecretStr, ValidationError

from api.demo import seed as seeding
from api.demo.credentials import FILE_NAME, read
from api.demo.people import demo_ruc
from api.domains.catalogues.vocabulary import Category
from api.domains.organizations.problems import RucTaken
from api.migrations import migrate
from api.policies import Role
from api.settings import Settings


@pytest.fixture(scope="module")
def template(server: str) -> Iterator[str]:
    """A migrated database to copy from: its name."""
    name = f"demo_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        migrate(str(httpx.URL(server).copy_with(path=f"/{name}")))
        yield name
        connection.execute(f'DROP DATABASE "{name}"')


@pytest.fixture
def empty(server: str, template: str, tmp_path: Path) -> Iterator[Settings]:
    """Settings with a migrated, empty database and a data folder."""
    name = f"demo_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        address = str(httpx.URL(server).copy_with(path=f"/{name}"))
        yield Settings(database_url=SecretStr(address), data_dir=tmp_path)
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def address(settings: Settings) -> str:
    assert settings.database_url is not None
    return settings.database_url.get_secret_value()


def rows(settings: Settings, query: str) -> list[Any]:
    with psycopg.connect(address(settings)) as connection:
        return connection.execute(query).fetchall()


async def test_it_fills_an_empty_database(empty: Settings) -> None:
    await seeding.seed(address(empty), empty)
    credentials = read(empty.data_dir / FILE_NAME)
    assert set(credentials) == {role.value for role in Role}
    organizations = rows(empty, "SELECT id, roles[1] FROM organizations WHERE state = 'verified'")
    assert {role: id_ for id_, role in organizations} == {
        role: each.organization_id for role, each in credentials.items()
    }
    counted = {
        table: rows(empty, f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608 - our own names
        for table in ("producers", "clusters", "cluster_members", "plots", "consents")
    }
    assert counted == {
        "producers": 12, "clusters": 2, "cluster_members": 12, "plots": 15, "consents": 36,
    }  # fmt: skip
    assert rows(empty, "SELECT count(*) FROM plot_overlaps") == [(0,)]
    assert rows(empty, "SELECT count(DISTINCT category) FROM offers") == [(len(Category),)]
    assert rows(empty, "SELECT count(*) FROM credit_products WHERE state = 'published'") == [(1,)]


async def test_it_begins_again_after_a_start_that_was_cut_off(
    empty: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cut_off(_uow: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(seeding, "sow_credit_product", cut_off)
        with pytest.raises(RuntimeError, match="killed"):
            await seeding.seed(address(empty), empty)
    assert rows(empty, "SELECT count(*) FROM organizations") == [(0,)]
    assert rows(empty, "SELECT count(*) FROM ledger_entries") == [(0,)]
    assert not (empty.data_dir / FILE_NAME).exists()
    await seeding.seed(address(empty), empty)
    assert rows(empty, "SELECT count(*) FROM organizations") == [(len(Role),)]


async def test_a_filled_database_is_left_alone(empty: Settings) -> None:
    await seeding.seed(address(empty), empty)
    before = (empty.data_dir / FILE_NAME).read_bytes()
    with pytest.raises(RucTaken):
        await seeding.seed(address(empty), empty)
    assert (empty.data_dir / FILE_NAME).read_bytes() == before
    assert rows(empty, "SELECT count(*) FROM organizations") == [(len(Role),)]


async def test_an_operator_is_founded_once(empty: Settings) -> None:
    made = await seeding.found_operator(address(empty), empty, "Operadora S.A.C.", demo_ruc(7))
    assert made.client_secret.startswith("mzk_")
    assert rows(empty, "SELECT roles, state FROM organizations") == [(["operator"], "verified")]
    assert rows(empty, "SELECT id FROM api_clients") == [(made.client_id,)]
    with pytest.raises(RucTaken):
        await seeding.found_operator(address(empty), empty, "Otra S.A.C.", demo_ruc(7))


async def test_an_operator_needs_a_ruc(empty: Settings) -> None:
    with pytest.raises(ValidationError):
        await seeding.found_operator(address(empty), empty, "Operadora S.A.C.", "20999000070")
    assert rows(empty, "SELECT count(*) FROM organizations") == [(0,)]
