"""``mazorca import ubigeo`` with the published files, and ``mazorca import boundaries``."""

import asyncio
import csv
import json
from pathlib import Path

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner, Result

from api.cli import app, territory_loading
from api.policies import Role
from api.settings import Settings
from tests.factories.plots import square
from tests.factories.producers import new_producer, registration
from tests.factories.territories import a_platform_of_its_own, load_territories
from tests.routers.test_territories import boundary_file
from tests.shared_data import shared_data


async def run(*arguments: str, what: str = "ubigeo") -> Result:
    call = ["import", what, *arguments, "--language", "en"]
    return await asyncio.to_thread(lambda: CliRunner().invoke(app, call))


async def test_loads_the_country_and_then_nothing(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [
        str(shared_data("ubigeo", f"ubigeo_{name}.csv"))
        for name in ("departamento", "provincia", "distrito")
    ]
    async with a_platform_of_its_own(server, tmp_path) as callers:
        dsn = callers.platform.settings.database_url
        assert dsn is not None
        chosen = Settings(database_url=SecretStr(dsn.get_secret_value()), data_dir=tmp_path)
        monkeypatch.setattr(territory_loading, "settings", lambda: chosen)
        first = await run(*files)
        assert first.exit_code == 0, first.output
        assert "ubigeo_distrito.csv: 1 refused" in first.output
        assert "inei-code-missing" in first.output
        told = "2113 added, 0 changed, 0 unchanged, 1 without RENIEC code"
        assert first.output.endswith(f"{told}\n")
        again = await run(*files)
        assert again.output.endswith("0 added, 0 changed, 2113 unchanged, 1 without RENIEC code\n")
        coop = await callers.new(Role.PRODUCER_ORGANIZATION)
        counted = [
            (await coop.get(f"/v1/territories?include=total&limit=1&level={level}")).json()["total"]
            for level in ("department", "province", "district")
        ]
        assert counted == [25, 196, 1892]
        await new_producer(coop, ubigeo="220601")
        # The same districts by the codes that RENIEC has for them would rename others.
        refused = await run(by_reniec(files[2], tmp_path))
        assert (refused.exit_code, "are RENIEC's" in refused.output) == (1, True)
        juanjui = (await coop.get("/v1/territories/220601")).json()
        assert (juanjui["name"], juanjui["version"]) == ("JUANJUI", 1)
        # Pucacaca to RENIEC, and nothing to INEI.
        answer = await coop.post("/v1/producers", registration(ubigeo="210905"))
        assert [error["inei"] for error in answer.json()["errors"]] == ["220705"]


def by_reniec(districts: str, folder: Path) -> str:
    """The same districts under ``ubigeo`` with the codes that RENIEC has for them."""
    table = csv.DictReader(Path(districts).read_text().splitlines())
    lines = [f"{row['reniec']};{row['distrito']}\n" for row in table]
    file = folder / "reniec.csv"
    file.write_text("ubigeo;distrito\n" + "".join(lines))
    return str(file)


async def test_another_file_loads_nothing(tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_text("a,b\n1,2\n")
    result = await run(str(file))
    assert (result.exit_code, "columns are missing" in result.output) == (1, True)


async def test_boundaries_load_once(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, other = tmp_path / "districts.geojson", tmp_path / "other.geojson"
    file.write_bytes(boundary_file())
    other.write_text('{"type": "Feature"}')
    async with a_platform_of_its_own(server, tmp_path) as callers:
        dsn = callers.platform.settings.database_url
        assert dsn is not None
        chosen = Settings(database_url=SecretStr(dsn.get_secret_value()), data_dir=tmp_path)
        monkeypatch.setattr(territory_loading, "settings", lambda: chosen)
        for told in ("2 added, 0 changed, 0 unchanged", "0 added, 0 changed, 2 unchanged"):
            result = await run(str(file), what="boundaries")
            assert (result.exit_code, result.output.splitlines()[-1]) == (
                0,
                f"{told}, 0 of no district",
            )
        refused = await run(str(other), what="boundaries")
        assert (refused.exit_code, "FeatureCollection" in refused.output) == (1, True)


async def test_boundaries_in_another_coding_are_not_taken(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RENIEC's codes are other districts' in INEI's coding: every warning would be wrong."""

    def file(name: str, *codes: str) -> str:
        features = [
            {
                "type": "Feature",
                "properties": {"ubigeo": code},
                "geometry": square(-77.0 + place, -8.0, side=1.0),
            }
            for place, code in enumerate(codes)
        ]
        path = tmp_path / name
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        return str(path)

    async with a_platform_of_its_own(server, tmp_path) as callers:
        dsn = callers.platform.settings.database_url
        assert dsn is not None
        chosen = Settings(database_url=SecretStr(dsn.get_secret_value()), data_dir=tmp_path)
        monkeypatch.setattr(territory_loading, "settings", lambda: chosen)
        await load_territories(callers.platform)
        reniec = file("reniec.geojson", "210401", "210801", "010101")
        refused = await run(reniec, what="boundaries")
        assert (refused.exit_code, "are RENIEC's" in refused.output) == (1, True)
        count = "SELECT count(*) FROM district_boundaries"
        assert await callers.platform.database.pool.fetchval(count) == 0
        newer = await run(file("newer.geojson", "220601", "220699"), what="boundaries")
        assert newer.exit_code == 0
        assert "newer.geojson: unknown-district: 220699: no district has that" in newer.output
        assert newer.output.endswith("1 added, 0 changed, 0 unchanged, 1 of no district\n")
