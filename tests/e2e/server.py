"""A real ``mazorca run`` in a folder of its own: started, stopped and killed by process id."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg

from api.demo.credentials import FILE_NAME, Credential, read
from api.embedded import EmbeddedPostgres

START_SECONDS = 240
STOP_SECONDS = 120
ANSWER_SECONDS = 150
PATIENCE_MS = "120000"
"""Of statements and locks: a busy machine proves nothing about the program."""
ROOT = Path(__file__).resolve().parents[2]
STARTED: list["Mazorca"] = []
"""Every server of this run, so that a failing test can show what it said."""


def held_port() -> socket.socket:
    """A port of the loopback interface, kept from others while the socket is open.

    The socket is bound and does not listen: a server, which reuses addresses, may listen there as
    often as it likes, and neither a client's connection nor another server gets the port meanwhile.
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    return held


def survivors(pids: set[int]) -> set[int]:
    """Those of some doomed processes that do not end; what was killed needs a moment to die."""
    deadline = time.monotonic() + STOP_SECONDS
    while left := {pid for pid in pids if alive(pid)}:
        if time.monotonic() > deadline:
            break
        time.sleep(0.02)
    return left


def alive(pid: int) -> bool:
    """Whether a process runs; one that waits to be buried does not."""
    with suppress(OSError):
        return _stat(pid)[0] not in "ZX"
    return False


def descendants(pid: int) -> set[int]:
    """The process and all that it started, directly or not, while they run."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                parents[int(entry.name)] = int(_stat(int(entry.name))[1])
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return {each for each in found if alive(each)}


def _stat(pid: int) -> list[str]:
    # The name stands in parentheses and may hold blanks.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _ready(http: httpx.Client) -> bool:
    with suppress(httpx.TransportError):
        return http.get("/readyz").status_code == 200
    return False


@dataclass
class Mazorca:
    """One installation: its folder, its settings, and the process while it runs: as its users have
    it, without anybody who counts its lines.
    """

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    _held: socket.socket = field(default_factory=held_port)
    _process: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        STARTED.append(self)

    @property
    def port(self) -> int:
        """The port that is its own until it is closed."""
        return int(self._held.getsockname()[1])

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def data(self) -> Path:
        """Its data folder."""
        return self.folder / "var"

    @property
    def log(self) -> Path:
        """What its processes wrote to standard output and error."""
        return self.folder / "output.log"

    @property
    def environment(self) -> dict[str, str]:
        """The settings as environment; those of whoever runs the tests do not count."""
        foreign = ("MAZORCA_", "DATABASE_URL", "COVERAGE_")
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(foreign)
        }
        own = {
            "MAZORCA_DATA_DIR": str(self.data),
            "MAZORCA_PORT": str(self.port),
            "MAZORCA_RATE_LIMIT": "1000000",
            "MAZORCA_STATEMENT_TIMEOUT_MS": PATIENCE_MS,
            "MAZORCA_LOCK_TIMEOUT_MS": PATIENCE_MS,
        }
        return {**inherited, **own, **self.settings}

    def output(self) -> str:
        """All that was written so far."""
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    def credentials(self) -> dict[str, Credential]:
        """The demonstration's credentials, by role."""
        return read(self.data / FILE_NAME)

    def start(self) -> float:
        """Start, and wait until it is ready: the seconds that took."""
        self.folder.mkdir(exist_ok=True)
        began = time.monotonic()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "api.cli", "run"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        with httpx.Client(base_url=self.url, timeout=ANSWER_SECONDS) as http:
            while not _ready(http):
                assert self._process.poll() is None, f"it ended by itself:\n{self.output()}"
                assert time.monotonic() - began < START_SECONDS, f"not ready:\n{self.output()}"
                time.sleep(0.02)
        return time.monotonic() - began

    def ensure_running(self) -> None:
        """Start, unless it runs."""
        if self._process is None or self._process.poll() is not None:
            self.start()

    def processes(self) -> set[int]:
        """Every process of the installation: supervisor, API, worker, PostgreSQL."""
        assert self._process is not None
        return descendants(self._process.pid)

    def stop(self) -> int:
        """SIGTERM, as a service manager would: the exit code."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(STOP_SECONDS)

    def kill(self) -> set[int]:
        """SIGKILL to every process at once, as a power cut would: their ids."""
        assert self._process is not None
        doomed = self.processes()
        for pid in doomed:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.wait(STOP_SECONDS)
        return doomed

    def close(self) -> None:
        """Leave nothing running."""
        try:
            if self._process is not None and self._process.poll() is None:
                self.stop()
        except subprocess.TimeoutExpired:
            self.kill()
        finally:
            STARTED.remove(self)
            self._held.close()

    @contextmanager
    def database(self) -> "Iterator[psycopg.Connection[Any]]":
        """A connection to the embedded server of this installation, which runs."""
        with EmbeddedPostgres(self.data) as embedded, psycopg.connect(embedded.dsn) as connection:
            yield connection

    def wait_until_sequenced(self) -> None:
        """Until every ledger entry that is committed now has its position and is signed."""
        with self.database() as connection:
            entries = connection.execute("SELECT count(*) FROM ledger_entries").fetchone()
        deadline = time.monotonic() + START_SECONDS
        while True:
            answer = httpx.get(f"{self.url}/v1/ledger/checkpoint", timeout=ANSWER_SECONDS)
            checkpoint = answer.raise_for_status().json()
            if entries and checkpoint["tree_size"] >= entries[0]:
                return
            assert time.monotonic() < deadline, f"{checkpoint['tree_size']} of {entries} sequenced"
            time.sleep(0.1)

    def command(self, *arguments: str, **options: Any) -> "subprocess.CompletedProcess[str]":
        """``mazorca <arguments>`` with the installation's settings."""
        return subprocess.run(
            [sys.executable, "-m", "api.cli", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
            **options,
        )
