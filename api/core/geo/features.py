"""GeoJSON features (RFC 7946 §3.2, §3.3): one document, whatever its kind, as features.

A bare geometry is a feature without properties, a Feature is one, a FeatureCollection several;
so whoever judges plots meets one shape. A fault of one feature does not touch its neighbours.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from api.core.geo import structure_rules as rules
from api.core.geo.findings import Finding, has_error, member
from api.core.geo.geojson import SHAPES, Geometry, read_geometry
from api.core.geo.members import check_common_members, has, is_object, type_unknown
from api.core.geo.positions import Number, is_number

_TYPES: Final = ("FeatureCollection", "Feature", *SHAPES, "GeometryCollection")


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature as it was sent.

    ``index`` counts from 0 in its collection; ``pointer`` leads to the feature. ``geometry`` is
    ``None`` where the document says null, and where ``findings`` hold an error about it.
    """

    index: int
    pointer: str
    identifier: str | Number | None
    properties: Mapping[str, object]
    geometry: Geometry | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document: what is wrong with its outer object, and its features in order."""

    kind: str
    findings: tuple[Finding, ...]
    features: tuple[Feature, ...]

    @property
    def every_finding(self) -> tuple[Finding, ...]:
        """The document's findings, then those of each feature."""
        return self.findings + tuple(f for feature in self.features for f in feature.findings)

    @property
    def well_formed(self) -> bool:
        """Whether this is GeoJSON from end to end."""
        return not has_error(self.every_finding)


def parse_document(document: object) -> Document:
    """The document's features and every breach of GeoJSON's structure, each with its place."""
    kind, findings = judge_outer(document)
    return Document(kind, findings, tuple(iter_features(document)) if kind else ())


def judge_outer(document: object) -> tuple[str, tuple[Finding, ...]]:
    """The document's type, empty where it has none, and what is wrong with its outer object; the
    features are not looked at.
    """
    findings: list[Finding] = []
    if not is_object(document):
        return "", (rules.NOT_AN_OBJECT.at(""),)
    kind = document.get("type")
    if not isinstance(kind, str) or kind not in _TYPES:
        return "", (type_unknown(document, "", _TYPES),)
    if kind == "FeatureCollection":
        _check_collection(document, findings)
    return kind, tuple(findings)


def iter_features(document: object) -> Iterator[Feature]:
    """The features one by one, for loads too large to hold parsed.

    Says nothing about the outer object: nothing comes out of one that holds no features.
    """
    if not is_object(document):
        return
    if document.get("type") == "FeatureCollection":
        entries = document.get("features")
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            yield parse_feature(entry, index, f"/features/{index}")
    elif document.get("type") == "Feature":
        yield parse_feature(document, 0, "")
    else:
        findings: list[Finding] = []
        geometry = read_geometry(document, "", findings)
        yield Feature(0, "", None, {}, geometry, tuple(findings))


def parse_feature(document: object, index: int = 0, pointer: str = "") -> Feature:
    """One Feature object, with whatever is wrong with it."""
    findings: list[Finding] = []
    if not is_object(document):
        return Feature(index, pointer, None, {}, None, (rules.NOT_AN_OBJECT.at(pointer),))
    if document.get("type") != "Feature":
        findings.append(type_unknown(document, pointer, ("Feature",)))
    foreign = ("coordinates", "geometries", "features")
    check_common_members(document, pointer, findings, "Feature", foreign)
    identifier = _identifier(document, pointer, findings)
    properties = _properties(document, pointer, findings)
    geometry = None
    if has(document, "geometry", pointer, findings) and document["geometry"] is not None:
        geometry = read_geometry(document["geometry"], member(pointer, "geometry"), findings)
    return Feature(index, pointer, identifier, properties, geometry, tuple(findings))


def _check_collection(document: Mapping[str, object], findings: list[Finding]) -> None:
    foreign = ("coordinates", "geometries", "geometry", "properties")
    check_common_members(document, "", findings, "FeatureCollection", foreign)
    if has(document, "features", "", findings) and not isinstance(document["features"], list):
        findings.append(rules.FEATURES_INVALID.at("/features"))


def _identifier(
    document: Mapping[str, object], pointer: str, findings: list[Finding]
) -> str | Number | None:
    if "id" not in document:
        return None
    value = document["id"]
    if isinstance(value, str) or is_number(value):
        return value
    findings.append(rules.ID_INVALID.at(member(pointer, "id")))
    return None


def _properties(
    document: Mapping[str, object], pointer: str, findings: list[Finding]
) -> Mapping[str, object]:
    if not has(document, "properties", pointer, findings):
        return {}
    value = document["properties"]
    if is_object(value):
        return value
    if value is not None:
        findings.append(rules.PROPERTIES_INVALID.at(member(pointer, "properties")))
    return {}
