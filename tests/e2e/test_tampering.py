"""An exported ledger that somebody touched does not verify, and the verifier says where."""

import re
from pathlib import Path

import pytest

from api.domains.ledger.export import ENTRIES_FILE
from tests.e2e.server import Mazorca

pytestmark = pytest.mark.e2e

TOUCHED = 40


@pytest.fixture
def export(mazorca: Mazorca, tmp_path: Path) -> Path:
    """The shared server's ledger as files, which verify."""
    mazorca.wait_until_sequenced()
    folder = tmp_path / "export"
    made = mazorca.command("ledger", "export", str(folder))
    assert made.returncode == 0, made.stderr
    assert mazorca.command("ledger", "verify", str(folder)).returncode == 0
    return folder


def touch(export: Path, old: bytes, new: bytes) -> None:
    """Change one byte of the line with position ``TOUCHED``."""
    path = export / ENTRIES_FILE
    lines = path.read_bytes().splitlines(keepends=True)
    changed = lines[TOUCHED].replace(old, new, 1)
    assert sum(a != b for a, b in zip(changed, lines[TOUCHED], strict=True)) == 1
    lines[TOUCHED] = changed
    path.write_bytes(b"".join(lines))


def named(mazorca: Mazorca, export: Path) -> list[tuple[int, int]]:
    """The stretches that the verifier names; it must refuse."""
    verdict = mazorca.command("ledger", "verify", str(export))
    assert verdict.returncode == 1, verdict.stdout
    assert "intact" not in verdict.stdout
    stretches = re.findall(r": (\d+) to (\d+)$", verdict.stdout, re.MULTILINE)
    assert stretches, verdict.stdout
    return [(int(first), int(last)) for first, last in stretches]


def test_a_changed_value_is_placed(mazorca: Mazorca, export: Path) -> None:
    touch(export, b'\\"recorded_at\\":\\"20', b'\\"recorded_at\\":\\"21')
    assert any(first <= TOUCHED <= last for first, last in named(mazorca, export))


def test_a_spoilt_body_is_named_exactly(mazorca: Mazorca, export: Path) -> None:
    touch(export, b'\\"actor\\":{', b'\\"actor\\":[')
    assert (TOUCHED, TOUCHED) in named(mazorca, export)


def test_a_changed_position_is_named_exactly(mazorca: Mazorca, export: Path) -> None:
    touch(export, b'{"position":4', b'{"position":9')
    assert any(TOUCHED in stretch for stretch in named(mazorca, export))
