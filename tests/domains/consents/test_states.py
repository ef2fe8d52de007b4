import pytest

from api.core.problems import StateConflict
from api.domains.consents.states import LIFECYCLE, ConsentState

EXPECTED = {
    ("revoke", ConsentState.GRANTED): ConsentState.REVOKED,
    ("revoke", ConsentState.REVOKED): None,
}


def test_every_state_and_action_is_expected() -> None:
    assert set(EXPECTED) == {(a, s) for a in LIFECYCLE.transitions for s in ConsentState}


@pytest.mark.parametrize(("action", "state"), EXPECTED)
def test_transition(action: str, state: ConsentState) -> None:
    target = EXPECTED[action, state]
    if target is None:
        with pytest.raises(StateConflict) as refused:
            LIFECYCLE.apply(action, state)
        assert refused.value.extensions["allowed_actions"] == LIFECYCLE.allowed(state)
    else:
        assert LIFECYCLE.apply(action, state).target is target


def test_a_consent_begins_granted_and_revoking_is_told() -> None:
    assert LIFECYCLE.initial is ConsentState.GRANTED
    assert LIFECYCLE.transitions["revoke"].event == "consent.revoked"
