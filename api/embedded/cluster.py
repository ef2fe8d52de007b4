"""Making a cluster, and the role and database of the application in it."""

import os
import stat

import psycopg
from psycopg import sql

from api.embedded.binaries import Binaries, binaries_for
from api.embedded.errors import EmbeddedPostgresError
from api.embedded.folder import CLUSTER, DataFolder
from api.embedded.identity import Account, building_account
from api.embedded.process import command_as, run_to_end

SUPERUSER = "postgres"
ROLE = "mazorca"
DATABASE = "mazorca"
UNFINISHED = f"{CLUSTER}.new"
# The directory that the server works in, whether or not its uid could walk to it (proc(5)).
WORKING_DIRECTORY = "/proc/self/cwd"

INITDB = (
    f"--pgdata={WORKING_DIRECTORY}",
    f"--username={SUPERUSER}",
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    # The same order on every machine: not the locale library of the operating system.
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-instructions",
)


def create_cluster(
    folder: DataFolder, binaries: Binaries, server: Account, password: str, *, durable: bool
) -> None:
    """``pg`` appears only when it is complete, so a crash in between leaves nothing half made."""
    builder = building_account(server)
    programs = binaries_for(binaries, {builder.uid, server.uid})
    folder.remove(UNFINISHED)
    os.mkdir(UNFINISHED, 0o700, dir_fd=folder.fd)
    with folder.opened(UNFINISHED) as fd:
        if os.geteuid() == 0:
            os.fchown(fd, builder.uid, builder.gid)
        _initdb(programs, builder, fd, password, durable=durable)
        if builder != server:
            _hand_over(fd, builder, server)
    folder.rename(UNFINISHED, CLUSTER)


def _initdb(
    programs: Binaries, builder: Account, cluster_fd: int, password: str, *, durable: bool
) -> None:
    # In memory: a file would have to be readable for the builder.
    secret = os.memfd_create("password")
    try:
        os.write(secret, password.encode())
        arguments = [*INITDB, f"--pwfile=/proc/self/fd/{secret}"]
        if not durable:
            arguments.append("--no-sync")
        command = command_as(builder, cluster_fd, programs.initdb, *arguments)
        done = run_to_end(command, pass_fds=(cluster_fd, secret))
    finally:
        os.close(secret)
    if done.returncode != 0:
        raise EmbeddedPostgresError(
            "the database cluster could not be made",
            hint="the lines below name the cause; a full disk or a file system without Unix "
            "permissions are the usual ones",
            log=done.stdout,
        )


def _hand_over(top_fd: int, builder: Account, server: Account) -> None:
    """Give the new cluster to the server's uid: only what the builder made, and no second names."""
    # Each folder's entries before the folder itself, and the top last.
    for _, folders, files, folder_fd in os.fwalk(".", topdown=False, dir_fd=top_fd):
        for name in (*files, *folders):
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
            fd = os.open(name, flags, dir_fd=folder_fd)
            try:
                status = os.fstat(fd)
                linked = stat.S_ISREG(status.st_mode) and status.st_nlink != 1
                if status.st_uid != builder.uid or linked:
                    raise EmbeddedPostgresError(
                        f"something else wrote to the new cluster: {name}",
                        hint=f"look which process runs as uid {builder.uid}",
                    )
                os.fchown(fd, server.uid, server.gid)
            finally:
                os.close(fd)
    os.fchown(top_fd, server.uid, server.gid)


def provision(superuser_dsn: str, password: str) -> None:
    """See to it that the application's role and database exist; proves that logging in works."""
    with psycopg.connect(superuser_dsn, autocommit=True, connect_timeout=30) as connection:
        found = connection.execute(
            "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s),"
            " EXISTS (SELECT FROM pg_database WHERE datname = %s)",
            (ROLE, DATABASE),
        ).fetchone()
        role_exists, database_exists = found or (False, False)
        if not role_exists:
            # Neither superuser nor able to make roles or databases: PostgreSQL's defaults.
            create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
            connection.execute(create.format(sql.Identifier(ROLE), sql.Literal(password)))
        if not database_exists:
            create_database(connection, DATABASE)


def create_database(
    connection: psycopg.Connection, name: str, *, template: str | None = None
) -> None:
    """An empty database of the application's role, or a copy of ``template``."""
    statement = sql.SQL("CREATE DATABASE {} OWNER {}").format(
        sql.Identifier(name), sql.Identifier(ROLE)
    )
    if template is not None:
        statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
    connection.execute(statement)


def drop_database(connection: psycopg.Connection, name: str) -> None:
    """Remove a database and end the connections to it."""
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    connection.execute(statement.format(sql.Identifier(name)))
