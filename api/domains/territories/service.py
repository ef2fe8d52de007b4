"""Loading territories, and holding codes against them."""

import asyncio
import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from api.core.clock import now
from api.core.geo.measure import Bounds
from api.core.names import search_name
from api.core.problems import FieldError, InvalidPayload
from api.domains.territories import boundary_texts, repository, ubigeo_texts
from api.domains.territories.boundary_file import Boundary, UnreadableBoundaryFile
from api.domains.territories.location import Location, locate
from api.domains.territories.rules import UNKNOWN_TERRITORY, unknown_district
from api.domains.territories.ubigeo_file import TerritoryRow, UnreadableUbigeoFile
from api.models.territories import Territory
from api.transactions import UnitOfWork

_TOLD: Final = ("name", "department", "province", "reniec_code", "capital")


@dataclass(slots=True)
class Loaded:
    """What a file did to the table: how many territories are new, changed and as they were, and
    which of its codes are no district's.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    unknown: list[FieldError] = field(default_factory=list)


async def load(uow: UnitOfWork, rows: Sequence[TerritoryRow]) -> Loaded:
    """Add what is new and correct what changed. What a file does not tell stays as it is: a
    territory that is in no row, and a value of which a row says nothing.

    ``UnreadableUbigeoFile`` where more than a tenth of the rows name what RENIEC knows by their
    code, and INEI by another: they would rename other districts.
    """
    known = await repository.all_for_update(uow)
    by_reniec = {one.reniec_code: one for one in known.values() if one.reniec_code}
    if 10 * sum(_is_reniecs(row, by_reniec.get(row.ubigeo)) for row in rows) > len(rows):
        raise UnreadableUbigeoFile(ubigeo_texts.RENIEC)
    done = Loaded()
    new: list[dict[str, Any]] = []
    for row in rows:
        told = {name: v for name in _TOLD if (v := getattr(row, name)) is not None}
        standing = known.get(row.ubigeo)
        if standing is None:
            new.append(_record(row))
        elif changes := {n: v for n, v in told.items() if getattr(standing, n) != v}:
            _correct(standing, changes)
            done.changed += 1
        else:
            done.unchanged += 1
    await repository.add(uow, new)
    done.added = len(new)
    return done


def _is_reniecs(row: TerritoryRow, known: Territory | None) -> bool:
    """Whether a row's code and name are those of a territory that INEI has under another code."""
    if known is None or known.ubigeo == row.ubigeo:
        return False
    return known.search_name == search_name(row.name)


def _record(row: TerritoryRow) -> dict[str, Any]:
    return {
        "ubigeo": row.ubigeo,
        "version": 1,
        "updated_at": now(),
        "level": row.level.value,
        "search_name": search_name(row.name),
        **{name: getattr(row, name) for name in _TOLD},
    }


def _correct(territory: Territory, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        setattr(territory, name, value)
    territory.search_name = search_name(territory.name)
    territory.version += 1
    territory.updated_at = now()


async def load_boundaries(uow: UnitOfWork, boundaries: Sequence[Boundary]) -> Loaded:
    """Add the boundaries that are new and replace those that changed; others stay.

    Where districts are loaded, a code that is none of them is left out and named. A file of which
    more than a tenth is known to RENIEC alone is in that coding, in which a code that INEI has too
    is another district's: ``UnreadableBoundaryFile``.
    """
    unknown = await repository.unknown_districts(uow, {one.ubigeo for one in boundaries})
    if 10 * sum(by_reniec is not None for by_reniec in unknown.values()) > len(boundaries):
        raise UnreadableBoundaryFile(boundary_texts.RENIEC)
    known = await repository.known_shapes(uow)
    new, done = [], Loaded()
    done.unknown = [unknown_district(code, unknown[code]) for code in sorted(unknown)]
    for boundary in boundaries:
        if boundary.ubigeo in unknown:
            continue
        before = known.get(boundary.ubigeo)
        if before == hashlib.sha256(boundary.shape).digest():
            done.unchanged += 1
            continue
        done.added, done.changed = done.added + (before is None), done.changed + bool(before)
        new.append(
            {
                "ubigeo": boundary.ubigeo,
                "shape": boundary.shape,
                "updated_at": now(),
                **boundary.bounds._asdict(),
            }
        )
    await repository.keep_shapes(uow, new)
    return done


async def locations(
    uow: UnitOfWork, geometries: Sequence[Mapping[str, Any]], boxes: Sequence[Bounds]
) -> list[Location]:
    """In which districts these geometries (GeoJSON, each with its box) lie; nowhere, where no
    boundaries are loaded.
    """
    near = await repository.boundaries_near(uow, boxes)
    return await asyncio.to_thread(locate, geometries, near)


async def district_faults(uow: UnitOfWork, ubigeo: str | None, pointer: str) -> list[FieldError]:
    """The fault of a code that is no district's; none where no districts are loaded."""
    if ubigeo is None:
        return []
    unknown = await repository.unknown_districts(uow, [ubigeo])
    return [unknown_district(pointer, by_reniec) for by_reniec in unknown.values()]


async def faults_of_rows(
    uow: UnitOfWork, ubigeos: Mapping[int, str]
) -> dict[int, list[FieldError]]:
    """The same for the rows of a file, by their numbers."""
    unknown = await repository.unknown_districts(uow, set(ubigeos.values()))
    return {
        row: [unknown_district("/ubigeo", unknown[ubigeo])]
        for row, ubigeo in ubigeos.items()
        if ubigeo in unknown
    }


async def expect_territory(uow: UnitOfWork, prefixes: Collection[str], pointer: str) -> None:
    """422 for codes of which nothing in the country begins."""
    unknown = await repository.unknown_prefixes(uow, prefixes)
    if found := [
        replace(UNKNOWN_TERRITORY, pointer=f"{pointer}/{place}")
        for place, prefix in enumerate(prefixes)
        if prefix in unknown
    ]:
        raise InvalidPayload(errors=found)


async def expect_district(uow: UnitOfWork, ubigeo: str | None, pointer: str = "/ubigeo") -> None:
    """422 for a code that is no district's."""
    if found := await district_faults(uow, ubigeo, pointer):
        raise InvalidPayload(errors=found)
