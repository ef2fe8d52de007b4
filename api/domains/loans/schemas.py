"""Wire shapes."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from api.core.wire import (
    Amount,
    Code,
    Count,
    Currency,
    Day,
    PageParameters,
    PositiveMoney,
    Rate,
    Resource,
    Shape,
)
from api.domains.credit_products.schemas import InstalmentOut
from api.domains.credit_products.terms import MAX_INSTALMENTS
from api.domains.loans.arrears import SbsClass
from api.domains.loans.remaining import EarlyRepaymentMode
from api.domains.loans.states import LoanState
from api.domains.loans.vocabulary import LoanChannel, LoanMovementKind

_ORDER = "01890a5d-ac96-774b-bcce-b302099a8057"
_TODAY = "Else today; never to come"

AsOf = Annotated[
    Day | None,
    Field(description="Else today; a day to come supposes that nothing moves until then"),
]


class DisbursementIn(Shape):
    """Money paid out: to a supplier for an order (`order_id`), or by `channel` for a labour line
    (`farm_plan_line_id`).
    """

    amount: PositiveMoney = Field(examples=[{"amount": "1140.00", "currency": "PEN"}])
    order_id: UUID | None = Field(
        default=None, description="In kind: the order that is paid", examples=[_ORDER]
    )
    channel: Literal["cash", "transfer"] | None = Field(default=None, examples=[None])
    farm_plan_line_id: UUID | None = Field(
        default=None, description="The labour line that is paid", examples=[None]
    )
    disbursed_on: Day | None = Field(default=None, description=_TODAY, examples=[None])
    external_reference: Code | None = Field(
        default=None,
        description="The loan's number in the institution's core system",
        examples=["CR-2026-00871"],
    )


class RepaymentIn(Shape):
    """Money that the borrower paid. What is more than due waits for the next due dates (adelanto
    de cuotas); with `early` it reduces principal at once (pago anticipado), as the borrower
    chooses: a lower instalment, or a shorter term.
    """

    amount: PositiveMoney = Field(examples=[{"amount": "650.00", "currency": "PEN"}])
    channel: Literal["cash", "transfer"] = Field(examples=["transfer"])
    paid_on: Day = Field(description="Never to come", examples=["2026-11-20"])
    early: EarlyRepaymentMode | None = Field(default=None, examples=[None])


class PartsOut(Shape):
    """What repayments paid; `advance` waits for due dates to come."""

    charges: Amount
    interest: Amount
    principal: Amount
    advance: Amount


class DueOut(Shape):
    """What is due and not paid."""

    charges: Amount
    interest: Amount
    principal: Amount
    total: Amount


class NextDueOut(Shape):
    """The next due date, and what must still be paid for it."""

    on: Day
    amount: Amount


class MovementOut(Shape):
    """Money out or back. A repayment says what it has paid by `as_of`."""

    id: UUID
    kind: LoanMovementKind
    channel: LoanChannel
    amount: Amount
    happened_on: Day
    order_id: UUID | None
    delivery_id: UUID | None
    farm_plan_line_id: UUID | None
    allocation: PartsOut | None


class LoanOut(Resource):
    """A loan and where it stands at the end of `as_of`; every amount in `currency`."""

    organization_id: Annotated[UUID, Field(description="The lender")]
    borrower_organization_id: UUID
    credit_application_id: UUID
    credit_product_id: UUID
    producer_id: UUID | None
    cluster_id: UUID | None
    external_reference: Code | None
    state: Annotated[LoanState, Field(description="Today")]
    currency: Currency
    principal: Annotated[Amount, Field(description="The most that is paid out")]
    tea: Rate
    tcea: Annotated[Rate | None, Field(description="As agreed")]
    as_of: Day
    disbursed: Amount
    repaid: Amount
    paid: PartsOut
    due: DueOut
    outstanding_principal: Amount
    accrued_interest: Annotated[Amount, Field(description="Of the running period, not due yet")]
    payoff: Annotated[Amount, Field(description="What ends the loan on that day")]
    next_due: NextDueOut | None
    days_in_arrears: Count
    sbs_class: Annotated[SbsClass | None, Field(description="By arrears alone; null before 2008")]


class LoanDetailOut(LoanOut):
    """A loan with the schedule in force and what moved up to `as_of`."""

    schedule: Annotated[list[InstalmentOut], Field(max_length=MAX_INSTALMENTS)]
    movements: Annotated[list[MovementOut], Field(max_length=10_000)]


class LoanSearch(PageParameters):
    """Filters of the list."""

    as_of: AsOf = None
    state: Annotated[LoanState | None, Field(description="In this state today")] = None
    producer_id: Annotated[UUID | None, Field(description="Of this producer")] = None
    cluster_id: Annotated[UUID | None, Field(description="Of this cluster")] = None
    credit_application_id: Annotated[UUID | None, Field(description="Of this application")] = None
    organization_id: Annotated[UUID | None, Field(description="Of this lender")] = None

    def filters(self) -> dict[str, Any]:
        """The filters that the caller set; the day changes no row's place in the list."""
        found = super().filters()
        found.pop("as_of", None)
        return found
