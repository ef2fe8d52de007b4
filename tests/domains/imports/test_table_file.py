import pytest

from api.domains.imports.table_file import Column, Entry, UnreadableFile, entries, template

COLUMNS = (
    Column("code", ("code",)),
    Column("document_number", ("document", "number")),
    Column("year", ("year",), whole=True),
)


def read(data: bytes, media_type: str = "text/csv", most_rows: int = 10) -> list[Entry]:
    return entries(data, media_type, COLUMNS, most_rows)


def refusal(data: bytes, media_type: str = "text/csv", most_rows: int = 10) -> str:
    with pytest.raises(UnreadableFile) as error:
        read(data, media_type, most_rows)
    return error.value.fault.code


NINE = [Entry(2, {"code": "Ñ1", "document": {"number": "00112233"}, "year": 1979})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_spreadsheets_write_the_same_in_many_ways(encoding: str, mark: str, end: str) -> None:
    rows = [["Code", "Document Number", "YEAR"], ["Ñ1", "00112233", "1979"], ["", "", ""]]
    text = end.join(mark.join(row) for row in rows) + end
    assert read(text.encode(encoding)) == NINE


def test_an_empty_cell_is_no_member_and_a_broken_number_stays_text() -> None:
    assert read(b"code,document_number,year\nA,,19x9\n") == [
        Entry(2, {"code": "A", "year": "19x9"})
    ]
    assert read(b'code;year\nA;"1979,0"\n') == [Entry(2, {"code": "A", "year": 1979})]


def test_a_row_that_is_too_long_is_told_by_its_number() -> None:
    first, second = read(b"code,year\nA,1979,x\nB,1980\n")
    assert (first.row, first.members, first.fault and first.fault.code) == (
        2,
        None,
        "too-many-cells",
    )
    assert second == Entry(3, {"code": "B", "year": 1980})


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "no-rows"),
        (b"code,year\n", "no-rows"),
        (b"code,wrong\nA,1\n", "unknown-column"),
        (b"code,code\nA,B\n", "unknown-column"),
        (b'code\n"A\n', "unclosed-quotes"),
        (b"code\nA\nB\nC\n", "too-many-rows"),
    ],
)
def test_files_that_cannot_be_taken(data: bytes, code: str) -> None:
    assert refusal(data, most_rows=2) == code


def test_lines_of_json_that_are_no_objects_are_told_one_by_one() -> None:
    found = read(b'{"code": "A"}\n\n[1]\nx\n{"a": 1, "a": 2}\n', "application/x-ndjson")
    assert [(entry.row, entry.members) for entry in found] == [
        (1, {"code": "A"}),
        (3, None),
        (4, None),
        (5, None),
    ]


def test_an_array_and_what_is_none() -> None:
    found = read(b'[{"code": "A"}, 1]', "application/json; charset=utf-8")
    assert [(entry.row, entry.members) for entry in found] == [(1, {"code": "A"}), (2, None)]
    assert refusal(b'{"code": "A"}', "application/json") == "not-an-array"
    assert refusal(b"[" * 100_000, "application/json") == "not-an-array"
    assert refusal(b"x", "application/pdf") == "media-type"


def test_the_template_is_read_back() -> None:
    assert read(template(COLUMNS).encode() + "Ñ1,00112233,1979\r\n".encode()) == NINE
