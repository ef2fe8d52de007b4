"""What is judged when a plot's geometry arrives in a request, and what is kept of the verdict.

The geometry is judged as the member ``geometry`` of a Feature, so every pointer leads into the
request's own body: ``/geometry/coordinates/0/3``.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import numpy as np
import orjson

from api.core.geo.features import parse_feature
from api.core.geo.findings import Finding, has_error
from api.core.geo.measure import SMALLEST_HA
from api.core.geo.operation_area import PERU, WORLD, AreaOfOperation
from api.core.geo.positions import MICRO
from api.core.problems import FieldError
from api.domains.plots import plot_texts as texts
from api.domains.plots.eudr_facts import EUDR_V3
from api.domains.plots.rules import (
    MAX_POSITIONS,
    PlotVerdict,
    compare_areas,
    judge_plot_feature,
    judge_sound_polygon,
)
from api.domains.plots.shape_rules import judge_point_area
from api.domains.plots.sound_rings import sound_rings
from api.domains.plots.vocabulary import GeometryKind
from api.domains.territories.location import Location

AREAS: Final[Mapping[str, AreaOfOperation]] = {"peru": PERU, "world": WORLD}
"""The areas of operation by the name that an installation's settings give them."""

MOST_NAMED: Final = 100
"""Faults of one geometry that an answer names one by one."""

_MOST_VALUES: Final = 10 * MAX_POSITIONS
"""A position of three numbers counts four values; what holds more was never a plot."""

ABOUT_AREA: Final = frozenset({texts.AREA_DIFFERS.code, texts.AREA_ASSUMED.code})
"""Warnings that another declared area makes anew."""

ABOUT_DISTRICT: Final = frozenset({texts.UBIGEO_DIFFERS.code})
"""The warning that another declared district makes anew."""

NOT_PLANTED_YET: Final = FieldError(
    "/planting_year",
    "in-the-future",
    {"es": "está en el futuro", "en": "lies in the future"},
)


def judge_arrival(
    geometry: object, declared_area_ha: Decimal | None, area: AreaOfOperation
) -> PlotVerdict:
    """The verdict on a request's member ``geometry``; the area in hectares."""
    count = _count_values(geometry)
    if count > _MOST_VALUES:
        # Said before the geometry is read: millions of faults would each get their sentence.
        limit = MAX_POSITIONS
        return PlotVerdict(
            None, (texts.TOO_MANY_POSITIONS.at("/geometry", count=count, limit=limit),)
        )
    feature = parse_feature({"type": "Feature", "properties": {}, "geometry": geometry})
    return judge_plot_feature(feature, declared_area_ha=declared_area_ha, area_of_operation=area)


def judge_arrivals(
    arriving: Sequence[tuple[object, Decimal | None]], area: AreaOfOperation
) -> list[PlotVerdict]:
    """The same for many geometries, each with its declared area."""
    sound = sound_rings([geometry for geometry, _ in arriving], area, "/geometry/coordinates")
    return [
        judge_sound_polygon(place, declared)
        if place is not None
        else judge_arrival(geometry, declared, area)
        for place, (geometry, declared) in zip(sound, arriving, strict=True)
    ]


def judge_declared_area(
    kind: GeometryKind, area_ha: Decimal, declared_area_ha: Decimal | None
) -> tuple[Decimal, list[Finding]]:
    """The area of a standing geometry under another declared area, and what is to say about it.

    A polygon keeps its measured area; a point has no other area than the declared one.
    """
    if kind is GeometryKind.POLYGON:
        if declared_area_ha is None:
            return area_ha, []
        return area_ha, compare_areas(declared_area_ha, area_ha, "/geometry/coordinates/0")
    findings = judge_point_area(declared_area_ha, "/declared_area_ha", EUDR_V3)
    if declared_area_ha is None or has_error(findings):
        return EUDR_V3.point_limit_ha, findings
    return declared_area_ha, findings


def judge_district(declared: str | None, where: Location) -> list[Finding]:
    """What is to say where land lies in another district than the declared one."""
    found = where.differs_from(declared)
    if found is None:
        return []
    return [texts.UBIGEO_DIFFERS.at("/ubigeo", found=found, declared=declared)]


def faults(findings: Iterable[Finding]) -> list[FieldError]:
    """The errors among the findings, as the answer names them, with ring and position."""
    errors = [finding for finding in findings if finding.severity == "error"]
    return [_fault(finding) for finding in errors[:MOST_NAMED]]


def warnings(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """The warnings among the findings, as they are kept beside the plot, in both languages."""
    return [
        {"code": finding.code, "pointer": finding.pointer, "es": finding.es, "en": finding.en}
        for finding in findings
        if finding.severity == "warning"
    ]


def fingerprint(geometry: Mapping[str, Any]) -> str:
    """SHA-256 of a stored geometry, for the ledger: canonical JSON in whole micro-degrees."""
    # Stored numbers are the floats nearest to six decimals: rounding finds each exactly.
    micro = np.rint(np.array(geometry["coordinates"], dtype=np.float64) * MICRO)
    whole = {"coordinates": micro.astype(np.int64).tolist(), "type": geometry["type"]}
    # Two keys in order and whole numbers: what ``canonical`` writes.
    return hashlib.sha256(orjson.dumps(whole)).hexdigest()


def facts(
    geometry_version: int, kind: GeometryKind, geometry: Mapping[str, Any], area_ha: Decimal
) -> dict[str, Any]:
    """What the ledger keeps of a geometry: enough to prove later which one it was."""
    return {
        "geometry_version": geometry_version,
        "geometry_kind": kind.value,
        "geometry_sha256": fingerprint(geometry),
        "area_ha": str(area_ha.quantize(SMALLEST_HA)),
    }


def _fault(finding: Finding) -> FieldError:
    # A misspelt member's own name stands in its pointer; a name that cannot be printed stays out.
    pointer = finding.pointer if finding.pointer.isprintable() else "/geometry"
    place = {"ring": finding.ring, "position": finding.position}
    facts = {name: index for name, index in place.items() if index is not None}
    return FieldError(pointer, finding.code, finding.detail, facts)


def _count_values(document: object) -> int:
    """How many values a JSON document holds, counted no further than is of interest."""
    count, waiting = 0, [document]
    while waiting and count <= _MOST_VALUES:
        value = waiting.pop()
        count += 1
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return count
