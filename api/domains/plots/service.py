"""Registering, changing and closing plots."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from api.core.clock import now, today
from api.core.geo.findings import has_error
from api.core.geo.measure import Bounds
from api.core.geo.operation_area import AreaOfOperation
from api.core.ids import new_id
from api.core.problems import FieldError, InvalidPayload, NotFound, Problem
from api.domains.consents.service import refusal
from api.domains.plot_overlaps.repository import Neighbour, hold_land
from api.domains.plot_overlaps.service import compare, lapse
from api.domains.plots import arrival, repository
from api.domains.plots.problems import PlotExists
from api.domains.plots.rules import PlotGeometry as JudgedGeometry
from api.domains.plots.rules import PlotVerdict
from api.domains.plots.schemas import GeometryChange, PlotChange, PlotIn
from api.domains.plots.states import LIFECYCLE
from api.domains.producers.rules import moment_faults
from api.domains.producers.service import expect_remembered
from api.domains.territories.service import district_faults, locations
from api.models.plots import Plot, PlotGeometry
from api.reads import Reader
from api.transactions import Event, UnitOfWork


async def register(uow: UnitOfWork, wish: PlotIn, area: AreaOfOperation) -> UUID:
    """A plot of one of the organisation's producers, and the overlaps that it comes with.

    422 with every fault of its geometry, 404 where the producer is not its own, 409 where the id
    or the code is in use.
    """
    verdict = arrival.judge_arrival(wish.geometry, wish.declared_area_ha, area)
    found = time_faults(wish.planting_year, wish.captured_at)
    found += await district_faults(uow, wish.ubigeo, "/ubigeo")
    place = _accepted(verdict, found)
    producer = await repository.own_producer(uow, wish.producer_id)
    if producer is None or not producer.is_active:
        raise NotFound("producer")
    await _refuse_twin(uow, wish.id, wish.external_id)
    plot = Plot(
        **wish.model_dump(exclude={"id", "geometry"}),
        id=wish.id or new_id(),
        organization_id=uow.actor.organization_id,
        state=LIFECYCLE.initial,
        geometry_kind=place.kind,
        geometry_version=1,
        area_ha=place.area_ha,
        warnings=[
            *arrival.warnings(verdict.findings),
            *await _about_district(uow, wish.ubigeo, place.geojson, place.bounds),
        ],
    )
    uow.add(plot, _version_of(plot, place))
    _record(uow, "plot.registered", plot, _facts(plot, place.geojson))
    await hold_land(uow, place.bounds)
    await compare(uow, _as_neighbour(plot, place), place.bounds)
    return plot.id


async def replace_geometry(
    uow: UnitOfWork, plot_id: UUID, version: int, wish: GeometryChange, area: AreaOfOperation
) -> None:
    """Another geometry for a plot; the one before stays as its history.

    Its overlaps lapse, and those of the new geometry are found. The geometry that is in force
    already leaves them as they are.
    """
    plot, event = await _begin(uow, plot_id, "replace_geometry", None)
    changes = wish.changes()
    changes.pop("geometry")
    declared = changes.get("declared_area_ha", plot.declared_area_ha)
    verdict = arrival.judge_arrival(wish.geometry, declared, area)
    place = _accepted(verdict, time_faults(None, changes.get("captured_at")))
    # After the verdict: what is no geometry is none of any version.
    uow.expect_version(plot, version)
    before = await repository.geometry_in_force(uow, plot)
    moved = before.geometry != place.geojson
    if moved or plot.area_ha != place.area_ha:
        plot.geometry_kind, plot.area_ha = place.kind, place.area_ha
        plot.geometry_version += 1
        uow.add(_version_of(plot, place))
    told = changes | {
        "warnings": [
            *arrival.warnings(verdict.findings),
            *await _about_district(uow, plot.ubigeo, place.geojson, place.bounds),
        ]
    }
    if not _set(plot, told) and plot.geometry_version == before.geometry_version:
        return
    _record(uow, event, plot, _facts(plot, place.geojson))
    if moved:
        await hold_land(uow, repository.box_of(before), place.bounds)
        await lapse(uow, plot_id)
        await compare(uow, _as_neighbour(plot, place), place.bounds)


async def change(uow: UnitOfWork, plot_id: UUID, version: int, wish: PlotChange) -> None:
    """Change what is known of a plot. The event names the fields and no values."""
    plot, event = await _begin(uow, plot_id, "change", version)
    wanted = wish.changes()
    found = time_faults(wanted.get("planting_year"), None)
    if wanted.get("ubigeo") != plot.ubigeo:
        found += await district_faults(uow, wanted.get("ubigeo"), "/ubigeo")
    if found:
        raise InvalidPayload(errors=found)
    if wanted.get("external_id") not in (None, plot.external_id):
        await _refuse_twin(uow, None, wanted["external_id"])
    changes = _set(plot, wanted)
    if not changes:
        return
    data: dict[str, Any] = {"fields": changes}
    if "ubigeo" in changes:
        await _redistrict(uow, plot)
    if "declared_area_ha" in changes:
        data |= await _redeclare(uow, plot)
    _record(uow, event, plot, data)


async def close(uow: UnitOfWork, plot_id: UUID) -> None:
    """No more deliveries from this plot; its overlaps lapse."""
    plot, event = await _begin(uow, plot_id, "close", None)
    plot.state, plot.closed_on = LIFECYCLE.transitions["close"].target, today()
    _record(uow, event, plot, {})
    await hold_land(uow, repository.box_of(await repository.geometry_in_force(uow, plot)))
    await lapse(uow, plot_id)


async def expect_own(reader: Reader, plot_id: UUID) -> None:
    """404 unless the plot is the actor's own."""
    if not await reader.rows(repository.OWN, plot_id=plot_id):
        raise NotFound("plot")


async def why_hidden(reader: Reader, plot_id: UUID) -> Problem:
    """Why the actor does not see a plot: 404, or 403 where a consent had let it know of the
    producer.
    """
    rows = await reader.rows(repository.PRODUCER_OF, plot_id=plot_id)
    problem = await refusal(reader, rows[0][0]) if rows else NotFound("plot")
    return NotFound("plot") if isinstance(problem, NotFound) else problem


async def _begin(
    uow: UnitOfWork, plot_id: UUID, action: str, version: int | None
) -> tuple[Plot, str]:
    plot = await repository.own_for_update(uow, plot_id)
    if plot is None:
        raise NotFound("plot")
    uow.expect_version(plot, version)
    if action != "close":
        await expect_remembered(uow, plot.producer_id)
    return plot, LIFECYCLE.apply(action, plot.state).event


def _set(plot: Plot, wanted: Mapping[str, Any]) -> list[str]:
    """Give the plot these values; the names of those that are new to it, in order."""
    new = sorted(name for name, value in wanted.items() if getattr(plot, name) != value)
    for name in new:
        setattr(plot, name, wanted[name])
    return new


async def _redistrict(uow: UnitOfWork, plot: Plot) -> None:
    """Compare a new declared district with the plot's position."""
    place = await repository.geometry_in_force(uow, plot)
    kept = [warning for warning in plot.warnings if warning["code"] not in arrival.ABOUT_DISTRICT]
    box = repository.box_of(place)
    plot.warnings = kept + await _about_district(uow, plot.ubigeo, place.geometry, box)


async def _about_district(
    uow: UnitOfWork, ubigeo: str | None, geometry: Mapping[str, Any], box: Bounds
) -> list[dict[str, str]]:
    if ubigeo is None:
        return []
    [where] = await locations(uow, [geometry], [box])
    return arrival.warnings(arrival.judge_district(ubigeo, where))


async def _redeclare(uow: UnitOfWork, plot: Plot) -> dict[str, Any]:
    """Weigh a new declared area; where a point's area is another then, so is its geometry's."""
    area_ha, findings = arrival.judge_declared_area(
        plot.geometry_kind, plot.area_ha, plot.declared_area_ha
    )
    if has_error(findings):
        raise InvalidPayload(errors=arrival.faults(findings))
    kept = [warning for warning in plot.warnings if warning["code"] not in arrival.ABOUT_AREA]
    plot.warnings = kept + arrival.warnings(findings)
    if area_ha == plot.area_ha:
        return {}
    before = await repository.geometry_in_force(uow, plot)
    plot.area_ha, plot.geometry_version = area_ha, plot.geometry_version + 1
    fields = before.model_dump(exclude={"id", "bounds", "geometry_version", "area_ha"})
    uow.add(
        PlotGeometry(
            **fields | {"recorded_at": now()},
            id=new_id(),
            geometry_version=plot.geometry_version,
            area_ha=area_ha,
        )
    )
    return _facts(plot, before.geometry)


def _accepted(verdict: PlotVerdict, more: list[FieldError]) -> JudgedGeometry:
    """The geometry; 422 with every fault of it, and the others of the request."""
    if verdict.geometry is None or more:
        raise InvalidPayload(errors=[*arrival.faults(verdict.findings), *more])
    return verdict.geometry


def time_faults(planting_year: int | None, captured_at: datetime | None) -> list[FieldError]:
    """What was planted or surveyed in the future."""
    instant = now()
    found = list(moment_faults(None, captured_at, instant))
    if planting_year is not None and planting_year > instant.year:
        found.append(arrival.NOT_PLANTED_YET)
    return found


async def _refuse_twin(uow: UnitOfWork, plot_id: UUID | None, external_id: str | None) -> None:
    existing = await repository.twin(uow, plot_id, external_id)
    if existing is not None:
        raise PlotExists(extensions={"plot_id": str(existing)})


def _version_of(plot: Plot, place: JudgedGeometry) -> PlotGeometry:
    west, south, east, north = place.bounds
    return PlotGeometry(
        id=new_id(),
        plot_id=plot.id,
        geometry_version=plot.geometry_version,
        geometry=dict(place.geojson),
        area_ha=place.area_ha,
        west=west,
        south=south,
        east=east,
        north=north,
        recorded_at=now(),
    )


def _as_neighbour(plot: Plot, place: JudgedGeometry) -> Neighbour:
    return Neighbour(plot.id, plot.organization_id, plot.geometry_version, dict(place.geojson))


def _facts(plot: Plot, geometry: Mapping[str, Any]) -> dict[str, Any]:
    return arrival.facts(plot.geometry_version, plot.geometry_kind, geometry, plot.area_ha)


def _record(uow: UnitOfWork, event: str, plot: Plot, data: dict[str, Any]) -> None:
    uow.record(Event(event, ("plot", plot.id), data, (("producer", plot.producer_id),)))
