"""The data folder, reached through one open descriptor."""

import errno
import fcntl
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from api.embedded.errors import EmbeddedPostgresError
from api.embedded.identity import Account

CLUSTER = "pg"
LOG = "pg.log"
LOCK = "pg.lock"
LOG_LIMIT = 1024 * 1024  # bytes; a longer log is set aside at the next start


class DataFolder:
    """Opens (and makes) the folder; every file in it is opened relative to it, never by a link.

    When root starts a server in the folder of another user, that user must not be able to redirect
    what root writes, owns or removes. Modes of what exists are never changed.
    """

    def __init__(self, path: Path) -> None:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = path.resolve()
        self.fd = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        status = os.fstat(self.fd)
        self.owner = Account(status.st_uid, status.st_gid)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self.fd)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder's lock, waiting for it; the kernel frees it if this process dies."""
        fd = self.open(LOCK, os.O_RDWR | os.O_CREAT)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            yield
        finally:
            os.close(fd)

    def open(self, name: str, flags: int) -> int:
        """A private file of the folder's owner: mode 0600, a plain file, with one name only."""
        fd = os.open(name, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600, dir_fd=self.fd)
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
            os.close(fd)
            raise EmbeddedPostgresError(
                f"{self.path / name} is not a plain file",
                hint="look who put it there, and remove it",
            )
        if status.st_uid not in (os.geteuid(), self.owner.uid):
            os.close(fd)
            raise EmbeddedPostgresError(
                f"{self.path / name} belongs to uid {status.st_uid}, the data folder does not",
                hint="look who put it there, and remove it",
            )
        if os.geteuid() == 0 and status.st_uid == 0 and self.owner.uid != 0:
            os.fchown(fd, self.owner.uid, self.owner.gid)
        return fd

    def read(self, name: str) -> str:
        """The text of a private file; empty when it does not exist."""
        try:
            fd = self.open(name, os.O_RDONLY)
        except FileNotFoundError:
            return ""
        with os.fdopen(fd) as file:
            return file.read()

    def write(self, name: str, text: str) -> None:
        """Replace a private file, down to the disk."""
        with os.fdopen(self.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())

    def open_log(self) -> int:
        """The server's log, to append to; a long one first becomes ``pg.log.1``."""
        fd = self.open(LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        if os.fstat(fd).st_size <= LOG_LIMIT:
            return fd
        os.close(fd)
        os.rename(LOG, f"{LOG}.1", src_dir_fd=self.fd, dst_dir_fd=self.fd)
        return self.open(LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def cluster_owner(self) -> int | None:
        """The uid that owns the cluster, or None before there is one."""
        try:
            status = os.stat(CLUSTER, dir_fd=self.fd, follow_symlinks=False)
        except FileNotFoundError:
            return None
        return status.st_uid

    @contextmanager
    def opened(self, name: str) -> Iterator[int]:
        """A descriptor of a folder inside, which must not be a symbolic link."""
        try:
            fd = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=self.fd)
        except OSError as error:
            if error.errno not in (errno.ELOOP, errno.ENOTDIR):
                raise
            raise EmbeddedPostgresError(
                f"{self.path / name} is a symbolic link or no folder",
                hint="give the real place of the data as the data folder",
            ) from None
        try:
            yield fd
        finally:
            os.close(fd)

    def remove(self, name: str) -> None:
        """Remove a folder and what is in it, if it is there."""
        try:
            shutil.rmtree(name, dir_fd=self.fd)
        except FileNotFoundError:
            return

    def rename(self, old: str, new: str) -> None:
        """Give a folder its name, down to the disk."""
        os.rename(old, new, src_dir_fd=self.fd, dst_dir_fd=self.fd)
        os.fsync(self.fd)
