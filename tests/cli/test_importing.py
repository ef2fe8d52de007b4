"""``mazorca import plots`` against a real server, with real files."""

import asyncio
import csv
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from typer.testing import CliRunner, Result

from api.cli import app
from api.demo.credentials import Credential, write
from api.policies import Role
from api.settings import Settings
from tests.callers import Caller, Callers
from tests.core.test_geo_measure import OUTER_PLUS_HOLE
from tests.factories.clusters import new_cluster
from tests.factories.plots import point, square
from tests.factories.producers import new_dni, new_producer
from tests.live import serving
from tests.shared_data import shared_data

WHISP = ("plots", "whisp", "geojson_example_50.geojson")


@dataclass
class Office:
    """A cooperative's office: a program that may sign in, and a cluster of two producers."""

    coop: Caller
    url: str
    client_id: str
    client_secret: str
    cluster: str
    members: list[str]

    async def run(self, file: Path, *options: str) -> Result:
        arguments = ["import", "plots", str(file), "--url", self.url]
        environment = {
            "MAZORCA_CLIENT_ID": self.client_id,
            "MAZORCA_CLIENT_SECRET": self.client_secret,
            "COLUMNS": "200",
        }
        call = [*arguments, *options]
        return await asyncio.to_thread(lambda: CliRunner().invoke(app, call, env=environment))

    async def plots(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.coop.get("/v1/plots?limit=100")).json()["items"]
        return found


async def office(callers: Callers, url: str) -> Office:
    coop = await callers.new(Role.PRODUCER_ORGANIZATION)
    members = [(await new_producer(coop))["id"] for _ in range(2)]
    cluster = (await new_cluster(coop, members))["id"]
    secret = await coop.make("/v1/clients", {"name": "importer"})
    return Office(coop, url, secret["client_id"], secret["client_secret"], cluster, members)


@pytest.fixture(scope="module")
async def address(settings: Settings) -> AsyncIterator[str]:
    with serving(settings) as url:
        yield url


@pytest.fixture
async def peru(callers: Callers, address: str) -> Office:
    return await office(callers, address)


def save(path: Path, *features: Any) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return path


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.fixture
def field(tmp_path: Path) -> Path:
    """Three plots: one sound, one latitude first, one by a point."""
    swapped = {"type": "Point", "coordinates": point()["coordinates"][::-1]}
    return save(
        tmp_path / "field.geojson",
        feature(square(), plot_id="P-1", name="El Porvenir", planting_year=2014),
        feature(swapped, plot_id="P-2", area_ha=1.5),
        feature(point(), area_ha=1.5),
    )


async def test_each_row_is_accepted_or_refused_with_its_reason(peru: Office, field: Path) -> None:
    done = await peru.run(field, "--cluster", peru.cluster, "--language", "en")
    assert done.exit_code == 0, done.output
    assert "3 rows: accepted 2 (2.7" in done.output
    assert "refused 1 (axes-swapped 1)" in done.output
    assert "longitude first" in " ".join(done.output.replace("│", " ").split())
    plots = {plot["external_id"]: plot for plot in await peru.plots()}
    assert set(plots) == {"P-1", "field-2"}
    assert (plots["P-1"]["name"], plots["P-1"]["planting_year"]) == ("El Porvenir", 2014)
    assert plots["field-2"]["area_ha"] == "1.5000"


async def test_the_same_file_twice_changes_nothing(peru: Office, field: Path) -> None:
    await peru.run(field, "--cluster", peru.cluster)
    before = await peru.plots()
    again = await peru.run(field, "--cluster", peru.cluster)
    assert again.exit_code == 0
    assert "accepted 0 (0.0000 ha), already there 2, refused 1" in again.output
    assert await peru.plots() == before


async def test_another_geometry_under_a_known_code_is_a_new_version(
    peru: Office, field: Path
) -> None:
    await peru.run(field, "--cluster", peru.cluster)
    save(field, feature(square(), plot_id="P-1"))
    done = await peru.run(field, "--cluster", peru.cluster)
    assert "1 rows: accepted 0 (0.0000 ha), changed 1, already there 0, refused 0" in done.output
    versions = {plot["external_id"]: plot["geometry_version"] for plot in await peru.plots()}
    assert versions == {"P-1": 2, "field-2": 1}


async def test_many_rows_go_in_several_requests(
    peru: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.cli.plot_loading.AT_ONCE", 2)
    path = save(tmp_path / "five.geojson", *(feature(square(), code=f"F-{n}") for n in range(5)))
    done = await peru.run(path, "--cluster", peru.cluster)
    assert "5 rows: accepted 5 (" in done.output
    assert {plot["external_id"] for plot in await peru.plots()} == {f"F-{n}" for n in range(5)}


async def test_whose_the_rows_are(peru: Office, tmp_path: Path) -> None:
    path = tmp_path / "whose.geojson"
    first, second = peru.members
    rows = [feature(square(), code="A"), feature(square(), code="B", producer_id=second)]
    save(path, *rows)
    alone = await peru.run(path)
    assert "accepted 1 (" in alone.output
    assert "producer-missing 1" in alone.output
    await peru.run(path, "--cluster", peru.cluster)
    assert {p["external_id"]: p["producer_id"] for p in await peru.plots()} == {
        "A": first,
        "B": second,
    }
    cluster = await new_cluster(peru.coop, [first, second], representative_id=second)
    save(path, feature(square(), code="C"), feature(square(), code="D"))
    await peru.run(path, "--cluster", cluster["id"])
    save(path, feature(square(), code="E"))
    await peru.run(path, "--cluster", cluster["id"], "--producer", first)
    owners = {p["external_id"]: p["producer_id"] for p in await peru.plots()}
    assert (owners["C"], owners["D"], owners["E"]) == (second, second, first)


async def test_strict_tells_refusals_by_the_exit_code(peru: Office, field: Path) -> None:
    strict = ("--cluster", peru.cluster, "--strict")
    assert (await peru.run(field, *strict)).exit_code == 1
    save(field, feature(square(), code="S"))
    assert (await peru.run(field, *strict)).exit_code == 0


async def test_overlaps_are_counted(peru: Office, tmp_path: Path) -> None:
    path = tmp_path / "twice.geojson"
    here = square()
    save(path, feature(here, code="T-1"), feature(here, code="T-2"))
    done = await peru.run(path, "--cluster", peru.cluster)
    assert "accepted 2" in done.output
    assert [plot["open_overlaps"] for plot in await peru.plots()] == [1, 1]


async def test_kml_and_csv(peru: Office, tmp_path: Path) -> None:
    lon, lat = point()["coordinates"]
    kml = tmp_path / "telefono.kml"
    kml.write_text(
        "<kml><Document><Placemark><name>La Esperanza</name><Point><coordinates>"
        f"{lon},{lat},512</coordinates></Point></Placemark></Document></kml>"
    )
    lon, lat = point()["coordinates"]
    table = tmp_path / "tabla.csv"
    table.write_text(f"codigo,longitud,latitud,hectareas\nK-1,{lon},{lat},2.25\nK-2,,,\n")
    assert "accepted 1" in (await peru.run(kml, "--cluster", peru.cluster)).output
    done = await peru.run(table, "--cluster", peru.cluster)
    assert "2 rows: accepted 1 (2.2500 ha)" in done.output
    plots = {plot["external_id"]: plot for plot in await peru.plots()}
    assert plots["telefono-0"]["name"] == "La Esperanza"
    assert plots["K-1"]["area_ha"] == "2.2500"


@pytest.mark.parametrize("name", ["malformed.kml", "swapped-coordinate-columns.csv"])
async def test_a_file_that_cannot_be_read_sends_nothing(peru: Office, name: str) -> None:
    path = shared_data("plots", "eudr_fixtures_filovara", "invalid", name)
    done = await peru.run(path, "--cluster", peru.cluster)
    assert done.exit_code == 1
    assert "error: " in done.stderr
    assert await peru.plots() == []


class TestNotServed:
    async def test_wrong_secret(self, peru: Office, field: Path) -> None:
        peru.client_secret = "not-the-secret"
        done = await peru.run(field, "--cluster", peru.cluster)
        assert done.exit_code == 2
        assert "401" in done.stderr
        assert "not-the-secret" not in done.output

    async def test_no_server(self, peru: Office, field: Path) -> None:
        peru.url = "http://127.0.0.1:9"
        done = await peru.run(field, "--cluster", peru.cluster)
        assert done.exit_code == 2
        assert "No answer" in done.stderr

    async def test_an_unknown_cluster(self, peru: Office, field: Path) -> None:
        done = await peru.run(field, "--cluster", "01a20832-09b3-7226-b1e9-842768257666")
        assert (done.exit_code, await peru.plots()) == (2, [])

    async def test_a_program_without_the_permission(
        self, callers: Callers, peru: Office, field: Path
    ) -> None:
        wish = {"name": "reader", "scopes": ["clusters:read"]}
        secret = await peru.coop.make("/v1/clients", wish)
        peru.client_id, peru.client_secret = secret["client_id"], secret["client_secret"]
        done = await peru.run(field, "--cluster", peru.cluster)
        assert done.exit_code == 2
        assert "403" in done.stderr

    async def test_no_credentials_anywhere(
        self, peru: Office, field: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("api.cli.importing.settings", lambda: Settings(data_dir=tmp_path))
        peru.client_id = peru.client_secret = ""
        done = await peru.run(field, "--cluster", peru.cluster)
        assert done.exit_code == 2
        assert "--client-id" in done.stderr


async def test_the_demonstrations_credentials_are_found(
    peru: Office, field: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Credential(
        peru.coop.organization_id, "Cooperativa", UUID(peru.client_id), peru.client_secret
    )
    write(tmp_path / "demo-credentials.json", {Role.PRODUCER_ORGANIZATION: known})
    monkeypatch.setattr("api.cli.importing.settings", lambda: Settings(data_dir=tmp_path))
    peru.client_id = peru.client_secret = ""
    assert (await peru.run(field, "--cluster", peru.cluster)).exit_code == 0
    assert len(await peru.plots()) == 2


class TestSamplePlots:
    """Whisp's fifty: all but two lie outside Peru, and one of those two has a hole."""

    async def test_in_peru(self, peru: Office) -> None:
        done = await peru.run(shared_data(*WHISP), "--cluster", peru.cluster)
        assert done.exit_code == 0
        assert "50 rows: accepted 1 (9.1205 ha), already there 0, refused 49" in done.output
        assert "outside-area-of-operation 48, polygon-has-hole 1" in done.output
        assert len(await peru.plots()) == 1

    async def test_anywhere(self, callers: Callers, settings: Settings) -> None:
        with serving(settings.model_copy(update={"area_of_operation": "world"})) as url:
            world = await office(callers, url)
            done = await world.run(shared_data(*WHISP), "--cluster", world.cluster)
            assert "accepted 49 (" in done.output
            assert "refused 1 (polygon-has-hole 1)" in done.output
            again = await world.run(shared_data(*WHISP), "--cluster", world.cluster)
            assert "accepted 0 (0.0000 ha), already there 49, refused 1" in again.output
        table = shared_data("plots", "whisp", "geojson_example_50.expected_geometry.csv")
        with table.open(newline="") as lines:
            expected = [Decimal(row["geodesic_area_ha_wgs84"]) for row in csv.DictReader(lines)]
        areas = {plot["external_id"]: Decimal(plot["area_ha"]) for plot in await world.plots()}
        assert set(areas) == {
            f"geojson_example_50-{index}" for index in range(50) if index != OUTER_PLUS_HOLE
        }
        for code, area in areas.items():
            wanted = expected[int(code.rpartition("-")[2])]
            assert abs(area - wanted) <= wanted / 1000, code


class TestProducers:
    """``mazorca import producers``."""

    async def run(self, office: Office, file: Path, *options: str) -> Result:
        credentials = ("--client-id", office.client_id, "--client-secret", office.client_secret)
        call = ["import", "producers", str(file), "--url", office.url, *credentials, *options]
        return await asyncio.to_thread(lambda: CliRunner().invoke(app, call))

    def table(self, tmp_path: Path) -> Path:
        """Two sound rows and one without a valid birth year."""
        path = tmp_path / "socios.csv"
        rows = [
            f"S-{n};dni;{new_dni()};Rosa;Quispe;{year};220601;associated"
            for n, year in enumerate(("1979", "1980", "x"))
        ]
        header = (
            "external_id;document_type;document_number;given_names;family_names;birth_year;"
            "ubigeo;association_status"
        )
        path.write_text("\n".join([header, *rows]))
        return path

    async def known(self, office: Office) -> set[str]:
        found = (await office.coop.get("/v1/producers?limit=100")).json()["items"]
        return {one["external_id"] for one in found if one["external_id"]}

    async def test_every_bad_row_is_told_and_nothing_is_done(
        self, peru: Office, tmp_path: Path
    ) -> None:
        done = await self.run(peru, self.table(tmp_path), "--language", "en")
        assert done.exit_code == 1
        assert "4 (S-2): birth_year: int-type: must be an integer" in done.output
        assert "3 rows: created 0, updated 0, unchanged 0, refused 1, held back 2" in done.output
        assert await self.known(peru) == set()

    async def test_good_rows_are_taken_beside_bad_ones(self, peru: Office, tmp_path: Path) -> None:
        file = self.table(tmp_path)
        assert "created 2" in (await self.run(peru, file, "--partial", "--dry-run")).output
        assert await self.known(peru) == set()
        assert "created 2" in (await self.run(peru, file, "--partial")).output
        assert "unchanged 2" in (await self.run(peru, file, "--partial")).output
        assert await self.known(peru) == {"S-0", "S-1"}

    async def test_they_become_members_of_a_cluster(self, peru: Office, tmp_path: Path) -> None:
        file = self.table(tmp_path)
        cluster = (await new_cluster(peru.coop))["id"]
        since = ("--partial", "--cluster", cluster, "--joined-on", "2024-05-01")

        async def joined() -> list[str]:
            page = await peru.coop.get(f"/v1/clusters/{cluster}/members")
            return [member["joined_on"] for member in page.json()["items"]]

        assert "created 2" in (await self.run(peru, file, *since, "--dry-run")).output
        assert await joined() == []
        assert "created 2" in (await self.run(peru, file, *since)).output
        assert await joined() == ["2024-05-01"] * 2
        again = await self.run(peru, file, "--partial", "--cluster", cluster)
        assert "updated 0, unchanged 2, refused 1" in again.output
        other = (await new_cluster(peru.coop))["id"]
        assert "updated 2" in (await self.run(peru, file, "--partial", "--cluster", other)).output

    async def test_a_day_without_a_cluster_or_an_unknown_one_is_told(
        self, peru: Office, tmp_path: Path
    ) -> None:
        file = self.table(tmp_path)
        done = await self.run(peru, file, "--joined-on", "2024-05-01", "--language", "en")
        assert (done.exit_code, "needs cluster_id" in done.stderr) == (2, True)
        unknown = "01a20832-09b3-7226-b1e9-842768257666"
        done = await self.run(peru, file, "--partial", "--cluster", unknown)
        assert (done.exit_code, "404" in done.stderr) == (2, True)
        assert await self.known(peru) == set()

    async def test_what_is_no_such_file_is_not_sent(self, peru: Office, tmp_path: Path) -> None:
        file = tmp_path / "socios.xlsx"
        file.write_bytes(b"PK")
        done = await self.run(peru, file)
        assert done.exit_code == 2
        assert ".ndjson" in done.output
        empty = tmp_path / "empty.csv"
        empty.write_text("external_id\n")
        done = await self.run(peru, empty)
        assert (done.exit_code, "no-rows" in done.output) == (2, True)
