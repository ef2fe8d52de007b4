import itertools

import pytest

from api.core.problems import StateConflict
from api.domains.service_requests.states import LIFECYCLE
from api.domains.service_requests.states import ServiceRequestState as S

ALLOWED = {
    (S.REQUESTED, "accept"): S.ACCEPTED,
    (S.REQUESTED, "decline"): S.DECLINED,
    (S.REQUESTED, "withdraw"): S.WITHDRAWN,
    (S.ACCEPTED, "withdraw"): S.WITHDRAWN,
    (S.ACCEPTED, "complete"): S.COMPLETED,
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
