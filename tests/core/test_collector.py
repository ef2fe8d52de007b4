import gc

import pytest

from api.core.collector import held_off


def test_the_collector_is_back_when_the_last_lets_go() -> None:
    assert gc.isenabled()
    with held_off():
        with held_off():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_is_back_whatever_happens() -> None:
    with pytest.raises(ValueError, match="no"), held_off():
        raise ValueError("no")
    assert gc.isenabled()
