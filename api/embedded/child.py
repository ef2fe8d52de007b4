"""Become a PostgreSQL program: the last steps before ``exec``, in a process of their own.

Run as a script in a bare interpreter (``python -I -S child.py DIRECTORY_FD UID GID PARENT PROGRAM
ARGUMENTS…``). The same steps between ``fork`` and ``exec`` of the caller could deadlock, because
the caller has threads. Nothing but the standard library may be imported here.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

# <linux/prctl.h>
PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38

# The caller's PGOPTIONS, LD_PRELOAD or language have no business in the server.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def drop_privileges(uid: int, gid: int) -> None:
    """Leave root for good: no groups, no way back through a saved id."""
    os.setgroups([])
    os.setresgid(gid, gid, gid)
    os.setresuid(uid, uid, uid)


def die_with(parent: int) -> None:
    """Have the kernel send SIGINT, PostgreSQL's fast shutdown, when ``parent`` is gone.

    After the change of uid, which clears the setting. A parent that died in between is seen by pid.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    for option, value in ((PR_SET_NO_NEW_PRIVS, 1), (PR_SET_PDEATHSIG, int(signal.SIGINT))):
        if libc.prctl(option, ctypes.c_ulong(value), *[ctypes.c_ulong(0)] * 3) != 0:
            error = ctypes.get_errno()
            raise OSError(error, os.strerror(error))
    if os.getppid() != parent:
        sys.exit("the process that asked for this server is gone")


def main(arguments: Sequence[str]) -> None:
    """Enter the directory, become the account, tie the knot to the parent, and ``exec``."""
    directory, uid, gid, parent = (int(number) for number in arguments[:4])
    command = list(arguments[4:])
    # Entered while still privileged: the way to it may be closed to the server's own uid.
    os.fchdir(directory)
    os.close(directory)
    os.umask(0o077)
    if os.geteuid() == 0:
        drop_privileges(uid, gid)
    die_with(parent)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # Python ignores it, and exec would keep that
    # A path of ours, and no shell.
    os.execve(command[0], command, ENVIRONMENT)  # noqa: S606 # nosec B606


if __name__ == "__main__":
    main(sys.argv[1:])
