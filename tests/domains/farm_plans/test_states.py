import itertools

import pytest

from api.core.problems import StateConflict
from api.domains.farm_plans.states import LIFECYCLE
from api.domains.farm_plans.states import FarmPlanState as S

ALLOWED = {
    (S.DRAFT, "edit"): S.DRAFT,
    (S.DRAFT, "submit"): S.SUBMITTED,
    (S.SUBMITTED, "return"): S.DRAFT,
    (S.SUBMITTED, "approve"): S.APPROVED,
    (S.APPROVED, "accept"): S.ACCEPTED,
    (S.ACCEPTED, "supersede"): S.SUPERSEDED,
}


@pytest.mark.parametrize(
    ("state", "action"), list(itertools.product(S, LIFECYCLE.transitions)), ids=str
)
def test_every_state_and_action(state: S, action: str) -> None:
    if (state, action) in ALLOWED:
        assert LIFECYCLE.apply(action, state).target is ALLOWED[state, action]
    else:
        with pytest.raises(StateConflict):
            LIFECYCLE.apply(action, state)
