"""The floor: bare FastAPI routes with asyncpg and orjson on the same SQL as the platform's.

No authentication, no permission, no validation, no problem answers, no headers, no quota, no log.
``/w2`` runs every statement that placing an order runs, ledger and idempotency key included;
``/w2-bare`` only what an order cannot do without (prices, order, lines, one audit row).
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson
from fastapi import FastAPI, Request, Response

from api.domains.catalogues.repository import ITEM
from api.domains.offers.repository import OFFERS, WORD_SEARCH
from api.domains.orders import repository as orders

BUYER = UUID(os.environ["BENCH_BUYER"])
CONNECTIONS = 10
_PAGE = OFFERS.page(frozenset({"category", "ubigeo", "offered_today"}), after=False)
_WORDS = WORD_SEARCH.page(frozenset({"category", "ubigeo", "offered_today", "q"}), after=False)
_KEY = (
    "SELECT pg_try_advisory_xact_lock($1), k.status, k.body FROM (VALUES (1)) AS once"
    " LEFT JOIN idempotency_keys AS k ON k.client_id = $2 AND k.key = $3"
)
_INSERT_KEY = (
    "INSERT INTO idempotency_keys (client_id, key, fingerprint, status, headers, body, created_at)"
    " VALUES ($1, $2, $3, 201, '{}', $4, $5)"
)
_INSERT_ENTRY = (
    "INSERT INTO ledger_entries (id, recorded_at, event, organization_id, subject_type, subject_id,"
    " body) VALUES ($1, $2, 'order.placed', $3, 'order', $4, $5)"
)
_ORDER = ("order_id", "at", "actor", "supplier_id", "currency", "total", "ubigeo")
_INSERT_ORDER = (
    "INSERT INTO orders (id, created_at, updated_at, placed_at, organization_id, supplier_id,"
    " state, currency, total, paid_amount, delivery_ubigeo)"
    " VALUES ($1, $2, $2, $2, $3, $4, 'placed', $5, $6, 0, $7)"
)
_INSERT_LINE = (
    "INSERT INTO order_lines (id, order_id, created_at, updated_at, item_id, farm_plan_line_id,"
    " sku, description, category, unit, pack_size, quantity, unit_price, amount, stocked,"
    " dispatched_quantity, received_quantity, damaged_quantity)"
    " VALUES ($1, $2, now(), now(), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, true, 0, 0, 0)"
)
_PRICES = (
    "SELECT item_id, price, sku, name, category, unit, pack_size"
    " FROM offers WHERE item_id = ANY($1)"
)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """A pool that does not reset connections, like the platform's."""

    async def keep(_: Any) -> None:
        pass

    app.state.pool = await asyncpg.create_pool(
        os.environ["DATABASE_URL"],
        min_size=CONNECTIONS,
        max_size=CONNECTIONS,
        reset=keep,
        server_settings={"jit": "off", "timezone": "UTC"},
    )
    yield
    await app.state.pool.close()


app = FastAPI(lifespan=lifespan)


@app.get("/w1")
async def offers(request: Request) -> Response:
    """W1: a page of 50 offers with filters."""
    query = request.query_params
    values = {
        "category": query["category"],
        "ubigeo": query["ubigeo"],
        "today": datetime.now(UTC).date(),
        "limit_": 51,
    }
    rows = await request.app.state.pool.fetch(_PAGE.sql, *_PAGE.arguments(values))
    items = [orjson.Fragment(row[0]) for row in rows[:50]]
    return Response(orjson.dumps({"items": items}), media_type="application/json")


@app.get("/w1q")
async def words(request: Request) -> Response:
    """W1q: the same with words."""
    query = request.query_params
    values = {
        **{name: query[name] for name in ("category", "ubigeo", "q")},
        "today": datetime.now(UTC).date(),
        "limit_": 51,
    }
    rows = await request.app.state.pool.fetch(_WORDS.sql, *_WORDS.arguments(values))
    items = [orjson.Fragment(row[0]) for row in rows[:50]]
    return Response(orjson.dumps({"items": items}), media_type="application/json")


@app.get("/w3/{item_id}")
async def item(item_id: UUID, request: Request) -> Response:
    """W3: one record by id."""
    values = {"item_id": item_id, "actor": BUYER}
    row = await request.app.state.pool.fetchrow(ITEM.sql, *ITEM.arguments(values))
    return Response(orjson.dumps(orjson.Fragment(row[0])), media_type="application/json")


def _lines(wish: dict[str, Any], offers: dict[UUID, Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": uuid4(),
            "movement_id": uuid4(),
            "item_id": line["item_id"],
            "farm_plan_line_id": line["farm_plan_line_id"],
            "plan_exception": None,
            "sku": found["sku"],
            "description": found["name"],
            "category": found["category"],
            "unit": found["unit"],
            "pack_size": str(found["pack_size"]),
            "quantity": line["quantity"],
            "unit_price": str(found["price"]),
            "amount": str(found["price"] * Decimal(line["quantity"])),
            "units": str(found["pack_size"] * Decimal(line["quantity"])),
            "stocked": True,
        }
        for line in wish["lines"]
        for found in [offers[UUID(line["item_id"])]]
    ]


def _rows(order_id: UUID, lines: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    texts, numbers = ("sku", "description", "category", "unit"), ("unit_price", "amount")
    return [
        (
            line["id"],
            order_id,
            UUID(line["item_id"]),
            UUID(line["farm_plan_line_id"]),
            *(line[name] for name in texts),
            *(Decimal(line[name]) for name in ("pack_size", "quantity", *numbers)),
        )
        for line in lines
    ]


def _order(wish: dict[str, Any], lines: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "order_id": uuid4(),
        "at": datetime.now(UTC),
        "actor": BUYER,
        "supplier_id": UUID(wish["supplier_id"]),
        "cluster_id": None,
        "state": "placed",
        "currency": "PEN",
        "answer_until": datetime.now(UTC) + timedelta(days=3),
        "freight": Decimal(0),
        "demand_pool_id": None,
        "total": sum((Decimal(line["amount"]) for line in lines), Decimal(0)),
        "ubigeo": wish["delivery_ubigeo"],
        "lines": orjson.dumps(lines).decode(),
        "sign": -1,
        "kind": "reserved",
    }


@app.post("/w2")
async def place(request: Request) -> Response:
    """W2: an order of three lines, every statement that the platform runs."""
    body = await request.body()
    wish, key = orjson.loads(body), request.headers["idempotency-key"]
    async with request.app.state.pool.acquire() as connection, connection.transaction():
        await connection.fetchrow(_KEY, hash(key), BUYER, key)

        async def run(query: Any, **values: Any) -> Any:
            return await connection.fetch(query.sql, *query.arguments(values))

        line_ids = [UUID(line["farm_plan_line_id"]) for line in wish["lines"]]
        item_ids = [UUID(line["item_id"]) for line in wish["lines"]]
        planned = await run(orders._LOCK_PLAN_LINES, line_ids=line_ids, actor=BUYER)
        plan_ids = sorted({row["farm_plan_id"] for row in planned})
        found = await run(orders._LOCK_OFFERS, item_ids=item_ids, ubigeo=wish["delivery_ubigeo"])
        lines = _lines(wish, {row["item_id"]: row for row in found})
        order = _order(wish, lines)
        touched = {"item_ids": item_ids, "line_ids": line_ids, "plan_ids": plan_ids}
        await run(orders._PLACE, **order, **touched)
        document = await run(orders.ORDER, order_id=order["order_id"], actor=BUYER)
        answer = document[0][0].encode()
        now = datetime.now(UTC)
        await connection.execute(_INSERT_KEY, BUYER, key, b"", answer, now)
        entry = (uuid4(), now, BUYER, order["order_id"], _entry(order))
        await connection.execute(_INSERT_ENTRY, *entry)
    return Response(answer, 201, media_type="application/json")


def _entry(order: dict[str, Any]) -> str:
    subject = {"type": "order", "id": str(order["order_id"])}
    actor = {"organization_id": str(BUYER)}
    return orjson.dumps({"actor": actor, "subject": subject, "related": []}).decode()


@app.post("/w2-bare")
async def place_bare(request: Request) -> Response:
    """The least that an order is: read prices, insert order, lines, one audit row."""
    wish = orjson.loads(await request.body())
    async with request.app.state.pool.acquire() as connection, connection.transaction():
        item_ids = [UUID(line["item_id"]) for line in wish["lines"]]
        found = await connection.fetch(_PRICES, item_ids)
        lines = _lines(wish, {row["item_id"]: row for row in found})
        order = _order(wish, lines)
        await connection.execute(_INSERT_ORDER, *(order[name] for name in _ORDER))
        await connection.executemany(_INSERT_LINE, _rows(order["order_id"], lines))
        entry = (uuid4(), datetime.now(UTC), BUYER, order["order_id"], _entry(order))
        await connection.execute(_INSERT_ENTRY, *entry)
    return Response(orjson.dumps({"id": order["order_id"]}), 201, media_type="application/json")
