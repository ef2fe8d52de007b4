"""When it cannot start, it says why and what to do."""

import os
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from api.embedded import EmbeddedPostgres, EmbeddedPostgresError, binaries, folder
from api.embedded.binaries import find_binaries
from api.embedded.identity import FREE_UIDS
from tests.embedded.support import NOBODY, processes_of, works


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder whose server is stopped."""
    data = tmp_path_factory.mktemp("data")
    with EmbeddedPostgres(data, durable=False):
        pass
    yield data
    with EmbeddedPostgres(data, durable=False) as server:  # no test may have harmed it
        assert works(server.dsn)


def refusal(data: Path, **settings: str) -> EmbeddedPostgresError:
    server = EmbeddedPostgres(data, durable=False, settings=settings)
    with pytest.raises(EmbeddedPostgresError) as caught:
        server.start()
    assert not processes_of(data)
    assert caught.value.hint in str(caught.value)
    return caught.value


def test_a_refused_setting_shows_the_end_of_the_log(stopped: Path) -> None:
    error = refusal(stopped, shared_buffers="all of it")
    assert 'invalid value for parameter "shared_buffers"' in error.log
    assert error.log in str(error)
    assert str(stopped / "pg.log") in error.hint


@pytest.mark.parametrize("name", ["listen_addresses", "Port", "unix_socket_directories"])
def test_the_doors_are_not_for_the_caller_to_open(tmp_path: Path, name: str) -> None:
    with pytest.raises(EmbeddedPostgresError, match=name.lower()):
        EmbeddedPostgres(tmp_path, settings={name: "*"})
    assert list(tmp_path.iterdir()) == []


def test_a_cluster_of_another_version_is_named(stopped: Path) -> None:
    version = stopped / "pg" / "PG_VERSION"
    version.write_text("12\n")
    try:
        error = refusal(stopped)
    finally:
        version.write_text("18\n")
    assert "no PostgreSQL 12" in error.problem
    assert "dump" in error.hint


def test_the_newest_programs_serve_a_new_cluster_and_older_ones_an_old_cluster() -> None:
    newest = find_binaries()
    assert newest.major >= 18
    assert newest.postgres.is_file()
    assert find_binaries(newest.major) == newest
    assert find_binaries(16).major == 16


@pytest.mark.parametrize("content", [None, ""])
def test_a_lost_password_is_named(stopped: Path, content: str | None) -> None:
    file = stopped / "pg-mazorca-password"
    secret = file.read_text()
    file.unlink()
    if content is not None:
        file.write_text(content)
    try:
        assert "pg-mazorca-password" in refusal(stopped).hint
    finally:
        file.write_text(secret)


def test_a_wrong_password_is_named_at_once(stopped: Path) -> None:
    file = stopped / "pg-superuser-password"
    secret = file.read_text()
    file.write_text("guessed")
    try:
        error = refusal(stopped)
    finally:
        file.write_text(secret)
    assert "password authentication failed" in error.log
    assert "guessed" not in str(error)


def test_an_empty_folder_in_the_cluster_s_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "pg").mkdir()
    if os.geteuid() == 0:
        os.chown(tmp_path / "pg", FREE_UIDS[0], FREE_UIDS[0])
    for file in ("pg-superuser-password", "pg-mazorca-password"):
        (tmp_path / file).write_text("secret")
    assert "no PostgreSQL cluster" in refusal(tmp_path).problem


def test_a_symbolic_link_in_the_cluster_s_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    data = tmp_path / "data"
    data.mkdir()
    (data / "pg").symlink_to(tmp_path / "elsewhere")
    if os.geteuid() == 0:
        os.chown(data, NOBODY, NOBODY)
        os.chown(data / "pg", NOBODY, NOBODY, follow_symlinks=False)
    for file in ("pg-superuser-password", "pg-mazorca-password"):
        (data / file).write_text("secret")
    assert "symbolic link" in refusal(data).problem
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_file_in_the_data_folder_s_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    assert "cannot be used" in refusal(tmp_path / "data").problem


def test_private_files_are_never_reached_by_a_link(stopped: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("somebody's file")
    log = stopped / "pg.log"
    log.unlink()
    log.symlink_to(elsewhere)
    try:
        refusal(stopped)
        log.unlink()
        log.hardlink_to(elsewhere)
        assert "not a plain file" in refusal(stopped).problem
    finally:
        log.unlink()
    assert elsewhere.read_text() == "somebody's file"


def test_an_unfinished_cluster_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "pg.new" / "base").mkdir(parents=True)
    (tmp_path / "pg.new" / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(tmp_path, durable=False) as server:
        assert works(server.dsn)
    assert not (tmp_path / "pg.new").exists()


def test_a_long_log_is_set_aside(stopped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "LOG_LIMIT", 20)
    (stopped / "pg.log").write_text("of a long and happy life\n")
    with EmbeddedPostgres(stopped, durable=False):
        pass
    assert (stopped / "pg.log.1").read_text() == "of a long and happy life\n"
    assert "happy" not in (stopped / "pg.log").read_text()


def test_without_the_wheel_it_points_to_database_url(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(binaries, "distribution", missing)
    with pytest.raises(EmbeddedPostgresError, match="DATABASE_URL"):
        find_binaries()


def test_other_systems_are_told_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(EmbeddedPostgresError, match="Linux only"):
        EmbeddedPostgres(tmp_path).start()
    assert list(tmp_path.iterdir()) == []
