"""Chapter three: what the plan is worth, who guarantees the market, and the credit it carries."""

from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any, Final

from api.core.clock import today
from api.demo.sown import credit_product
from api.demo.stage import Document, Story, short, soles

TERM_MONTHS: Final = 12
PLEDGED_KG: Final = "300.000"
FINANCED_SHARE: Final = Decimal("0.8")
CENT: Final = Decimal("0.01")


def appraise_plan(story: Story) -> None:
    """Its money side: is the plan worth it, also when prices fall?"""
    wish = {
        "farm_plan_id": story.plan["id"],
        "discount_rate": "0.120000",
        "profile": {
            "price_per_kg": {"amount": "16.50", "currency": "PEN"},
            "harvest_cost_per_kg": {"amount": "2.00", "currency": "PEN"},
            "harvests": [{"month": 6, "share": "0.7"}, {"month": 11, "share": "0.3"}],
            "yield_without_kg_per_ha": "420.000",
            "cost_without_per_ha": {"amount": "900.00", "currency": "PEN"},
        },
    }
    plan = story.agronomists.post("/v1/investment-plans", wish)
    worst = plan["scenarios"][-1]
    story.say(
        f"VAN {soles(plan['van'])}, payback {plan['payback_months']} months;"
        f" under {worst['scenario']}: VAN S/ {worst['van']}"
    )


def publish_product(story: Story) -> None:
    """The caja publishes a product that is repaid with the harvest"""
    product = story.caja.post("/v1/credit-products", credit_product(f"Campaña {story.mark}"))
    story.product = story.caja.post(f"/v1/credit-products/{product['id']}/publish")
    story.say(f"product {short(product)}: TEA {Decimal(product['tea']):.2%}, {TERM_MONTHS} months")


def commit_to_buy(story: Story) -> None:
    """The buyer commits to take the cluster's cocoa; the cooperative signs"""
    wish = {
        "cluster_id": story.cluster["id"],
        "kg_dry": "5000.000",
        "quality": "Grado 1, humedad máxima 7.5 %",
        "price_kind": "fixed",
        "price": {"amount": "16.50", "currency": "PEN"},
        "premium": {"amount": "0.80", "currency": "PEN"},
        "window_from": str(today()),
        "window_until": str(today() + timedelta(days=300)),
        "reference_policy": "eu_2020",
    }
    proposed = story.buyer.post("/v1/purchase-commitments", wish)
    path = f"/v1/purchase-commitments/{proposed['id']}/sign"
    story.commitment = story.cooperative.post(path)
    story.say(f"commitment {short(proposed)} {story.commitment['state']}: {proposed['kg_dry']} kg")


def ask_too_early(story: Story) -> None:
    """A caja asks whether the borrower is ready: not yet, and it learns what closes each gap"""
    report = _report(story, {})
    gates = [each for each in report["criteria"] if each["kind"] == "gate" and not each["met"]]
    for gate in gates:
        closes = gate["closes_with"]
        offered = (
            f" ({closes['category']}: {len(closes['items'])} offers)" if closes["items"] else ""
        )
        story.say(f"{gate['code']}: {closes['en']}{offered}")


def ask_readiness(story: Story) -> None:
    """The caja asks again, against its product"""
    story.report = _report(story, {"credit_product_id": story.product["id"]})
    missed = [each["code"] for each in story.report["criteria"] if not each["met"]]
    story.say(f"not met: {', '.join(missed)}" if missed else "every criterion met")


def _report(story: Story, against: Document) -> Document:
    wish = {"producer_id": story.borrower["id"], **against}
    report: Document = story.caja.post("/v1/readiness-reports", wish)
    story.say(
        f"{report['verdict']}: {report['points']} of {report['points_possible']} points,"
        f" {len(report['criteria'])} criteria (model {report['model_version']})"
    )
    return report


def apply(story: Story) -> None:
    """The cooperative applies for credit, for lines of the plan"""
    wish = {
        "credit_product_id": story.product["id"],
        "producer_id": story.borrower["id"],
        "readiness_report_id": story.report["id"],
        "purchase_commitment_id": story.commitment["id"],
        "pledged_kg": PLEDGED_KG,
        "term_months": TERM_MONTHS,
        "lines": [
            {"farm_plan_line_id": line["id"], "amount": _financed(line["estimated_cost"])}
            for line in story.plan["lines"]
        ],
    }
    drafted = story.cooperative.post("/v1/credit-applications", wish)
    path = f"/v1/credit-applications/{drafted['id']}/submit"
    story.application = story.cooperative.post(path)
    story.say(
        f"application {short(drafted)} {story.application['state']}:"
        f" {soles(story.application['amount'])}, {PLEDGED_KG} kg pledged"
    )


def _financed(cost: Document) -> Document:
    share = (Decimal(cost["amount"]) * FINANCED_SHARE).quantize(CENT, ROUND_DOWN)
    return {"amount": f"{share}", "currency": cost["currency"]}


def decide(story: Story) -> None:
    """The caja offers, with the exact schedule; the cooperative accepts; it becomes a loan"""
    path = f"/v1/credit-applications/{story.application['id']}"
    offer = {
        "disbursed_on": str(today()),
        "dates": [str(day) for day in _harvest_days(today())],
        "shares": ["0.3", "0.7"],
        "expires_on": str(today() + timedelta(days=15)),
    }
    offered = story.caja.post(f"{path}/offer", offer)["offer"]
    story.application = story.cooperative.post(f"{path}/accept")
    story.loan = story.cooperative.get(f"/v1/loans/{story.application['loan_id']}")
    story.say(
        f"offer of S/ {offered['amount']}, TCEA {Decimal(offered['tcea']):.2%},"
        f" to pay in all S/ {offered['totals']['total']}; loan {short(story.loan)}"
    )


def _harvest_days(start: date) -> tuple[date, date]:
    """Two due dates within a year, half a year apart."""
    return start + timedelta(days=180), start + timedelta(days=350)


def pay_in_kind(story: Story) -> None:
    """The loan pays the supplier, never the pocket; the rest is the cooperative's"""
    parts = story.application["lines"]
    line = next(each for each in parts if _of(story, each)["category"] == "fertilizer")
    wish = {"amount": line["amount"], "order_id": story.order["id"]}
    story.loan = story.caja.post(f"/v1/loans/{story.loan['id']}/disbursements", wish)
    rest = Decimal(story.order["total"]["amount"]) - Decimal(line["amount"]["amount"])
    payment: dict[str, Any] = {
        "source": "transfer",
        "amount": f"{rest:.2f}",
        "paid_on": str(today()),
        "reference": f"OP-{story.mark}",
    }
    story.order = story.cooperative.post(f"/v1/orders/{story.order['id']}/payments", payment)
    story.say(
        f"{soles(line['amount'])} from loan {short(story.loan)}, S/ {rest:.2f} by transfer;"
        f" order paid: {soles(story.order['paid_amount'])}"
    )


def pay_work(story: Story) -> None:
    """The line for work is paid to the borrower"""
    line = next(each for each in story.application["lines"] if _of(story, each)["kind"] == "labour")
    wish = {
        "amount": line["amount"],
        "channel": "transfer",
        "farm_plan_line_id": line["farm_plan_line_id"],
    }
    story.loan = story.caja.post(f"/v1/loans/{story.loan['id']}/disbursements", wish)
    story.say(f"{soles(line['amount'])} paid out; loan {story.loan['state']}")


def _of(story: Story, part: Document) -> Document:
    """The plan's line that a line of the application is for."""
    return next(each for each in story.plan["lines"] if each["id"] == part["farm_plan_line_id"])
