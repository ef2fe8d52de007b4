"""``mazorca run``: everything on one machine, with one command."""

import asyncio
import ctypes
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from api.cli.database import reachable_database
from api.core.revisions import migrations_folder, newest_revision
from api.settings import Settings, settings

READY_SECONDS = 60
STOP_SECONDS = 20
_PR_SET_PDEATHSIG = 1


class Stopped(BaseException):
    """Somebody asked us to stop."""


def run(
    port: Annotated[int | None, typer.Option(help="Port; default MAZORCA_PORT or 8000")] = None,
    workers: Annotated[int | None, typer.Option(help="API processes")] = None,
) -> None:
    """Start the database (embedded, unless DATABASE_URL is set), migrate it, load demonstration
    data on the first start, serve the API and a worker, until stopped.
    """
    chosen = settings().model_copy(
        update={
            name: value
            for name, value in (("port", port), ("workers", workers))
            if value is not None
        }
    )
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, _stop)
    try:
        with reachable_database(chosen) as dsn:
            _prepare(chosen, dsn)
            with _processes(chosen, dsn) as children:
                _announce(chosen, children)
                raise SystemExit(_watch(children))
    except Stopped:
        typer.echo("stopped")


def _stop(_number: int, _frame: object) -> None:
    raise Stopped


def _prepare(chosen: Settings, dsn: str) -> None:
    """Migrate where needed and load the demonstration data into an empty database."""
    import psycopg  # noqa: PLC0415

    with psycopg.connect(dsn, autocommit=True) as connection:
        migrated = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
        revision = None
        if migrated and migrated[0]:
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            revision = found[0] if found else None
        if revision != newest_revision(migrations_folder()):
            from api.migrations import migrate  # noqa: PLC0415

            typer.echo("migrating the database ...")
            migrate(dsn)
        counted = connection.execute("SELECT count(*) FROM organizations").fetchone()
    if chosen.loads_demo and counted and counted[0] == 0:
        from api.demo.seed import seed  # noqa: PLC0415

        typer.echo("loading demonstration data ...")
        asyncio.run(seed(dsn, chosen))


@contextmanager
def _processes(chosen: Settings, dsn: str) -> Iterator[list["subprocess.Popen[bytes]"]]:
    """The API and a worker, stopped together at the end."""
    environment = {
        **os.environ,
        "DATABASE_URL": dsn,
        "MAZORCA_HOST": chosen.host,
        "MAZORCA_PORT": str(chosen.port),
        "MAZORCA_DATA_DIR": str(chosen.data_dir.resolve()),
    }
    serve = [
        *("-m", "uvicorn", "--factory", "api.server:application", "--no-access-log"),
        *("--host", chosen.host, "--port", str(chosen.port), "--workers", str(chosen.workers)),
        *("--loop", "uvloop", "--http", "httptools", "--log-level", "warning"),
    ]
    children = [
        _child(arguments, environment) for arguments in (serve, ["-m", "api.cli", "worker"])
    ]
    try:
        yield children
    finally:
        for child in children:
            child.terminate()
        for child in children:
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()


def _child(arguments: list[str], environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 - our own interpreter, our own modules
        [sys.executable, *arguments],
        env=environment,
        # Safe here: this process has one thread.
        preexec_fn=_die_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509
        # Ctrl-C reaches only us: children are stopped in order, while the database still runs.
        start_new_session=True,
    )


def _die_with_parent() -> None:
    """So that a killed `mazorca run` leaves nothing behind (Linux)."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _announce(chosen: Settings, children: list[Any]) -> None:
    """Wait until the API is ready, and say where it is and how to sign in."""
    deadline = time.monotonic() + READY_SECONDS
    while not _ready(chosen):
        if time.monotonic() > deadline or any(c.poll() is not None for c in children):
            return
        time.sleep(0.05)
    address = f"http://{chosen.host}:{chosen.port}"
    typer.echo(f"\nMazorca is ready at {address}   documentation: {address}/docs")
    credentials = chosen.data_dir / "demo-credentials.json"
    if credentials.exists():
        typer.echo(
            f"Sign in with a client id and secret from {credentials}:\n"
            f"  curl -u CLIENT_ID:CLIENT_SECRET -d grant_type=client_credentials"
            f" {address}/oauth2/token\n"
            f"Play the whole story:\n  mazorca demo --url {address}"
        )


def _ready(chosen: Settings) -> bool:
    connection = http.client.HTTPConnection(chosen.host, chosen.port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _watch(children: list["subprocess.Popen[bytes]"]) -> int:
    """Until one of them ends, which nobody asked for: its exit code."""
    while True:
        for child in children:
            code = child.poll()
            if code is not None:
                return code or 1
        time.sleep(0.2)
