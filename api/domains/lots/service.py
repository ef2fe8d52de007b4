"""Actions on lots."""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from api.core.clock import today
from api.core.ids import new_id
from api.core.problems import FieldError, InvalidPayload, NotFound, RuleBroken
from api.domains.deliveries import repository as deliveries
from api.domains.deliveries.vocabulary import CocoaForm
from api.domains.lots import repository, rules
from api.domains.lots.rules import Reason, Source
from api.domains.lots.schemas import DryingIn, LotIn, LotInputIn
from api.domains.lots.states import LotState
from api.domains.lots.vocabulary import CustodyModel, LotProcess
from api.models.deliveries import Delivery
from api.models.lots import Lot, LotInput
from api.transactions import Event, Subject, UnitOfWork


def _refuse(reasons: Sequence[Reason]) -> None:
    if reasons:
        raise RuleBroken(
            errors=[FieldError(r.pointer, r.code, {"es": r.es, "en": r.en}) for r in reasons]
        )


async def make(uow: UnitOfWork, wish: LotIn) -> UUID:
    """A lot from deliveries and lots, whose kilos are drawn from them."""
    ids = [i.delivery_id or i.source_lot_id for i in wish.inputs]
    if len(set(ids)) != len(ids):
        raise InvalidPayload(
            errors=[
                FieldError(
                    "/inputs",
                    "source-twice",
                    {"es": "un origen aparece dos veces", "en": "a source appears twice"},
                )
            ]
        )
    found = await _sources(uow, wish.inputs)
    drawn = [
        (await _as_source(uow, row), part.kg) for row, part in zip(found, wish.inputs, strict=True)
    ]
    reasons = rules.reasons_against_inputs(wish.form, wish.custody, drawn)
    reasons += rules.reasons_against_day(wish.made_on, today(), [source for source, _ in drawn])
    _refuse(reasons)
    only_lots = all(part.source_lot_id for part in wish.inputs)
    process = LotProcess.COLLECTED
    if only_lots:
        process = LotProcess.SPLIT if len(found) == 1 else LotProcess.MERGED
    kg = sum((part.kg for part in wish.inputs), Decimal(0))
    lot = _lot(uow, wish, wish.form, process, wish.custody, kg)
    for row, part in zip(found, wish.inputs, strict=True):
        draw(row, part.kg)
        uow.add(
            LotInput(
                lot_id=lot.id,
                delivery_id=part.delivery_id,
                source_lot_id=part.source_lot_id,
                kg=part.kg,
            )
        )
    _record(uow, lot, [subject_of(row) for row in found], wish.inputs)
    return lot.id


async def dry(uow: UnitOfWork, lot_id: UUID, wish: DryingIn) -> UUID:
    """A dry lot from kilos of a wet one."""
    found = await repository.own_for_update(uow, [lot_id])
    if lot_id not in found:
        raise NotFound("lot")
    wet = found[lot_id]
    source = Source(wet.unused_kg, str(wet.form), frozenset(), wet.made_on)
    reasons = rules.reasons_against_inputs(CocoaForm.WET, wet.custody, [(source, wish.wet_kg)])
    implausible = rules.reason_against_drying(wish.wet_kg, wish.dry_kg)
    reasons += rules.reasons_against_day(wish.made_on, today(), [source])
    _refuse([*reasons, *([implausible] if implausible else [])])
    lot = _lot(uow, wish, CocoaForm.DRY, LotProcess.DRIED, wet.custody, wish.dry_kg)
    draw(wet, wish.wet_kg)
    part = LotInputIn(source_lot_id=lot_id, kg=wish.wet_kg)
    uow.add(LotInput(lot_id=lot.id, source_lot_id=lot_id, kg=wish.wet_kg))
    _record(uow, lot, [("lot", lot_id)], [part])
    return lot.id


def draw(row: Delivery | Lot, kg: Decimal) -> None:
    """Take kilos off a locked source; the database refuses to go below zero."""
    row.unused_kg -= kg
    if isinstance(row, Lot) and row.unused_kg == 0:
        row.state = LotState.USED_UP


def subject_of(row: Delivery | Lot) -> Subject:
    """What the ledger calls a source."""
    return ("lot", row.id) if isinstance(row, Lot) else ("delivery", row.id)


async def _sources(uow: UnitOfWork, inputs: Sequence[LotInputIn]) -> list[Delivery | Lot]:
    """The rows behind the inputs, locked: deliveries first, then lots, each in the order of ids."""
    bought = await deliveries.own_for_update(uow, [i.delivery_id for i in inputs if i.delivery_id])
    made = await repository.own_for_update(
        uow, [i.source_lot_id for i in inputs if i.source_lot_id]
    )
    rows: list[Delivery | Lot] = []
    for part in inputs:
        if part.delivery_id is not None:
            row: Delivery | Lot | None = bought.get(part.delivery_id)
        else:
            row = made.get(part.source_lot_id) if part.source_lot_id else None
        if row is None:
            raise NotFound("delivery or lot")
        rows.append(row)
    return rows


async def _as_source(uow: UnitOfWork, row: Delivery | Lot) -> Source:
    if isinstance(row, Delivery):
        producers, since = frozenset({row.producer_id}), row.delivered_on
    else:
        producers, since = await repository.producers_of(uow, row.id), row.made_on
    return Source(row.unused_kg, str(row.form), producers, since)


def _lot(
    uow: UnitOfWork,
    wish: LotIn | DryingIn,
    form: CocoaForm,
    process: LotProcess,
    custody: CustodyModel,
    kg: Decimal,
) -> Lot:
    lot = Lot(
        id=new_id(),
        organization_id=uow.actor.organization_id,
        code=wish.code,
        made_on=wish.made_on,
        form=form,
        process=process,
        custody=custody,
        kg=kg,
        unused_kg=kg,
        state=LotState.IN_STOCK,
    )
    uow.add(lot)
    return lot


def _record(
    uow: UnitOfWork, lot: Lot, sources: Sequence[Subject], inputs: Sequence[LotInputIn]
) -> None:
    drawn = [{"source": str(i.delivery_id or i.source_lot_id), "kg": str(i.kg)} for i in inputs]
    uow.record(
        Event(
            f"lot.{lot.process}",
            ("lot", lot.id),
            {
                "form": str(lot.form),
                "custody": str(lot.custody),
                "kg": str(lot.kg),
                "made_on": lot.made_on.isoformat(),
                "inputs": drawn,
            },
            related=tuple(sources),
        )
    )
