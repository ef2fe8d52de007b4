"""The facts of a producer, each with its unit and the records it is read from. Pure.

Nothing here is a protected attribute: neither sex nor age, language, origin or health.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final
from uuid import UUID

from api.core.criteria import Value
from api.domains.facts.vocabulary import Absence, FactKind, FactName
from api.domains.plots.vocabulary import LandUse
from api.domains.producers.vocabulary import AssociationStatus

_F, _K = FactName, FactKind


@dataclass(frozen=True, slots=True)
class ProducerFacts:
    """What was known of a producer on a day. None is "not known", never zero; why, is in
    ``absences``.

    Land, planting and association are read as they stand in the register now, of plots that stood
    on the day and with the area of their geometry on the day; deliveries, plans and memberships
    carry dates of their own.
    """

    producer_id: UUID
    as_of: date
    cocoa_area_ha: Decimal | None
    """ha of plots whose land use is cocoa, alone or in agroforestry."""
    plots: int
    """Registered plots that stood on the day, of any land use."""
    polygon_share: Decimal | None
    """Share, 0 to 1, of those plots that are known by a polygon and not by a point."""
    delivered_kg: Decimal | None
    """kg dry delivered in the twelve months up to the day. Wet cocoa counts with the least that
    drying leaves (0.33). Zero only for one who delivered earlier.
    """
    delivered_kg_main_season: Decimal | None
    """The part of ``delivered_kg`` delivered in the months of the main harvest."""
    delivered_kg_other_months: Decimal | None
    """The other part: the two add up to ``delivered_kg``."""
    delivery_months: int | None
    """Calendar months with a delivery, among those twelve months."""
    kg_per_ha: Decimal | None
    """``delivered_kg`` for each ha of cocoa: what was sold elsewhere is not in it, so the yield
    is this or more.
    """
    association_status: AssociationStatus
    """Whether the producer is a member of an association."""
    plantation_age_years: Decimal | None
    """Years since planting, of the cocoa plots with a planting year, weighted by their area."""
    production_system: str | None
    """``cocoa`` or ``cocoa_agroforestry``: the one with more land; agroforestry where equal."""
    plants_per_ha: Decimal | None
    """Cocoa plants per ha, of the cocoa plots with a density, weighted by their area."""
    variety: str | None
    """The variety on the largest cocoa plot that has one recorded."""
    confirmed_visits: int
    """Visits of technical assistance in the twelve months up to the day, confirmed by then for the
    producer by the producer's side.
    """
    has_farm_plan: bool
    """Whether a farm plan accepted by the producer's side runs on the day."""
    diversification_share: Decimal | None
    """Share, 0 to 1, of the registered land that is not cocoa."""
    forest_ha: Decimal | None
    """ha of forest: plots of forest, and forest zones of the farm plan on other plots. Known where
    a plot of forest or a farm plan is: that no plot of forest is registered says nothing.
    """
    conservation_ha: Decimal | None
    """ha of forest that the farm plan commits to keep."""
    years_with_organization: Decimal | None
    """Years since the registration with the organisation."""
    absences: Mapping[FactName, Absence]
    """Why each fact that is None is not known."""

    def values(self) -> dict[str, Value | None]:
        """Fact by name, as criteria take them."""
        return {name.value: getattr(self, name) for name in FactName}


@dataclass(frozen=True, slots=True)
class Fact:
    """What a fact is: kind, unit, the tables it is read from, and its words if they are closed."""

    kind: FactKind
    unit: str | None
    source: tuple[str, ...]
    among: tuple[str, ...] = ()


_LAND: Final = ("plots", "plot_geometries")
FACTS: Final[Mapping[FactName, Fact]] = MappingProxyType({
    _F.COCOA_AREA_HA: Fact(_K.NUMBER, "ha", _LAND),
    _F.PLOTS: Fact(_K.NUMBER, "plots", ("plots",)),
    _F.POLYGON_SHARE: Fact(_K.NUMBER, "share", _LAND),
    _F.DELIVERED_KG: Fact(_K.NUMBER, "kg dry", ("deliveries",)),
    _F.DELIVERED_KG_MAIN_SEASON: Fact(_K.NUMBER, "kg dry", ("deliveries",)),
    _F.DELIVERED_KG_OTHER_MONTHS: Fact(_K.NUMBER, "kg dry", ("deliveries",)),
    _F.DELIVERY_MONTHS: Fact(_K.NUMBER, "months", ("deliveries",)),
    _F.KG_PER_HA: Fact(_K.NUMBER, "kg/ha dry", ("deliveries", *_LAND)),
    _F.ASSOCIATION_STATUS: Fact(_K.TEXT, None, ("producers",), tuple(AssociationStatus)),
    _F.PLANTATION_AGE_YEARS: Fact(_K.NUMBER, "years", _LAND),
    _F.PRODUCTION_SYSTEM: Fact(
        _K.TEXT, None, _LAND, (LandUse.COCOA.value, LandUse.COCOA_AGROFORESTRY.value)
    ),
    _F.PLANTS_PER_HA: Fact(_K.NUMBER, "plants/ha", _LAND),
    _F.VARIETY: Fact(_K.TEXT, None, _LAND),
    _F.CONFIRMED_VISITS: Fact(_K.NUMBER, "visits", ("visits",)),
    _F.HAS_FARM_PLAN: Fact(_K.BOOLEAN, None, ("farm_plans",)),
    _F.DIVERSIFICATION_SHARE: Fact(_K.NUMBER, "share", _LAND),
    _F.FOREST_HA: Fact(_K.NUMBER, "ha", (*_LAND, "farm_plan_zones")),
    _F.CONSERVATION_HA: Fact(_K.NUMBER, "ha", ("farm_plans",)),
    _F.YEARS_WITH_ORGANIZATION: Fact(_K.NUMBER, "years", ("producers",)),
})  # fmt: skip
