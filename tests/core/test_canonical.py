import json
from decimal import Decimal
from enum import IntEnum, StrEnum
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api.core.canonical import (
    MAX_DEPTH,
    MAX_INTEGER,
    NotCanonical,
    canonical,
    is_canonical,
    parse,
)

# Surrogates alone are not characters; everything else is, astral planes included.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SCALARS = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | TEXT
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


def by_definition(value: object) -> str:
    """RFC 8785 spelt out with the standard library, as slow and as plain as it comes."""
    if isinstance(value, dict):
        members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be"))
        return "{" + ",".join(f"{by_definition(k)}:{by_definition(v)}" for k, v in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(by_definition, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


class TestPublishedVectors:
    def test_sorting_example_of_the_standard(self) -> None:
        # RFC 8785 §3.2.3
        text = r"""{"\u20ac": "Euro Sign", "\r": "Carriage Return",
            "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
            "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control",
            "\u00f6": "Latin Small Letter O With Diaeresis"}"""
        expected = (
            '{"\\r":"Carriage Return","1":"One","\x80":"Control",'
            '"ö":"Latin Small Letter O With Diaeresis","€":"Euro Sign",'
            '"😀":"Emoji: Grinning Face","\ufb33":"Hebrew Letter Dalet With Dagesh"}'
        )
        assert canonical(parse(text)).decode() == expected

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            # cyberphone/json-canonicalization testdata: after values, french, structures
            (
                r'"\u20ac$\u000F\u000aA' + r"'\u0042\u0022\u005c\\\"\/" + '"',
                r'"€$\u000f\nA' + r"'B\"\\\\\"/" + '"',
            ),
            (
                '{"sin": "locale", "pêche": "MUST", "péché": "is wrong", "peach":   "sorting"}',
                '{"peach":"sorting","péché":"is wrong","pêche":"MUST","sin":"locale"}',
            ),
            (
                '{"1":{"f":{"f":"hi","F":5},"\\n":56},"10":{},"":"empty","a":{},"111":[{}],"A":{}}',
                '{"":"empty","1":{"\\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{}],"A":{},"a":{}}',
            ),
            ('{"Unnormalized Unicode":"A\\u030a"}', '{"Unnormalized Unicode":"A\u030a"}'),
            ("[null, true, false]", "[null,true,false]"),
            ('"\\b\\t\\n\\f\\r\\u0000\\u001F\\u007f"', '"\\b\\t\\n\\f\\r\\u0000\\u001f\x7f"'),
        ],
    )
    def test_examples(self, text: str, expected: str) -> None:
        assert canonical(parse(text)).decode() == expected


class TestCanonical:
    @given(VALUES)
    def test_is_the_standard_spelt_out(self, value: object) -> None:
        assert canonical(value).decode() == by_definition(value)

    @given(VALUES)
    def test_is_read_back_and_recognised(self, value: object) -> None:
        body = canonical(value)
        assert parse(body) == value
        assert is_canonical(body)

    @given(st.dictionaries(TEXT, SCALARS, min_size=2, max_size=5))
    def test_does_not_depend_on_the_order_of_insertion(self, value: dict[str, object]) -> None:
        assert canonical(dict(reversed(value.items()))) == canonical(value)

    @pytest.mark.parametrize(
        "value",
        [
            1.0,
            float("nan"),
            Decimal("12.50"),
            UUID(int=0),
            b"bytes",
            {"a": {"b": 0.5}},
            {1: "number as a key"},
            {None: "null as a key"},
            {"set": {"a"}},
            MAX_INTEGER + 1,
            -MAX_INTEGER - 1,
            "\ud800",
            ["\udfff"],
            {"\ud800": 1},
        ],
    )
    def test_refuses_what_has_no_canonical_form(self, value: object) -> None:
        with pytest.raises(NotCanonical):
            canonical(value)

    def test_an_enum_counts_as_its_value_and_a_tuple_as_a_list(self) -> None:
        class State(StrEnum):
            ACCEPTED = "accepted"

        class Step(IntEnum):
            SECOND = 2

        assert canonical({"state": State.ACCEPTED, "steps": (Step.SECOND, True)}) == (
            b'{"state":"accepted","steps":[2,true]}'
        )

    def test_integers_up_to_the_bound(self) -> None:
        body = b"[9007199254740991,-9007199254740991]"
        assert canonical([MAX_INTEGER, -MAX_INTEGER]) == body
        assert parse(body) == [MAX_INTEGER, -MAX_INTEGER]
        assert is_canonical(body)

    def test_messages_do_not_repeat_the_value(self) -> None:
        with pytest.raises(NotCanonical) as refused:
            canonical({"dni": Decimal("45678912.5")})
        assert "45678912" not in str(refused.value)


class TestDepth:
    def test_the_deepest_is_accepted_by_all(self) -> None:
        body = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
        assert canonical(parse(body)) == body
        assert is_canonical(body)

    @pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 300, 2_000, 100_000])
    def test_one_deeper_is_refused_by_all(self, depth: int) -> None:
        body = b"[" * depth + b"]" * depth
        assert not is_canonical(body)
        with pytest.raises(NotCanonical):
            parse(body)

    def test_many_containers_side_by_side_are_not_deep(self) -> None:
        body = canonical([[], {}] * (2 * MAX_DEPTH))
        assert is_canonical(body)


class TestParse:
    @pytest.mark.parametrize(
        "text",
        [
            '{"a":1,"a":1}',
            '{"a":{"b":1,"\\u0062":2}}',
            "1.0",
            "1e3",
            "NaN",
            "Infinity",
            "9007199254740992",
            "-" + "9" * 5_000,
            '"\\ud800"',
            '{"\\udc00":1}',
            "",
            "[1,]",
            "{'a':1}",
            "[1] 2",
            b"\xff",
            b'\xef\xbb\xbf"mark"',
            b'"\xed\xa0\x80"',
        ],
    )
    def test_refuses(self, text: bytes | str) -> None:
        with pytest.raises(NotCanonical):
            parse(text)

    def test_accepts_what_is_not_in_canonical_form(self) -> None:
        assert parse(' { "b" : [ 1 , true ] , "a" : null } ') == {"a": None, "b": [1, True]}


class TestIsCanonical:
    @pytest.mark.parametrize(
        "body",
        [
            b'{"b":1,"a":2}',
            b'{"a":1,"a":1}',
            b'{"a": 1}',
            b"1 ",
            b"1\n",
            b"-0",
            b"1.5",
            b'{"a":[0.5]}',
            b"1e3",
            b"9007199254740992",
            b"18446744073709551616",
            b'"\\u0041"',
            b'"\\/"',
            b'"\\u000A"',
            b'"\x1f"',
            b'"\\u007f"',
            b'"\\ud800"',
            b"\xff",
            b"",
            "\ufeff1".encode(),
            # in the order of code points, not of UTF-16 units
            '{"\ufb33":1,"😀":2}'.encode(),
        ],
    )
    def test_no(self, body: bytes) -> None:
        assert not is_canonical(body)

    @given(VALUES, st.integers(0, 200), st.binary(max_size=3))
    @example([1], 3, b"\n")
    def test_agrees_with_parsing_and_writing_again(
        self, value: object, at: int, noise: bytes
    ) -> None:
        body = canonical(value)
        body = body[:at] + noise + body[at + 1 :]
        try:
            expected = canonical(parse(body)) == body
        except NotCanonical:
            expected = False
        assert is_canonical(body) is expected

    @given(st.text('{}[]:,"\\u0123e.- ab', max_size=12))
    def test_agrees_on_what_looks_like_json(self, text: str) -> None:
        try:
            expected = canonical(parse(text)) == text.encode()
        except NotCanonical:
            expected = False
        assert is_canonical(text.encode()) is expected
