"""Under which uid the server runs, and where its programs come from."""

import os
import pwd
from pathlib import Path

import pytest

from api.embedded import EmbeddedPostgresError, binaries, cluster, identity
from api.embedded.binaries import Binaries, binaries_for, find_binaries
from api.embedded.identity import FREE_UIDS, Account, building_account, server_account
from tests.embedded.support import NOBODY, as_root


def become(monkeypatch: pytest.MonkeyPatch, uid: int) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    monkeypatch.setattr(os, "getegid", lambda: uid)


def test_not_as_root_we_are_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    become(monkeypatch, 1234)
    ours = Account(1234, 1234)
    assert server_account(folder_owner=1234, cluster_owner=None, seed="a") == ours
    assert server_account(folder_owner=0, cluster_owner=1234, seed="a") == ours
    with pytest.raises(EmbeddedPostgresError, match="uid 60706"):
        server_account(folder_owner=1234, cluster_owner=60706, seed="a")


def test_as_root_a_new_cluster_gets_a_number_that_nobody_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    become(monkeypatch, 0)
    chosen = server_account(folder_owner=0, cluster_owner=None, seed="a")
    assert chosen.uid in FREE_UIDS
    assert chosen.gid == chosen.uid
    assert server_account(folder_owner=0, cluster_owner=None, seed="a") == chosen
    monkeypatch.setattr(identity, "_busy_uids", lambda: {chosen.uid})
    following = server_account(folder_owner=0, cluster_owner=None, seed="a")
    assert following != chosen
    known = {chosen.uid, following.uid}
    monkeypatch.setattr(identity, "has_account", known.__contains__)
    assert server_account(folder_owner=0, cluster_owner=None, seed="a").uid not in known
    monkeypatch.setattr(identity, "has_account", lambda uid: True)
    with pytest.raises(EmbeddedPostgresError, match="taken"):
        server_account(folder_owner=0, cluster_owner=None, seed="a")


def test_as_root_an_existing_cluster_keeps_its_owner(monkeypatch: pytest.MonkeyPatch) -> None:
    become(monkeypatch, 0)
    kept = server_account(folder_owner=0, cluster_owner=60706, seed="a")
    assert kept == Account(60706, 60706)
    nobody = pwd.getpwuid(NOBODY)
    owners = Account(nobody.pw_uid, nobody.pw_gid)
    for cluster_owner in (None, NOBODY):
        found = server_account(folder_owner=NOBODY, cluster_owner=cluster_owner, seed="a")
        assert found == owners
    with pytest.raises(EmbeddedPostgresError, match="refuses to run as root"):
        server_account(folder_owner=0, cluster_owner=0, seed="a")


def test_a_cluster_that_another_account_put_there_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    become(monkeypatch, 0)
    with pytest.raises(EmbeddedPostgresError, match="data folder does not"):
        server_account(folder_owner=0, cluster_owner=NOBODY, seed="a")


def test_initdb_borrows_an_idle_account_only_for_a_uid_without_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    become(monkeypatch, 0)
    nobody = Account(NOBODY, pwd.getpwuid(NOBODY).pw_gid)
    assert building_account(nobody) == nobody
    monkeypatch.setattr(identity, "_busy_uids", lambda: {0})
    first = building_account(Account(60706, 60706))
    assert first.uid != 0
    assert pwd.getpwuid(first.uid).pw_shell.endswith(("nologin", "false"))
    monkeypatch.setattr(identity, "_busy_uids", lambda: {0, first.uid})
    assert building_account(Account(60706, 60706)) != first
    monkeypatch.setattr(identity, "_busy_uids", lambda: {user.pw_uid for user in pwd.getpwall()})
    monkeypatch.setattr(identity, "PATIENCE", 0.2)
    with pytest.raises(EmbeddedPostgresError, match="idle system account"):
        building_account(Account(60706, 60706))


def test_a_user_without_an_account_is_told_what_initdb_needs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    become(monkeypatch, 60706)
    with pytest.raises(EmbeddedPostgresError, match="no account") as caught:
        building_account(Account(60706, 60706))
    assert "/etc/passwd" in caught.value.hint


@as_root
def test_a_new_cluster_is_handed_over_whole(tmp_path: Path) -> None:
    top, builder, server = made(tmp_path)
    fd = os.open(top, os.O_RDONLY)
    try:
        cluster._hand_over(fd, builder, server)
    finally:
        os.close(fd)
    everything = [top, *top.rglob("*")]
    assert len(everything) == 4
    assert {path.stat().st_uid for path in everything} == {server.uid}


@as_root
@pytest.mark.parametrize("trick", ["hard link", "symbolic link", "foreign file"])
def test_what_somebody_slipped_into_a_new_cluster_is_not_handed_over(
    tmp_path: Path, trick: str
) -> None:
    top, builder, server = made(tmp_path)
    secret = tmp_path / "secret"
    secret.write_text("of root")
    slipped = top / "base" / "slipped"
    if trick == "hard link":
        os.chown(secret, builder.uid, builder.gid)
        slipped.hardlink_to(secret)
    elif trick == "symbolic link":
        slipped.symlink_to(secret)
    else:
        slipped.write_text("of root")
    fd = os.open(top, os.O_RDONLY)
    try:
        with pytest.raises((EmbeddedPostgresError, OSError)):
            cluster._hand_over(fd, builder, server)
    finally:
        os.close(fd)
    assert secret.stat().st_uid != server.uid
    assert top.stat().st_uid == builder.uid


def made(tmp_path: Path) -> tuple[Path, Account, Account]:
    """A folder tree of one account, to be handed over to another."""
    builder, server = Account(NOBODY, NOBODY), Account(60706, 60706)
    top = tmp_path / "pg.new"
    (top / "base").mkdir(parents=True)
    (top / "PG_VERSION").write_text("18")
    (top / "base" / "1").write_text("")
    for path in (top, *top.rglob("*")):
        os.chown(path, builder.uid, builder.gid)
    return top, builder, server


@as_root
def test_a_copy_is_made_where_it_is_safe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``tmp_path`` is closed to the uid, the wheel is made to look so."""
    wheel = find_binaries()
    squatted, fine = tmp_path / "squatted", tmp_path / "fine"
    for place in (squatted, fine):
        place.mkdir()
    theirs = squatted / f"mazorca-postgresql-{wheel.digest}"
    theirs.mkdir()
    os.chown(theirs, NOBODY, NOBODY)
    places = ("/no/such/folder", str(squatted), str(fine))
    monkeypatch.setattr(binaries, "COPY_PLACES", places)
    assert binaries_for(wheel, {0}) == wheel, "root reaches everything"

    monkeypatch.setattr(binaries, "_usable", lambda prefix, uids: False)
    monkeypatch.setattr(binaries, "reachable", lambda path, uid: True)
    copy = binaries_for(wheel, {60706})
    assert copy.prefix.is_relative_to(fine)
    assert binaries_for(wheel, {60706}) == copy
    assert list(theirs.iterdir()) == []
    names = {entry.name for entry in fine.iterdir()}
    assert names == {f"mazorca-postgresql-{wheel.digest}"}, "no half-made copy is left"

    monkeypatch.setattr(binaries, "reachable", lambda path, uid: False)
    with pytest.raises(EmbeddedPostgresError, match="cannot reach its programs"):
        binaries_for(Binaries(wheel.prefix, wheel.major, "other"), {60706})


@as_root
def test_reachable_follows_the_modes_of_the_whole_path(tmp_path: Path) -> None:
    for step in (tmp_path, *tmp_path.parents):
        if not step.stat().st_mode & 0o001:
            assert not binaries.reachable(tmp_path, NOBODY)
            break
    assert binaries.reachable(Path("/usr"), NOBODY)
    assert not binaries.reachable(Path("/etc/shadow"), NOBODY)
