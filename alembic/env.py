"""How migrations run: one transaction each, one at a time, never waiting long for a lock."""

import sqlmodel
from alembic import context
from sqlalchemy import create_engine, pool, text

import api.models  # noqa: F401 - makes every table known
from api.database import driver_dsn
from api.migrations import dsn_for_migrations

LOCK = 0x6D617A6F  # "mazo": permanent, never reused


def _options() -> dict[str, object]:
    return {
        "target_metadata": sqlmodel.SQLModel.metadata,
        "compare_type": True,
        "compare_server_default": True,
        "transaction_per_migration": True,
        "include_object": _ours,
    }


def _ours(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """procrastinate's tables come with its own schema and are not described by our models."""
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


def _offline() -> None:
    context.configure(dialect_name="postgresql", **_options())
    with context.begin_transaction():
        context.run_migrations()


def _online() -> None:
    url = driver_dsn(dsn_for_migrations()).replace("postgresql:", "postgresql+psycopg:", 1)
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text("SET lock_timeout = '10s'"))
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        connection.commit()
        context.configure(connection=connection, **_options())
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    _offline()
else:
    _online()
