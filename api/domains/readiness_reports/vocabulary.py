"""The closed lists of this room."""

from enum import StrEnum


class Verdict(StrEnum):
    """What a report says: never a probability of default."""

    READY = "ready"
    NOT_READY = "not_ready"


class CriterionKind(StrEnum):
    """A gate must be met; points add up; capacity must be met where a product is named."""

    GATE = "gate"
    POINTS = "points"
    CAPACITY = "capacity"


class Dimension(StrEnum):
    """What a criterion is about."""

    ELIGIBILITY = "eligibility"
    PLAN = "plan"
    LAND = "land"
    PRODUCTION = "production"
    MARKET = "market"
    RECORD = "record"
    CAPACITY = "capacity"
    GROUP = "group"


class Absence(StrEnum):
    """Why a criterion has no value."""

    UNKNOWN = "unknown"
    NOT_ASSESSED = "not_assessed"
    NO_CASH_FLOW = "no_cash_flow"
    CURRENCIES_DIFFER = "currencies_differ"
    NOTHING_TO_FINANCE = "nothing_to_finance"
    TERM_NOT_COVERED = "term_not_covered"
    NO_SCHEDULE = "no_schedule"
