"""Starting, stopping: what one command leaves running, and what it leaves behind."""

import stat
import sys

import httpx
import pytest

from api.demo.credentials import FILE_NAME
from tests.e2e.server import Mazorca, alive

pytestmark = pytest.mark.e2e


def test_start_stop_and_start_again(mortal: Mazorca) -> None:
    mortal.ensure_running()
    ready = httpx.get(f"{mortal.url}/readyz").json()
    assert {part["status"] for part in ready["checks"].values()} == {"pass"}
    secrets = mortal.data / FILE_NAME
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    kept = secrets.read_bytes()

    running = mortal.processes()
    assert len(running) > 3, "supervisor, API, worker and PostgreSQL"
    assert mortal.stop() == 0
    assert [pid for pid in running if alive(pid)] == []

    seconds = mortal.start()
    sys.stdout.write(f"second start: {seconds:.2f} s\n")
    # A busy machine may take its time; alone it is well below three seconds.
    assert seconds < 20
    assert secrets.read_bytes() == kept, "the data is loaded once"
