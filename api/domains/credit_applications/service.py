"""Actions on credit applications, and what their loans ask of them."""

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any
from uuid import UUID

from api.core.clock import now, today
from api.core.ids import new_id
from api.core.problems import InvalidPayload, NotAllowed, NotFound, RuleBroken
from api.domains.credit_applications import offers, repository, rules
from api.domains.credit_applications.problems import (
    OfferExpired,
    OfferOpen,
    ReadinessConsentRequired,
)
from api.domains.credit_applications.schemas import CreditApplicationIn, DeclineIn, OfferIn
from api.domains.credit_applications.states import BOOKED, LIFECYCLE, CreditApplicationState
from api.domains.credit_applications.texts import fault
from api.domains.credit_products import service as credit_products
from api.domains.farm_plans import repository as farm_plan_rows
from api.domains.farm_plans import service as farm_plans
from api.domains.purchase_commitments import service as purchase_commitments
from api.models.credit_applications import CreditApplication, CreditApplicationLine
from api.models.credit_products import CreditProduct
from api.transactions import Event, Subject, UnitOfWork


async def draft(uow: UnitOfWork, wish: CreditApplicationIn) -> UUID:
    """An application that the institution does not see yet; nothing is booked."""
    malformed = rules.reasons_malformed(
        subjects=(wish.producer_id is not None) + (wish.cluster_id is not None),
        commitment=wish.purchase_commitment_id is not None,
        pledged=wish.pledged_kg,
        line_ids=[line.farm_plan_line_id for line in wish.lines],
    )
    if malformed:
        raise InvalidPayload(errors=malformed)
    product = await credit_products.published(uow, wish.credit_product_id)
    asked = wish.asked()
    application = CreditApplication(
        id=new_id(),
        organization_id=uow.actor.organization_id,
        lender_id=product.organization_id,
        amount=asked.amount,
        currency=product.currency,
        state=LIFECYCLE.initial,
        **wish.model_dump(exclude={"lines"}),
    )
    planned = await _judged(uow, application, product, asked)
    uow.add(application)
    # Ids in the order of the request, in which the lines are shown.
    line_ids = sorted(new_id() for _ in asked.parts)
    for line_id, part in zip(line_ids, asked.parts, strict=True):
        uow.add(
            CreditApplicationLine(
                id=line_id,
                credit_application_id=application.id,
                farm_plan_line_id=part.line_id,
                producer_id=planned[part.line_id].producer_id,
                amount=part.amount,
            )
        )
    _record(uow, "credit_application.drafted", application, lines=_told(asked.amounts))
    return application.id


async def submit(uow: UnitOfWork, application_id: UUID) -> None:
    """Hand it to the institution: book the plan lines, pledge the kilos."""
    application = await _applied(uow, application_id)
    transition = LIFECYCLE.apply("submit", application.state)
    product = await credit_products.published(uow, application.credit_product_id)
    lines = await repository.lines_of(uow, application.id)
    parts = [rules.Part(x.farm_plan_line_id, x.amount, application.currency) for x in lines]
    pledges = application.purchase_commitment_id is not None
    asked = rules.Application(application.term_months, parts, pledges)
    await farm_plan_rows.lines_for_update(uow, asked.amounts)
    await _judged(uow, application, product, asked)
    borrowers = {line.producer_id for line in lines}
    if missing := await repository.without_consent(uow, application.lender_id, borrowers):
        raise ReadinessConsentRequired(
            extensions={"producer_ids": sorted(str(each) for each in missing)}
        )
    subject = ("credit_application", application.id)
    await farm_plans.draw(uow, "financed_amount", asked.amounts, subject)
    if application.purchase_commitment_id:
        await purchase_commitments.pledge(
            uow, application.purchase_commitment_id, application.pledged_kg, subject
        )
    application.state, application.submitted_at = transition.target, now()
    _record(uow, transition.event, application, lines=_told(asked.amounts))


async def review(uow: UnitOfWork, application_id: UUID) -> None:
    """The institution takes it up."""
    application = await _received(uow, application_id)
    transition = LIFECYCLE.apply("review", application.state)
    application.state = transition.target
    _record(uow, transition.event, application)


async def offer(uow: UnitOfWork, application_id: UUID, wish: OfferIn) -> None:
    """Offer a loan with its exact schedule, under the terms of the product."""
    application = await _received(uow, application_id)
    transition = LIFECYCLE.apply("offer", application.state)
    if wish.amount and wish.amount.currency != application.currency:
        raise InvalidPayload(errors=[fault("/amount/currency", "currencies-differ")])
    product = await uow.session.get_one(CreditProduct, application.credit_product_id)
    offered = wish.offered(application.amount, product.tea)
    schedule = offers.schedule_of_offer(
        credit_products.conditions_of(product),
        application.amount,
        application.term_months,
        offered,
        today(),
    )
    application.offer = offers.offer_to_wire(schedule)
    application.offer_expires_on = offered.expires_on
    application.state = transition.target
    told = {key: application.offer[key] for key in ("tea", "tcea", "disbursed_on", "cost")}
    told |= {"offered": f"{offered.amount:.2f}", "expires_on": offered.expires_on.isoformat()}
    _record(uow, transition.event, application, **told)


async def decline(uow: UnitOfWork, application_id: UUID, wish: DeclineIn) -> None:
    """Say no, with the reasons in writing; the ledger keeps their codes."""
    application = await _received(uow, application_id)
    application.decline_reasons = [reason.model_dump(mode="json") for reason in wish.reasons]
    codes: list[Any] = sorted({reason.code.value for reason in wish.reasons})
    await _leave(uow, application, "decline", reasons=codes)


async def accept(uow: UnitOfWork, application_id: UUID) -> CreditApplication:
    """Accept the offer while it is open. The room of loans opens the loan."""
    application = await _applied(uow, application_id)
    transition = LIFECYCLE.apply("accept", application.state)
    if application.offer_expires_on is None or application.offer_expires_on < today():
        raise OfferExpired
    application.state = transition.target
    _record(uow, transition.event, application)
    return application


async def withdraw(uow: UnitOfWork, application_id: UUID) -> None:
    """The applicant changes its mind, before any money was paid out."""
    await _leave(uow, await _applied(uow, application_id), "withdraw")


async def expire(uow: UnitOfWork, application_id: UUID) -> None:
    """The institution closes an offer that nobody accepted in time."""
    application = await _received(uow, application_id)
    LIFECYCLE.apply("expire", application.state)
    if application.offer_expires_on is None or application.offer_expires_on >= today():
        raise OfferOpen
    await _leave(uow, application, "expire")


async def note_disbursed(
    uow: UnitOfWork,
    application_id: UUID,
    parts: Mapping[UUID, Decimal],
    *,
    in_full: bool,
    loan_id: UUID,
) -> None:
    """Count what the loan paid by plan line; once it is paid in full, what the lines did not need
    is free to be financed otherwise. The loan is locked already.
    """
    application = await repository.any_for_update(uow, application_id)
    transition = LIFECYCLE.apply("activate" if in_full else "disburse", application.state)
    for line in await repository.lines_of(uow, application.id):
        line.disbursed_amount += parts.get(line.farm_plan_line_id, Decimal(0))
    # The document shows its lines: a change of them is one of the application.
    application.state, application.updated_at = transition.target, now()
    if in_full:
        await _unbook(uow, application)
    _record(uow, transition.event, application, ("loan", loan_id), lines=_told(parts))


async def finish(uow: UnitOfWork, application_id: UUID, loan_id: UUID) -> None:
    """The loan has ended: free the pledge, and what was never paid out. The loan is locked."""
    application = await repository.any_for_update(uow, application_id)
    if application.state is CreditApplicationState.DISBURSING:
        await _unbook(uow, application)
        transition = LIFECYCLE.apply("activate", application.state)
        application.state = transition.target
        _record(uow, transition.event, application, ("loan", loan_id))
    await _unpledge(uow, application)


async def _judged(
    uow: UnitOfWork,
    application: CreditApplication,
    product: CreditProduct,
    asked: rules.Application,
) -> dict[UUID, rules.PlanLine]:
    """The plan lines, if the product takes the application as things stand now."""
    subject = await repository.subject_of(uow, application.producer_id, application.cluster_id)
    if subject is None:
        raise NotFound("producer or cluster")
    planned = await repository.plan_lines(uow, [part.line_id for part in asked.parts])
    if len(planned) != len(asked.parts):
        raise NotFound("farm plan line")
    terms = {each.name: getattr(product, each.name) for each in fields(rules.Product)}
    errors = rules.reasons_not_eligible(rules.Product(**terms), subject, asked, planned)
    errors += rules.reasons_against_guarantee(
        await repository.guarantee_of(uow, application),
        application.lender_id,
        application.producer_id,
        application.cluster_id,
    )
    if errors:
        raise RuleBroken(errors=errors)
    return planned


async def _leave(uow: UnitOfWork, application: CreditApplication, action: str, **told: Any) -> None:
    """A way out: what was booked and pledged is given back."""
    transition = LIFECYCLE.apply(action, application.state)
    if application.state in BOOKED:
        await _unbook(uow, application)
        await _unpledge(uow, application)
    application.state = transition.target
    _record(uow, transition.event, application, **told)


async def _unbook(uow: UnitOfWork, application: CreditApplication) -> None:
    rest = {
        line.farm_plan_line_id: line.amount - line.disbursed_amount
        for line in await repository.lines_of(uow, application.id)
    }
    unpaid = {line_id: amount for line_id, amount in rest.items() if amount}
    if unpaid:
        subject = ("credit_application", application.id)
        await farm_plans.give_back(uow, "financed_amount", unpaid, subject)


async def _unpledge(uow: UnitOfWork, application: CreditApplication) -> None:
    if application.purchase_commitment_id:
        await purchase_commitments.release(
            uow,
            application.purchase_commitment_id,
            application.pledged_kg,
            ("credit_application", application.id),
        )


async def _applied(uow: UnitOfWork, application_id: UUID) -> CreditApplication:
    """An application of the actor's own organisation, locked."""
    application = await _visible(uow, application_id)
    if application.organization_id != uow.actor.organization_id:
        raise NotAllowed(es="lo hace quien solicita", en="the applicant does it")
    return application


async def _received(uow: UnitOfWork, application_id: UUID) -> CreditApplication:
    """An application to the actor's institution, locked."""
    application = await _visible(uow, application_id)
    if application.lender_id != uow.actor.organization_id:
        raise NotAllowed(es="lo hace la institución de crédito", en="the institution does it")
    return application


async def _visible(uow: UnitOfWork, application_id: UUID) -> CreditApplication:
    application = await repository.party_for_update(uow, application_id)
    if application is None:
        raise NotFound("credit application")
    return application


def _told(amounts: Mapping[UUID, Decimal]) -> list[Any]:
    return [
        {"farm_plan_line_id": str(line_id), "amount": f"{amount:.2f}"}
        for line_id, amount in amounts.items()
    ]


def _record(
    uow: UnitOfWork, event: str, application: CreditApplication, *related: Subject, **told: Any
) -> None:
    """Tell of it; the institution's feed does so once the application was submitted."""
    about: list[Subject] = [("organization", application.organization_id)]
    if application.submitted_at:
        about.append(("organization", application.lender_id))
    if application.producer_id:
        about.append(("producer", application.producer_id))
    if application.cluster_id:
        about.append(("cluster", application.cluster_id))
    data = {
        "credit_product_id": str(application.credit_product_id),
        "amount": f"{application.amount:.2f}",
        "currency": application.currency,
        **told,
    }
    subject = ("credit_application", application.id)
    uow.record(Event(event, subject, data, related=(*about, *related)))
