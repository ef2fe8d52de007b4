"""Plots that others published, sound and broken, sent one by one: the verdict that each deserves.

A plot is a part of what an EU file may hold: one place, one boundary. So some files that are sound
as files are refused as a plot, and what is said of a whole file's properties is nothing to a plot.
"""

import csv
import json
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import httpx
import pytest

from api.policies import Role
from api.settings import Settings
from tests.callers import Callers
from tests.core.test_geo_measure import OUTER_PLUS_HOLE
from tests.domains.plots.test_rules_eudr_file import CASES
from tests.factories.plots import plot_wish
from tests.factories.producers import new_producer
from tests.routers.test_plots import PLOTS, Land, land
from tests.shared_data import shared_data
from tests.worldwide import callers_everywhere

__all__ = ["land"]


@pytest.fixture
async def world(settings: Settings) -> AsyncIterator[Land]:
    """A cooperative of an installation that takes land anywhere."""
    async with callers_everywhere(settings) as callers:
        coop = await callers.new(Role.PRODUCER_ORGANIZATION)
        yield Land(coop, (await new_producer(coop))["id"])


def members(document: Any) -> dict[str, Any]:
    """A document's only feature as a request: its geometry, if it has one, and declared area."""
    [feature] = document.get("features", [document])
    if feature["type"] != "Feature":
        feature = {"geometry": feature, "properties": {}}
    named = {name: feature[name] for name in ("geometry", "geomerty") if name in feature}
    properties = feature.get("properties") or {}
    area = properties.get("Area", properties.get("area_ha"))
    # A number of the file is written out as the wire takes it; a text stays as it is.
    declared = f"{Decimal(repr(area)):f}" if isinstance(area, int | float) else area
    return named | ({"declared_area_ha": declared} if area is not None else {})


def request(land: Land, document: Any) -> dict[str, Any]:
    wish = land.wish(**{"geometry": None, **members(document)})
    return (
        wish
        if "geometry" in members(document)
        else {name: value for name, value in wish.items() if name != "geometry"}
    )


def codes(answer: httpx.Response) -> set[str]:
    return {error["code"] for error in answer.json().get("errors", [])}


SOUND_FILES_BUT_NO_PLOT = {
    "ok_multipoint.geojson": "plot-is-multipoint",
    "ok_multipolygon_two_halves.geojson": "plot-is-multipolygon",
    "ok_geometrycollection.geojson": "plot-is-collection",
}
BROKEN_PROPERTIES_OF_A_FILE = {
    "bad_country_iso3.geojson",  # a plot's country is where it lies
    "bad_area_string.geojson",  # on the wire of plots an area is a string
}


@pytest.mark.parametrize("name", CASES)
async def test_each_rule_of_the_eu_file(callers: Callers, land: Land, name: str) -> None:
    folder = shared_data("plots", "eudr_is", "cases")
    manifest = json.loads((folder / "manifest.json").read_text())
    [case] = [case for case in manifest["cases"] if case["file"] == name]
    before = await callers.entries_of(land.coop)
    try:
        document = json.loads((folder / name).read_text())
    except json.JSONDecodeError:
        answer = await land.coop.call(
            "POST",
            PLOTS,
            content=(folder / name).read_bytes(),
            headers={"Content-Type": "application/json"},
        )
        assert (name, answer.status_code) == ("bad_syntax.geojson", 400)
    else:
        answer = await land.coop.post(PLOTS, request(land, document))
        if name in SOUND_FILES_BUT_NO_PLOT:
            assert case["expected"].startswith("valid")
            assert codes(answer) == {SOUND_FILES_BUT_NO_PLOT[name]}
        valid = case["expected"].startswith("valid") and name not in SOUND_FILES_BUT_NO_PLOT
        assert answer.status_code == (201 if valid or name in BROKEN_PROPERTIES_OF_A_FILE else 422)
    written = await callers.entries_of(land.coop) - before
    assert (written > 0) == (answer.status_code == 201)


async def test_an_unsaid_area_is_four_hectares(land: Land) -> None:
    path = shared_data("plots", "eudr_is", "cases", "ok_point_no_area.geojson")
    answer = await land.coop.post(PLOTS, request(land, json.loads(path.read_text())))
    assert answer.json()["area_ha"] == "4.0000"


async def test_more_than_six_decimals_are_cut(land: Land) -> None:
    path = shared_data("plots", "eudr_is", "cases", "ok_more_than_6_decimals.geojson")
    answer = await land.coop.post(PLOTS, request(land, json.loads(path.read_text())))
    assert answer.json()["geometry"]["coordinates"][0][0] == [-76.703512, -7.053501]


async def test_latitude_first_gets_a_hint(land: Land) -> None:
    path = shared_data("plots", "eudr_is", "cases", "bad_swapped_lat_lon.geojson")
    answer = await land.coop.post(PLOTS, request(land, json.loads(path.read_text())))
    assert codes(answer) == {"axes-swapped"}


FILOVARA = {
    "valid/multipolygon-farm.geojson": {"plot-is-multipolygon"},
    "valid/point-under-4ha.geojson": set(),
    "valid/polygon-over-4ha.geojson": set(),
    "invalid/duplicate-ring.geojson": {"polygon-has-hole"},
    "invalid/feature-without-geometry.geojson": {"geometry-missing"},
    "invalid/latitude-out-of-range.geojson": {"position-out-of-range"},
    "invalid/missing-plot-id.geojson": set(),  # here a plot gets its id from the platform
    "invalid/reversed-lat-lon.geojson": set(),  # somewhere in the world both orders are right
    "invalid/self-intersecting-polygon.geojson": {"ring-sides-cross"},
    "invalid/unclosed-ring.geojson": {"ring-not-closed"},
}


@pytest.mark.parametrize("name", FILOVARA)
async def test_filovara_anywhere_in_the_world(world: Land, name: str) -> None:
    document = json.loads(
        shared_data("plots", "eudr_fixtures_filovara", *name.split("/")).read_text()
    )
    answer = await world.coop.post(PLOTS, request(world, document))
    assert (codes(answer), answer.status_code) == (FILOVARA[name], 422 if FILOVARA[name] else 201)


@pytest.mark.parametrize("name", FILOVARA)
async def test_filovara_is_not_in_peru(land: Land, name: str) -> None:
    document = json.loads(
        shared_data("plots", "eudr_fixtures_filovara", *name.split("/")).read_text()
    )
    answer = await land.coop.post(PLOTS, request(land, document))
    assert answer.status_code == 422
    if not FILOVARA[name]:
        assert codes(answer) == {"outside-area-of-operation"}


def test_no_geojson_of_filovara_is_forgotten() -> None:
    folder = shared_data("plots", "eudr_fixtures_filovara")
    names = {f"{path.parent.name}/{path.name}" for path in folder.glob("*/*.geojson")}
    assert names == set(FILOVARA)


RFC7946: dict[str, set[str]] = {
    "problematic_3d_coordinates": {"position-repeated"},
    "problematic_crosses_antimeridian": {"position-out-of-range"},
    "problematic_duplicate_nodes": {"position-repeated"},
    "problematic_excessive_coordinate_precision": set(),
    "problematic_excessive_vertices": set(),
    "problematic_feature_null_geometry": {"geometry-missing"},
    "problematic_holes": {"polygon-has-hole"},
    "problematic_multitype_geometry_with_just_one_geometry": set(),
    "problematic_outside_lat_lon_boundaries": {"position-out-of-range"},
    "problematic_self_intersection_large": {"ring-sides-cross"},
    "problematic_self_intersection_small": {"ring-sides-cross"},
    "problematic_wrong_bbox_coordinate_order": set(),
    "problematic_zero_length_linestring": {"geometry-is-line"},
    "invalid_exterior_not_ccw": set(),
    "invalid_incorrect_geometry_data_type": {"coordinates-nesting"},
    "invalid_inner_and_exterior_ring_intersect": {"polygon-has-hole"},
    "invalid_interior_not_cw": {"polygon-has-hole"},
    "invalid_less_three_unique_nodes": {"ring-too-short"},
    "invalid_unclosed": {"ring-not-closed"},
    "valid_geometry_point": set(),
    "valid_geometry_polygon": set(),
}


@pytest.mark.parametrize("name", RFC7946)
async def test_rfc7946_validator(world: Land, name: str) -> None:
    [path] = shared_data("plots", "rfc7946_validator").glob(f"*/{name}.geojson")
    answer = await world.coop.post(PLOTS, request(world, json.loads(path.read_text())))
    assert (codes(answer), answer.status_code) == (RFC7946[name], 422 if RFC7946[name] else 201)


def test_no_shape_of_the_validator_is_forgotten() -> None:
    folder = shared_data("plots", "rfc7946_validator")
    names = {path.stem for path in folder.glob("*_geometries/*.geojson")}
    assert names <= set(RFC7946)


async def test_what_is_no_geometry_is_never_taken_for_one(callers: Callers, world: Land) -> None:
    """Every file of broken structure, as the geometry itself: 422, and nothing is written."""
    paths = sorted(shared_data("plots", "rfc7946_validator", "invalid_structure").iterdir())
    assert len(paths) == 32
    before = await callers.entries_of(world.coop)
    for path in paths:
        wish = plot_wish(world.producer, geometry=json.loads(path.read_text()))
        answer = await world.coop.post(PLOTS, wish)
        assert (path.name, answer.status_code) == (path.name, 422)
        assert answer.json()["errors"][0]["pointer"].startswith("/geometry")
    assert await callers.entries_of(world.coop) == before


def whisp() -> list[tuple[dict[str, Any], Decimal]]:
    """Whisp's fifty sample plots, each with its expected area in hectares."""
    document = json.loads(shared_data("plots", "whisp", "geojson_example_50.geojson").read_text())
    table = shared_data("plots", "whisp", "geojson_example_50.expected_geometry.csv")
    with table.open(newline="") as lines:
        expected = [Decimal(row["geodesic_area_ha_wgs84"]) for row in csv.DictReader(lines)]
    geometries = [feature["geometry"] for feature in document["features"]]
    assert len(geometries) == 50
    return list(zip(geometries, expected, strict=True))


IN_PERU = 9
"""One of the sample plots lies in San Martín, and so does the one with a hole."""


async def test_the_sample_plots_of_whisp_are_refused_outside_peru(land: Land) -> None:
    for index, (geometry, expected) in enumerate(whisp()):
        answer = await land.coop.post(PLOTS, land.wish(geometry=geometry))
        if index == IN_PERU:
            assert abs(Decimal(answer.json()["area_ha"]) - expected) <= expected / 1000
        elif index == OUTER_PLUS_HOLE:
            assert codes(answer) == {"polygon-has-hole"}
        else:
            assert (answer.status_code, codes(answer)) == (422, {"outside-area-of-operation"})


async def test_the_sample_plots_of_whisp_measure_what_they_should(world: Land) -> None:
    for index, (geometry, expected) in enumerate(whisp()):
        answer = await world.coop.post(PLOTS, world.wish(geometry=geometry))
        if index == OUTER_PLUS_HOLE:
            assert codes(answer) == {"polygon-has-hole"}
            continue
        assert answer.status_code == 201
        area = Decimal(answer.json()["area_ha"])
        assert abs(area - expected) <= expected / 1000
