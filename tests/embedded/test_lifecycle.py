"""The server ends with its process, whatever ends that, and starts again after a crash."""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from api.embedded import EmbeddedPostgres
from tests.embedded.support import (
    THIS_PYTHON,
    Host,
    Python,
    hosting,
    kill_9,
    launched,
    postmaster_of,
    processes_of,
    until,
    works,
)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder for one test after the other; each leaves it without a server."""
    folder = tmp_path_factory.mktemp("data")
    with EmbeddedPostgres(folder):
        pass
    return folder


def last_line(data: Path) -> str:
    return (data / "pg.log").read_text().splitlines()[-1]


def test_sigterm_stops_the_server(data: Path) -> None:
    with hosting("serve", data) as host:
        assert works(host.dsn)
        host.end(signal.SIGTERM)
        assert host.process.returncode == 0
        assert not processes_of(data), "stop() waits for the end of the server"
    assert "database system is shut down" in last_line(data)


@pytest.mark.parametrize("delay", [0.2, 0.4, 0.6, 0.8])
def test_sigterm_in_the_middle_of_a_first_start(tmp_path: Path, delay: float) -> None:
    with launched("serve", tmp_path) as process:
        time.sleep(delay)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=120) in (0, -signal.SIGTERM)
        assert until(lambda: not processes_of(tmp_path))
    with EmbeddedPostgres(tmp_path, durable=False) as server:
        assert works(server.dsn)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_host_that_does_not_stop_it_takes_it_along(data: Path, number: signal.Signals) -> None:
    # An open connection holds nothing up.
    with hosting("careless", data) as host, closing(psycopg.connect(host.dsn)):
        host.end(number)
        assert until(lambda: not processes_of(data))
    assert "database system is shut down" in last_line(data)


def test_the_end_of_the_starting_thread_is_not_the_end_of_the_server(data: Path) -> None:
    with hosting("threaded", data) as host:
        assert works(host.dsn)
        host.end(signal.SIGKILL)
        assert until(lambda: not processes_of(data))


def test_ctrl_c_is_for_the_application(data: Path) -> None:
    with hosting("serve", data):
        postmaster = postmaster_of(data)
        assert os.getsid(postmaster) == postmaster, "a terminal signals its own session only"


def test_a_fork_does_not_stop_the_server_of_its_parent(tmp_path: Path) -> None:
    """Nor does it remove the alias that a long path needs."""
    with tempfile.TemporaryDirectory(prefix="mz-") as short:
        python = Python(THIS_PYTHON.program, {**THIS_PYTHON.environment, "TMPDIR": short})
        with hosting("forked", tmp_path / ("long" * 30), python=python) as host:
            assert works(host.dsn)


def test_another_process_reuses_a_live_server(data: Path) -> None:
    with EmbeddedPostgres(data) as server:
        before = postmaster_of(data)
        with hosting("serve", data) as host:
            assert works(host.dsn)
            host.end(signal.SIGTERM)
        assert postmaster_of(data) == before
        assert works(server.dsn)


def test_of_many_that_start_at_once_one_starts_and_all_are_served(tmp_path: Path) -> None:
    with (
        launched("serve", tmp_path) as first,
        launched("serve", tmp_path) as second,
        launched("serve", tmp_path) as third,
    ):
        hosts = [Host(process) for process in (first, second, third)]
        assert all(works(host.dsn) for host in hosts)
        log = (tmp_path / "pg.log").read_text()
        assert log.count("starting PostgreSQL") == 1


def test_a_start_while_another_process_stops_gets_a_server(data: Path) -> None:
    for _ in range(5):
        with hosting("serve", data) as host:
            stopper = threading.Thread(target=host.end, args=(signal.SIGTERM,))
            stopper.start()
            with EmbeddedPostgres(data) as server:
                stopper.join()
                server.start()  # it may have reused the server that was about to stop
                assert works(server.dsn)


def acknowledged(host: Host) -> list[int]:
    """The whole lines of what the writer printed; a torn one was not acknowledged to anybody."""
    return [int(line) for line in host.output if line.endswith("\n")]


def test_after_kill_9_of_everything_no_acknowledged_row_is_lost(data: Path) -> None:
    with hosting("write", data) as host:
        for _ in range(300):
            host.output.readline()
        # The postmaster first, so that nothing can shut down in order.
        kill_9(postmaster_of(data), host.process.pid, *processes_of(data))
        host.process.wait()
        rest = acknowledged(host)
    assert (data / "pg" / "postmaster.pid").exists(), "the stale file is part of the test"
    with EmbeddedPostgres(data) as server, psycopg.connect(server.dsn) as connection:
        rows = connection.execute("SELECT number FROM written ORDER BY number").fetchall()
    assert "not properly shut down; automatic recovery" in (data / "pg.log").read_text()
    highest = max(rest, default=300)
    assert highest >= 300
    numbers = [number for (number,) in rows]
    # One row more may have been committed without its acknowledgement being read.
    assert numbers in ([*range(1, highest + 1)], [*range(1, highest + 2)])


def test_a_pid_that_now_belongs_to_another_program_is_no_server(data: Path) -> None:
    with hosting("careless", data) as host:
        kill_9(postmaster_of(data), *processes_of(data))
        host.end(signal.SIGKILL)
    file = data / "pg" / "postmaster.pid"
    owner = file.stat().st_uid
    with subprocess.Popen(
        ["sleep", "600"],
        user=owner if os.geteuid() == 0 else None,
    ) as other:
        try:
            _, *rest = file.read_text().splitlines(keepends=True)
            file.write_text("".join([f"{other.pid}\n", *rest]))
            with EmbeddedPostgres(data) as server:
                assert works(server.dsn)
            assert other.poll() is None, "the other program is left alone"
        finally:
            other.kill()


def test_a_query_that_outlives_its_postmaster_is_ended(data: Path) -> None:
    with hosting("careless", data) as host, closing(psycopg.connect(host.dsn)) as client:
        orphan = client.info.backend_pid
        busy = threading.Thread(target=count_for_ever, args=(client,))
        busy.start()
        assert until(lambda: state_of(host.dsn, orphan) == "active")
        os.kill(postmaster_of(data), signal.SIGKILL)
        host.end(signal.SIGKILL)
        assert orphan in processes_of(data), "the query did not notice"
        with EmbeddedPostgres(data) as server:
            assert works(server.dsn)
            assert orphan not in processes_of(data)
        busy.join()


def count_for_ever(client: psycopg.Connection) -> None:
    with pytest.raises(psycopg.OperationalError):
        client.execute("SELECT count(n) FROM (SELECT generate_series(1, 1000000000000) AS n) a")


def state_of(dsn: str, pid: int) -> str | None:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(
            "SELECT state FROM pg_stat_activity WHERE pid = %s", (pid,)
        ).fetchone()
    return None if row is None else row[0]


def test_a_moved_data_folder_keeps_working(data: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    shutil.move(data, moved)
    try:
        with EmbeddedPostgres(moved) as server:
            assert works(server.dsn)
    finally:
        shutil.move(moved, data)
