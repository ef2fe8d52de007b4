"""Where the migrations lie, and which is the newest: read from the files, because every start asks
and importing Alembic for it costs half a second.
"""

import ast
from pathlib import Path
from typing import Any, Final

API: Final = Path(__file__).parent.parent


def migrations_folder() -> Path:
    """The migrations of this code: beside it in a wheel, above it in a checkout."""
    folders = (API / "alembic", API.parent / "alembic")
    return next(folder for folder in folders if (folder / "env.py").is_file())


def newest_revision(folder: Path) -> str:
    """The one revision that no other follows; ``ValueError`` where there is none, or several."""
    follows = dict(map(_revision_of, sorted((folder / "versions").glob("*.py"))))
    (newest,) = follows.keys() - set(follows.values())
    return newest


def _revision_of(file: Path) -> tuple[str, str | None]:
    """A migration's revision, and the one that it follows."""
    found: dict[str, Any] = {}
    for node in ast.parse(file.read_bytes()).body:
        if isinstance(node, ast.AnnAssign | ast.Assign) and isinstance(node.value, ast.Constant):
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            found[ast.unparse(target)] = node.value.value
    return found["revision"], found["down_revision"]
