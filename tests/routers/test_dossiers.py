"""What an organisation holds about a producer is handed over whole, to that organisation alone."""

from decimal import Decimal
from typing import Any

import pytest

from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.clusters import new_cluster
from tests.factories.consents import new_consent
from tests.factories.credit_applications import new_credit, submitted_application
from tests.factories.deliveries import new_delivery
from tests.factories.plots import new_plot
from tests.factories.producers import new_producer

SECTIONS = (
    "merged_registrations",
    "plots", "memberships", "consents", "accesses", "farm_plans", "investment_plans", "deliveries",
    "credit_applications", "loans", "readiness_reports", "visits", "service_requests",
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
