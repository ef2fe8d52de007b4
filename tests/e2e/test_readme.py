"""What the README tells to paste works when it is pasted."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.e2e.server import ROOT, Mazorca

pytestmark = pytest.mark.e2e

READMES = {"README.md": "The first five minutes", "README.es.md": "Los primeros cinco minutos"}


def blocks(name: str) -> list[str]:
    """The fenced bash blocks of the section of the first five minutes."""
    text = (ROOT / name).read_text(encoding="utf-8")
    section = re.search(rf"^## {READMES[name]}\n(.*?)^## ", text, re.MULTILINE | re.DOTALL)
    assert section, f"{name} has no section {READMES[name]!r}"
    return re.findall(r"^```bash\n(.*?)^```$", section[1], re.MULTILINE | re.DOTALL)


def without_comments(block: str) -> str:
    return re.sub(r" *#.*$", "", block, flags=re.MULTILINE)


@pytest.mark.parametrize("name", READMES)
def test_the_first_five_minutes_work(mazorca: Mazorca, name: str, tmp_path: Path) -> None:
    script = tmp_path / "pasted.sh"
    script.write_text("set -euo pipefail\n" + "\n".join(blocks(name)), encoding="utf-8")
    pasted = subprocess.run(
        ["bash", str(script)],
        env={"PATH": os.environ["PATH"], "MAZORCA_DATA_DIR": str(mazorca.data)}
        | {"MAZORCA_PORT": str(mazorca.port)},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert pasted.returncode == 0, pasted.stderr + pasted.stdout
    for shown in ('"supplier"', '"registered_on"', '"verdict"', "— "):
        assert shown in pasted.stdout


def test_both_languages_tell_the_same() -> None:
    english, spanish = (list(map(without_comments, blocks(name))) for name in READMES)
    assert len(english) > 3
    assert english == spanish
