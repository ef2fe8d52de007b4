"""Applying one item by the service of its room."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from api.core.clock import now
from api.core.field_errors import field_errors
from api.core.geo.operation_area import AreaOfOperation
from api.core.problems import InvalidPayload, NotFound, PermissionMissing
from api.core.wire import Shape
from api.domains.deliveries import service as deliveries
from api.domains.deliveries.schemas import DeliveryIn
from api.domains.field_items import repository
from api.domains.field_items.problems import NotChangeable
from api.domains.field_items.rules import merge
from api.domains.field_items.schemas import FieldItemIn, PlotFieldChange
from api.domains.field_items.vocabulary import FieldKind, ItemStatus
from api.domains.plots import service as plots
from api.domains.plots.arrival import judge_arrival
from api.domains.plots.schemas import GeometryChange, PlotChange, PlotIn
from api.domains.producers import service as producers
from api.domains.producers.rules import moment_faults
from api.domains.producers.schemas import IdentityDocumentIn, ProducerChange, ProducerIn
from api.domains.visits import service as visits
from api.domains.visits.schemas import VisitChange, VisitIn
from api.policies import Permission
from api.transactions import UnitOfWork


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of an item that no rule refused."""

    status: ItemStatus
    version: int | None = None
    differences: list[dict[str, Any]] = field(default_factory=list)
    current: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class _Kind:
    permission: Permission
    new: type[Shape]
    change: type[Shape] | None
    add: Callable[[UnitOfWork, Any, AreaOfOperation], Awaitable[UUID]]
    alter: Callable[["_Change", UnitOfWork, AreaOfOperation], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True)
class _Change:
    """The members that are to be written, from this version."""

    item: FieldItemIn
    version: int
    members: dict[str, Any]


async def apply(uow: UnitOfWork, item: FieldItemIn, area: AreaOfOperation) -> Settled:
    """Write a new thing, or the change of one.

    Raises what the kind's single route would; a conflict is an answer and writes nothing. Who calls
    lets nobody else change the thing meanwhile.
    """
    kind = KINDS[item.kind]
    if kind.permission not in uow.actor.permissions:
        raise PermissionMissing(kind.permission)
    if item.version is None:
        return await _apply_new(uow, kind, item, area)
    return await _apply_change(uow, kind, item, area)


async def version_of(uow: UnitOfWork, item: FieldItemIn) -> int | None:
    """The version that stands now."""
    found = await repository.standing(uow, item.kind, item.id)
    return found["version"] if found else None


async def _apply_new(
    uow: UnitOfWork, kind: _Kind, item: FieldItemIn, area: AreaOfOperation
) -> Settled:
    sent = {**item.body, "id": str(item.id), "captured_at": item.captured_at.isoformat()}
    wish = _parsed(kind.new, sent)
    current = await repository.standing(uow, item.kind, item.id)
    if current is None:
        await kind.add(uow, wish, area)
        return Settled(ItemStatus.APPLIED, await version_of(uow, item))
    await _expect_remembered(uow, item.kind, current)
    stands = _as_sent(item.kind, current)
    names = set(wish.model_fields_set) - {"id", "captured_at"}
    other = kind.new.model_validate({**stands, "id": str(item.id)})
    found = _Compared(item, stands, area)
    differing = [name for name in sorted(names) if found.differ(name, wish, other)]
    return found.settled(current, differing)


async def _apply_change(
    uow: UnitOfWork, kind: _Kind, item: FieldItemIn, area: AreaOfOperation
) -> Settled:
    if kind.change is None or kind.alter is None:
        raise NotChangeable
    wish, base = _parsed(kind.change, item.body), _parsed(kind.change, item.base, "base")
    if found := moment_faults(None, item.captured_at, now()):
        raise InvalidPayload(errors=found)
    current = await repository.standing(uow, item.kind, item.id)
    if current is None:
        raise NotFound(item.kind.value)
    await _expect_remembered(uow, item.kind, current)
    stands = _as_sent(item.kind, current)
    names = sorted(wish.model_fields_set)
    held = kind.change.model_validate({name: stands[name] for name in names})
    compared = _Compared(item, stands, area)
    judged = merge(
        compared.plain(wish, names),
        compared.plain(held, names),
        compared.plain(base, sorted(base.model_fields_set & set(names))),
        same_version=current["version"] == item.version,
    )
    if judged.contested or not judged.writable:
        return compared.settled(current, judged.contested)
    members = {name: item.body[name] for name in judged.writable}
    await kind.alter(_Change(item, current["version"], members), uow, area)
    return Settled(ItemStatus.APPLIED, await version_of(uow, item))


@dataclass(frozen=True, slots=True)
class _Compared:
    item: FieldItemIn
    stands: Mapping[str, Any]
    area: AreaOfOperation

    def plain(self, shape: Shape, names: list[str]) -> dict[str, Any]:
        """Values that are equal where they mean the same."""
        return {name: self._plain(name, getattr(shape, name)) for name in names}

    def differ(self, name: str, one: Shape, other: Shape) -> bool:
        return bool(self.plain(one, [name]) != self.plain(other, [name]))

    def _plain(self, name: str, value: Any) -> Any:
        if isinstance(value, IdentityDocumentIn):
            return value.type, value.number.upper()
        if name == "geometry":
            judged = judge_arrival(value, None, self.area).geometry
            return value if judged is None else judged.geojson
        return value

    def settled(self, current: dict[str, Any], contested: Any) -> Settled:
        """In conflict over these fields, or, where there is none, as it was."""
        differences = [
            {
                "field": name,
                "base": self.item.base.get(name),
                "yours": self.item.body.get(name),
                "current": self.stands.get(name),
            }
            for name in contested
        ]
        if differences:
            return Settled(ItemStatus.CONFLICT, current["version"], differences, current)
        return Settled(ItemStatus.UNCHANGED, current["version"])


def _parsed(shape: type[Shape], members: Mapping[str, Any], *place: str) -> Shape:
    try:
        return shape.model_validate(dict(members))
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        located = [{**one, "loc": ("body", *place, *one["loc"])} for one in found]
        raise InvalidPayload(errors=field_errors(located)) from None


def _as_sent(kind: FieldKind, current: Mapping[str, Any]) -> dict[str, Any]:
    """The document as an app would send it."""
    stands = {name: current[name] for name in KINDS[kind].new.model_fields if name in current}
    if kind is FieldKind.DELIVERY:
        stands["currency"] = current["amount"]["currency"]
        stands["plots"] = [{k: p[k] for k in ("plot_id", "kg")} for p in current["plots"]]
        stands["retention"] = (
            {"loan_id": current["loan_id"], "amount": current["retained"]}
            if current["loan_id"]
            else None
        )
    return stands


async def _expect_remembered(uow: UnitOfWork, kind: FieldKind, current: Mapping[str, Any]) -> None:
    """410 where it is about somebody erased: what the app still holds must not come back."""
    whose = current["id"] if kind is FieldKind.PRODUCER else current["producer_id"]
    await producers.expect_remembered(uow, UUID(whose))


async def _add_producer(uow: UnitOfWork, wish: ProducerIn, _: AreaOfOperation) -> UUID:
    return await producers.register(uow, wish)


async def _add_visit(uow: UnitOfWork, wish: VisitIn, _: AreaOfOperation) -> UUID:
    return await visits.record(uow, wish)


async def _add_delivery(uow: UnitOfWork, wish: DeliveryIn, _: AreaOfOperation) -> UUID:
    return await deliveries.record(uow, wish)


async def _change_producer(change: _Change, uow: UnitOfWork, _: AreaOfOperation) -> None:
    wish = ProducerChange.model_validate(change.members)
    await producers.change(uow, change.item.id, wish, change.version)


async def _change_visit(change: _Change, uow: UnitOfWork, _: AreaOfOperation) -> None:
    wish = VisitChange.model_validate(change.members)
    await visits.correct(uow, change.item.id, change.version, wish)


async def _change_plot(change: _Change, uow: UnitOfWork, area: AreaOfOperation) -> None:
    """The geometry is judged together with the area that was declared with it."""
    members, version = dict(change.members), change.version
    together = ("geometry", "declared_area_ha")
    moved: dict[str, Any] = {name: members.pop(name) for name in together if name in members}
    if "geometry" not in moved:
        members |= moved
    if members:
        wish = PlotChange.model_validate(members)
        await plots.change(uow, change.item.id, version, wish)
        version = await version_of(uow, change.item) or version
    if "geometry" in moved:
        moved["captured_at"] = change.item.captured_at.isoformat()
        geometry = GeometryChange.model_validate(moved)
        await plots.replace_geometry(uow, change.item.id, version, geometry, area)


KINDS: Final[Mapping[FieldKind, _Kind]] = MappingProxyType({
    FieldKind.PRODUCER: _Kind(
        Permission.PRODUCERS_WRITE, ProducerIn, ProducerChange, _add_producer, _change_producer,
    ),
    FieldKind.PLOT: _Kind(
        Permission.PLOTS_WRITE, PlotIn, PlotFieldChange, plots.register, _change_plot,
    ),
    FieldKind.VISIT: _Kind(
        Permission.VISITS_WRITE, VisitIn, VisitChange, _add_visit, _change_visit,
    ),
    FieldKind.DELIVERY: _Kind(Permission.DELIVERIES_WRITE, DeliveryIn, None, _add_delivery),
})  # fmt: skip
"""Each kind's permission, shapes and services: those of its single routes."""
