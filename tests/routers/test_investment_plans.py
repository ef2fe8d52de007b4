from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from api.core.ids import new_id
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.consents import new_consent
from tests.factories.farm_plans import accepted_plan, approved_plan, draft_plan, plot_of
from tests.factories.investment_plans import investment_plan, profile
from tests.factories.producers import new_producer

PLANS = "/v1/investment-plans"


@dataclass
class Farm:
    coop: Caller
    ta: Caller
    producer: dict[str, Any]
    plot: dict[str, Any]
    plan: dict[str, Any]

    def wish(self, **changes: Any) -> dict[str, Any]:
        return {
            "farm_plan_id": self.plan["id"],
            "discount_rate": "0.12",
            "profile": profile(),
            **changes,
        }


@pytest.fixture
async def farm(callers: Callers) -> Farm:
    coop = await callers.new(Role.PRODUCER_ORGANIZATION)
    ta = await callers.new(Role.TA_PROVIDER)
    producer = await new_producer(coop)
    plot = await plot_of(coop, producer)
    await new_consent(coop, producer["id"], "service_delivery", ta)
    return Farm(coop, ta, producer, plot, await approved_plan(ta, producer, [plot]))


def month(day: str, **amounts: str) -> dict[str, Any]:
    return {"month": day, "with_project": amounts}


class TestRecord:
    async def test_anonymous_is_401(self, callers: Callers, farm: Farm) -> None:
        assert (await callers.anonymous().post(PLANS, farm.wish())).status_code == 401

    async def test_the_cooperative_is_403(self, callers: Callers, farm: Farm) -> None:
        before = await callers.entries_of(farm.coop)
        answer = await farm.coop.post(PLANS, farm.wish())
        assert (answer.status_code, answer.json()["permission"]) == (403, "investment_plans:write")
        assert await callers.entries_of(farm.coop) == before

    async def test_another_provider_is_404(self, callers: Callers, farm: Farm) -> None:
        stranger = await callers.new(Role.TA_PROVIDER)
        assert (await stranger.post(PLANS, farm.wish())).status_code == 404
        unknown = farm.wish(farm_plan_id=str(new_id()))
        assert (await farm.ta.post(PLANS, unknown)).status_code == 404
        assert await callers.entries_of(stranger) == 0

    async def test_of_given_months_by_hand(self, farm: Farm) -> None:
        flow = [
            month("2027-01-01", investment="1000.00"),
            month("2027-02-01", cocoa_income="600.00", costs="50.00", harvest_costs="50.00"),
            month("2027-03-01", cocoa_income="600.00"),
        ]
        answer = await farm.ta.post(
            PLANS, farm.wish(discount_rate="0", profile=None, cash_flow=flow)
        )
        assert answer.status_code == 201
        made = answer.json()
        assert answer.headers["location"] == f"{PLANS}/{made['id']}"
        assert made["van"] == {"amount": "100.00", "currency": "PEN"}
        assert made["finance_needed"] == {"amount": "1000.00", "currency": "PEN"}
        # 1000 out, then 500 and 600 back: even after one month and five sixths,
        # and a time is rounded up.
        assert made["payback_months"] == "1.84"
        monthly = (1 + Decimal(made["tir"])) ** (Decimal(1) / 12) - 1
        value = -1000 + 500 / (1 + monthly) + 600 / (1 + monthly) ** 2
        assert abs(value) < Decimal("0.01")
        by_name = {each["scenario"]: each for each in made["scenarios"]}
        assert list(by_name) == [
            "base",
            "price_20",
            "price_40",
            "yield_20",
            "price_20_yield_20",
            "price_40_yield_20",
        ]
        # Price 20 % lower: 480 + 480 of income; a shorter harvest saves 20 % of its costs.
        assert by_name["price_20"]["van"] == "-140.00"
        assert by_name["yield_20"]["van"] == "-130.00"
        assert by_name["price_20"]["payback_months"] is None
        assert by_name["price_20"]["payback_absent_because"] == "not_recovered"

    async def test_what_does_not_exist_is_null_with_its_reason(self, farm: Farm) -> None:
        flow = [month("2027-01-01", cocoa_income="600.00")]
        made = await farm.ta.make(PLANS, farm.wish(profile=None, cash_flow=flow))
        assert (made["tir"], made["tir_absent_because"]) == (None, "no_sign_change")
        base = made["scenarios"][0]
        assert base["payback_absent_because"] == "never_behind"

    async def test_a_profile_follows_from_the_farm_plan(self, farm: Farm) -> None:
        made = await investment_plan(farm.ta, farm.plan)
        months = {each["month"]: each for each in made["cash_flow"]}
        assert len(months) == 36
        # 500 kg/ha x 2.5 ha x 0.7 x S/ 16.50, and 300 kg/ha without the project.
        june = months["2027-06-01"]
        assert june["with_project"]["cocoa_income"] == "14437.50"
        assert june["without"]["cocoa_income"] == "8662.50"
        assert months["2027-02-01"]["with_project"]["investment"] == "1140.00"
        assert made["finance_needed"]["amount"] == "2340.00"

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"profile": None}, "one-of-two"),
            ({"cash_flow": [month("2027-01-01")]}, "one-of-two"),
            ({"profile": None, "cash_flow": [month("2027-01-02")]}, "months-do-not-follow"),
            (
                {"profile": None, "cash_flow": [month("2027-01-01"), month("2027-03-01")]},
                "months-do-not-follow",
            ),
            (
                {"profile": profile(price_per_kg={"amount": "4.00", "currency": "USD"})},
                "currencies-differ",
            ),
            ({"profile": profile(harvests=[{"month": 6}, {"month": 6}])}, "harvest-repeated"),
            (
                {
                    "profile": None,
                    "cash_flow": [
                        month(f"2027-0{n}-01", cocoa_income="999999999999.99") for n in range(1, 4)
                    ],
                },
                "amounts-too-large",
            ),
        ],
    )
    async def test_refuses_what_cannot_be_computed(
        self, callers: Callers, farm: Farm, changes: dict[str, Any], code: str
    ) -> None:
        before = await callers.entries_of(farm.ta)
        answer = await farm.ta.post(PLANS, farm.wish(**changes))
        assert answer.status_code == 422
        assert [error["code"] for error in answer.json()["errors"]] == [code]
        assert await callers.entries_of(farm.ta) == before

    async def test_a_profile_needs_yields_and_cocoa(self, farm: Farm) -> None:
        blind = await approved_plan(farm.ta, farm.producer, [farm.plot], expected_yields=[])
        bare = await approved_plan(farm.ta, farm.producer, [])
        for plan, code in ((blind, "yield-missing"), (bare, "cocoa-area-missing")):
            answer = await farm.ta.post(PLANS, farm.wish(farm_plan_id=plan["id"]))
            assert answer.status_code == 409
            assert [error["code"] for error in answer.json()["errors"]] == [code]

    async def test_only_for_an_approved_or_accepted_plan(self, farm: Farm) -> None:
        draft = await draft_plan(farm.ta, farm.producer, [farm.plot])
        answer = await farm.ta.post(PLANS, farm.wish(farm_plan_id=draft["id"]))
        assert (answer.status_code, answer.json()["code"]) == (409, "farm-plan-not-approved")
        accepted = await accepted_plan(farm.coop, farm.ta, farm.producer, [farm.plot])
        await investment_plan(farm.ta, accepted)


class TestRead:
    async def test_parties_and_consented_lenders_see_it(self, callers: Callers, farm: Farm) -> None:
        made = await investment_plan(farm.ta, farm.plan)
        path, listing = f"{PLANS}/{made['id']}", f"{PLANS}?farm_plan_id={farm.plan['id']}"
        caja = await callers.new(Role.CREDIT_INSTITUTION)
        for stranger in (
            caja,
            await callers.new(Role.TA_PROVIDER),
            await callers.new(Role.PRODUCER_ORGANIZATION),
        ):
            assert (await stranger.get(path)).status_code == 404
            assert (await stranger.get(listing)).json()["items"] == []
        await new_consent(farm.coop, farm.producer["id"], "credit_readiness", caja)
        for reader in (farm.ta, farm.coop, caja):
            assert (await reader.get(path)).json() == made
            assert (await reader.get(listing)).json()["items"] == [made]
