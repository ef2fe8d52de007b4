"""The server itself: who may log in, what it is set to, what it leaves in the data folder."""

import os
import signal
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import LiteralString
from urllib.parse import urlsplit

import asyncpg
import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from api.embedded import EmbeddedPostgres, EmbeddedPostgresError
from tests.embedded.support import postmaster_of, processes_of, until, works


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def server(data: Path) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(data, durable=False, settings={"work_mem": "5MB"}) as running:
        yield running
    assert not processes_of(data)


def asked(server: EmbeddedPostgres, query: LiteralString) -> tuple[object, ...]:
    with psycopg.connect(server.dsn) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return tuple(row)


async def test_asyncpg_and_sqlalchemy_take_the_dsn(server: EmbeddedPostgres) -> None:
    connection = await asyncpg.connect(server.dsn)
    try:
        assert await connection.fetchval("SELECT current_database()") == "mazorca"
    finally:
        await connection.close()
    engine = create_async_engine(server.dsn.replace("postgresql:", "postgresql+asyncpg:"))
    try:
        async with engine.connect() as sql:
            assert (await sql.execute(text("SELECT current_user"))).scalar() == "mazorca"
    finally:
        await engine.dispose()


def test_the_application_role_owns_its_database_and_nothing_more(server: EmbeddedPostgres) -> None:
    rights = asked(
        server,
        "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication"
        " FROM pg_roles WHERE rolname = current_user",
    )
    assert rights == (False, False, False, False, False)
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"
    assert asked(server, owner) == ("mazorca",)
    with psycopg.connect(server.dsn) as connection:
        connection.execute("CREATE TABLE farms (id int)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE ROLE somebody")


def test_text_and_time_are_the_same_on_every_machine(server: EmbeddedPostgres) -> None:
    locale = asked(
        server,
        "SELECT pg_encoding_to_char(encoding), datlocprovider::text, datlocale"
        " FROM pg_database WHERE datname = 'mazorca'",
    )
    assert locale == ("UTF8", "b", "C.UTF-8")
    assert asked(server, "SHOW timezone") == ("UTC",)


def test_settings_reach_the_server(server: EmbeddedPostgres) -> None:
    assert asked(server, "SHOW work_mem") == ("5MB",)
    assert asked(server, "SHOW jit") == ("off",)
    assert asked(server, "SHOW fsync") == ("off",)


def test_every_door_asks_for_a_password(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.superuser_dsn) as connection:
        methods = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules")
        assert methods.fetchall() == [("scram-sha-256",)]
        roles = connection.execute("SELECT rolname, rolpassword FROM pg_authid WHERE rolcanlogin")
        assert {name: str(secret)[:13] for name, secret in roles} == {
            "postgres": "SCRAM-SHA-256",
            "mazorca": "SCRAM-SHA-256",
        }
    password = urlsplit(server.dsn).password
    assert password is not None
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(server.dsn.replace(password, "mazorca"))


def test_it_listens_on_no_network(server: EmbeddedPostgres, data: Path) -> None:
    assert asked(server, "SHOW listen_addresses") == ("",)
    sockets = set()
    for fd in Path(f"/proc/{postmaster_of(data)}/fd").iterdir():
        with suppress(FileNotFoundError):  # A file that was open for a moment.
            sockets.add(str(fd.readlink()))
    inodes = {link.split("[")[1][:-1] for link in sockets if link.startswith("socket:")}
    assert inodes, "the postmaster has at least its Unix socket"
    for table in ("tcp", "tcp6"):
        lines = Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        assert not inodes & {line.split()[9] for line in lines}


def test_what_is_in_the_data_folder_is_private(server: EmbeddedPostgres, data: Path) -> None:
    modes = {entry.name: stat.filemode(entry.lstat().st_mode) for entry in data.iterdir()}
    assert modes == {
        "pg": "drwx------",
        "pg-mazorca-password": "-rw-------",
        "pg-superuser-password": "-rw-------",
        "pg.lock": "-rw-------",
        "pg.log": "-rw-------",
    }
    passwords = {(data / f"pg-{user}-password").read_text() for user in ("superuser", "mazorca")}
    assert len(passwords) == 2
    assert min(map(len, passwords)) >= 32


def test_the_log_tells_nothing_of_people(server: EmbeddedPostgres, data: Path) -> None:
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE people (dni text UNIQUE)")
        connection.execute("INSERT INTO people VALUES ('40718263')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO people VALUES (%s)", ("40718263",))
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            connection.execute("SELECT '40718263x'::int")
    log = (data / "pg.log").read_text()
    assert "ready to accept connections" in log
    assert "40718263" not in log


def test_a_crash_tells_nothing_of_people_and_is_recovered_from(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path, durable=False) as server:
        with psycopg.connect(server.dsn) as connection:
            pid = connection.info.backend_pid
            connection.execute("SELECT '40718263' AS dni")
            os.kill(pid, signal.SIGKILL)
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT 1")
        # The client hears of it before the postmaster, which until then lets others log in, and
        # ends them when it begins to recover.
        log = tmp_path / "pg.log"
        assert until(lambda: "was terminated by signal 9" in log.read_text())
        with EmbeddedPostgres(tmp_path, durable=False) as again:
            assert works(again.dsn)
    assert "40718263" not in log.read_text()


def test_databases_are_made_from_templates_and_removed(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.create_database("model")) as connection:
        connection.execute("CREATE TABLE crops AS SELECT 'cacao' AS name")
    copy = server.create_database('a "copy"', template="model")
    with psycopg.connect(copy) as connection:
        assert connection.execute("SELECT name FROM crops").fetchall() == [("cacao",)]
        server.drop_database('a "copy"')
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(copy)


def test_a_second_object_reuses_the_server_and_leaves_it_alone(
    server: EmbeddedPostgres, data: Path
) -> None:
    before = postmaster_of(data)
    with EmbeddedPostgres(data) as second:
        assert works(second.dsn)
    assert postmaster_of(data) == before
    assert server.start() == server.dsn
    assert asked(server, "SELECT 1") == (1,)
    assert postmaster_of(data) == before


def test_data_survive_a_stop(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "new" / "data")
    with pytest.raises(EmbeddedPostgresError, match="not started"):
        _ = server.dsn
    first = server.start()
    with psycopg.connect(first) as connection:
        connection.execute("CREATE TABLE crops AS SELECT 'cacao' AS name")
    assert asked(server, "SHOW fsync") == ("on",)
    assert asked(server, "SHOW synchronous_commit") == ("on",)
    server.stop()
    server.stop()
    assert not processes_of(tmp_path / "new" / "data")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(first)
    with server:
        assert asked(server, "SELECT name FROM crops") == ("cacao",)
