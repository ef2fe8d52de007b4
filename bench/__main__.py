"""``python -m bench``: the works against their floors, written to ``bench/results.md``."""

import argparse
import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import time
from uuid import uuid4

import uvloop

from api.core.actor import Actor
from api.core.keys import KeyRing
from api.core.tokens import Tokens
from api.embedded import EmbeddedPostgres
from api.migrations import migrate
from api.policies import Role, permissions_of
from bench import bulk, goods, land, pools, servers
from bench.data import Prepared, prepare
from bench.load import Make, Outcome, drive
from bench.report import Row, write, write_closes, write_goods, write_loads
from bench.works import W2, WORKS, Work, floor_make, platform_make


@dataclass(frozen=True, slots=True)
class Setting:
    """One combination that is measured."""

    items: int
    workers: int
    seconds: float
    rounds: int


def token_for(data_dir: Path, prepared: Prepared) -> str:
    """An access token of the buyer, minted with the installation's own key."""
    roles = frozenset({Role.PRODUCER_ORGANIZATION})
    scopes = frozenset(str(p) for p in permissions_of(roles, verified=True))
    actor = Actor(uuid4(), prepared.buyer_id, frozenset(roles), scopes)
    keys = KeyRing(data_dir / "keys").token_keys()
    # Longer than any real token lives, so that a long run needs no second one.
    return Tokens(keys, "http://127.0.0.1:8000", "mazorca", 36_000).mint(actor, int(time()))


def _median(outcomes: list[Outcome]) -> Outcome:
    return Outcome(
        median(o.requests_per_second for o in outcomes),
        median(o.p50_ms for o in outcomes),
        median(o.p99_ms for o in outcomes),
        sum(o.failures for o in outcomes),
    )


def measure(
    setting: Setting, work: Work, targets: dict[str, tuple[int, list[Make]]]
) -> dict[str, Outcome]:
    """Interleaved rounds against each target; the medians."""
    outcomes: dict[str, list[Outcome]] = {name: [] for name in targets}
    for _ in range(setting.rounds):
        for name, (port, makes) in targets.items():
            outcomes[name].append(uvloop.run(drive(port, makes, setting.seconds, work.expected)))
    return {name: _median(found) for name, found in outcomes.items()}


def measure_all(
    setting: Setting, data_dir: Path, dsn: str, prepared: Prepared, works: list[Work]
) -> list[Row]:
    """Every one of the works at 1 and 16 connections."""
    token = token_for(data_dir, prepared)
    ours, bare = servers.free_port(), servers.free_port()
    rows = []
    with (
        servers.platform(data_dir, ours, setting.workers) as pid,
        servers.floor(data_dir, dsn, prepared.buyer_id, bare, setting.workers) as floor_pid,
    ):
        for work in works:
            for connections in (1, 16):
                crowd = range(connections)
                targets = {
                    "floor": (bare, [floor_make(work, prepared, n) for n in crowd]),
                    "ours": (ours, [platform_make(work, prepared, token, n) for n in crowd]),
                }
                if work is W2:
                    makes = [floor_make(work, prepared, n, bare=True) for n in crowd]
                    targets["bare"] = (bare, makes)
                warm = Setting(setting.items, setting.workers, 1.0, 1)
                measure(warm, work, targets)
                found = measure(setting, work, targets)
                memory = (servers.memory_mb(pid), servers.memory_mb(floor_pid))
                row = Row(setting.items, setting.workers, work, connections, found, memory)
                print(row.line(), flush=True)
                rows.append(row)
    return rows


def _served(options: argparse.Namespace) -> list[Row]:
    """The works that are requests among many."""
    rows: list[Row] = []
    works = [work for work in WORKS if work.name in options.works]
    for items in options.items if works else ():
        with tempfile.TemporaryDirectory(prefix="mazorca-bench-") as folder:
            data_dir = Path(folder)
            with EmbeddedPostgres(data_dir) as embedded:
                migrate(embedded.dsn)
                prepared = asyncio.run(prepare(embedded.dsn, items))
                for workers in options.workers:
                    setting = Setting(items, workers, options.seconds, options.rounds)
                    rows += measure_all(setting, data_dir, embedded.dsn, prepared, works)
    return rows


def _loaded(options: argparse.Namespace) -> None:
    """W5, and the check of one plot among many."""
    with tempfile.TemporaryDirectory(prefix="mazorca-bench-") as folder:
        loads = bulk.measure(Path(folder), options.rounds)
    with tempfile.TemporaryDirectory(prefix="mazorca-bench-") as folder:
        checks = land.measure(Path(folder), options.probes)
    print(*(load.line() for load in loads), *(c.line(checks[0]) for c in checks), sep="\n")
    write_loads(options.out, loads, checks, options.rounds)


def _closed(options: argparse.Namespace) -> None:
    """W7."""
    with tempfile.TemporaryDirectory(prefix="mazorca-bench-") as folder:
        close = pools.measure(Path(folder), options.rounds, token_for)
    print(close.line())
    write_closes(options.out, close, options.rounds)


def main() -> None:
    """Measure, and write the results: of each part that was measured, anew."""
    names = [*(work.name for work in WORKS), "W5", "W6", "W7"]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--works", nargs="*", default=names, choices=names)
    parser.add_argument("--items", type=int, nargs="*", default=[10_000, 1_000_000])
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--probes", type=int, default=500, help="Of the overlap check, per size")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results.md")
    options = parser.parse_args()
    if rows := _served(options):
        write(options.out, rows, options.seconds, options.rounds)
    if "W5" in options.works:
        _loaded(options)
    if "W6" in options.works:
        with tempfile.TemporaryDirectory(prefix="mazorca-bench-") as folder:
            loads = goods.measure(Path(folder), options.rounds)
        print(*(load.line() for load in loads), sep="\n")
        write_goods(options.out, loads, options.rounds)
    if "W7" in options.works:
        _closed(options)


if __name__ == "__main__":
    main()
