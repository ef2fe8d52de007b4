"""Everything that a readiness report is judged from, made over HTTP, relative to today."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from api.core.clock import today
from api.domains.credit_products.schedule_kinds import add_months
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.clusters import new_cluster
from tests.factories.consents import new_consent
from tests.factories.credit_products import published_product
from tests.factories.farm_plans import accepted_plan, fertilizer_line, labour_line
from tests.factories.investment_plans import investment_plan, profile
from tests.factories.plots import new_plot, square
from tests.factories.producers import new_producer
from tests.factories.purchase_commitments import signed_commitment

REPORTS = "/v1/readiness-reports"


@dataclass
class Value:
    """A small value chain: who sells to whom, who assists, who lends."""

    coop: Caller
    ta: Caller
    caja: Caller
    buyer: Caller

    async def producer(self, *, consents: bool = True, **changes: Any) -> dict[str, Any]:
        """A producer who lets the provider serve and, unless told otherwise, the caja judge."""
        producer = await new_producer(self.coop, **changes)
        await new_consent(self.coop, producer["id"], "service_delivery", self.ta)
        if consents:
            await new_consent(self.coop, producer["id"], "credit_readiness", self.caja)
        return producer

    async def planned(self, producer: dict[str, Any], side: float = 0.0016) -> dict[str, Any]:
        """A farm plan in force from this month on for three years, with its investment plan."""
        plot = await new_plot(self.coop, producer["id"], geometry=square(side=side))
        start = today().replace(day=1)
        end = add_months(start, 35, 28)
        lines = [
            fertilizer_line(month=start.isoformat()),
            labour_line(month=start.isoformat()),
        ]
        plan = await accepted_plan(
            self.coop,
            self.ta,
            producer,
            [plot],
            lines,
            starts_on=start.isoformat(),
            ends_on=end.isoformat(),
            expected_yields=[
                {"year": year, "kg_per_ha": "700.000"} for year in range(start.year, end.year + 1)
            ],
        )
        harvests = [{"month": month.month, "share": "0.5"} for month in self.harvests()]
        await investment_plan(self.ta, plan, profile=profile(harvests=harvests))
        return plan

    def harvests(self) -> list[date]:
        """Two months of the coming year."""
        first = today().replace(day=1)
        return [add_months(first, 3, 1), add_months(first, 8, 1)]

    async def market(self, *producers: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """A cluster of these producers whose coming harvest a buyer has promised to take."""
        joined = (today() - timedelta(days=30)).isoformat()
        ids = [producer["id"] for producer in producers]
        cluster = await new_cluster(self.coop, ids, joined_on=joined)
        await signed_commitment(self.buyer, self.coop, cluster, **changes)
        return cluster

    async def report(self, **wish: Any) -> dict[str, Any]:
        """What the caja is told."""
        return await self.caja.make(REPORTS, wish)


async def value_chain(callers: Callers) -> Value:
    """New organisations."""
    return Value(
        coop=await callers.new(Role.PRODUCER_ORGANIZATION),
        ta=await callers.new(Role.TA_PROVIDER),
        caja=await callers.new(Role.CREDIT_INSTITUTION),
        buyer=await callers.new(Role.BUYER),
    )


async def ready_producer(value: Value) -> dict[str, Any]:
    """A producer who meets every gate of the caja's harvest loan."""
    producer = await value.producer()
    await value.planned(producer)
    await value.market(producer)
    return producer


async def readiness_report(
    value: Value, producer: dict[str, Any], **product: Any
) -> dict[str, Any]:
    """A report about a producer against a new product of the caja."""
    found = await published_product(value.caja, **product)
    return await value.report(producer_id=producer["id"], credit_product_id=found["id"])
