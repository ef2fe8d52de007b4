"""Start the server of a data folder, or reuse it when it lives, and stop what was started."""

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from secrets import token_urlsafe
from types import TracebackType
from typing import Self

import psycopg

from api.embedded import cluster
from api.embedded.address import Address
from api.embedded.binaries import find_binaries
from api.embedded.cluster import DATABASE, ROLE, SUPERUSER
from api.embedded.errors import EmbeddedPostgresError
from api.embedded.folder import CLUSTER, DataFolder
from api.embedded.identity import Account, server_account
from api.embedded.parameters import server_parameters
from api.embedded.process import ServerProcess
from api.embedded.serving import ensure_running

LOGIN_TIMEOUT = 60.0  # seconds; a reused server may be recovering from a crash
PASSWORD_FILES = {SUPERUSER: "pg-superuser-password", ROLE: "pg-mazorca-password"}


class EmbeddedPostgres:
    """One PostgreSQL server for one data folder; its cluster is ``data_dir/pg``.

    ``durable=False`` trades safety against a crash of the machine for speed, for tests.
    ``settings`` are PostgreSQL settings by name; they count when this object starts the server, not
    when it reuses one that lives. Everything raises :class:`EmbeddedPostgresError`.
    """

    def __init__(
        self, data_dir: Path, *, durable: bool = True, settings: Mapping[str, str] = {}
    ) -> None:
        self._path = Path(data_dir)
        self._durable = durable
        self._parameters = server_parameters(durable=durable, settings=settings)
        self._server: ServerProcess | None = None
        self._address: Address | None = None
        self._passwords: dict[str, str] = {}
        self._process_id = os.getpid()

    def start(self) -> str:
        """Make the cluster if it is new, start its server or reuse a live one; returns the DSN.

        Processes that start the same folder at once wait for each other. Blocks for about a second
        with a new folder, for a fraction of it with an old one.
        """
        if sys.platform != "linux":
            raise EmbeddedPostgresError(
                "the embedded PostgreSQL runs on Linux only",
                hint="set DATABASE_URL to a PostgreSQL server of your own",
            )
        self._disown_in_a_fork()
        try:
            with DataFolder(self._path) as folder, folder.locked():
                self._start_in(folder)
        except BaseException as error:
            self.stop()
            if isinstance(error, OSError):
                raise EmbeddedPostgresError(
                    f"the data folder {self._path} cannot be used: {error}",
                    hint="it must belong to the user that starts Mazorca, on a local file system; "
                    "root needs the rights to change owners and uids",
                ) from error
            raise
        return self.dsn

    def stop(self) -> None:
        """Stop the server if this object started it, and wait for its end; harmless to repeat."""
        self._disown_in_a_fork()
        server, self._server = self._server, None
        address, self._address = self._address, None
        if server is not None:
            server.stop()
        if address is not None:
            address.close()

    @property
    def dsn(self) -> str:
        """``postgresql://mazorca:<password>@/mazorca?host=<folder>&port=<port>``."""
        return self.dsn_for(DATABASE)

    @property
    def superuser_dsn(self) -> str:
        """The same for the superuser and its maintenance database."""
        return self._dsn(SUPERUSER, SUPERUSER)

    def dsn_for(self, database: str) -> str:
        """The application role's DSN of another database of this server."""
        return self._dsn(ROLE, database)

    def create_database(self, name: str, *, template: str | None = None) -> str:
        """A database of the application's role, empty or a copy of ``template``; its DSN.

        Nobody may be connected to the template meanwhile.
        """
        with psycopg.connect(self.superuser_dsn, autocommit=True) as connection:
            cluster.create_database(connection, name, template=template)
        return self.dsn_for(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, and the connections to it, if it exists."""
        with psycopg.connect(self.superuser_dsn, autocommit=True) as connection:
            cluster.drop_database(connection, name)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _disown_in_a_fork(self) -> None:
        """A fork inherits this object, but server and alias remain its parent's."""
        if os.getpid() != self._process_id:
            self._process_id = os.getpid()
            self._server = None
            self._address = None

    def _start_in(self, folder: DataFolder) -> None:
        account = server_account(
            folder_owner=folder.owner.uid,
            cluster_owner=folder.cluster_owner(),
            seed=str(folder.path),
        )
        if folder.cluster_owner() is None:
            self._create(folder, account)
        self._passwords = {user: folder.read(file) for user, file in PASSWORD_FILES.items()}
        if not all(self._passwords.values()):
            raise EmbeddedPostgresError(
                "a password of the database is missing",
                hint=f"restore {' and '.join(PASSWORD_FILES.values())} beside the folder {CLUSTER}",
            )
        self._address = self._address or Address(folder.path / CLUSTER)
        self._run(folder, account)

    def _create(self, folder: DataFolder, account: Account) -> None:
        """New passwords and a new cluster; the passwords first, since only the cluster counts."""
        for file in PASSWORD_FILES.values():
            folder.write(file, token_urlsafe(32))
        password = folder.read(PASSWORD_FILES[SUPERUSER])
        cluster.create_cluster(folder, find_binaries(), account, password, durable=self._durable)

    def _run(self, folder: DataFolder, account: Account) -> None:
        """A server that answers, with the application's role and database in it."""
        deadline = time.monotonic() + LOGIN_TIMEOUT
        while True:
            self._server = ensure_running(folder, account, self._parameters) or self._server
            try:
                return cluster.provision(self.superuser_dsn, self._passwords[ROLE])
            except psycopg.OperationalError as error:
                # The process that owns a reused server may stop it at this very moment, and one
                # that recovers lets nobody in: both pass. A wrong password stays wrong.
                refused = "authentication failed" in str(error)
                if refused or time.monotonic() > deadline:
                    raise EmbeddedPostgresError(
                        "the server is ready, but its superuser cannot log in",
                        hint="the files pg-*-password must be those made with this cluster",
                        log=str(error),
                    ) from None
            time.sleep(0.1)

    def _dsn(self, user: str, database: str) -> str:
        if self._address is None:
            raise EmbeddedPostgresError(
                "the embedded PostgreSQL is not started", hint="call start() first"
            )
        return self._address.dsn(user, self._passwords[user], database)
