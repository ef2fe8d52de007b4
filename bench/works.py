"""The works that are measured: what each connection sends, to the platform and to the floor."""

import random
from dataclasses import dataclass
from uuid import uuid4

import orjson

from bench.data import Prepared
from bench.load import Make, request

FILTERS = "category=fertilizer&ubigeo=221001"


@dataclass(frozen=True, slots=True)
class Work:
    """One work: its name, what it is, the status of success."""

    name: str
    text: str
    expected: int


W1 = Work("W1", "a page of 50 offers with filters", 200)
W1Q = Work("W1q", "the same with words, common and rare", 200)
W2 = Work("W2", "an order of three lines: key, stock, plan lines, state, ledger", 201)
W3 = Work("W3", "one record by id with ETag", 200)
WORKS = (W1, W1Q, W3, W2)
WORDS = ("urea", "guano+islas", "lote+77", "ureas+granuladas", "lote+4242")
"""In one item of ten, and in one alone."""


def platform_make(work: Work, prepared: Prepared, token: str, connection: int) -> Make:
    """Requests as a partner sends them."""
    auth = {"Authorization": f"Bearer {token}"}
    if work is W1:
        fixed = request("GET", f"/v1/offers?limit=50&{FILTERS}", auth)
        return lambda _: fixed
    if work is W1Q:
        found = [request("GET", f"/v1/offers?limit=50&{FILTERS}&q={q}", auth) for q in WORDS]
        return lambda n: found[(n + connection) % len(found)]
    if work is W3:
        paths = [request("GET", f"/v1/catalogue-items/{i}", auth) for i in prepared.item_ids]
        return lambda n: paths[(n * 7 + connection) % len(paths)]
    return lambda _: request(
        "POST",
        "/v1/orders",
        {**auth, "Idempotency-Key": str(uuid4())},
        _order(prepared, connection),
    )


def floor_make(work: Work, prepared: Prepared, connection: int, *, bare: bool = False) -> Make:
    """The same, for the bare routes."""
    if work is W1:
        fixed = request("GET", f"/w1?{FILTERS}", {})
        return lambda _: fixed
    if work is W1Q:
        found = [request("GET", f"/w1q?{FILTERS}&q={q}", {}) for q in WORDS]
        return lambda n: found[(n + connection) % len(found)]
    if work is W3:
        paths = [request("GET", f"/w3/{i}", {}) for i in prepared.item_ids]
        return lambda n: paths[(n * 7 + connection) % len(paths)]
    path = "/w2-bare" if bare else "/w2"
    return lambda _: request(
        "POST", path, {"Idempotency-Key": str(uuid4())}, _order(prepared, connection)
    )


def _order(prepared: Prepared, connection: int) -> bytes:
    """Three random items for the three lines of the connection's own plan."""
    items = random.sample(prepared.item_ids, 3)
    first = 3 * connection
    lines = [
        {"item_id": str(item), "quantity": "1", "farm_plan_line_id": str(prepared.line_ids[n])}
        for n, item in enumerate(items, first)
    ]
    return orjson.dumps(
        {"supplier_id": str(prepared.supplier_id), "delivery_ubigeo": "221001", "lines": lines}
    )
