"""Loans, made over HTTP."""

from typing import Any

from tests.callers import Callers
from tests.factories.credit_applications import Credit, accepted_application, new_credit, pen

LOANS = "/v1/loans"


def of(loan: dict[str, Any], action: str = "") -> str:
    """The address of a loan, or of an action on it."""
    return f"{LOANS}/{loan['id']}{action}"


async def approved_loan(
    credit: Credit, offer: dict[str, Any] | None = None, **changes: Any
) -> dict[str, Any]:
    """A loan of S/ 1,800 that nothing was paid out of; ``changes`` are the application's."""
    application = await accepted_application(credit, offer, **changes)
    found: dict[str, Any] = (await credit.caja.get(f"{LOANS}/{application['loan_id']}")).json()
    return found


async def paid_in_money(credit: Credit, loan: dict[str, Any], amount: str = "900.00") -> Any:
    """The loan after its labour line was paid in cash."""
    wish = {"amount": pen(amount), "channel": "cash", "farm_plan_line_id": credit.labour}
    return await credit.caja.make(of(loan, "/disbursements"), wish)


async def paid_in_kind(credit: Credit, loan: dict[str, Any], amount: str = "900.00") -> Any:
    """The loan after an order for its fertilizer line was paid."""
    order = await credit.order(credit.fertilizer)
    wish = {"amount": pen(amount), "order_id": order["id"]}
    return await credit.caja.make(of(loan, "/disbursements"), wish)


async def active_loan(
    callers: Callers, credit: Credit | None = None, offer: dict[str, Any] | None = None
) -> dict[str, Any]:
    """A loan of S/ 1,800 of ``credit.producer``, paid out today: half in kind, half in cash.

    Without ``credit`` everything that it stands on is made; make one with ``new_credit`` to know
    the producer and the cooperative, which may be given there.
    """
    credit = credit or await new_credit(callers)
    loan = await approved_loan(credit, offer)
    await paid_in_kind(credit, loan)
    found: dict[str, Any] = await paid_in_money(credit, loan)
    return found


def repayment(amount: str, paid_on: str, **changes: Any) -> dict[str, Any]:
    """A transfer of an amount on a day."""
    return {"amount": pen(amount), "channel": "transfer", "paid_on": paid_on, **changes}
