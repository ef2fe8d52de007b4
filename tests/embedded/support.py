"""What the tests of the embedded server share."""

import json
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parents[2]
HOST = Path(__file__).with_name("host.py")
NOBODY = pwd.getpwnam("nobody").pw_uid

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as several users")


@dataclass(frozen=True)
class Python:
    """A program, the environment to run it in, and the script that hosts a server."""

    program: Path
    environment: Mapping[str, str]
    host: Path = HOST


SEARCHED = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
THIS_PYTHON = Python(Path(sys.executable), {"PYTHONPATH": SEARCHED})


class Host:
    """A running ``host.py``; ``dsn`` is what it announced."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self.output = process.stdout
        line = self.output.readline()
        assert line, "the host ended before its server was ready"
        self.dsn: str = json.loads(line)["dsn"]

    def end(self, number: signal.Signals) -> None:
        self.process.send_signal(number)
        self.process.wait(timeout=120)


@contextmanager
def hosting(
    mode: str, data: Path, *, uid: int | None = None, python: Python = THIS_PYTHON
) -> Iterator[Host]:
    """Run ``host.py`` until the end of the block at the latest."""
    with launched(mode, data, uid=uid, python=python) as process:
        yield Host(process)


@contextmanager
def launched(
    mode: str, data: Path, *, uid: int | None = None, python: Python = THIS_PYTHON
) -> Iterator[subprocess.Popen[str]]:
    user = [] if uid is None else [str(uid)]
    process = subprocess.Popen(
        [str(python.program), "-W", "ignore", str(python.host), mode, str(data), *user],
        stdout=subprocess.PIPE,
        env={**os.environ, **python.environment},
        text=True,
    )
    try:
        yield process
    finally:
        its_own = {pid for pid in processes_of(data) if parent_of(pid) == process.pid}
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
        assert until(lambda: not its_own & processes_of(data)), "the server outlived its host"


def processes_of(data: Path) -> set[int]:
    """The PostgreSQL processes that work in a data folder, found without the code under test."""
    folder = data.resolve()
    found = set()
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and (process / "cwd").readlink().is_relative_to(folder):
                found.add(int(process.name))
        except OSError:
            continue  # ended meanwhile, or of another user
    return found


def parent_of(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0  # ended meanwhile
    return int(status.split("PPid:")[1].split()[0])


def postmaster_of(data: Path) -> int:
    return int((data / "pg" / "postmaster.pid").read_text().splitlines()[0])


def works(dsn: str) -> bool:
    """Whether a client can log in and ask."""
    with psycopg.connect(dsn) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def kill_9(*pids: int) -> None:
    """Kill in this order; some follow the others before it is their turn."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def until(condition: Callable[[], bool], seconds: float = 120) -> bool:
    """Whether ``condition`` comes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def modes_of(*paths: Path) -> dict[Path, int]:
    """Mode of every path and of every folder above it."""
    return {step: step.stat().st_mode for path in paths for step in (path, *path.parents)}
