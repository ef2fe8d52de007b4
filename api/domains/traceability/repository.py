"""Queries: one per part of a trace, each over the whole ancestry at once."""

from typing import Any, Final

from sqlalchemy import ARRAY, Uuid, bindparam, func, or_, select

from api.core.documents import Query, children, document, money, text_of
from api.domains.lots.repository import VISIBLE, ancestry
from api.domains.visits.states import VisitState
from api.models.credit_applications import CreditApplicationLine
from api.models.deliveries import Delivery, DeliveryPlot
from api.models.farm_plans import FarmPlan, FarmPlanLine
from api.models.input_batches import InputBatch, InputBatchPlot
from api.models.loans import Loan
from api.models.lots import Lot, LotInput
from api.models.orders import Order, OrderLine
from api.models.plots import Plot
from api.models.shipments import Shipment, ShipmentLot
from api.models.visits import Visit, VisitPlot


def _columns(table: Any) -> Any:
    return table.__table__.c


_l, _i, _d, _dp, _p = (_columns(t) for t in (Lot, LotInput, Delivery, DeliveryPlot, Plot))
_o, _ol, _fp, _fl = (_columns(t) for t in (Order, OrderLine, FarmPlan, FarmPlanLine))
_loan, _cl = _columns(Loan), _columns(CreditApplicationLine)
_s, _sl = _columns(Shipment), _columns(ShipmentLot)
_b, _bp = _columns(InputBatch), _columns(InputBatchPlot)
_v, _vp = _columns(Visit), _columns(VisitPlot)

_lots = ancestry(bindparam("lot_id"))
_in_ancestry = _i.lot_id.in_(select(_lots.c.lot_id))
_producers = bindparam("producers", type_=ARRAY(Uuid()))
_plots = bindparam("plots", type_=ARRAY(Uuid()))

OWNER: Final = Query(select(_l.organization_id).where(_l.id == bindparam("lot_id"), VISIBLE))
"""Whose lot it is, if the actor may see it."""

_lot: Final[dict[str, Any]] = {
    "lot_id": _l.id,
    "code": _l.code,
    "form": _l.form,
    "process": _l.process,
    "custody": _l.custody,
    "made_on": _l.made_on,
    "kg": text_of(_l.kg),
}
LOTS: Final = Query(
    select(
        document(
            **_lot,
            inputs=children(
                document(
                    delivery_id=_i.delivery_id,
                    source_lot_id=_i.source_lot_id,
                    kg=text_of(_i.kg),
                ),
                _i.lot_id == _l.id,
                order_by=_i.id,
            ),
        ),
        _l.id,
    )
    .where(_l.id.in_(select(_lots.c.lot_id)))
    .order_by(_l.id)
)
INPUTS_OF_LOTS: Final = Query(
    select(_i.lot_id, _i.delivery_id, _i.source_lot_id, _i.kg, _l.kg)
    .join(_l.id.table, _l.id == _i.lot_id)
    .where(_in_ancestry)
)
DELIVERIES: Final = Query(
    select(_d.id, _d.producer_id, _d.delivered_on, _d.form, _d.net_kg).where(
        _d.id.in_(select(_i.delivery_id).where(_in_ancestry))
    )
)
PLOTS: Final = Query(
    select(
        _dp.delivery_id,
        _dp.kg,
        _dp.geometry_version,
        _p.id,
        _p.producer_id,
        _p.geometry_kind,
        _p.area_ha,
        _p.land_use,
        _p.ubigeo,
    )
    .join_from(_dp.id.table, _p.id.table, _p.id == _dp.plot_id)
    .where(_dp.delivery_id.in_(select(_i.delivery_id).where(_in_ancestry)))
)
# What came after a plot's last delivery was not used on the cocoa.
_used_on_lot = (
    select(_bp.id)
    .join_from(_bp.id.table, _dp.id.table, _dp.plot_id == _bp.plot_id)
    .join(_d.id.table, (_d.id == _dp.delivery_id) & (_d.delivered_on >= _b.received_on))
    .join(_i.id.table, _i.delivery_id == _d.id)
    .where(_bp.input_batch_id == _b.id, _in_ancestry)
    .exists()
)
INPUTS: Final = Query(
    select(
        document(
            order_id=_o.id,
            order_line_id=_ol.id,
            input_batch_id=_b.id,
            supplier_id=_o.supplier_id,
            farm_plan_line_id=_fl.id,
            plot_id=_fl.plot_id,
            category=_ol.category,
            description=_ol.description,
            unit=_ol.unit,
            quantity=text_of(
                func.coalesce(_b.quantity, func.round(_ol.received_quantity * _ol.pack_size, 3))
            ),
            batch_number=func.coalesce(_b.batch_number, _ol.batch_number),
            expires_on=_b.expires_on,
            received_on=_b.received_on,
        )
    )
    .select_from(_fl.id.table)
    .join(_fp.id.table, _fp.id == _fl.farm_plan_id)
    .join(_ol.id.table, _ol.farm_plan_line_id == _fl.id)
    .join(_o.id.table, _o.id == _ol.order_id)
    .outerjoin(_b.id.table, _b.order_line_id == _ol.id)
    .where(
        _ol.received_quantity > 0,
        or_(
            _used_on_lot,
            # What comes in no batch, services among it, has no day and no plots of its own.
            _b.id.is_(None)
            & or_(
                _fl.plot_id == _plots.any_(),
                (_fl.plot_id.is_(None)) & (_fp.producer_id == _producers.any_()),
            ),
        ),
    )
    .order_by(_ol.id, _b.id)
)
# Advice that came after a plot's last delivery is not behind the cocoa.
_delivered_later = _d.delivered_on >= _v.visited_on
_behind_lot = or_(
    select(_vp.id)
    .join_from(_vp.id.table, _dp.id.table, _dp.plot_id == _vp.plot_id)
    .join(_d.id.table, (_d.id == _dp.delivery_id) & _delivered_later)
    .join(_i.id.table, _i.delivery_id == _d.id)
    .where(_vp.visit_id == _v.id, _in_ancestry)
    .exists(),
    # A visit to no plot was to the farm.
    ~select(_vp.id).where(_vp.visit_id == _v.id).exists()
    & select(_d.id)
    .join_from(_d.id.table, _i.id.table, _i.delivery_id == _d.id)
    .where(_d.producer_id == _v.producer_id, _delivered_later, _in_ancestry)
    .exists(),
)
ASSISTANCE: Final = Query(
    select(
        document(
            visit_id=_v.id,
            provider_id=_v.organization_id,
            producer_id=_v.producer_id,
            visited_on=_v.visited_on,
            practice=_v.practice,
            state=_v.state,
            plot_ids=children(_vp.plot_id, _vp.visit_id == _v.id, order_by=_vp.id),
        )
    )
    .where(_v.producer_id == _producers.any_(), _v.state != VisitState.ANNULLED, _behind_lot)
    .order_by(_v.visited_on, _v.id)
)
CREDIT: Final = Query(
    select(
        document(
            loan_id=_loan.id,
            lender_id=_loan.organization_id,
            producer_id=_cl.producer_id,
            state=_loan.state,
            financed=money(func.sum(_cl.amount), _loan.currency),
            disbursed=money(func.sum(_cl.disbursed_amount), _loan.currency),
        )
    )
    .join_from(
        _loan.id.table,
        _cl.id.table,
        _cl.credit_application_id == _loan.credit_application_id,
    )
    .where(_cl.producer_id == _producers.any_())
    .group_by(_loan.id, _cl.producer_id)
    .order_by(_loan.id, _cl.producer_id)
)
SHIPMENTS: Final = Query(
    select(
        document(
            shipment_id=_s.id,
            buyer_id=_s.buyer_id,
            purchase_commitment_id=_s.purchase_commitment_id,
            kg=text_of(_sl.kg),
            shipped_on=_s.shipped_on,
            state=_s.state,
        )
    )
    .join_from(_sl.id.table, _s.id.table, _s.id == _sl.shipment_id)
    .where(
        _sl.lot_id == bindparam("lot_id"),
        or_(_s.organization_id == bindparam("actor"), _s.buyer_id == bindparam("actor")),
    )
    .order_by(_s.id)
)

# --- Forward from a batch of an input -----------------------------------------------------------

_batch_id = bindparam("input_batch_id", type_=Uuid())
BATCH: Final = Query(
    select(_b.id).where(_b.id == _batch_id, _b.organization_id == bindparam("actor"))
)
"""Whether a batch is the actor's own."""
_from_plots = (
    select(_i.lot_id.label("lot_id"))
    .join_from(_bp.id.table, _b.id.table, _b.id == _bp.input_batch_id)
    .join(_dp.id.table, _dp.plot_id == _bp.plot_id)
    .join(_d.id.table, (_d.id == _dp.delivery_id) & (_d.delivered_on >= _b.received_on))
    .join(_i.id.table, _i.delivery_id == _d.id)
    .where(_b.id == _batch_id)
    .cte("descent", recursive=True)
)
_descent = _from_plots.union(select(_i.lot_id).where(_i.source_lot_id == _from_plots.c.lot_id))
_went_to = document(
    shipment_id=_s.id,
    buyer_id=_s.buyer_id,
    purchase_commitment_id=_s.purchase_commitment_id,
    kg=text_of(_sl.kg),
    shipped_on=_s.shipped_on,
    state=_s.state,
)
LOTS_OF_BATCH: Final = Query(
    select(
        document(
            **_lot,
            shipments=children(
                _went_to, _sl.lot_id == _l.id, _s.id == _sl.shipment_id, order_by=_s.id
            ),
        )
    )
    .where(_l.id.in_(select(_descent.c.lot_id)), _l.organization_id == bindparam("actor"))
    .order_by(_l.id)
)
