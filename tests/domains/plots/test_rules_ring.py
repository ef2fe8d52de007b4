"""Rings: each breach is found, named and placed; and none is found where there is none."""

import math
import time

import pytest
import shapely
from hypothesis import example, given, settings

from api.core.geo.positions import Micro
from api.domains.plots.ring_rules import MAX_BREACHES, MAX_SIDES, judge_ring
from tests.domains.plots.shapes import lattice_rings

Ring = list[Micro]


def found(ring: Ring) -> list[tuple[str, int | None]]:
    return [(finding.code, finding.position) for finding in judge_ring(ring, "/coordinates/0")]


def closed(*corners: Micro) -> Ring:
    return [*corners, corners[0]]


def test_a_simple_ring_has_no_breach_whichever_way_it_winds() -> None:
    ring = closed((0, 0), (9, 0), (9, 9), (4, 2), (0, 9))
    assert found(ring) == []
    assert found(ring[::-1]) == []


@pytest.mark.parametrize(
    ("ring", "expected"),
    [
        ([(0, 0), (9, 0), (0, 0)], [("ring-too-short", None)]),
        ([(0, 0), (9, 0), (9, 9)], [("ring-too-short", None), ("ring-not-closed", 2)]),
        ([(0, 0)], [("ring-too-short", None)]),
        ([(0, 0), (9, 0), (9, 9), (0, 9)], [("ring-not-closed", 3)]),
        (closed((0, 0), (9, 0), (9, 0), (0, 9)), [("position-repeated", 2)]),
        ([(0, 0), (9, 0), (0, 9), (0, 0), (0, 0)], [("position-repeated", 4)]),
        (closed((0, 0), (3, 0), (9, 0)), [("ring-straight-line", None)]),
        (closed((0, 0), (3, 6), (1, 2), (9, 18)), [("ring-straight-line", None)]),
        (
            [(5, 5)] * 5,
            [("position-repeated", n) for n in (1, 2, 3, 4)] + [("ring-straight-line", None)],
        ),
        (closed((0, 0), (9, 9), (9, 0), (0, 9)), [("ring-sides-cross", 0)]),
        (
            closed((0, 0), (9, 0), (9, 9), (5, 9), (5, 14), (5, 9), (0, 9)),
            [("ring-sides-overlap", 3)],
        ),
        (closed((0, 0), (9, 0), (9, 5), (9, 2), (4, 7)), [("ring-sides-overlap", 1)]),
        (closed((0, 0), (9, 0), (9, 9), (5, 0), (0, 9)), [("ring-touches-itself", 3)]),
        (closed((0, 0), (4, 4), (8, 0), (8, 8), (4, 4), (0, 8)), [("ring-touches-itself", 4)]),
        (
            [(-179_000_000, 0), (179_000_000, 0), (179_000_000, 9), (-179_000_000, 0)],
            [("ring-crosses-antimeridian", 0)],
        ),
    ],
)
def test_a_breach_is_named_with_its_position(
    ring: Ring, expected: list[tuple[str, int | None]]
) -> None:
    assert found(ring) == expected


def test_every_breach_of_a_ring_is_named() -> None:
    first_loop, second_loop = ((10, 0), (10, 5), (5, 5), (5, -5)), ((30, -5), (30, 5), (25, 5))
    ring = closed((0, 0), *first_loop, *second_loop, (25, -9), (0, -9))
    assert found(ring) == [("ring-sides-cross", 0), ("ring-sides-cross", 4)]
    unclosed_bow = [(0, 0), (9, 9), (9, 0), (0, 9)]
    assert found(unclosed_bow) == [("ring-not-closed", 3), ("ring-sides-cross", 0)]


def test_the_sentence_names_both_sides_and_the_pointer_leads_there() -> None:
    [finding] = judge_ring(closed((0, 0), (9, 9), (9, 0), (0, 9)), "/geometry/coordinates/0")
    assert finding.pointer == "/geometry/coordinates/0/0"
    assert finding.ring == 0
    assert "posición 0 cruza al que empieza en la 2" in finding.es
    assert "position 0 crosses the one that starts at 2" in finding.en


@settings(max_examples=400)
@given(lattice_rings())
@example(closed((0, 0), (2, 2), (4, 4), (4, 0)))
@example(closed((0, 0), (4, 0), (2, 0), (2, 4)))
def test_passes_exactly_the_simple_rings_without_repeats(ring: Ring) -> None:
    repeats = any(ring[place] == ring[place - 1] for place in range(1, len(ring)))
    simple = shapely.Polygon(ring).is_valid and not repeats
    codes = [code for code, _ in found(ring)]
    assert (codes == []) == simple
    assert "ring-tangled" not in codes  # the search itself found what the validity test refused


@given(lattice_rings())
def test_the_verdict_does_not_depend_on_size_or_place(ring: Ring) -> None:
    """Exact arithmetic: the same ring across a country and across a garden is judged the same."""
    across_a_continent = [
        (x * 30_000_000 - 60_000_000, y * 40_000_000 - 80_000_000) for x, y in ring
    ]
    in_a_garden = [(x - 76_703_500, y - 7_053_500) for x, y in ring]
    assert found(across_a_continent) == found(in_a_garden) == found(ring)


def star(count: int) -> Ring:
    """Every side crosses nearly all others."""
    turn = 2 * math.pi * (count // 2) / count
    return closed(
        *((round(1e6 * math.cos(turn * n)), round(1e6 * math.sin(turn * n))) for n in range(count))
    )


def test_a_ring_of_many_breaches_names_ten_and_says_so() -> None:
    findings = judge_ring(star(99), "")
    assert len(findings) == MAX_BREACHES + 1
    assert {finding.code for finding in findings[:-1]} == {"ring-sides-cross"}
    assert (findings[-1].code, findings[-1].severity) == ("ring-more-breaches", "warning")
    repeated = judge_ring(closed((0, 0), *([(9, 0)] * 40), (9, 9)), "")
    assert [f.code for f in repeated[MAX_BREACHES - 1 :]] == [
        "position-repeated",
        "ring-more-breaches",
    ]


def needles(count: int) -> Ring:
    """Long slanted needles side by side, their boxes over one another, and one spike elsewhere."""
    tips = (
        (n * 3 + 10_000_000 * (1 - n % 2), 10_000_000 * (1 - n % 2) - n * 3) for n in range(count)
    )
    spike = (60_000_000, 50_000_000), (60_000_000, 60_000_000), (60_000_000, 45_000_000)
    around = (-50_000_000, -10_000_000), (-50_000_000, 50_000_000)
    return closed(*tips, *around, *spike, (70_000_000, 50_000_000))


@pytest.mark.parametrize("ring", [needles(4000), star(MAX_SIDES + 3)], ids=["needles", "star"])
def test_a_hostile_ring_costs_little_and_still_names_a_place(ring: Ring) -> None:
    began = time.process_time()
    findings = judge_ring(ring, "")
    assert time.process_time() - began < 5  # about 0.2 s; comparing all pairs takes minutes
    assert [finding.code for finding in findings] == ["ring-tangled"]
    assert findings[0].position is not None
