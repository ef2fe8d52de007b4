"""Meeting and writing files of plots, set by set."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import orjson

from api.core.clock import now
from api.core.collector import held_off
from api.core.geo.measure import box_of
from api.core.geo.operation_area import AreaOfOperation
from api.core.ids import new_id
from api.core.problems import FieldError
from api.domains.imports import service as imports
from api.domains.imports.repository import wait_turn
from api.domains.imports.service import AT_ONCE, Sent
from api.domains.imports.texts import repeated
from api.domains.imports.vocabulary import ImportKind, RowStatus
from api.domains.plot_imports import judged, repository, texts
from api.domains.plot_imports.judged import Judged
from api.domains.plot_imports.schemas import NAMELESS
from api.domains.plot_overlaps import service as overlaps
from api.domains.plot_overlaps.repository import Neighbour, hold_land
from api.domains.plots import arrival
from api.domains.plots.states import LIFECYCLE, PlotState
from api.domains.territories.service import faults_of_rows, locations
from api.models.plots import Plot, PlotGeometry, PlotOverlap
from api.transactions import Event, UnitOfWork

_KEPT: Final = {"id", "producer_id", "geometry"}


async def queue(uow: UnitOfWork, sent: Sent) -> UUID:
    """Let a file wait for a worker; the import's id. 422 for what is no file of plots."""
    judged.format_of(sent.media_type)
    return await imports.queue(uow, ImportKind.PLOTS, sent)


async def run(uow: UnitOfWork, sent: Sent, area: AreaOfOperation) -> UUID:
    """Import a file; the import's id. 422 for a file that cannot be read."""
    with held_off():
        return await _run(uow, sent, area)


async def _run(uow: UnitOfWork, sent: Sent, area: AreaOfOperation) -> UUID:
    rows = await _judged(sent, area)
    await wait_turn(uow)
    await _meet(uow, rows, getattr(sent.choice, "producer_id", None))
    await _refuse_unknown_districts(uow, rows)
    found = await _compare_land(uow, rows, hold=not sent.choice.dry_run)
    if imports.may_apply(rows, sent.choice):
        await _write(uow, [row for row in rows if row.stands])
        await overlaps.keep_all(uow, found)
    else:
        for row in rows:
            # What was not written has no id.
            row.resource_id = row.plot.id if row.plot else None
    return await imports.keep(uow, ImportKind.PLOTS, sent, rows)


async def _judged(sent: Sent, area: AreaOfOperation) -> list[Judged]:
    read = await asyncio.to_thread(judged.read, sent.data, sent.media_type, area)
    rows: list[Judged] = []
    for start in range(0, len(read.rows), AT_ONCE):
        await sent.progress(start, len(read.rows))
        batch = read.rows[start : start + AT_ONCE]
        rows += await asyncio.to_thread(judged.judge, batch, area)
    await sent.progress(len(rows), len(rows))
    judged.refuse_repeats(rows)
    return rows


async def _meet(uow: UnitOfWork, rows: Sequence[Judged], otherwise: UUID | None) -> None:
    """Find of each row whose it is and the plot that it is about, and what it changes."""
    await _find_producers(uow, [row for row in rows if row.stands])
    standing = [row for row in rows if row.stands]
    codes = [row.external_id for row in standing if row.external_id]
    owners = {row.producer_id or otherwise for row in standing if not row.external_id} - {None}
    known = await repository.own_plots(uow, codes, [one for one in owners if one])
    by_code = {plot.external_id: (plot, place) for plot, place in known if plot.external_id}
    by_place = (
        {}
        if not owners
        else {_place(plot.producer_id, place): (plot, place) for plot, place in known}
    )
    await _locate(uow, standing)
    nameless: list[Judged] = []
    claimed: dict[UUID, int] = {}
    for row in standing:
        assert row.place is not None
        if row.external_id:
            found = by_code.get(row.external_id)
        else:
            found = by_place.get(_place(row.producer_id or otherwise, row.place.geojson))
        if found is not None:
            row.plot, row.before = found
            _claim(row, found[0], claimed)
            continue
        if row.wish is not None:
            row.place_in(row.wish.ubigeo)
        if row.producer_id is None:
            nameless.append(row)
    await _give(uow, nameless, otherwise)


async def _locate(uow: UnitOfWork, rows: Sequence[Judged]) -> None:
    placed = [(row, row.place) for row in rows if row.place is not None]
    geometries = [place.geojson for _, place in placed]
    found = await locations(uow, geometries, [place.bounds for _, place in placed])
    for (row, _), where in zip(placed, found, strict=True):
        row.where = where


async def _refuse_unknown_districts(uow: UnitOfWork, rows: Sequence[Judged]) -> None:
    told = {row.row: row.wish.ubigeo for row in rows if row.stands and row.wish}
    known = {row.row: row.plot.ubigeo for row in rows if row.plot}
    new = {row: code for row, code in told.items() if code and code != known.get(row)}
    faults = await faults_of_rows(uow, new)
    for row in rows:
        row.refuse(*faults.get(row.row, []))


async def _find_producers(uow: UnitOfWork, rows: Sequence[Judged]) -> None:
    ids = {row.producer_id for row in rows if row.producer_id}
    codes = {row.producer_code for row in rows if row.producer_code}
    found = await repository.own_producers(uow, ids, codes) if ids or codes else []
    known, by_code = {one for one, _ in found}, {code: one for one, code in found if code}
    for row in rows:
        if row.producer_id is not None and row.producer_id not in known:
            row.refuse(texts.UNKNOWN_ID)
        elif row.producer_id is None and row.producer_code is not None:
            row.producer_id = by_code.get(row.producer_code)
            row.refuse(*([texts.UNKNOWN_CODE] if row.producer_id is None else []))


async def _give(uow: UnitOfWork, rows: Sequence[Judged], producer_id: UUID | None) -> None:
    """New plots of rows that name no producer are the one's whom the request names."""
    fault: FieldError | None = texts.NO_PRODUCER
    if rows and producer_id is not None:
        found = await repository.own_producers(uow, [producer_id], [])
        fault = None if found else texts.UNKNOWN_ID
    for row in rows:
        row.producer_id = producer_id
        row.refuse(*([fault] if fault else []))


def _place(producer_id: UUID | None, geometry: Mapping[str, Any]) -> tuple[UUID | None, bytes]:
    return producer_id, orjson.dumps(geometry, option=orjson.OPT_SORT_KEYS)


def _claim(row: Judged, plot: Plot, claimed: dict[UUID, int]) -> None:
    """Compare a row with its plot, unless an earlier row is about the same plot."""
    first = claimed.setdefault(plot.id, row.row)
    if first != row.row:
        row.refuse(repeated("/geometry", first))
        return
    _compare(row, plot)


def _compare(row: Judged, plot: Plot) -> None:
    assert row.wish is not None
    assert row.place is not None
    row.resource_id = plot.id
    if plot.state is not PlotState.ACTIVE:
        row.refuse(texts.CLOSED)
    if row.producer_id not in (None, plot.producer_id):
        row.refuse(texts.ANOTHER_PRODUCER)
    given = row.wish.model_dump(include=row.wish.model_fields_set - _KEPT)
    if "declared_area_ha" not in given and plot.declared_area_ha is not None:
        row.redeclare(plot.declared_area_ha)
    row.place_in(given.get("ubigeo", plot.ubigeo))
    if row.stands:
        row.producer_id = plot.producer_id
        wanted = given | {"warnings": row.warnings}
        row.changes = {name: v for name, v in wanted.items() if getattr(plot, name) != v}
        changed = row.changes or row.moves or _resizes(row, plot)
        row.status = RowStatus.UPDATED if changed else RowStatus.UNCHANGED


def _resizes(row: Judged, plot: Plot) -> bool:
    return row.place is not None and row.place.area_ha != plot.area_ha


async def _compare_land(
    uow: UnitOfWork, rows: Sequence[Judged], *, hold: bool
) -> Sequence[PlotOverlap]:
    """The overlaps that the rows come with; who spans too many plots is refused."""
    moving = [(row, row.place) for row in rows if row.moves and row.place is not None]
    for row, _ in moving:
        row.resource_id = row.resource_id or new_id()
    if hold and moving:
        left = [box_of(row.before) for row, _ in moving if row.before]
        await hold_land(uow, *left, *(place.bounds for _, place in moving))
    arriving = [_as_neighbour(uow, row) for row, _ in moving]
    found = await overlaps.find(uow, arriving, [place.bounds for _, place in moving])
    for place in found.crowded:
        moving[place][0].refuse(texts.crowded(found.most))
    by_plot = {row.resource_id: row for row, _ in moving}
    for overlap in found.overlaps:
        for plot_id in (overlap.plot_id, overlap.other_plot_id):
            if plot_id in by_plot:
                by_plot[plot_id].overlaps += 1
    return found.overlaps


def _as_neighbour(uow: UnitOfWork, row: Judged) -> Neighbour:
    assert row.place is not None
    assert row.resource_id is not None
    version = row.plot.geometry_version + 1 if row.plot else 1
    owner = uow.actor.organization_id
    return Neighbour(row.resource_id, owner, version, dict(row.place.geojson))


async def _write(uow: UnitOfWork, rows: Sequence[Judged]) -> None:
    new = [row for row in rows if row.status is RowStatus.CREATED]
    await uow.load(Plot, [_values(row, uow.actor.organization_id) for row in new])
    placed = [_version(row, 1) for row in new]
    for row in new:
        _record(uow, "plot.registered", row, _facts(row, 1))
    changed = [row for row in rows if row.status is RowStatus.UPDATED]
    placed += [version for row in changed if (version := _change(uow, row))]
    if moved := [row.resource_id for row in changed if row.moves and row.resource_id]:
        await overlaps.lapse(uow, *moved)
    await uow.load(PlotGeometry, placed)


def _values(row: Judged, organization_id: UUID) -> dict[str, Any]:
    assert row.wish is not None
    assert row.place is not None
    instant = now()
    named = row.wish.name if "name" in row.wish.model_fields_set else row.external_id or NAMELESS
    return {
        **row.wish.model_dump(exclude={"geometry"}),
        "name": named,
        "id": row.resource_id,
        "producer_id": row.producer_id,
        "version": 1,
        "created_at": instant,
        "updated_at": instant,
        "organization_id": organization_id,
        "state": LIFECYCLE.initial,
        "geometry_kind": row.place.kind,
        "geometry_version": 1,
        "area_ha": row.place.area_ha,
        "warnings": orjson.dumps(row.warnings).decode(),
    }


def _version(row: Judged, version: int) -> dict[str, Any]:
    assert row.place is not None
    return {
        "id": new_id(),
        "plot_id": row.resource_id,
        "geometry_version": version,
        "geometry": orjson.dumps(row.place.geojson).decode(),
        "area_ha": row.place.area_ha,
        **row.place.bounds._asdict(),
        "recorded_at": now(),
    }


def _change(uow: UnitOfWork, row: Judged) -> dict[str, Any] | None:
    """Change a plot; its new geometry's version, if it has one."""
    assert row.place is not None
    plot: Plot = row.plot
    placed = None
    replaces = row.moves or _resizes(row, plot)
    for name, value in row.changes.items():
        setattr(plot, name, value)
    if replaces:
        plot.geometry_kind, plot.area_ha = row.place.kind, row.place.area_ha
        plot.geometry_version += 1
        placed = _version(row, plot.geometry_version)
        event = LIFECYCLE.apply("replace_geometry", plot.state).event
        _record(uow, event, row, _facts(row, plot.geometry_version))
    fields = sorted(row.changes.keys() - {"warnings"})
    if fields or not replaces:
        _record(uow, LIFECYCLE.apply("change", plot.state).event, row, {"fields": fields})
    return placed


def _facts(row: Judged, version: int) -> dict[str, Any]:
    assert row.place is not None
    place = row.place
    return arrival.facts(version, place.kind, place.geojson, place.area_ha)


def _record(uow: UnitOfWork, event: str, row: Judged, data: Mapping[str, Any]) -> None:
    assert row.resource_id is not None
    assert row.producer_id is not None
    related = (("producer", row.producer_id),)
    uow.record(Event(event, ("plot", row.resource_id), data, related))
