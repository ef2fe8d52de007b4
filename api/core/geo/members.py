"""What all GeoJSON objects have in common: their members' names, ``bbox`` and ``crs``."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TypeGuard

from api.core.geo import structure_rules as rules
from api.core.geo.findings import Finding, member
from api.core.geo.positions import is_number


def is_object(value: object) -> TypeGuard[Mapping[str, object]]:
    """A JSON object, as a parser gives it."""
    return isinstance(value, dict)


def has(document: Mapping[str, object], name: str, pointer: str, findings: list[Finding]) -> bool:
    """Whether the member is there; a finding says where it is absent or misspelt."""
    if name in document:
        return True
    likely = lookalike(document, name)
    if likely is None:
        findings.append(rules.MEMBER_MISSING.at(pointer, name=name))
    else:
        findings.append(rules.MEMBER_MISSPELT.at(member(pointer, likely), name=name))
    return False


def lookalike(document: Mapping[str, object], name: str) -> str | None:
    """A member whose name is nearly this one: ``geomerty`` or ``Geometry`` for ``geometry``."""
    others = {key.lower(): key for key in document if len(key) <= 2 * len(name)}
    close = get_close_matches(name.lower(), others, n=1, cutoff=0.75)
    return others[close[0]] if close else None


def type_unknown(
    document: Mapping[str, object], pointer: str, expected: tuple[str, ...]
) -> Finding:
    """The finding for a missing, misspelt or unfit ``type``."""
    place = member(pointer, "type") if "type" in document else pointer
    return rules.TYPE_UNKNOWN.at(place, expected=", ".join(expected))


def check_common_members(
    document: Mapping[str, object],
    pointer: str,
    findings: list[Finding],
    kind: str,
    foreign: tuple[str, ...],
) -> None:
    """What every GeoJSON object owes: a sound ``bbox``, WGS84, no member of another type."""
    if "bbox" in document:
        box = document["bbox"]
        numbers = isinstance(box, list) and all(is_number(n) for n in box)
        if not (isinstance(box, list) and numbers and len(box) in (4, 6)):
            findings.append(rules.BBOX_INVALID.at(member(pointer, "bbox")))
    if "crs" in document:
        rule = rules.CRS_SUPERFLUOUS if _is_wgs84(document["crs"]) else rules.CRS_OTHER
        findings.append(rule.at(member(pointer, "crs")))
    findings += [
        rules.MEMBER_FORBIDDEN.at(member(pointer, name), type=kind)
        for name in foreign
        if name in document
    ]


def _is_wgs84(crs: object) -> bool:
    """Whether a ``crs`` member of the 2008 draft names what RFC 7946 means anyway."""
    if crs is None:
        return True
    properties = crs.get("properties") if is_object(crs) else None
    name = properties.get("name") if is_object(properties) else None
    if not isinstance(name, str):
        return False
    return name.upper().replace("::", ":").endswith((":CRS84", "EPSG:4326"))
