"""Running the migrations from code."""

from collections.abc import Callable
from contextvars import ContextVar

from alembic import command
from alembic.config import Config

from api.core.revisions import migrations_folder
from api.settings import settings

_dsn: ContextVar[str | None] = ContextVar("migrations_dsn", default=None)


def dsn_for_migrations() -> str:
    """The database to migrate: the one being migrated by ``migrate``, else DATABASE_URL."""
    configured = settings().database_url
    dsn = _dsn.get() or (configured.get_secret_value() if configured else None)
    if dsn is None:
        raise RuntimeError("DATABASE_URL is not set")
    return dsn


def alembic_config() -> Config:
    """Alembic's configuration for the migrations of this code."""
    config = Config()
    scripts = str(migrations_folder()).replace("%", "%%")
    config.set_main_option("script_location", scripts)
    return config


def migrate(dsn: str, revision: str = "head") -> None:
    """Bring a database up to a revision."""
    _run(command.upgrade, dsn, revision)


def revert(dsn: str, revision: str) -> None:
    """Take a database down to an earlier revision, or to ``base``."""
    _run(command.downgrade, dsn, revision)


def _run(move: Callable[[Config, str], None], dsn: str, revision: str) -> None:
    token = _dsn.set(dsn)
    try:
        move(alembic_config(), revision)
    finally:
        _dsn.reset(token)
