"""Closing a demand pool of 500 pledges over HTTP: one order with a line for each producer.

The pledges are no whole packs, so that packs and céntimos have to be shared out.
"""

import asyncio
import http.client
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from uuid import UUID, uuid4

import asyncpg
import orjson

from api.embedded import EmbeddedPostgres
from api.migrations import migrate
from bench import servers
from bench.data import Prepared, prepare

PLEDGES = 500
MOST_SECONDS = 1.0
ITEMS = 10_000

_POOL = """
CREATE TEMPORARY TABLE member ON COMMIT DROP AS
SELECT n, gen_random_uuid() AS person, gen_random_uuid() AS producer, gen_random_uuid() AS plan,
       gen_random_uuid() AS line FROM generate_series(1, {pledges}) AS n;
INSERT INTO persons (id, version, created_at, updated_at)
SELECT person, 1, now(), now() FROM member;
INSERT INTO producers (id, version, created_at, updated_at, organization_id, person_id, ubigeo,
                       association_status, state, registered_on)
SELECT producer, 1, now(), now(), '{buyer}', person, '221001', 'associated', 'active', current_date
  FROM member;
INSERT INTO farm_plans (id, version, created_at, updated_at, organization_id,
    producer_organization_id, producer_id, revision, state, starts_on, ends_on, conservation_ha,
    expected_yields, accepted_on)
SELECT plan, 1, now(), now(), '{buyer}', '{buyer}', producer, 1, 'accepted', current_date - 1,
       current_date + 365, 0, '[]', current_date
  FROM member;
INSERT INTO farm_plan_lines (id, version, created_at, updated_at, farm_plan_id, month, activity,
    kind, category, specification, unit, quantity, estimated_cost, currency, ordered_quantity,
    financed_amount)
SELECT line, 1, now(), now(), plan, current_date, 'fertilisation', 'input', 'fertilizer',
       'nitrogen', 'KGM', 10000, 10000, 'PEN', 0, 0
  FROM member;
INSERT INTO clusters (id, version, created_at, updated_at, organization_id, name, kind, ubigeo)
VALUES ('{cluster}', 1, now(), now(), '{buyer}', 'bench', 'associated', '221001');
INSERT INTO cluster_members (id, version, created_at, updated_at, cluster_id, producer_id,
                             joined_on)
SELECT gen_random_uuid(), 1, now(), now(), '{cluster}', producer, current_date - 1 FROM member;
INSERT INTO demand_pools (id, version, created_at, updated_at, organization_id, supplier_id,
    cluster_id, item_id, shelf_id, name, delivery_ubigeo, minimum, maximum, pledged_quantity,
    closes_at, state)
SELECT '{pool}', 1, now(), now(), '{buyer}', o.organization_id, '{cluster}', o.item_id, o.shelf_id,
       o.name, '221001', 1, 1000000, (SELECT sum(n % 7 + 1.337) FROM member),
       now() + interval '1 day', 'open'
  FROM offers AS o WHERE o.item_id = '{item}';
INSERT INTO pool_pledges (id, version, created_at, updated_at, demand_pool_id, producer_id,
    farm_plan_line_id, quantity, state)
SELECT gen_random_uuid(), 1, now(), now(), '{pool}', producer, line, n % 7 + 1.337, 'standing'
  FROM member;
INSERT INTO ledger_entries (id, recorded_at, event, organization_id, subject_type, subject_id, body)
VALUES (gen_random_uuid(), now(), 'bench.prepared', '{buyer}', 'organization', '{buyer}',
    '{{"actor":{{"organization_id":"{buyer}"}},"related":[],"subject":{{"id":"{buyer}",'
    '"type":"organization"}}}}');
"""


@dataclass(frozen=True, slots=True)
class Close:
    """Seconds from the request to the answer."""

    pledges: int
    p50_seconds: float
    worst_seconds: float

    def line(self) -> str:
        """A row of the table."""
        return f"| {self.pledges} | {self.p50_seconds:.3f} | {self.worst_seconds:.3f} |"


async def _pool(dsn: str, prepared: Prepared) -> UUID:
    """A pool of the buyer's that is ready to be closed."""
    names = {"buyer": prepared.buyer_id, "item": prepared.item_ids[0]}
    pool, cluster = uuid4(), uuid4()
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await connection.execute(
                _POOL.format(pool=pool, cluster=cluster, pledges=PLEDGES, **names)
            )
    finally:
        await connection.close()
    return pool


def _close(port: int, token: str, pool: UUID) -> float:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
    began = time.perf_counter()
    connection.request("POST", f"/v1/demand-pools/{pool}/close", headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    seconds = time.perf_counter() - began
    connection.close()
    if answer.status != 200 or orjson.loads(body)["state"] != "closed":
        raise RuntimeError(f"the pool was not closed: {answer.status} {body[:500]!r}")
    return seconds


def measure(data_dir: Path, rounds: int, token_for: Callable[[Path, Prepared], str]) -> Close:
    """A pool for each round and one before, on a database of its own in an empty folder."""
    with EmbeddedPostgres(data_dir) as embedded:
        migrate(embedded.dsn)
        prepared = asyncio.run(prepare(embedded.dsn, ITEMS))
        token, port = token_for(data_dir, prepared), servers.free_port()
        with servers.platform(data_dir, port, 1):
            times = [
                _close(port, token, asyncio.run(_pool(embedded.dsn, prepared)))
                for _ in range(rounds + 1)
            ]
    warm = times[1:]
    return Close(PLEDGES, median(warm), max(warm))
