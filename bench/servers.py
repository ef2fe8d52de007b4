"""The two servers under test, started as their users would, on one database."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

READY_SECONDS = 60


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _process(arguments: list[str], environment: dict[str, str], log: Path) -> Iterator[int]:
    with log.open("wb") as output:
        child = subprocess.Popen(  # noqa: S603 - our own modules
            [sys.executable, *arguments],
            env={**os.environ, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield child.pid
        finally:
            child.send_signal(signal.SIGTERM)
            child.wait(60)


def _wait(url: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - loopback
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(url)


@contextmanager
def platform(data_dir: Path, port: int, workers: int) -> Iterator[int]:
    """``mazorca run`` on the embedded database of a data folder."""
    environment = {
        "MAZORCA_DATA_DIR": str(data_dir),
        "MAZORCA_DEMO": "false",
        "MAZORCA_RATE_LIMIT": "100000000",
        "MAZORCA_ISSUER": "http://127.0.0.1:8000",
    }
    arguments = ["-m", "api.cli", "run", "--port", str(port), "--workers", str(workers)]
    with _process(arguments, environment, data_dir / "platform.log") as pid:
        _wait(f"http://127.0.0.1:{port}/readyz")
        yield pid


@contextmanager
def floor(data_dir: Path, dsn: str, buyer: UUID, port: int, workers: int) -> Iterator[int]:
    """The bare routes under the same server program."""
    environment = {"DATABASE_URL": dsn, "BENCH_BUYER": str(buyer)}
    arguments = ["-m", "uvicorn", "bench.floor:app", "--no-access-log", "--log-level", "warning"]
    arguments += ["--port", str(port), "--workers", str(workers)]
    arguments += ["--loop", "uvloop", "--http", "httptools"]
    with _process(arguments, environment, data_dir / "floor.log") as pid:
        _wait(f"http://127.0.0.1:{port}/openapi.json")
        yield pid


def memory_mb(pid: int) -> float:
    """Resident memory of the Python processes below a process, itself included."""
    found, total = [pid], 0
    while found:
        current = found.pop()
        task = Path(f"/proc/{current}")
        try:
            command = (task / "cmdline").read_bytes()
            for children in (task / "task").glob("*/children"):
                found += [int(child) for child in children.read_text().split()]
            if b"python" in command.split(b"\0")[0]:
                pages = int((task / "statm").read_text().split()[1])
                total += pages * os.sysconf("SC_PAGE_SIZE")
        except (FileNotFoundError, ProcessLookupError):
            continue
    return total / 1_000_000
