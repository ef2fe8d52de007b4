"""Canonical JSON: one value, one byte string, so that its hash means something.

The subset of RFC 8785 (JSON Canonicalization Scheme) that needs no floating point: objects,
arrays, strings, integers, booleans and null. Keys stand in the order of their UTF-16 code units
(§3.2.3), strings escape only what JSON demands (§3.2.2.2), there is no space, and the bytes are
UTF-8. Money, kilograms, hectares and rates travel as strings: a binary float would change them,
and two languages print it differently.
"""

import json
import re
from typing import Any, TypeAlias

import orjson

MAX_INTEGER = 2**53 - 1
"""Largest integer that every JSON reader keeps exact (RFC 7493 §2.2)."""

MAX_DEPTH = 64
"""Most containers inside one another: far beyond an event, far below any parser's stack."""

Value: TypeAlias = str | int | list["Value"] | dict[str, "Value"] | None
"""What canonical JSON can say, as ``parse`` returns it (a ``bool`` is an ``int`` to Python)."""

# Where a key holds one of these, the order of code points, which orjson sorts by, may differ from
# that of UTF-16 units: U+1F600 is D83D DE00 in UTF-16 and comes before U+FB33.
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")

# Refuses integers beyond MAX_INTEGER, which is the bound orjson calls strict.
_SORTED = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER


class NotCanonical(ValueError):
    """The value or text is outside the subset; the message never repeats what it holds."""


def canonical(value: object) -> bytes:
    """The one UTF-8 encoding of ``value``.

    Dicts with string keys, lists, tuples, strings, integers within ±(2^53-1), booleans and None;
    a string or integer enum counts as what it is. ``NotCanonical`` for anything else: floats,
    Decimals, dates, UUIDs (the caller decides how those are written), lone surrogates.
    """
    try:
        if _is_simple(value):
            return orjson.dumps(value, option=_SORTED)
        return orjson.dumps(_plain(value, 0))
    except (UnicodeEncodeError, orjson.JSONEncodeError):
        raise NotCanonical("a string holds a lone surrogate") from None


def parse(text: bytes | str) -> Value:
    """The value ``text`` holds, in canonical form or not.

    Stricter than JSON readers usually are: ``NotCanonical`` for repeated keys, floats, large
    integers, lone surrogates, bytes that are not UTF-8, nesting beyond ``MAX_DEPTH``.
    """
    try:
        value: Value = _STRICT.decode(text.decode() if isinstance(text, bytes) else text)
    except NotCanonical:
        raise
    except (ValueError, RecursionError):
        raise NotCanonical("not JSON") from None
    canonical(value)
    return value


def is_canonical(body: bytes) -> bool:
    """Whether ``body`` is exactly what ``canonical`` writes for the value it holds.

    Read and written again: repeated keys, spaces, other escapes or another order do not come
    back as they were. About 2 µs for an event, a tenth of ``parse``.
    """
    try:
        value = orjson.loads(body)
        values: list[Any] = [value]
        for item in values:
            kind = type(item)
            if kind is dict:
                values += item.values()
            elif kind is list:
                values += item
            elif kind is float:
                return False
        if _may_differ(body, len(values)):
            return canonical(value) == body
        return orjson.dumps(value, option=_SORTED) == body
    except (NotCanonical, orjson.JSONDecodeError, orjson.JSONEncodeError):
        return False


def _is_simple(value: object) -> bool:
    """Whether orjson by itself writes ``value`` in canonical form: plain types alone, and keys of
    which the order of code points is that of UTF-16 units. So are all events.
    """
    values, containers = [value], 0
    for item in values:
        kind = type(item)
        if kind is str or kind is bool or item is None:
            continue
        if kind is int:
            if not -MAX_INTEGER <= item <= MAX_INTEGER:  # type: ignore[operator]
                return False
            continue
        # As deep as there are containers at most: more are looked at one inside the other.
        containers += 1
        if containers > MAX_DEPTH:
            return False
        if kind is dict:
            for key in item:  # type: ignore[attr-defined]
                if type(key) is not str or not key.isascii():
                    return False
            values += item.values()  # type: ignore[attr-defined]
        elif kind is list or kind is tuple:
            values += item  # type: ignore[arg-type]
        else:
            return False
    return True


def _plain(value: object, depth: int) -> Value:
    """``value`` in plain types and with sorted keys, so that the encoder has nothing to decide."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return _bounded(int.__int__(value))
    if depth == MAX_DEPTH:
        raise NotCanonical(f"more than {MAX_DEPTH} containers inside one another")
    if isinstance(value, list | tuple):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {key: _plain(value[key], depth + 1) for key in sorted(value, key=_utf16)}
    raise NotCanonical(f"{type(value).__name__} has no canonical form; pass it as a string")


def _utf16(key: object) -> bytes:
    if type(key) is not str:
        raise NotCanonical(f"a key must be a plain string, not {type(key).__name__}")
    return key.encode("utf-16-be")


def _bounded(number: int) -> int:
    if not -MAX_INTEGER <= number <= MAX_INTEGER:
        raise NotCanonical("an integer is beyond ±(2^53-1); pass it as a string")
    return number


def _may_differ(body: bytes, values: int) -> bool:
    """Whether orjson alone might judge ``body`` otherwise than ``canonical``."""
    if values > MAX_DEPTH and body.count(b"{") + body.count(b"[") > MAX_DEPTH:
        return True
    return not body.isascii() and _ASTRAL.search(body.decode()) is not None


def _object(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotCanonical("an object repeats a key")
    return members


def _integer(digits: str) -> int:
    # Measured before it is read: int() takes quadratic time on a long run of digits.
    if len(digits) > len(str(-MAX_INTEGER)):
        raise NotCanonical("an integer is beyond ±(2^53-1)")
    return _bounded(int(digits))


def _no_float(_digits: str) -> int:
    raise NotCanonical("a number is not an integer; write it as a string")


_STRICT = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_no_float, parse_constant=_no_float
)
