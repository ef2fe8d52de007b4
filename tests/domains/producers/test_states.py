import pytest

from api.core.problems import StateConflict
from api.domains.producers.states import LIFECYCLE, ProducerState

EXPECTED = {
    ("change", ProducerState.ACTIVE): ProducerState.ACTIVE,
    ("change", ProducerState.MERGED): None,
    ("change", ProducerState.ERASED): None,
    ("merge", ProducerState.ACTIVE): ProducerState.MERGED,
    ("merge", ProducerState.MERGED): None,
    ("merge", ProducerState.ERASED): None,
    ("erase", ProducerState.ACTIVE): ProducerState.ERASED,
    ("erase", ProducerState.MERGED): None,
    ("erase", ProducerState.ERASED): None,
}


def test_every_state_and_action_is_expected() -> None:
    assert set(EXPECTED) == {(a, s) for a in LIFECYCLE.transitions for s in ProducerState}


@pytest.mark.parametrize(("action", "state"), EXPECTED)
def test_transition(action: str, state: ProducerState) -> None:
    target = EXPECTED[action, state]
    if target is None:
        with pytest.raises(StateConflict) as refused:
            LIFECYCLE.apply(action, state)
        assert refused.value.extensions["allowed_actions"] == []
    else:
        assert LIFECYCLE.apply(action, state).target is target
