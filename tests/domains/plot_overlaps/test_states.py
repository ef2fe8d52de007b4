import itertools

import pytest

from api.core.problems import StateConflict
from api.domains.plot_overlaps.states import LIFECYCLE
from api.domains.plot_overlaps.states import OverlapState as S

ALLOWED = {
    (S.OPEN, "settle"): S.SETTLED,
    (S.OPEN, "lapse"): S.LAPSED,
    (S.SETTLED, "lapse"): S.LAPSED,
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
