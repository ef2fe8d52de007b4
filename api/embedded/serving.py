"""From a cluster at rest, alive or crashed to a server that answers."""

import os
import time
from pathlib import Path

from api.embedded.binaries import binaries_for, find_binaries
from api.embedded.cluster import WORKING_DIRECTORY
from api.embedded.errors import EmbeddedPostgresError
from api.embedded.folder import CLUSTER, LOG, DataFolder
from api.embedded.identity import Account
from api.embedded.parameters import as_arguments
from api.embedded.postmaster import (
    Postmaster,
    clear_traces,
    has_pid_file,
    is_listening,
    read_postmaster,
)
from api.embedded.process import ServerProcess, command_as

START_TIMEOUT = 120.0  # seconds; a busy server that crashed takes its time to recover
POLL = 0.005
RETRY = 0.05
LOG_TAIL = 4096  # bytes


def ensure_running(
    folder: DataFolder, account: Account, parameters: dict[str, str]
) -> ServerProcess | None:
    """Wait until the cluster's server is ready; the server if this call started it, else None.

    The folder's lock must be held. A server that is on its way down, or that crashed a moment ago
    and still holds its shared memory, is waited for.
    """
    deadline = time.monotonic() + START_TIMEOUT
    with folder.opened(CLUSTER) as cluster_fd:
        major = _major_version(folder, cluster_fd)
        while time.monotonic() < deadline:
            if is_listening(cluster_fd):
                if _status(cluster_fd) == "ready":
                    return None
            else:
                clear_traces(cluster_fd)
                server = _launch(folder, cluster_fd, account, major, parameters)
                if _becomes_ready(server, cluster_fd, deadline):
                    return server
                if not has_pid_file(cluster_fd):
                    raise _failure(folder, "PostgreSQL did not start")
                # The pid file of another server is still there: it lives, or its shared memory.
            time.sleep(RETRY)
    raise _failure(folder, f"PostgreSQL was not ready after {START_TIMEOUT:.0f} seconds")


def _launch(
    folder: DataFolder,
    cluster_fd: int,
    account: Account,
    major: int,
    parameters: dict[str, str],
) -> ServerProcess:
    programs = binaries_for(find_binaries(major), {account.uid})
    command = command_as(
        account,
        cluster_fd,
        programs.postgres,
        "-D",
        WORKING_DIRECTORY,
        *as_arguments(parameters),
    )
    log_fd = folder.open_log()
    try:
        return ServerProcess(command, directory_fd=cluster_fd, log_fd=log_fd)
    finally:
        os.close(log_fd)


def _becomes_ready(server: ServerProcess, cluster_fd: int, deadline: float) -> bool:
    """Wait for the status that pg_ctl waits for; False when the server ended or took too long."""
    try:
        while server.running and time.monotonic() < deadline:
            if read_postmaster(cluster_fd) == Postmaster(server.pid, "ready"):
                return True
            time.sleep(POLL)
    except BaseException:
        server.stop()
        raise
    server.stop()
    return False


def _status(cluster_fd: int) -> str:
    postmaster = read_postmaster(cluster_fd)
    return "" if postmaster is None else postmaster.status


def _major_version(folder: DataFolder, cluster_fd: int) -> int:
    try:
        fd = os.open("PG_VERSION", os.O_RDONLY | os.O_NOFOLLOW, dir_fd=cluster_fd)
    except FileNotFoundError:
        raise EmbeddedPostgresError(
            f"{folder.path / CLUSTER} is there, but it is no PostgreSQL cluster",
            hint="remove it if it is empty, or choose another data folder",
        ) from None
    with os.fdopen(fd) as file:
        return int(file.read())


def _failure(folder: DataFolder, problem: str) -> EmbeddedPostgresError:
    with os.fdopen(folder.open(LOG, os.O_RDONLY | os.O_CREAT), "rb") as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - LOG_TAIL))
        tail = file.read().decode(errors="replace")
    return EmbeddedPostgresError(
        problem,
        hint=f"the last lines below name the cause; the whole log is {Path(folder.path, LOG)}",
        log="\n".join(tail.splitlines()[-20:]),
    )
