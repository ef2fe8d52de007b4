import itertools

import pytest

from api.core.problems import StateConflict
from api.domains.credit_applications.states import BOOKED, LIFECYCLE
from api.domains.credit_applications.states import CreditApplicationState as S

ALLOWED = {
    (S.DRAFT, "submit"): S.SUBMITTED,
    (S.DRAFT, "withdraw"): S.WITHDRAWN,
    (S.SUBMITTED, "review"): S.UNDER_REVIEW,
    (S.SUBMITTED, "offer"): S.OFFERED,
    (S.SUBMITTED, "decline"): S.DECLINED,
    (S.SUBMITTED, "withdraw"): S.WITHDRAWN,
    (S.UNDER_REVIEW, "offer"): S.OFFERED,
    (S.UNDER_REVIEW, "decline"): S.DECLINED,
    (S.UNDER_REVIEW, "withdraw"): S.WITHDRAWN,
    (S.OFFERED, "accept"): S.ACCEPTED,
    (S.OFFERED, "withdraw"): S.WITHDRAWN,
    (S.OFFERED, "expire"): S.EXPIRED,
    (S.ACCEPTED, "disburse"): S.DISBURSING,
    (S.ACCEPTED, "activate"): S.ACTIVE,
    (S.ACCEPTED, "withdraw"): S.WITHDRAWN,
    (S.DISBURSING, "disburse"): S.DISBURSING,
    (S.DISBURSING, "activate"): S.ACTIVE,
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


def test_every_way_out_leaves_a_state_in_which_it_is_known_what_is_booked() -> None:
    out = {S.DECLINED, S.WITHDRAWN, S.EXPIRED}
    sources = {
        source
        for transition in LIFECYCLE.transitions.values()
        if transition.target in out
        for source in transition.sources
    }
    assert sources == BOOKED | {S.DRAFT}
