"""Would the EU information system take this GeoJSON file? A verdict per feature.

Other rules than for one plot stand here only where the file's own are wider (several parts, several
features) or about its properties; rings and points are judged by the same code. A file of type I
holds one producer's places and goes through the API; type II holds several producers' and goes
through the user interface.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

import shapely

from api.core.geo import measure
from api.core.geo.features import Feature, parse_document
from api.core.geo.findings import Finding, has_error, member
from api.core.geo.geojson import Geometry
from api.core.geo.json_text import read_json
from api.core.geo.operation_area import WORLD, AreaOfOperation
from api.core.geo.positions import positions_in_degrees
from api.domains.plots import eudr_texts as texts
from api.domains.plots import plot_texts
from api.domains.plots.eudr_facts import COUNTRY_AREAS, EUDR_V3, GeolocationFacts
from api.domains.plots.eudr_properties import EudrProperties, judge_properties
from api.domains.plots.shape_rules import (
    CutPart,
    dropped_heights,
    judge_part,
    judge_point_area,
)

FileType = Literal["I", "II"]


@dataclass(frozen=True, slots=True)
class FeatureVerdict:
    """One production place.

    ``area_ha`` is the measured area of its polygons plus, for each point, the declared area or
    the default; None where an error stands against the feature.
    """

    index: int
    kind: str | None
    properties: EudrProperties
    area_ha: Decimal | None
    findings: tuple[Finding, ...]

    @property
    def accepted(self) -> bool:
        """Whether the EU system would take this feature."""
        return not has_error(self.findings)


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """The file as a whole, then its features in order."""

    findings: tuple[Finding, ...]
    features: tuple[FeatureVerdict, ...]

    @property
    def accepted(self) -> bool:
        """Whether the EU system would take the file: all of it, or nothing."""
        return not has_error(self.findings) and all(f.accepted for f in self.features)

    @property
    def every_finding(self) -> tuple[Finding, ...]:
        """The file's findings, then those of each feature."""
        return self.findings + tuple(f for feature in self.features for f in feature.findings)


def judge_eudr_bytes(
    data: bytes, *, file_type: FileType = "I", facts: GeolocationFacts = EUDR_V3
) -> FileVerdict:
    """The verdict on a file as it would be uploaded: also its size, encoding and syntax."""
    if len(data) > facts.largest_file:
        limit = facts.largest_file // 1_000_000
        return FileVerdict((texts.FILE_TOO_LARGE.at("", limit=limit),), ())
    document = read_json(data)
    if isinstance(document, Finding):
        return FileVerdict((document,), ())
    return judge_eudr_file(document, file_type=file_type, facts=facts)


def judge_eudr_file(
    document: object,
    *,
    file_type: FileType = "I",
    facts: GeolocationFacts = EUDR_V3,
    country_areas: Mapping[str, AreaOfOperation] = COUNTRY_AREAS,
) -> FileVerdict:
    """The verdict on a parsed document.

    ``country_areas``: where the plots of a country must lie, for the countries that are known.
    """
    parsed = parse_document(document)
    findings = parsed.findings
    if not parsed.features and not has_error(findings):
        findings += (texts.NO_FEATURES.at("/features"),)
    judge = _FeatureJudge(file_type, facts, country_areas)
    return FileVerdict(findings, tuple(judge.verdict(feature) for feature in parsed.features))


@dataclass(frozen=True, slots=True)
class _FeatureJudge:
    file_type: FileType
    facts: GeolocationFacts
    country_areas: Mapping[str, AreaOfOperation]

    def verdict(self, feature: Feature) -> FeatureVerdict:
        findings = list(feature.findings)
        required = self.file_type == "II"
        properties = judge_properties(feature, findings, country_required=required)
        geometry = feature.geometry
        area = None
        if geometry is not None:
            area = self._area(geometry, properties, findings)
        elif not has_error(feature.findings):
            findings.append(texts.NO_GEOMETRY.at(member(feature.pointer, "geometry")))
        kind = geometry.kind if geometry is not None else None
        if has_error(findings) or area is None:
            area = None
        else:
            area = area.quantize(measure.SMALLEST_HA, rounding=ROUND_HALF_EVEN)
        return FeatureVerdict(feature.index, kind, properties, area, tuple(findings))

    def _area(
        self, geometry: Geometry, properties: EudrProperties, findings: list[Finding]
    ) -> Decimal | None:
        """Judges the geometry; the area of the parts that stand."""
        of_type = _judge_type(geometry)
        findings += of_type
        if has_error(of_type):
            return None
        findings += dropped_heights(geometry)
        where = self.country_areas.get(properties.country or "", WORLD)
        polygons: dict[int, CutPart] = {}
        for index, part in enumerate(geometry.parts):
            place, broken = judge_part(part, where)
            findings += broken
            if place is not None and part.kind == "Polygon":
                polygons[index] = place
        findings += _judge_parts_apart(polygons)
        measured = [measure.area_ha([positions_in_degrees(p.ring)]) for p in polygons.values()]
        points = sum(part.kind == "Point" for part in geometry.parts)
        misread = any(finding.code == texts.AREA_NOT_NUMBER.code for finding in findings)
        if points and not misread:
            findings += judge_point_area(properties.area_ha, geometry.pointer, self.facts)
        of_point = properties.area_ha or self.facts.point_limit_ha
        return sum(measured, points * of_point)


def _judge_type(geometry: Geometry) -> list[Finding]:
    """Points and polygons, one or many, are production places; lines and nothing are not."""
    if not geometry.parts:
        return [texts.NO_GEOMETRY.at(geometry.pointer)]
    findings = []
    for each in geometry.members or (geometry,):
        if each.kind.endswith("LineString"):
            findings.append(plot_texts.LINE.at(each.pointer))
        elif each.kind.startswith("Multi") and len(each.parts) == 1:
            findings.append(plot_texts.MULTI_OF_ONE.at(each.pointer, type=each.kind))
    return findings


def _judge_parts_apart(polygons: Mapping[int, CutPart]) -> list[Finding]:
    """Parts of one feature may share a border (halves around a hole do), but no land."""
    if len(polygons) < 2:
        return []
    indices = list(polygons)
    shapes = [shapely.Polygon(place.ring) for place in polygons.values()]
    pairs = shapely.STRtree(shapes).query(shapes, predicate="intersects").T.tolist()
    return [
        texts.PARTS_OVERLAP.at(polygons[indices[later]].part.pointer, other=indices[earlier])
        for later, earlier in sorted(pairs)
        if later > earlier and shapely.relate_pattern(shapes[later], shapes[earlier], "T********")
    ]
