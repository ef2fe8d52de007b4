import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domains.territories.rules import level_of, unknown_district
from api.domains.territories.ubigeo_file import UnreadableUbigeoFile, read
from api.domains.territories.vocabulary import TerritoryLevel
from tests.shared_data import shared_data

HEADER = "inei,reniec,departamento,provincia,distrito,capital\n"


def codes(text: str) -> list[str]:
    return [row.code for row in read(text.encode())[1]]


class TestPublishedFiles:
    @pytest.mark.parametrize(
        ("name", "level", "standing", "refused", "zeros"),
        [
            ("departamento", TerritoryLevel.DEPARTMENT, 25, [], 9),
            ("provincia", TerritoryLevel.PROVINCE, 196, [], 87),
            ("distrito", TerritoryLevel.DISTRICT, 1892, ["inei-code-missing"], 920),
        ],
    )
    def test_are_read_to_the_last_row(
        self, name: str, level: TerritoryLevel, standing: int, refused: list[str], zeros: int
    ) -> None:
        rows, left_out = read(shared_data("ubigeo", f"ubigeo_{name}.csv").read_bytes())
        assert len(rows) == standing
        assert [row.code for row in left_out] == refused
        assert {row.level for row in rows} == {level}
        assert sum(row.ubigeo.startswith("0") for row in rows) == zeros

    def test_both_codings(self) -> None:
        rows, _ = read(shared_data("ubigeo", "ubigeo_distrito.csv").read_bytes())
        known = {row.ubigeo: row for row in rows}
        assert (known["220601"].name, known["220601"].reniec_code) == ("JUANJUI", "210401")
        assert [row.ubigeo for row in rows if row.reniec_code is None] == ["150144"]
        assert all(len(row.ubigeo) == 6 for row in rows)
        assert known["010518"].capital == "Paclas"
        assert known["010519"].capital == "San Juan de Lopecancha"


class TestRows:
    @pytest.mark.parametrize(
        ("row", "code"),
        [
            (",010101,AMAZONAS,CHACHAPOYAS,LEVANTO,", "inei-code-missing"),
            ("NA,170107,MOQUEGUA,MARISCAL NIETO,SAN ANTONIO,", "inei-code-missing"),
            ("\u0660\u0661\u0660\u0661\u0660\u0661,,A,B,C,", "inei-code-missing"),
            ("10101,10101,AMAZONAS,CHACHAPOYAS,CHACHAPOYAS,", "leading-zero-lost"),
            ("010101,010101,AMAZONAS,CHACHAPOYAS,,", "name-missing"),
            ("010100,010100,AMAZONAS,,CHACHAPOYAS,", "name-missing"),
        ],
    )
    def test_what_has_no_code_or_name_is_left_out(self, row: str, code: str) -> None:
        assert codes(HEADER + row) == [code]

    def test_a_code_stands_once(self) -> None:
        row = "010101,010101,AMAZONAS,CHACHAPOYAS,CHACHAPOYAS,\n"
        rows, refused = read((HEADER + row + row).encode())
        assert [row.row for row in rows] == [2]
        assert [(row.row, row.code) for row in refused] == [(3, "repeated")]

    def test_a_reniec_code_of_other_digits_is_none(self) -> None:
        rows, _ = read(f"{HEADER}170107,NA,MOQUEGUA,MARISCAL NIETO,SAN ANTONIO,".encode())
        assert rows[0].reniec_code is None

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_however_it_is_written(self, encoding: str, delimiter: str) -> None:
        out = io.StringIO()
        writer = csv.writer(out, delimiter=delimiter)
        writer.writerow(["Ubigeo", "UBIGEO_RENIEC", "Departamento", "Provincia", "Distrito"])
        writer.writerow(["010103", "010103", "Amazonas", "Chachapoyas", "Peñas, Altas"])
        rows, refused = read(out.getvalue().encode(encoding))
        assert (rows[0].ubigeo, rows[0].name, refused) == ("010103", "Peñas, Altas", [])

    @pytest.mark.parametrize(
        "text", ["", "a,b\n1,2\n", "inei\n010101\n", "distrito\nX\n", HEADER + '"010101,"a"b']
    )
    def test_other_files_are_refused_whole(self, text: str) -> None:
        with pytest.raises(UnreadableUbigeoFile) as refusal:
            read(text.encode())
        assert set(refusal.value.detail) == {"es", "en"}

    @given(st.binary(max_size=200))
    def test_whatever_comes_is_read_or_refused(self, data: bytes) -> None:
        try:
            rows, _ = read(HEADER.encode() + data)
        except UnreadableUbigeoFile:
            return
        assert all(row.name and len(row.ubigeo) == 6 for row in rows)


@given(st.from_regex(r"[0-9]{6}", fullmatch=True))
def test_the_level_is_in_the_zeros(ubigeo: str) -> None:
    province, district = ubigeo[2:4] == "00", ubigeo[4:] == "00"
    wanted = {
        (True, True): TerritoryLevel.DEPARTMENT,
        (False, True): TerritoryLevel.PROVINCE,
    }
    assert level_of(ubigeo) is wanted.get((province, district), TerritoryLevel.DISTRICT)


def test_a_reniec_code_is_answered_with_the_inei_one() -> None:
    fault = unknown_district("/ubigeo", "220601")
    assert fault.facts == {"inei": "220601"}
    assert all("220601" in text and "RENIEC" in text for text in fault.detail.values())
    assert "RENIEC" not in unknown_district("/ubigeo", None).detail["en"]
