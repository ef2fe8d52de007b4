"""What a cluster's folder tells about its server: whether it lives, is ready, or left traces."""

import os
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

PORT = 5432  # only a part of the socket's name: every cluster has its socket in its own folder
SOCKET = f".s.PGSQL.{PORT}"
SOCKET_LOCK = f"{SOCKET}.lock"
PID_FILE = "postmaster.pid"


@dataclass(frozen=True)
class Postmaster:
    """``postmaster.pid``: line 1 the pid, line 8 the status (ready, starting, stopping)."""

    pid: int
    status: str


def read_postmaster(cluster_fd: int) -> Postmaster | None:
    """What the pid file says; None when there is none, or it is not completely written yet."""
    lines = _lines(cluster_fd, PID_FILE)
    if len(lines) < 8 or not lines[0].isdigit():
        return None
    return Postmaster(pid=int(lines[0]), status=lines[7].strip())


def has_pid_file(cluster_fd: int) -> bool:
    """Whether a server left its pid file, or has not yet removed it."""
    try:
        os.stat(PID_FILE, dir_fd=cluster_fd, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def is_listening(cluster_fd: int) -> bool:
    """Whether a server accepts connections in this folder.

    The folder is closed to everybody but the server's uid, so whoever listens is the server; a pid
    could belong to another program by now, or to another container.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(5)
        try:
            # Through the descriptor, because the real path may be too long for a socket address.
            client.connect(f"/proc/self/fd/{cluster_fd}/{SOCKET}")
        except (FileNotFoundError, ConnectionRefusedError):
            return False
    return True


def clear_traces(cluster_fd: int) -> None:
    """After a crash, remove what would keep a new server from starting. Nobody may be listening.

    - A query that noticed nothing of its postmaster's death still holds the shared memory: end it.
    - The old pid may belong to another program now, or to a dead process that nobody waited for;
      PostgreSQL takes both for a live server: remove the lock files. Those of a pid that is gone
      stay, since PostgreSQL knows best how to judge them.
    """
    here = _processes_in(cluster_fd)
    pids = {name: _first_number(cluster_fd, name) for name in (PID_FILE, SOCKET_LOCK)}
    if pids[PID_FILE] in here:
        return  # a postmaster on its way up or down
    for pid in here:
        os.kill(pid, signal.SIGTERM)
    for name, old in pids.items():
        if old is not None and not here and Path(f"/proc/{old}").exists():
            os.unlink(name, dir_fd=cluster_fd)


def _first_number(cluster_fd: int, name: str) -> int | None:
    lines = _lines(cluster_fd, name)
    return int(lines[0]) if lines and lines[0].isdigit() else None


def _lines(cluster_fd: int, name: str) -> list[str]:
    try:
        fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW, dir_fd=cluster_fd)
    except FileNotFoundError:
        return []
    with os.fdopen(fd) as file:
        return file.read().splitlines()


def _processes_in(cluster_fd: int) -> set[int]:
    """The PostgreSQL processes whose working directory is this cluster."""
    cluster = os.fstat(cluster_fd)
    found = set()
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            if (process / "comm").read_text().strip() == "postgres" and os.path.samestat(
                (process / "cwd").stat(), cluster
            ):
                found.add(int(process.name))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue  # ended meanwhile, or of another user
    return found
