"""What was written before, and whom a batch lets wait."""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import and_, select, text

from api.core.clock import now
from api.core.geo.measure import Bounds
from api.domains.field_batches.rules import Entry
from api.models.field_batches import FieldBatchItem
from api.models.plots import Plot, PlotGeometry
from api.models.producers import Producer
from api.transactions import UnitOfWork

_i = FieldBatchItem.__table__.c  # type: ignore[attr-defined]
_p = Plot.__table__.c  # type: ignore[attr-defined]
_g = PlotGeometry.__table__.c  # type: ignore[attr-defined]
_producer = Producer.__table__.c  # type: ignore[attr-defined]

_BATCHES: Final = 0x66696C64
"""Class of the advisory locks on an organisation's batches: permanent, never reused."""
_TURN: Final = text("SELECT pg_advisory_xact_lock(:batches, hashtext(:organization_id))")


async def wait_turn(uow: UnitOfWork) -> None:
    """One batch of an organisation at a time, so that the next sees what the last has written."""
    whose = str(uow.actor.organization_id)
    await uow.execute(_TURN, {"batches": _BATCHES, "organization_id": whose})


async def written_before(uow: UnitOfWork, entries: Sequence[Entry]) -> set[bytes]:
    """The fingerprints of those that the organisation has sent, and that were written."""
    statement = select(_i.fingerprint).where(
        _i.organization_id == uow.actor.organization_id,
        _i.fingerprint.in_([entry.fingerprint for entry in entries]),
    )
    return {bytes(row[0]) for row in await uow.rows(statement)}


def keep(uow: UnitOfWork, entry: Entry) -> None:
    """Know the item again."""
    uow.add(
        FieldBatchItem(
            organization_id=uow.actor.organization_id,
            fingerprint=entry.fingerprint,
            subject_id=entry.id,
            created_at=now(),
        )
    )


async def hold_producers(
    uow: UnitOfWork, changed: Collection[UUID], named: Collection[UUID]
) -> None:
    """Lock one's own that change, and let those that are named stay as they are; by their ids."""
    own = _producer.organization_id == uow.actor.organization_id
    by_id = select(_producer.id).order_by(_producer.id)
    if changed:
        await uow.rows(by_id.where(_producer.id.in_(changed), own).with_for_update())
    if named:
        await uow.rows(by_id.where(_producer.id.in_(named)).with_for_update(read=True))


async def hold_plots(uow: UnitOfWork, plot_ids: Collection[UUID]) -> dict[UUID, Bounds]:
    """Lock those of one's own, by their ids; the boxes around them."""
    if not plot_ids:
        return {}
    own = (_p.id.in_(plot_ids), _p.organization_id == uow.actor.organization_id)
    await uow.rows(select(_p.id).where(*own).order_by(_p.id).with_for_update(key_share=True))
    # Only once they are held: what waits for a plot that is being moved sees its place of before.
    in_force = and_(_g.plot_id == _p.id, _g.geometry_version == _p.geometry_version)
    boxes = select(_p.id, _g.west, _g.south, _g.east, _g.north).join(_g.plot_id.table, in_force)
    return {row[0]: Bounds(*row[1:]) for row in await uow.rows(boxes.where(*own))}
