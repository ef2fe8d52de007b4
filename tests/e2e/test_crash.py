"""A power cut amid 500 orders: nothing that was answered is lost, nothing is done twice."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
import orjson
import pytest

from api.domains.ledger.export import ENTRIES_FILE
from tests.e2e.market import AMPLE_PACKS, PACK_KG, Market, open_market
from tests.e2e.server import ANSWER_SECONDS, START_SECONDS, Mazorca, survivors

pytestmark = pytest.mark.e2e

ORDERS = 500
AT_ONCE = 60
KILL_AFTER = 120
SCARCE_ORDERS = 200
SCARCE_PACKS = 100
SCARCE_KILL_AFTER = 40


@dataclass
class Round:
    """What became of one attempt at all the orders: ids of those answered, by key."""

    kill_after: int = KILL_AFTER
    placed: dict[str, str] = field(default_factory=dict)
    refused: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Why, and what is left, by key."""
    replayed: int = 0
    lost: int = 0
    enough: asyncio.Event = field(default_factory=asyncio.Event)


async def place(server: Mazorca, market: Market, keys: Sequence[str], found: Round) -> None:
    """One order for each key, many at once."""
    gate = asyncio.Semaphore(AT_ONCE)
    headers = {"Authorization": f"Bearer {market.token}"}
    async with httpx.AsyncClient(
        base_url=server.url, headers=headers, timeout=ANSWER_SECONDS
    ) as http:

        async def one(key: str) -> None:
            async with gate:
                answer = None
                # Who is told that the platform is busy sends it again, with the same key.
                while answer is None or answer.status_code == 503:
                    try:
                        answer = await http.post(
                            "/v1/orders", json=market.order, headers={"Idempotency-Key": key}
                        )
                    except httpx.TransportError:
                        found.lost += 1
                        return
            if answer.status_code >= 500:
                # The API outlived its database by a moment.
                found.lost += 1
                return
            if answer.status_code == 409:
                [fault] = answer.json()["errors"]
                found.refused[key] = (fault["code"], fault["left"])
                return
            assert answer.status_code == 201, answer.text
            found.placed[key] = answer.json()["id"]
            found.replayed += answer.headers.get("Idempotent-Replayed") == "true"
            if len(found.placed) == found.kill_after:
                found.enough.set()

        await asyncio.gather(*(one(key) for key in keys))


async def killed_amid(
    server: Mazorca, market: Market, keys: Sequence[str], kill_after: int = KILL_AFTER
) -> Round:
    """Place orders, and kill every process of the server as soon as some are answered."""
    found = Round(kill_after)
    placing = asyncio.create_task(place(server, market, keys, found))
    await asyncio.wait_for(found.enough.wait(), START_SECONDS)
    doomed = server.kill()
    await placing
    assert survivors(doomed) == set()
    return found


async def test_a_power_cut_amid_orders(mortal: Mazorca, tmp_path: Path) -> None:
    mortal.ensure_running()
    with httpx.Client(base_url=mortal.url, timeout=ANSWER_SECONDS) as http:
        market = open_market(mortal, http)
    keys = [str(uuid4()) for _ in range(ORDERS)]
    first = await killed_amid(mortal, market, keys)
    assert KILL_AFTER <= len(first.placed) < ORDERS
    assert first.lost == ORDERS - len(first.placed)

    mortal.start()
    again = Round()
    await place(mortal, market, keys, again)
    assert len(set(again.placed.values())) == ORDERS, "one order for each key"
    assert again.placed | first.placed == again.placed, "the answers of before still hold"
    assert again.replayed >= len(first.placed)

    assert (first.refused, again.refused) == ({}, {})
    assert orders_in_books(mortal, market) == set(again.placed.values())
    assert_stock_adds_up(mortal, market, AMPLE_PACKS - ORDERS)
    assert_ledger_tells_each_once(mortal, tmp_path / "export", set(again.placed.values()))


async def test_a_power_cut_amid_more_orders_than_there_is_stock(mortal: Mazorca) -> None:
    """Two hundred want a pack each of a hundred: a hundred get one, before the cut or after it."""
    mortal.ensure_running()
    with httpx.Client(base_url=mortal.url, timeout=ANSWER_SECONDS) as http:
        market = open_market(mortal, http, SCARCE_PACKS)
    keys = [str(uuid4()) for _ in range(SCARCE_ORDERS)]
    first = await killed_amid(mortal, market, keys, SCARCE_KILL_AFTER)
    assert SCARCE_KILL_AFTER <= len(first.placed) <= SCARCE_PACKS
    assert first.lost > 0

    mortal.start()
    again = Round()
    await place(mortal, market, keys, again)
    assert len(set(again.placed.values())) == SCARCE_PACKS
    assert again.placed | first.placed == again.placed, "the answers of before still hold"
    assert again.lost == 0
    assert Counter(again.refused.values()) == {
        ("not-enough-stock", "0.000"): SCARCE_ORDERS - SCARCE_PACKS
    }
    assert orders_in_books(mortal, market) == set(again.placed.values())
    assert_stock_adds_up(mortal, market, 0)


def orders_in_books(server: Mazorca, market: Market) -> set[str]:
    """The buyer's orders, as the API lists them."""
    found: list[str] = []
    with httpx.Client(base_url=server.url, timeout=ANSWER_SECONDS) as http:
        headers, cursor = {"Authorization": f"Bearer {market.token}"}, None
        while True:
            query = {"limit": 100} | ({"cursor": cursor} if cursor else {})
            page = http.get("/v1/orders", params=query, headers=headers).raise_for_status().json()
            found += [each["id"] for each in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
    assert len(found) == len(set(found))
    return set(found)


def assert_stock_adds_up(server: Mazorca, market: Market, left: int) -> None:
    """What is left, what moved, and what the plan's line gave all tell of the same packs."""
    with server.database() as connection:
        available, moved = connection.execute(
            "SELECT s.available, (SELECT sum(m.quantity) FROM stock_movements m"
            " WHERE m.item_id = s.item_id) FROM stocks s WHERE s.item_id = %s",
            [market.item_id],
        ).fetchone() or (None, None)
        drawn = connection.execute(
            "SELECT ordered_quantity FROM farm_plan_lines WHERE id = %s", [market.line_id]
        ).fetchone()
    orders = len(orders_in_books(server, market))
    assert available == moved == left
    assert drawn == (orders * PACK_KG,)


def assert_ledger_tells_each_once(server: Mazorca, folder: Path, orders: set[str]) -> None:
    """The export verifies, and holds exactly one ``order.placed`` for each order."""
    server.wait_until_sequenced()
    exported = server.command("ledger", "export", str(folder))
    assert exported.returncode == 0, exported.stderr
    verified = server.command("ledger", "verify", str(folder))
    assert verified.returncode == 0, verified.stdout
    assert verified.stdout.startswith("intact: ")
    bodies = [
        orjson.loads(orjson.loads(line)["body"])
        for line in (folder / ENTRIES_FILE).read_bytes().splitlines()
    ]
    told = Counter(
        body["subject"]["id"]
        for body in bodies
        if body["event"] == "order.placed" and body["subject"]["id"] in orders
    )
    assert told == Counter(orders)
