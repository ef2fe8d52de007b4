import itertools

import pytest

from api.core.problems import StateConflict
from api.domains.loans.states import LIFECYCLE
from api.domains.loans.states import LoanState as S

ALLOWED = {
    (S.APPROVED, "disburse"): S.ACTIVE,
    (S.APPROVED, "cancel"): S.CANCELLED,
    (S.ACTIVE, "disburse"): S.ACTIVE,
    (S.ACTIVE, "repay"): S.ACTIVE,
    (S.ACTIVE, "settle"): S.SETTLED,
    (S.ACTIVE, "write_off"): S.WRITTEN_OFF,
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
