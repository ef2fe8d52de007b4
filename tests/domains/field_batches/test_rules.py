"""The order of a batch, and what its items name."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.core.geo.measure import Bounds
from api.domains.field_batches.rules import Entry, box_of, fingerprint, in_order
from api.domains.field_items.vocabulary import FieldKind

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ONE, OTHER, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)


def entry(kind: FieldKind = FieldKind.PRODUCER, **changes: Any) -> Entry:
    values: dict[str, Any] = {
        "place": 0,
        "kind": kind,
        "id": ONE,
        "version": None,
        "captured_at": NOON,
        "members": {},
        "fingerprint": b"",
        **changes,
    }
    return Entry(**values)


entries = st.lists(
    st.builds(
        entry,
        st.sampled_from(FieldKind),
        version=st.none() | st.integers(1, 3),
        id=st.uuids(),
        members=st.sampled_from(
            [{}, {"document": {"type": "dni", "number": "1"}}, {"document": 7}]
        ),
        fingerprint=st.binary(min_size=4, max_size=4),
    ),
    unique_by=lambda one: one.fingerprint,
)


@given(found=entries, data=st.data())
def test_one_order_however_it_was_sent(found: list[Entry], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(found))
    assert in_order(shuffled) == in_order(found)


@given(found=entries)
def test_what_is_named_comes_first_and_what_is_new_before_its_changes(found: list[Entry]) -> None:
    ordered = in_order(found)
    ranks = [(list(FieldKind).index(one.kind), not one.is_new) for one in ordered]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"producer_id": str(ONE), "plot_ids": [str(OTHER), str(THIRD)]}, {ONE, OTHER, THIRD}),
        ({"producer_id": str(ONE), "plots": [{"plot_id": str(OTHER)}]}, {ONE, OTHER}),
        ({"producer_id": 7, "plot_ids": "x", "plots": [None, {"plot_id": []}, {}]}, set()),
        ({"producer_id": "nobody"}, set()),
    ],
)
def test_names_what_can_be_read(members: dict[str, Any], named: set[UUID]) -> None:
    assert entry(members=members).names() == named


def test_the_fingerprint_is_of_what_it_says() -> None:
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})


@pytest.mark.parametrize(
    ("geometry", "box"),
    [
        ({"coordinates": [-76.5, -8.5]}, Bounds(-76.5, -8.5, -76.5, -8.5)),
        ({"coordinates": [[[-76, -8], [-75, -8], [-75, -7.5]]]}, Bounds(-76, -8, -75, -7.5)),
        ({"coordinates": [[[[[[[1, 2]]]]]]]}, None),
        ({"coordinates": [999, -8.5]}, None),
        ({"coordinates": ["a", None]}, None),
        ({}, None),
        (7, None),
    ],
)
def test_the_box_of_whatever_came(geometry: object, box: Bounds | None) -> None:
    assert box_of(geometry) == box
