"""Where clients find the socket, and the DSN they use."""

import fcntl
import os
import re
import tempfile
from pathlib import Path
from urllib.parse import quote

from api.embedded.errors import EmbeddedPostgresError
from api.embedded.postmaster import PORT, SOCKET

# sockaddr_un.sun_path has 108 bytes with the final zero (unix(7)).
LONGEST_SOCKET = 107
ALIAS = "pg"
# Clients split hosts at commas and colons, and decode what stands in a query; whatever is not plain
# gets an alias.
PLAIN_PATH = re.compile(r"/[A-Za-z0-9._/-]*")


class Address:
    """The folder clients name as host: the cluster itself, or a short alias of it.

    The alias is a symbolic link in a new folder with an unguessable name and mode 0700; the server
    knows nothing of it. It belongs to one process and goes with ``close()``.
    """

    def __init__(self, cluster: Path) -> None:
        self._alias: Path | None = None
        self._lock = -1
        self.directory = cluster
        if not _usable(cluster):
            self._alias = Path(tempfile.mkdtemp(prefix="mazorca-", dir=_alias_place()))
            self.directory = self._alias / ALIAS
            self.directory.symlink_to(cluster)
            # systemd-tmpfiles leaves a locked folder alone, however old it gets.
            self._lock = os.open(self._alias, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(self._lock, fcntl.LOCK_SH)

    def dsn(self, user: str, password: str, database: str) -> str:
        """``postgresql://…`` for libpq, asyncpg and SQLAlchemy; contains the password."""
        who = f"{user}:{quote(password, safe='')}"
        return f"postgresql://{who}@/{quote(database, safe='')}?host={self.directory}&port={PORT}"

    def close(self) -> None:
        """Remove the alias, if there is one; harmless to repeat."""
        alias, self._alias = self._alias, None
        if alias is not None:
            self.directory.unlink(missing_ok=True)
            alias.rmdir()
            os.close(self._lock)


def _usable(directory: Path) -> bool:
    path = str(directory)
    fits = len(os.fsencode(f"{path}/{SOCKET}")) <= LONGEST_SOCKET
    return fits and PLAIN_PATH.fullmatch(path) is not None


def _alias_place() -> Path:
    """A folder for the alias: the user's runtime folder, which is not swept, before temporary ones.

    ``mkdtemp`` adds ``mazorca-`` and eight characters.
    """
    names = (os.environ.get("XDG_RUNTIME_DIR", ""), tempfile.gettempdir(), "/tmp")  # noqa: S108 # nosec B108
    for place in map(Path, filter(None, names)):
        fits = _usable(place / "mazorca-12345678" / ALIAS)
        if fits and place.is_dir() and os.access(place, os.W_OK):
            return place
    raise EmbeddedPostgresError(
        "the path of the data folder is too long for a socket, and so are the temporary folders",
        hint="move the data folder to a shorter path, or set TMPDIR to a short one",
    )
