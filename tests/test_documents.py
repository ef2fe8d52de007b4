"""The pages for people name what is there."""

import re
from pathlib import Path

import pytest

from api.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "README.es.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")


def variable(setting: str) -> str:
    return "DATABASE_URL" if setting == "database_url" else f"MAZORCA_{setting.upper()}"


@pytest.mark.parametrize("setting", Settings.model_fields)
def test_every_setting_is_in_the_table(setting: str) -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert f"`{variable(setting)}`" in page


def test_the_table_has_no_setting_that_is_gone() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    known = {variable(setting) for setting in Settings.model_fields} | {"MAZORCA_DATABASE_URL"}
    assert set(re.findall(r"`(MAZORCA_[A-Z_]+)`", page)) <= known


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    linked = [page.parent / target for target in LINK.findall(page.read_text(encoding="utf-8"))]
    assert [str(target) for target in linked if not target.exists()] == []
