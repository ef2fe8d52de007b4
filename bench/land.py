"""The overlap check of one arriving plot, among 1,000 to 100,000 plots: the server's own time."""

import asyncio
import random
import time
from dataclasses import dataclass
from math import log
from pathlib import Path
from statistics import median
from uuid import UUID, uuid4

import asyncpg
import orjson

from api.core.actor import Actor
from api.core.geo.measure import box_of
from api.database import Database, open_database
from api.domains.plot_overlaps.repository import Neighbour, hold_land
from api.domains.plot_overlaps.service import compare
from api.embedded import EmbeddedPostgres
from api.migrations import migrate
from api.settings import Settings
from api.transactions import UnitOfWork
from bench import bulk_data

SIZES = (1_000, 10_000, 100_000)
MOST_P99_MS = 20
_SIDE = 300
"""Plots in a row: each meets its neighbours' boxes, as land that is farmed does."""
_STEP = 0.0016
_PERSON = "INSERT INTO persons (id, version, created_at, updated_at) VALUES ($1, 1, now(), now())"
_PRODUCER = """
INSERT INTO producers (id, version, created_at, updated_at, organization_id, person_id, ubigeo,
                       association_status, state, registered_on)
VALUES ($1, 1, now(), now(), $2, $3, '220601', 'associated', 'active', current_date)
"""
_PLOTS = """
INSERT INTO plots (id, version, created_at, updated_at, organization_id, producer_id, name, state,
                   land_use, geometry_kind, geometry_version, area_ha, tenure_kind)
SELECT id, 1, now(), now(), $2, $3, 'bench', 'active', 'cocoa', 'polygon', 1, 2, 'none'
  FROM unnest($1::uuid[]) AS id
"""
_GEOMETRIES = """
INSERT INTO plot_geometries (id, plot_id, geometry_version, geometry, area_ha, west, south, east,
                             north, recorded_at)
VALUES ($1, $2, 1, $3, 2, $4, $5, $6, $7, now())
"""


@dataclass(frozen=True, slots=True)
class Check:
    """Milliseconds of the check among so many plots."""

    plots: int
    found: float
    """Overlaps per arriving plot."""
    p50_ms: float
    p99_ms: float

    def line(self, first: "Check") -> str:
        """A row of the table; growth against the smallest, beside that of the logarithm."""
        growth, allowed = self.p50_ms / first.p50_ms, log(self.plots) / log(first.plots)
        return (
            f"| {self.plots:,} | {self.found:.1f} | {self.p50_ms:.2f} | {self.p99_ms:.2f} "
            f"| {growth:.2f} | {allowed:.2f} |"
        )


def _place(number: int) -> tuple[float, float]:
    row, column = divmod(number, _SIDE)
    return -77.0 + column * _STEP, -11.0 + row * _STEP


async def _fill(connection: "asyncpg.Connection", owner: UUID, first: int, last: int) -> None:
    """Plots number ``first`` to ``last``, by COPY."""
    chance, producer, person = random.Random(first), uuid4(), uuid4()
    ids = [uuid4() for _ in range(first, last)]
    async with connection.transaction():
        await connection.execute(_PERSON, person)
        await connection.execute(_PRODUCER, producer, owner, person)
        await connection.execute(_PLOTS, ids, owner, producer)
        records = []
        for plot_id, number in zip(ids, range(first, last), strict=True):
            ring = bulk_data.boundary(*_place(number), chance)
            geometry = {"type": "Polygon", "coordinates": [ring]}
            text = orjson.dumps(geometry).decode()
            records.append((uuid4(), plot_id, text, *box_of(geometry)))
        await connection.executemany(_GEOMETRIES, records)
        await bulk_data.told(connection, owner)
    await connection.execute("VACUUM ANALYZE")


async def _once(
    database: Database, actor: Actor, number: int, chance: random.Random
) -> tuple[float, int]:
    """Seconds in which the land is held, the neighbours read and compared; overlaps found."""
    ring = bulk_data.boundary(*_place(number), chance)
    geometry = {"type": "Polygon", "coordinates": [ring]}
    arrived = Neighbour(uuid4(), actor.organization_id, 1, geometry)
    async with database.transaction() as (connection, driver):
        uow = UnitOfWork(connection, driver, actor)
        began = time.perf_counter()
        box = box_of(geometry)
        await hold_land(uow, box)
        await compare(uow, arrived, box)
        seconds, found = time.perf_counter() - began, len(uow.session.new)
        # Taken back, so that the next finds the same land: nothing was flushed.
        await uow.close()
    return seconds, found


async def _checks(dsn: str, probes: int) -> list[Check]:
    connection = await asyncpg.connect(dsn, server_settings={"statement_timeout": "0"})
    found = []
    try:
        owner = await bulk_data.organization(connection, 0)
        actor = Actor(uuid4(), owner, frozenset(), frozenset())
        async with open_database(dsn, Settings()) as database:
            standing = 0
            for size in SIZES:
                await _fill(connection, owner, standing, size)
                standing, chance = size, random.Random(size)
                for number in range(50):
                    await _once(database, actor, number, chance)
                seen = [
                    await _once(database, actor, chance.randrange(size), chance)
                    for _ in range(probes)
                ]
                times = sorted(seconds * 1000 for seconds, _ in seen)
                overlaps = sum(count for _, count in seen) / probes
                found.append(Check(size, overlaps, median(times), times[int(len(times) * 0.99)]))
    finally:
        await connection.close()
    return found


def measure(data_dir: Path, probes: int) -> list[Check]:
    """The check on a database of its own in an empty folder."""
    with EmbeddedPostgres(data_dir) as embedded:
        migrate(embedded.dsn)
        return asyncio.run(_checks(embedded.dsn, probes))
