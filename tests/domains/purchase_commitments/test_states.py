import itertools

import pytest

from api.core.problems import StateConflict
from api.domains.purchase_commitments.states import LIFECYCLE
from api.domains.purchase_commitments.states import PurchaseCommitmentState as S

ALLOWED = {
    (S.PROPOSED, "sign"): S.SIGNED,
    (S.PROPOSED, "cancel"): S.CANCELLED,
    (S.SIGNED, "ship"): S.IN_FULFILMENT,
    (S.IN_FULFILMENT, "ship"): S.IN_FULFILMENT,
    (S.SIGNED, "fulfil"): S.FULFILLED,
    (S.IN_FULFILMENT, "fulfil"): S.FULFILLED,
    (S.SIGNED, "break"): S.BROKEN,
    (S.IN_FULFILMENT, "break"): S.BROKEN,
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
