"""One part of a geometry, cut to six decimals and judged: shared by plots and EU files."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from api.core.geo.findings import Finding, Rule, has_error
from api.core.geo.geojson import Geometry, Part
from api.core.geo.operation_area import WORLD, AreaOfOperation
from api.core.geo.positions import FARTHEST, Micro, cut
from api.domains.plots import plot_texts
from api.domains.plots import ring_texts as texts
from api.domains.plots.eudr_facts import GeolocationFacts
from api.domains.plots.ring_rules import judge_ring

MAX_NAMED_POSITIONS: Final = 10
"""Positions out of range that are named one by one, per ring."""


@dataclass(frozen=True, slots=True)
class CutPart:
    """A point or polygon after the cut: its outer ring (one position for a point).

    ``changed`` says whether the cut took digits away. Exterior rings wind counter-clockwise
    (RFC 7946 §3.1.6) and keep the corner that they began with, whatever was sent.
    """

    part: Part
    ring: tuple[Micro, ...]
    changed: bool


def judge_part(part: Part, area: AreaOfOperation) -> tuple[CutPart | None, list[Finding]]:
    """The part cut and wound, or None, with every breach of the ring rules and of the area."""
    findings: list[Finding] = []
    outer, changed = cut(part.lines[0])
    _judge_range(outer, part, area, findings)
    if not has_error(findings):
        if part.kind == "Polygon":
            findings += judge_ring(outer, part.pointer_to(0))
        _judge_place(outer, part, area, findings)
    findings += [
        texts.HOLE.at(part.pointer_to(ring), ring=ring) for ring in range(1, len(part.lines))
    ]
    if has_error(findings):
        return None, findings
    return CutPart(part, _counter_clockwise(outer), changed), findings


def judge_point_area(
    area_ha: Decimal | None, pointer: str, facts: GeolocationFacts
) -> list[Finding]:
    """Whether a point is enough for so much land (hectares; None where nobody said how much)."""
    if area_ha is None:
        return [plot_texts.AREA_ASSUMED.at(pointer, limit=facts.point_limit_ha)]
    if area_ha > facts.point_limit_ha:
        return [plot_texts.POINT_TOO_LARGE.at(pointer, limit=facts.point_limit_ha)]
    if area_ha < facts.smallest_ha:
        return [plot_texts.AREA_TOO_SMALL.at(pointer, limit=facts.smallest_ha)]
    return []


def dropped_heights(geometry: Geometry) -> list[Finding]:
    """The warning that heights were dropped, at the first position that has one."""
    with_height = [
        (part, ring, place)
        for part in geometry.parts
        for ring, line in enumerate(part.lines)
        for place, position in enumerate(line)
        if len(position) > 2
    ]
    if not with_height:
        return []
    part, ring, place = with_height[0]
    return [_found(texts.HEIGHT_DROPPED, part, place, ring=ring, count=len(with_height))]


def _judge_range(
    line: Sequence[Micro], part: Part, area: AreaOfOperation, findings: list[Finding]
) -> None:
    beyond = WORLD.places_outside(line)
    if beyond and all(area.would_contain_swapped(line[place]) for place in beyond):
        findings.append(
            _found(texts.AXES_SWAPPED, part, beyond[0], area=area.name, count=len(beyond))
        )
        return
    metres = [place for place in beyond if min(map(abs, line[place])) >= FARTHEST]
    if metres:
        findings.append(_found(texts.IN_METRES, part, metres[0], count=len(metres)))
        return
    findings += [_found(texts.OUT_OF_RANGE, part, place) for place in beyond[:MAX_NAMED_POSITIONS]]


def _judge_place(
    line: Sequence[Micro], part: Part, area: AreaOfOperation, findings: list[Finding]
) -> None:
    outside = area.places_outside(line)
    if not outside:
        return
    swapped = all(area.would_contain_swapped(line[place]) for place in outside)
    rule = texts.AXES_SWAPPED if swapped else texts.OUTSIDE_AREA
    findings.append(_found(rule, part, outside[0], area=area.name, count=len(outside)))


def _found(rule: Rule, part: Part, place: int, *, ring: int = 0, **facts: object) -> Finding:
    """The finding at one position; a point has neither ring nor position."""
    if part.kind == "Point":
        return rule.at(part.pointer, ring=None, position=None, **facts)
    in_ring = ring if part.kind == "Polygon" else None
    return rule.at(part.pointer_to(ring, place), ring=in_ring, position=place, **facts)


def _counter_clockwise(ring: Sequence[Micro]) -> tuple[Micro, ...]:
    """The ring wound counter-clockwise; its first corner stays the first."""
    return tuple(ring) if _twice_signed_area(ring) >= 0 else tuple(reversed(ring))


def _twice_signed_area(ring: Sequence[Micro]) -> int:
    """Shoelace formula in whole numbers, positive where the ring winds counter-clockwise."""
    return sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in pairwise(ring))
