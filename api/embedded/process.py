"""Starting PostgreSQL programs so that none outlives the process that asked for it."""

import os
import signal
import subprocess  # nosec B404
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from api.embedded import child
from api.embedded.identity import Account

# Fast shutdown; then immediate (the next start recovers); then no more asking.
STOPPING = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))


def command_as(account: Account, directory_fd: int, program: Path, *arguments: str) -> list[str]:
    """The command line that runs ``program`` as ``account`` inside an open directory."""
    script = str(Path(child.__file__))
    numbers = (directory_fd, account.uid, account.gid, os.getpid())
    interpreter = [sys.executable, "-I", "-S", "-B", script]
    return [*interpreter, *map(str, numbers), str(program), *arguments]


def run_to_end(command: Sequence[str], pass_fds: Sequence[int]) -> subprocess.CompletedProcess[str]:
    """Run a program that ends by itself; what it wrote is in ``stdout``."""
    # A command of ours, and no shell.
    return subprocess.run(  # noqa: S603 # nosec B603
        command,
        pass_fds=pass_fds,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
        errors="replace",
        check=False,
    )


class ServerProcess:
    """A postmaster that is stopped by ``stop()``, or by the kernel when this process ends.

    The kernel ties the parent-death signal to the *thread* that made the child. So a thread of its
    own makes it and waits for it: the thread lives exactly as long as the server or the process,
    whatever becomes of the thread that called us.
    """

    def __init__(self, command: Sequence[str], *, directory_fd: int, log_fd: int) -> None:
        self._spawned = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._failure: OSError | None = None
        self._keeper = threading.Thread(
            target=self._keep,
            args=(command, directory_fd, log_fd),
            name="embedded-postgresql",
            daemon=True,
        )
        self._keeper.start()
        self._spawned.wait()
        if self._failure is not None:
            raise self._failure

    def _keep(self, command: Sequence[str], directory_fd: int, log_fd: int) -> None:
        try:
            # A command of ours, and no shell.
            self._process = subprocess.Popen(  # noqa: S603 # nosec B603
                command,
                pass_fds=(directory_fd,),
                stdin=subprocess.DEVNULL,
                stdout=log_fd,
                stderr=log_fd,
                # Ctrl-C in a terminal is for the application, which then stops the server.
                start_new_session=True,
            )
        except OSError as error:
            self._failure = error
            return
        finally:
            self._spawned.set()
        self._process.wait()

    @property
    def pid(self) -> int:
        return 0 if self._process is None else self._process.pid

    @property
    def running(self) -> bool:
        return self._keeper.is_alive()

    def stop(self) -> None:
        """Stop the server and wait for its end; harmless when it has ended."""
        if self._process is None:
            return
        for number, patience in STOPPING:
            self._process.send_signal(number)
            self._keeper.join(patience)
            if not self._keeper.is_alive():
                return
