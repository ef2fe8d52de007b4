"""The floor of W5: the least that a load is, in one process, without HTTP.

Producers: read the table, validate each row by the same model, COPY. Plots: read the file, validate
each row's properties by the same model, make all shapes at once, test them, measure each by
geodesics, find and intersect all pairs that meet, COPY. One ledger entry for the whole load, which
the database demands; no judgement of rows by number, no upsert, no locks, no outcome kept.
"""

import csv
import io
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import numpy as np
import orjson
import shapely
from pyproj import Geod

from api.core.names import search_name
from api.domains.plot_imports.schemas import PlotRow
from api.domains.producer_imports.service import COLUMNS
from api.domains.producers.schemas import ProducerIn
from bench import bulk_data

GEOD = Geod(ellps="WGS84")
_PLACES = {column.name: column.path for column in COLUMNS}
_PERSONS = ("id", "version", "created_at", "updated_at", "document_type", "document_number")
_TEXTS = ("given_names", "family_names", "birth_year", "sex", "language", "phone", "ubigeo")
_PRODUCERS = (
    "id", "version", "created_at", "updated_at", "organization_id", "person_id", "external_id",
    *_TEXTS, "association_status", "search_name", "state", "registered_on",
)  # fmt: skip
_PLOTS = (
    "id", "version", "created_at", "updated_at", "organization_id", "producer_id", "external_id",
    "name", "state", "land_use", "geometry_kind", "geometry_version", "area_ha",
    "declared_area_ha", "variety", "planting_year", "tenure_kind", "warnings",
)  # fmt: skip
_GEOMETRIES = (
    "id", "plot_id", "geometry_version", "geometry", "area_ha", "west", "south", "east", "north",
    "recorded_at",
)  # fmt: skip
_OVERLAPS = (
    "id", "version", "created_at", "updated_at", "plot_id", "organization_id", "geometry_version",
    "share", "other_plot_id", "other_organization_id", "other_geometry_version", "other_share",
    "area_ha", "at_point", "state",
)  # fmt: skip


async def producers(connection: Any, owner: UUID, data: bytes) -> None:
    """Load a file of producers."""
    wishes = [_wish(row) for row in csv.DictReader(io.StringIO(data.decode()))]
    now = datetime.now(UTC)
    stamp, persons = (1, now, now), [uuid4() for _ in wishes]
    async with connection.transaction():
        await _copy(connection, "persons", _PERSONS, [
            (person, *stamp, wish.document.type.value, wish.document.number)
            for person, wish in zip(persons, wishes, strict=True)
        ])  # fmt: skip
        await _copy(connection, "producers", _PRODUCERS, [
            (uuid4(), *stamp, owner, person, wish.external_id,
             *(getattr(wish, name) for name in _TEXTS), wish.association_status.value,
             search_name(wish.given_names, wish.family_names), "active", now.date())
            for person, wish in zip(persons, wishes, strict=True)
        ])  # fmt: skip
        await bulk_data.told(connection, owner)


def _wish(row: dict[str, str]) -> ProducerIn:
    members: dict[str, Any] = {}
    for name, text in row.items():
        *parents, last = _PLACES[name]
        holder = members
        for parent in parents:
            holder = holder.setdefault(parent, {})
        holder[last] = int(text) if name == "birth_year" else text
    return ProducerIn.model_validate(members)


async def plots(connection: Any, owner: UUID, data: bytes) -> None:
    """Load a file of plots."""
    features = orjson.loads(data)["features"]
    codes = [feature["properties"].pop("producer_external_id") for feature in features]
    wishes = [PlotRow.model_validate(feature["properties"]) for feature in features]
    rings = [feature["geometry"]["coordinates"][0] for feature in features]
    shapes, hectares, found = _geometry(rings)
    bounds = shapely.bounds(shapes).tolist()
    now = datetime.now(UTC)
    stamp, ids = (1, now, now), [uuid4() for _ in wishes]
    async with connection.transaction():
        known = dict(await connection.fetch(
            "SELECT external_id, id FROM producers WHERE organization_id = $1", owner
        ))  # fmt: skip
        await _copy(connection, "plots", _PLOTS, [
            (plot_id, *stamp, owner, known[code], wish.external_id, wish.name, "active",
             wish.land_use.value, "polygon", 1, area, wish.declared_area_ha, wish.variety,
             wish.planting_year, wish.tenure_kind.value, "[]")
            for plot_id, code, wish, area in zip(ids, codes, wishes, hectares, strict=True)
        ])  # fmt: skip
        await _copy(connection, "plot_geometries", _GEOMETRIES, [
            (uuid4(), plot_id, 1, orjson.dumps(feature["geometry"]).decode(), area, *box, now)
            for plot_id, feature, area, box in zip(ids, features, hectares, bounds, strict=True)
        ])  # fmt: skip
        sides = [(*sorted((ids[i], ids[j])), area) for i, j, area in found]
        await _copy(connection, "plot_overlaps", _OVERLAPS, [
            (uuid4(), *stamp, first, owner, 1, "0.1", second, owner, 1, "0.1", area, False, "open")
            for first, second, area in sides
        ])  # fmt: skip
        await bulk_data.told(connection, owner)


def _geometry(rings: list[list[list[float]]]) -> tuple[Any, list[str], list[tuple[int, int, str]]]:
    """Shapes, hectares, and the overlaps of all with all: the work of the geometry alone."""
    positions = np.array([position for ring in rings for position in ring])
    owners = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
    shapes = shapely.polygons(shapely.linearrings(positions, indices=owners))
    if not shapely.is_valid(shapes).all():
        raise ValueError("the data of the benchmark is sound")
    hectares = [_hectares(shape) for shape in shapes]
    firsts, seconds = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = firsts < seconds
    firsts, seconds = firsts[once], seconds[once]
    shared = shapely.intersection(shapes[firsts], shapes[seconds])
    found = [
        (int(i), int(j), _hectares(land))
        for i, j, land in zip(firsts, seconds, shared, strict=True)
        if land.area > 0
    ]
    return shapes, hectares, [one for one in found if float(one[2]) > 0]


def _hectares(shape: Any) -> str:
    return f"{abs(GEOD.geometry_area_perimeter(shape)[0]) / 10_000:.4f}"


async def _copy(
    connection: "asyncpg.Connection", table: str, columns: tuple[str, ...], rows: list[Any]
) -> None:
    await connection.copy_records_to_table(table, columns=columns, records=rows)
