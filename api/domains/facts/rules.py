"""From the sums of the records to the facts. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from api.core.money import quantize, quantize_ha, quantize_kg
from api.domains.facts.facts import ProducerFacts
from api.domains.facts.vocabulary import Absence, FactName
from api.domains.plots.vocabulary import LandUse
from api.domains.producers.vocabulary import AssociationStatus

MAIN_SEASON: Final = (4, 8)
"""First and last month of the main harvest: San Martín, Huánuco, Ucayali, Junín and elsewhere."""
EARLY_SEASON: Final = (3, 7)
"""The same in Cusco and the VRAEM."""
EARLY_DEPARTMENTS: Final = ("05", "08")
"""UBIGEO of Ayacucho and Cusco, whose main harvest is early."""
DAYS_PER_YEAR: Final = Decimal("365.25")
_SHARE, _YEARS, _PLANTS = Decimal("0.0001"), Decimal("0.01"), Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Registration:
    """A producer's registration."""

    producer_id: UUID
    association_status: AssociationStatus
    registered_on: date
    confirmed_visits: int = 0
    """Of the last twelve months."""


@dataclass(frozen=True, slots=True)
class Land:
    """Sums over a producer's plots; ``…_ha`` of cocoa with a planting year, with a density."""

    plots: int
    polygons: int
    total_ha: Decimal
    cocoa_ha: Decimal
    agroforestry_ha: Decimal
    forest_ha: Decimal
    has_forest: bool
    dated_ha: Decimal
    dated_ha_years: Decimal
    dense_ha: Decimal
    dense_ha_plants: Decimal
    variety: str | None


@dataclass(frozen=True, slots=True)
class Harvest:
    """Kilos, dry, of a producer who has ever delivered: of the last twelve months."""

    delivered_kg: Decimal
    main_season_kg: Decimal
    months: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The farm plan that runs: its forest zones on plots that are not forest."""

    conservation_ha: Decimal
    forest_zones_ha: Decimal


def year_before(day: date) -> date:
    """The same day a year earlier; 28 February for 29 February."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def facts_of(
    registration: Registration,
    land: Land | None,
    harvest: Harvest | None,
    plan: Plan | None,
    as_of: date,
) -> ProducerFacts:
    """The facts on a day; None for land, harvest or plan where there is no record of it."""
    found: dict[FactName, Any] = {
        FactName.ASSOCIATION_STATUS: registration.association_status,
        FactName.YEARS_WITH_ORGANIZATION: _years(registration.registered_on, as_of),
        FactName.CONFIRMED_VISITS: registration.confirmed_visits,
        FactName.HAS_FARM_PLAN: plan is not None,
        FactName.CONSERVATION_HA: plan.conservation_ha if plan else Absence.NO_FARM_PLAN,
        FactName.FOREST_HA: _forest(land, plan),
        **_land(land),
        **_cocoa(land, as_of),
        **_harvest(harvest),
        FactName.KG_PER_HA: _kg_per_ha(land, harvest),
    }
    absences = {name: why for name, why in found.items() if isinstance(why, Absence)}
    known: dict[str, Any] = {
        name.value: None if name in absences else found[name] for name in FactName
    }
    return ProducerFacts(
        producer_id=registration.producer_id, as_of=as_of, absences=absences, **known
    )


def _years(registered_on: date, as_of: date) -> Decimal | Absence:
    if registered_on > as_of:
        return Absence.NOT_REGISTERED
    return quantize((as_of - registered_on).days / DAYS_PER_YEAR, _YEARS)


def _forest(land: Land | None, plan: Plan | None) -> Decimal | Absence:
    if land is None or not (land.has_forest or plan):
        return Absence.NO_PLOTS if land is None else Absence.NOT_RECORDED
    return quantize_ha(land.forest_ha + (plan.forest_zones_ha if plan else 0))


def _land(land: Land | None) -> Mapping[FactName, Any]:
    if land is None:
        why = Absence.NO_PLOTS
        return {
            FactName.PLOTS: 0,
            FactName.COCOA_AREA_HA: why,
            FactName.POLYGON_SHARE: why,
            FactName.DIVERSIFICATION_SHARE: why,
        }
    return {
        FactName.PLOTS: land.plots,
        FactName.COCOA_AREA_HA: quantize_ha(land.cocoa_ha),
        FactName.POLYGON_SHARE: quantize(Decimal(land.polygons) / land.plots, _SHARE),
        FactName.DIVERSIFICATION_SHARE: quantize(
            (land.total_ha - land.cocoa_ha) / land.total_ha, _SHARE
        ),
    }


def _cocoa(land: Land | None, as_of: date) -> Mapping[FactName, Any]:
    if land is None or not land.cocoa_ha:
        why = Absence.NO_PLOTS if land is None else Absence.NO_COCOA
        return dict.fromkeys(_OF_COCOA, why)
    age: Any = Absence.NOT_RECORDED
    if land.dated_ha:
        age = quantize(as_of.year - land.dated_ha_years / land.dated_ha, _YEARS)
    density: Any = Absence.NOT_RECORDED
    if land.dense_ha:
        density = quantize(land.dense_ha_plants / land.dense_ha, _PLANTS)
    shaded = 2 * land.agroforestry_ha >= land.cocoa_ha
    return {
        FactName.PLANTATION_AGE_YEARS: age,
        FactName.PRODUCTION_SYSTEM: str(LandUse.COCOA_AGROFORESTRY if shaded else LandUse.COCOA),
        FactName.PLANTS_PER_HA: density,
        FactName.VARIETY: land.variety or Absence.NOT_RECORDED,
    }


def _harvest(harvest: Harvest | None) -> Mapping[FactName, Any]:
    if harvest is None:
        return dict.fromkeys(_OF_HARVEST, Absence.NO_DELIVERIES)
    # The whole and one part are rounded; the other part is what is left, so that they add up.
    total, main = quantize_kg(harvest.delivered_kg), quantize_kg(harvest.main_season_kg)
    return {
        FactName.DELIVERED_KG: total,
        FactName.DELIVERED_KG_MAIN_SEASON: main,
        FactName.DELIVERED_KG_OTHER_MONTHS: total - main,
        FactName.DELIVERY_MONTHS: harvest.months,
    }


def _kg_per_ha(land: Land | None, harvest: Harvest | None) -> Decimal | Absence:
    if land is None:
        return Absence.NO_PLOTS
    if not land.cocoa_ha:
        return Absence.NO_COCOA
    if harvest is None:
        return Absence.NO_DELIVERIES
    return quantize_kg(harvest.delivered_kg / land.cocoa_ha)


_OF_COCOA: Final = (
    FactName.PLANTATION_AGE_YEARS,
    FactName.PRODUCTION_SYSTEM,
    FactName.PLANTS_PER_HA,
    FactName.VARIETY,
)
_OF_HARVEST: Final = (
    FactName.DELIVERED_KG,
    FactName.DELIVERED_KG_MAIN_SEASON,
    FactName.DELIVERED_KG_OTHER_MONTHS,
    FactName.DELIVERY_MONTHS,
)
