"""What is judged when a geometry arrives in a request, and what is kept of the verdict."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given

from api.core.geo.findings import Finding
from api.core.geo.operation_area import PERU
from api.core.geo.positions import micro_degrees
from api.domains.plots.arrival import (
    MOST_NAMED,
    faults,
    fingerprint,
    judge_arrival,
    judge_declared_area,
    warnings,
)
from api.domains.plots.vocabulary import GeometryKind
from tests.domains.plots.shapes import point, polygon, square, star_rings


def test_pointers_lead_into_the_request() -> None:
    ring = square()
    ring[2] = ["x", 1]  # type: ignore[list-item]
    [fault] = faults(judge_arrival(polygon(ring), None, PERU).findings)
    assert fault.pointer == "/geometry/coordinates/0/2"
    assert fault.facts == {"ring": 0, "position": 2}
    assert set(fault.detail) == {"es", "en"}


@pytest.mark.parametrize("geometry", [None, 3, "Point", [], {}, True])
def test_what_is_no_geometry_is_said_of_the_member(geometry: Any) -> None:
    verdict = judge_arrival(geometry, None, PERU)
    assert not verdict.accepted
    assert {fault.pointer for fault in faults(verdict.findings)} == {"/geometry"}


def test_a_feature_is_no_geometry() -> None:
    feature = {"type": "Feature", "properties": {}, "geometry": point()}
    [fault] = faults(judge_arrival(feature, None, PERU).findings)
    assert (fault.pointer, fault.code) == ("/geometry/type", "type-unknown")


@pytest.mark.parametrize(
    "coordinates",
    [
        [[["a", "b"]] * 200_000],
        [["a", "b"]] * 200_000,
        [0.0] * 200_000,
        [[[[]] * 200_000]],
    ],
)
def test_what_never_was_a_plot_is_refused_unread(coordinates: Any) -> None:
    geometry = {"type": "Polygon", "coordinates": coordinates}
    [fault] = faults(judge_arrival(geometry, None, PERU).findings)
    assert (fault.pointer, fault.code) == ("/geometry", "too-many-positions")


def test_so_many_faults_are_named_and_no_more() -> None:
    geometry = {"type": "Polygon", "coordinates": [[["a", "b"]] * 5_000]}
    named = faults(judge_arrival(geometry, None, PERU).findings)
    assert len(named) == MOST_NAMED
    assert named[-1].pointer == f"/geometry/coordinates/0/{MOST_NAMED - 1}"


def test_a_misspelt_member_is_named_unless_it_cannot_be_printed() -> None:
    named = faults(judge_arrival({"type": "Point", "coordinate": [1, 2]}, None, PERU).findings)
    assert named[0].pointer == "/geometry/coordinate"
    hidden = faults(judge_arrival({"type": "Point", "coordi\nates": [1, 2]}, None, PERU).findings)
    assert hidden[0].pointer == "/geometry"


def test_warnings_are_kept_in_both_languages_and_errors_are_not() -> None:
    error = Finding("a-code", "error", "/geometry", None, None, "uno", "one")
    warning = Finding("b-code", "warning", "/geometry/x", 0, 2, "dos", "two")
    assert warnings([error, warning]) == [
        {"code": "b-code", "pointer": "/geometry/x", "es": "dos", "en": "two"}
    ]
    assert [fault.code for fault in faults([error, warning])] == ["a-code"]


AREA = Decimal("2.0000")


@pytest.mark.parametrize(
    ("kind", "declared", "area", "codes"),
    [
        (GeometryKind.POLYGON, None, AREA, []),
        (GeometryKind.POLYGON, Decimal("2.2000"), AREA, []),
        (GeometryKind.POLYGON, Decimal("2.2001"), AREA, ["declared-area-differs"]),
        (GeometryKind.POLYGON, Decimal("1.7999"), AREA, ["declared-area-differs"]),
        (GeometryKind.POLYGON, Decimal("9.0000"), AREA, ["declared-area-differs"]),
        (GeometryKind.POINT, None, Decimal(4), ["point-area-assumed"]),
        (GeometryKind.POINT, Decimal("4.0000"), Decimal("4.0000"), []),
        (GeometryKind.POINT, Decimal("0.0001"), Decimal("0.0001"), []),
        (GeometryKind.POINT, Decimal("4.0001"), Decimal(4), ["point-above-limit"]),
    ],
)
def test_another_declared_area(
    kind: GeometryKind, declared: Decimal | None, area: Decimal, codes: list[str]
) -> None:
    found, findings = judge_declared_area(kind, AREA, declared)
    assert (found, [finding.code for finding in findings]) == (area, codes)


@given(star_rings())
def test_the_fingerprint_is_that_of_the_stored_geometry(ring: list[list[float]]) -> None:
    geometry = judge_arrival(polygon(ring), None, PERU).geometry
    assume(geometry is not None)
    assert geometry is not None
    stored = geometry.geojson
    moved = [[list(place) for place in stored["coordinates"][0]]]
    moved[0][1][0] = (micro_degrees(moved[0][1][0]) + 1) / 1_000_000
    again = judge_arrival(stored, None, PERU).geometry
    assert again is not None
    assert fingerprint(again.geojson) == fingerprint(stored)
    assert fingerprint({"type": "Polygon", "coordinates": moved}) != fingerprint(stored)
    assert len(fingerprint(stored)) == 64
