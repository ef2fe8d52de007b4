"""Demand pools, made over HTTP."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from api.core.clock import now
from tests.callers import Caller
from tests.factories.catalogues import new_catalogue
from tests.factories.clusters import new_cluster
from tests.factories.farm_plans import accepted_plan, fertilizer_line
from tests.factories.plots import new_plot
from tests.factories.producers import new_producer

TIERS = [{"min_quantity": "10", "price": "110.00"}, {"min_quantity": "20", "price": "99.99"}]


@dataclass
class Together:
    """A cluster whose members have plans that need 600 kg each, and an item in bags of 50 kg."""

    coop: Caller
    supplier: Caller
    cluster: dict[str, Any]
    producers: list[dict[str, Any]]
    lines: list[dict[str, Any]]
    catalogue: dict[str, Any]

    @property
    def item(self) -> dict[str, Any]:
        """What is bought."""
        found: dict[str, Any] = self.catalogue["items"][0]
        return found

    def pool_wish(self, **changes: Any) -> dict[str, Any]:
        """From 10 to 40 bags, for a week."""
        return {
            "cluster_id": self.cluster["id"],
            "item_id": self.item["id"],
            "delivery_ubigeo": "220601",
            "minimum": "10",
            "maximum": "40",
            "closes_at": (now() + timedelta(days=7)).isoformat(),
            **changes,
        }

    def pledge_wish(self, number: int, quantity: str, **changes: Any) -> dict[str, Any]:
        """Of one member, for the line of the member's plan."""
        return {
            "producer_id": self.producers[number]["id"],
            "farm_plan_line_id": self.lines[number]["id"],
            "quantity": quantity,
            **changes,
        }

    async def pool(self, *quantities: str, **changes: Any) -> dict[str, Any]:
        """An open pool, with a pledge for each of the first members."""
        pool = await self.coop.make("/v1/demand-pools", self.pool_wish(**changes))
        path = f"/v1/demand-pools/{pool['id']}"
        for number, quantity in enumerate(quantities):
            await self.coop.make(f"{path}/pledges", self.pledge_wish(number, quantity))
        found: dict[str, Any] = (await self.coop.get(path)).json()
        return found

    async def pledges(self, pool: dict[str, Any]) -> list[dict[str, Any]]:
        """All pledges of a pool."""
        path = f"/v1/demand-pools/{pool['id']}/pledges?limit=100"
        found: list[dict[str, Any]] = (await self.coop.get(path)).json()["items"]
        return found


async def together(coop: Caller, supplier: Caller, members: int = 3, **item: Any) -> Together:
    """A cluster that can buy together. ``coop`` also assists its producers."""
    producers, lines = [], []
    for _ in range(members):
        producer = await new_producer(coop)
        plot = await new_plot(coop, producer["id"])
        plan = await accepted_plan(coop, coop, producer, [plot], [fertilizer_line()])
        producers.append(producer)
        lines.append({**plan["lines"][0], "farm_plan_id": plan["id"]})
    cluster = await new_cluster(coop, [producer["id"] for producer in producers])
    catalogue = await new_catalogue(supplier, [{"available": "100", "price_tiers": TIERS, **item}])
    return Together(coop, supplier, cluster, producers, lines, catalogue)
