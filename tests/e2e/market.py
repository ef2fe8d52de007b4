"""A market of a test's own on a running server: fresh organisations, ample stock, an ample plan."""

import itertools
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from rich.console import Console

from api.demo import farming, trade
from api.demo.caller import Caller
from api.demo.credentials import Credential
from api.demo.people import TOCACHE
from api.demo.stage import Story
from api.policies import Role
from tests.callers import new_ruc
from tests.e2e.server import Mazorca

AMPLE_PACKS = 100_000
PACK_KG = 50
_markets = itertools.count(1)


@dataclass
class Market:
    """A cooperative that may order an item again and again for the same line of a plan."""

    cooperative: Caller
    supplier: Caller
    item_id: str
    line_id: str

    @property
    def token(self) -> str:
        """The cooperative's access token; it survives a restart."""
        return self.cooperative.token

    @property
    def order(self) -> dict[str, Any]:
        """The body of an order of one pack."""
        line = {"item_id": self.item_id, "quantity": "1", "farm_plan_line_id": self.line_id}
        return {
            "supplier_id": str(self.supplier.organization_id),
            "delivery_ubigeo": TOCACHE,
            "lines": [line],
        }


def new_party(http: httpx.Client, operator: Caller, role: Role) -> Caller:
    """A new organisation that the operator verified, not signed in yet."""
    name = f"Organisation {role}"
    wish = {"legal_name": name, "ruc": new_ruc(), "roles": [role.value]}
    made = http.post("/v1/organizations", json=wish).raise_for_status().json()
    organization_id = UUID(made["organization"]["id"])
    operator.post(f"/v1/organizations/{organization_id}/verify")
    secret = made["credentials"]
    return Caller(
        http,
        Credential(organization_id, name, UUID(secret["client_id"]), secret["client_secret"]),
    )


def open_market(server: Mazorca, http: httpx.Client, packs: int = AMPLE_PACKS) -> Market:
    """Producers, a plot, consents, an accepted plan, a published item in stock: all new."""
    operator = Caller(http, server.credentials()[Role.OPERATOR])
    operator.sign_in()
    roles = (Role.PRODUCER_ORGANIZATION, Role.INPUT_SUPPLIER, Role.TA_PROVIDER)
    callers = {role.value: new_party(http, operator, role) for role in roles}
    story = Story(callers, Console(quiet=True), f"E2E{next(_markets)}")
    farming.sign_in(story)
    farming.register_producers(story)
    farming.form_cluster(story)
    farming.survey_plots(story)
    farming.give_consents(story)
    farming.visit_farms(story)
    trade.publish_catalogue(story)
    trade.find_offer(story)
    item_id = story.offer["item_id"]
    story.supplier.post(f"/v1/catalogue-items/{item_id}/stock", {"available": str(packs)})
    return Market(story.cooperative, story.supplier, item_id, _ample_line(story))


def _ample_line(story: Story) -> str:
    plan = farming.farm_plan(story)
    plan["lines"] = plan["lines"][:1]
    plan["lines"][0]["quantity"] = str(AMPLE_PACKS * PACK_KG)
    drafted = story.agronomists.post("/v1/farm-plans", plan)
    path = f"/v1/farm-plans/{drafted['id']}"
    for act in ("submit", "approve"):
        story.agronomists.post(f"{path}/{act}")
    accepted = story.cooperative.post(f"{path}/accept")
    return str(accepted["lines"][0]["id"])
