"""W5: 10,000 producers and 10,000 plots over HTTP, against the same loads in process."""

import asyncio
import http.client
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from api.core.actor import Actor
from api.core.keys import KeyRing
from api.core.tokens import Tokens
from api.embedded import EmbeddedPostgres
from api.migrations import migrate
from api.policies import Role, permissions_of
from bench import bulk_data, bulk_floor, servers

ROWS = 10_000
KINDS = {"producers": "text/csv", "plots": "application/geo+json"}
LEAST, AIM = 0.3, 0.6
"""Ratio to the floor: to reach at least, and to aim at."""


@dataclass(frozen=True, slots=True)
class Load:
    """Rows per second of one kind of file, medians of the rounds."""

    kind: str
    rows: int
    ours: float
    floor: float
    again: float
    """The same file once more, which changes nothing."""

    @property
    def ratio(self) -> float:
        """Platform to floor."""
        return self.ours / self.floor

    def line(self) -> str:
        """A row of the table."""
        return (
            f"| {self.kind} | {self.rows:,} | {self.ours:,.0f} | {self.floor:,.0f} "
            f"| **{self.ratio:.2f}** | {self.again:,.0f} |"
        )


def _token(data_dir: Path, organization_id: UUID) -> str:
    roles = frozenset({Role.PRODUCER_ORGANIZATION})
    scopes = frozenset(str(p) for p in permissions_of(roles, verified=True))
    actor = Actor(uuid4(), organization_id, frozenset(roles), scopes)
    keys = KeyRing(data_dir / "keys").token_keys()
    return Tokens(keys, "http://127.0.0.1:8000", "mazorca", 36_000).mint(actor, int(time.time()))


def _send(port: int, token: str, kind: str, data: bytes, outcome: str) -> float:
    """Seconds until the answer to a file of which every row has the outcome."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=300)
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": KINDS[kind],
        "Idempotency-Key": str(uuid4()),
    }
    began = time.perf_counter()
    connection.request("POST", f"/v1/imports/{kind}", data, headers)
    answer = connection.getresponse()
    body = answer.read()
    seconds = time.perf_counter() - began
    connection.close()
    if answer.status != 201 or f'"{outcome}" : {ROWS}'.encode() not in body:
        raise RuntimeError(f"{kind}: {answer.status} {body[:500]!r}")
    return seconds


async def _timed(load: Callable[..., Awaitable[None]], *arguments: Any) -> float:
    began = time.perf_counter()
    await load(*arguments)
    return time.perf_counter() - began


async def _round(
    connection: "asyncpg.Connection", data_dir: Path, port: int, number: int
) -> dict[str, tuple[float, float, float]]:
    """Seconds of the platform, the floor and the platform again, by kind."""
    ours = await bulk_data.organization(connection, 2 * number)
    bare = await bulk_data.organization(connection, 2 * number + 1)
    token = _token(data_dir, ours)
    found = {}
    for kind, make, load in (
        ("producers", bulk_data.producers, bulk_floor.producers),
        ("plots", bulk_data.plots, bulk_floor.plots),
    ):
        data, other = make(2 * number, ROWS), make(2 * number + 1, ROWS)
        first = await asyncio.to_thread(_send, port, token, kind, data, "created")
        floor = await _timed(load, connection, bare, other)
        again = await asyncio.to_thread(_send, port, token, kind, data, "unchanged")
        found[kind] = (first, floor, again)
    return found


async def _rounds(dsn: str, data_dir: Path, port: int, rounds: int) -> list[Load]:
    connection = await asyncpg.connect(dsn, server_settings={"timezone": "UTC", "jit": "off"})
    try:
        found = [await _round(connection, data_dir, port, n) for n in range(rounds + 1)]
    finally:
        await connection.close()
    loads = []
    for kind in KINDS:
        # The first round warms both up.
        seconds = [one[kind] for one in found[1:]]
        ours, floor, again = (median(each) for each in zip(*seconds, strict=True))
        loads.append(Load(kind, ROWS, ROWS / ours, ROWS / floor, ROWS / again))
    return loads


def measure(data_dir: Path, rounds: int) -> list[Load]:
    """W5 on a database of its own in an empty folder."""
    with EmbeddedPostgres(data_dir) as embedded:
        migrate(embedded.dsn)
        port = servers.free_port()
        with servers.platform(data_dir, port, 1):
            return asyncio.run(_rounds(embedded.dsn, data_dir, port, rounds))
