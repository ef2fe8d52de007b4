"""Is this ring the boundary of a piece of land? Pure, exact, after the cut to six decimals.

Positions are whole micro-degrees, so every answer is exact arithmetic on integers: two sides
cross, overlap or touch, or they do not. A ring passes exactly where it is a simple ring in the
sense of OGC 06-103r4 §6.1.7 without consecutive duplicates; a property test holds the two together.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from api.core.geo.findings import Finding, Rule
from api.core.geo.positions import MICRO, Micro
from api.domains.plots import ring_texts as texts

MAX_BREACHES: Final = 10
"""Breaches named per ring: enough to mend a drawing, few enough to read."""

MAX_PAIRS: Final = 300_000
"""Pairs of sides compared before the search for all breaches gives up and names one: a ring of
thousands of sides that all lie across each other must not cost more than a fraction of a second."""

MAX_SIDES: Final = 10_000
"""Sides of a ring whose every breach is searched for; of a longer one the first is named."""

Breach = tuple[Rule, int, int]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


def judge_ring(ring: Sequence[Micro], pointer: str, index: int = 0) -> list[Finding]:
    """Every breach of one outer ring that lies within range, with its position (from 0)."""
    findings: list[Finding] = []
    if len(ring) < 4:
        findings.append(texts.RING_TOO_SHORT.at(pointer, ring=index))
    if ring[0] != ring[-1]:
        last = len(ring) - 1
        findings.append(texts.RING_OPEN.at(f"{pointer}/{last}", ring=index, position=last))
    if len(ring) < 4:
        return findings
    repeats = [place for place in range(1, len(ring)) if ring[place] == ring[place - 1]]
    findings += [
        texts.POSITION_REPEATED.at(f"{pointer}/{place}", ring=index, position=place)
        for place in repeats
    ]
    if len(findings) > MAX_BREACHES:
        more = texts.MORE_BREACHES.at(pointer, ring=index, count=MAX_BREACHES)
        return [*findings[:MAX_BREACHES], more]
    return findings + _judge_shape(ring, _corners(ring), pointer, index)


def _corners(ring: Sequence[Micro]) -> list[int]:
    """The places of the ring's corners, each once: no repeats, no closing position."""
    places = [place for place in range(len(ring)) if place == 0 or ring[place] != ring[place - 1]]
    while len(places) > 1 and ring[places[-1]] == ring[0]:
        places.pop()
    return places


def _judge_shape(
    ring: Sequence[Micro], corners: Sequence[int], pointer: str, index: int
) -> list[Finding]:
    """What is wrong with the run of the sides. ``corners`` are the places in ``ring`` to join."""
    points = np.array([ring[place] for place in corners], dtype=np.int64)
    if _is_straight(points):
        return [texts.STRAIGHT_LINE.at(pointer, ring=index)]
    jumps = np.abs(_ends(points)[:, 0] - points[:, 0]) > 180 * MICRO
    if jumps.any():
        place = corners[int(np.argmax(jumps))]
        return [texts.ANTIMERIDIAN.at(f"{pointer}/{place}", ring=index, position=place)]
    if shapely.is_valid(shapely.Polygon(points)):
        return []
    findings = []
    for rule, first, second in _breaches(points) if len(points) <= MAX_SIDES else ():
        place, other = corners[first], corners[second]
        at = f"{pointer}/{place}"
        findings.append(rule.at(at, ring=index, position=place, other=other))
        if len(findings) == MAX_BREACHES:
            return [*findings, texts.MORE_BREACHES.at(pointer, ring=index, count=MAX_BREACHES)]
    return findings or [_tangled(points, corners, pointer, index)]


def _tangled(points: Integers, corners: Sequence[int], pointer: str, index: int) -> Finding:
    """The one breach that the validity test itself names, at the corner nearest to it."""
    reason = str(shapely.is_valid_reason(shapely.Polygon(points)))
    numbers = reason[reason.find("[") + 1 : reason.rfind("]")].split()
    distances = np.hypot(*(points - np.array(numbers, dtype=np.float64)).T)
    place = corners[int(np.argmin(distances))]
    return texts.TANGLED.at(f"{pointer}/{place}", ring=index, position=place)


def _is_straight(points: Integers) -> bool:
    """Whether all points lie on one line (fewer than three always do)."""
    if len(points) < 3:
        return True
    return not _turn(points[0], points[1], points[2:]).any()


def _breaches(points: Integers) -> Iterator[Breach]:
    """Pairs of places in ``points`` whose sides cross, overlap or touch, each breach once.

    Crossing and overlapping sides are named by their first corners; a touch by the corner that
    touches and the side that it touches.
    """
    told: set[Micro] = set()
    compared = 0
    for firsts, others in _batches(points):
        yield from _meetings(points, firsts, others, told)
        compared += len(firsts)
        if compared > MAX_PAIRS:
            return


def _batches(points: Integers) -> Iterator[tuple[Integers, Integers]]:
    """Pairs of sides (first < other) whose boxes meet, in order, some thousands at a time."""
    ends = _ends(points)
    west, south = np.minimum(points, ends).T
    east, north = np.maximum(points, ends).T
    firsts, others, waiting = [], [], 0
    for first in range(len(points) - 1):
        later = slice(first + 1, None)
        meet = (west[later] <= east[first]) & (east[later] >= west[first])
        meet &= (south[later] <= north[first]) & (north[later] >= south[first])
        found = np.nonzero(meet)[0] + first + 1
        firsts.append(np.full(len(found), first))
        others.append(found)
        waiting += len(found)
        if waiting > 20_000:
            yield np.concatenate(firsts), np.concatenate(others)
            firsts, others, waiting = [], [], 0
    yield np.concatenate(firsts), np.concatenate(others)


def _meetings(
    points: Integers, firsts: Integers, others: Integers, told: set[Micro]
) -> Iterator[Breach]:
    """How pairs of sides meet; ``told`` keeps the places that were named, for the next batch."""
    ends = _ends(points)
    a, b, c, d = points[firsts], ends[firsts], points[others], ends[others]
    c_turn, d_turn, a_turn, b_turn = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    cross = (c_turn * d_turn < 0) & (a_turn * b_turn < 0)
    overlap = (c_turn == 0) & (d_turn == 0) & _share_length(a, b, c, d)
    # Each corner begins one side; a side's neighbours begin or end where it does.
    c_on_side = (c_turn == 0) & _in_box(c, a, b) & (others != firsts + 1)
    a_on_side = (a_turn == 0) & _in_box(a, c, d) & ((firsts > 0) | (others < len(points) - 1))
    for pair in np.nonzero(overlap)[0].tolist():
        # Sides that overlap also touch with their corners: that is the same breach.
        told.update(_micro(corners[pair]) for corners in (a, b, c, d))
    for pair in np.nonzero(cross | overlap | c_on_side | a_on_side)[0].tolist():
        first, other = int(firsts[pair]), int(others[pair])
        if cross[pair]:
            yield texts.SIDES_CROSS, first, other
        elif overlap[pair]:
            yield texts.SIDES_OVERLAP, first, other
        elif c_on_side[pair] and _micro(c[pair]) not in told:
            told.add(_micro(c[pair]))
            yield texts.RING_TOUCHES, other, first
        elif a_on_side[pair] and _micro(a[pair]) not in told:
            told.add(_micro(a[pair]))
            yield texts.RING_TOUCHES, first, other


def _ends(points: Integers) -> Integers:
    """Where each side ends: at the beginning of the next."""
    return np.concatenate((points[1:], points[:1]))


def _turn(start: Integers, end: Integers, point: Integers) -> Integers:
    """1 where ``point`` lies left of start→end, −1 right, 0 on its line. Exact: below 2⁵⁹."""
    along, towards = end - start, point - start
    doubled = along[..., 0] * towards[..., 1] - along[..., 1] * towards[..., 0]
    return np.asarray(np.sign(doubled), dtype=np.int64)


def _in_box(point: Integers, start: Integers, end: Integers) -> Flags:
    low, high = np.minimum(start, end), np.maximum(start, end)
    return np.asarray(((low <= point) & (point <= high)).all(axis=-1))


def _share_length(a: Integers, b: Integers, c: Integers, d: Integers) -> Flags:
    """Whether sides on one line have more than a point in common, along the axis they run on."""
    low = np.maximum(np.minimum(a, b), np.minimum(c, d))
    high = np.minimum(np.maximum(a, b), np.maximum(c, d))
    return np.asarray((low < high).any(axis=-1))


def _micro(point: Integers) -> Micro:
    return int(point[0]), int(point[1])
