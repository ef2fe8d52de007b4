"""Boundaries as files bring them, and in which districts land lies."""

import json
from time import perf_counter
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from api.domains.territories.boundary_file import UnreadableBoundaryFile, read
from api.domains.territories.location import Location, locate

WEST, EAST = "220601", "220602"


def block(lon: float, lat: float, size: float = 1) -> dict[str, Any]:
    ring = [(lon, lat), (lon + size, lat), (lon + size, lat + size), (lon, lat + size), (lon, lat)]
    return {"type": "Polygon", "coordinates": [[list(position) for position in ring]]}


def collection(*features: tuple[dict[str, Any], Any]) -> bytes:
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": properties, "geometry": geometry}
                for properties, geometry in features
            ],
        }
    ).encode()


def codes(data: bytes) -> list[str]:
    return [feature.code for feature in read(data)[1]]


class TestFile:
    @pytest.mark.parametrize("name", ["UBIGEO", "inei", "IDDIST", "Ubigeo_INEI"])
    def test_the_code_stands_in_one_of_some_properties(self, name: str) -> None:
        [one], refused = read(collection(({name: WEST, "area": 3}, block(-77, -7))))
        assert (one.ubigeo, one.bounds, refused) == (WEST, (-77, -7, -76, -6), [])

    def test_parts_of_a_district_are_one(self) -> None:
        [one], _ = read(
            collection(({"inei": WEST}, block(-77, -7)), ({"inei": WEST}, block(-76, -7)))
        )
        assert shapely.from_wkb(one.shape).equals(
            shape(block(-77, -7)).union(shape(block(-76, -7)))
        )

    def test_a_bow_tie_is_repaired(self) -> None:
        ring = [[-77, -7], [-76, -6], [-76, -7], [-77, -6], [-77, -7]]
        [one], _ = read(collection(({"inei": WEST}, {"type": "Polygon", "coordinates": [ring]})))
        assert shapely.is_valid(shapely.from_wkb(one.shape))

    @pytest.mark.parametrize(
        ("properties", "geometry", "code"),
        [
            ({}, block(0, 0), "district-missing"),
            ({"inei": 220601}, block(-77, -7), "code-is-number"),
            ({"inei": 10101, "iddist": None}, block(-77, -7), "code-is-number"),
            ({"inei": "220600"}, block(0, 0), "district-missing"),
            ({"inei": "22060"}, block(0, 0), "district-missing"),
            (None, block(0, 0), "district-missing"),
            ({"inei": WEST}, None, "no-polygon"),
            # The latitude first.
            ({"inei": WEST}, block(-7, -77), "outside-country"),
            ({"inei": WEST}, {"type": "Point", "coordinates": [0, 0]}, "no-polygon"),
            ({"inei": WEST}, {"type": "Polygon", "coordinates": []}, "no-polygon"),
            ({"inei": WEST}, {"type": "Polygon", "coordinates": [[[0, 0], [1]]]}, "no-polygon"),
            ({"inei": WEST}, {"type": "Polygon", "coordinates": "x"}, "no-polygon"),
            # Metres of a national grid.
            ({"inei": WEST}, block(350_000, 9_200_000, 500), "no-polygon"),
        ],
    )
    def test_what_is_no_district_is_left_out(
        self, properties: Any, geometry: Any, code: str
    ) -> None:
        assert codes(collection((properties, geometry))) == [code]

    def test_a_property_that_holds_no_district_is_passed_over(self) -> None:
        held = {"ubigeo": "22", "iddist": None, "inei": WEST}
        [one], refused = read(collection((held, block(-77, -7))))
        assert (one.ubigeo, refused) == (WEST, [])

    def test_what_is_no_feature_is_left_out(self) -> None:
        assert codes(b'{"features": [null, 1, "x", []]}') == ["district-missing"] * 4

    @pytest.mark.parametrize(
        "data", [b"", b"[]", b"{}", b'{"features": 3}', b"\xff", b"[" * 100_000]
    )
    def test_other_files_are_refused_whole(self, data: bytes) -> None:
        with pytest.raises(UnreadableBoundaryFile):
            read(data)


BOUNDARIES = {
    one.ubigeo: one.shape
    for one in read(collection(({"inei": WEST}, block(-77, -7)), ({"inei": EAST}, block(-76, -7))))[
        0
    ]
}


class TestLocation:
    def test_a_coast_of_many_corners_does_not_hold_a_file_up(self) -> None:
        """Two thousand plots in a district of 100,000 corners: each alone would go through all."""
        turn = np.linspace(0, 2 * np.pi, 100_000, endpoint=False)
        reach = 0.5 + 0.01 * np.sin(turn * 12_500)
        coast = shapely.Polygon(np.c_[reach * np.cos(turn) - 76, reach * np.sin(turn) - 8])
        plots = [block(-76 + n / 10_000, -8, 0.0001) for n in range(2_000)]
        begun = perf_counter()
        found = locate(plots, {WEST: shapely.to_wkb(coast)})
        assert perf_counter() - begun < 2
        assert found == [Location(frozenset({WEST}), WEST)] * 2_000

    @given(st.floats(-76.9, -75.3), st.floats(-6.9, -6.3))
    def test_land_touches_the_districts_that_it_shares_ground_with(
        self, west: float, south: float
    ) -> None:
        """A square of 0.2 degrees, somewhere about the border at 76° W; to touch is enough."""
        [found] = locate([block(west, south, 0.2)], BOUNDARIES)
        wanted = {WEST} if west <= -76 else set()
        wanted |= {EAST} if west + 0.2 >= -76 else set()
        assert found.touched == wanted
        assert found.middle in wanted
        for ubigeo in (WEST, EAST):
            differs = found.differs_from(ubigeo)
            assert differs is None if ubigeo in wanted else differs == found.middle
        assert found.differs_from("010101") == found.middle
        assert found.differs_from(None) is None

    def test_a_point(self) -> None:
        [found] = locate([{"type": "Point", "coordinates": [-76.5, -6.5]}], BOUNDARIES)
        assert found == Location(frozenset({WEST}), WEST)

    def test_where_nothing_is_known_nothing_differs(self) -> None:
        far = [block(10, 10)]
        for boundaries in (BOUNDARIES, {}):
            [found] = locate(far, boundaries)
            assert found == Location()
            assert found.differs_from(WEST) is None
