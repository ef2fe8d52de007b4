"""Under which uid the server runs.

Not as root: our own. As root: the owner of the data folder when that is somebody else; else a
number of its own, so that no account of the machine can touch the server or its files. PostgreSQL
refuses to run as root, and a shared account such as ``nobody`` would let its other processes in.
"""

import grp
import os
import pwd
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from api.embedded.errors import EmbeddedPostgresError

# "Unused" in systemd's table of uids (UIDS-GIDS.md), assigned by no distribution, and below 65534,
# so that it also exists inside containers that map 65,536 uids.
FREE_UIDS = range(60706, 61184)
PATIENCE = 10.0  # seconds to wait for an idle account: another cluster may be in the making


@dataclass(frozen=True)
class Account:
    """A uid and its gid, by number: it may have no name."""

    uid: int
    gid: int


def server_account(*, folder_owner: int, cluster_owner: int | None, seed: str) -> Account:
    """Who runs the server of a data folder; ``cluster_owner`` is None before there is a cluster.

    An existing cluster keeps its owner. ``seed`` chooses the number of a new one, so that two
    folders on one machine rarely share it.
    """
    me = os.geteuid()
    if me != 0:
        if cluster_owner not in (None, me):
            raise EmbeddedPostgresError(
                f"the cluster belongs to uid {cluster_owner}, and this process runs as uid {me}",
                hint="start Mazorca as the user that made the data folder (or as root)",
            )
        return Account(me, os.getegid())
    if cluster_owner == 0:
        raise EmbeddedPostgresError(
            "the cluster belongs to root, and PostgreSQL refuses to run as root",
            hint="chown -R the folder pg to the uid that owned it where it was copied from",
        )
    if cluster_owner not in (None, folder_owner) and has_account(cluster_owner):
        # In a folder that others may write, somebody may have put a cluster of their own.
        raise EmbeddedPostgresError(
            f"the cluster belongs to the account of uid {cluster_owner}, the data folder does not",
            hint="look who put it there; chown the data folder to that uid if this is right",
        )
    uid = cluster_owner or folder_owner or _free_uid(seed)
    return Account(uid, _group_of(uid))


def building_account(server: Account) -> Account:
    """Who runs ``initdb``, which refuses a uid without an account (``postgres`` does not mind).

    A uid without an account borrows a system account that nobody can log in to and that has no
    process at the moment; the finished cluster is then handed over to ``server``.
    """
    if has_account(server.uid):
        return server
    if os.geteuid() != 0:
        raise EmbeddedPostgresError(
            f"uid {server.uid} has no account, and PostgreSQL's initdb insists on one",
            hint="give the uid a line in /etc/passwd (in a container image: useradd), "
            "or set DATABASE_URL to a PostgreSQL server of your own",
        )
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        busy = _busy_uids()
        for account in pwd.getpwall():
            closed = account.pw_shell.endswith(("/nologin", "/false"))
            if account.pw_uid != 0 and closed and account.pw_uid not in busy:
                return Account(account.pw_uid, _group_of(account.pw_uid))
        time.sleep(0.1)
    raise EmbeddedPostgresError(
        "no idle system account to run initdb with",
        hint="make the data folder as an unprivileged user, or let one own it",
    )


def has_account(uid: int) -> bool:
    """Whether the machine knows ``uid`` by name."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _group_of(uid: int) -> int:
    """The account's own group, never root's; without an account the number of the uid."""
    try:
        return pwd.getpwuid(uid).pw_gid or uid
    except KeyError:
        return uid


def _free_uid(seed: str) -> int:
    busy = _busy_uids()
    start = int.from_bytes(sha256(seed.encode()).digest()[:4])
    for step in range(len(FREE_UIDS)):
        uid = FREE_UIDS[(start + step) % len(FREE_UIDS)]
        if uid not in busy and not has_account(uid) and not _has_group(uid):
            return uid
    raise EmbeddedPostgresError(
        "every uid kept for embedded servers is taken",
        hint="let an unprivileged user own the data folder",
    )


def _has_group(gid: int) -> bool:
    try:
        grp.getgrgid(gid)
    except KeyError:
        return False
    return True


def _busy_uids() -> set[int]:
    """The uids that own a running process."""
    busy = set()
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                busy.add(process.stat().st_uid)
            except FileNotFoundError:
                continue  # it ended meanwhile
    return busy
