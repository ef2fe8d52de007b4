from datetime import date
from decimal import Decimal

import pytest

from api.core.ids import new_id
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.credit_products import draft_product, published_product, terms

PRODUCTS = "/v1/credit-products"


@pytest.fixture
async def caja(callers: Callers) -> Caller:
    return await callers.new(Role.CREDIT_INSTITUTION)


@pytest.fixture
async def other_caja(callers: Callers) -> Caller:
    return await callers.new(Role.CREDIT_INSTITUTION)


@pytest.fixture
async def cooperative(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


def of(product: dict[str, object], action: str = "") -> str:
    return f"{PRODUCTS}/{product['id']}{action}"


class TestDraft:
    async def test_anonymous_is_401(self, callers: Callers) -> None:
        assert (await callers.anonymous().post(PRODUCTS, terms())).status_code == 401

    async def test_a_cooperative_is_403_and_nothing_is_written(
        self, callers: Callers, cooperative: Caller
    ) -> None:
        before = await callers.entries_of(cooperative)
        answer = await cooperative.post(PRODUCTS, terms())
        assert (answer.status_code, answer.json()["permission"]) == (403, "credit_products:write")
        assert await callers.entries_of(cooperative) == before

    async def test_gives_the_terms_back_exactly(self, caja: Caller) -> None:
        answer = await caja.post(PRODUCTS, terms(tea="0.355555"))
        assert answer.status_code == 201
        product = answer.json()
        assert answer.headers["location"] == of(product)
        assert (product["state"], product["tea"]) == ("draft", "0.355555")
        assert product["amount_max"] == {"amount": "30000.00", "currency": "PEN"}

    async def test_a_draft_is_hidden_from_others(
        self, caja: Caller, other_caja: Caller, cooperative: Caller
    ) -> None:
        product = await draft_product(caja)
        for stranger in (other_caja, cooperative):
            assert (await stranger.get(of(product))).status_code == 404
            listing = f"{PRODUCTS}?organization_id={caja.organization_id}"
            assert (await stranger.get(listing)).json()["items"] == []
        assert (await caja.get(of(product))).status_code == 200

    @pytest.mark.parametrize(
        ("changes", "pointers"),
        [
            ({"amount_min": {"amount": "30000.01", "currency": "PEN"}}, ["/amount_max"]),
            ({"term_months_min": 37}, ["/term_months_max"]),
            ({"grace_months": 1}, ["/grace_months"]),
            ({"grace_kind": "principal"}, ["/grace_months"]),
            ({"grace_kind": "total", "grace_months": 6}, ["/grace_months"]),
            ({"desgravamen_rate": "0.001"}, ["/desgravamen_rate"]),
            ({"desgravamen_variant": "balance"}, ["/desgravamen_rate"]),
            ({"amount_min": {"amount": "1.00", "currency": "USD"}}, ["/amount_min"]),
            ({"financed_share": "0"}, ["/financed_share"]),
            ({"financed_share": "1.000001"}, ["/financed_share"]),
            ({"coverage": ["221"]}, ["/coverage/0"]),
            ({"purposes": ["whisky"]}, None),
        ],
    )
    async def test_refuses_terms_that_contradict_one_another(
        self, callers: Callers, caja: Caller, changes: dict[str, object], pointers: list[str]
    ) -> None:
        before = await callers.entries_of(caja)
        answer = await caja.post(PRODUCTS, terms(**changes))
        assert answer.status_code == 422
        if pointers is not None:
            assert [error["pointer"] for error in answer.json()["errors"]] == pointers
        assert await callers.entries_of(caja) == before


class TestEdit:
    async def test_changes_what_is_sent_and_nothing_else(self, caja: Caller) -> None:
        product = await draft_product(caja)
        answer = await caja.patch(of(product), {"tea": "0.300000"}, '"v1"')
        expected = {**product, "tea": "0.300000", "version": 2}
        assert {**answer.json(), "updated_at": ""} == {**expected, "updated_at": ""}

    async def test_needs_the_version_that_was_read(self, caja: Caller) -> None:
        product = await draft_product(caja)
        await caja.patch(of(product), {"tea": "0.300000"}, '"v1"')
        assert (await caja.patch(of(product), {"tea": "0.3"}, '"v1"')).status_code == 412
        answer = await caja.call("PATCH", of(product), json={"tea": "0.3"})
        assert answer.status_code == 428

    async def test_null_is_no_value(self, caja: Caller) -> None:
        product = await draft_product(caja, reference_policy="eu_2020")
        assert (await caja.patch(of(product), {"tea": None}, '"v1"')).status_code == 422
        cleared = await caja.patch(of(product), {"reference_policy": None}, '"v1"')
        assert cleared.json()["reference_policy"] is None

    async def test_another_currency_only_for_all_amounts_at_once(self, caja: Caller) -> None:
        product = await draft_product(caja)
        dollars = {"amount": "700.00", "currency": "USD"}
        assert (await caja.patch(of(product), {"amount_min": dollars}, '"v1"')).status_code == 422
        whole = {"amount_min": dollars, "amount_max": dollars, "commission": dollars}
        answer = await caja.patch(of(product), whole, '"v1"')
        assert answer.json()["currency"] == "USD"

    async def test_what_was_published_never_changes(self, callers: Callers, caja: Caller) -> None:
        product = await published_product(caja)
        before = await callers.entries_of(caja)
        answer = await caja.patch(of(product), {"tea": "0.01"}, '"v2"')
        assert (answer.status_code, answer.json()["allowed_actions"]) == (409, ["withdraw"])
        assert await callers.entries_of(caja) == before

    async def test_another_institution_is_404_for_a_draft_and_403_for_a_product(
        self, caja: Caller, other_caja: Caller
    ) -> None:
        product = await draft_product(caja)
        path = of(product)
        assert (await other_caja.patch(path, {"tea": "0.01"}, '"v1"')).status_code == 404
        await caja.make(of(product, "/publish"))
        assert (await other_caja.patch(path, {"tea": "0.01"}, '"v2"')).status_code == 403
        assert (await other_caja.post(of(product, "/withdraw"))).status_code == 403


class TestPublish:
    async def test_shows_it_to_everybody_and_happens_once(
        self, caja: Caller, cooperative: Caller
    ) -> None:
        product = await published_product(caja)
        assert product["published_at"] is not None
        assert (await cooperative.get(of(product))).json() == product
        again = await caja.post(of(product, "/publish"))
        assert (again.status_code, again.json()["allowed_actions"]) == (409, ["withdraw"])

    async def test_withdrawn_stays_readable(self, caja: Caller, cooperative: Caller) -> None:
        product = await published_product(caja)
        assert (await caja.make(of(product, "/withdraw")))["state"] == "withdrawn"
        assert (await cooperative.get(of(product))).json()["state"] == "withdrawn"


class TestList:
    async def test_filters(self, caja: Caller, cooperative: Caller) -> None:
        everywhere = await published_product(caja)
        huanuco = await published_product(caja, coverage=["10", "2201"], purposes=["irrigation"])
        group = await published_product(caja, borrower="solidarity_group", coverage=["060101"])

        async def found(query: str) -> set[str]:
            path = f"{PRODUCTS}?organization_id={caja.organization_id}&{query}"
            return {item["id"] for item in (await cooperative.get(path)).json()["items"]}

        assert await found("ubigeo=220101") == {everywhere["id"], huanuco["id"]}
        assert await found("ubigeo=100601") == {everywhere["id"], huanuco["id"]}
        assert await found("ubigeo=220201") == {everywhere["id"]}
        assert await found("ubigeo=060101") == {everywhere["id"], group["id"]}
        assert await found("borrower=solidarity_group") == {group["id"]}
        assert await found("purpose=irrigation") == {huanuco["id"]}
        assert await found("purpose=labour") == {everywhere["id"], group["id"]}
        assert await found("currency=USD") == set()
        assert await found("state=withdrawn") == set()


def wish(**changes: object) -> dict[str, object]:
    return {
        "amount": {"amount": "8000.00", "currency": "PEN"},
        "months": 12,
        "disbursed_on": "2026-12-01",
        "harvests": [{"month": 6, "share": "0.7"}, {"month": 11, "share": "0.3"}],
        **changes,
    }


class TestSimulate:
    async def test_the_dates_follow_the_harvest_and_nothing_is_written(
        self, callers: Callers, caja: Caller, cooperative: Caller
    ) -> None:
        product = await published_product(caja)
        before = await callers.entries_of(cooperative)
        answer = await cooperative.post(of(product, "/simulate"), wish())
        assert answer.status_code == 200
        loan = answer.json()
        rows = loan["instalments"]
        assert [row["due_date"] for row in rows] == ["2027-06-01", "2027-11-01"]
        assert [row["principal"] for row in rows] == ["5600.00", "2400.00"]
        assert rows[-1]["closing"] == "0.00"
        # Interest by hand: 8000 x ((1.36)^(182/360) - 1).
        days = (date(2027, 6, 1) - date(2026, 12, 1)).days
        growth = Decimal("1.36") ** (Decimal(days) / 360)
        assert Decimal(rows[0]["interest"]) == (8000 * (growth - 1)).quantize(Decimal("0.01"))
        # With neither commission nor insurance the loan costs its TEA, up to céntimos.
        assert abs(Decimal(loan["tcea"]) - Decimal("0.36")) < Decimal("0.00002")
        assert await callers.entries_of(cooperative) == before

    async def test_equal_monthly_instalments_with_insurance_and_commission(
        self, caja: Caller
    ) -> None:
        product = await published_product(
            caja,
            schedule_kind="fixed_period",
            tea="0.400000",
            commission={"amount": "30.00", "currency": "PEN"},
            desgravamen_variant="balance",
            desgravamen_rate="0.001",
        )
        answer = await caja.post(
            of(product, "/simulate"),
            wish(amount={"amount": "6000.00", "currency": "PEN"}, harvests=[]),
        )
        loan = answer.json()
        # 597.16: a loan of 6,000 at TEA 40 % in twelve months of thirty days.
        parts = {
            str(Decimal(row["principal"]) + Decimal(row["interest"]))
            for row in loan["instalments"][:-1]
        }
        assert parts == {"597.16"}
        assert (len(loan["instalments"]), loan["upfront"]) == (12, "30.00")
        assert Decimal(loan["tcea"]) > Decimal("0.40")
        paid = sum(Decimal(row["total"]) for row in loan["instalments"])
        assert Decimal(loan["cost"]) == paid + 30 - 6000

    async def test_interest_alone_is_paid_during_grace_on_principal(self, caja: Caller) -> None:
        product = await published_product(
            caja, schedule_kind="fixed_date", grace_kind="principal", grace_months=3
        )
        body = wish(months=12, due_day=15, every_months=3, harvests=[])
        rows = (await caja.post(of(product, "/simulate"), body)).json()["instalments"]
        assert [row["due_date"] for row in rows] == [
            "2027-03-15",
            "2027-06-15",
            "2027-09-15",
            "2027-12-15",
        ]
        assert [row["principal"] == "0.00" for row in rows] == [True, False, False, False]

    @pytest.mark.parametrize(
        ("changes", "codes"),
        [
            ({"amount": {"amount": "499.99", "currency": "PEN"}}, ["amount-not-offered"]),
            ({"amount": {"amount": "8000.00", "currency": "USD"}}, ["currencies-differ"]),
            ({"months": 5}, ["term-not-offered", "no-harvest-within-term"]),
            ({"harvests": []}, ["harvests-do-not-fit"]),
            ({"every_months": 2}, ["term-not-divisible"]),
            ({"months": 6, "harvests": [{"month": 12}]}, ["no-harvest-within-term"]),
        ],
    )
    async def test_refuses_what_is_not_offered(
        self, caja: Caller, changes: dict[str, object], codes: list[str]
    ) -> None:
        product = await published_product(caja)
        answer = await caja.post(of(product, "/simulate"), wish(**changes))
        assert answer.status_code == 422
        assert [error["code"] for error in answer.json()["errors"]] == codes

    async def test_an_unknown_product_is_404(self, caja: Caller) -> None:
        assert (await caja.post(f"{PRODUCTS}/{new_id()}/simulate", wish())).status_code == 404
