import pytest

from api.core.problems import StateConflict
from api.domains.catalogues.states import LIFECYCLE, CatalogueState

S = CatalogueState
ALLOWED = {
    ("edit", S.DRAFT): S.DRAFT,
    ("publish", S.DRAFT): S.PUBLISHED,
    ("revise", S.PUBLISHED): S.PUBLISHED,
    ("supersede", S.PUBLISHED): S.SUPERSEDED,
    ("withdraw", S.DRAFT): S.WITHDRAWN,
    ("withdraw", S.PUBLISHED): S.WITHDRAWN,
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


def test_it_begins_as_a_draft() -> None:
    assert LIFECYCLE.initial is S.DRAFT
