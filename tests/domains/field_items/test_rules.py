"""What may be written over what somebody else may have changed."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domains.field_items.rules import Merge, merge

values = st.integers(0, 2)
things = st.fixed_dictionaries(dict.fromkeys("abc", values))
parts = st.dictionaries(st.sampled_from("abc"), values)


@pytest.mark.parametrize(
    ("yours", "current", "base", "same", "expected"),
    [
        ({"a": 2}, {"a": 1}, {}, True, Merge(("a",), ())),
        ({"a": 2}, {"a": 1}, {}, False, Merge((), ("a",))),
        ({"a": 2}, {"a": 1}, {"a": 1}, False, Merge(("a",), ())),
        ({"a": 2}, {"a": 1}, {"a": 0}, False, Merge((), ("a",))),
        ({"a": 2}, {"a": 2}, {"a": 0}, False, Merge((), ())),
        ({"a": 2, "b": 2}, {"a": 1, "b": 1}, {"a": 0, "b": 1}, False, Merge(("b",), ("a",))),
    ],
)
def test_by_example(
    yours: dict[str, int],
    current: dict[str, int],
    base: dict[str, int],
    same: bool,
    expected: Merge,
) -> None:
    assert merge(yours, current, base, same_version=same) == expected


@given(yours=parts, current=things, base=parts)
def test_nothing_is_overwritten_that_the_app_did_not_know(
    yours: dict[str, int], current: dict[str, int], base: dict[str, int]
) -> None:
    found = merge(yours, current, base, same_version=False)
    for name in found.writable:
        assert base[name] == current[name] != yours[name]
    assert {*found.writable, *found.contested} == {n for n in yours if yours[n] != current[n]}


@given(started=things, theirs=parts, yours=parts)
def test_it_does_not_matter_who_comes_first_where_nothing_is_contested(
    started: dict[str, Any], theirs: dict[str, Any], yours: dict[str, Any]
) -> None:
    def written(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any] | None:
        stands = started | first
        base = {name: started[name] for name in second}
        found = merge(second, stands, base, same_version=False)
        return None if found.contested else stands | {n: second[n] for n in found.writable}

    one, other = written(theirs, yours), written(yours, theirs)
    if one is not None and other is not None:
        assert one == other
