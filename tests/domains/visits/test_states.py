import itertools

import pytest

from api.core.problems import StateConflict
from api.domains.visits.states import LIFECYCLE
from api.domains.visits.states import VisitState as S

ALLOWED = {
    (S.RECORDED, "correct"): S.RECORDED,
    (S.DISPUTED, "correct"): S.RECORDED,
    (S.RECORDED, "confirm"): S.CONFIRMED,
    (S.DISPUTED, "confirm"): S.CONFIRMED,
    (S.RECORDED, "dispute"): S.DISPUTED,
    (S.RECORDED, "annul"): S.ANNULLED,
    (S.DISPUTED, "annul"): S.ANNULLED,
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
