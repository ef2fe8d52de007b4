"""The closed lists of this room."""

from enum import StrEnum


class FactName(StrEnum):
    """Every fact; ``facts.FACTS`` says of each its unit and its source."""

    COCOA_AREA_HA = "cocoa_area_ha"
    PLOTS = "plots"
    POLYGON_SHARE = "polygon_share"
    DELIVERED_KG = "delivered_kg"
    DELIVERED_KG_MAIN_SEASON = "delivered_kg_main_season"
    DELIVERED_KG_OTHER_MONTHS = "delivered_kg_other_months"
    DELIVERY_MONTHS = "delivery_months"
    KG_PER_HA = "kg_per_ha"
    ASSOCIATION_STATUS = "association_status"
    PLANTATION_AGE_YEARS = "plantation_age_years"
    PRODUCTION_SYSTEM = "production_system"
    PLANTS_PER_HA = "plants_per_ha"
    VARIETY = "variety"
    CONFIRMED_VISITS = "confirmed_visits"
    HAS_FARM_PLAN = "has_farm_plan"
    DIVERSIFICATION_SHARE = "diversification_share"
    FOREST_HA = "forest_ha"
    CONSERVATION_HA = "conservation_ha"
    YEARS_WITH_ORGANIZATION = "years_with_organization"


class FactKind(StrEnum):
    """What a fact can be compared with."""

    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"


class Absence(StrEnum):
    """Why a fact is not known."""

    NO_PLOTS = "no_plots"
    NO_COCOA = "no_cocoa"
    NO_DELIVERIES = "no_deliveries"
    NO_FARM_PLAN = "no_farm_plan"
    NOT_RECORDED = "not_recorded"
    NOT_REGISTERED = "not_registered"
