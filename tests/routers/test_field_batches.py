"""What was captured offline, sent at once: any order, any number of times, never silently over
what somebody else wrote.
"""

import asyncio
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from asyncpg import DeadlockDetectedError
from hypothesis import given, settings
from hypothesis import strategies as st

from api.core.ids import new_id
from api.policies import Role
from tests.callers import Caller, Callers, new_ruc
from tests.factories.consents import new_consent
from tests.factories.deliveries import new_centre
from tests.factories.field_batches import (
    BATCHES,
    delivery_item,
    item,
    plot_item,
    producer_item,
    send,
    statuses,
    visit_item,
)
from tests.factories.plots import new_plot, point, square
from tests.factories.producers import new_producer, registration
from tests.factories.visits import new_visit


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


@dataclass
class Day:
    """A day in the field: somebody new with land, seen and bought from."""

    producer: dict[str, Any]
    plot: dict[str, Any]
    visit: dict[str, Any]
    delivery: dict[str, Any]

    @property
    def items(self) -> list[dict[str, Any]]:
        """In the worst order."""
        return [self.delivery, self.visit, self.plot, self.producer]


async def a_day(coop: Caller) -> Day:
    centre = await new_centre(coop)
    producer = producer_item()
    plot = plot_item(producer["id"])
    visit = visit_item(producer["id"], plot_ids=[plot["id"]])
    delivery = delivery_item(centre["id"], producer["id"], plot["id"])
    return Day(producer, plot, visit, delivery)


async def read(coop: Caller, one: dict[str, Any]) -> Any:
    return (await coop.get(f"/v1/{rooms[one['kind']]}/{one['id']}")).json()


rooms = {"producer": "producers", "plot": "plots", "visit": "visits", "delivery": "deliveries"}


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
async def test_a_moment_that_has_no_date_in_utc_is_none(
    coop: Caller, callers: Callers, moment: str
) -> None:
    captured = {**producer_item(), "captured_at": moment}
    answer = await coop.post(BATCHES, {"items": [captured]})
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == "/items/0/captured_at"
    alone = await coop.post("/v1/producers", registration(captured_at=moment))
    assert (alone.status_code, alone.json()["errors"][0]["pointer"]) == (422, "/captured_at")
    assert await callers.entries_of(coop) == 0


class TestWho:
    async def test_anonymous_is_401(self, callers: Callers) -> None:
        answer = await callers.anonymous().post(BATCHES, {"items": [producer_item()]})
        assert answer.status_code == 401

    @pytest.mark.parametrize("role", [Role.CREDIT_INSTITUTION, Role.BUYER, Role.INPUT_SUPPLIER])
    async def test_others_have_no_field_app(self, callers: Callers, role: Role) -> None:
        caller = await callers.new(role)
        answer = await caller.post(BATCHES, {"items": [producer_item()]})
        assert (answer.status_code, answer.json()["permission"]) == (403, "field_batches:write")
        assert await callers.entries_of(caller) == 0

    async def test_each_item_asks_for_the_permission_of_its_route(
        self, callers: Callers, coop: Caller
    ) -> None:
        ta = await callers.new(Role.TA_PROVIDER)
        producer = await new_producer(coop)
        await new_consent(coop, producer["id"], "service_delivery", ta)
        visit = visit_item(producer["id"])
        sent = [producer_item(), plot_item(producer["id"]), visit]
        sent.append(delivery_item(str(new_id()), producer["id"], str(new_id())))
        answer = await send(ta, *sent)
        assert statuses(answer) == ["refused", "refused", "applied", "refused"]
        told = [one["problem"] for one in answer["items"] if one["problem"]]
        assert {(one["status"], one["code"]) for one in told} == {(403, "permission-missing")}
        assert [one["extensions"]["permission"] for one in told] == [
            "producers:write",
            "plots:write",
            "deliveries:write",
        ]
        assert (await read(coop, visit))["organization_id"] == str(ta.organization_id)

    async def test_a_suspended_organisation_sends_nothing(self, callers: Callers) -> None:
        operator = await callers.new(Role.OPERATOR)
        body = {"legal_name": "Coop", "ruc": new_ruc(), "roles": ["producer_organization"]}
        made = await callers.anonymous().make("/v1/organizations", body)
        organization_id = UUID(made["organization"]["id"])
        coop = Caller(callers.http, callers.contract, organization_id)
        secret = (made["credentials"]["client_id"], made["credentials"]["client_secret"])
        for action, status in (("verify", 200), ("suspend", 403)):
            await operator.make(f"/v1/organizations/{organization_id}/{action}")
            grant = {"grant_type": "client_credentials"}
            token = await callers.http.post("/oauth2/token", data=grant, auth=secret)
            coop.token = token.json()["access_token"]
            answer = await coop.post(BATCHES, {"items": [producer_item()]})
            assert answer.status_code == status
        assert await callers.entries_of(coop) == 1

    @pytest.mark.parametrize("count", [0, 501])
    async def test_the_bounds_of_a_batch(self, coop: Caller, count: int) -> None:
        one = producer_item()
        answer = await coop.post(BATCHES, {"items": [one] * count})
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == ["/items"]

    async def test_a_retry_must_be_recognisable(self, coop: Caller) -> None:
        answer = await coop.call("POST", BATCHES, json={"items": [producer_item()]})
        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-missing")


class TestOrder:
    async def test_a_day_in_the_worst_order(self, coop: Caller) -> None:
        day = await a_day(coop)
        answer = await send(coop, *day.items)
        assert statuses(answer) == ["applied"] * 4
        assert answer["applied"] == 4
        assert [one["id"] for one in answer["items"]] == [one["id"] for one in day.items]
        for sent, told in zip(day.items, answer["items"], strict=True):
            found = await read(coop, sent)
            assert found["version"] == told["version"] == 1
            assert found["captured_at"] == "2026-11-20T15:04:05.000000Z"
        assert (await read(coop, day.visit))["plot_ids"] == [day.plot["id"]]

    @settings(max_examples=12)
    @given(order=st.permutations(range(9)))
    async def test_every_order_ends_the_same(self, callers: Callers, order: list[int]) -> None:
        coop = await callers.new(Role.PRODUCER_ORGANIZATION)
        day = await a_day(coop)
        bad = producer_item(birth_year=2190)
        centre = day.delivery["body"]["collection_centre_id"]
        later = "2026-11-20T16:00:00Z"
        # 1.21 ha yield 3,025 kg dry at most, which are 6,722 kg wet.
        much = delivery_item(
            centre, day.producer["id"], day.plot["id"], "6600.000", captured_at=later
        )
        too_much = delivery_item(
            centre,
            day.producer["id"],
            day.plot["id"],
            "300.000",
            captured_at="2026-11-21T01:00:00Z",
        )
        corrected = {"version": 1, "id": day.producer["id"], "captured_at": later}
        items = [
            *day.items,
            bad,
            plot_item(bad["id"]),
            much,
            too_much,
            item("producer", {"phone": "987000111"}, **corrected),
        ]
        answer = await send(coop, *(items[number] for number in order))
        found = dict(zip(order, statuses(answer), strict=True))
        expected = ["applied"] * 4 + ["refused", "waiting", "applied", "refused", "applied"]
        assert [found[number] for number in range(9)] == expected
        assert (await read(coop, day.producer))["phone"] == "+51987000111"
        listed = (await coop.get("/v1/deliveries")).json()["items"]
        assert {row["id"] for row in listed} == {day.delivery["id"], much["id"]}
        assert len((await coop.get("/v1/producers")).json()["items"]) == 1
        assert len((await coop.get("/v1/plots")).json()["items"]) == 1

    async def test_changes_of_one_thing_follow_their_versions(self, coop: Caller) -> None:
        made = producer_item()
        steps = [
            item("producer", {"phone": f"98700000{n}"}, id=made["id"], version=n) for n in (1, 2, 3)
        ]
        answer = await send(coop, steps[2], steps[0], made, steps[1])
        assert statuses(answer) == ["applied"] * 4
        found = await read(coop, made)
        assert (found["phone"], found["version"]) == ("+51987000003", 4)


class TestPartly:
    async def test_a_bad_item_stops_only_what_needs_it(
        self, callers: Callers, coop: Caller
    ) -> None:
        good, bad = await a_day(coop), await a_day(coop)
        bad.producer["body"]["document"]["number"] = "123"
        before = await callers.entries_of(coop)
        answer = await send(coop, *bad.items, *good.items)
        assert statuses(answer) == ["waiting"] * 3 + ["refused"] + ["applied"] * 4
        assert answer["waiting"] == 3
        delivery, visit, plot = answer["items"][:3]
        whole = sorted([bad.producer["id"], bad.plot["id"]])
        assert delivery["waiting_for"] == visit["waiting_for"] == whole
        assert plot["waiting_for"] == [bad.producer["id"]]
        assert await callers.entries_of(coop) == before + 4
        for one in bad.items:
            assert (await read(coop, one))["code"] == "not-found"
        bad.producer["body"] = registration()
        assert statuses(await send(coop, *bad.items, *good.items)) == (
            ["applied"] * 4 + ["unchanged"] * 4
        )

    async def test_refusals_are_those_of_the_single_route(
        self, callers: Callers, coop: Caller
    ) -> None:
        producer = await new_producer(coop)
        plot = await new_plot(coop, producer["id"])
        centre = await new_centre(coop)
        bow = square()
        ring = bow["coordinates"][0]
        ring[1], ring[2] = ring[2], ring[1]
        items = [
            producer_item(phone="1", birth_year="x", nickname="y"),
            producer_item(document={"type": "dni", "number": producer["document"]["number"]}),
            plot_item(producer["id"], geometry=bow),
            plot_item(str(new_id())),
            visit_item(producer["id"], plot_ids=[str(new_id())]),
            delivery_item(centre["id"], producer["id"], plot["id"], "90000.000"),
            item("delivery", {}),
        ]
        before = await callers.entries_of(coop)
        answer = await send(coop, *items)
        assert statuses(answer) == ["refused"] * len(items)
        assert await callers.entries_of(coop) == before
        for sent, told in zip(items, answer["items"], strict=True):
            body = {**sent["body"], "id": sent["id"], "captured_at": sent["captured_at"]}
            for language in ("es", "en"):
                single = await coop.post(
                    f"/v1/{rooms[sent['kind']]}", body, headers={"Accept-Language": language}
                )
                problem = single.json()
                assert told["problem"]["code"] == problem["code"]
                assert told["problem"]["status"] == single.status_code
                assert told["problem"][language] == problem["detail"]
                assert [
                    {
                        "pointer": e["pointer"],
                        "code": e["code"],
                        "detail": e[language],
                        **e["facts"],
                    }
                    for e in told["problem"]["errors"]
                ] == problem.get("errors", [])

    async def test_what_is_anothers_is_not_found(self, callers: Callers, coop: Caller) -> None:
        other = await callers.new(Role.PRODUCER_ORGANIZATION)
        producer = await new_producer(other)
        plot = await new_plot(other, producer["id"])
        visit = await new_visit(other, producer["id"])
        centre = await new_centre(coop)
        changes = {"version": 1}
        items = [
            item("producer", {"phone": "987000111"}, id=producer["id"], **changes),
            item("plot", {"name": "Mío"}, id=plot["id"], **changes),
            item("visit", {"practice": "harvest"}, id=visit["id"], **changes),
            plot_item(producer["id"]),
            delivery_item(centre["id"], producer["id"], plot["id"]),
        ]
        answer = await send(coop, *items)
        problems = [(one["problem"]["status"], one["problem"]["code"]) for one in answer["items"]]
        assert problems == [(404, "not-found")] * len(items)
        taken = await send(coop, producer_item() | {"id": producer["id"]})
        assert [one["problem"]["code"] for one in taken["items"]] == ["already-exists"]
        assert (await other.get(f"/v1/producers/{producer['id']}")).json() == producer

    @pytest.mark.parametrize("version", [None, 1])
    async def test_nothing_was_captured_tomorrow(self, coop: Caller, version: int | None) -> None:
        day = await a_day(coop)
        if version:
            await send(coop, *day.items)
        late = {"captured_at": "2999-01-01T00:00:00Z", "version": version}
        changes = {"producer": {"phone": None}, "plot": {"name": "B"}, "visit": {"finding": "B"}}
        for one in reversed(day.items):
            if version and one["kind"] == "delivery":
                continue
            body = changes[one["kind"]] if version else one["body"]
            answer = await send(coop, {**one, **late, "body": body})
            [told] = answer["items"]
            assert told["status"] == "refused"
            found = [(e["pointer"], e["code"]) for e in told["problem"]["errors"]]
            assert found == [("/captured_at", "in-the-future")]
            if not version:
                await send(coop, one)

    async def test_a_delivery_is_a_fact(self, coop: Caller) -> None:
        day = await a_day(coop)
        await send(coop, *day.items)
        answer = await send(coop, item("delivery", {}, id=day.delivery["id"], version=1))
        assert [one["problem"]["code"] for one in answer["items"]] == ["not-changeable"]


class TestOddItems:
    @pytest.mark.parametrize(
        "oddity",
        ['"\\ud83d"', '{"\\udc00": 1}', "1" * 400, "[" * 900 + "]" * 900, "1e400", "-0.0"],
        ids=["half", "half-name", "digits", "depth", "beyond", "minus"],
    )
    @pytest.mark.parametrize("kind", ["producer", "plot", "visit", "delivery"])
    async def test_are_refused_one_by_one(self, coop: Caller, oddity: str, kind: str) -> None:
        head = '{"kind": "' + kind + '", "id": "01938d1e-7b1c-7cc0-8a54-3f1e0d5a7c11",'
        head += ' "captured_at": "2026-11-20T15:04:05Z", "body": {"geometry": '
        text = '{"items": [' + head + oddity + "}}]}"
        headers = {"Idempotency-Key": str(new_id()), "Content-Type": "application/json"}
        answer = await coop.call("POST", "/v1/field-batches", content=text, headers=headers)
        assert answer.status_code in {200, 400, 422}, answer.text
        # What is no JSON to anybody is malformed; the rest is an item that is judged.
        if answer.status_code == 200:
            assert statuses(answer.json()) == ["refused"]


class TestAgain:
    async def test_a_lost_answer_is_given_again(self, callers: Callers, coop: Caller) -> None:
        day = await a_day(coop)
        key = str(new_id())
        first = await coop.post(BATCHES, {"items": day.items}, headers={"Idempotency-Key": key})
        assert first.headers["cache-control"] == "private, no-store"
        entries = await callers.entries_of(coop)
        again = await coop.post(BATCHES, {"items": day.items}, headers={"Idempotency-Key": key})
        assert (again.content, again.headers["idempotent-replayed"]) == (first.content, "true")
        other = await send(coop, *day.items)
        assert statuses(other) == ["unchanged"] * 4
        assert [one["version"] for one in other["items"]] == [1] * 4
        assert await callers.entries_of(coop) == entries

    async def test_an_item_twice_in_a_batch_is_written_once(self, coop: Caller) -> None:
        made = producer_item()
        assert statuses(await send(coop, made, made)) == ["applied", "unchanged"]

    async def test_what_was_written_is_known_whatever_came_after(self, coop: Caller) -> None:
        made = producer_item()
        step = item("producer", {"phone": "987000111"}, id=made["id"], version=1)
        await send(coop, made, step)
        await coop.patch(f"/v1/producers/{made['id']}", {"phone": "987000222"}, '"v2"')
        assert statuses(await send(coop, made, step)) == ["unchanged", "unchanged"]
        assert (await read(coop, made))["phone"] == "+51987000222"

    async def test_what_the_single_routes_wrote_is_known_by_its_content(self, coop: Caller) -> None:
        day = await a_day(coop)
        for one in reversed(day.items):
            body = {**one["body"], "id": one["id"], "captured_at": one["captured_at"]}
            await coop.make(f"/v1/{rooms[one['kind']]}", body)
        answer = await send(coop, *day.items)
        assert statuses(answer) == ["unchanged"] * 4, answer
        for one in day.items:
            one["body"] |= {"grade": "I"} if one["kind"] == "delivery" else {}
        answer = await send(coop, day.delivery)
        assert statuses(answer) == ["conflict"]
        [difference] = answer["items"][0]["differences"]
        assert difference == {"field": "grade", "base": None, "yours": "I", "current": None}

    async def test_twenty_at_once_are_written_once(self, callers: Callers, coop: Caller) -> None:
        day = await a_day(coop)
        before = await callers.entries_of(coop)
        answers = await asyncio.gather(*(send(coop, *day.items) for _ in range(20)))
        assert await callers.entries_of(coop) == before + 4
        seen = sorted(tuple(statuses(answer)) for answer in answers)
        assert seen == [("applied",) * 4, *[("unchanged",) * 4] * 19]


class TestConflict:
    async def test_both_versions_are_told_and_nothing_is_overwritten(
        self, callers: Callers, coop: Caller
    ) -> None:
        producer = await new_producer(coop)
        path = f"/v1/producers/{producer['id']}"
        current = (
            await coop.patch(path, {"phone": "987000222", "ubigeo": "220602"}, '"v1"')
        ).json()
        before = await callers.entries_of(coop)
        change = {"phone": "987000111", "ubigeo": "220602", "language": "qu"}
        answer = await send(coop, item("producer", change, id=producer["id"], version=1))
        [told] = answer["items"]
        assert (told["status"], told["version"], answer["conflict"]) == ("conflict", 2, 1)
        assert told["current"] == current
        yours = {one["field"]: (one["yours"], one["current"]) for one in told["differences"]}
        assert yours == {"phone": ("987000111", "+51987000222"), "language": ("qu", "es")}
        assert (await coop.get(path)).json() == current
        assert await callers.entries_of(coop) == before

    async def test_changes_of_other_fields_go_together(self, coop: Caller) -> None:
        producer = await new_producer(coop)
        path = f"/v1/producers/{producer['id']}"
        await coop.patch(path, {"phone": "987000222"}, '"v1"')
        change = item(
            "producer",
            {"language": "qu", "given_names": "Rosa"},
            id=producer["id"],
            version=1,
            base={"language": "es", "given_names": producer["given_names"]},
        )
        answer = await send(coop, change)
        assert statuses(answer) == ["applied"]
        found = (await coop.get(path)).json()
        assert (found["language"], found["given_names"]) == ("qu", "Rosa")
        assert (found["phone"], found["version"]) == ("+51987000222", 3)

    async def test_one_contested_field_holds_back_the_others(self, coop: Caller) -> None:
        producer = await new_producer(coop)
        path = f"/v1/producers/{producer['id']}"
        current = (await coop.patch(path, {"phone": "987000222"}, '"v1"')).json()
        base = {"phone": producer["phone"], "language": "es"}
        body = {"phone": "987000111", "language": "qu"}
        answer = await send(coop, item("producer", body, id=producer["id"], version=1, base=base))
        [difference] = answer["items"][0]["differences"]
        assert difference == {
            "field": "phone",
            "base": producer["phone"],
            "yours": "987000111",
            "current": "+51987000222",
        }
        assert (await coop.get(path)).json() == current

    async def test_both_made_the_same_change(self, coop: Caller) -> None:
        producer = await new_producer(coop)
        await coop.patch(f"/v1/producers/{producer['id']}", {"phone": "987000222"}, '"v1"')
        same = item("producer", {"phone": "+51 987 000 222"}, id=producer["id"], version=1)
        assert statuses(await send(coop, same)) == ["unchanged"]

    async def test_a_plot_moved_and_renamed_at_once(self, coop: Caller) -> None:
        plot = await new_plot(coop, (await new_producer(coop))["id"])
        place = square()
        body = {"name": "Segunda", "geometry": place, "declared_area_ha": "1.2000"}
        assert statuses(await send(coop, item("plot", body, id=plot["id"], version=1))) == [
            "applied"
        ]
        found = (await coop.get(f"/v1/plots/{plot['id']}")).json()
        assert (found["name"], found["geometry"]) == ("Segunda", place)
        assert (found["geometry_version"], found["declared_area_ha"]) == (2, "1.2000")

    async def test_two_surveys_of_one_plot_are_in_conflict(self, coop: Caller) -> None:
        plot = await new_plot(coop, (await new_producer(coop))["id"])
        mine, theirs = square(), square()
        await coop.put(f"/v1/plots/{plot['id']}/geometry", {"geometry": theirs}, '"v1"')
        body = {"geometry": mine}
        sent = item("plot", body, id=plot["id"], version=1, base={"geometry": plot["geometry"]})
        [told] = (await send(coop, sent))["items"]
        assert told["differences"] == [
            {"field": "geometry", "base": plot["geometry"], "yours": mine, "current": theirs}
        ]

    async def test_overlaps_are_found_as_by_the_single_route(self, coop: Caller) -> None:
        producer = await new_producer(coop)
        place = square()
        west, south = place["coordinates"][0][0]
        one = plot_item(producer["id"], geometry=place)
        other = plot_item(producer["id"], geometry=square(west + 0.0005, south))
        assert statuses(await send(coop, one, other)) == ["applied", "applied"]
        [overlap] = (await coop.get("/v1/plot-overlaps")).json()["items"]
        assert {side["plot_id"] for side in overlap["sides"]} == {one["id"], other["id"]}

    async def test_a_confirmed_visit_is_not_corrected(self, coop: Caller) -> None:
        visit = await new_visit(coop, (await new_producer(coop))["id"])
        change = item("visit", {"practice": "harvest"}, id=visit["id"], version=1)
        assert statuses(await send(coop, change)) == ["applied"]
        await coop.make(f"/v1/visits/{visit['id']}/confirm", {"channel": "voice"})
        change = item("visit", {"practice": "pruning"}, id=visit["id"], version=3)
        [told] = (await send(coop, change))["items"]
        assert (told["status"], told["problem"]["code"]) == ("refused", "state-not-allowed")


async def test_no_kilo_too_many_however_many_send(coop: Caller) -> None:
    """Batches and single calls share what a plot can yield: 2.5 ha, 6,250 kg dry, 13,888 wet."""
    producer = await new_producer(coop)
    plot = await new_plot(coop, producer["id"], geometry=point(), declared_area_ha="2.5000")
    centre = await new_centre(coop)
    items = [delivery_item(centre["id"], producer["id"], plot["id"], "2000.000") for _ in range(20)]
    single = [coop.post("/v1/deliveries", {**one["body"], "id": one["id"]}) for one in items[:10]]
    pairs = zip(items[10::2], items[11::2], strict=True)
    await asyncio.gather(*single, *(send(coop, *pair) for pair in pairs))
    listed = (await coop.get("/v1/deliveries?limit=100")).json()["items"]
    assert sum(Decimal(row["net_kg"]) for row in listed) == 12_000


async def test_organisations_that_meet_do_not_wait_in_a_ring(callers: Callers) -> None:
    """The same people and the same land, in opposite orders, from four organisations at once."""
    people = [registration() for _ in range(6)]
    places = [square() for _ in range(6)]
    coops = [await callers.new(Role.PRODUCER_ORGANIZATION) for _ in range(4)]
    batches = []
    for number in range(len(coops)):
        items = []
        for person, place in zip(people, places, strict=True):
            producer = item("producer", person)
            items += [producer, plot_item(producer["id"], geometry=place)]
        batches.append(items if number % 2 else items[::-1])
    sent = (send(coop, *items) for coop, items in zip(coops, batches, strict=True))
    for answer in await asyncio.gather(*sent):
        assert statuses(answer) == ["applied"] * 12
    for coop in coops:
        found = (await coop.get("/v1/plot-overlaps?limit=100&include=total")).json()
        assert found["total"] == 6 * 3


async def test_plots_in_one_heap_are_taken_as_far_as_can_be_kept(
    coop: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.domains.plot_overlaps.service.MOST_FOUND", 4)
    producer = await new_producer(coop)
    place = square()
    heap = [plot_item(producer["id"], geometry=place) for _ in range(4)]
    answer = await send(coop, *heap, plot_item(producer["id"]))
    # Three plots have three overlaps; a fourth would come with three more.
    assert sorted(statuses(answer)) == ["applied"] * 4 + ["refused"]
    [refused] = [one for one in answer["items"] if one["status"] == "refused"]
    assert refused["problem"]["code"] == "too-many-overlaps"
    assert len((await coop.get("/v1/plot-overlaps")).json()["items"]) == 3


async def test_what_is_no_items_fault_ends_the_batch(
    callers: Callers, coop: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = await a_day(coop)
    before = await callers.entries_of(coop)

    async def deadlock(*_: Any) -> UUID:
        raise DeadlockDetectedError

    with monkeypatch.context() as patched:
        patched.setattr("api.domains.visits.service.record", deadlock)
        answer = await coop.post(BATCHES, {"items": day.items})
    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert await callers.entries_of(coop) == before
    assert statuses(await send(coop, *day.items)) == ["applied"] * 4


async def test_the_erased_do_not_come_back(callers: Callers, coop: Caller) -> None:
    day = await a_day(coop)
    key = {"Idempotency-Key": str(new_id())}
    await coop.post(BATCHES, {"items": day.items}, headers=key)
    change = item("plot", {"name": "Fundo Quispe"}, id=day.plot["id"], version=7)
    await coop.patch(f"/v1/plots/{day.plot['id']}", {"name": "Otro"}, '"v1"')
    conflict = {"Idempotency-Key": str(new_id())}
    told = (await coop.post(BATCHES, {"items": [change]}, headers=conflict)).json()
    assert told["items"][0]["status"] == "conflict"
    await coop.make(f"/v1/producers/{day.producer['id']}/erase")
    for headers, items in ((key, day.items), (conflict, [change])):
        gone = await coop.post(BATCHES, {"items": items}, headers=headers)
        assert (gone.status_code, gone.json()["code"]) == (410, "personal-data-erased")
    before = await callers.entries_of(coop)
    answer = await send(coop, change, *day.items)
    found = {one["kind"]: one for one in answer["items"]}
    assert found["producer"]["problem"]["code"] == "personal-data-erased"
    assert {one["status"] for one in answer["items"]} == {"refused", "waiting", "unchanged"}
    assert "Fundo Quispe" not in str(answer)
    assert await callers.entries_of(coop) == before
    kept = await callers.platform.database.pool.fetch(
        "SELECT subject_id FROM field_batch_items WHERE organization_id = $1",
        coop.organization_id,
    )
    assert [str(row[0]) for row in kept] == [day.delivery["id"]]
