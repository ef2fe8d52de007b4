from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from api.core.revisions import migrations_folder, newest_revision


def written(folder: Path, *revisions: tuple[str, str | None]) -> Path:
    (folder / "versions").mkdir()
    for name, follows in revisions:
        text = (
            f'"""A step."""\n\nrevision: str = {name!r}\ndown_revision: str | None = {follows!r}\n'
        )
        (folder / "versions" / f"2026_11_23_{name}.py").write_text(text)
    return folder


def test_it_is_the_head_that_alembic_finds() -> None:
    folder = migrations_folder()
    assert newest_revision(folder) == ScriptDirectory(str(folder)).get_current_head()


def test_the_order_of_the_files_does_not_matter(tmp_path: Path) -> None:
    folder = written(tmp_path, ("a_last", "b_first"), ("b_first", None))
    assert newest_revision(folder) == "a_last"


@pytest.mark.parametrize(
    "revisions",
    [(), (("first", None), ("left", "first"), ("right", "first"))],
    ids=["none", "two heads"],
)
def test_there_must_be_one(tmp_path: Path, revisions: tuple[tuple[str, str | None], ...]) -> None:
    with pytest.raises(ValueError, match="unpack"):
        newest_revision(written(tmp_path, *revisions))
