"""What may be applied for. Pure: product, subject and plan lines come in, reasons go out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from uuid import UUID

from api.core.money import CENT, quantize
from api.core.problems import FieldError
from api.domains.credit_applications.texts import fault
from api.domains.credit_products.rules import covers
from api.domains.credit_products.vocabulary import Borrower

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Product:
    """What a credit product asks of an application; amounts in ``currency``."""

    currency: str
    borrower: Borrower
    amount_min: Decimal
    amount_max: Decimal
    term_months_min: int
    term_months_max: int
    purposes: Collection[str]
    financed_share: Decimal
    requires_commitment: bool
    coverage: Collection[str]


@dataclass(frozen=True, slots=True)
class Subject:
    """Who borrows: one producer, or a cluster with its members of today."""

    borrower: Borrower
    ubigeo: str
    producer_ids: Collection[UUID]


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan line as it stands: ``purpose`` is its category, or ``labour``."""

    producer_id: UUID
    accepted: bool
    purpose: str
    currency: str
    estimated_cost: Decimal
    financed_amount: Decimal

    @property
    def left(self) -> Decimal:
        """What nobody finances yet."""
        return self.estimated_cost - self.financed_amount

    def left_under(self, share: Decimal) -> Decimal:
        """What may still be financed where credit bears no more than a share of the cost."""
        most = quantize(self.estimated_cost * share, CENT, ROUND_DOWN)
        return max(most - self.financed_amount, ZERO)


@dataclass(frozen=True, slots=True)
class Part:
    """How much of a plan line the credit shall pay."""

    line_id: UUID
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Application:
    """What is asked: a term, parts of plan lines, and whether kilos are pledged for it."""

    term_months: int
    parts: Sequence[Part]
    pledges: bool

    @property
    def amounts(self) -> dict[UUID, Decimal]:
        """The parts, by plan line."""
        return {part.line_id: part.amount for part in self.parts}

    @property
    def amount(self) -> Decimal:
        """The sum of the parts."""
        return sum((part.amount for part in self.parts), start=ZERO)


@dataclass(frozen=True, slots=True)
class Guarantee:
    """Whose commitment is pledged, and about whom the readiness report is: the institution that
    asked, the producer, the cluster. None where there is none.
    """

    cluster_id: UUID | None = None
    members: Collection[UUID] = ()
    report: tuple[UUID, UUID | None, UUID | None] | None = None


def reasons_malformed(
    *, subjects: int, commitment: bool, pledged: Decimal, line_ids: Sequence[UUID]
) -> list[FieldError]:
    """Why a request contradicts itself."""
    found = [] if subjects == 1 else [fault("/producer_id", "one-subject")]
    if commitment != bool(pledged):
        found.append(fault("/pledged_kg", "pledge-incomplete"))
    seen: set[UUID] = set()
    for number, line_id in enumerate(line_ids):
        if line_id in seen:
            found.append(fault(f"/lines/{number}/farm_plan_line_id", "line-repeated"))
        seen.add(line_id)
    return found


def reasons_not_eligible(
    product: Product, subject: Subject, wish: Application, lines: Mapping[UUID, PlanLine]
) -> list[FieldError]:
    """Why the product does not take the application; empty where it does."""
    return [
        *_terms(product, subject, wish),
        *(
            reason
            for number, part in enumerate(wish.parts)
            for reason in _line(f"/lines/{number}", product, subject, part, lines[part.line_id])
        ),
    ]


def reasons_against_guarantee(
    found: Guarantee, lender_id: UUID, producer_id: UUID | None, cluster_id: UUID | None
) -> list[FieldError]:
    """Why commitment or report are not about this applicant."""
    reasons = []
    strange = found.cluster_id not in (None, cluster_id) and producer_id not in found.members
    if strange:
        reasons.append(fault("/purchase_commitment_id", "commitment-of-another-cluster"))
    if found.report not in (None, (lender_id, producer_id, cluster_id)):
        reasons.append(fault("/readiness_report_id", "report-does-not-fit"))
    return reasons


def _terms(product: Product, subject: Subject, wish: Application) -> Iterable[FieldError]:
    if subject.borrower is not product.borrower:
        yield fault("/credit_product_id", "borrower-not-served")
    if not covers(product.coverage, subject.ubigeo):
        yield fault("/credit_product_id", "district-not-served")
    if not product.term_months_min <= wish.term_months <= product.term_months_max:
        yield fault("/term_months", "term-not-offered")
    if not product.amount_min <= wish.amount <= product.amount_max:
        yield fault("/lines", "amount-not-offered")
    if product.requires_commitment and not wish.pledges:
        yield fault("/purchase_commitment_id", "commitment-required")


def _line(
    place: str, product: Product, subject: Subject, part: Part, line: PlanLine
) -> Iterable[FieldError]:
    if line.producer_id not in subject.producer_ids:
        yield fault(f"{place}/farm_plan_line_id", "not-of-the-applicant")
    if not line.accepted:
        yield fault(f"{place}/farm_plan_line_id", "plan-not-accepted")
    if line.purpose not in product.purposes:
        yield fault(f"{place}/farm_plan_line_id", "purpose-not-financed")
    if not product.currency == line.currency == part.currency:
        yield fault(f"{place}/amount/currency", "currencies-differ")
    elif part.amount > line.left:
        yield fault(f"{place}/amount", "line-exhausted", left=f"{line.left:.2f}")
    elif part.amount > line.left_under(product.financed_share):
        left = line.left_under(product.financed_share)
        yield fault(f"{place}/amount", "share-exceeded", left=f"{left:.2f}")
