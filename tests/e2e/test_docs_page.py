"""The documentation as a person meets it: in a browser that reaches nothing but the server."""

import re
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from tests.e2e.server import ANSWER_SECONDS, Mazorca

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium (Debian's package chromium)"),
]

SHUT_OFF = [
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def rendered(url: str, profile: Path) -> str:
    """The page's elements once its scripts have run."""
    found = subprocess.run(
        [
            str(CHROMIUM),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            *SHUT_OFF,
            f"--user-data-dir={profile}",
            "--virtual-time-budget=20000",
            "--dump-dom",
            url,
        ],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return found.stdout


def test_the_documentation_shows_every_room(mazorca: Mazorca, tmp_path: Path) -> None:
    document = httpx.get(f"{mazorca.url}/openapi.json", timeout=ANSWER_SECONDS).json()
    wanted = {
        tag
        for operations in document["paths"].values()
        for operation in operations.values()
        if isinstance(operation, dict)
        for tag in operation.get("tags", [])
    }
    page = rendered(f"{mazorca.url}/docs", tmp_path / "profile")
    assert len(wanted) > 20
    assert wanted == set(re.findall(r'id="operations-tag-([^"]+)"', page))


def test_a_problem_explains_itself(mazorca: Mazorca, tmp_path: Path) -> None:
    headers = {"Accept-Language": "en"}
    answer = httpx.get(f"{mazorca.url}/v1/orders", headers=headers, timeout=ANSWER_SECONDS)
    kind = answer.json()["type"]
    page = rendered(str(httpx.URL(mazorca.url).join(kind)), tmp_path / "profile")
    assert answer.json()["title"] in page
