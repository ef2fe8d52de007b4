import itertools

import pytest

from api.core.problems import StateConflict
from api.domains.credit_products.states import LIFECYCLE
from api.domains.credit_products.states import CreditProductState as S

ALLOWED = {
    (S.DRAFT, "edit"): S.DRAFT,
    (S.DRAFT, "publish"): S.PUBLISHED,
    (S.PUBLISHED, "withdraw"): S.WITHDRAWN,
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
