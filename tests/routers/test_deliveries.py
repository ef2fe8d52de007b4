import asyncio
from typing import Any

import pytest

from api.policies import Role
from tests.callers import Caller, Callers
from tests.days import DAY, dated
from tests.factories.deliveries import delivery_wish, new_centre, new_delivery
from tests.factories.plots import new_plot
from tests.factories.producers import new_producer


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


class TestRecord:
    async def test_weighs_prices_and_divides_by_plot(self, coop: Caller) -> None:
        producer = await new_producer(coop)
        plots = [await new_plot(coop, producer["id"]) for _ in range(2)]
        parts = [{"plot_id": p["id"], "kg": kg} for p, kg in zip(plots, ("60", "40"), strict=True)]
        wish = await delivery_wish(coop, plot=plots[0], gross_kg="102.500", tare_kg="2.500")
        made = await coop.make("/v1/deliveries", {**wish, "plots": parts})
        assert (made["net_kg"], made["unused_kg"]) == ("100.000", "100.000")
        assert made["amount"] == {"amount": "675.00", "currency": "PEN"}
        assert made["paid"] == made["amount"]
        assert [p["kg"] for p in made["plots"]] == ["60.000", "40.000"]
        assert {p["geometry_version"] for p in made["plots"]} == {1}

    @pytest.mark.parametrize(
        ("changes", "status", "pointer", "code"),
        [
            ({"tare_kg": "100"}, 422, "/tare_kg", "nothing-left"),
            ({"tare_kg": "1"}, 422, "/plots", "kilos-do-not-add-up"),
            ({"delivered_on": DAY}, 422, "/delivered_on", "in-the-future"),
            ({"kg": "9000.000"}, 409, "/plots/0/kg", "beyond-plausible-yield"),
        ],
    )
    async def test_refuses_what_cannot_be(
        self,
        callers: Callers,
        coop: Caller,
        changes: dict[str, Any],
        status: int,
        pointer: str,
        code: str,
    ) -> None:
        wish = await delivery_wish(coop, **dated(changes))
        before = await callers.entries_of(coop)
        answer = await coop.post("/v1/deliveries", wish)
        assert answer.status_code == status
        assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [(pointer, code)]
        assert await callers.entries_of(coop) == before

    async def test_a_purchase_is_recorded_once_whatever_the_key(
        self, callers: Callers, coop: Caller
    ) -> None:
        """A retry under another key is no other purchase: its kilos would be there twice."""
        wish = await delivery_wish(coop)
        before = await callers.entries_of(coop)
        answers = await asyncio.gather(*(coop.post("/v1/deliveries", wish) for _ in range(4)))
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
        [refused, *_] = [answer for answer in answers if answer.status_code == 409]
        assert [(e["pointer"], e["code"]) for e in refused.json()["errors"]] == [
            ("/document_number", "already-recorded")
        ]
        assert await callers.entries_of(coop) == before + 1
        # The paper has another line: another grade, at another price.
        await coop.make("/v1/deliveries", {**wish, "grade": "2", "price_per_kg": "5.5000"})

    @pytest.mark.parametrize(("kind", "status"), [("liquidacion_de_compra", 409), ("invoice", 201)])
    async def test_a_document_that_the_buyer_issues_is_of_one_producer(
        self, coop: Caller, kind: str, status: int
    ) -> None:
        """Producers number their own invoices, so two may have the same number."""
        document = {"document_kind": kind, "document_number": "E001-7"}
        await new_delivery(coop, **document)
        answer = await coop.post("/v1/deliveries", await delivery_wish(coop, **document))
        assert answer.status_code == status
        if status == 409:
            assert [e["code"] for e in answer.json()["errors"]] == ["document-of-another"]

    async def test_a_closed_plot_yields_nothing(self, coop: Caller) -> None:
        producer = await new_producer(coop)
        plot = await new_plot(coop, producer["id"])
        wish = await delivery_wish(coop, plot=plot)
        await coop.make(f"/v1/plots/{plot['id']}/close")
        answer = await coop.post("/v1/deliveries", wish)
        assert [e["code"] for e in answer.json()["errors"]] == ["plot-closed"]

    async def test_the_plot_of_another_producer_is_refused(self, coop: Caller) -> None:
        wish = await delivery_wish(coop)
        other = await new_plot(coop, (await new_producer(coop))["id"])
        wish["plots"] = [{"plot_id": other["id"], "kg": "100"}]
        assert (await coop.post("/v1/deliveries", wish)).status_code == 404

    async def test_the_yield_of_a_plot_counts_over_deliveries_at_once(
        self, callers: Callers, coop: Caller
    ) -> None:
        """Of many at once, as many pass as the plot can bear, and not one more."""
        producer, centre = await new_producer(coop), await new_centre(coop)
        plot = await new_plot(coop, producer["id"])
        most = float(plot["area_ha"]) * 2500
        wishes = [
            await delivery_wish(coop, plot=plot, centre=centre, form="dry", kg="700.000")
            for _ in range(10)
        ]
        answers = await asyncio.gather(*(coop.post("/v1/deliveries", w) for w in wishes))
        passed = [a for a in answers if a.status_code == 201]
        assert len(passed) == int(most // 700)
        refused = {a.json()["errors"][0]["code"] for a in answers if a.status_code == 409}
        assert refused == {"beyond-plausible-yield"}

    async def test_needs_a_key(self, coop: Caller) -> None:
        wish = await delivery_wish(coop)
        answer = await coop.call("POST", "/v1/deliveries", json=wish)
        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-missing")


class TestWho:
    async def test_anonymous_is_401(self, callers: Callers) -> None:
        assert (await callers.anonymous().get("/v1/deliveries")).status_code == 401

    async def test_another_role_is_403(self, callers: Callers, coop: Caller) -> None:
        buyer = await callers.new(Role.BUYER)
        answer = await buyer.post("/v1/deliveries", await delivery_wish(coop))
        assert answer.json()["permission"] == "deliveries:write"

    async def test_another_organisation_is_404(self, callers: Callers, coop: Caller) -> None:
        made = await new_delivery(coop)
        other = await callers.new(Role.PRODUCER_ORGANIZATION)
        before = await callers.entries_of(other)
        assert (await other.get(f"/v1/deliveries/{made['id']}")).status_code == 404
        centre = f"/v1/collection-centres/{made['collection_centre_id']}"
        assert (await other.get(centre)).status_code == 404
        assert (await other.post("/v1/deliveries", await delivery_wish(coop))).status_code == 404
        assert await callers.entries_of(other) == before

    async def test_the_buying_organisation_lists_its_own(self, coop: Caller) -> None:
        made = await new_delivery(coop)
        path = f"/v1/deliveries?producer_id={made['producer_id']}&unused=true&form=wet"
        assert [d["id"] for d in (await coop.get(path)).json()["items"]] == [made["id"]]
        assert (await coop.get(f"/v1/deliveries/{made['id']}")).json() == made
        centres = (await coop.get("/v1/collection-centres?ubigeo=221004")).json()["items"]
        assert made["collection_centre_id"] in [c["id"] for c in centres]
