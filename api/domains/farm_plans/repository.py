"""Queries. A plan shows itself to the provider that wrote it and the producer's organisation;
once approved, also to credit institutions that the producer allows to judge readiness.
"""

from collections.abc import Collection
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, func, or_, select

from api.core.clock import today
from api.core.documents import Query, children, document, instant, money, text_of
from api.core.paging import Listing
from api.domains.clusters.repository import memberships
from api.domains.consents.repository import consented_to_actor
from api.domains.consents.vocabulary import Purpose
from api.domains.farm_plans.states import FarmPlanState
from api.domains.farm_plans.vocabulary import LineKind
from api.domains.plots.states import PlotState
from api.domains.visits.states import VisitState
from api.models.farm_plans import FarmPlan, FarmPlanLine, FarmPlanVisit, FarmPlanZone
from api.models.plots import Plot
from api.models.producers import Producer
from api.models.visits import Visit
from api.transactions import UnitOfWork

_c = FarmPlan.__table__.c  # type: ignore[attr-defined]
_l = FarmPlanLine.__table__.c  # type: ignore[attr-defined]
_z = FarmPlanZone.__table__.c  # type: ignore[attr-defined]
_fv = FarmPlanVisit.__table__.c  # type: ignore[attr-defined]
_visit = Visit.__table__.c  # type: ignore[attr-defined]
_plot = Plot.__table__.c  # type: ignore[attr-defined]

READABLE_STATES: Final = (
    FarmPlanState.APPROVED, FarmPlanState.ACCEPTED, FarmPlanState.SUPERSEDED,
)  # fmt: skip
"""What a credit institution may read: a draft is nobody's promise."""

_currency: Any = select(func.max(_l.currency)).where(_l.farm_plan_id == _c.id).scalar_subquery()


def _total(*conditions: Any) -> Any:
    cost = func.coalesce(func.sum(_l.estimated_cost), Decimal("0.00"))
    return select(cost).where(_l.farm_plan_id == _c.id, *conditions).scalar_subquery()


SHAPE: Final = document(
    id=_c.id,
    version=_c.version,
    created_at=instant(_c.created_at),
    updated_at=instant(_c.updated_at),
    organization_id=_c.organization_id,
    producer_organization_id=_c.producer_organization_id,
    producer_id=_c.producer_id,
    cluster_id=_c.cluster_id,
    revision=_c.revision,
    state=_c.state,
    starts_on=_c.starts_on,
    ends_on=_c.ends_on,
    approved_on=_c.approved_on,
    accepted_on=_c.accepted_on,
    conservation_ha=text_of(_c.conservation_ha),
    currency=_currency,
    totals=document(
        **{kind.value: money(_total(_l.kind == kind), _currency) for kind in LineKind},
        all=money(_total(), _currency),
    ),
    expected_yields=_c.expected_yields,
    visit_ids=children(_fv.visit_id, _fv.farm_plan_id == _c.id, order_by=_fv.id),
    zones=children(
        document(
            id=_z.id,
            plot_id=_z.plot_id,
            current_use=_z.current_use,
            future_use=_z.future_use,
            treatment=_z.treatment,
            area_ha=text_of(_z.area_ha),
        ),
        _z.farm_plan_id == _c.id,
        order_by=_z.id,
    ),
    lines=children(
        document(
            id=_l.id,
            plot_id=_l.plot_id,
            month=_l.month,
            activity=_l.activity,
            kind=_l.kind,
            category=_l.category,
            specification=_l.specification,
            unit=_l.unit,
            quantity=text_of(_l.quantity),
            estimated_cost=money(_l.estimated_cost, _l.currency),
            ordered_quantity=text_of(_l.ordered_quantity),
            financed_amount=money(_l.financed_amount, _l.currency),
        ),
        _l.farm_plan_id == _c.id,
        order_by=_l.id,
    ),
)

_parties = or_(
    _c.organization_id == bindparam("actor"), _c.producer_organization_id == bindparam("actor")
)
_visible = or_(
    _parties,
    and_(
        or_(*(_c.state == state for state in READABLE_STATES)),
        consented_to_actor(_c.producer_id, Purpose.CREDIT_READINESS),
    ),
)

FARM_PLAN: Final = Query(
    select(SHAPE, _c.version).where(_c.id == bindparam("farm_plan_id"), _visible)
)
FARM_PLANS: Final = Listing(
    "farm_plans",
    select(SHAPE).where(_visible),
    order=[_c.id],
    filters={
        "producer_id": _c.producer_id == bindparam("producer_id"),
        "cluster_id": _c.cluster_id == bindparam("cluster_id"),
        "state": _c.state == bindparam("state"),
    },
)


async def producer_for_update(uow: UnitOfWork, producer_id: UUID) -> Producer | None:
    """A registration, locked: a producer's plans follow one another."""
    return await uow.locked(Producer, producer_id)


async def producer_of(uow: UnitOfWork, farm_plan_id: UUID) -> UUID | None:
    """Whose plan it is, if the actor is a party to it."""
    actor = uow.actor.organization_id
    party = or_(_c.organization_id == actor, _c.producer_organization_id == actor)
    found = await uow.rows(select(_c.producer_id).where(_c.id == farm_plan_id, party))
    return found[0][0] if found else None


async def party_for_update(uow: UnitOfWork, farm_plan_id: UUID) -> FarmPlan | None:
    """A plan that the actor wrote, or that is for its producer, locked."""
    actor = uow.actor.organization_id
    party = or_(_c.organization_id == actor, _c.producer_organization_id == actor)
    return await uow.locked(FarmPlan, farm_plan_id, party)


async def last_revision(uow: UnitOfWork, producer_id: UUID) -> int:
    """The highest revision of a producer's plans, 0 where there is none."""
    highest = select(func.coalesce(func.max(_c.revision), 0)).where(_c.producer_id == producer_id)
    return int((await uow.rows(highest))[0][0])


async def accepted_for_update(uow: UnitOfWork, producer_id: UUID) -> list[FarmPlan]:
    """The plans of a producer that are in force, locked."""
    statement = (
        select(FarmPlan)
        .where(_c.producer_id == producer_id, _c.state == FarmPlanState.ACCEPTED)
        .order_by(_c.id)
    )
    return [row[0] for row in await uow.rows(_for_update(statement))]


async def zones_of(uow: UnitOfWork, farm_plan_id: UUID) -> list[FarmPlanZone]:
    """The zones of a plan."""
    statement = select(FarmPlanZone).where(_z.farm_plan_id == farm_plan_id).order_by(_z.id)
    return [row[0] for row in await uow.rows(statement)]


async def visits_among(
    uow: UnitOfWork, producer_id: UUID, visit_ids: Collection[UUID]
) -> set[UUID]:
    """Which of these are visits to the producer that nobody has annulled."""
    made = (_visit.producer_id == producer_id, _visit.state != VisitState.ANNULLED)
    statement = select(_visit.id).where(_visit.id.in_(visit_ids), *made)
    return {row[0] for row in await uow.rows(statement)} if visit_ids else set()


async def forget_visits(uow: UnitOfWork, farm_plan_id: UUID) -> None:
    """Take the list away, before another is written."""
    await uow.execute(delete(FarmPlanVisit).where(_fv.farm_plan_id == farm_plan_id))


async def lines_of(uow: UnitOfWork, farm_plan_id: UUID) -> list[FarmPlanLine]:
    """The lines of a plan."""
    statement = select(FarmPlanLine).where(_l.farm_plan_id == farm_plan_id).order_by(_l.id)
    return [row[0] for row in await uow.rows(statement)]


async def lines_for_update(
    uow: UnitOfWork, line_ids: Collection[UUID]
) -> list[tuple[FarmPlanLine, FarmPlan]]:
    """Lines with their plans; first the plans are locked, then the lines, by id."""
    plan_ids = select(_l.farm_plan_id).where(_l.id.in_(line_ids))
    plans = select(FarmPlan).where(_c.id.in_(plan_ids)).order_by(_c.id)
    lines = select(FarmPlanLine).where(_l.id.in_(line_ids)).order_by(_l.id)
    by_id = {row[0].id: row[0] for row in await uow.rows(_for_update(plans))}
    found = await uow.rows(_for_update(lines))
    return [(line, by_id[line.farm_plan_id]) for (line,) in found]


def _for_update(statement: Any) -> Any:
    return statement.with_for_update(key_share=True).execution_options(populate_existing=True)


async def is_member(uow: UnitOfWork, cluster_id: UUID, producer_id: UUID) -> bool:
    """Whether the producer is in the cluster today."""
    return any(
        each.joined_on <= today() and (each.left_on is None or today() < each.left_on)
        for each in await memberships(uow, cluster_id, producer_id)
    )


async def open_areas(uow: UnitOfWork, producer_id: UUID) -> dict[UUID, Decimal]:
    """Hectares of a producer's open plots, by plot."""
    statement = select(_plot.id, _plot.area_ha).where(
        _plot.producer_id == producer_id, _plot.state == PlotState.ACTIVE
    )
    return {row[0]: row[1] for row in await uow.rows(statement)}
