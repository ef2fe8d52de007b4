"""The closed lists of this room."""

from enum import StrEnum


class Category(StrEnum):
    """What a supplier or provider can offer."""

    FERTILIZER = "fertilizer"
    IRRIGATION = "irrigation"
    EQUIPMENT = "equipment"
    TOOL = "tool"
    BIOLOGICAL = "biological"
    PLANT_MATERIAL = "plant_material"
    TECHNICAL_ASSISTANCE = "technical_assistance"
    TRAINING = "training"
    SOIL_ANALYSIS = "soil_analysis"
    TRANSPORT = "transport"


class Unit(StrEnum):
    """Units of sale: UN/CEFACT Recommendation 20 codes."""

    KILOGRAM = "KGM"
    LITRE = "LTR"
    PIECE = "H87"
    TONNE = "TNE"
    HOUR = "HUR"
    DAY = "DAY"
    HECTARE = "HAR"
    METRE = "MTR"
    KILOMETRE = "KMT"
    BAG = "BG"


class SenasaStatus(StrEnum):
    """State of a SENASA registration."""

    VALID = "valid"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


class SenasaKind(StrEnum):
    """Class of a registered agricultural input (DS 001-2015-MINAGRI)."""

    CHEMICAL = "chemical"
    """PQUA: plaguicida químico de uso agrícola."""
    BIOLOGICAL = "biological"
    GROWTH_REGULATOR = "growth_regulator"
    """RCP: regulador de crecimiento de plantas."""
    ATYPICAL = "atypical"


class MovementKind(StrEnum):
    """Why stock changed."""

    SET = "set"
    RESERVED = "reserved"
    RELEASED = "released"
