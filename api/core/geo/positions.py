"""Coordinates as whole micro-degrees, so that every later judgement is exact.

Six decimals of a degree are 11 cm or less. They are cut off, not rounded: that is what the EU
information system does since its API V3 (Operator API Reference v1.0, 2026-05-29, §9.3 and
§10.3), and a shape that is judged here must be the shape that is judged there.
"""

import math
from collections.abc import Iterable, Sequence
from decimal import ROUND_DOWN, Context, Decimal
from typing import Final, TypeGuard

Number = int | float | Decimal
"""A JSON number as a parser gives it. ``bool`` is an ``int`` to Python, and no number here."""

Micro = tuple[int, int]
"""Longitude and latitude in micro-degrees (degrees times 1,000,000), WGS84."""

MICRO: Final = 1_000_000
FARTHEST: Final = 1_000 * MICRO
"""What stands for any number beyond 1,000 degrees: far out of range, small enough to count on."""

_SIXTH_DECIMAL: Final = Decimal("0.000001")
_EXACT: Final = Context(prec=28)
_DOUBT: Final = 1e-4


def is_number(value: object) -> TypeGuard[Number]:
    """A JSON number: no boolean, no text that looks like one, no NaN and no infinity.

    JSON has no word for the last two (RFC 8259 §6), but some of its parsers make them.
    """
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, Decimal):
        return value.is_finite()
    return isinstance(value, int) and not isinstance(value, bool)


def micro_degrees(value: Number) -> int:
    """The number cut off (towards zero) after six decimals, in micro-degrees.

    Exact: a float stands for the shortest decimal that names it, which is what its sender wrote,
    so −76.7035 stays −76.7035 although the float lies a little beside it. A ``Decimal`` is cut
    as written. Beyond ±1,000 degrees the answer is ±``FARTHEST``.
    """
    if not -1_000 < value < 1_000:
        return FARTHEST if value > 0 else -FARTHEST
    # Arithmetic on floats is off by less than a millionth of a micro-degree: where no whole number
    # is that near, it cannot have stepped over one. Everything else is done in decimals.
    rough = float(value) * 1e6
    if abs(rough - round(rough)) > _DOUBT:
        return int(rough)
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    cut_off = exact.quantize(_SIXTH_DECIMAL, rounding=ROUND_DOWN, context=_EXACT)
    return int(cut_off.scaleb(6, context=_EXACT))


def degrees(micro: int) -> float:
    """The float nearest to the six decimals: prints as at most six decimals, and cuts to itself."""
    return micro / MICRO


def cut(line: Iterable[Sequence[Number]]) -> tuple[list[Micro], bool]:
    """Positions in micro-degrees without their height, and whether any digit was cut away."""
    cut_line: list[Micro] = []
    changed = False
    for lon, lat, *_ in line:
        position = _cut(lon), _cut(lat)
        changed = changed or not (_is(lon, position[0]) and _is(lat, position[1]))
        cut_line.append(position)
    return cut_line, changed


def _cut(value: Number) -> int:
    """``micro_degrees``, with the most common case first: a float of six decimals or fewer."""
    if isinstance(value, float) and -1_000 < value < 1_000:
        near = round(value * 1e6)
        if near / MICRO == value:
            return near
    return micro_degrees(value)


def positions_in_degrees(line: Iterable[Micro]) -> list[list[float]]:
    """A line or ring as GeoJSON writes it: ``[[lon, lat], ...]``."""
    return [[degrees(lon), degrees(lat)] for lon, lat in line]


def _is(value: Number, micro: int) -> bool:
    """Whether the number had no seventh decimal to lose."""
    if isinstance(value, Decimal):
        return value == Decimal(micro).scaleb(-6)
    return value == micro / MICRO
