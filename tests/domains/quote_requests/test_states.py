import itertools

import pytest

from api.core.problems import StateConflict
from api.domains.quote_requests.states import LIFECYCLE, QUOTE_LIFECYCLE
from api.domains.quote_requests.states import QuoteRequestState as R
from api.domains.quote_requests.states import QuoteState as Q

REQUESTS = {
    (R.OPEN, "quote"): R.OPEN,
    (R.OPEN, "withdraw_quote"): R.OPEN,
    (R.OPEN, "award"): R.AWARDED,
    (R.OPEN, "cancel"): R.CANCELLED,
    (R.OPEN, "lapse"): R.LAPSED,
}
QUOTES = {
    (Q.SUBMITTED, "replace"): Q.SUBMITTED,
    (Q.WITHDRAWN, "replace"): Q.SUBMITTED,
    (Q.SUBMITTED, "withdraw"): Q.WITHDRAWN,
    (Q.SUBMITTED, "award"): Q.AWARDED,
    (Q.SUBMITTED, "decline"): Q.DECLINED,
}


@pytest.mark.parametrize(
    ("state", "action"), list(itertools.product(R, LIFECYCLE.transitions)), ids=str
)
def test_every_state_and_action_of_requests(state: R, action: str) -> None:
    if (state, action) in REQUESTS:
        assert LIFECYCLE.apply(action, state).target is REQUESTS[state, action]
    else:
        with pytest.raises(StateConflict):
            LIFECYCLE.apply(action, state)


@pytest.mark.parametrize(
    ("state", "action"), list(itertools.product(Q, QUOTE_LIFECYCLE.transitions)), ids=str
)
def test_every_state_and_action_of_quotes(state: Q, action: str) -> None:
    if (state, action) in QUOTES:
        assert QUOTE_LIFECYCLE.apply(action, state).target is QUOTES[state, action]
    else:
        with pytest.raises(StateConflict):
            QUOTE_LIFECYCLE.apply(action, state)
