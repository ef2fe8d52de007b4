"""Placemarks from a KML file, as phones and Google Earth write it (OGC 12-007r2).

The parser takes no DTD, no entity and nothing from outside: ``defusedxml``.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError  # nosec B405: types, not the parser

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from api.core.geo.findings import Finding
from api.domains.plots import format_texts as texts
from api.domains.plots.formats import Reading, collection_of, decimal_of, feature_of

Geometry = dict[str, Any]

_TYPES: Final = {
    "Point": "Point",
    "LineString": "LineString",
    "Track": "LineString",
    "Polygon": "Polygon",
}
"""Geometry elements and what they are in GeoJSON; a (gx:)Track is a recorded walk."""


class _Unreadable(ValueError):
    """Raised where the coordinates of a placemark are none."""


def read_kml(data: bytes) -> Reading:
    """The placemarks of a KML file, one feature each; name and data become text properties."""
    root = _parse(data)
    if isinstance(root, Finding):
        return Reading(collection_of([]), (root,))
    findings: list[Finding] = []
    features = []
    for index, placemark in enumerate(_all(root, "Placemark")):
        try:
            geometry = _geometry(placemark)
        except _Unreadable:
            geometry = None
            findings.append(texts.KML_COORDINATES.at(f"/features/{index}"))
        features.append(feature_of(geometry, _properties(placemark)))
    if not features:
        findings.append(texts.KML_NO_PLACEMARK.at(""))
    return Reading(collection_of(features), tuple(findings))


def _parse(data: bytes) -> Element | Finding:
    if data.startswith(b"PK\x03\x04"):
        return texts.KMZ.at("")
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except ParseError as error:
        return texts.KML_BROKEN.at("", line=error.position[0])
    except DefusedXmlException:
        return texts.KML_UNSAFE.at("")
    except (LookupError, ValueError):
        return texts.KML_ENCODING.at("")
    return root if _name(root) == "kml" else texts.KML_NOT_KML.at("")


def _geometry(placemark: Element) -> Geometry | None:
    """The placemark's geometry, however deep it is nested; several become a Multi type."""
    found = [
        {"type": _TYPES[_name(element)], "coordinates": _coordinates(element)}
        for element in placemark.iter()
        if _name(element) in _TYPES
    ]
    kinds = {str(geometry["type"]) for geometry in found}
    if len(found) < 2:
        return found[0] if found else None
    if len(kinds) == 1:
        return {
            "type": f"Multi{kinds.pop()}",
            "coordinates": [geometry["coordinates"] for geometry in found],
        }
    return {"type": "GeometryCollection", "geometries": found}


def _coordinates(element: Element) -> list[Any]:
    kind = _name(element)
    if kind == "Track":
        return [_position(coord.text, None) for coord in _all(element, "coord")]
    if kind == "LineString":
        return _positions(element)
    if kind == "Point":
        [position, *more] = _positions(element)
        if more:
            raise _Unreadable
        return position
    borders = [child for child in element if _name(child) == "outerBoundaryIs"]
    borders += [child for child in element if _name(child) == "innerBoundaryIs"]
    rings = [_positions(ring) for border in borders for ring in _all(border, "LinearRing")]
    if not rings:
        raise _Unreadable
    return rings


def _positions(element: Element) -> list[list[Decimal]]:
    """``lon,lat[,height]`` separated by white space (§16.9): at least one."""
    text = next((child.text for child in element if _name(child) == "coordinates"), None)
    positions = [_position(group, ",") for group in (text or "").split()]
    if not positions:
        raise _Unreadable
    return positions


def _position(text: str | None, separator: str | None) -> list[Decimal]:
    numbers = [decimal_of(part) for part in (text or "").split(separator)]
    position = [number for number in numbers if number is not None]
    if len(position) != len(numbers):
        raise _Unreadable
    return position


def _properties(placemark: Element) -> dict[str, str]:
    """Name, description and ExtendedData, as texts."""
    found = {}
    for child in placemark:
        if _name(child) in ("name", "description") and child.text:
            found[_name(child)] = child.text.strip()
    for data in _all(placemark, "Data"):
        values = [part.text or "" for part in data if _name(part) == "value"]
        if name := data.get("name"):
            found[name] = "".join(values[:1]).strip()
    for data in _all(placemark, "SimpleData"):
        if name := data.get("name"):
            found[name] = (data.text or "").strip()
    return found


def _all(element: Element, name: str) -> Iterator[Element]:
    return (below for below in element.iter() if _name(below) == name)


def _name(element: Element) -> str:
    """The element's name without its namespace: KML 2.0 to 2.3 and Google's own differ in it."""
    return element.tag.rsplit("}", 1)[-1]
