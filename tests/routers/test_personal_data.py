"""Every route of the platform, asked for somebody's personal data by organisations that have no
consent, and by those that have one. A new route that can show a person must be placed here.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from fastapi import FastAPI

from api.core.ids import new_id
from api.domains.consents.vocabulary import Purpose
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.clusters import new_cluster
from tests.factories.consents import new_consent
from tests.factories.plots import new_plot
from tests.factories.producers import new_producer, registration
from tests.factories.visits import visit_wish
from tests.traces import told

TRACES = (
    "Quiteria Oxolón",
    "Ynfantas Zzapata",
    "70255519",
    "+51976102938",
    "PE-QUITERIA-7",
    "Quiteria poda tarde",
    "10702555197",
)
WHO = dict(
    zip(
        ("given_names", "family_names", "number", "phone", "tenure", "finding", "ruc"),
        TRACES,
        strict=True,
    )
)
MEMBERS = frozenset(
    {"given_names", "family_names", "birth_year", "phone", "sex", "tenure_document", "finding"}
)
"""Members of answers that tell of a person."""

OWN = frozenset({
    "register_producer", "change_producer", "erase_producer", "export_producer", "merge_producer",
    "join_cluster", "get_cluster_member", "leave_cluster",
    "register_plot", "change_plot", "replace_plot_geometry", "close_plot",
    "record_visit", "correct_visit", "confirm_visit", "dispute_visit", "annul_visit",
})  # fmt: skip
"""To the organisation that registered or wrote it alone."""
DISCLOSED = frozenset({"list_producers", "get_producer", "list_cluster_members", "list_plots",
    "get_plot", "list_visits", "get_visit"})  # fmt: skip
"""To others by a consent, each read noted."""
DELIVERY = frozenset({"get_delivery_contact"})
"""To the two sides of an order in hand; test_delivery_contacts.py says when."""
PURPOSES = tuple(purpose.value for purpose in Purpose)


@dataclass
class Operation:
    """A way to ask: what is read, and what the question may carry."""

    name: str
    method: str
    path: str
    takes_purpose: bool
    takes_organization: bool
    members: set[str] = field(default_factory=set)


def operations(app: FastAPI) -> list[Operation]:
    document = app.openapi()
    found = []
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            queries = {p["name"] for p in described.get("parameters", []) if p["in"] == "query"}
            answers = [a for code, a in described["responses"].items() if code.startswith("2")]
            found.append(
                Operation(
                    described["operationId"], method, path, "purpose" in queries,
                    "organization_id" in queries,
                    members_of(answers, document, set()),
                )
            )  # fmt: skip
    return found


def members_of(part: Any, document: dict[str, Any], seen: set[str]) -> set[str]:
    """The names of all members that an answer can have, however deep."""
    if isinstance(part, list):
        return {name for each in part for name in members_of(each, document, seen)}
    if not isinstance(part, dict):
        return set()
    target = part.get("$ref")
    if isinstance(target, str):
        if target in seen:
            return set()
        seen.add(target)
        place: Any = document
        for step in target.removeprefix("#/").split("/"):
            place = place[step]
        return members_of(place, document, seen)
    named = set(part.get("properties", {}))
    return named.union(*(members_of(each, document, seen) for each in part.values()))


def test_whatever_can_show_a_person_is_placed(app: FastAPI) -> None:
    telling = {each.name for each in operations(app) if each.members & MEMBERS}
    assert telling == OWN | DISCLOSED | DELIVERY


@dataclass
class World:
    """Somebody with land and a membership, and the ids by which routes ask for them."""

    coop: Caller
    ids: dict[str, str]

    def address(self, operation: Operation) -> str:
        return re.sub(r"{(\w+)}", lambda name: self.ids.get(name[1], str(new_id())), operation.path)

    async def noted(self) -> list[tuple[str, str, str]]:
        path = f"/v1/producers/{self.ids['producer_id']}/access-log?limit=100"
        lines = (await self.coop.get(path)).json()["items"]
        return [(line["organization_id"], line["operation"], line["purpose"]) for line in lines]


@pytest.fixture
async def world(callers: Callers) -> AsyncIterator[World]:
    coop = await callers.new(Role.PRODUCER_ORGANIZATION)
    producer = await new_producer(
        coop,
        **registration(document={"type": "dni", "number": WHO["number"]})
        | {name: WHO[name] for name in ("given_names", "family_names", "phone", "ruc")},
    )
    plot = await new_plot(coop, producer["id"], tenure_document=WHO["tenure"])
    visit = await coop.make("/v1/visits", visit_wish(producer["id"], finding=WHO["finding"]))
    cluster = await new_cluster(coop, [producer["id"]])
    members = f"/v1/clusters/{cluster['id']}/members"
    [member] = (await coop.get(members)).json()["items"]
    ids = {
        "producer_id": producer["id"],
        "plot_id": plot["id"],
        "visit_id": visit["id"],
        "cluster_id": cluster["id"],
        "member_id": member["id"],
    }
    yield World(coop, ids)
    # The next test registers the same document again.
    await coop.make(f"/v1/producers/{producer['id']}/erase")


ROLES = tuple(role for role in Role if role is not Role.OPERATOR)


async def reads(app: FastAPI, world: World, caller: Caller) -> list[tuple[Operation, str, str]]:
    """Every read of the platform by a caller, for no purpose and for each: what it answered.

    Where it can, a list is asked for what the world's organisation registered: what others let
    every organisation of a role see may fill the first page.
    """
    found = []
    for operation in (each for each in operations(app) if each.method == "get"):
        for purpose in ("", *(PURPOSES if operation.takes_purpose else ())):
            query = {"purpose": purpose} if purpose else {}
            if operation.name in DISCLOSED and operation.takes_organization:
                query["organization_id"] = str(world.coop.organization_id)
            answer = await caller.get(world.address(operation), params=query)
            # Without a worker the ledger lags, and /readyz rightly says so.
            assert answer.status_code < 500 or operation.name == "get_readiness", (
                operation.name,
                answer.text,
            )
            found.append((operation, purpose, answer.text))
    return found


def shows_person(text: str) -> bool:
    return any(trace in told(text) for trace in TRACES)


async def test_ones_own_organisation_sees_them(app: FastAPI, world: World) -> None:
    shown = {op.name for op, _, text in await reads(app, world, world.coop) if shows_person(text)}
    assert shown == {
        "list_producers", "get_producer", "export_producer", "list_cluster_members",
        "get_cluster_member", "list_plots", "get_plot", "list_visits", "get_visit",
    }  # fmt: skip
    assert await world.noted() == []


@pytest.mark.parametrize("role", ROLES)
async def test_without_consent_nobody_sees_or_is_noted(
    app: FastAPI, world: World, callers: Callers, role: Role
) -> None:
    caller = await callers.new(role)
    for operation, purpose, text in await reads(app, world, caller):
        assert not shows_person(text), (operation.name, purpose)
        if (
            "{producer_id}" in operation.path
            or "{plot_id}" in operation.path
            or "{visit_id}" in operation.path
        ):
            assert '"status":4' in text, (operation.name, purpose)
    assert await world.noted() == []


NAMED = {(name, purpose) for name in ("get_producer", "list_producers") for purpose in PURPOSES}
MEMBERS_READ = {("list_cluster_members", purpose) for purpose in PURPOSES}
LAND_READ = {("get_plot", "service_delivery"), ("list_plots", "service_delivery")}
HISTORY_READ = {("get_visit", "service_delivery"), ("list_visits", "service_delivery")}
NOTED = {
    Role.PRODUCER_ORGANIZATION: NAMED | LAND_READ | HISTORY_READ,
    Role.TA_PROVIDER: NAMED | MEMBERS_READ | LAND_READ | HISTORY_READ,
    Role.CREDIT_INSTITUTION: NAMED | MEMBERS_READ,
    Role.BUYER: MEMBERS_READ,
}
"""What a consent for every purpose lets each role read: names, memberships, land."""


@pytest.mark.parametrize("role", ROLES)
async def test_with_consent_whatever_shows_a_person_is_noted(
    app: FastAPI, world: World, callers: Callers, role: Role
) -> None:
    caller = await callers.new(role)
    for purpose in PURPOSES:
        await new_consent(world.coop, world.ids["producer_id"], purpose, caller)
    answers = await reads(app, world, caller)
    noted = await world.noted()
    assert {who for who, _, _ in noted} <= {str(caller.organization_id)}
    assert {(name, purpose) for _, name, purpose in noted} == NOTED.get(role, set())
    shown = {(op.name, purpose) for op, purpose, text in answers if shows_person(text)}
    assert shown == NOTED.get(role, set()) & (NAMED | HISTORY_READ)


def test_every_disclosure_is_read_by_somebody() -> None:
    assert {name for pairs in NOTED.values() for name, _ in pairs} == DISCLOSED
