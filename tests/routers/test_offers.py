from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from api.core.clock import today
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.catalogues import item_wish, new_catalogue


@pytest.fixture
async def supplier(callers: Callers) -> Caller:
    return await callers.new(Role.INPUT_SUPPLIER, name="Agroinsumos del Huallaga")


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


async def skus(caller: Caller, supplier: Caller, **filters: Any) -> list[str]:
    """What a search among a supplier's offers finds, in its order."""
    mine = {"organization_id": str(supplier.organization_id), **filters}
    answer = await caller.get("/v1/offers", params=mine)
    assert answer.status_code == 200, answer.text
    return [offer["sku"] for offer in answer.json()["items"]]


async def test_an_offer_says_what_is_left_now(coop: Caller, supplier: Caller) -> None:
    made = await new_catalogue(supplier, [{"available": "5"}, {"price": "130.00"}])
    path = f"/v1/offers?organization_id={supplier.organization_id}"
    first, second = (await coop.get(path)).json()["items"]
    assert (first["available"], second["available"]) == ("5.000", None)
    assert first["supplier"] == "Agroinsumos del Huallaga"
    assert (first["catalogue_id"], first["coverage"]) == (made["id"], made["coverage"])
    stock = f"/v1/catalogue-items/{first['item_id']}/stock"
    await supplier.make(stock, {"available": "2"})
    assert (await coop.get(path)).json()["items"][0]["available"] == "2.000"


async def test_everybody_who_is_verified_searches(callers: Callers, supplier: Caller) -> None:
    await new_catalogue(supplier, [{"sku": "A"}])
    for role in Role:
        assert await skus(await callers.new(role), supplier) == ["A"]
    assert (await callers.anonymous().get("/v1/offers")).status_code == 401


class TestWords:
    ITEMS = (
        {"sku": "FERT", "name": "Abono orgánico fosfatado", "description": None},
        {"sku": "SERV", "name": "Asesoría en fertilización", "description": "Análisis de suelos"},
        {"sku": "TOOL", "name": "Tijeras de podar", "description": "Acero forjado"},
        {"sku": "PLANT-01", "name": "Plantón injertado", "description": "Vivero de la Amazonía"},
        {"sku": "CANA", "name": "Caña guadua", "description": "Postes"},
    )

    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("organico", ["FERT"]),
            ("ORGÁNICOS", ["FERT"]),
            ("abonos organicos", ["FERT"]),
            ("fertilizacion", ["SERV"]),
            ("fertilizaciones", ["SERV"]),
            ("fertilización", ["SERV"]),
            ("análisis de suelo", ["SERV"]),
            ("analisis", ["SERV"]),
            ("tijera podar", ["TOOL"]),
            ("plantones", ["PLANT-01"]),
            ("planton", ["PLANT-01"]),
            ("injertados amazonia", ["PLANT-01"]),
            ("plant-01", ["PLANT-01"]),
            ("cana", ["CANA"]),
            ("cañas", ["CANA"]),
            ("tijera -acero", []),
            ("tijera or abono", ["FERT", "TOOL"]),
            ('"podar tijeras"', []),
            ("tractor", []),
            ("de la", []),
            ("'); DROP TABLE offers; --", []),
        ],
    )
    async def test_are_found_whatever_their_accents_and_number(
        self, callers: Callers, coop: Caller, words: str, found: list[str]
    ) -> None:
        supplier = await callers.new(Role.INPUT_SUPPLIER)
        await new_catalogue(supplier, self.ITEMS)
        assert sorted(await skus(coop, supplier, q=words)) == sorted(found)

    async def test_are_found_beyond_the_cheapest_in_the_order_of_price(
        self, coop: Caller, supplier: Caller
    ) -> None:
        """Both ways of searching, and a page that ends on one and begins on the other."""
        catalogue = await new_catalogue(supplier, [], published=False)
        path = f"/v1/catalogues/{catalogue['id']}"
        cheap = [item_wish(name="Saco de yute", price=f"{n}.00") for n in range(1, 1001)]
        dear = [item_wish(name="Saco de yute", price=f"{n}.00") for n in range(1001, 2001)]
        rare = [
            item_wish(sku=f"R{n}", name="Motoguadaña", price=f"{price}.50")
            for n, price in enumerate((3, 700, 1500, 2500))
        ]
        for rows in (cheap, dear, rare):
            assert (await supplier.call("PUT", f"{path}/items", json=rows)).status_code == 200
        await supplier.make(f"{path}/publish")
        assert await skus(coop, supplier, q="motoguadañas") == ["R0", "R1", "R2", "R3"]
        mine = f"/v1/offers?organization_id={supplier.organization_id}"
        seen, target = [], f"{mine}&q=motoguadana&limit=1"
        while target:
            page = (await coop.get(target)).json()
            seen += [offer["sku"] for offer in page["items"]]
            target = page["next"] and f"{mine}&q=motoguadana&limit=1&cursor={page['next']}"
        assert seen == ["R0", "R1", "R2", "R3"]
        common = (await coop.get(f"{mine}&q=yute&limit=100&include=total")).json()
        assert common["total"] == 2000
        amounts = [float(offer["price"]["amount"]) for offer in common["items"]]
        assert amounts == [float(n) for n in range(1, 101)]


class TestFilters:
    @pytest.fixture
    async def market(self, supplier: Caller) -> Caller:
        """Four items in two catalogues: San Martín in soles, one district of Ucayali in dollars."""
        await new_catalogue(
            supplier,
            [
                {"sku": "GUANO", "price": "60.00", "organic": True, "available": "0"},
                {"sku": "UREA", "price": "120.00", "available": "9"},
                {"sku": "PALA", "price": "45.00", "category": "tool"},
            ],
            coverage=["22"],
        )
        await new_catalogue(
            supplier,
            [{"sku": "BOMBA", "price": "80.00", "category": "equipment", "organic": True}],
            coverage=["250101"],
            currency="USD",
        )
        return supplier

    @pytest.mark.parametrize(
        ("filters", "found"),
        [
            ({}, ["PALA", "GUANO", "BOMBA", "UREA"]),
            ({"category": "fertilizer"}, ["GUANO", "UREA"]),
            ({"ubigeo": "220601"}, ["PALA", "GUANO", "UREA"]),
            ({"ubigeo": "250101"}, ["BOMBA"]),
            ({"ubigeo": "250102"}, []),
            ({"organic": "true"}, ["GUANO", "BOMBA"]),
            ({"organic": "false"}, ["PALA", "UREA"]),
            ({"in_stock": "true"}, ["PALA", "BOMBA", "UREA"]),
            ({"in_stock": "false"}, ["GUANO"]),
            ({"currency": "USD"}, ["BOMBA"]),
            ({"max_price": "60.00"}, ["PALA", "GUANO"]),
            ({"max_price": "59.99"}, ["PALA"]),
            ({"category": "fertilizer", "in_stock": "true", "ubigeo": "221001"}, ["UREA"]),
            ({"sort": "price"}, ["PALA", "GUANO", "BOMBA", "UREA"]),
        ],
    )
    async def test_narrow_the_search(
        self, coop: Caller, market: Caller, filters: dict[str, str], found: list[str]
    ) -> None:
        assert await skus(coop, market, **filters) == found
        every = {"q": "urea or nitrogenado", **filters}
        assert await skus(coop, market, **every) == found

    @pytest.mark.parametrize(
        "filters",
        [
            {"sort": "name"},
            {"limit": "101"},
            {"ubigeo": "22"},
            {"max_price": "1.005"},
            {"category": "weapon"},
            {"valid_on": "yesterday"},
            {"q": ""},
            {"colour": "red"},
        ],
    )
    async def test_that_make_no_sense_are_refused(
        self, coop: Caller, filters: dict[str, str]
    ) -> None:
        answer = await coop.get("/v1/offers", params=filters)
        assert answer.status_code == 422
        assert [e["pointer"] for e in answer.json()["errors"]] == [f"?{next(iter(filters))}"]


class TestValidity:
    async def test_hides_what_is_not_on_offer_that_day(
        self, coop: Caller, supplier: Caller
    ) -> None:
        first, last = today() + timedelta(days=10), today() + timedelta(days=20)
        await new_catalogue(supplier, [{"sku": "A"}], valid_from=str(first), valid_until=str(last))
        assert await skus(coop, supplier) == []
        days = [first - timedelta(days=1), first, last, last + timedelta(days=1)]
        found = [await skus(coop, supplier, valid_on=str(day)) for day in days]
        assert found == [[], ["A"], ["A"], []]

    async def test_ends_at_once_with_the_catalogue(self, coop: Caller, supplier: Caller) -> None:
        made = await new_catalogue(supplier, [{"sku": "A"}])
        assert await skus(coop, supplier) == ["A"]
        await supplier.make(f"/v1/catalogues/{made['id']}/withdraw")
        assert await skus(coop, supplier) == []
        assert await skus(coop, supplier, q="urea") == []

    async def test_that_is_over_is_cleared_when_its_supplier_publishes_again(
        self, callers: Callers, coop: Caller, supplier: Caller
    ) -> None:
        other = await callers.new(Role.INPUT_SUPPLIER)
        pool = callers.platform.database.pool
        count = "SELECT count(*) FROM offers WHERE organization_id = $1"
        made = []
        for caller in (supplier, other):
            made.append(await new_catalogue(caller, [{"sku": "OLD"}]))
            # Time passes: nobody publishes what is over already.
            async with callers.platform.database.transaction() as (_, driver):
                await driver.execute(
                    "UPDATE offers SET valid_until = $2 WHERE catalogue_id = $1",
                    UUID(made[-1]["id"]),
                    today() - timedelta(days=1),
                )
        await new_catalogue(supplier, [{"sku": "NEW"}])
        assert await skus(coop, supplier) == ["NEW"]
        assert await pool.fetchval(count, supplier.organization_id) == 1
        assert await pool.fetchval(count, other.organization_id) == 1


class TestPages:
    async def test_follow_one_another_by_price_then_id(
        self, coop: Caller, supplier: Caller
    ) -> None:
        prices = ["5.00", "3.00", "5.00", "1.00", "5.00", "2.00", "5.00"]
        made = await new_catalogue(supplier, [{"price": price} for price in prices])
        expected = sorted((float(i["price"]["amount"]), i["id"]) for i in made["items"])
        path = f"/v1/offers?organization_id={supplier.organization_id}&limit=2"
        seen, cursor = [], ""
        while True:
            answer = await coop.get(path + cursor)
            page = answer.json()
            seen += [(float(o["price"]["amount"]), o["item_id"]) for o in page["items"]]
            if page["next"] is None:
                break
            cursor = f"&cursor={page['next']}"
            assert page["next"] in answer.headers["link"]
        assert seen == expected

    async def test_belong_to_their_filters(self, coop: Caller, supplier: Caller) -> None:
        await new_catalogue(supplier, [{}, {}])
        path = f"/v1/offers?organization_id={supplier.organization_id}&limit=1"
        cursor = (await coop.get(path)).json()["next"]
        answer = await coop.get(f"{path}&organic=false&cursor={cursor}")
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid-cursor")
