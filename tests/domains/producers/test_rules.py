import json
import re
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.pe import cui

from api.core.names import name_patterns, plain, search_name
from api.domains.consents.vocabulary import Purpose
from api.domains.organizations.rules import is_ruc
from api.domains.producers.rules import (
    DISCLOSED,
    document_faults,
    e164,
    moment_faults,
    ruc_faults,
)
from api.domains.producers.vocabulary import DocumentType
from tests.shared_data import shared_data

DNIS = st.from_regex(r"[0-9]{8}", fullmatch=True)
LETTERS = "abcdefghijklmnñopqrstuvwxyzáéíóúüABCDEFGHIJKLMNÑOPQRSTUVWXYZÁÉÍÓÚÜ"
WORDS = st.text(LETTERS, min_size=1, max_size=12)
NAMES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)


def codes(kind: DocumentType, number: str, check: str | None = None) -> list[str]:
    return [fault.code for fault in document_faults(kind, number, check)]


def ruc_codes(ruc: str, number: str, kind: DocumentType = DocumentType.DNI) -> list[str]:
    return [fault.code for fault in ruc_faults(ruc, kind, number)]


def finds(wanted: str, given_names: str, family_names: str) -> bool:
    """What ``search_name LIKE ALL (patterns)`` says, by the definition of LIKE."""
    name = search_name(given_names, family_names)
    return all(
        re.fullmatch(".*".join(map(re.escape, pattern.split("%"))), name)
        for pattern in name_patterns(wanted)
    )


class TestDocument:
    @given(DNIS)
    def test_a_dni_has_exactly_one_check_digit_and_one_letter(self, number: str) -> None:
        alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        good = [c for c in alphabet if not codes(DocumentType.DNI, number, c)]
        weighted = sum(w * int(d) for w, d in zip((3, 2, 7, 6, 5, 4, 3, 2), number, strict=True))
        assert good == ["65432110987"[weighted % 11], "KJIHGFEDCBA"[weighted % 11]]
        assert not codes(DocumentType.DNI, number, good[1].lower())

    @given(DNIS)
    def test_the_check_digit_is_the_one_of_the_persons_ruc(self, number: str) -> None:
        digits = [d for d in "0123456789" if not codes(DocumentType.DNI, number, d)]
        assert [d for d in "0123456789" if is_ruc(f"10{number}{d}")] == digits

    @pytest.mark.parametrize(
        "number", ["1011741", "101174101", "1011741A", "١٠١١٧٤١٠", "10117 10", "", "²0117410"]
    )
    def test_a_dni_is_eight_ascii_digits(self, number: str) -> None:
        assert codes(DocumentType.DNI, number) == ["dni-form"]

    def test_leading_zeros_count(self) -> None:
        assert not codes(DocumentType.DNI, "00000017")
        assert codes(DocumentType.DNI, "17") == ["dni-form"]

    @pytest.mark.parametrize(
        ("number", "check", "expected"),
        [
            ("001234567", None, []),
            ("AB1234567890", None, []),
            ("12345678", None, ["ce-form"]),
            ("AB12345678901", None, ["ce-form"]),
            ("00123456ñ", None, ["ce-form"]),
            ("001234567", "2", ["ce-check"]),
        ],
    )
    def test_a_carne_de_extranjeria(
        self, number: str, check: str | None, expected: list[str]
    ) -> None:
        assert codes(DocumentType.CE, number, check) == expected


@pytest.fixture
def golden() -> Any:
    return json.loads(shared_data("identifiers_golden.json").read_text("utf-8"))


class TestGoldenIdentifiers:
    def test_ruc(self, golden: Any) -> None:
        assert [r for r in golden["ruc"]["valid"] if not is_ruc(r)] == []
        assert [r for r in golden["ruc"]["invalid"] if is_ruc(r)] == []

    def test_dni(self, golden: Any) -> None:
        for number, checks in golden["dni"]["check"].items():
            assert [c for c in checks if codes(DocumentType.DNI, number, c)] == []
        for written in golden["dni"]["invalid"]:
            number, check = written.split("-")
            assert codes(DocumentType.DNI, number, check) == ["dni-check"]

    def test_a_ruc_of_a_person_holds_the_dni(self, golden: Any) -> None:
        pairs = {
            **golden["ruc"]["to_dni"],
            **{ruc: dni for dni, ruc in golden["dni"]["dni_to_ruc"].items()},
        }
        for ruc, dni in pairs.items():
            assert is_ruc(ruc)
            assert ruc[2:10] == dni
            assert cui.to_ruc(dni) == ruc
            assert not codes(DocumentType.DNI, dni, ruc[-1])
            assert ruc_codes(ruc, dni) == []
            assert ruc_codes(ruc, "00000001") == ["ruc-of-another"]
            assert ruc_codes(ruc, "001234567", DocumentType.CE) == []

    def test_the_ruc_of_a_company_is_no_persons(self, golden: Any) -> None:
        companies = [ruc for ruc in golden["ruc"]["valid"] if ruc.startswith("20")]
        assert len(companies) == 3
        assert [ruc_codes(ruc, "10117410") for ruc in companies] == [["ruc-of-company"]] * 3
        for ruc in golden["ruc"]["invalid"]:
            assert ruc_codes(ruc, "10117410") == ["ruc-form"]


class TestRuc:
    @given(DNIS, st.sampled_from(["15", "16", "17"]))
    def test_a_dni_has_one_ruc_with_10_and_any_with_another_prefix(
        self, dni: str, prefix: str
    ) -> None:
        good = [d for d in "0123456789" if not ruc_codes(f"10{dni}{d}", dni)]
        assert [f"10{dni}{d}" for d in good] == [cui.to_ruc(dni)]
        another = [d for d in "0123456789" if not ruc_codes(f"{prefix}12345678{d}", dni)]
        assert len(another) == 1

    def test_an_installation_names_the_prefixes(self) -> None:
        ruc, dni = "10101174102", "10117410"
        assert [f.code for f in ruc_faults(ruc, DocumentType.DNI, dni, {"15"})] == ["ruc-form"]
        assert ruc_faults(None, DocumentType.DNI, dni, set()) == []


class TestName:
    @given(st.text(max_size=80))
    def test_plain_is_plain_already(self, text: str) -> None:
        once = plain(text)
        assert plain(once) == once
        assert once == once.strip()
        assert "  " not in once
        assert "%" not in once
        assert "_" not in once
        assert not any(unicodedata.combining(c) for c in once)

    @given(NAMES)
    def test_case_and_accents_do_not_matter(self, name: str) -> None:
        bare = "".join(
            c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c)
        )
        assert plain(name) == plain(name.upper()) == plain(name.lower()) == plain(bare)

    @given(NAMES, NAMES, st.data())
    def test_beginnings_of_words_in_any_order_find(
        self, given_names: str, family_names: str, data: st.DataObject
    ) -> None:
        words = data.draw(st.permutations(f"{given_names} {family_names}".split()))
        lengths = data.draw(st.lists(st.integers(1, 12), min_size=len(words), max_size=len(words)))
        wanted = " ".join(w[:n] for w, n in zip(words, lengths, strict=True))
        assert finds(wanted, given_names, family_names)

    @pytest.mark.parametrize(
        ("wanted", "found"),
        [
            ("quispe rosa", True),
            ("MARÍA  nahui", True),
            ("Ñahui", True),
            ("ohiggins", True),
            ("o'hig", True),
            ("huaman", True),
            ("aria", False),
            ("rosa pérez", False),
        ],
    )
    def test_examples(self, wanted: str, found: bool) -> None:
        assert finds(wanted, "Rosa María", "Quispe Ñahui-Huamán O'Higgins") is found

    @pytest.mark.parametrize("wanted", ["", " ", "%", "_", "-- '"])
    def test_nothing_to_look_for(self, wanted: str) -> None:
        assert name_patterns(wanted) == []


class TestTelephone:
    @pytest.mark.parametrize(
        ("written", "kept"),
        [
            ("987654321", "+51987654321"),
            ("+51 987 654 321", "+51987654321"),
            ("(01) 411-2000", "+5114112000"),
            ("+57 601 2345678", "+576012345678"),
            ("12345", None),
            ("+51 000000000", None),
            ("nothing", None),
        ],
    )
    def test_is_kept_as_e164(self, written: str, kept: str | None) -> None:
        assert e164(written) == kept

    @given(st.from_regex(r"9[0-9]{8}", fullmatch=True))
    def test_what_was_kept_is_kept_again(self, written: str) -> None:
        kept = e164(written)
        assert kept is None or e164(kept) == kept


class TestMoments:
    NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def test_a_clock_may_run_ahead_by_a_day(self) -> None:
        assert moment_faults(2026, self.NOW + timedelta(days=1), self.NOW) == []

    def test_the_future_is_refused(self) -> None:
        found = moment_faults(2027, self.NOW + timedelta(days=1, seconds=1), self.NOW)
        assert [fault.pointer for fault in found] == ["/birth_year", "/captured_at"]


class TestDisclosed:
    def test_every_purpose_is_decided(self) -> None:
        assert set(DISCLOSED) == set(Purpose)

    def test_nothing_that_is_never_scored_or_is_the_organisations_own(self) -> None:
        assert not {"sex", "external_id"} & frozenset().union(*DISCLOSED.values())
