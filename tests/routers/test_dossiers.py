"""What an organisation holds about a producer is handed over whole, to that organisation alone."""

from decimal import Decimal
from typing import Any

import pytest

from api.domains.dossiers.repository import DOSSIER
from api.models.base import referring_to
from api.policies import Role
from api.routers.platform import Platform
from api.settings import Settings
from tests.callers import Caller, Callers
from tests.factories.archetypes import criterion, enacted, rule, work_off
from tests.factories.catalogues import new_catalogue
from tests.factories.clusters import new_cluster
from tests.factories.consents import new_consent
from tests.factories.credit_applications import new_credit, submitted_application
from tests.factories.deliveries import new_delivery
from tests.factories.farm_plans import accepted_plan, fertilizer_line
from tests.factories.orders import new_order, order_line
from tests.factories.plots import new_plot, square
from tests.factories.producers import new_producer

SECTIONS = (
    "merged_registrations",
    "plots", "memberships", "consents", "accesses", "farm_plans", "investment_plans", "deliveries",
    "credit_applications", "loans", "readiness_reports", "visits", "service_requests",
    "archetype_assignments", "pledges", "delivery_contacts",
)  # fmt: skip


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


async def export(coop: Caller, producer: dict[str, Any]) -> dict[str, Any]:
    answer = await coop.get(f"/v1/producers/{producer['id']}/export")
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    found: dict[str, Any] = answer.json()
    return found


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]


async def test_of_whom_nothing_else_is_known(coop: Caller) -> None:
    producer = await new_producer(coop)
    found = await export(coop, producer)
    assert found["registration"] == producer
    assert all(found[section] == [] for section in SECTIONS)
    assert found.keys() == {"exported_at", "registration", *SECTIONS}


async def test_land_membership_consent_and_who_read(coop: Caller, callers: Callers) -> None:
    caja = await callers.new(Role.CREDIT_INSTITUTION)
    producer, other = await new_producer(coop), await new_producer(coop)
    plot = await new_plot(coop, producer["id"])
    await new_plot(coop, other["id"])
    cluster = await new_cluster(coop, [producer["id"], other["id"]])
    consent = await new_consent(coop, producer["id"], "incentives", caja)
    await caja.get(f"/v1/producers/{producer['id']}?purpose=incentives")
    found = await export(coop, producer)
    assert ids(found["plots"]) == [plot["id"]]
    [geometry] = found["plots"][0]["geometries"]
    assert (geometry["geometry"], geometry["area_ha"]) == (plot["geometry"], plot["area_ha"])
    [member] = found["memberships"]
    assert (member["cluster_id"], member["cluster"]) == (cluster["id"], cluster["name"])
    assert ids(found["consents"]) == [consent["id"]]
    [access] = found["accesses"]
    assert access["organization_id"] == str(caja.organization_id)
    assert access["operation"] == "get_producer"
    assert other["id"] not in str(found)


async def test_no_table_about_producers_is_left_out() -> None:
    tables = {str(table.__tablename__) for table, _ in referring_to("producers.id")}
    assert len(tables) > 10
    assert {name for name in tables if f" {name}" not in DOSSIER.sql} == set()


async def test_overlaps_and_where_runs_put_them(
    callers: Callers, coop: Caller, platform: Platform, dsn: str, settings: Settings
) -> None:
    await enacted(await callers.new(Role.OPERATOR), rule("any", criterion("plots", "ge", "0")))
    producer, other = await new_producer(coop), await new_producer(coop)
    place = square()
    west, south = place["coordinates"][0][0]
    await new_plot(coop, producer["id"], geometry=place)
    await new_plot(coop, other["id"], geometry=square(west + 0.0005, south))
    run = await coop.make("/v1/archetype-runs", {})
    await work_off(platform, dsn, settings)
    found = await export(coop, producer)
    [overlap] = (await coop.get("/v1/plot-overlaps")).json()["items"]
    assert ids(found["plots"][0]["overlaps"]) == [overlap["id"]]
    [assignment] = found["archetype_assignments"]
    assert (assignment["archetype_run_id"], assignment["archetype"]) == (run["id"], "any")
    assert assignment["reasons"][0]["fact"] == "plots"
    assert other["id"] not in str(found)


async def test_what_was_ordered_and_to_whom_it_goes(callers: Callers) -> None:
    coop = await callers.new(Role.PRODUCER_ORGANIZATION, Role.TA_PROVIDER)
    producer = await new_producer(coop)
    plot = await new_plot(coop, producer["id"])
    plan = await accepted_plan(coop, coop, producer, [plot], [fertilizer_line()])
    catalogue = await new_catalogue(await callers.new(Role.INPUT_SUPPLIER), [{}])
    line = order_line(catalogue["items"][0], farm_plan_line_id=plan["lines"][0]["id"])
    contact = {"name": "Rosa Quispe", "address": "Km 12", "producer_id": producer["id"]}
    order = await new_order(coop, catalogue, [line], delivery_contact=contact)
    found = await export(coop, producer)
    [ordered] = found["farm_plans"][0]["lines"][0]["orders"]
    assert ordered["order_id"] == order["id"]
    assert [each["name"] for each in found["delivery_contacts"]] == ["Rosa Quispe"]


async def test_kilos(coop: Caller) -> None:
    delivery = await new_delivery(coop)
    found = await export(coop, {"id": delivery["producer_id"]})
    [kept] = found["deliveries"]
    assert (kept["id"], kept["net_kg"]) == (delivery["id"], delivery["net_kg"])
    assert sum(Decimal(part["kg"]) for part in kept["plots"]) == Decimal(delivery["net_kg"])


async def test_plans_and_shares_of_credit(callers: Callers) -> None:
    credit = await new_credit(callers)
    application = await submitted_application(credit)
    borrower = {"id": application["producer_id"]}
    found = await export(credit.coop, borrower)
    assert {plan["producer_id"] for plan in found["farm_plans"]} == {borrower["id"]}
    assert found["farm_plans"][0]["lines"]
    [kept] = found["credit_applications"]
    assert kept["id"] == application["id"]
    shares = sum(Decimal(share["amount"]) for share in kept["shares"])
    assert shares == Decimal(kept["amount"]) > 0


async def test_every_export_stands_in_the_ledger(coop: Caller, callers: Callers) -> None:
    producer = await new_producer(coop)
    before = await callers.entries_of(coop)
    for exports in (1, 2):
        await export(coop, producer)
        assert await callers.entries_of(coop) == before + exports


async def test_only_the_registering_organisation(coop: Caller, callers: Callers) -> None:
    producer = await new_producer(coop)
    second = await callers.new(Role.PRODUCER_ORGANIZATION)
    caja = await callers.new(Role.CREDIT_INSTITUTION)
    await new_consent(coop, producer["id"], "service_delivery", second)
    path = f"/v1/producers/{producer['id']}/export"
    for caller, status in ((callers.anonymous(), 401), (caja, 403), (second, 404)):
        before = await callers.entries_of(caller)
        assert (await caller.get(path)).status_code == status
        assert await callers.entries_of(caller) == before


async def test_after_erasure_it_names_nobody(coop: Caller) -> None:
    producer = await new_producer(coop)
    await coop.make(f"/v1/producers/{producer['id']}/erase")
    found = await export(coop, producer)
    assert found["registration"]["document"] is None
    assert producer["document"]["number"] not in str(found)
    assert producer["family_names"] not in str(found)
