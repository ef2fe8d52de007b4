"""Files of plots: every row accounted for, nothing twice, overlaps as if the rows came alone."""

import asyncio
import json
from decimal import Decimal
from typing import Any

import pytest

from api.core.ids import new_id
from api.policies import Role
from tests.callers import Callers
from tests.factories.plot_imports import (
    PATH,
    collection,
    counts,
    feature,
    imported,
    rows_of,
    send,
)
from tests.factories.plots import new_plot, point, square
from tests.factories.producers import new_producer
from tests.routers.test_plot_overlaps import OVERLAPS, pairs_of, place
from tests.routers.test_plots import PLOTS, Land, events, land, of

__all__ = ["land"]

KML = "application/vnd.google-earth.kml+xml"


async def plot(land: Land, code: str) -> dict[str, Any]:
    [found] = (await land.coop.get(f"{PLOTS}?external_id={code}")).json()["items"]
    read: dict[str, Any] = found
    return read


async def recorded(callers: Callers, plot: dict[str, Any]) -> Any:
    """What the ledger says of a plot's first geometry."""
    body = await callers.platform.database.pool.fetchval(
        "SELECT body FROM ledger_entries WHERE subject_id = $1 AND event = 'plot.registered'",
        plot["id"],
    )
    return json.loads(body)["data"]


def own(land: Land, count: int = 1, **more: Any) -> list[dict[str, Any]]:
    """Features of the land's producer."""
    return [
        feature(square(), external_id=f"P-{n}", producer_id=land.producer, **more)
        for n in range(count)
    ]


async def test_the_same_file_again_changes_nothing(callers: Callers, land: Land) -> None:
    file = collection(*own(land, 5, name="El Porvenir", declared_area_ha="1.2"))
    before = await callers.entries_of(land.coop)
    answer = await send(land.coop, file)
    assert answer.status_code == 201, answer.text
    assert counts(answer.json()) == {"created": 5}
    assert (await land.coop.get(answer.headers["location"])).json() == answer.json()
    assert await callers.entries_of(land.coop) == before + 5
    rows = await rows_of(land.coop, answer.json())
    assert [(row["row"], row["external_id"]) for row in rows] == [
        (n + 1, f"P-{n}") for n in range(5)
    ]
    read = (await land.coop.get(of(rows[0]))).json()
    assert (read["name"], read["area_ha"], read["version"]) == (
        "El Porvenir",
        rows[0]["area_ha"],
        1,
    )
    assert counts(await imported(land.coop, file)) == {"unchanged": 5}
    assert await callers.entries_of(land.coop) == before + 5
    assert (await land.coop.get(of(rows[0]))).json() == read


async def test_a_plot_is_as_if_it_had_come_alone(callers: Callers, land: Land) -> None:
    geometry, more = square(), {"declared_area_ha": "9.0000", "planting_year": 2014}
    alone = await new_plot(land.coop, land.producer, geometry=geometry, **more)
    other = await callers.new(Role.PRODUCER_ORGANIZATION)
    producer = await new_producer(other, external_id="S-1")
    names = ("name", "land_use", "ubigeo", "variety", "plants_per_ha", "tenure_kind")
    said = {name: alone[name] for name in (*names, "tenure_document")} | more
    row = feature(geometry, external_id="A", producer_external_id="S-1", **said)
    made = await imported(other, collection(row))
    [told] = await rows_of(other, made)
    read = (await other.get(of(told))).json()
    different = {"id", "created_at", "updated_at", "organization_id", "producer_id", "external_id"}
    assert {k: v for k, v in read.items() if k not in {*different, "open_overlaps"}} == {
        k: alone[k] for k in read if k not in {*different, "open_overlaps"}
    }
    assert read["producer_id"] == producer["id"]
    assert (told["overlaps"], read["open_overlaps"]) == (1, 1)
    assert told["warnings"] == read["warnings"] != []
    assert await recorded(callers, told) == await recorded(callers, alone)


async def test_changed_cells_change_and_empty_cells_do_not(callers: Callers, land: Land) -> None:
    [row] = own(land, variety="CCN-51", declared_area_ha="1.2")
    made = await imported(land.coop, collection(row))
    row["properties"] |= {"variety": "", "planting_year": 2015, "name": "Otro"}
    row["properties"].pop("declared_area_ha")
    assert counts(await imported(land.coop, collection(row))) == {"updated": 1}
    read = await plot(land, "P-0")
    assert (read["variety"], read["planting_year"], read["name"]) == ("CCN-51", 2015, "Otro")
    assert (read["declared_area_ha"], read["geometry_version"]) == ("1.2000", 1)
    [told] = await rows_of(land.coop, made)
    assert await events(callers, told) == ["plot.registered", "plot.changed"]


async def test_another_geometry_is_another_version_and_its_overlaps_are_found_anew(
    land: Land,
) -> None:
    lon, lat = place()
    neighbour = await new_plot(land.coop, land.producer, geometry=square(lon, lat))
    [row] = own(land)
    await imported(land.coop, collection(row))
    row["geometry"] = square(round(lon + 0.0005, 6), lat)
    made = await imported(land.coop, collection(row))
    [told] = await rows_of(land.coop, made)
    assert (told["status"], told["overlaps"]) == ("updated", 1)
    assert (await plot(land, "P-0"))["geometry_version"] == 2
    row["geometry"] = square()
    await imported(land.coop, collection(row))
    found = (await land.coop.get(of(neighbour, "/overlaps"))).json()["items"]
    assert [overlap["state"] for overlap in found] == ["lapsed"]
    assert (await plot(land, "P-0"))["geometry_version"] == 3


async def test_a_points_declared_area_is_its_area(land: Land) -> None:
    row = feature(point(), external_id="P-0", producer_id=land.producer, declared_area_ha=2)
    await imported(land.coop, collection(row))
    assert (await plot(land, "P-0"))["area_ha"] == "2.0000"
    row["properties"].pop("declared_area_ha")
    assert counts(await imported(land.coop, collection(row))) == {"unchanged": 1}
    row["properties"]["declared_area_ha"] = 3
    assert counts(await imported(land.coop, collection(row))) == {"updated": 1}
    read = await plot(land, "P-0")
    assert (read["area_ha"], read["geometry_version"]) == ("3.0000", 2)


async def test_without_a_code_a_plot_is_known_by_its_place(callers: Callers, land: Land) -> None:
    row = feature(square(), producer_id=land.producer)
    first = await imported(land.coop, collection(row, feature(square())), "?mode=partial")
    assert counts(first) == {"created": 1, "refused": 1}
    before = await callers.entries_of(land.coop)
    query = f"?producer_id={land.producer}"
    again = await imported(land.coop, collection(feature(row["geometry"])), query)
    assert counts(again) == {"unchanged": 1}
    assert await callers.entries_of(land.coop) == before
    twice = await imported(land.coop, collection(row, row))
    assert counts(twice) == {"unchanged": 1, "refused": 1}
    [told] = await rows_of(land.coop, twice, "&status=refused")
    assert [error["code"] for error in told["errors"]] == ["repeated-in-file"]


async def test_every_bad_row_is_told_with_its_faults(callers: Callers, land: Land) -> None:
    stranger = await new_producer(await callers.new(Role.PRODUCER_ORGANIZATION))
    ring = square()["coordinates"][0]
    rows = [
        *own(land),
        feature({"type": "Polygon", "coordinates": [ring[:-1]]}, producer_id=land.producer),
        feature(square(), planting_year="hace tiempo", producer_id=land.producer),
        feature(square(), producer_id=stranger["id"]),
        feature(square(), producer_external_id="S-99"),
        feature(square()),
        feature(square(), external_id="P-0", producer_id=land.producer),
        feature(square(), planting_year=2150, producer_id="x"),
        "no feature",
        {"type": "Feature", "properties": {}, "geomerty": square()},
    ]
    before = await callers.entries_of(land.coop)
    made = await imported(land.coop, collection(*rows))
    assert counts(made) == {"refused": 9, "held_back": 1}
    told = await rows_of(land.coop, made)
    assert [{(e["field"], e["code"]) for e in row["errors"]} for row in told] == [
        set(),
        {("geometry_coordinates_0_3", "ring-not-closed")},
        {("planting_year", "int-type")},
        {("producer_id", "unknown-producer")},
        {("producer_external_id", "unknown-producer")},
        {("producer_id", "producer-missing")},
        {("external_id", "repeated-in-file")},
        {("producer_id", "uuid-parsing")},
        {("", "not-an-object")},
        {("geomerty", "member-misspelt")},
    ]
    assert all(error["es"] and error["en"] for row in told for error in row["errors"])
    assert (told[1]["errors"][0]["ring"], told[1]["errors"][0]["position"]) == (0, 3)
    assert await callers.entries_of(land.coop) == before
    assert (await land.coop.get(PLOTS)).json()["items"] == []
    assert counts(await imported(land.coop, collection(*rows), "?mode=partial")) == {
        "refused": 9,
        "created": 1,
    }


async def test_whose_a_plot_is_no_file_changes(land: Land) -> None:
    [row] = own(land)
    made = await imported(land.coop, collection(row))
    other = (await new_producer(land.coop))["id"]
    query = f"?producer_id={other}"
    row["properties"].pop("producer_id")
    assert counts(await imported(land.coop, collection(row), query)) == {"unchanged": 1}
    row["properties"]["producer_id"] = other
    refused = await imported(land.coop, collection(row))
    [told] = await rows_of(land.coop, refused)
    assert [error["code"] for error in told["errors"]] == ["another-producer"]
    [first] = await rows_of(land.coop, made)
    await land.coop.make(of(first, "/close"))
    row["properties"]["producer_id"] = land.producer
    [told] = await rows_of(land.coop, await imported(land.coop, collection(row)))
    assert [error["code"] for error in told["errors"]] == ["plot-closed"]


async def test_a_dry_run_tells_overlaps_and_does_nothing(callers: Callers, land: Land) -> None:
    lon, lat = place()
    rows = [
        feature(square(lon, lat), external_id="A", producer_id=land.producer),
        feature(square(round(lon + 0.0005, 6), lat), external_id="B", producer_id=land.producer),
    ]
    before = await callers.entries_of(land.coop)
    made = await imported(land.coop, collection(*rows), "?dry_run=true")
    assert counts(made) == {"created": 2}
    told = await rows_of(land.coop, made)
    assert [(row["id"], row["overlaps"]) for row in told] == [(None, 1), (None, 1)]
    assert Decimal(told[0]["area_ha"]) > 1
    assert await callers.entries_of(land.coop) == before
    assert (await land.coop.get(PLOTS)).json()["items"] == []


async def test_points_of_a_table_and_placemarks_of_a_telephone(land: Land) -> None:
    lon, lat = place()
    table = (
        "Código;Longitud;Latitud;Área (ha);Código productor\n\n"
        f"T-1;{lon};{lat};1,5;S-1\nT-2;x;{lat};;S-1\n"
    )
    producer = await new_producer(land.coop, external_id="S-1")
    query = "?mode=partial"
    made = await imported(land.coop, table.encode("latin-1"), query, "text/csv; charset=latin1")
    told = await rows_of(land.coop, made)
    assert [(row["row"], row["status"]) for row in told] == [(3, "created"), (4, "refused")]
    assert (await plot(land, "T-1"))["producer_id"] == producer["id"]
    assert (await plot(land, "T-1"))["area_ha"] == "1.5000"
    kml = (
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>El Porvenir</name>'
        f"<Point><coordinates>{lon + 0.01},{lat},512</coordinates></Point></Placemark></Document>"
        "</kml>"
    )
    made = await imported(land.coop, kml.encode(), f"?producer_id={producer['id']}", KML)
    [told_of] = await rows_of(land.coop, made)
    assert {warning["code"] for warning in told_of["warnings"]} >= {"height-dropped"}
    assert (await land.coop.get(of(told_of))).json()["name"] == "El Porvenir"


async def test_the_template_can_be_sent_back(callers: Callers, land: Land) -> None:
    path = "/v1/import-templates/plots"
    assert (await callers.anonymous().get(path)).status_code == 401
    answer = await land.coop.get(path)
    assert answer.headers["content-type"].startswith("text/csv")
    header = answer.content.decode("utf-8-sig").strip().split(",")
    lon, lat = place()
    row = {
        "external_id": "T-1",
        "producer_id": land.producer,
        "longitude": str(lon),
        "latitude": str(lat),
        "declared_area_ha": "1.5",
        "captured_at": "2026-11-20T15:04:05Z",
    }
    filled = answer.content + ",".join(row.get(name, "") for name in header).encode()
    assert counts(await imported(land.coop, filled, kind="text/csv")) == {"created": 1}
    assert (await plot(land, "T-1"))["captured_at"] == "2026-11-20T15:04:05.000000Z"


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (b"{", "application/geo+json", "json-syntax"),
        (b'{"type": "FeatureCollection", "features": []}', "application/geo+json", "no-rows"),
        (b"<kml>", KML, "kml-broken"),
        (b"a,b\n1,2\n", "text/csv", "csv-no-coordinate-columns"),
        (b"x", "application/pdf", "media-type"),
    ],
)
async def test_files_that_cannot_be_read_say_why(
    land: Land, content: bytes, kind: str, code: str
) -> None:
    answer = await send(land.coop, content, kind=kind)
    assert (answer.status_code, [e["code"] for e in answer.json()["errors"]]) == (422, [code])


async def test_callers(callers: Callers, land: Land) -> None:
    file = collection(*own(land))
    made = await imported(land.coop, file)
    other = await callers.new(Role.PRODUCER_ORGANIZATION)
    wrong = await callers.new(Role.INPUT_SUPPLIER)
    for path in (f"{PATH}/{made['id']}", f"{PATH}/{made['id']}/rows"):
        assert (await other.get(path)).status_code == 404
        assert (await wrong.get(path)).status_code == 403
        assert (await callers.anonymous().get(path)).status_code == 401
    assert (await land.coop.get(f"/v1/imports/producers/{made['id']}")).status_code == 404
    assert (await send(wrong, file)).status_code == 403
    assert (await send(callers.anonymous(), file)).status_code == 401
    assert (await land.coop.call("POST", PATH, content=file)).status_code == 400
    [told] = await rows_of(other, await imported(other, file))
    assert [error["code"] for error in told["errors"]] == ["unknown-producer"]
    assert (await other.get(PLOTS)).json()["items"] == []


async def test_land_that_spans_too_many_plots_is_refused_and_the_others_are_not(
    land: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.domains.plot_overlaps.service.MOST_NEIGHBOURS", 2)
    lon, lat = place()
    rows = [
        feature(square(lon, lat, 0.02), external_id="wide", producer_id=land.producer),
        *(feature(square(round(lon + n * 0.002, 6), lat), external_id=f"P-{n}") for n in range(3)),
    ]
    query = f"?mode=partial&producer_id={land.producer}"
    made = await imported(land.coop, collection(*rows), query)
    told = await rows_of(land.coop, made)
    assert [row["status"] for row in told] == ["refused", "created", "created", "created"]
    assert [error["code"] for error in told[0]["errors"]] == ["too-many-neighbours"]
    assert [row["overlaps"] for row in told[1:]] == [0, 0, 0]


async def test_a_code_that_cannot_be_kept_is_no_other_plots(land: Land) -> None:
    first = feature(square(), external_id="12", producer_id=land.producer)
    await imported(land.coop, collection(first))
    made = await imported(
        land.coop,
        collection(
            feature(square(), external_id="Ñ-12", producer_id=land.producer),
            feature(square(), external_id="-12", producer_id=land.producer),
        ),
    )
    assert (made["created"], made["updated"]) == (2, 0)
    plots = (await land.coop.get(PLOTS)).json()["items"]
    assert [one["geometry_version"] for one in plots] == [1, 1, 1]


@pytest.mark.parametrize("area", ["NaN", "dos", "\uff14"])
async def test_a_declared_area_that_cannot_be_read_is_not_assumed(land: Land, area: str) -> None:
    file = collection(feature(point(), area_ha=area, producer_id=land.producer))
    made = await imported(land.coop, file, "?mode=partial")
    [told] = await rows_of(land.coop, made)
    assert told["status"] == "refused"
    assert [error["field"] for error in told["errors"]] == ["declared_area_ha"]
    assert (await land.coop.get(PLOTS)).json()["items"] == []


class TestOnePosition:
    """A device that gives every plot the same position: so many overlaps are an error, not land."""

    def rows(self, producer: str, many: int) -> list[dict[str, Any]]:
        lon, lat = place()
        beside = square(round(lon + 0.01, 6), lat)
        return [
            *(
                feature(square(lon, lat, 0.001 + n / 1_000_000), external_id=f"P-{n}")
                for n in range(many)
            ),
            feature(beside, external_id="beside"),
        ]

    async def test_those_in_the_crowd_are_refused_and_the_others_are_not(
        self, land: Land, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("api.domains.plot_overlaps.service.MOST_FOUND", 14)
        monkeypatch.setattr("api.domains.plot_overlaps.service.A_CROWD", 4)
        file = collection(*self.rows(land.producer, 6))
        query = f"?mode=partial&producer_id={land.producer}"
        made = await imported(land.coop, file, query)
        assert (made["created"], made["refused"]) == (1, 6)
        told = await rows_of(land.coop, made)
        assert {error["code"] for row in told[:6] for error in row["errors"]} == {
            "too-many-neighbours"
        }
        assert "more than 4 plots" in told[0]["errors"][0]["en"]
        assert (await land.coop.get("/v1/plot-overlaps")).json()["items"] == []

    async def test_as_many_as_can_be_kept_are_kept(
        self, land: Land, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("api.domains.plot_overlaps.service.MOST_FOUND", 15)
        monkeypatch.setattr("api.domains.plot_overlaps.service.A_CROWD", 4)
        file = collection(*self.rows(land.producer, 6))
        made = await imported(land.coop, file, f"?producer_id={land.producer}")
        assert (made["created"], made["refused"]) == (7, 0)
        assert len((await land.coop.get("/v1/plot-overlaps")).json()["items"]) == 15

    async def test_too_many_that_are_in_no_crowd_are_told_of_the_file(
        self, callers: Callers, land: Land, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("api.domains.plot_overlaps.service.MOST_FOUND", 14)
        before = await callers.entries_of(land.coop)
        file = collection(*self.rows(land.producer, 6))
        answer = await send(land.coop, file, f"?mode=partial&producer_id={land.producer}")
        assert (answer.status_code, answer.json()["code"]) == (409, "too-many-overlaps")
        assert await callers.entries_of(land.coop) == before

    async def test_boxes_that_meet_beyond_all_comparing(
        self, land: Land, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("api.domains.plot_overlaps.service.MOST_MEETINGS", 14)
        monkeypatch.setattr("api.domains.plot_overlaps.service.A_CROWD", 4)
        file = collection(*self.rows(land.producer, 6))
        made = await imported(land.coop, file, f"?mode=partial&producer_id={land.producer}")
        assert (made["created"], made["refused"]) == (1, 6)


class TestConcurrency:
    async def test_a_plot_that_is_being_moved_is_still_known(self, land: Land) -> None:
        """Found when the mover is done, by its code, and not taken for a new one."""
        for turn in range(6):
            code = f"M-{turn}"
            row = {"external_id": code, "producer_id": land.producer}
            await imported(land.coop, collection(feature(square(), **row)))
            [plot] = (await land.coop.get(f"{PLOTS}?external_id={code}")).json()["items"]
            file = collection(feature(square(), **row))
            moved, sent = await asyncio.gather(
                land.coop.put(f"{PLOTS}/{plot['id']}/geometry", {"geometry": square()}, '"v1"'),
                send(land.coop, file),
            )
            assert moved.status_code in {200, 412}
            assert (sent.status_code, sent.json()["updated"]) == (201, 1), sent.text

    async def test_twenty_files_of_the_same_land_lose_no_overlap(self, callers: Callers) -> None:
        """Twenty organisations at once, each with three plots that overlap all of the others'."""
        lon, lat = place()
        coops = [await callers.new(Role.PRODUCER_ORGANIZATION) for _ in range(20)]
        producers = [(await new_producer(coop))["id"] for coop in coops]

        def file(number: int) -> bytes:
            step = number * 0.00002
            corners = [(lon + step + n * 0.0002, lat + step) for n in range(3)]
            return collection(
                *(
                    feature(square(round(x, 6), round(y, 6)), external_id=f"P-{n}")
                    for n, (x, y) in enumerate(corners)
                )
            )

        async def one(number: int) -> Any:
            query = f"?producer_id={producers[number]}"
            return await send(coops[number], file(number), query)

        answers = await asyncio.gather(*(one(number) for number in range(20)))
        assert {answer.status_code for answer in answers} == {201}
        plots: set[str] = set()
        pairs: set[frozenset[str]] = set()
        for coop in coops:
            plots |= {item["id"] for item in (await coop.get(PLOTS)).json()["items"]}
            page = await coop.get(f"{OVERLAPS}?limit=100")
            pairs |= pairs_of(page.json()["items"])
            while page.json()["next"]:
                page = await coop.get(page.links["next"]["url"])
                pairs |= pairs_of(page.json()["items"])
        assert len(plots) == 60
        assert len(pairs) == 60 * 59 // 2

    async def test_one_organisations_files_at_once_register_once(self, land: Land) -> None:
        file = collection(*own(land, 10))
        answers = await asyncio.gather(*(send(land.coop, file) for _ in range(5)))
        assert sorted(answer.json()["created"] for answer in answers) == [0, 0, 0, 0, 10]
        assert sorted(answer.json()["unchanged"] for answer in answers) == [0, 10, 10, 10, 10]

    async def test_one_key_is_one_import(self, land: Land) -> None:
        file, key = collection(*own(land)), str(new_id())
        first = await send(land.coop, file, Idempotency_Key=key)
        again = await send(land.coop, file, Idempotency_Key=key)
        assert first.json() == again.json()
        assert json.loads(file)["features"]
