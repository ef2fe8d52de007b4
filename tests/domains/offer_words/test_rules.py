from string import ascii_lowercase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domains.offer_words.rules import (
    corrected,
    distance,
    folded,
    nearest,
    plain,
    slips,
    words_of,
)

KNOWN = [
    "fertilizante", "urea", "agricola", "fosfato", "diamonico", "cloruro", "potasio", "guano",
    "tijera", "podar", "mochila", "fumigar", "manguera", "goteo", "planton", "compost", "bokashi",
    "sulfato", "magnesio", "machete", "injertado", "vivero", "cacao", "abono", "humus",
]  # fmt: skip
words = st.text(ascii_lowercase, min_size=4, max_size=14)


class TestNearest:
    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("fertilisante", "fertilizante"),
            ("fertlizante", "fertilizante"),
            ("fertilizasion", None),
            ("hurea", "urea"),
            ("ureaa", "urea"),
            ("bibero", "vivero"),
            ("tigera", "tijera"),
            ("maguera", "manguera"),
            ("manguear", "manguera"),
            ("bocashi", "bokashi"),
            ("bokachi", "bokashi"),
            ("clorruro", "cloruro"),
            ("sulfatto", "sulfato"),
            ("magnecio", "magnesio"),
            ("injertaddo", "injertado"),
            ("umus", "humus"),
            ("kakao", "cacao"),
            ("tractor", None),
            ("zapato", None),
        ],
    )
    def test_is_what_was_meant(self, written: str, meant: str | None) -> None:
        near = [word for word in KNOWN if slips(word) & slips(written)]
        assert nearest(written, near) == meant

    @given(st.sampled_from(KNOWN), st.integers(0, 20), st.sampled_from(ascii_lowercase))
    def test_is_found_for_any_one_slip(self, word: str, place: int, letter: str) -> None:
        """Left out, added, changed or swapped: a shared slip gives it away."""
        sound = folded(word)
        at = place % len(sound)
        written = [
            sound[:at] + sound[at + 1 :],
            sound[:at] + letter + sound[at:],
            sound[:at] + letter + sound[at + 1 :],
            sound[:at] + sound[at : at + 2][::-1] + sound[at + 2 :],
        ]
        whole = {sound, *(sound[:n] + sound[n + 1 :] for n in range(len(sound)))}
        for each in written:
            assert distance(sound, each) <= 1
            left = {each, *(each[:n] + each[n + 1 :] for n in range(len(each)))}
            assert whole & left

    def test_does_not_depend_on_the_order_of_the_words(self) -> None:
        assert nearest("casa", ["caja", "cama"]) == nearest("casa", ["cama", "caja"])


class TestDistance:
    @pytest.mark.parametrize(
        ("one", "other", "expected"),
        [
            ("", "", 0),
            ("a", "", 1),
            ("urea", "uera", 1),
            ("kitten", "sitting", 3),
            ("ca", "abc", 3),
        ],
    )
    def test_counts_slips(self, one: str, other: str, expected: int) -> None:
        assert distance(one, other) == expected

    @given(words, words)
    def test_is_a_distance(self, one: str, other: str) -> None:
        assert distance(one, other) == distance(other, one)
        assert (distance(one, other) == 0) == (one == other)
        assert abs(len(one) - len(other)) <= distance(one, other) <= max(len(one), len(other))


class TestQuery:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("Fertilización orgánica", ["fertilizacion", "organica"]),
            ('abono "guano de las islas" bokashi', ["abono", "bokashi"]),
            ('abono "guano', ["abono"]),
            ("tijera -podar", ["tijera"]),
            ("plant-01 CCN-51 46-0-0 npk", []),
            ("urea or abono or urea", ["urea", "abono"]),
            ("de la", []),
        ],
    )
    def test_has_words_that_may_be_misspelt(self, query: str, found: list[str]) -> None:
        assert words_of(query) == found

    def test_keeps_everything_but_the_words_put_right(self) -> None:
        query = 'Hurea "hurea" -hurea hurea-50 or Abono'
        assert corrected(query, {"hurea": "urea"}) == 'urea "hurea" -hurea hurea-50 or Abono'

    @given(st.text(max_size=60))
    def test_without_corrections_stays_as_it_is(self, query: str) -> None:
        assert corrected(query, {}) == query

    @given(st.text(max_size=30))
    def test_is_plain_when_it_is_made_plain(self, text: str) -> None:
        assert plain(plain(text)) == plain(text)
