"""Two API processes, one key: one order, whoever of them is asked."""

import asyncio
from uuid import uuid4

import httpx
import pytest

from tests.e2e.market import open_market
from tests.e2e.server import Mazorca

pytestmark = pytest.mark.e2e

ATTEMPTS = 50


async def test_fifty_identical_requests_make_one_order(mazorca: Mazorca) -> None:
    with httpx.Client(base_url=mazorca.url, timeout=60) as http:
        market = open_market(mazorca, http)
    headers = {"Authorization": f"Bearer {market.token}", "Idempotency-Key": str(uuid4())}

    # A connection for each request, so that the kernel spreads them over both processes.
    limits = httpx.Limits(max_keepalive_connections=0)
    async with httpx.AsyncClient(base_url=mazorca.url, timeout=60, limits=limits) as many:
        answers = await asyncio.gather(
            *(many.post("/v1/orders", json=market.order, headers=headers) for _ in range(ATTEMPTS))
        )
    made = [each for each in answers if each.status_code == 201]
    refused = [each for each in answers if each.status_code != 201]
    assert {(each.status_code, each.json()["code"]) for each in refused} <= {(409, "still-running")}
    assert len({each.content for each in made}) == 1
    assert sum("idempotent-replayed" not in each.headers for each in made) == 1
    with mazorca.database() as connection:
        count = connection.execute(
            "SELECT count(*) FROM orders WHERE organization_id = %s",
            [market.cooperative.organization_id],
        ).fetchone()
    assert count == (1,)
