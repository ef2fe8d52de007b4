import os
import stat
from pathlib import Path
from uuid import uuid4

import pytest

from api.demo.credentials import Credential, read, write


def credential(name: str = "Cooperativa") -> Credential:
    return Credential(uuid4(), name, uuid4(), "mzk_" + "x" * 43)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    written = {"buyer": credential("Ñandú"), "observer": credential()}
    write(tmp_path / "new" / "secrets.json", written)
    assert read(tmp_path / "new" / "secrets.json") == written


def test_only_the_owner_reads_it_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write(tmp_path / "secrets.json", {"buyer": credential()})
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600


def test_an_older_file_is_replaced_with_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_text("{}")
    path.chmod(0o644)
    write(path, {"buyer": credential()})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["secrets.json"]


def test_a_failed_write_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "secrets.json"
    old = {"buyer": credential()}
    write(path, old)

    def full(_descriptor: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("api.demo.credentials.os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        write(path, {"buyer": credential()})
    assert read(path) == old
    assert [each.name for each in tmp_path.iterdir()] == ["secrets.json"]


@pytest.mark.parametrize("text", ["", "[]", '{"buyer": {}}', '{"buyer": 1}', "{"])
def test_what_is_no_such_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "secrets.json"
    path.write_text(text)
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the reason
        read(path)
