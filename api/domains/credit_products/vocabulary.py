"""The closed lists of this room."""

from enum import StrEnum


class ScheduleKind(StrEnum):
    """How due dates are set: every n days, a day of the month, or following the harvest."""

    FIXED_PERIOD = "fixed_period"
    FIXED_DATE = "fixed_date"
    CASH_FLOW = "cash_flow"


class GraceKind(StrEnum):
    """What rests during grace: nothing, the principal, or principal and interest."""

    NONE = "none"
    PRINCIPAL = "principal"
    TOTAL = "total"


class DesgravamenVariant(StrEnum):
    """How the seguro de desgravamen is charged (see docs/decisions/0006)."""

    NONE = "none"
    BALANCE = "balance"
    BALANCE_LEVELLED = "balance_levelled"
    INITIAL_FLAT = "initial_flat"
    CAPITALISED = "capitalised"


class Borrower(StrEnum):
    """Who may borrow: one producer, or a solidarity group."""

    INDIVIDUAL = "individual"
    SOLIDARITY_GROUP = "solidarity_group"


class ReferencePolicy(StrEnum):
    """The cut-off against which "free of deforestation" is judged."""

    EU_2020 = "eu_2020"
    RAINFOREST_ALLIANCE_2014 = "rainforest_alliance_2014"
    NEW_YORK_DECLARATION_2014 = "new_york_declaration_2014"
    PERU_FOREST_LAW_2011 = "peru_forest_law_2011"
    FSC_1994 = "fsc_1994"


class LoanPurpose(StrEnum):
    """Which plan lines may be financed: the categories of what is bought, and work."""

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
    LABOUR = "labour"
