from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domains.facts.facts import FACTS, ProducerFacts
from api.domains.facts.rules import Harvest, Land, Plan, Registration, facts_of, year_before
from api.domains.facts.vocabulary import Absence, FactName
from api.domains.producers.vocabulary import AssociationStatus

DAY = date(2026, 7, 31)
ROSA = Registration(UUID(int=1), AssociationStatus.ASSOCIATED, date(2024, 7, 31))
LAND = Land(
    plots=3,
    polygons=2,
    total_ha=Decimal("6.0000"),
    cocoa_ha=Decimal("4.0000"),
    agroforestry_ha=Decimal("1.0000"),
    forest_ha=Decimal("1.5000"),
    has_forest=True,
    dated_ha=Decimal("4.0000"),
    dated_ha_years=Decimal(3 * 2010 + 1 * 2022),
    dense_ha=Decimal("3.0000"),
    dense_ha_plants=Decimal(3 * 1111),
    variety="CCN-51",
)
HARVEST = Harvest(Decimal("2000.000"), Decimal("1500.000"), 7)
PLAN = Plan(Decimal("1.0000"), Decimal("0.5000"))
kilos = st.decimals(min_value=0, max_value=10**6, places=5)
hectares = st.decimals(min_value=0, max_value=1000, places=4)


def facts(**changes: Any) -> ProducerFacts:
    given: dict[str, Any] = {"land": LAND, "harvest": HARVEST, "plan": PLAN, **changes}
    return facts_of(ROSA, given["land"], given["harvest"], given["plan"], DAY)


def test_a_farm_by_hand() -> None:
    found = facts()
    assert (found.plots, found.polygon_share) == (3, Decimal("0.6667"))
    assert (found.cocoa_area_ha, found.diversification_share) == (Decimal(4), Decimal("0.3333"))
    assert found.kg_per_ha == 500
    assert (found.delivered_kg_main_season, found.delivered_kg_other_months) == (
        Decimal(1500),
        Decimal(500),
    )
    # (3 × 16 years + 1 × 4 years) / 4 ha.
    assert found.plantation_age_years == 13
    assert (found.production_system, found.plants_per_ha) == ("cocoa", Decimal(1111))
    assert (found.forest_ha, found.conservation_ha, found.has_farm_plan) == (
        Decimal(2),
        Decimal(1),
        True,
    )
    assert found.years_with_organization == 2
    assert found.absences == {}


def test_half_under_agroforestry_is_agroforestry() -> None:
    half = facts(land=replace(LAND, agroforestry_ha=Decimal(2)))
    assert half.production_system == "cocoa_agroforestry"


def test_without_any_record_nothing_is_zero_but_the_count_of_plots() -> None:
    found = facts(land=None, harvest=None, plan=None)
    known = {name for name, value in found.values().items() if value is not None}
    assert known == {
        "plots", "association_status", "confirmed_visits", "has_farm_plan",
        "years_with_organization",
    }  # fmt: skip
    assert (found.plots, found.has_farm_plan) == (0, False)
    assert found.absences[FactName.COCOA_AREA_HA] is Absence.NO_PLOTS
    assert found.absences[FactName.DELIVERED_KG] is Absence.NO_DELIVERIES
    assert found.absences[FactName.CONSERVATION_HA] is Absence.NO_FARM_PLAN


def test_land_without_cocoa_has_zero_cocoa_and_no_yield() -> None:
    bare = replace(LAND, cocoa_ha=Decimal(0), agroforestry_ha=Decimal(0))
    found = facts(land=bare)
    assert (found.cocoa_area_ha, found.kg_per_ha) == (Decimal(0), None)
    assert found.absences[FactName.KG_PER_HA] is Absence.NO_COCOA
    assert found.absences[FactName.PLANTATION_AGE_YEARS] is Absence.NO_COCOA


def test_that_no_forest_is_registered_says_nothing_without_a_plan() -> None:
    none = replace(LAND, forest_ha=Decimal(0), has_forest=False)
    assert facts(land=none, plan=None).forest_ha is None
    assert facts(land=none, plan=Plan(Decimal(0), Decimal(0))).forest_ha == 0


def test_before_the_registration_its_years_are_not_known() -> None:
    found = facts_of(ROSA, LAND, HARVEST, PLAN, date(2024, 7, 30))
    assert found.absences[FactName.YEARS_WITH_ORGANIZATION] is Absence.NOT_REGISTERED


def test_the_year_before_a_leap_day() -> None:
    assert year_before(date(2028, 2, 29)) == date(2027, 2, 28)
    assert year_before(DAY) == date(2025, 7, 31)


def test_every_fact_has_a_unit_a_source_and_a_field() -> None:
    assert set(FACTS) == set(FactName)
    named = {field.name for field in fields(ProducerFacts)} - {"producer_id", "as_of", "absences"}
    assert named == {name.value for name in FactName}


def test_no_fact_is_a_protected_attribute() -> None:
    protected = {"sex", "birth_year", "language", "phone", "name", "document", "ubigeo"}
    assert not protected & {name.value for name in FactName}


@given(
    harvest=st.none() | st.tuples(kilos, kilos).map(lambda p: Harvest(max(p), min(p), 3)),
    cocoa=st.none() | hectares,
    plan=st.none() | st.just(PLAN),
)
def test_what_is_not_known_has_a_reason_and_kilos_are_conserved(
    harvest: Harvest | None, cocoa: Decimal | None, plan: Plan | None
) -> None:
    land = None
    if cocoa is not None:
        land = replace(LAND, cocoa_ha=cocoa, total_ha=cocoa + 1, agroforestry_ha=cocoa)
    found = facts(land=land, harvest=harvest, plan=plan)
    values = found.values()
    assert {name for name in FactName if values[name] is None} == set(found.absences)
    if found.delivered_kg is not None:
        assert found.delivered_kg_main_season is not None
        assert found.delivered_kg_other_months is not None
        parts = found.delivered_kg_main_season + found.delivered_kg_other_months
        assert parts == found.delivered_kg


@pytest.mark.parametrize("name", [n for n, fact in FACTS.items() if fact.among])
def test_closed_words_are_those_that_the_fact_takes(name: FactName) -> None:
    assert getattr(facts(), name) in FACTS[name].among
