import itertools

import pytest

from api.core.problems import StateConflict
from api.domains.plots.states import LIFECYCLE
from api.domains.plots.states import PlotState as S

ALLOWED = {
    (S.ACTIVE, "change"): S.ACTIVE,
    (S.ACTIVE, "replace_geometry"): S.ACTIVE,
    (S.ACTIVE, "close"): S.CLOSED,
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
