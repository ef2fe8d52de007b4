import asyncio
import json
from base64 import b64decode
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from api.core.canonical import canonical
from api.core.merkle import leaf_hash, verify_consistency, verify_inclusion
from api.core.notes import open_note
from api.jobs.sequencer import Sequencer
from api.policies import Role
from api.routers.platform import Platform
from tests.callers import Caller, Callers

Sequence = Callable[[], Awaitable[None]]


@pytest.fixture
async def sequence(dsn: str, platform: Platform) -> Sequence:
    """Runs the sequencer until nothing waits: other tests may have left more than one batch."""

    async def until_done() -> None:
        connection = await asyncpg.connect(dsn)
        try:
            while await Sequencer(dsn, platform.signer, 1).once(connection):
                pass
        finally:
            await connection.close()

    return until_done


@pytest.fixture
async def buyer(callers: Callers) -> Caller:
    return await callers.new(Role.BUYER)


async def events_of(caller: Caller) -> list[dict[str, Any]]:
    return list((await caller.get("/v1/events?limit=1000")).json()["items"])


class TestFeed:
    async def test_shows_what_concerns_the_organisation_and_nothing_else(
        self, callers: Callers, buyer: Caller, sequence: Sequence
    ) -> None:
        other = await callers.new(Role.BUYER)
        await buyer.make("/v1/clients", {"name": "app"})
        await other.make("/v1/clients", {"name": "app"})
        await sequence()
        mine = await events_of(buyer)
        assert {e["entry"]["event"] for e in mine} >= {
            "organization.verified",
            "api_client.created",
        }
        theirs = {e["position"] for e in await events_of(other)}
        assert theirs
        assert not theirs & {e["position"] for e in mine}

    async def test_an_observer_reads_every_position(
        self, callers: Callers, sequence: Sequence
    ) -> None:
        observer = await callers.new(Role.OBSERVER)
        await sequence()
        positions, after = [], -1
        while True:
            page = (await observer.get(f"/v1/events?limit=1000&after={after}")).json()
            if not page["items"]:
                break
            positions += [item["position"] for item in page["items"]]
            after = page["last"]
        assert positions == list(range(len(positions)))

    async def test_entries_that_commit_late_are_not_missed(
        self, dsn: str, callers: Callers, buyer: Caller, sequence: Sequence, platform: Platform
    ) -> None:
        slow = await asyncpg.connect(dsn)
        transaction = slow.transaction()
        await transaction.start()
        entry_id = await slow.fetchval(
            "INSERT INTO ledger_entries (id, recorded_at, event, organization_id, subject_type,"
            " subject_id, body) SELECT gen_random_uuid(), now(), event, organization_id,"
            " subject_type, subject_id, body FROM ledger_entries WHERE organization_id = $1"
            " OR subject_id = $1 LIMIT 1 RETURNING id",
            buyer.organization_id,
        )
        await buyer.make("/v1/clients", {"name": "later, but committed first"})
        await sequence()
        await transaction.commit()
        await slow.close()
        position = "SELECT position FROM ledger_leaves WHERE entry_id = $1"
        assert await platform.database.pool.fetchval(position, entry_id) is None
        await sequence()
        assert await platform.database.pool.fetchval(position, entry_id) is not None


class TestProofs:
    async def test_inclusion_verifies_offline(self, buyer: Caller, sequence: Sequence) -> None:
        await sequence()
        for event in (await events_of(buyer))[:3]:
            path = f"/v1/ledger/entries/{event['entry']['id']}"
            proof = (await buyer.get(f"{path}/proof")).json()
            newest = proof["checkpoint"]
            signed = open_note(newest["note"], [newest["verifier_key"]])
            leaf = leaf_hash((await buyer.get(path)).content)
            assert leaf == b64decode(proof["leaf_hash"])
            assert leaf == leaf_hash(canonical(json.loads((await buyer.get(path)).content)))
            hashes = [b64decode(h) for h in proof["hashes"]]
            assert verify_inclusion(leaf, proof["position"], signed.size, hashes, signed.root)

    async def test_consistency_verifies_between_two_checkpoints(
        self, buyer: Caller, sequence: Sequence
    ) -> None:
        await sequence()
        old = (await buyer.get("/v1/ledger/checkpoint")).json()
        await buyer.make("/v1/clients", {"name": "one more"})
        await sequence()
        new = (await buyer.get("/v1/ledger/checkpoint")).json()
        assert new["tree_size"] == old["tree_size"] + 2
        path = f"/v1/ledger/consistency?from={old['tree_size']}&to={new['tree_size']}"
        hashes = [b64decode(h) for h in (await buyer.get(path)).json()["hashes"]]
        roots = b64decode(old["root"]), b64decode(new["root"])
        assert verify_consistency(old["tree_size"], roots[0], new["tree_size"], roots[1], hashes)

    async def test_sizes_beyond_the_log_are_refused(self, buyer: Caller) -> None:
        answer = await buyer.get("/v1/ledger/consistency?from=1&to=9000000")
        assert (answer.status_code, answer.json()["code"]) == (409, "size-unknown")

    async def test_an_entry_of_others_is_not_found(
        self, callers: Callers, buyer: Caller, sequence: Sequence
    ) -> None:
        await sequence()
        other = await callers.new(Role.BUYER)
        entry = (await events_of(buyer))[0]["entry"]["id"]
        assert (await other.get(f"/v1/ledger/entries/{entry}")).status_code == 404
        assert (await other.get(f"/v1/ledger/entries/{entry}/proof")).status_code == 404

    async def test_before_its_position_an_entry_has_no_proof_yet(
        self, buyer: Caller, sequence: Sequence, platform: Platform
    ) -> None:
        await sequence()
        await buyer.make("/v1/clients", {"name": "too fresh"})
        entry = await platform.database.pool.fetchval(
            "SELECT id FROM ledger_entries WHERE organization_id = $1 ORDER BY id DESC LIMIT 1",
            buyer.organization_id,
        )
        answer = await buyer.get(f"/v1/ledger/entries/{entry}/proof")
        assert (answer.status_code, answer.json()["code"]) == (409, "not-sequenced")
        await sequence()
        assert (await buyer.get(f"/v1/ledger/entries/{entry}/proof")).status_code == 200


class TestNets:
    """What keeps the ledger complete when somebody forgets it."""

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE ledger_entries SET event = 'x'",
            "DELETE FROM ledger_entries",
            "TRUNCATE ledger_entries CASCADE",
            "UPDATE ledger_leaves SET position = position + 1",
            "DELETE FROM ledger_checkpoints",
        ],
    )
    async def test_the_database_refuses_to_change_it(self, dsn: str, statement: str) -> None:
        connection = await asyncpg.connect(dsn)
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="append-only"):
            await connection.execute(statement)
        await connection.close()

    async def test_the_database_refuses_a_change_without_an_entry(
        self, dsn: str, buyer: Caller
    ) -> None:
        connection = await asyncpg.connect(dsn)
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="without a ledger"):
            await connection.execute(
                "UPDATE organizations SET legal_name = 'x' WHERE id = $1", buyer.organization_id
            )
        await connection.close()

    async def test_a_parallel_crowd_is_sequenced_once_each(
        self, dsn: str, buyer: Caller, platform: Platform, sequence: Sequence
    ) -> None:
        await sequence()  # What other tests left would take its time.
        await asyncio.gather(*(buyer.make("/v1/clients", {"name": f"app {n}"}) for n in range(20)))
        sequencers = [Sequencer(dsn, platform.signer, 0.01) for _ in range(3)]
        tasks = [asyncio.create_task(s.run()) for s in sequencers]
        waiting = (
            "SELECT count(*) FROM ledger_entries e WHERE NOT EXISTS"
            " (SELECT FROM ledger_leaves l WHERE l.entry_id = e.id)"
        )
        async with asyncio.timeout(120):
            while await platform.database.pool.fetchval(waiting):  # noqa: ASYNC110 - elsewhere
                await asyncio.sleep(0.05)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        row = await platform.database.pool.fetchrow(
            "SELECT count(*), max(position) + 1 AS size FROM ledger_leaves"
        )
        assert row["count"] == row["size"]
        assert not await platform.database.pool.fetchval(waiting)
