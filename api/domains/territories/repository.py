"""Queries. Everybody sees all territories."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import ARRAY, Text, all_, bindparam, select, text

from api.core.documents import Query, document, instant
from api.core.geo.measure import Bounds
from api.core.paging import Listing
from api.models.territories import Territory
from api.transactions import UnitOfWork

_t = Territory.__table__.c  # type: ignore[attr-defined]

SHAPE: Final = document(
    ubigeo=_t.ubigeo,
    version=_t.version,
    updated_at=instant(_t.updated_at),
    level=_t.level,
    name=_t.name,
    department=_t.department,
    province=_t.province,
    capital=_t.capital,
    reniec_code=_t.reniec_code,
)
TERRITORY: Final = Query(select(SHAPE, _t.version).where(_t.ubigeo == bindparam("ubigeo")))
TERRITORIES: Final = Listing(
    "territories",
    select(SHAPE).select_from(_t.ubigeo.table),
    order=[_t.ubigeo],
    filters={
        "level": _t.level == bindparam("level"),
        "prefix": _t.ubigeo.startswith(bindparam("prefix", type_=Text())),
        "q": _t.search_name.like(all_(bindparam("q", type_=ARRAY(Text())))),
        "reniec_code": _t.reniec_code == bindparam("reniec_code"),
    },
)

_UNKNOWN: Final = Query(
    text(
        "SELECT w.code, (SELECT min(r.ubigeo) FROM territories AS r"
        " WHERE r.reniec_code = w.code AND r.level = 'district') AS by_reniec"
        " FROM unnest(CAST(:codes AS text[])) AS w(code)"
        " WHERE NOT EXISTS (SELECT FROM territories AS t"
        " WHERE t.ubigeo = w.code AND t.level = 'district')"
        " AND EXISTS (SELECT FROM territories WHERE level = 'district')"
    )
)


async def unknown_districts(uow: UnitOfWork, codes: Collection[str]) -> dict[str, str | None]:
    """Which of these codes are no district's, each with the INEI code of the district that RENIEC
    knows by it. None of them where no district is loaded.
    """
    rows = await uow.fetch(_UNKNOWN, codes=sorted(codes)) if codes else []
    return dict(rows)


_UNKNOWN_PREFIXES: Final = Query(
    text(
        "SELECT w.prefix FROM unnest(CAST(:prefixes AS text[])) AS w(prefix)"
        " WHERE NOT EXISTS (SELECT FROM territories AS t"
        " WHERE t.level = 'district' AND starts_with(t.ubigeo, w.prefix))"
        " AND EXISTS (SELECT FROM territories WHERE level = 'district')"
    )
)


async def unknown_prefixes(uow: UnitOfWork, prefixes: Collection[str]) -> set[str]:
    """Which of these begin no district's code. None of them where no district is loaded."""
    rows = await uow.fetch(_UNKNOWN_PREFIXES, prefixes=sorted(prefixes)) if prefixes else []
    return {prefix for (prefix,) in rows}


_NEAR: Final = Query(
    text(
        "SELECT ubigeo, shape FROM district_boundaries WHERE ubigeo IN (SELECT b.ubigeo"
        " FROM unnest(CAST(:west AS float8[]), CAST(:south AS float8[]), CAST(:east AS float8[]),"
        " CAST(:north AS float8[])) AS w(west, south, east, north)"
        " JOIN district_boundaries AS b"
        " ON b.bounds && box(point(w.west, w.south), point(w.east, w.north)))"
    )
)


async def boundaries_near(uow: UnitOfWork, boxes: Sequence[Bounds]) -> dict[str, bytes]:
    """The shapes (WKB) of all districts whose box meets one of these, by code."""
    if not boxes:
        return {}
    sides = zip(("west", "south", "east", "north"), zip(*boxes, strict=True), strict=True)
    return dict(await uow.fetch(_NEAR, **{name: list(edges) for name, edges in sides}))


_KNOWN_SHAPES: Final = text("SELECT ubigeo, sha256(shape) FROM district_boundaries")
_KEEP_SHAPE: Final = text(
    "INSERT INTO district_boundaries (ubigeo, shape, west, south, east, north, updated_at)"
    " VALUES (:ubigeo, :shape, :west, :south, :east, :north, :updated_at)"
    " ON CONFLICT (ubigeo) DO UPDATE SET shape = excluded.shape, west = excluded.west,"
    " south = excluded.south, east = excluded.east, north = excluded.north,"
    " updated_at = excluded.updated_at"
)


async def known_shapes(uow: UnitOfWork) -> dict[str, bytes]:
    """SHA-256 of every boundary's WKB, by code; nobody else loads any until the end."""
    await uow.execute(text("LOCK TABLE district_boundaries IN SHARE ROW EXCLUSIVE MODE"))
    return dict((await uow.execute(_KNOWN_SHAPES)).all())


async def keep_shapes(uow: UnitOfWork, records: Sequence[dict[str, Any]]) -> None:
    """Write boundaries, over those of the same districts."""
    if records:
        await uow.execute(_KEEP_SHAPE, list(records))


async def all_for_update(uow: UnitOfWork) -> dict[str, Territory]:
    """Every territory by its code; nobody else loads any until the end."""
    await uow.execute(text("LOCK TABLE territories IN SHARE ROW EXCLUSIVE MODE"))
    return {row.ubigeo: row for (row,) in await uow.rows(select(Territory))}


async def add(uow: UnitOfWork, records: Sequence[dict[str, Any]]) -> None:
    """Many new territories at once."""
    await uow.load(Territory, records)
