"""Queries. A loan shows itself to its lender and to the borrower's organisation."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select

from api.core.documents import Query, children, document, instant, text_of
from api.core.paging import Listing
from api.domains.farm_plans import repository as farm_plans
from api.domains.farm_plans.vocabulary import LineKind
from api.domains.loans.book import Book
from api.domains.loans.wire import book_from_wire
from api.models.credit_applications import CreditApplication, CreditApplicationLine
from api.models.deliveries import Delivery
from api.models.farm_plans import FarmPlanLine
from api.models.loans import Loan, LoanMovement
from api.models.orders import Order, OrderLine
from api.transactions import UnitOfWork

_c = Loan.__table__.c  # type: ignore[attr-defined]
_m = LoanMovement.__table__.c  # type: ignore[attr-defined]
_a = CreditApplication.__table__.c  # type: ignore[attr-defined]
_al = CreditApplicationLine.__table__.c  # type: ignore[attr-defined]
_pl = FarmPlanLine.__table__.c  # type: ignore[attr-defined]
_ol = OrderLine.__table__.c  # type: ignore[attr-defined]

SHAPE: Final = document(
    id=_c.id,
    version=_c.version,
    created_at=instant(_c.created_at),
    updated_at=instant(_c.updated_at),
    organization_id=_c.organization_id,
    borrower_organization_id=_c.borrower_organization_id,
    credit_application_id=_c.credit_application_id,
    credit_product_id=select(_a.credit_product_id)
    .where(_a.id == _c.credit_application_id)
    .scalar_subquery(),
    producer_id=_c.producer_id,
    cluster_id=_c.cluster_id,
    external_reference=_c.external_reference,
    state=_c.state,
    currency=_c.currency,
    principal=text_of(_c.principal),
    tea=text_of(_c.tea),
    tcea=text_of(_c.tcea),
    chapters=_c.schedule,
    movements=children(
        document(
            id=_m.id,
            kind=_m.kind,
            channel=_m.channel,
            amount=text_of(_m.amount),
            happened_on=_m.happened_on,
            order_id=_m.order_id,
            delivery_id=_m.delivery_id,
            farm_plan_line_id=_m.farm_plan_line_id,
            chapter=_m.allocation["chapter"],
        ),
        _m.loan_id == _c.id,
        order_by=_m.id,
    ),
)
"""What ``wire.presented`` makes a loan's answer from."""

_parties = or_(
    _c.organization_id == bindparam("actor"), _c.borrower_organization_id == bindparam("actor")
)

LOAN: Final = Query(select(SHAPE, _c.version).where(_c.id == bindparam("loan_id"), _parties))
LOANS: Final = Listing(
    "loans",
    select(SHAPE).where(_parties),
    order=[_c.id],
    descending=True,
    filters={
        "state": _c.state == bindparam("state"),
        "producer_id": _c.producer_id == bindparam("producer_id"),
        "cluster_id": _c.cluster_id == bindparam("cluster_id"),
        "credit_application_id": _c.credit_application_id == bindparam("credit_application_id"),
        "organization_id": _c.organization_id == bindparam("organization_id"),
    },
)


async def party_for_update(uow: UnitOfWork, loan_id: UUID) -> Loan | None:
    """A loan that the actor gave or its producers received, locked."""
    actor = uow.actor.organization_id
    party = or_(_c.organization_id == actor, _c.borrower_organization_id == actor)
    return await _locked(uow, _c.id == loan_id, party)


async def of_application_for_update(uow: UnitOfWork, credit_application_id: UUID) -> Loan | None:
    """The loan that an application became, locked."""
    return await _locked(uow, _c.credit_application_id == credit_application_id)


async def _locked(uow: UnitOfWork, *conditions: Any) -> Loan | None:
    """A loan, locked but for its key: deliveries that name it are inserted before they come here,
    and with a full lock two of them at once would wait for each other.
    """
    statement = (
        select(Loan)
        .where(*conditions)
        .with_for_update(of=Loan, key_share=True)
        .execution_options(populate_existing=True)
    )
    found = await uow.rows(statement)
    return found[0][0] if found else None


async def is_lent(uow: UnitOfWork, credit_application_id: UUID) -> bool:
    """Whether an application became a loan."""
    found = await uow.rows(select(_c.id).where(_c.credit_application_id == credit_application_id))
    return bool(found)


async def book_of(uow: UnitOfWork, loan: Loan) -> Book:
    """The book of a locked loan."""
    rows = await uow.rows(select(LoanMovement).where(_m.loan_id == loan.id).order_by(_m.id))
    return book_from_wire(loan.schedule, [_wire(movement) for (movement,) in rows])


def _wire(movement: LoanMovement) -> dict[str, Any]:
    return {
        "id": str(movement.id),
        "kind": movement.kind,
        "happened_on": movement.happened_on.isoformat(),
        "amount": f"{movement.amount:.2f}",
        "chapter": (movement.allocation or {}).get("chapter"),
    }


async def application_lines(
    uow: UnitOfWork, credit_application_id: UUID
) -> dict[UUID, CreditApplicationLine]:
    """What an application may still pay, by plan line; the loan's lock holds it."""
    rows = await uow.rows(
        select(CreditApplicationLine)
        .where(_al.credit_application_id == credit_application_id)
        .order_by(_al.id)
    )
    return {line.farm_plan_line_id: line for (line,) in rows}


async def is_labour(uow: UnitOfWork, farm_plan_line_id: UUID) -> bool:
    """Whether a plan line is work on the farm."""
    found = await uow.rows(select(_pl.kind).where(_pl.id == farm_plan_line_id))
    return bool(found) and found[0][0] is LineKind.LABOUR


async def order_for_update(
    uow: UnitOfWork, order_id: UUID, organization_id: UUID, plan_lines: Collection[UUID]
) -> Order | None:
    """An order of the borrower's organisation, locked. Plan lines are locked before it, as by all
    who act on orders: the last disbursement frees what it leaves of them.
    """
    await farm_plans.lines_for_update(uow, plan_lines)
    return await uow.locked(Order, order_id, Order.organization_id == organization_id)


async def ordered_by_plan_line(uow: UnitOfWork, order_id: UUID) -> dict[UUID | None, Decimal]:
    """What an order costs by plan line; None for what stands outside the plans."""
    rows = await uow.rows(
        select(_ol.farm_plan_line_id, func.sum(_ol.amount))
        .where(_ol.order_id == order_id)
        .group_by(_ol.farm_plan_line_id)
        .order_by(_ol.farm_plan_line_id)
    )
    return {row[0]: row[1] for row in rows}


async def paid_by_plan_line(uow: UnitOfWork, order_id: UUID) -> dict[UUID, Decimal]:
    """What loans have paid of an order, by plan line."""
    rows = await uow.rows(
        select(_m.farm_plan_line_id, func.sum(_m.amount))
        .where(_m.order_id == order_id)
        .group_by(_m.farm_plan_line_id)
    )
    return {row[0]: row[1] for row in rows}


async def borrowers(uow: UnitOfWork, loan: Loan) -> set[UUID]:
    """The producers whose lines the loan finances."""
    rows = await uow.rows(
        select(_al.producer_id)
        .where(_al.credit_application_id == loan.credit_application_id)
        .distinct()
    )
    return {producer_id for (producer_id,) in rows}


async def delivery_of(uow: UnitOfWork, delivery_id: UUID) -> Delivery | None:
    """The delivery that keeps something back."""
    return await uow.find(Delivery, Delivery.id == delivery_id)
