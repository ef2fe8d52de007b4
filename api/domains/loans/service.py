"""Actions on loans. The loan's row is locked before anything of it is read."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from api.core.clock import today
from api.core.ids import new_id
from api.core.problems import Conflict, InvalidPayload, NotAllowed, NotFound, RuleBroken
from api.domains.credit_applications import service as credit_applications
from api.domains.credit_products.wire import to_wire
from api.domains.loans import posting, repository, wire
from api.domains.loans.book import ZERO, Began, Book, Chapter, Moved
from api.domains.loans.posting import NotEntered, Payable
from api.domains.loans.remaining import EarlyRepaymentMode
from api.domains.loans.schemas import DisbursementIn, RepaymentIn
from api.domains.loans.standing import standing
from api.domains.loans.states import LIFECYCLE, LoanState
from api.domains.loans.texts import fault, refused
from api.domains.loans.vocabulary import LoanChannel, LoanMovementKind
from api.domains.order_payments import service as order_payments
from api.models.loans import Loan, LoanMovement
from api.transactions import Event, Subject, UnitOfWork


async def accept(uow: UnitOfWork, credit_application_id: UUID) -> None:
    """Accept an application's offer: the loan is approved under the schedule offered."""
    application = await credit_applications.accept(uow, credit_application_id)
    offer = application.offer or {}
    agreed = Chapter(today(), Began.AGREED, wire.schedule_of_offer(offer))
    loan = Loan(
        id=new_id(),
        organization_id=application.lender_id,
        borrower_organization_id=application.organization_id,
        credit_application_id=application.id,
        producer_id=application.producer_id,
        cluster_id=application.cluster_id,
        currency=application.currency,
        principal=agreed.schedule.terms.principal,
        tea=agreed.schedule.terms.tea,
        tcea=agreed.schedule.tcea,
        schedule=wire.book_to_wire(Book((agreed,))),
        state=LIFECYCLE.initial,
    )
    uow.add(loan)
    _record(uow, "loan.approved", loan, tea=f"{loan.tea:.6f}", due_on=str(agreed.schedule.end))


async def withdraw(uow: UnitOfWork, credit_application_id: UUID) -> None:
    """Withdraw an application, and cancel its loan if that was approved and not paid out."""
    loan = await repository.of_application_for_update(uow, credit_application_id)
    await credit_applications.withdraw(uow, credit_application_id)
    if loan is None and await repository.is_lent(uow, credit_application_id):
        # Accepted while we waited for the application: locking its loan now could deadlock.
        raise Conflict
    if loan is not None:
        transition = LIFECYCLE.apply("cancel", loan.state)
        loan.state = transition.target
        _record(uow, transition.event, loan)


async def disburse(uow: UnitOfWork, loan_id: UUID, wish: DisbursementIn) -> None:
    """Pay out part of the principal: an order to its supplier, or work on the farm."""
    loan = await _lent(uow, loan_id)
    transition = LIFECYCLE.apply("disburse", loan.state)
    on = _checked_day(wish.disbursed_on or today(), "/disbursed_on")
    amount = _amount(loan, wish.amount.amount, wish.amount.currency)
    if amount > loan.principal - loan.disbursed_amount:
        left = f"{loan.principal - loan.disbursed_amount:.2f}"
        raise RuleBroken(errors=[fault("/amount", "beyond-principal", left=left)])
    parts, channel = await _parts(uow, loan, wish)
    movements = [_paid_out(loan, wish, channel, on, each) for each in parts.items()]
    new = [Moved(str(each.id), each.kind, on, each.amount) for each in movements]
    try:
        book = posting.pay_out(await repository.book_of(uow, loan), new, today())
    except NotEntered as reason:
        raise RuleBroken(errors=[refused(reason, "/disbursed_on", loan.currency)]) from None
    if wish.order_id:
        await order_payments.pay_from_loan(uow, wish.order_id, loan.id, parts, on)
    uow.add(*movements)
    loan.disbursed_amount += amount
    loan.external_reference = wish.external_reference or loan.external_reference
    in_full = loan.disbursed_amount == loan.principal
    await credit_applications.note_disbursed(
        uow, loan.credit_application_id, parts, in_full=in_full, loan_id=loan.id
    )
    loan.state = transition.target
    _enter(loan, book)
    lines: Any = {str(line_id): f"{part:.2f}" for line_id, part in parts.items()}
    order: list[Subject] = [("order", wish.order_id)] if wish.order_id else []
    told = {"channel": channel.value, "on": str(on), "paid": f"{amount:.2f}", "lines": lines}
    _record(uow, transition.event, loan, *order, **told)


async def repay(uow: UnitOfWork, loan_id: UUID, wish: RepaymentIn) -> None:
    """Enter what the borrower paid to the institution."""
    loan = await _lent(uow, loan_id)
    LIFECYCLE.apply("repay", loan.state)
    on = _checked_day(wish.paid_on, "/paid_on")
    amount = _amount(loan, wish.amount.amount, wish.amount.currency)
    movement = _repayment(loan, LoanChannel(wish.channel), amount, on)
    await _post(uow, loan, movement, early=wish.early)


async def retainable(uow: UnitOfWork, loan_id: UUID) -> Loan:
    """The loan, locked, if it is active and of the actor's producers; 404 otherwise."""
    loan = await repository.party_for_update(uow, loan_id)
    actor = uow.actor.organization_id
    if loan is None or loan.borrower_organization_id != actor or loan.state is not LoanState.ACTIVE:
        raise NotFound("loan")
    return loan


async def repay_by_retention(
    uow: UnitOfWork, loan_id: UUID, amount: Decimal, on: date, delivery_id: UUID
) -> LoanMovement:
    """Enter what was kept from a delivery's price, in its currency; the delivery is flushed.

    404 as ``retainable``; 409 (``/retention/...``) beyond what is owed, in another currency, or
    where the delivery's producer is no borrower.
    """
    loan = await retainable(uow, loan_id)
    delivery = await repository.delivery_of(uow, delivery_id)
    if delivery is None:
        raise NotFound("delivery")
    if delivery.currency != loan.currency:
        raise RuleBroken(errors=[fault("/retention/amount/currency", "currencies-differ")])
    if delivery.producer_id not in await repository.borrowers(uow, loan):
        raise RuleBroken(errors=[fault("/retention/loan_id", "not-the-borrower")])
    movement = _repayment(loan, LoanChannel.RETENTION, amount, on)
    movement.delivery_id = delivery_id
    return await _post(uow, loan, movement, pointer="/retention/amount")


async def write_off(uow: UnitOfWork, loan_id: UUID) -> None:
    """The institution gives up what is still owed."""
    loan = await _lent(uow, loan_id)
    transition = LIFECYCLE.apply("write_off", loan.state)
    loan.state = transition.target
    lost = standing(await repository.book_of(uow, loan), today())
    await credit_applications.finish(uow, loan.credit_application_id, loan.id)
    told = {"outstanding_principal": f"{lost.outstanding_principal:.2f}", "on": str(today())}
    _record(uow, transition.event, loan, **told)


async def _post(
    uow: UnitOfWork,
    loan: Loan,
    movement: LoanMovement,
    *,
    early: EarlyRepaymentMode | None = None,
    pointer: str = "/amount",
) -> LoanMovement:
    """Enter a repayment; the loan is settled where nothing is owed any more."""
    before = await repository.book_of(uow, loan)
    reference, on = str(movement.id), movement.happened_on
    try:
        book = posting.repay(before, reference, movement.amount, on, early)
    except NotEntered as reason:
        raise RuleBroken(errors=[refused(reason, pointer, loan.currency)]) from None
    parts = to_wire(standing(book, book.last_move or on).parts[reference])
    movement.allocation = {"chapter": len(before.chapters) - 1, **parts}
    uow.add(movement)
    loan.repaid_amount += movement.amount
    _enter(loan, book)
    action = "repay" if book.is_open else "settle"
    transition = LIFECYCLE.apply(action, loan.state)
    loan.state = transition.target
    if not book.is_open:
        await credit_applications.finish(uow, loan.credit_application_id, loan.id)
    told = {
        "channel": movement.channel.value,
        "on": str(on),
        "paid": f"{movement.amount:.2f}",
        "allocation": parts,
    }
    kept: list[Subject] = [("delivery", movement.delivery_id)] if movement.delivery_id else []
    _record(uow, transition.event, loan, *kept, **told)
    return movement


def _enter(loan: Loan, book: Book) -> None:
    """Keep the book, and what is outstanding after the last movement."""
    loan.schedule = wire.book_to_wire(book)
    loan.outstanding_principal = standing(book, book.last_move or today()).outstanding_principal


async def _parts(
    uow: UnitOfWork, loan: Loan, wish: DisbursementIn
) -> tuple[dict[UUID, Decimal], LoanChannel]:
    """Which plan lines a disbursement pays, and how; never more than the application has left."""
    lines = await repository.application_lines(uow, loan.credit_application_id)
    left = {line_id: line.amount - line.disbursed_amount for line_id, line in lines.items()}
    if wish.order_id and not wish.farm_plan_line_id and not wish.channel:
        payables = await _payables(uow, loan, wish.order_id, left)
        channel = LoanChannel.ORDER_PAYMENT
    elif wish.farm_plan_line_id and wish.channel and not wish.order_id:
        line_id = wish.farm_plan_line_id
        if line_id not in left:
            raise RuleBroken(errors=[fault("/farm_plan_line_id", "line-outside-application")])
        if not await repository.is_labour(uow, line_id):
            raise RuleBroken(errors=[fault("/farm_plan_line_id", "not-labour")])
        payables = {line_id: Payable(left[line_id], ZERO, left[line_id])}
        channel = LoanChannel(wish.channel)
    else:
        raise InvalidPayload(errors=[fault("/order_id", "order-or-labour")])
    parts = posting.share_out(wish.amount.amount, payables)
    if parts is None:
        room = sum((each.room for each in payables.values()), start=ZERO)
        raise RuleBroken(errors=[fault("/amount", "beyond-lines", left=f"{room:.2f}")])
    return parts, channel


async def _payables(
    uow: UnitOfWork, loan: Loan, order_id: UUID, left: dict[UUID, Decimal]
) -> dict[UUID, Payable]:
    """The plan lines that an order serves: all are financed; of a pooled order, only these."""
    order = await repository.order_for_update(uow, order_id, loan.borrower_organization_id, left)
    if order is None:
        raise NotFound("order")
    if order.currency != loan.currency:
        raise RuleBroken(errors=[fault("/amount/currency", "currencies-differ")])
    ordered = await repository.ordered_by_plan_line(uow, order_id)
    if not ((order.demand_pool_id and ordered.keys() & left) or ordered.keys() <= left.keys()):
        raise RuleBroken(errors=[fault("/order_id", "order-outside-application")])
    paid = await repository.paid_by_plan_line(uow, order_id)
    return {
        line_id: Payable(cost, paid.get(line_id, ZERO), left[line_id])
        for line_id, cost in ordered.items()
        if line_id is not None and line_id in left
    }


def _paid_out(
    loan: Loan, wish: DisbursementIn, channel: LoanChannel, on: date, part: tuple[UUID, Decimal]
) -> LoanMovement:
    return LoanMovement(
        id=new_id(),
        loan_id=loan.id,
        kind=LoanMovementKind.DISBURSEMENT,
        channel=channel,
        amount=part[1],
        happened_on=on,
        order_id=wish.order_id,
        farm_plan_line_id=part[0],
    )


def _repayment(loan: Loan, channel: LoanChannel, amount: Decimal, on: date) -> LoanMovement:
    return LoanMovement(
        id=new_id(),
        loan_id=loan.id,
        kind=LoanMovementKind.REPAYMENT,
        channel=channel,
        amount=amount,
        happened_on=on,
    )


async def _lent(uow: UnitOfWork, loan_id: UUID) -> Loan:
    """A loan of the actor's institution, locked."""
    loan = await repository.party_for_update(uow, loan_id)
    if loan is None:
        raise NotFound("loan")
    if loan.organization_id != uow.actor.organization_id:
        raise NotAllowed(es="lo registra la institución", en="the institution enters it")
    return loan


def _checked_day(day: date, pointer: str) -> date:
    if day > today():
        raise InvalidPayload(errors=[fault(pointer, "in-the-future")])
    return day


def _amount(loan: Loan, amount: Decimal, currency: str) -> Decimal:
    if currency != loan.currency:
        raise InvalidPayload(errors=[fault("/amount/currency", "currencies-differ")])
    return amount


def _record(uow: UnitOfWork, event: str, loan: Loan, *related: Subject, **told: Any) -> None:
    about: list[Subject] = [
        ("organization", loan.organization_id),
        ("organization", loan.borrower_organization_id),
        ("credit_application", loan.credit_application_id),
    ]
    if loan.producer_id:
        about.append(("producer", loan.producer_id))
    if loan.cluster_id:
        about.append(("cluster", loan.cluster_id))
    data = {
        "principal": f"{loan.principal:.2f}",
        "disbursed": f"{loan.disbursed_amount:.2f}",
        "repaid": f"{loan.repaid_amount:.2f}",
        "currency": loan.currency,
        **told,
    }
    uow.record(Event(event, ("loan", loan.id), data, related=(*about, *related)))
