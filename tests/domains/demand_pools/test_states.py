import itertools

import pytest

from api.core.problems import StateConflict
from api.domains.demand_pools.states import LIFECYCLE
from api.domains.demand_pools.states import DemandPoolState as S

ALLOWED = {
    "pledge": S.OPEN,
    "change_pledge": S.OPEN,
    "withdraw_pledge": S.OPEN,
    "close": S.CLOSED,
    "fail": S.FAILED,
    "cancel": S.CANCELLED,
}


@pytest.mark.parametrize(
    ("state", "action"), list(itertools.product(S, LIFECYCLE.transitions)), ids=str
)
def test_every_action_in_every_state(state: S, action: str) -> None:
    if state is S.OPEN:
        assert LIFECYCLE.apply(action, state).target is ALLOWED[action]
        return
    with pytest.raises(StateConflict) as refused:
        LIFECYCLE.apply(action, state)
    assert refused.value.extensions["allowed_actions"] == []
