"""Credit applications, made over HTTP, and everything that one stands on."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from api.core.clock import today
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.catalogues import new_catalogue
from tests.factories.consents import new_consent
from tests.factories.credit_products import published_product
from tests.factories.farm_plans import accepted_plan, fertilizer_line, labour_line
from tests.factories.orders import new_order, order_line
from tests.factories.plots import new_plot, point
from tests.factories.producers import new_producer

APPLICATIONS = "/v1/credit-applications"


def pen(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "PEN"}


@dataclass
class Credit:
    """Who takes part, a producer with a plan in force, and a product of the caja.

    The plan: fertilizer for S/ 1,140 and labour for S/ 1,200, of which the product finances 80 %.
    """

    callers: Callers
    coop: Caller
    ta: Caller
    caja: Caller
    supplier: Caller
    product: dict[str, Any]
    producer: dict[str, Any]
    plan: dict[str, Any]

    @property
    def fertilizer(self) -> str:
        """The plan line that an order serves."""
        return str(self.plan["lines"][0]["id"])

    @property
    def labour(self) -> str:
        """The plan line that is paid in money."""
        return str(self.plan["lines"][1]["id"])

    async def join(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Another producer who consents to the caja, with a plan in force."""
        producer, plan = await farmer(self.coop, self.ta)
        await new_consent(self.coop, producer["id"], "credit_readiness", self.caja)
        return producer, plan

    async def lines_of(self, plan: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """The lines of a plan as they stand now."""
        path = f"/v1/farm-plans/{(plan or self.plan)['id']}"
        found: list[dict[str, Any]] = (await self.coop.get(path)).json()["lines"]
        return found

    async def financed(self, plan: dict[str, Any] | None = None) -> list[str]:
        """What is booked on the lines of a plan."""
        return [line["financed_amount"]["amount"] for line in await self.lines_of(plan)]

    async def order(self, *plan_lines: str, quantity: str = "10", accepted: bool = True) -> Any:
        """An order of 50 kg bags at S/ 95.00 for these plan lines, ten for each unless told."""
        items = [{"price": "95.00"} for _ in plan_lines]
        catalogue = await new_catalogue(self.supplier, items)
        lines = [
            order_line(item, farm_plan_line_id=line, quantity=quantity)
            for item, line in zip(catalogue["items"], plan_lines, strict=True)
        ]
        supplier = self.supplier if accepted else None
        return await new_order(self.coop, catalogue, lines, accepted_by=supplier)


async def farmer(coop: Caller, ta: Caller, **plan: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A producer of 2.5 ha with a plan in force."""
    producer = await new_producer(coop)
    plot = await new_plot(coop, producer["id"], geometry=point(), declared_area_ha="2.5000")
    await new_consent(coop, producer["id"], "service_delivery", ta)
    lines = plan.pop("lines", [fertilizer_line(), labour_line()])
    return producer, await accepted_plan(coop, ta, producer, [plot], lines, **plan)


async def new_credit(callers: Callers, coop: Caller | None = None, **product: Any) -> Credit:
    """Everything that an application stands on; ``product`` changes the product's terms."""
    coop = coop or await callers.new(Role.PRODUCER_ORGANIZATION)
    ta = await callers.new(Role.TA_PROVIDER)
    caja = await callers.new(Role.CREDIT_INSTITUTION)
    supplier = await callers.new(Role.INPUT_SUPPLIER)
    producer, plan = await farmer(coop, ta)
    await new_consent(coop, producer["id"], "credit_readiness", caja)
    terms = {"requires_commitment": False, **product}
    made = await published_product(caja, **terms)
    return Credit(callers, coop, ta, caja, supplier, made, producer, plan)


def application_wish(credit: Credit, **changes: Any) -> dict[str, Any]:
    """S/ 900 of the fertilizer and S/ 900 of the labour, for a year."""
    subject = {} if "cluster_id" in changes else {"producer_id": credit.producer["id"]}
    return {
        "credit_product_id": credit.product["id"],
        "term_months": 12,
        "lines": [
            {"farm_plan_line_id": credit.fertilizer, "amount": pen("900.00")},
            {"farm_plan_line_id": credit.labour, "amount": pen("900.00")},
        ],
        **subject,
        **changes,
    }


def offer_wish(**changes: Any) -> dict[str, Any]:
    """Two harvests, 180 and 350 days from now, after a disbursement today."""
    day = today()
    return {
        "disbursed_on": str(day),
        "dates": [str(day + timedelta(days=180)), str(day + timedelta(days=350))],
        "shares": ["0.7", "0.3"],
        "expires_on": str(day + timedelta(days=15)),
        **changes,
    }


def decline_wish(**changes: Any) -> dict[str, Any]:
    """One reason in writing."""
    sentence = "El flujo proyectado no cubre la segunda cuota."
    return {"reasons": [{"code": "repayment_capacity", "sentence": sentence}], **changes}


def at(application: dict[str, Any], action: str = "") -> str:
    """The address of an application, or of an action on it."""
    return f"{APPLICATIONS}/{application['id']}{action}"


async def drafted_application(credit: Credit, **changes: Any) -> dict[str, Any]:
    """A draft that the caja does not see."""
    return await credit.coop.make(APPLICATIONS, application_wish(credit, **changes))


async def submitted_application(credit: Credit, **changes: Any) -> dict[str, Any]:
    """Handed to the caja: plan lines are booked."""
    drafted = await drafted_application(credit, **changes)
    return await credit.coop.make(at(drafted, "/submit"))


async def offered_application(
    credit: Credit, offer: dict[str, Any] | None = None, **changes: Any
) -> dict[str, Any]:
    """With an offer of the caja; ``offer`` changes ``offer_wish``."""
    submitted = await submitted_application(credit, **changes)
    return await credit.caja.make(at(submitted, "/offer"), offer_wish(**(offer or {})))


async def accepted_application(
    credit: Credit, offer: dict[str, Any] | None = None, **changes: Any
) -> dict[str, Any]:
    """With an approved loan (``loan_id``) that nothing was paid out of yet."""
    offered = await offered_application(credit, offer, **changes)
    return await credit.coop.make(at(offered, "/accept"))
