"""Wire shapes."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from api.core.irr import NoRate
from api.core.wire import (
    Amount,
    Day,
    Instant,
    Kilos,
    Money,
    PageParameters,
    PositiveMoney,
    Rate,
    Resource,
    Sentence,
    Shape,
    Share,
    whole,
)
from api.domains.credit_applications.offers import Offered
from api.domains.credit_applications.rules import Application, Part
from api.domains.credit_applications.states import CreditApplicationState
from api.domains.credit_applications.vocabulary import DeclineReason
from api.domains.credit_products.schemas import InstalmentOut, LoanMonths, TotalsOut
from api.domains.credit_products.terms import MAX_INSTALMENTS

_ID = "01890a5d-ac96-774b-bcce-b302099a8057"
Instalments = Annotated[int, *whole(1, MAX_INSTALMENTS)]


class ApplicationLineIn(Shape):
    """How much of a plan line the credit shall pay."""

    farm_plan_line_id: UUID = Field(examples=[_ID])
    amount: PositiveMoney = Field(examples=[{"amount": "900.00", "currency": "PEN"}])


class CreditApplicationIn(Shape):
    """An application under a published product, for one producer or one cluster. Its amount is the
    sum of its lines.
    """

    credit_product_id: UUID = Field(examples=[_ID])
    producer_id: UUID | None = Field(default=None, examples=[_ID])
    cluster_id: UUID | None = Field(default=None, examples=[None])
    readiness_report_id: UUID | None = Field(
        default=None, description="Of the product's institution", examples=[None]
    )
    purchase_commitment_id: UUID | None = Field(default=None, examples=[None])
    pledged_kg: Kilos = Field(
        default=Decimal(0),
        description="Dry kilos of the commitment, as guarantee",
        examples=["0.000"],
    )
    term_months: LoanMonths = Field(examples=[12])
    lines: Annotated[list[ApplicationLineIn], Field(min_length=1, max_length=1000)]

    def asked(self) -> Application:
        """The wish without its wire."""
        parts = [
            Part(line.farm_plan_line_id, line.amount.amount, line.amount.currency)
            for line in self.lines
        ]
        return Application(self.term_months, parts, self.purchase_commitment_id is not None)


class OfferIn(Shape):
    """What the institution offers; amount and TEA are those applied for and published unless said.

    Fixed schedules take `instalments`, which divide the term, and if wanted `first_due`; cash-flow
    ones take `dates` and, if wanted, weights of principal (`shares`, one per date).
    """

    amount: PositiveMoney | None = Field(
        default=None, description="No more than was applied for", examples=[None]
    )
    tea: Rate | None = Field(
        default=None, description="No more than is published", examples=["0.340000"]
    )
    disbursed_on: Day = Field(description="As planned", examples=["2026-12-01"])
    instalments: Instalments | None = Field(default=None, examples=[None])
    first_due: Day | None = Field(default=None, examples=[None])
    dates: Annotated[list[Day], Field(max_length=MAX_INSTALMENTS)] = Field(
        default=[], examples=[["2027-06-15", "2027-11-30"]]
    )
    shares: Annotated[list[Share], Field(max_length=MAX_INSTALMENTS)] = Field(
        default=[], examples=[["0.7", "0.3"]]
    )
    expires_on: Day = Field(description="The last day to accept", examples=["2026-12-15"])

    def offered(self, applied: Decimal, published_tea: Decimal) -> Offered:
        """The wish without its wire."""
        return Offered(
            amount=self.amount.amount if self.amount else applied,
            tea=published_tea if self.tea is None else self.tea,
            disbursed_on=self.disbursed_on,
            expires_on=self.expires_on,
            instalments=self.instalments,
            first_due=self.first_due,
            dates=tuple(self.dates),
            shares=tuple(self.shares),
        )


class ReasonIn(Shape):
    """What stood against the application: a code, and a sentence in writing."""

    code: DeclineReason = Field(examples=["repayment_capacity"])
    sentence: Sentence = Field(examples=["El flujo proyectado no cubre la segunda cuota."])


class DeclineIn(Shape):
    """The reasons, in writing (Ley 32294)."""

    reasons: Annotated[list[ReasonIn], Field(min_length=1, max_length=20)]


class ApplicationLineOut(Shape):
    """A line, and how much of it has been paid out."""

    farm_plan_line_id: UUID
    producer_id: UUID
    amount: Money
    disbursed: Money


class ProducerShareOut(Shape):
    """What one producer borrows, and how much of it has been paid out."""

    producer_id: UUID
    amount: Money
    disbursed: Money


class OfferOut(Shape):
    """The offer with its exact schedule; amounts in the application's currency."""

    amount: Amount
    tea: Rate
    tcea: Rate | None
    tcea_absent_because: NoRate | None
    disbursed_on: Day
    upfront: Annotated[Amount, Field(description="Commission taken at disbursement")]
    cost: Annotated[Amount, Field(description="Paid in all, less the amount")]
    totals: TotalsOut
    instalments: Annotated[list[InstalmentOut], Field(max_length=MAX_INSTALMENTS)]


class ReasonOut(Shape):
    """A reason for declining."""

    code: DeclineReason
    sentence: Sentence


class CreditApplicationOut(Resource):
    """An application, as its two parties read it."""

    organization_id: Annotated[UUID, Field(description="Who applies for its producers")]
    lender_id: UUID
    credit_product_id: UUID
    producer_id: UUID | None
    cluster_id: UUID | None
    readiness_report_id: UUID | None
    purchase_commitment_id: UUID | None
    pledged_kg: Kilos
    amount: Money
    term_months: LoanMonths
    state: CreditApplicationState
    submitted_at: Instant | None
    lines: Annotated[list[ApplicationLineOut], Field(max_length=1000)]
    shares: Annotated[list[ProducerShareOut], Field(max_length=1000)]
    offer: OfferOut | None
    offer_expires_on: Day | None
    decline_reasons: Annotated[list[ReasonOut], Field(max_length=20)]
    loan_id: UUID | None


class CreditApplicationSearch(PageParameters):
    """Filters of the list."""

    state: Annotated[CreditApplicationState | None, Field(description="In this state")] = None
    credit_product_id: Annotated[UUID | None, Field(description="Under this product")] = None
    producer_id: Annotated[UUID | None, Field(description="Of this producer")] = None
    cluster_id: Annotated[UUID | None, Field(description="Of this cluster")] = None
    lender_id: Annotated[UUID | None, Field(description="To this institution")] = None
