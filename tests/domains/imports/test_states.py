import pytest

from api.core.problems import StateConflict
from api.domains.imports.states import LIFECYCLE, ImportState

S = ImportState
ALLOWED = {
    ("start", S.QUEUED): S.RUNNING,
    ("start", S.RUNNING): S.RUNNING,
    ("finish", S.QUEUED): S.DONE,
    ("finish", S.RUNNING): S.DONE,
    ("fail", S.QUEUED): S.FAILED,
    ("fail", S.RUNNING): S.FAILED,
}


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("action", LIFECYCLE.transitions)
def test_every_action_in_every_state(action: str, state: S) -> None:
    if (action, state) in ALLOWED:
        assert LIFECYCLE.apply(action, state).target is ALLOWED[action, state]
    else:
        with pytest.raises(StateConflict):
            LIFECYCLE.apply(action, state)


def test_what_has_ended_stays() -> None:
    assert {state for state in S if not LIFECYCLE.allowed(state)} == {S.DONE, S.FAILED}
    assert LIFECYCLE.initial is S.QUEUED
