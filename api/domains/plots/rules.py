"""Is this the geometry of one plot? Pure: a document in, a verdict with all its reasons out.

Coordinates are cut to six decimals first, and the shape is judged after the cut: the EU system
cuts too (API V3), and what is stored here must be accepted there.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final

from api.core.geo import measure
from api.core.geo.features import Feature, parse_document
from api.core.geo.findings import Finding, has_error, member
from api.core.geo.geojson import Geometry
from api.core.geo.measure import Bounds, LonLat
from api.core.geo.operation_area import PERU, AreaOfOperation
from api.core.geo.positions import positions_in_degrees
from api.domains.plots import plot_texts as texts
from api.domains.plots.eudr_facts import EUDR_V3, GeolocationFacts
from api.domains.plots.shape_rules import (
    CutPart,
    dropped_heights,
    judge_part,
    judge_point_area,
)
from api.domains.plots.vocabulary import GeometryKind

MAX_POSITIONS: Final = 10_000
"""Positions of one plot. The longest boundary among Whisp's fifty sample plots has 649."""

TOLERATED_DIFFERENCE: Final = Decimal("0.10")
"""Share of the measured area by which a declared one may differ without a warning."""

THINNEST: Final = 0.02
"""Least compactness 4πA/P² (Polsby and Popper 1991; a circle has 1) without a warning: that of a
strip 155 times as long as it is wide."""

_MOST_PERCENT: Final = Decimal(999_999)


@dataclass(frozen=True, slots=True)
class PlotGeometry:
    """What is stored of a plot's place.

    ``geojson``: Point or Polygon of one ring, closed, counter-clockwise, six decimals at most, no
    height. ``area_ha``: four decimals; measured on exactly that ring, or for a point the declared
    area (the limit for points where none was declared). ``truncated``: the cut took digits away.
    """

    kind: GeometryKind
    geojson: Mapping[str, Any]
    area_ha: Decimal
    bounds: Bounds
    centroid: LonLat
    truncated: bool


@dataclass(frozen=True, slots=True)
class PlotVerdict:
    """The geometry, or None where any finding is an error; warnings stand beside a geometry."""

    geometry: PlotGeometry | None
    findings: tuple[Finding, ...]

    @property
    def accepted(self) -> bool:
        """Whether the plot may carry this geometry."""
        return self.geometry is not None


def judge_plot_geometry(
    document: object,
    *,
    declared_area_ha: Decimal | None = None,
    area_of_operation: AreaOfOperation = PERU,
    facts: GeolocationFacts = EUDR_V3,
) -> PlotVerdict:
    """The verdict on a GeoJSON geometry, a Feature, or a FeatureCollection of one feature.

    ``document`` is what a JSON parser returns; numbers may be ``int``, ``float`` or ``Decimal``.
    """
    parsed = parse_document(document)
    if len(parsed.features) != 1:
        findings = parsed.every_finding
        if not has_error(findings):
            findings += (texts.NOT_ONE_FEATURE.at("", count=len(parsed.features)),)
        return PlotVerdict(None, findings)
    verdict = judge_plot_feature(
        parsed.features[0],
        declared_area_ha=declared_area_ha,
        area_of_operation=area_of_operation,
        facts=facts,
    )
    if has_error(parsed.findings):
        return PlotVerdict(None, parsed.findings + verdict.findings)
    return PlotVerdict(verdict.geometry, parsed.findings + verdict.findings)


def judge_plot_feature(
    feature: Feature,
    *,
    declared_area_ha: Decimal | None = None,
    area_of_operation: AreaOfOperation = PERU,
    facts: GeolocationFacts = EUDR_V3,
) -> PlotVerdict:
    """The same for one feature of a larger document: one row of an import."""
    findings = list(feature.findings)
    if feature.geometry is None:
        if not has_error(findings):
            findings.append(texts.NO_GEOMETRY.at(member(feature.pointer, "geometry")))
        return PlotVerdict(None, tuple(findings))
    findings += _judge_size(feature.geometry) + _judge_type(feature.geometry)
    if has_error(findings):
        return PlotVerdict(None, tuple(findings))
    findings += dropped_heights(feature.geometry)
    place, broken = judge_part(feature.geometry.parts[0], area_of_operation)
    findings += broken
    if place is None:
        return PlotVerdict(None, tuple(findings))
    judge = _judge_point if place.part.kind == "Point" else _judge_polygon
    geometry, about_area = judge(place, declared_area_ha, facts)
    findings += about_area
    return PlotVerdict(None if has_error(findings) else geometry, tuple(findings))


def judge_sound_polygon(
    place: CutPart, declared_area_ha: Decimal | None, facts: GeolocationFacts = EUDR_V3
) -> PlotVerdict:
    """The verdict on a ring with which nothing else is wrong: what its area has to say."""
    geometry, findings = _judge_polygon(place, declared_area_ha, facts)
    return PlotVerdict(None if has_error(findings) else geometry, tuple(findings))


def _judge_size(geometry: Geometry) -> list[Finding]:
    """The error for a geometry of more positions than are judged."""
    count = sum(len(line) for part in geometry.parts for line in part.lines)
    if count <= MAX_POSITIONS:
        return []
    return [texts.TOO_MANY_POSITIONS.at(geometry.pointer, count=count, limit=MAX_POSITIONS)]


def _judge_type(geometry: Geometry) -> list[Finding]:
    """One plot is one point or one polygon; a Multi type of a single part is read as that part."""
    count, pointer = len(geometry.parts), geometry.pointer
    if geometry.kind == "GeometryCollection":
        return [texts.COLLECTION.at(pointer)]
    if geometry.kind.endswith("LineString"):
        return [texts.LINE.at(pointer)]
    if geometry.kind.startswith("Multi"):
        if count == 1:
            return [texts.MULTI_OF_ONE.at(pointer, type=geometry.kind)]
        rule = texts.MULTIPOINT if geometry.kind == "MultiPoint" else texts.MULTIPOLYGON
        return [rule.at(pointer, count=count)]
    return []


def _judge_point(
    place: CutPart, declared: Decimal | None, facts: GeolocationFacts
) -> tuple[PlotGeometry, list[Finding]]:
    findings = judge_point_area(declared, place.part.pointer, facts)
    area = facts.point_limit_ha if declared is None or has_error(findings) else declared
    [position] = positions_in_degrees(place.ring)
    geometry = PlotGeometry(
        kind=GeometryKind.POINT,
        geojson={"type": "Point", "coordinates": position},
        area_ha=area.quantize(measure.SMALLEST_HA, rounding=ROUND_HALF_EVEN),
        bounds=measure.bounds_of([position]),
        centroid=LonLat(*position),
        truncated=place.changed,
    )
    return geometry, findings


def _judge_polygon(
    place: CutPart, declared: Decimal | None, facts: GeolocationFacts
) -> tuple[PlotGeometry, list[Finding]]:
    pointer = place.part.pointer_to(0)
    ring = positions_in_degrees(place.ring)
    # As surveyed: cutting the ring for storage can move a small plot by more than 0.1 %.
    surveyed = [(float(lon), float(lat)) for lon, lat, *_ in place.part.lines[0]]
    square_metres, length = measure.ring_size(surveyed)
    area = measure.hectares(square_metres)
    findings = []
    if area < facts.smallest_ha:
        findings.append(texts.AREA_TOO_SMALL.at(pointer, ring=0, limit=facts.smallest_ha))
    elif 4 * math.pi * square_metres < THINNEST * length**2:
        findings.append(texts.NEEDLE.at(pointer, ring=0))
    if declared is not None and area > 0:
        findings += compare_areas(declared, area, pointer)
    geometry = PlotGeometry(
        kind=GeometryKind.POLYGON,
        geojson={"type": "Polygon", "coordinates": [ring]},
        area_ha=area,
        bounds=measure.bounds_of(ring),
        centroid=measure.centroid_of(ring),
        truncated=place.changed,
    )
    return geometry, findings


def compare_areas(declared: Decimal, measured: Decimal, pointer: str) -> list[Finding]:
    """The warning where the declared area (hectares) is far from the one measured on a polygon."""
    difference = abs(declared - measured) / measured
    if difference <= TOLERATED_DIFFERENCE:
        return []
    percent = min(100 * difference, _MOST_PERCENT).quantize(Decimal("0.1"), ROUND_HALF_EVEN)
    return [texts.AREA_DIFFERS.at(pointer, ring=0, percent=percent, measured=measured)]
