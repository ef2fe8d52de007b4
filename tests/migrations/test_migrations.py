"""Migrations go up and down, and say what the models say."""

from collections.abc import Iterator
from enum import StrEnum
from uuid import uuid4

import httpx
import psycopg
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

import api.models  # noqa: F401 - makes every table known
from api.migrations import _dsn, alembic_config, migrate, revert
from api.models.base import Table


@pytest.fixture
def empty(server: str) -> Iterator[str]:
    """A database of its own."""
    name = f"migrations_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield str(httpx.URL(server).copy_with(path=f"/{name}"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def tables(dsn: str) -> set[str]:
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
    return {name for (name,) in rows} - {"alembic_version"}


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory.from_config(alembic_config()).get_heads()) == 1


@pytest.mark.filterwarnings("ignore:Did not recognize type 'box'")
def test_up_and_down_and_up_again(empty: str) -> None:
    migrate(empty)
    built = tables(empty)
    assert set(SQLModel.metadata.tables) <= built
    revert(empty, "base")
    assert tables(empty) == set()
    migrate(empty)
    assert tables(empty) == built
    token = _dsn.set(empty)
    try:
        command.check(alembic_config())
    finally:
        _dsn.reset(token)


def test_checks_admit_the_values_of_their_vocabularies(dsn: str) -> None:
    """Alembic does not notice a new word in an enum; the database would refuse it."""
    with psycopg.connect(dsn) as connection:
        found = connection.execute(
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'c'"
        ).fetchall()
    checks = [(table.strip('"'), text) for table, text in found]
    words = [
        (table.name, column.name, set(column.type.enums))
        for table in SQLModel.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, sa.Enum)
        and issubclass(column.type.enum_class or object, StrEnum)
    ]
    assert words
    for table, column, values in words:
        quoted = {f"'{value}'" for value in values}
        texts = [
            text
            for name, text in checks
            if name == table and f"({column})" in text and all(q in text for q in quoted)
        ]
        assert texts, f"{table}.{column} does not admit {values}"
        assert any(text.count("'") == 2 * len(values) for text in texts)


def test_every_recorded_table_has_its_trigger(dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'recorded'"
        ).fetchall()
    guarded = {name for (name,) in rows}
    recorded = {
        str(mapper.class_.__tablename__)
        for mapper in SQLModel._sa_registry.mappers
        if issubclass(mapper.class_, Table) and mapper.class_.ledger_subject
    }
    assert guarded == recorded


def test_every_foreign_key_is_indexed(dsn: str) -> None:
    """Without an index, one deleted parent reads the whole child table."""
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            "SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c"
            " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
            " WHERE c.contype = 'f' AND NOT EXISTS (SELECT FROM pg_index i"
            " WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1])"
        ).fetchall()
    ours = [row for row in rows if not row[0].startswith("procrastinate_")]
    assert ours == []
