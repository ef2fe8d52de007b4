"""A farm plan is drafted and submitted by a technician, approved by an agronomist of the
assistance provider, and accepted by the producer's side; a later accepted plan supersedes it.
"""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.core.lifecycle import Lifecycle, Transition
from api.policies import Permission


class FarmPlanState(StrEnum):
    """Where a farm plan stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    ACCEPTED = "accepted"
    SUPERSEDED = "superseded"


_S = FarmPlanState

LIFECYCLE: Final = Lifecycle(
    name="farm_plan",
    initial=_S.DRAFT,
    transitions=MappingProxyType({
        "edit": Transition(
            frozenset({_S.DRAFT}), _S.DRAFT,
            Permission.FARM_PLANS_WRITE, "farm_plan.changed",
        ),
        "submit": Transition(
            frozenset({_S.DRAFT}), _S.SUBMITTED,
            Permission.FARM_PLANS_WRITE, "farm_plan.submitted",
        ),
        "return": Transition(
            frozenset({_S.SUBMITTED}), _S.DRAFT,
            Permission.FARM_PLANS_APPROVE, "farm_plan.returned",
        ),
        "approve": Transition(
            frozenset({_S.SUBMITTED}), _S.APPROVED,
            Permission.FARM_PLANS_APPROVE, "farm_plan.approved",
        ),
        "accept": Transition(
            frozenset({_S.APPROVED}), _S.ACCEPTED,
            Permission.FARM_PLANS_ACCEPT, "farm_plan.accepted",
        ),
        "supersede": Transition(
            frozenset({_S.ACCEPTED}), _S.SUPERSEDED,
            Permission.FARM_PLANS_ACCEPT, "farm_plan.superseded",
        ),
    }),
)  # fmt: skip
