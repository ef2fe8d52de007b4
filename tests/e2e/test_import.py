"""Real plots from a file reach a real server, each row accounted for, and none of them twice."""

import re
from pathlib import Path

import httpx
import pytest

from api.demo.caller import Caller
from api.policies import Role
from tests.e2e.server import Mazorca
from tests.shared_data import shared_data

pytestmark = pytest.mark.e2e

SUMMARY = re.compile(r"(\d+) rows: accepted (\d+) .*already there (\d+), refused (\d+)")
ROWS = 50


def imported(server: Mazorca, file: Path, cluster_id: str) -> tuple[int, int, int]:
    """Import the file: how many were accepted, were there already, were refused."""
    done = server.command(
        "import", "plots", str(file), "--cluster", cluster_id, "--url", server.url
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = SUMMARY.search(done.stdout)
    assert found, done.stdout
    rows, *results = map(int, found.groups())
    assert rows == ROWS == sum(results)
    accepted, present, refused = results
    return accepted, present, refused


def test_a_file_of_plots(mortal: Mazorca) -> None:
    file = shared_data("plots", "whisp", "geojson_example_50.geojson")
    mortal.ensure_running()
    with httpx.Client(base_url=mortal.url, timeout=60) as http:
        cooperative = Caller(http, mortal.credentials()[Role.PRODUCER_ORGANIZATION])
        cooperative.sign_in()
        cluster_id = cooperative.get("/v1/clusters", limit=1)["items"][0]["id"]
        before = cooperative.get("/v1/plots", include="total")["total"]
        accepted, present, refused = imported(mortal, file, cluster_id)
        assert accepted > ROWS // 2
        assert present == 0
        assert imported(mortal, file, cluster_id) == (0, accepted, refused)
        assert cooperative.get("/v1/plots", include="total")["total"] == before + accepted
