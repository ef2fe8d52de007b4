"""Queries. The organisation that bought sees its deliveries."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, case, func, select

from api.core.documents import Query, children, document, instant, money, text_of
from api.core.paging import Listing
from api.domains.deliveries.rules import DRY_SHARE_OF_WET
from api.domains.deliveries.vocabulary import CocoaForm, DeliveryDocument
from api.models.deliveries import CollectionCentre, Delivery, DeliveryPlot
from api.models.plots import Plot
from api.transactions import UnitOfWork

_d = Delivery.__table__.c  # type: ignore[attr-defined]
_dp = DeliveryPlot.__table__.c  # type: ignore[attr-defined]
_centre = CollectionCentre.__table__.c  # type: ignore[attr-defined]
_plot = Plot.__table__.c  # type: ignore[attr-defined]

SHAPE: Final = document(
    id=_d.id,
    version=_d.version,
    created_at=instant(_d.created_at),
    updated_at=instant(_d.updated_at),
    organization_id=_d.organization_id,
    collection_centre_id=_d.collection_centre_id,
    producer_id=_d.producer_id,
    delivered_on=_d.delivered_on,
    captured_at=instant(_d.captured_at),
    form=_d.form,
    gross_kg=text_of(_d.gross_kg),
    tare_kg=text_of(_d.tare_kg),
    net_kg=text_of(_d.net_kg),
    unused_kg=text_of(_d.unused_kg),
    moisture=text_of(_d.moisture),
    grade=_d.grade,
    price_per_kg=text_of(_d.price_per_kg),
    premium_per_kg=text_of(_d.premium_per_kg),
    amount=money(_d.amount, _d.currency),
    retained=money(_d.retained_amount, _d.currency),
    paid=money(_d.amount - _d.retained_amount, _d.currency),
    loan_id=_d.loan_id,
    document_kind=_d.document_kind,
    document_number=_d.document_number,
    plots=children(
        document(plot_id=_dp.plot_id, geometry_version=_dp.geometry_version, kg=text_of(_dp.kg)),
        _dp.delivery_id == _d.id,
        order_by=_dp.id,
    ),
)
_own = _d.organization_id == bindparam("actor")

DELIVERY: Final = Query(select(SHAPE, _d.version).where(_d.id == bindparam("delivery_id"), _own))
DELIVERIES: Final = Listing(
    "deliveries",
    select(SHAPE).where(_own),
    order=[_d.id],
    descending=True,
    filters={
        "producer_id": _d.producer_id == bindparam("producer_id"),
        "collection_centre_id": _d.collection_centre_id == bindparam("collection_centre_id"),
        "form": _d.form == bindparam("form"),
        "unused": (_d.unused_kg > 0) == bindparam("unused"),
    },
)


async def own_centre(uow: UnitOfWork, centre_id: UUID) -> CollectionCentre | None:
    """A collection centre of the actor's organisation."""
    return await uow.find(
        CollectionCentre,
        _centre.id == centre_id,
        _centre.organization_id == uow.actor.organization_id,
    )


async def plots_for_update(
    uow: UnitOfWork, producer_id: UUID, plot_ids: Sequence[UUID]
) -> dict[UUID, Plot]:
    """The producer's plots of the actor's organisation, locked in one order, so that two
    deliveries at once see each other's kilos; overlaps may refer to them meanwhile.
    """
    statement = (
        select(Plot)
        .where(
            _plot.id.in_(plot_ids),
            _plot.producer_id == producer_id,
            _plot.organization_id == uow.actor.organization_id,
        )
        .order_by(_plot.id)
        .with_for_update(of=Plot, key_share=True)
    )
    return {row[0].id: row[0] for row in await uow.rows(statement)}


async def by_document(uow: UnitOfWork, kind: DeliveryDocument, number: str) -> list[Delivery]:
    """The deliveries that the actor's organisation recorded with a document."""
    statement = select(Delivery).where(
        _d.organization_id == uow.actor.organization_id,
        _d.document_number == number,
        _d.document_kind == kind,
    )
    return [row[0] for row in await uow.rows(statement)]


async def dry_kilos_of_twelve_months(
    uow: UnitOfWork, plot_ids: Sequence[UUID], until: date
) -> dict[UUID, Decimal]:
    """What each plot delivered in the twelve months around a day, as the most dry kilos it can
    stand for.
    """
    dry = case((_d.form == CocoaForm.WET, _dp.kg * DRY_SHARE_OF_WET), else_=_dp.kg)
    statement = (
        select(_dp.plot_id, func.sum(dry))
        .join(_d.id.table, _d.id == _dp.delivery_id)
        .where(
            _dp.plot_id.in_(plot_ids),
            _d.delivered_on > until - timedelta(days=365),
            _d.delivered_on < until + timedelta(days=365),
        )
        .group_by(_dp.plot_id)
    )
    return {row[0]: row[1] for row in await uow.rows(statement)}


async def own_for_update(uow: UnitOfWork, delivery_ids: Sequence[UUID]) -> dict[UUID, Delivery]:
    """Deliveries of the actor's organisation, locked in one order: lots draw kilos from them."""
    statement = (
        select(Delivery)
        .where(_d.id.in_(delivery_ids), _d.organization_id == uow.actor.organization_id)
        .order_by(_d.id)
        .with_for_update(of=Delivery)
    )
    return {row[0].id: row[0] for row in await uow.rows(statement)}
