"""GeoJSON geometries (RFC 7946 §3.1): structure only, nothing about the shape.

The parser is as strict as the RFC's MUSTs, and takes three of its SHOULDs for MUSTs because no
sender loses by it: positions of more than three numbers, collections in collections, and
collections of one are refused. Whether a ring is closed or crosses itself is for the rules.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Final, Literal, TypeVar

from api.core.geo import structure_rules as rules
from api.core.geo.findings import Finding, Rule, has_error, member
from api.core.geo.members import check_common_members, has, is_object, type_unknown
from api.core.geo.positions import Number, is_number

Piece = TypeVar("Piece")

Position = tuple[Number, ...]
Line = tuple[Position, ...]
PartKind = Literal["Point", "LineString", "Polygon"]

SHAPES: Final[Mapping[str, str]] = {
    "Point": "[lon, lat]",
    "MultiPoint": "[[lon, lat], ...]",
    "LineString": "[[lon, lat], [lon, lat], ...]",
    "MultiLineString": "[[[lon, lat], ...], ...]",
    "Polygon": "[[[lon, lat], ...]]",
    "MultiPolygon": "[[[[lon, lat], ...]], ...]",
}
"""How the coordinates of each type are nested."""

_GEOMETRY_TYPES: Final = (*SHAPES, "GeometryCollection")
_FOREIGN: Final = ("geometry", "properties", "features")


@dataclass(frozen=True, slots=True)
class Part:
    """One point, line or polygon. A point is one line of one position; a polygon its rings.

    ``pointer`` leads to the part's own coordinates.
    """

    kind: PartKind
    lines: tuple[Line, ...]
    pointer: str

    def pointer_to(self, ring: int, position: int | None = None) -> str:
        """The JSON pointer to one ring, or to one position of it."""
        if self.kind == "Point":
            return self.pointer
        place = f"{self.pointer}/{ring}" if self.kind == "Polygon" else self.pointer
        return place if position is None else f"{place}/{position}"


@dataclass(frozen=True, slots=True)
class Geometry:
    """A geometry that has the structure of its type.

    ``parts`` holds one part, the parts of a Multi type, or every part of a collection's members;
    ``members`` are the geometries of a GeometryCollection, else empty.
    """

    kind: str
    pointer: str
    parts: tuple[Part, ...]
    members: tuple["Geometry", ...] = ()


def parse_geometry(document: object, pointer: str = "") -> Geometry | tuple[Finding, ...]:
    """The geometry, or every reason why this is none. ``pointer`` leads to the document."""
    findings: list[Finding] = []
    geometry = read_geometry(document, pointer, findings)
    if geometry is None or has_error(findings):
        return tuple(findings)
    return geometry


def read_geometry(
    document: object, pointer: str, findings: list[Finding], *, in_collection: bool = False
) -> Geometry | None:
    """The same for a caller that gathers findings; warnings may stand beside a geometry."""
    if not is_object(document):
        findings.append(rules.NOT_AN_OBJECT.at(pointer))
        return None
    kind = document.get("type")
    if not isinstance(kind, str) or kind not in _GEOMETRY_TYPES:
        findings.append(type_unknown(document, pointer, _GEOMETRY_TYPES))
        return None
    check_common_members(document, pointer, findings, kind, _FOREIGN)
    if kind == "GeometryCollection":
        return _read_collection(document, pointer, findings, in_collection)
    if not has(document, "coordinates", pointer, findings):
        return None
    reader = _Coordinates(kind, findings)
    parts = reader.parts(document["coordinates"], member(pointer, "coordinates"))
    return None if parts is None else Geometry(kind, pointer, parts)


def _read_collection(
    document: Mapping[str, object], pointer: str, findings: list[Finding], in_collection: bool
) -> Geometry | None:
    if in_collection:
        findings.append(rules.COLLECTION_NESTED.at(pointer))
        return None
    if not has(document, "geometries", pointer, findings):
        return None
    entries, place = document["geometries"], member(pointer, "geometries")
    if not isinstance(entries, list):
        findings.append(rules.NESTING.at(place, type="GeometryCollection", shape="[{}, ...]"))
        return None
    if len(entries) == 1:
        findings.append(rules.COLLECTION_OF_ONE.at(place))
    read = [
        read_geometry(entry, member(place, index), findings, in_collection=True)
        for index, entry in enumerate(entries)
    ]
    members = tuple(geometry for geometry in read if geometry is not None)
    if len(members) != len(entries):
        return None
    parts = tuple(part for geometry in members for part in geometry.parts)
    return Geometry("GeometryCollection", pointer, parts, members)


class _Coordinates:
    """Reads the ``coordinates`` of one geometry down to its positions."""

    def __init__(self, kind: str, findings: list[Finding]) -> None:
        self.kind = kind
        self.findings = findings
        self.base = ""
        self.misnested = False

    def parts(self, value: object, pointer: str) -> tuple[Part, ...] | None:
        """The parts of the geometry; None, and findings, where any is not well formed."""
        self.base = pointer
        one = {"Point": self._point, "LineString": self._line_string, "Polygon": self._polygon}
        read = one[self.kind.removeprefix("Multi")]
        if not self.kind.startswith("Multi"):
            part = read(value, pointer)
            return None if part is None else (part,)
        return self._each(value, pointer, read)

    def _each(
        self, value: object, pointer: str, read: Callable[[object, str], Piece | None]
    ) -> tuple[Piece, ...] | None:
        if not isinstance(value, list):
            self._complain_nesting(pointer)
            return None
        if not value:
            self._complain(rules.COORDINATES_EMPTY, pointer)
            return None
        pieces = [read(entry, f"{pointer}/{index}") for index, entry in enumerate(value)]
        good = tuple(piece for piece in pieces if piece is not None)
        return good if len(good) == len(pieces) else None

    def _point(self, value: object, pointer: str) -> Part | None:
        position = self._position(value, pointer)
        return None if position is None else Part("Point", ((position,),), pointer)

    def _line_string(self, value: object, pointer: str) -> Part | None:
        line = self._line(value, pointer)
        if line is None:
            return None
        if len(line) < 2:
            self._complain(rules.LINE_TOO_SHORT, pointer)
            return None
        return Part("LineString", (line,), pointer)

    def _polygon(self, value: object, pointer: str) -> Part | None:
        rings = self._each(value, pointer, self._line)
        return None if rings is None else Part("Polygon", rings, pointer)

    def _line(self, value: object, pointer: str) -> Line | None:
        if isinstance(value, list) and value and all(map(_is_plain, value)):
            return tuple(map(tuple, value))
        return self._each(value, pointer, self._position)

    def _position(self, value: object, pointer: str) -> Position | None:
        if not isinstance(value, list) or any(isinstance(entry, list) for entry in value):
            self._complain_nesting(pointer)
        elif not 2 <= len(value) <= 3:
            self._complain(rules.POSITION_LENGTH, pointer)
        elif not all(is_number(entry) for entry in value):
            self._complain(rules.NOT_A_NUMBER, pointer)
        else:
            return tuple(value)
        return None

    def _complain_nesting(self, pointer: str) -> None:
        # Once is enough: with a bracket too many, every position below is wrong in the same way.
        if not self.misnested:
            self.misnested = True
            self._complain(rules.NESTING, pointer, type=self.kind, shape=SHAPES[self.kind])

    def _complain(self, rule: Rule, pointer: str, **facts: object) -> None:
        """The finding, with the ring and position that its pointer leads to."""
        indices = [int(step) for step in pointer[len(self.base) :].split("/")[1:]]
        if self.kind.startswith("Multi"):
            indices = indices[1:]
        ring = indices.pop(0) if indices and self.kind.endswith("Polygon") else None
        position = indices[0] if indices else None
        self.findings.append(rule.at(pointer, ring=ring, position=position, **facts))


def _is_plain(position: object) -> bool:
    """Two finite floats: nearly every position there is, told without a second look."""
    if not isinstance(position, list) or len(position) != 2:
        return False
    lon, lat = position
    return isinstance(lon, float) and isinstance(lat, float) and isfinite(lon) and isfinite(lat)
