"""Queries. An application shows itself to the organisation that applies and, once it was
submitted, to the institution.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, bindparam, case, func, literal_column, or_, select

from api.core.clock import today
from api.core.documents import Query, children, document, instant, money, text_of
from api.core.paging import Listing
from api.core.problems import NotFound
from api.domains.consents import repository as consents
from api.domains.consents.rules import covers
from api.domains.consents.vocabulary import Purpose
from api.domains.credit_applications.rules import Guarantee, PlanLine, Subject
from api.domains.credit_products.rules import LABOUR
from api.domains.credit_products.vocabulary import Borrower
from api.domains.farm_plans.states import FarmPlanState
from api.domains.producers.states import ProducerState
from api.models.clusters import Cluster, ClusterMember
from api.models.credit_applications import CreditApplication, CreditApplicationLine
from api.models.farm_plans import FarmPlan, FarmPlanLine
from api.models.loans import Loan
from api.models.organizations import Organization
from api.models.producers import Producer
from api.models.purchase_commitments import PurchaseCommitment
from api.models.readiness_reports import ReadinessReport
from api.transactions import UnitOfWork

_c = CreditApplication.__table__.c  # type: ignore[attr-defined]
_l = CreditApplicationLine.__table__.c  # type: ignore[attr-defined]
_loan = Loan.__table__.c  # type: ignore[attr-defined]
_plan = FarmPlan.__table__.c  # type: ignore[attr-defined]
_pl = FarmPlanLine.__table__.c  # type: ignore[attr-defined]
_organization = Organization.__table__.c  # type: ignore[attr-defined]
_member = ClusterMember.__table__.c  # type: ignore[attr-defined]

_shares = (
    select(
        _l.credit_application_id,
        _l.producer_id,
        func.sum(_l.amount).label("amount"),
        func.sum(_l.disbursed_amount).label("disbursed"),
    )
    .group_by(_l.credit_application_id, _l.producer_id)
    .subquery("shares")
)

_INNER: Any = literal_column("'{terms,level}'::text[]")
"""What the offer keeps for its loan alone."""

SHAPE: Final = document(
    id=_c.id,
    version=_c.version,
    created_at=instant(_c.created_at),
    updated_at=instant(_c.updated_at),
    organization_id=_c.organization_id,
    lender_id=_c.lender_id,
    credit_product_id=_c.credit_product_id,
    producer_id=_c.producer_id,
    cluster_id=_c.cluster_id,
    readiness_report_id=_c.readiness_report_id,
    purchase_commitment_id=_c.purchase_commitment_id,
    pledged_kg=text_of(_c.pledged_kg),
    amount=money(_c.amount, _c.currency),
    term_months=_c.term_months,
    state=_c.state,
    submitted_at=instant(_c.submitted_at),
    lines=children(
        document(
            farm_plan_line_id=_l.farm_plan_line_id,
            producer_id=_l.producer_id,
            amount=money(_l.amount, _c.currency),
            disbursed=money(_l.disbursed_amount, _c.currency),
        ),
        _l.credit_application_id == _c.id,
        order_by=_l.id,
    ),
    shares=children(
        document(
            producer_id=_shares.c.producer_id,
            amount=money(_shares.c.amount, _c.currency),
            disbursed=money(_shares.c.disbursed, _c.currency),
        ),
        _shares.c.credit_application_id == _c.id,
        order_by=_shares.c.producer_id,
    ),
    # None is stored as JSON null, from which nothing can be taken away.
    offer=case((func.jsonb_typeof(_c.offer) == "object", _c.offer.op("-")(_INNER))),
    offer_expires_on=_c.offer_expires_on,
    decline_reasons=_c.decline_reasons,
    loan_id=select(_loan.id).where(_loan.credit_application_id == _c.id).scalar_subquery(),
)

_parties = or_(
    _c.organization_id == bindparam("actor"),
    and_(_c.lender_id == bindparam("actor"), _c.submitted_at.is_not(None)),
)

CREDIT_APPLICATION: Final = Query(
    select(SHAPE, _c.version).where(_c.id == bindparam("credit_application_id"), _parties)
)
CREDIT_APPLICATIONS: Final = Listing(
    "credit_applications",
    select(SHAPE).where(_parties),
    order=[_c.id],
    descending=True,
    filters={
        "state": _c.state == bindparam("state"),
        "credit_product_id": _c.credit_product_id == bindparam("credit_product_id"),
        "producer_id": _c.producer_id == bindparam("producer_id"),
        "cluster_id": _c.cluster_id == bindparam("cluster_id"),
        "lender_id": _c.lender_id == bindparam("lender_id"),
    },
)


async def party_for_update(uow: UnitOfWork, application_id: UUID) -> CreditApplication | None:
    """An application that the actor made, or that was submitted to it, locked."""
    actor = uow.actor.organization_id
    return await uow.locked(
        CreditApplication,
        application_id,
        or_(
            _c.organization_id == actor,
            and_(_c.lender_id == actor, _c.submitted_at.is_not(None)),
        ),
    )


async def any_for_update(uow: UnitOfWork, application_id: UUID) -> CreditApplication:
    """The application of a loan that the actor may act on, locked."""
    found = await uow.locked(CreditApplication, application_id)
    if found is None:
        raise LookupError("a loan without its application")
    return found


async def lines_of(uow: UnitOfWork, application_id: UUID) -> list[CreditApplicationLine]:
    """The lines of a locked application."""
    statement = (
        select(CreditApplicationLine)
        .where(_l.credit_application_id == application_id)
        .order_by(_l.id)
    )
    return [row[0] for row in await uow.rows(statement)]


async def subject_of(
    uow: UnitOfWork, producer_id: UUID | None, cluster_id: UUID | None
) -> Subject | None:
    """The actor's own producer, or cluster with its members of today; None where not its own."""
    actor = uow.actor.organization_id
    if producer_id is not None:
        # Held, so that nobody merges the producer into another before the application stands.
        mine: Any = Producer.organization_id == actor
        one: Any = Producer.id == producer_id
        statement = select(Producer).where(one, mine).with_for_update(read=True)
        producer = next((row for (row,) in await uow.rows(statement)), None)
        if producer is None or producer.state is not ProducerState.ACTIVE:
            return None
        return Subject(Borrower.INDIVIDUAL, producer.ubigeo, {producer.id})
    cluster = await uow.find(Cluster, Cluster.id == cluster_id, Cluster.organization_id == actor)
    if cluster is None:
        return None
    return Subject(Borrower.SOLIDARITY_GROUP, cluster.ubigeo, await members(uow, cluster.id))


async def members(uow: UnitOfWork, cluster_id: UUID) -> set[UUID]:
    """Who is in a cluster today."""
    day = today()
    rows = await uow.rows(
        select(_member.producer_id).where(
            _member.cluster_id == cluster_id,
            _member.joined_on <= day,
            or_(_member.left_on.is_(None), _member.left_on > day),
        )
    )
    return {producer_id for (producer_id,) in rows}


async def plan_lines(uow: UnitOfWork, line_ids: Collection[UUID]) -> dict[UUID, PlanLine]:
    """Lines of plans for the actor's producers, as they stand now."""
    rows = await uow.rows(
        select(
            _pl.id,
            _plan.producer_id,
            _plan.state == FarmPlanState.ACCEPTED,
            _pl.category,
            _pl.currency,
            _pl.estimated_cost,
            _pl.financed_amount,
        )
        .join(_plan.id.table, _plan.id == _pl.farm_plan_id)
        .where(_pl.id.in_(line_ids), _plan.producer_organization_id == uow.actor.organization_id)
    )
    return {
        line_id: PlanLine(producer, accepted, category.value if category else LABOUR, *rest)
        for line_id, producer, accepted, category, *rest in rows
    }


async def guarantee_of(uow: UnitOfWork, application: CreditApplication) -> Guarantee:
    """The commitment to the actor's organisation and the report about its producers that an
    application names; 404 for any other.
    """
    actor = uow.actor.organization_id
    found = Guarantee()
    if application.purchase_commitment_id:
        commitment = await uow.find(
            PurchaseCommitment,
            PurchaseCommitment.id == application.purchase_commitment_id,
            PurchaseCommitment.producer_organization_id == actor,
        )
        if commitment is None:
            raise NotFound("purchase commitment")
        group = commitment.cluster_id
        found = replace(found, cluster_id=group, members=await members(uow, group))
    if application.readiness_report_id:
        report = await uow.find(
            ReadinessReport,
            ReadinessReport.id == application.readiness_report_id,
            ReadinessReport.producer_organization_id == actor,
        )
        if report is None:
            raise NotFound("readiness report")
        about = (report.organization_id, report.producer_id, report.cluster_id)
        found = replace(found, report=about)
    return found


async def without_consent(
    uow: UnitOfWork, lender_id: UUID, producer_ids: Collection[UUID]
) -> set[UUID]:
    """The producers who do not let an institution judge their readiness today."""
    purpose = Purpose.CREDIT_READINESS
    roles = (await uow.rows(select(_organization.roles).where(_organization.id == lender_id)))[0][0]
    covered = {
        row["producer_id"]
        for row in await consents.of_producers(uow, producer_ids, purpose)
        if covers(consents.facts_of(row), purpose, lender_id, roles, today())
    }
    return set(producer_ids) - covered
