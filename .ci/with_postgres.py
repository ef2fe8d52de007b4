"""Run a command against a PostgreSQL of its own: ``with_postgres.py embedded|system command ...``.

``embedded`` is the server that Mazorca brings along, ``system`` the oldest one that the
distribution installed. The command finds an empty database of the role ``mazorca`` in
``DATABASE_URL``, and in ``MAZORCA_TEST_DATABASE_URL`` a superuser's way to the same server.
"""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from api.embedded import EmbeddedPostgres

OLDEST = 15
PATIENCE = "--timeout=300"
SETTINGS = ("fsync=off", "max_connections=200", "shared_buffers=256MB")


def system_programs() -> Path:
    """The folder of the oldest supported server that is installed."""
    folders = {
        int(path.parts[-3]): path.parent
        for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")
    }
    supported = sorted(version for version in folders if version >= OLDEST)
    if not supported:
        raise SystemExit(f"no PostgreSQL >= {OLDEST} under /usr/lib/postgresql")
    return folders[supported[0]]


@contextmanager
def held_port() -> Iterator[int]:
    """A port of the loopback interface that nobody else gets meanwhile.

    It is bound and nobody listens there: a server, which reuses addresses, may.
    """
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])


@contextmanager
def system_server(folder: Path) -> Iterator[str]:
    """The DSN of the superuser of a new server; it never runs as root."""
    with held_port() as port:
        yield from _system_server(folder, port)


def _system_server(folder: Path, port: int) -> Iterator[str]:
    programs, password = system_programs(), secrets.token_urlsafe(24)
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    password_file = folder / "password"
    password_file.write_text(password)
    if user:
        shutil.chown(password_file, user)
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [programs / program, "--pgdata", data, *arguments],
            check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    run("initdb", "--username=ci", "--auth=scram-sha-256", f"--pwfile={password_file}",
        "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")  # fmt: skip
    options = " ".join(
        [f"-p {port} -h 127.0.0.1 -k {folder}", *(f"-c {item}" for item in SETTINGS)]
    )
    run("pg_ctl", "start", "--silent", "--wait", PATIENCE,
        f"--log={folder / 'log'}", f"--options={options}")  # fmt: skip
    try:
        yield f"postgresql://ci:{password}@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "stop", "--silent", "--wait", PATIENCE, "--mode=fast")


@contextmanager
def embedded_server(folder: Path) -> Iterator[str]:
    """The DSN of the superuser of a new embedded server."""
    server = EmbeddedPostgres(folder, durable=False)
    server.start()
    try:
        yield server.superuser_dsn
    finally:
        server.stop()


def own_database(superuser_dsn: str) -> str:
    """An empty database owned by an ordinary role; its DSN."""
    password = secrets.token_urlsafe(24)
    with psycopg.connect(superuser_dsn, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE mazorca_ci LOGIN PASSWORD '{password}'")
        connection.execute("CREATE DATABASE mazorca_ci OWNER mazorca_ci")
    parts = psycopg.conninfo.conninfo_to_dict(superuser_dsn)
    host = f"host={parts['host']}&port={parts['port']}"
    return f"postgresql://mazorca_ci:{password}@/mazorca_ci?{host}"


def main() -> int:
    """Start the server, run the command, stop the server; the command's exit code."""
    kind, *command = sys.argv[1:]
    server = {"embedded": embedded_server, "system": system_server}[kind]
    with tempfile.TemporaryDirectory(prefix="mazorca-ci-") as folder, server(Path(folder)) as dsn:
        with psycopg.connect(dsn) as connection:
            print(
                f"{kind} PostgreSQL {connection.info.parameter_status('server_version')}",
                flush=True,
            )
        environment = {"DATABASE_URL": own_database(dsn), "MAZORCA_TEST_DATABASE_URL": dsn}
        return subprocess.run(command, env=os.environ | environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
