"""Starting, stopping: what one command leaves running, and what it leaves behind."""

import stat
import sys

import httpx
import pytest

from api.demo.credentials import FILE_NAME
from tests.e2e.server import Mazorca, alive

pytestmark = pytest.mark.e2e


def test_start_stop_and_start_again(own: Mazorca) -> None:
    first = own.start()
    ready = httpx.get(f"{own.url}/readyz").json()
    assert {part["status"] for part in ready["checks"].values()} == {"pass"}
    secrets = own.data / FILE_NAME
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    kept = secrets.read_bytes()

    running = own.processes()
    assert len(running) > 3, "supervisor, API, worker and PostgreSQL"
    own.stop()
    assert [pid for pid in running if alive(pid)] == []

    second = own.start()
    sys.stdout.write(f"first start {first:.2f} s, second start {second:.2f} s\n")
    # A busy machine may take its time; alone it is well below three seconds.
    assert second < 20
    assert secrets.read_bytes() == kept, "the data is loaded once"
    own.stop()
