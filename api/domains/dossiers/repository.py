"""One statement that gathers all rows about a producer, so that they are of one moment."""

from typing import Any, Final

from sqlalchemy import DateTime, Numeric, bindparam, func, or_, select

from api.core.documents import Query, children, document, instant, text_of
from api.domains.plot_overlaps.repository import of_plot
from api.domains.producers.repository import OWN_SHAPE
from api.models.archetypes import ArchetypeAssignment
from api.models.clusters import Cluster, ClusterMember
from api.models.consents import Consent, DataAccess
from api.models.credit_applications import CreditApplication, CreditApplicationLine
from api.models.deliveries import Delivery, DeliveryPlot
from api.models.demand_pools import DemandPool, PoolPledge
from api.models.farm_plans import FarmPlan, FarmPlanLine, FarmPlanVisit, FarmPlanZone
from api.models.input_batches import InputBatch, InputBatchPlot
from api.models.investment_plans import InvestmentPlan
from api.models.loans import Loan, LoanMovement
from api.models.orders import DeliveryContact, Order, OrderLine
from api.models.plots import Plot, PlotGeometry, PlotOverlap
from api.models.producers import Person, Producer
from api.models.readiness_reports import ReadinessReport
from api.models.service_requests import ServiceRequest
from api.models.visits import Visit, VisitPlot

_OMITTED: Final = frozenset({"bounds"})
"""What PostgreSQL computes to search by."""


def _t(model: Any) -> Any:
    return model.__table__.c


def _value(column: Any) -> Any:
    if isinstance(column.type, Numeric):
        return text_of(column)
    return instant(column) if isinstance(column.type, DateTime) else column


def _row(model: Any, **more: Any) -> Any:
    """A row with all its columns: what is added to a table later is handed over, too."""
    columns = {c.name: _value(c) for c in _t(model) if c.name not in _OMITTED}
    return document(**columns, **more)


def _all(model: Any, *conditions: Any, **more: Any) -> Any:
    return children(_row(model, **more), *conditions, order_by=_t(model).id)


_p, _line, _application = _t(Producer), _t(CreditApplicationLine), _t(CreditApplication)
_of: Any = bindparam("producer_id")
_actor: Any = bindparam("actor")
_merged: Any = Producer.__table__.alias("merged")  # type: ignore[attr-defined]
_person: Any = Person.__table__.alias("merged_person")  # type: ignore[attr-defined]
_known_by: Any = (
    select(document(type=_person.c.document_type, number=_person.c.document_number))
    .where(_person.c.id == _merged.c.person_id)
    .scalar_subquery()
)
_known_as: Any = select(_merged.c.id).where(or_(_merged.c.id == _of, _merged.c.merged_into == _of))
"""The registration, and those that it stands for."""
_shares = _all(
    CreditApplicationLine,
    _line.credit_application_id == _application.id,
    _line.producer_id == _of,
)
_has_share = (
    select(_line.id)
    .where(_line.credit_application_id == _application.id, _line.producer_id == _of)
    .exists()
)

DOSSIER: Final = Query(
    select(
        document(
            exported_at=instant(func.now()),
            registration=OWN_SHAPE,
            merged_registrations=children(
                document(**{c.name: _value(c) for c in _merged.c}, document=_known_by),
                _merged.c.merged_into == _of,
                order_by=_merged.c.id,
            ),
            plots=_all(
                Plot,
                _t(Plot).producer_id == _of,
                geometries=_all(PlotGeometry, _t(PlotGeometry).plot_id == _t(Plot).id),
                overlaps=_all(PlotOverlap, of_plot(_t(Plot).id)),
                input_batches=_all(
                    InputBatch,
                    _t(InputBatchPlot).plot_id == _t(Plot).id,
                    _t(InputBatchPlot).input_batch_id == _t(InputBatch).id,
                ),
            ),
            memberships=_all(
                ClusterMember,
                _t(ClusterMember).producer_id == _of,
                _t(Cluster).id == _t(ClusterMember).cluster_id,
                cluster=_t(Cluster).name,
            ),
            consents=_all(Consent, _t(Consent).producer_id == _of),
            accesses=_all(DataAccess, _t(DataAccess).producer_id.in_(_known_as)),
            service_requests=_all(ServiceRequest, _t(ServiceRequest).producer_id == _of),
            visits=_all(
                Visit,
                _t(Visit).producer_id == _of,
                plots=_all(VisitPlot, _t(VisitPlot).visit_id == _t(Visit).id),
            ),
            farm_plans=_all(
                FarmPlan,
                _t(FarmPlan).producer_id == _of,
                zones=_all(FarmPlanZone, _t(FarmPlanZone).farm_plan_id == _t(FarmPlan).id),
                visits=_all(FarmPlanVisit, _t(FarmPlanVisit).farm_plan_id == _t(FarmPlan).id),
                lines=_all(
                    FarmPlanLine,
                    _t(FarmPlanLine).farm_plan_id == _t(FarmPlan).id,
                    orders=_all(
                        OrderLine,
                        _t(OrderLine).farm_plan_line_id == _t(FarmPlanLine).id,
                        _t(Order).id == _t(OrderLine).order_id,
                        _t(Order).organization_id == _actor,
                    ),
                ),
            ),
            investment_plans=_all(InvestmentPlan, _t(InvestmentPlan).producer_id == _of),
            archetype_assignments=_all(
                ArchetypeAssignment, _t(ArchetypeAssignment).producer_id.in_(_known_as)
            ),
            pledges=_all(
                PoolPledge,
                _t(PoolPledge).producer_id == _of,
                _t(DemandPool).id == _t(PoolPledge).demand_pool_id,
                demand_pool=_t(DemandPool).name,
            ),
            delivery_contacts=_all(DeliveryContact, _t(DeliveryContact).producer_id == _of),
            deliveries=_all(
                Delivery,
                _t(Delivery).producer_id == _of,
                _t(Delivery).organization_id == _actor,
                plots=_all(DeliveryPlot, _t(DeliveryPlot).delivery_id == _t(Delivery).id),
            ),
            credit_applications=_all(
                CreditApplication,
                _application.organization_id == _actor,
                or_(_application.producer_id == _of, _has_share),
                shares=_shares,
            ),
            loans=_all(
                Loan,
                _t(Loan).producer_id == _of,
                _t(Loan).borrower_organization_id == _actor,
                movements=_all(LoanMovement, _t(LoanMovement).loan_id == _t(Loan).id),
            ),
            readiness_reports=_all(ReadinessReport, _t(ReadinessReport).producer_id.in_(_known_as)),
        )
    )
    .join(_t(Person).id.table, _t(Person).id == _p.person_id)
    .where(_p.id == _of, _p.organization_id == _actor)
)
"""All about one of the actor's own producers."""
