"""The closed lists of this room."""

from enum import StrEnum


class DeclineReason(StrEnum):
    """What stood against an application, as Ley 32294 wants it told to whoever was declined."""

    REPAYMENT_CAPACITY = "repayment_capacity"
    CREDIT_HISTORY = "credit_history"
    OVER_INDEBTEDNESS = "over_indebtedness"
    GUARANTEE = "guarantee"
    MARKET_COMMITMENT = "market_commitment"
    PLAN_NOT_VIABLE = "plan_not_viable"
    DEFORESTATION = "deforestation"
    INCOMPLETE_INFORMATION = "incomplete_information"
    OUTSIDE_POLICY = "outside_policy"
    PRUDENTIAL_RULE = "prudential_rule"
    """A rule of the regulator (SBS), which need not be explained further."""
