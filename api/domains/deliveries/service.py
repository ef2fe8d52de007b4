"""Actions on deliveries."""

from decimal import Decimal
from uuid import UUID

from api.core.clock import now, today
from api.core.ids import new_id
from api.core.problems import FieldError, InvalidPayload, NotFound, RuleBroken
from api.domains.deliveries import repository, rules
from api.domains.deliveries.schemas import DeliveryIn
from api.domains.deliveries.vocabulary import CocoaForm, DeliveryDocument
from api.domains.loans import service as loans
from api.domains.plots.states import PlotState
from api.domains.producers.rules import moment_faults
from api.models.deliveries import Delivery, DeliveryPlot
from api.models.plots import Plot
from api.transactions import Event, UnitOfWork


def _fault(pointer: str, code: str, es: str, en: str) -> FieldError:
    return FieldError(pointer, code, {"es": es, "en": en})


async def record(uow: UnitOfWork, wish: DeliveryIn) -> UUID:
    """A delivery with its kilos per plot and, where asked, its retention for a loan."""
    if await repository.own_centre(uow, wish.collection_centre_id) is None:
        raise NotFound("collection centre")
    _check_payload(wish)
    plots = await _checked_plots(uow, wish)
    if wish.retention:
        await loans.retainable(uow, wish.retention.loan_id)
    delivery = _delivery(uow, wish)
    uow.add(delivery)
    for part in wish.plots:
        uow.add(
            DeliveryPlot(
                delivery_id=delivery.id,
                plot_id=part.plot_id,
                geometry_version=plots[part.plot_id].geometry_version,
                kg=part.kg,
            )
        )
    uow.record(_told(delivery, wish))
    if wish.retention:
        await uow.session.flush()
        await loans.repay_by_retention(
            uow,
            wish.retention.loan_id,
            wish.retention.amount.amount,
            wish.delivered_on,
            delivery.id,
        )
    return delivery.id


def _check_payload(wish: DeliveryIn) -> None:
    kilos = {str(part.plot_id): part.kg for part in wish.plots}
    errors = [
        _fault(r.pointer, r.code, r.es, r.en)
        for r in rules.reasons_against_weights(wish.gross_kg, wish.tare_kg, kilos)
    ]
    if len(kilos) != len(wish.plots):
        errors.append(
            _fault("/plots", "plot-twice", "una parcela aparece dos veces", "a plot appears twice")
        )
    errors += moment_faults(None, wish.captured_at, now())
    if wish.delivered_on > today():
        errors.append(
            _fault("/delivered_on", "in-the-future", "la fecha es futura", "the day is to come")
        )
    if wish.retention and wish.retention.amount.currency != wish.currency:
        errors.append(
            _fault(
                "/retention/amount/currency",
                "other-currency",
                "la retención va en la moneda de la compra",
                "the retention must be in the purchase's currency",
            )
        )
    if wish.retention and wish.retention.amount.amount > _amount(wish):
        errors.append(
            _fault(
                "/retention/amount",
                "beyond-the-price",
                "la retención supera el precio",
                "the retention is more than the price",
            )
        )
    if errors:
        raise InvalidPayload(errors=errors)


async def _checked_plots(uow: UnitOfWork, wish: DeliveryIn) -> dict[UUID, Plot]:
    """The plots, if they are the producer's, open, and can have yielded this much."""
    ids = [part.plot_id for part in wish.plots]
    plots = await repository.plots_for_update(uow, wish.producer_id, ids)
    if len(plots) != len(ids):
        raise NotFound("plot of this producer")
    before = await repository.dry_kilos_of_twelve_months(uow, ids, wish.delivered_on)
    errors = []
    for index, part in enumerate(wish.plots):
        plot = plots[part.plot_id]
        if plot.state is not PlotState.ACTIVE:
            errors.append(
                _fault(
                    f"/plots/{index}", "plot-closed", "la parcela está cerrada", "plot is closed"
                )
            )
        reason = rules.reason_against_yield(
            index,
            plot.area_ha,
            before.get(part.plot_id, Decimal(0)),
            rules.dry_equivalent(part.kg, wet=wish.form is CocoaForm.WET),
        )
        if reason:
            errors.append(_fault(reason.pointer, reason.code, reason.es, reason.en))
    # The plots are locked: of the same purchase told twice at once, one finds the other.
    errors += await _document_faults(uow, wish)
    if errors:
        raise RuleBroken(errors=errors)
    return plots


async def _document_faults(uow: UnitOfWork, wish: DeliveryIn) -> list[FieldError]:
    known = await repository.by_document(uow, wish.document_kind, wish.document_number)
    reason = rules.reason_against_document(
        _paper(wish),
        [_paper(each) for each in known if each.id != wish.id],
        of_one_producer=wish.document_kind is DeliveryDocument.LIQUIDACION_DE_COMPRA,
    )
    return [_fault(reason.pointer, reason.code, reason.es, reason.en)] if reason else []


def _paper(row: DeliveryIn | Delivery) -> rules.Paper:
    weighed = row.delivered_on, row.form, row.grade, row.gross_kg, row.tare_kg
    return rules.Paper(row.producer_id, (*weighed, row.price_per_kg, row.premium_per_kg))


def _amount(wish: DeliveryIn) -> Decimal:
    net = wish.gross_kg - wish.tare_kg
    return rules.price_of(net, wish.price_per_kg, wish.premium_per_kg)


def _delivery(uow: UnitOfWork, wish: DeliveryIn) -> Delivery:
    net = wish.gross_kg - wish.tare_kg
    kept = {"collection_centre_id", "producer_id", "delivered_on", "captured_at", "form"}
    kept |= {"gross_kg", "tare_kg", "moisture", "grade", "currency", "price_per_kg"}
    kept |= {"premium_per_kg", "document_kind", "document_number"}
    return Delivery(
        id=wish.id or new_id(),
        organization_id=uow.actor.organization_id,
        net_kg=net,
        unused_kg=net,
        amount=_amount(wish),
        retained_amount=wish.retention.amount.amount if wish.retention else Decimal(0),
        loan_id=wish.retention.loan_id if wish.retention else None,
        **wish.model_dump(include=kept),
    )


def _told(delivery: Delivery, wish: DeliveryIn) -> Event:
    return Event(
        "delivery.recorded",
        ("delivery", delivery.id),
        {
            "form": str(delivery.form),
            "net_kg": str(delivery.net_kg),
            "amount": str(delivery.amount),
            "retained_amount": str(delivery.retained_amount),
            "currency": delivery.currency,
            "delivered_on": delivery.delivered_on.isoformat(),
            "plots": [{"plot_id": str(p.plot_id), "kg": str(p.kg)} for p in wish.plots],
        },
        related=(("producer", delivery.producer_id), *(("plot", p.plot_id) for p in wish.plots)),
    )
