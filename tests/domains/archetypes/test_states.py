import pytest

from api.core.problems import StateConflict
from api.domains.archetypes.states import LIFECYCLE, ArchetypeTableState

S = ArchetypeTableState
ALLOWED = {("enact", S.DRAFT): S.IN_FORCE, ("supersede", S.IN_FORCE): S.SUPERSEDED}


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("action", LIFECYCLE.transitions)
def test_every_action_in_every_state(action: str, state: S) -> None:
    if (action, state) in ALLOWED:
        assert LIFECYCLE.apply(action, state).target is ALLOWED[action, state]
    else:
        with pytest.raises(StateConflict):
            LIFECYCLE.apply(action, state)


def test_it_begins_as_a_draft() -> None:
    assert LIFECYCLE.initial is S.DRAFT
