from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from api.domains.farm_plans.rules import Zone
from api.domains.farm_plans.vocabulary import Treatment
from api.domains.investment_plans.outlook import (
    Harvest,
    Outlook,
    Planned,
    cash_flow,
    cocoa_areas,
    years_without_yield,
)
from api.domains.plots.vocabulary import LandUse

PLANNED = Planned(
    starts_on=date(2027, 1, 15),
    ends_on=date(2028, 12, 31),
    yields={2027: Decimal(500), 2028: Decimal(800)},
    area_with_ha=Decimal("2.5"),
    area_without_ha=Decimal(2),
    costs=[(date(2027, 2, 1), Decimal("1140.00")), (date(2028, 2, 1), Decimal("700.00"))],
    currency="PEN",
)
OUTLOOK = Outlook(
    price_per_kg=Decimal("16.50"),
    harvest_cost_per_kg=Decimal("1.50"),
    harvests=[Harvest(6, Decimal("0.7")), Harvest(11, Decimal("0.3"))],
    yield_without_kg_per_ha=Decimal(300),
    cost_without_per_ha=Decimal(600),
    investment_months=12,
)


def test_by_hand() -> None:
    months = {each.month: each for each in cash_flow(PLANNED, OUTLOOK).months}
    assert min(months) == date(2027, 1, 1)
    assert max(months) == date(2028, 12, 1)
    assert len(months) == 24
    june = months[date(2028, 6, 1)]
    # 800 kg/ha x 2.5 ha x 0.7 = 1400 kg; without the project 300 x 2 x 0.7 = 420 kg.
    assert june.with_project.cocoa_income == Decimal("23100.00")
    assert june.with_project.harvest_costs == Decimal("2100.00")
    assert june.without.cocoa_income == Decimal("6930.00")
    assert june.without.costs == Decimal("100.00")
    # The first year's line sets the project up, the second year's keeps it going.
    assert months[date(2027, 2, 1)].with_project.investment == Decimal("1140.00")
    assert months[date(2028, 2, 1)].with_project.costs == Decimal("700.00")
    assert months[date(2028, 2, 1)].with_project.investment == 0


def test_no_month_without_harvest_sells_cocoa() -> None:
    sold = {e.month.month for e in cash_flow(PLANNED, OUTLOOK).months if e.with_project.income}
    assert sold == {6, 11}


def test_lines_of_one_month_add_up() -> None:
    twice = replace(PLANNED, costs=[*PLANNED.costs, *PLANNED.costs])
    assert cash_flow(twice, OUTLOOK).months[1].with_project.investment == Decimal("2280.00")


def test_a_year_without_expected_yield_is_named() -> None:
    assert years_without_yield(replace(PLANNED, yields={2027: Decimal(1)})) == [2028]
    assert years_without_yield(PLANNED) == []


def test_cocoa_now_and_to_come() -> None:
    def zone(current: LandUse, future: LandUse, area: str) -> Zone:
        return Zone(UUID(int=1), current, future, Treatment.RESTORE, Decimal(area))

    zones = [
        zone(LandUse.COCOA, LandUse.COCOA_AGROFORESTRY, "1.5"),
        zone(LandUse.PASTURE, LandUse.COCOA_AGROFORESTRY, "0.75"),
        zone(LandUse.FOREST, LandUse.FOREST, "3"),
    ]
    assert cocoa_areas(zones) == (Decimal("2.25"), Decimal("1.5"))


@given(
    shares=st.dictionaries(
        st.integers(1, 12), st.decimals("0.000001", 1, places=6), min_size=1, max_size=12
    ),
    kg_per_ha=st.decimals(0, 3000, places=3),
    area=st.decimals("0.0001", 50, places=4),
    price=st.decimals("0.01", 60, places=2),
)
def test_a_year_sells_what_it_grows_however_it_is_spread(
    shares: dict[int, Decimal], kg_per_ha: Decimal, area: Decimal, price: Decimal
) -> None:
    planned = replace(
        PLANNED,
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 12, 31),
        yields={2027: kg_per_ha},
        area_with_ha=area,
    )
    outlook = replace(
        OUTLOOK, price_per_kg=price, harvests=[Harvest(m, s) for m, s in shares.items()]
    )
    income = sum(each.with_project.cocoa_income for each in cash_flow(planned, outlook).months)
    # Each month is rounded to the céntimo by itself.
    assert abs(income - kg_per_ha * area * price) <= Decimal("0.005") * len(shares) + Decimal(
        "1E-9"
    )
