"""Misspelt words are put right and told; facets say what was found."""

import asyncio
from hashlib import sha512
from typing import Any

import pytest

from api.domains.offer_facets import repository as facets
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.catalogues import new_catalogue


@pytest.fixture
async def supplier(callers: Callers) -> Caller:
    return await callers.new(Role.INPUT_SUPPLIER, name="Agroinsumos del Huallaga")


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


async def search(caller: Caller, supplier: Caller, **asked: str) -> dict[str, Any]:
    mine = {"organization_id": str(supplier.organization_id), **asked}
    answer = await caller.get("/v1/offers", params=mine)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


class TestMisspelt:
    ITEMS = (
        {"sku": "MOTO", "name": "Motoguadaña de jardín", "description": "Cuchilla reforzada"},
        {"sku": "QUIM", "name": "Quelato de zinc", "description": "Fertilización foliar"},
    )

    @pytest.mark.parametrize(
        ("words", "found", "corrections"),
        [
            ("motoguadañas", ["MOTO"], None),
            ("motogudaña", ["MOTO"], {"motogudana": "motoguadana"}),
            ("motoguadania", ["MOTO"], {"motoguadania": "motoguadana"}),
            ("kelato", ["QUIM"], {"kelato": "quelato"}),
            ("quelato fertilisasion", ["QUIM"], {"fertilisasion": "fertilizacion"}),
            ("cuchiya reforsada", ["MOTO"], {"cuchiya": "cuchilla", "reforsada": "reforzada"}),
            ('"motogudaña"', [], None),
            ("quelato -motogudaña", ["QUIM"], None),
            ("xyzzyplugh", [], None),
        ],
    )
    async def test_words_are_put_right_and_told(
        self,
        coop: Caller,
        supplier: Caller,
        words: str,
        found: list[str],
        corrections: dict[str, str] | None,
    ) -> None:
        await new_catalogue(supplier, self.ITEMS)
        page = await search(coop, supplier, q=words)
        assert [offer["sku"] for offer in page["items"]] == found
        told = corrections and [
            {"word": word, "searched": meant} for word, meant in corrections.items()
        ]
        assert page.get("corrections") == told

    async def test_words_lead_from_page_to_page(self, coop: Caller, supplier: Caller) -> None:
        await new_catalogue(supplier, [{"name": "Motoguadaña", "price": f"{n}.00"} for n in (1, 2)])
        first = await search(coop, supplier, q="motogudaña", limit="1")
        second = await search(coop, supplier, q="motogudaña", limit="1", cursor=first["next"])
        prices = [page["items"][0]["price"]["amount"] for page in (first, second)]
        assert prices == ["1.00", "2.00"]
        assert second["corrections"] == first["corrections"]

    async def test_words_of_drafts_are_not_known(self, coop: Caller, supplier: Caller) -> None:
        await new_catalogue(supplier, [{"name": "Ahoyadora"}], published=False)
        assert "corrections" not in await search(coop, supplier, q="aoyadorra")
        await new_catalogue(supplier, [{"name": "Ahoyadora"}])
        assert [c["searched"] for c in (await search(coop, supplier, q="aoyadorra"))["corrections"]]

    async def test_catalogues_published_at_once_learn_the_same_words(
        self, callers: Callers, coop: Caller
    ) -> None:
        names = ["Podadora telescópica", "Fumigadora", "Desbrozadora", "Termonebulizadora"]
        suppliers = [await callers.new(Role.INPUT_SUPPLIER) for _ in range(4)]
        drafts = [
            await new_catalogue(each, [{"name": n} for n in names[k:] + names[:k]], published=False)
            for k, each in enumerate(suppliers)
        ]
        answers = await asyncio.gather(
            *(
                each.post(f"/v1/catalogues/{draft['id']}/publish")
                for each, draft in zip(suppliers, drafts, strict=True)
            )
        )
        assert [answer.status_code for answer in answers] == [200] * 4
        page = await search(coop, suppliers[0], q="termonebulisadora")
        assert len(page["items"]) == 1


def letters(length: int) -> str:
    """A word that nobody would write, and that does not compress."""
    return "".join("abdefgijlmnoprstu"[n % 17] for n in sha512(b"w").digest() * 40)[:length]


class TestPathological:
    async def test_words_are_neither_learnt_nor_compared(
        self, coop: Caller, supplier: Caller
    ) -> None:
        """1,990 letters are more than an index holds; near words of 190 took seconds each."""
        word = letters(190)
        near = [word[:n] + ("a" if word[n] != "a" else "e") + word[n + 1 :] for n in range(9)]
        items = [{"description": letters(1990)}, {"description": " ".join(near)}]
        await new_catalogue(supplier, items)
        assert "corrections" not in await search(coop, supplier, q=word)
        assert len((await search(coop, supplier, q=near[0]))["items"]) == 1

    @pytest.mark.parametrize(
        "words",
        ["-" * 200, "- " * 100, "-(-" * 60, "a-" * 100, "(" * 200, "a or " * 40, "'\\\"& |!"],
    )
    async def test_searches_are_answered(self, coop: Caller, supplier: Caller, words: str) -> None:
        await search(coop, supplier, q=words[:200], include="facets")

    async def test_words_in_other_scripts_are_meant_as_they_stand(
        self, coop: Caller, supplier: Caller
    ) -> None:
        await new_catalogue(supplier, [{"name": "Motobomba"}])
        assert "corrections" not in await search(coop, supplier, q="\u0430motobomba")


class TestFacets:
    async def test_count_what_was_found(self, coop: Caller, supplier: Caller) -> None:
        await new_catalogue(
            supplier,
            [
                {"name": "Urea", "organic": False},
                {"name": "Guano", "organic": True},
                {"name": "Pala", "category": "tool"},
            ],
        )
        await new_catalogue(supplier, [{"name": "Bomba", "category": "tool"}], currency="USD")
        page = await search(coop, supplier, include="facets", limit="1")
        name = "Agroinsumos del Huallaga"
        assert page["facets"] == {
            "counted": 4,
            "complete": True,
            "category": [{"value": "fertilizer", "count": 2}, {"value": "tool", "count": 2}],
            "supplier": [{"value": str(supplier.organization_id), "name": name, "count": 4}],
            "organic": [{"value": False, "count": 3}, {"value": True, "count": 1}],
            "currency": [{"value": "PEN", "count": 3}, {"value": "USD", "count": 1}],
        }
        assert "total" not in page
        tools = await search(coop, supplier, include="facets", category="tool", q="bonba or pala")
        assert tools["facets"]["currency"] == [
            {"value": "PEN", "count": 1},
            {"value": "USD", "count": 1},
        ]
        assert [c["searched"] for c in tools["corrections"]] == ["bomba"]
        assert "facets" not in await search(coop, supplier)

    async def test_of_nothing_are_empty(self, coop: Caller, supplier: Caller) -> None:
        found = (await search(coop, supplier, include="facets"))["facets"]
        assert (found["counted"], found["complete"], found["category"]) == (0, True, [])

    async def test_stop_counting(
        self, coop: Caller, supplier: Caller, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(facets, "MOST", 3)
        monkeypatch.setattr(facets, "_compiled", {})
        await new_catalogue(supplier, [{} for _ in range(6)])
        found = (await search(coop, supplier, include="facets"))["facets"]
        assert (found["counted"], found["complete"]) == (3, False)
