import pytest

from api.core.problems import StateConflict
from api.domains.orders.states import LIFECYCLE, PAYABLE, OrderState

S = OrderState
ALLOWED = {
    ("edit", S.DRAFT): S.DRAFT,
    ("place", S.DRAFT): S.PLACED,
    ("accept", S.PLACED): S.ACCEPTED,
    ("propose", S.PLACED): S.PROPOSED,
    ("answer", S.PROPOSED): S.ACCEPTED,
    ("lapse", S.PROPOSED): S.ACCEPTED,
    ("expire", S.PLACED): S.EXPIRED,
    ("expire", S.PROPOSED): S.EXPIRED,
    ("reject", S.PLACED): S.REJECTED,
    ("reject", S.PROPOSED): S.REJECTED,
    ("cancel", S.PLACED): S.CANCELLED,
    ("cancel", S.PROPOSED): S.CANCELLED,
    ("cancel_rest", S.PARTIALLY_DISPATCHED): S.DISPATCHED,
    ("cancel", S.ACCEPTED): S.CANCELLED,
    ("dispatch_part", S.ACCEPTED): S.PARTIALLY_DISPATCHED,
    ("dispatch_part", S.PARTIALLY_DISPATCHED): S.PARTIALLY_DISPATCHED,
    ("dispatch", S.ACCEPTED): S.DISPATCHED,
    ("dispatch", S.PARTIALLY_DISPATCHED): S.DISPATCHED,
    ("receive_part", S.PARTIALLY_DISPATCHED): S.PARTIALLY_DISPATCHED,
    ("receive", S.DISPATCHED): S.RECEIVED,
    ("dispute", S.DISPATCHED): S.DISPUTED,
    ("dispute", S.RECEIVED): S.DISPUTED,
    ("offer_settlement", S.DISPUTED): S.DISPUTED,
    ("settle", S.DISPUTED): S.RECEIVED,
    ("settle_to_receive", S.DISPUTED): S.DISPATCHED,
    ("close", S.RECEIVED): S.CLOSED,
}


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("action", LIFECYCLE.transitions)
def test_every_action_in_every_state(action: str, state: S) -> None:
    if (action, state) in ALLOWED:
        assert LIFECYCLE.apply(action, state).target is ALLOWED[action, state]
    else:
        with pytest.raises(StateConflict) as refused:
            LIFECYCLE.apply(action, state)
        assert refused.value.extensions["allowed_actions"] == LIFECYCLE.allowed(state)


def test_nothing_leads_out_of_an_end() -> None:
    ends = {state for state in S if not LIFECYCLE.allowed(state)}
    assert ends == {S.CLOSED, S.REJECTED, S.CANCELLED, S.EXPIRED}
    assert LIFECYCLE.initial is S.DRAFT


def test_a_way_out_that_frees_stock_is_closed_once_goods_are_on_the_road() -> None:
    sources = LIFECYCLE.transitions["cancel"].sources | LIFECYCLE.transitions["reject"].sources
    sources |= LIFECYCLE.transitions["expire"].sources
    assert sources.isdisjoint({S.PARTIALLY_DISPATCHED, S.DISPATCHED, S.RECEIVED, S.DISPUTED})


def test_money_is_taken_only_for_what_the_supplier_took_on() -> None:
    assert PAYABLE.isdisjoint(
        {S.DRAFT, S.PLACED, S.PROPOSED, S.EXPIRED, S.REJECTED, S.CANCELLED, S.DISPUTED}
    )
