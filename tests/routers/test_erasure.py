"""Somebody erased is nowhere: not in a table, not in a log, not in a kept answer."""

import asyncio
import io
import json
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import asyncpg
import pytest
import structlog

from api.core.clock import today
from api.core.ids import new_id
from api.domains.ledger.export import entry_line
from api.domains.ledger.rules import verify_log
from api.jobs.sequencer import Sequencer
from api.policies import Role
from api.routers.platform import Platform
from tests.callers import Caller, Callers
from tests.factories.clusters import new_cluster
from tests.factories.consents import new_consent
from tests.factories.farm_plans import approved_plan, draft_plan
from tests.factories.plots import new_plot, square
from tests.factories.producers import new_producer, registration
from tests.factories.visits import new_visit
from tests.traces import told

TRACES = {
    "given_names": "Zoraida Xiomara",
    "corrected": "Zoraidha Xiomara",
    "family_names": "Wuamputsag Yaqueth",
    "searched": "wuamputsag",
    "number": "70914862",
    "mistyped": "71914862",
    "phone": "+51943217658",
    "ruc": "10709148627",
    "changed_phone": "+51943217659",
    "code": "ZXWY-77",
    "plot": "Fundo Wuamputsag",
    "plot_code": "WUAMP-1",
    "title": "PE-WUAMPUTSAG-01",
    "note": "Wuamputsag heredó la franja",
    "finding": "Wuamputsag dejó de podar",
}
"""Nothing else in any test is called so."""
Dump = Callable[[], Awaitable[dict[str, bytes]]]


@pytest.fixture
async def dump(dsn: str) -> Dump:
    """Every table of the database as text, bytes spelled out."""

    async def taken() -> dict[str, bytes]:
        connection = await asyncpg.connect(dsn)
        try:
            tables = await connection.fetch(
                "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables"
                " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
            )
            await connection.execute("SET bytea_output = 'escape'")
            found = {}
            for (name,) in tables:
                out = io.BytesIO()
                await connection.copy_from_query(f"TABLE {name}", output=out)
                found[name] = out.getvalue()
            return found
        finally:
            await connection.close()

    return taken


def traces_in(text: bytes) -> set[str]:
    """Which of the traces are in a text, in whatever way it writes letters that are not ASCII."""
    text = told(text.decode("latin-1")).encode("latin-1")
    spellings = {
        name: {
            value.encode(),
            json.dumps(value).strip('"').encode(),
            # COPY doubles the backslashes of escaped bytes.
            "".join(c if c.isascii() else "".join(rf"\\{b:03o}" for b in c.encode())
                    for c in value).encode(),
        }
        for name, value in TRACES.items()
    }  # fmt: skip
    return {name for name, ways in spellings.items() if any(way in text for way in ways)}


def found_in(tables: dict[str, bytes]) -> dict[str, set[str]]:
    return {name: traces for name, text in tables.items() if (traces := traces_in(text))}


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


async def somebody(coop: Caller) -> dict[str, Any]:
    """A producer with every trace that a registration takes, once misspelt."""
    wish = registration(
        document={"type": "dni", "number": TRACES["number"]},
        given_names=TRACES["corrected"],
        family_names=TRACES["family_names"],
        phone=TRACES["phone"],
        ruc=TRACES["ruc"],
        external_id=TRACES["code"],
    )
    made = await coop.make("/v1/producers", wish)
    path = f"/v1/producers/{made['id']}"
    change = {"given_names": TRACES["given_names"], "phone": TRACES["changed_phone"]}
    headers = {"If-Match": '"v1"', "Idempotency-Key": made["id"]}
    answer = await coop.call("PATCH", path, json=change, headers=headers)
    assert answer.status_code == 200, answer.text
    await coop.get(f"/v1/producers?q={TRACES['searched']}")
    twice = await coop.post("/v1/producers", wish)
    assert twice.status_code == 409
    refused = await coop.post("/v1/producers", wish | {"phone": TRACES["phone"] + "99999"})
    assert refused.status_code == 422
    found: dict[str, Any] = answer.json()
    return found


async def land(coop: Caller, producer_id: str) -> dict[str, Any]:
    """A plot with names all over it, in an overlap that was settled with a note."""
    place = square()
    west, south = place["coordinates"][0][0]
    plot = await new_plot(
        coop,
        producer_id,
        geometry=place,
        name=TRACES["plot"],
        external_id=TRACES["plot_code"],
        tenure_document=TRACES["title"],
    )
    other = await new_producer(coop)
    await new_plot(coop, other["id"], geometry=square(west + 0.0005, south))
    [overlap] = (await coop.get("/v1/plot-overlaps")).json()["items"]
    wish = {"decision": "survey_tolerance", "note": TRACES["note"]}
    await coop.make(f"/v1/plot-overlaps/{overlap['id']}/settle", wish)
    return plot


async def waiting_file(coop: Caller) -> None:
    """A file that names the person and has not been imported yet."""
    row = registration(given_names=TRACES["given_names"], family_names=TRACES["family_names"])
    headers = {
        "Prefer": "respond-async",
        "Content-Type": "application/json",
        "Idempotency-Key": str(new_id()),
    }
    body = json.dumps([row], ensure_ascii=False).encode()
    answer = await coop.call("POST", "/v1/imports/producers", content=body, headers=headers)
    assert answer.status_code == 202, answer.text


async def refused_row(coop: Caller) -> None:
    """A row of a file under the person's plot's code that was refused."""
    feature = {
        "type": "Feature",
        "properties": {"external_id": TRACES["plot_code"], "planting_year": 3000},
        "geometry": square(),
    }
    body = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    headers = {"Content-Type": "application/geo+json", "Idempotency-Key": str(new_id())}
    answer = await coop.call("POST", "/v1/imports/plots", content=body, headers=headers)
    assert (answer.status_code, answer.json()["refused"]) == (201, 1), answer.text


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], str]]:
    """All that is handed to the log, before the list of admitted fields cuts it down."""
    caplog.set_level("DEBUG")
    processors, seen = structlog.get_config()["processors"], []

    def keep(_logger: Any, _method: str, entry: Any) -> Any:
        seen.append(dict(entry))
        return entry

    processors.insert(0, keep)
    yield lambda: "\n".join(
        [
            json.dumps(seen, default=str, ensure_ascii=False),
            # The client's own lines are the test's, not the platform's.
            *(r.getMessage() for r in caplog.records if not r.name.startswith("httpx")),
        ]
    )
    processors.remove(keep)


class TestNothingIsLeft:
    async def test_not_in_the_database_nor_the_log_nor_the_ledger(
        self,
        coop: Caller,
        callers: Callers,
        dump: Dump,
        dsn: str,
        platform: Platform,
        lines: Callable[[], str],
    ) -> None:
        caja = await callers.new(Role.CREDIT_INSTITUTION)
        producer = await somebody(coop)
        plot = await land(coop, producer["id"])
        await new_cluster(coop, [producer["id"]])
        await new_consent(coop, producer["id"], "credit_readiness", caja)
        read = await caja.get(f"/v1/producers/{producer['id']}?purpose=credit_readiness")
        assert read.json()["given_names"] == TRACES["given_names"]
        await new_visit(coop, producer["id"], finding=TRACES["finding"])
        mistyped = {"type": "dni", "number": TRACES["mistyped"]}
        twin = await new_producer(coop, family_names=TRACES["family_names"], document=mistyped)
        await coop.make(f"/v1/producers/{twin['id']}/merge", {"into": producer["id"]})
        await waiting_file(coop)
        await refused_row(coop)
        before = found_in(await dump())
        assert {"public.import_files", "public.import_rows"} <= before.keys()
        assert set().union(*before.values()) == TRACES.keys()
        assert "public.ledger_entries" not in before

        answer = await coop.post(f"/v1/producers/{producer['id']}/erase")

        assert answer.status_code == 200, answer.text
        assert traces_in(answer.content) == set()
        assert found_in(await dump()) == {}
        assert (await coop.get(f"/v1/plots/{plot['id']}")).json()["geometry"] == plot["geometry"]
        assert "producers/{producer_id}/erase" in lines()
        assert traces_in(lines().encode()) == set()
        assert await ledger_verifies(dsn, platform)


async def ledger_verifies(dsn: str, platform: Platform) -> bool:
    """Sequence, export, and verify with what an export holds alone."""
    connection = await asyncpg.connect(dsn)
    try:
        await Sequencer(dsn, platform.signer, 1).once(connection)
        rows = await connection.fetch(
            "SELECT l.position, e.body FROM ledger_leaves l JOIN ledger_entries e"
            " ON e.id = l.entry_id ORDER BY l.position"
        )
        notes = await connection.fetch("SELECT note FROM ledger_checkpoints ORDER BY tree_size")
    finally:
        await connection.close()
    lines = [entry_line(position, body.encode()) for position, body in rows]
    verdict = verify_log(lines, [note for (note,) in notes], str(platform.signer.vkey))
    return verdict.intact and verdict.entries == len(rows) > 0


FORGOTTEN = (
    "document", "external_id", "given_names", "family_names", "birth_year", "sex", "language",
    "phone", "ruc", "captured_at",
)  # fmt: skip


async def erased(coop: Caller, producer: dict[str, Any]) -> dict[str, Any]:
    return await coop.make(f"/v1/producers/{producer['id']}/erase")


class TestOne:
    async def test_what_stays_names_nobody(self, coop: Caller) -> None:
        producer = await new_producer(coop, captured_at="2026-01-02T03:04:05Z", external_id="S-1")
        left = await erased(coop, producer)
        changed = {"state": "erased", "version": 2, "updated_at": left["updated_at"]}
        assert left == producer | dict.fromkeys(FORGOTTEN) | changed
        assert (await coop.get(f"/v1/producers/{producer['id']}")).json() == left
        named = (await coop.get("/v1/producers?q=rosa")).json()["items"]
        assert named == []
        assert (await coop.get("/v1/producers?external_id=S-1")).json()["items"] == []

    async def test_consents_end_and_recipients_are_told(
        self, coop: Caller, callers: Callers
    ) -> None:
        caja = await callers.new(Role.CREDIT_INSTITUTION)
        producer = await new_producer(coop)
        made = await new_consent(coop, producer["id"], "incentives", caja)
        path = f"/v1/producers/{producer['id']}?purpose=incentives"
        assert (await caja.get(path)).status_code == 200
        await erased(coop, producer)
        answer = await caja.get(path)
        assert (answer.status_code, answer.json()["purposes"]) == (403, [])
        assert (await caja.get(f"/v1/consents/{made['id']}")).json()["state"] == "revoked"
        log = (await coop.get(f"/v1/producers/{producer['id']}/access-log")).json()["items"]
        assert [line["operation"] for line in log] == ["get_producer"]

    async def test_nothing_can_be_added_afterwards(self, coop: Caller) -> None:
        producer = await new_producer(coop)
        cluster = await new_cluster(coop)
        await erased(coop, producer)
        path = f"/v1/producers/{producer['id']}"
        before = await coop.patch(path, {"given_names": "Rosa"}, '"v2"')
        assert (before.status_code, before.json()["state"]) == (409, "erased")
        member = {"producer_id": producer["id"], "joined_on": "2026-01-01"}
        assert (await coop.post(f"/v1/clusters/{cluster['id']}/members", member)).is_client_error
        again = await coop.post(f"{path}/erase")
        assert (again.status_code, again.json()["code"]) == (409, "state-not-allowed")

    async def test_a_retry_gets_the_first_answer(self, coop: Caller) -> None:
        producer = await new_producer(coop)
        headers = {"Idempotency-Key": "erase-once"}
        path = f"/v1/producers/{producer['id']}/erase"
        first = await coop.post(path, headers=headers)
        second = await coop.post(path, headers=headers)
        assert first.content == second.content
        assert second.headers["idempotent-replayed"] == "true"

    async def test_a_retried_registration_does_not_bring_the_person_back(
        self, coop: Caller
    ) -> None:
        wish, headers = registration(), {"Idempotency-Key": "first-visit"}
        made = (await coop.post("/v1/producers", wish, headers=headers)).json()
        await erased(coop, made)
        answer = await coop.post("/v1/producers", wish, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (410, "personal-data-erased")
        active = (await coop.get("/v1/producers?state=active")).json()["items"]
        assert active == []


class TestAfterwards:
    """What was left behind for the proof is not written on again."""

    async def test_nothing_more_is_written_about_them(self, callers: Callers, dump: Dump) -> None:
        coop = await callers.new(Role.PRODUCER_ORGANIZATION, Role.TA_PROVIDER)
        producer = await new_producer(coop)
        plot = await new_plot(coop, producer["id"])
        visit = await new_visit(coop, producer["id"])
        drafted = await draft_plan(coop, producer, [plot])
        approved = await approved_plan(coop, producer, [plot])
        await erased(coop, producer)
        before = await callers.entries_of(coop)
        asked: list[tuple[str, str, Any]] = [
            ("PATCH", f"/v1/plots/{plot['id']}", {"name": TRACES["plot"]}),
            ("PATCH", f"/v1/plots/{plot['id']}", {"tenure_document": TRACES["title"]}),
            ("PUT", f"/v1/plots/{plot['id']}/geometry", {"geometry": square()}),
            ("PATCH", f"/v1/visits/{visit['id']}", {"finding": TRACES["finding"]}),
            ("POST", f"/v1/visits/{visit['id']}/dispute", {"reason": TRACES["finding"]}),
            ("PATCH", f"/v1/farm-plans/{drafted['id']}", {"conservation_ha": "0.5000"}),
            ("POST", f"/v1/farm-plans/{drafted['id']}/submit", None),
            ("POST", f"/v1/farm-plans/{approved['id']}/accept", None),
        ]
        for method, path, body in asked:
            headers = {"Idempotency-Key": str(new_id())}
            read = await coop.get(path) if method == "PATCH" else None
            if method != "POST":
                headers["If-Match"] = read.headers["etag"] if read else '"v2"'
            answer = await coop.call(method, path, json=body, headers=headers)
            told = (answer.status_code, answer.json()["code"])
            assert told == (410, "personal-data-erased"), (path, answer.text)
        assert await callers.entries_of(coop) == before
        assert found_in(await dump()) == {}
        closed = await coop.make(f"/v1/plots/{plot['id']}/close")
        assert (closed["state"], closed["name"]) == ("closed", "—")

    async def test_requests_for_them_are_withdrawn_and_the_provider_is_told(
        self, coop: Caller, callers: Callers
    ) -> None:
        ta = await callers.new(Role.TA_PROVIDER)
        producer = await new_producer(coop)
        await new_consent(coop, producer["id"], "service_delivery", ta)
        wish = {
            "producer_id": producer["id"],
            "provider_id": str(ta.organization_id),
            "practice": "pruning",
            "need": TRACES["finding"],
        }
        waiting, accepted, declined = [
            await coop.make("/v1/service-requests", wish) for _ in range(3)
        ]
        await ta.make(f"/v1/service-requests/{accepted['id']}/accept")
        await ta.make(f"/v1/service-requests/{declined['id']}/decline", {"reason": "Lejos."})
        await erased(coop, producer)
        for request, state in (
            (waiting, "withdrawn"),
            (accepted, "withdrawn"),
            (declined, "declined"),
        ):
            read = (await ta.get(f"/v1/service-requests/{request['id']}")).json()
            assert (read["state"], read["need"], read["decline_reason"]) == (state, "—", None)
        late = await ta.post(f"/v1/service-requests/{waiting['id']}/decline", {"reason": "Lejos."})
        assert (late.status_code, late.json()["state"]) == (409, "withdrawn")
        told = await callers.platform.database.pool.fetch(
            "SELECT body FROM ledger_entries WHERE event = 'service_request.withdrawn'"
            " AND subject_id = ANY($1::text[]::uuid[])",
            [waiting["id"], accepted["id"], declined["id"]],
        )
        assert [str(ta.organization_id) in body for (body,) in told] == [True, True]

    async def test_who_comes_back_is_not_counted_twice(self, coop: Caller) -> None:
        producer = await new_producer(coop)
        cluster = await new_cluster(coop, [producer["id"]])
        path = f"/v1/clusters/{cluster['id']}"
        await erased(coop, producer)
        assert (await coop.get(path)).json()["members"] == 0
        again = await new_producer(coop, document=producer["document"])
        wish = {"producer_id": again["id"], "joined_on": today().isoformat()}
        await coop.make(f"{path}/members", wish)
        assert (await coop.get(path)).json()["members"] == 1
        kept = (await coop.get(f"{path}/members")).json()["items"]
        assert [(each["producer_id"], each["left_on"]) for each in kept] == [
            (producer["id"], today().isoformat()),
            (again["id"], None),
        ]

    async def test_a_plot_renamed_at_the_same_time(self, coop: Caller, dump: Dump) -> None:
        for _ in range(5):
            producer = await new_producer(coop)
            plot = await new_plot(coop, producer["id"])
            path, change = f"/v1/plots/{plot['id']}", {"name": TRACES["plot"]}
            headers = {"If-Match": '"v1"', "Idempotency-Key": str(new_id())}
            renamed, gone = await asyncio.gather(
                coop.call("PATCH", path, json=change, headers=headers),
                coop.post(f"/v1/producers/{producer['id']}/erase"),
            )
            assert gone.status_code == 200
            assert renamed.status_code in {200, 410, 412}
            assert (await coop.get(path)).json()["name"] == "—"
        assert found_in(await dump()) == {}


class TestPerson:
    async def test_who_comes_back_is_somebody_new(self, coop: Caller) -> None:
        producer = await new_producer(coop)
        await erased(coop, producer)
        again = await new_producer(coop, document=producer["document"])
        assert again["id"] != producer["id"]
        assert again["document"] == producer["document"]

    async def test_another_organisation_keeps_what_it_was_told(
        self, coop: Caller, callers: Callers, platform: Platform
    ) -> None:
        second = await callers.new(Role.PRODUCER_ORGANIZATION)
        mine = await new_producer(coop)
        theirs = await new_producer(second, document=mine["document"])
        await erased(coop, mine)
        assert (await second.get(f"/v1/producers/{theirs['id']}")).json() == theirs
        persons = await platform.database.pool.fetch(
            "SELECT p.id, i.document_number FROM producers p JOIN persons i ON i.id = p.person_id"
            " WHERE p.id = ANY($1::text[]::uuid[])",
            [mine["id"], theirs["id"]],
        )
        known = {str(row["id"]): row["document_number"] for row in persons}
        assert known == {mine["id"]: None, theirs["id"]: theirs["document"]["number"]}
        await new_producer(coop, document=mine["document"])

    async def test_the_document_goes_with_the_last_registration(
        self, coop: Caller, callers: Callers, platform: Platform
    ) -> None:
        second = await callers.new(Role.PRODUCER_ORGANIZATION)
        mine = await new_producer(coop)
        theirs = await new_producer(second, document=mine["document"])
        await asyncio.gather(erased(coop, mine), erased(second, theirs))
        left = await platform.database.pool.fetchval(
            "SELECT count(*) FROM persons WHERE document_number = $1", mine["document"]["number"]
        )
        assert left == 0


class TestAtOnce:
    async def test_a_change_at_the_same_time_leaves_nothing(self, coop: Caller) -> None:
        for _ in range(5):
            producer = await new_producer(coop)
            path = f"/v1/producers/{producer['id']}"
            change = {"given_names": "Zenobia"}
            headers = {"If-Match": '"v1"', "Idempotency-Key": producer["id"]}
            answers = await asyncio.gather(
                coop.call("PATCH", path, json=change, headers=headers), coop.post(f"{path}/erase")
            )
            assert answers[1].status_code == 200
            assert (await coop.get(path)).json()["given_names"] is None
            again = await coop.call("PATCH", path, json=change, headers=headers)
            assert again.status_code == (410 if answers[0].status_code == 200 else 409)

    async def test_joining_and_leaving_at_the_same_time_leave_nothing(
        self, coop: Caller, platform: Platform
    ) -> None:
        cluster = await new_cluster(coop)
        path = f"/v1/clusters/{cluster['id']}/members"
        for _ in range(5):
            staying = await new_producer(coop, given_names="Zenobia")
            leaving = await new_producer(coop, given_names="Zenobia")
            day = "2025-01-01"
            member = await coop.make(path, {"producer_id": leaving["id"], "joined_on": day})
            answers = await asyncio.gather(
                coop.post(path, {"producer_id": staying["id"], "joined_on": day}),
                coop.post(f"{path}/{member['id']}/leave", {"left_on": "2025-06-01"}),
                coop.post(f"/v1/producers/{staying['id']}/erase"),
                coop.post(f"/v1/producers/{leaving['id']}/erase"),
            )
            assert [answer.status_code for answer in answers[2:]] == [200, 200]
            # The erasure ends the membership, where it comes first.
            assert answers[1].status_code in {200, 409}
        kept = "SELECT count(*) FROM idempotency_keys WHERE position('Zenobia'::bytea IN body) > 0"
        assert await platform.database.pool.fetchval(kept) == 0


class TestWho:
    async def test_only_the_registering_organisation(self, coop: Caller, callers: Callers) -> None:
        producer = await new_producer(coop)
        path = f"/v1/producers/{producer['id']}/erase"
        second = await callers.new(Role.PRODUCER_ORGANIZATION)
        caja = await callers.new(Role.CREDIT_INSTITUTION)
        await new_consent(coop, producer["id"], "service_delivery", second)
        for caller, status in ((callers.anonymous(), 401), (caja, 403), (second, 404)):
            before = await callers.entries_of(caller)
            assert (await caller.post(path)).status_code == status
            assert await callers.entries_of(caller) == before
        unkeyed = await coop.call("POST", path)
        assert (unkeyed.status_code, unkeyed.json()["code"]) == (400, "idempotency-key-missing")
        assert (await coop.get(f"/v1/producers/{producer['id']}")).json() == producer


async def test_a_file_that_names_the_person_meanwhile_never_locks_the_erasure_out(
    coop: Caller,
) -> None:
    for turn in range(8):
        people = [registration(external_id=f"S-{turn}-{n}") for n in range(5)]
        made = await coop.make("/v1/producers", people[0])
        body = json.dumps([{**each, "phone": "+51999999999"} for each in people]).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(new_id())}
        path = f"/v1/producers/{made['id']}"
        file, erased = await asyncio.gather(
            coop.call("POST", "/v1/imports/producers?mode=partial", content=body, headers=headers),
            coop.post(f"{path}/erase"),
        )
        assert (file.status_code, erased.status_code) == (201, 200), (file.text, erased.text)
        read = (await coop.get(path)).json()
        assert (read["state"], read["given_names"], read["phone"]) == ("erased", None, None)
