"""W6: a catalogue of 10,000 items from a file, published, and published anew as its next revision.

The floor is what PostgreSQL must do in any case, on one bare connection: COPY of the same rows into
``catalogue_items``, and the one INSERT that makes offers of them (with its full text and indexes).
"""

import asyncio
import http.client
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson
import sqlalchemy as sa

from api.core.actor import Actor
from api.core.documents import Query
from api.core.keys import KeyRing
from api.core.tokens import Tokens
from api.domains.publications.repository import OFFERED, OFFERED_COLUMNS
from api.embedded import EmbeddedPostgres
from api.migrations import migrate
from api.models.catalogues import CatalogueItem, Offer
from api.policies import Role, permissions_of
from bench import servers
from bench.bulk import Load

ROWS = 10_000
_items = CatalogueItem.__table__.c  # type: ignore[attr-defined]
NAMES = ("Urea granulada", "Guano de las islas", "Tijera de podar", "Plantón CCN-51", "Compost")
_COLUMNS = (
    "id", "created_at", "updated_at", "catalogue_id", "organization_id", "shelf_id", "sku", "name",
    "description", "category", "unit", "pack_size", "price", "price_tiers", "lead_time_days",
    "organic", "attributes",
)  # fmt: skip
_SUPPLIER = """
INSERT INTO organizations (id, version, created_at, updated_at, legal_name, ruc, roles, state,
                           verified_at)
VALUES ($1, 1, now(), now(), 'bench', '90000000001', '{input_supplier}', 'verified', now())
"""
_ENTRY = """
INSERT INTO ledger_entries (id, recorded_at, event, organization_id, subject_type, subject_id, body)
VALUES (gen_random_uuid(), now(), 'bench.prepared', $1, 'organization', $1, $2)
"""


def _table() -> bytes:
    head = "sku,name,description,category,unit,pack_size,price,tier_1_min_quantity,tier_1_price\n"
    rows = (
        f"SKU-{n},{NAMES[n % 5]},Presentación para cacao,fertilizer,KGM,50,{40 + n % 200}.00,10,"
        f"{38 + n % 200}.00\n"
        for n in range(ROWS)
    )
    return (head + "".join(rows)).encode()


def _records(catalogue_id: UUID, owner: UUID) -> list[tuple[Any, ...]]:
    at, size = datetime.now(UTC), Decimal(50)
    tiers = '[{"min_quantity": "10.000", "price": "38.00"}]'
    ids = [uuid4() for _ in range(ROWS)]
    return [
        (
            item_id, at, at, catalogue_id, owner, item_id, f"BARE-{n}", NAMES[n % 5],
            "Presentación para cacao", "fertilizer", "KGM", size, Decimal(40 + n % 200), tiers, 0,
            False, "{}",
        )
        for n, item_id in enumerate(ids)
    ]  # fmt: skip


class _Caller:
    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token

    def send(self, method: str, path: str, body: bytes, kind: str = "application/json") -> Any:
        """The answer, and the seconds until it came."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=300)
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": kind}
        began = time.perf_counter()
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        found = answer.read()
        seconds = time.perf_counter() - began
        connection.close()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {found[:500]!r}")
        return orjson.loads(found), seconds


def _ours(caller: _Caller) -> tuple[UUID, list[tuple[float, float]]]:
    """The catalogue; seconds of writing its items twice, and of publishing it twice."""
    day = date.today()  # noqa: DTZ011 - any day does
    wish = {
        "name": "bench", "currency": "PEN", "valid_from": str(day - timedelta(1)),
        "valid_until": str(day + timedelta(365)), "coverage": ["22"],
    }  # fmt: skip
    made, _ = caller.send("POST", "/v1/catalogues", orjson.dumps(wish))
    path = f"/v1/catalogues/{made['id']}"
    data = _table()
    _, first = caller.send("PUT", f"{path}/items", data, "text/csv")
    _, again = caller.send("PUT", f"{path}/items", data, "text/csv")
    _, published = caller.send("POST", f"{path}/publish", b"")
    draft, _ = caller.send("POST", f"{path}/revise", b"")
    _, anew = caller.send("POST", f"/v1/catalogues/{draft['id']}/publish", b"")
    caller.send("POST", f"/v1/catalogues/{draft['id']}/withdraw", b"")
    return UUID(made["id"]), [(first, again), (published, anew)]


async def _floor(connection: Any, catalogue_id: UUID, owner: UUID) -> tuple[float, float]:
    """Seconds of COPY and of the INSERT of offers; both are undone."""
    offer = Query(
        sa.insert(Offer).from_select(
            list(OFFERED_COLUMNS),
            OFFERED.where(_items.catalogue_id == sa.bindparam("which")),
        )
    )
    records = _records(catalogue_id, owner)
    transaction = connection.transaction()
    await transaction.start()
    began = time.perf_counter()
    await connection.copy_records_to_table("catalogue_items", columns=_COLUMNS, records=records)
    copied = time.perf_counter()
    rows = await connection.execute(offer.sql, *offer.arguments({"which": catalogue_id}))
    ended = time.perf_counter()
    await transaction.rollback()
    if rows != f"INSERT 0 {2 * ROWS}":
        raise RuntimeError(rows)
    # The catalogue's own items are offered with them.
    return copied - began, (ended - copied) / 2


async def _rounds(dsn: str, data_dir: Path, port: int, rounds: int) -> list[Load]:
    owner = uuid4()
    roles = frozenset({Role.INPUT_SUPPLIER})
    actor = Actor(uuid4(), owner, roles, frozenset(map(str, permissions_of(roles, verified=True))))
    keys = KeyRing(data_dir / "keys").token_keys()
    token = Tokens(keys, "http://127.0.0.1:8000", "mazorca", 36_000).mint(actor, int(time.time()))
    connection = await asyncpg.connect(dsn, server_settings={"timezone": "UTC", "jit": "off"})
    try:
        body = {
            "actor": {"organization_id": str(owner)},
            "related": [],
            "subject": {"type": "organization", "id": str(owner)},
        }
        async with connection.transaction():
            await connection.execute(_SUPPLIER, owner)
            await connection.execute(_ENTRY, owner, orjson.dumps(body).decode())
        found = []
        for _ in range(rounds + 1):
            catalogue_id, ours = await asyncio.to_thread(_ours, _Caller(port, token))
            found.append((ours, await _floor(connection, catalogue_id, owner)))
    finally:
        await connection.close()
    loads = []
    for place, kind in enumerate(("items from CSV", "publish")):
        # The first round warms both up.
        first, again = (median(ours[place][n] for ours, _ in found[1:]) for n in (0, 1))
        floor = median(bare[place] for _, bare in found[1:])
        loads.append(Load(kind, ROWS, ROWS / first, ROWS / floor, ROWS / again))
    return loads


def measure(data_dir: Path, rounds: int) -> list[Load]:
    """W6 on a database of its own in an empty folder."""
    with EmbeddedPostgres(data_dir) as embedded:
        migrate(embedded.dsn)
        port = servers.free_port()
        with servers.platform(data_dir, port, 1):
            return asyncio.run(_rounds(embedded.dsn, data_dir, port, rounds))
