"""Files that others published, sent whole: each row gets the verdict that it gets as a plot."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from api.domains.plots.vocabulary import FileFormat
from tests.callers import Callers
from tests.domains.plots.test_rules_eudr_file import CASES
from tests.factories.plot_imports import rows_of, send
from tests.routers.test_plots import Land, land
from tests.routers.test_plots_golden import (
    BROKEN_PROPERTIES_OF_A_FILE,
    FILOVARA,
    RFC7946,
    SOUND_FILES_BUT_NO_PLOT,
    world,
)
from tests.shared_data import shared_data

__all__ = ["land", "world"]

FORMATS = {".csv": FileFormat.CSV, ".kml": FileFormat.KML}
OF_THE_FILE = {"bad_syntax.geojson"}
"""What is no JSON has no rows."""
TOLD_BY_THE_WIRE = {"bad_point_area_too_small.geojson": {"greater-than"}}
WARNINGS = {"point-area-assumed"}


async def codes(land: Land, path: Path) -> tuple[int, list[set[str]]]:
    """The status of the answer, and the faults of each row (those of the file, if it has none)."""
    kind = FORMATS.get(path.suffix, FileFormat.GEOJSON)
    query = f"?mode=partial&producer_id={land.producer}"
    answer = await send(land.coop, await asyncio.to_thread(path.read_bytes), query, kind)
    if answer.status_code == 422:
        return 422, [{error["code"] for error in answer.json()["errors"]}]
    rows = await rows_of(land.coop, answer.json())
    assert all(bool(row["errors"]) == (row["status"] == "refused") for row in rows)
    return answer.status_code, [{error["code"] for error in row["errors"]} for row in rows]


@pytest.mark.parametrize("name", CASES)
async def test_each_rule_of_the_eu_file(callers: Callers, land: Land, name: str) -> None:
    folder = shared_data("plots", "eudr_is", "cases")
    manifest = json.loads((folder / "manifest.json").read_text())
    [case] = [case for case in manifest["cases"] if case["file"] == name]
    before = await callers.entries_of(land.coop)
    status, found = await codes(land, folder / name)
    assert status == (422 if name in OF_THE_FILE else 201)
    if name in SOUND_FILES_BUT_NO_PLOT:
        assert found == [{SOUND_FILES_BUT_NO_PLOT[name]}]
    elif case["expected"].startswith("valid") or name in BROKEN_PROPERTIES_OF_A_FILE:
        assert found == [set()]
    else:
        assert found == [TOLD_BY_THE_WIRE.get(name, set(CASES[name]) - WARNINGS)]
    written = await callers.entries_of(land.coop) - before
    assert (written > 0) == (found == [set()])


@pytest.mark.parametrize("name", FILOVARA)
async def test_filovara_anywhere_in_the_world(world: Land, name: str) -> None:
    path = shared_data("plots", "eudr_fixtures_filovara", *name.split("/"))
    assert await codes(world, path) == (201, [FILOVARA[name]])


@pytest.mark.parametrize("name", FILOVARA)
async def test_filovara_is_not_in_peru(land: Land, name: str) -> None:
    path = shared_data("plots", "eudr_fixtures_filovara", *name.split("/"))
    _, [found] = await codes(land, path)
    assert found if FILOVARA[name] else found == {"outside-area-of-operation"}


@pytest.mark.parametrize("name", RFC7946)
async def test_rfc7946_validator(world: Land, name: str) -> None:
    [path] = shared_data("plots", "rfc7946_validator").glob(f"*/{name}.geojson")
    assert await codes(world, path) == (201, [RFC7946[name]])


def tables_and_placemarks() -> list[Path]:
    folder = shared_data("plots", "eudr_fixtures_filovara")
    return sorted(path for path in folder.glob("*/*") if path.suffix in FORMATS)


async def test_tables_and_placemarks_of_filovara(world: Land) -> None:
    paths = tables_and_placemarks()
    assert paths
    for path in paths:
        _, found = await codes(world, path)
        sound = path.parent.name == "valid"
        assert (path.name, all(not row for row in found)) == (path.name, sound)


async def test_the_structures_of_the_validator(callers: Callers, world: Land) -> None:
    """A broken structure is a refused file or a refused row; nothing of it is written."""
    paths = sorted(shared_data("plots", "rfc7946_validator", "invalid_structure").iterdir())
    assert len(paths) == 32
    before = await callers.entries_of(world.coop)
    for path in paths:
        _, found = await codes(world, path)
        assert (path.name, [bool(row) for row in found]) == (path.name, [True] * len(found))
        assert found
    assert await callers.entries_of(world.coop) == before


async def test_fifty_plots_of_one_file_and_the_same_as_one_by_one(land: Land) -> None:
    path = shared_data("plots", "whisp", "geojson_example_50.geojson")
    document = json.loads(path.read_text())
    _, found = await codes(land, path)
    assert len(found) == 50
    alone: list[set[Any]] = []
    for feature in document["features"]:
        answer = await land.coop.post("/v1/plots", land.wish(geometry=feature["geometry"]))
        alone.append({error["code"] for error in answer.json().get("errors", [])})
    assert found == alone
