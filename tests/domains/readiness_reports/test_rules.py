from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.core.criteria import Operator
from api.domains.credit_products.vocabulary import ReferencePolicy
from api.domains.readiness_reports import model
from api.domains.readiness_reports.capacity import Demands
from api.domains.readiness_reports.facts import ReadinessFacts, hash_of, plain
from api.domains.readiness_reports.presented import criteria, services_missing
from api.domains.readiness_reports.rules import Assessment, assess, rows_for, values_of
from api.domains.readiness_reports.texts import CLOSES
from api.domains.readiness_reports.vocabulary import Absence, CriterionKind, Verdict
from tests.domains.readiness_reports.samples import PRODUCT, READY, having

PROTECTED = {
    "sex", "gender", "birth_year", "age", "language", "name", "given_names", "family_names",
    "document", "document_number", "phone", "ubigeo", "ethnicity", "religion", "marital_status",
}  # fmt: skip


def unmet(assessment: Assessment) -> list[str]:
    return [each.row.criterion.code for each in assessment.findings if not each.met]


class TestGates:
    def test_the_ready_producer_is_ready(self) -> None:
        found = assess(READY, PRODUCT)
        assert found.verdict is Verdict.READY
        assert unmet(found) == ["loans_settled"]

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"identity_present": False}, "identity"),
            ({"farm_plan_state": "approved"}, "farm_plan"),
            ({"farm_plan_ends_on": date(2027, 1, 14)}, "farm_plan_current"),
            ({"investment_plan_id": None}, "investment_plan"),
            ({"arrears_class": "deficiente"}, "arrears"),
            ({"arrears_class": "perdida"}, "arrears"),
        ],
    )
    def test_one_gate_that_is_shut_is_enough(self, changes: dict[str, Any], code: str) -> None:
        for demands in (PRODUCT, Demands(requires_commitment=False)):
            found = assess(having(**changes), demands)
            assert found.verdict is Verdict.NOT_READY
            assert code in unmet(found)

    @pytest.mark.parametrize("arrears", ["no_loans", "normal", "cpp"])
    def test_up_to_thirty_days_late_is_no_gate(self, arrears: str) -> None:
        assert assess(having(arrears_class=arrears), PRODUCT).verdict is Verdict.READY

    def test_the_last_day_of_the_plan_still_counts(self) -> None:
        facts = having(farm_plan_ends_on=READY.as_of)
        assert "farm_plan_current" not in unmet(assess(facts, PRODUCT))

    def test_the_market_is_a_gate_only_where_the_product_says_so(self) -> None:
        facts = having(commitment_ids=(), season_covered=Decimal(0), price_protected=False)
        assert "market_commitment" in unmet(assess(facts, PRODUCT))
        assert assess(facts, PRODUCT).verdict is Verdict.NOT_READY
        free = assess(facts, replace(PRODUCT, requires_commitment=False))
        assert "market_commitment" not in unmet(free)
        assert free.verdict is Verdict.READY


class TestDeforestation:
    @pytest.mark.parametrize("policy", list(ReferencePolicy))
    def test_a_reference_year_that_is_demanded_fails_as_not_assessed(
        self, policy: ReferencePolicy
    ) -> None:
        found = assess(READY, replace(PRODUCT, reference_policy=policy))
        assert found.verdict is Verdict.NOT_READY
        [finding] = [each for each in found.findings if each.row is model.DEFORESTATION]
        assert (finding.met, finding.absence) == (False, Absence.NOT_ASSESSED)
        assert finding.evaluation.value == "no_data"

    def test_without_one_it_is_not_asked(self) -> None:
        assert model.DEFORESTATION not in list(rows_for(PRODUCT))


class TestPoints:
    def test_there_are_a_hundred(self) -> None:
        assert sum(row.criterion.points for row in model.POINTS) == 100
        assert assess(READY, PRODUCT).points_possible == 100

    def test_more_than_two_hectares(self) -> None:
        assert "cocoa_area" in unmet(assess(having(cocoa_area_ha=Decimal("2.0000")), PRODUCT))
        assert "cocoa_area" not in unmet(assess(having(cocoa_area_ha=Decimal("2.0001")), PRODUCT))

    def test_gates_alone_do_not_make_ready(self) -> None:
        poor = having(
            cocoa_area_ha=Decimal(1),
            plots_with_polygon=0,
            plots_with_tenure=0,
            delivery_months=0,
            orders_received=0,
            delivered_kg=Decimal(0),
            price_protected=False,
        )
        found = assess(poor, PRODUCT)
        assert all(each.met for each in found.findings if each.row.kind is CriterionKind.GATE)
        assert found.points < model.READY_POINTS
        assert found.verdict is Verdict.NOT_READY

    def test_no_land_gives_no_ratio_and_no_points(self) -> None:
        nothing = having(
            plots=0, plots_with_polygon=0, plots_with_tenure=0, cocoa_area_ha=Decimal(0)
        )
        found = {f.row.criterion.code: f for f in assess(nothing, PRODUCT).findings}
        for code in ("yield", "polygons", "tenure"):
            assert found[code].evaluation.value is None
            assert (found[code].met, found[code].absence) == (False, Absence.UNKNOWN)

    @given(
        st.builds(
            having,
            cocoa_area_ha=st.decimals(0, 20, places=4),
            delivered_kg=st.decimals(0, 20000, places=3),
            plots=st.integers(0, 5),
            plots_with_polygon=st.integers(0, 5),
            delivery_months=st.integers(0, 24),
            van=st.none() | st.decimals(-9000, 9000, places=2),
            season_covered=st.none() | st.decimals(0, 1, places=4),
            loans_settled=st.integers(0, 3),
        )
    )
    def test_points_are_those_of_the_criteria_met_and_never_more_than_possible(
        self, facts: ReadinessFacts
    ) -> None:
        found = assess(facts, PRODUCT)
        earned = sum(f.row.criterion.points for f in found.findings if f.met)
        assert found.points == earned
        assert 0 <= found.points <= found.points_possible == 100


class TestPrivacy:
    def test_no_protected_attribute_is_a_fact(self) -> None:
        assert PROTECTED.isdisjoint(each.name for each in fields(ReadinessFacts))
        assert PROTECTED.isdisjoint(plain(READY))

    def test_nothing_but_facts_is_compared(self) -> None:
        demands = replace(PRODUCT, reference_policy=ReferencePolicy.EU_2020)
        compared = {row.criterion.fact for row in rows_for(demands)}
        assert compared <= values_of(READY).keys()
        assert PROTECTED.isdisjoint(compared)

    def test_no_default_is_predicted(self) -> None:
        told = str(criteria(assess(READY, PRODUCT).findings, {})) + str(dict(CLOSES))
        assert "probab" not in told.lower()
        assert model.CALIBRATED is False


class TestReproducible:
    def test_the_same_facts_have_the_same_hash_and_any_other_fact_another(self) -> None:
        assert hash_of(plain(READY)) == hash_of(plain(having()))
        changed = {
            "as_of": date(2027, 1, 16),
            "identity_present": False,
            "cocoa_area_ha": Decimal("3.0001"),
            "arrears_class": "normal",
            "months": READY.months[:-1],
            "commitment_ids": (),
        }
        hashes = {hash_of(plain(having(**{name: value}))) for name, value in changed.items()}
        assert len(hashes | {hash_of(plain(READY))}) == len(changed) + 1

    def test_every_fact_is_in_the_hash(self) -> None:
        assert set(plain(READY)) == {each.name for each in fields(ReadinessFacts)}


class TestPresented:
    def test_what_fails_says_what_closes_it_and_which_service(self) -> None:
        facts = having(farm_plan_state=None, farm_plan_id=None, delivered_kg=Decimal(0))
        findings = assess(facts, PRODUCT).findings
        assert services_missing(findings) == ["technical_assistance", "training"]
        told = {
            each["code"]: each
            for each in criteria(findings, {"technical_assistance": ["one", "two"]})
        }
        closes = told["farm_plan"]["closes_with"]
        assert (closes["category"], closes["items"]) == ("technical_assistance", ["one", "two"])
        assert closes["es"] != closes["en"]
        assert told["yield"]["closes_with"]["items"] == []
        assert told["identity"]["closes_with"] is None
        assert (told["farm_plan"]["threshold"], told["farm_plan"]["value"]) == ("accepted", None)

    def test_every_criterion_has_its_sentences(self) -> None:
        demands = replace(PRODUCT, reference_policy=ReferencePolicy.EU_2020)
        assert {row.criterion.code for row in rows_for(demands)} <= CLOSES.keys()

    def test_sources_are_the_records_that_were_read(self) -> None:
        told = {e["code"]: e for e in criteria(assess(READY, PRODUCT).findings, {})}
        assert told["farm_plan"]["sources"] == [
            {"type": "farm_plan", "id": str(READY.farm_plan_id)}
        ]
        assert [source["type"] for source in told["debt_service"]["sources"]] == [
            "investment_plan",
            "credit_product",
        ]
        assert told["arrears"]["sources"] == []

    def test_operators_are_said(self) -> None:
        told = {e["code"]: e for e in criteria(assess(READY, PRODUCT).findings, {})}
        assert told["cocoa_area"]["operator"] == Operator.GT
        assert told["arrears"]["threshold"] == "no_loans, normal, cpp"
