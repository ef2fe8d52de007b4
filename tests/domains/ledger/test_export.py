import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.core.canonical import NotCanonical, canonical
from api.domains.ledger.export import (
    entry_line,
    join_checkpoints,
    read_entry,
    split_checkpoints,
)
from tests.domains.ledger.logs import VKEY, body_of, log

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


class TestEntries:
    def test_layout(self) -> None:
        line = entry_line(7, b'{"a":"\xc3\xb1"}')
        assert line.decode() == '{"position":7,"body":"{\\"a\\":\\"ñ\\"}"}\n'

    @given(st.integers(0, 2**53 - 1), TEXT, st.booleans())
    def test_what_is_written_is_read(self, position: int, text: str, expected: bool) -> None:
        body = canonical({"text": text})
        line = entry_line(position, body)
        assert json.loads(line) == {"position": position, "body": body.decode()}
        due = position if expected else position + 1
        assert read_entry(line, due) == (position, body)
        assert read_entry(line.decode(), due) == (position, body)

    @given(st.integers(0, 99), st.booleans(), st.booleans())
    def test_any_spelling_of_the_line_is_read(
        self, position: int, ascii_: bool, crlf: bool
    ) -> None:
        entry = {"body": body_of(position).decode(), "position": position}
        line = json.dumps(entry, ensure_ascii=ascii_) + ("\r\n" if crlf else "")
        assert read_entry(line, position) == (position, body_of(position))

    @pytest.mark.parametrize(
        "line",
        [
            "",
            "\n",
            "null\n",
            "[]\n",
            '{"position":0}\n',
            '{"position":0,"body":{}}\n',
            '{"position":"0","body":"{}"}\n',
            '{"position":-1,"body":"{}"}\n',
            '{"position":true,"body":"{}"}\n',
            '{"position":0.0,"body":"{}"}\n',
            '{"position":0,"body":"{}","more":1}\n',
            '{"position":0,"body":"{}","body":"[]"}\n',
            '{"position":0,"body":"{}","\\u0062ody":"[]"}\n',
            '{"position":0,"position":1,"body":"{}"}\n',
            '{"position":0,"body":"\\ud800"}\n',
            '{"position":0,"body":"{}"}{}\n',
            '{"position":0,"body":"{}"xx',
            "\udcff",
            b"\xff\n",
            b'{"position":0,"body":"\xff"}\n',
        ],
    )
    def test_not_an_entry(self, line: str | bytes) -> None:
        for due in (0, 1):
            with pytest.raises(NotCanonical):
                read_entry(line, due)


class TestCheckpoints:
    def test_one_empty_line_between_two(self) -> None:
        notes = log(5, [1, 2, 5]).notes
        text = "".join(join_checkpoints(notes))
        assert text == "\n".join(notes)
        assert list(split_checkpoints(text.splitlines(keepends=True))) == notes

    def test_lines_without_their_newline_or_with_two_characters_for_it(self) -> None:
        notes = log(5, [1, 2, 5]).notes
        lines = "".join(join_checkpoints(notes)).split("\n")
        assert list(split_checkpoints(lines)) == notes
        assert list(split_checkpoints(f"{line}\r\n" for line in lines)) == notes

    def test_empty_lines_around_the_notes(self) -> None:
        notes = log(5, [1, 2, 5]).notes
        lines = ["\n", "\n", *"\n\n\n".join(notes).splitlines(keepends=True), "\n", "\n"]
        assert list(split_checkpoints(lines)) == notes

    def test_nothing(self) -> None:
        assert list(split_checkpoints([])) == []
        assert list(split_checkpoints(["\n"])) == []

    @given(st.text("ab—\n", max_size=60))
    def test_nothing_is_lost_of_what_is_no_note(self, text: str) -> None:
        pieces = "".join(split_checkpoints(text.splitlines(keepends=True)))
        assert pieces.replace("\n", "") == text.replace("\n", "")

    def test_a_key_fits_on_one_line(self) -> None:
        assert VKEY.splitlines() == [VKEY]
