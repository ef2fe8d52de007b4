"""Starting, stopping: what one command leaves running, and what it leaves behind."""

import stat
import sys

import httpx
import pytest

from api.demo.credentials import FILE_NAME
from tests.e2e.server import ANSWER_SECONDS, Mazorca, survivors

pytestmark = pytest.mark.e2e


def test_start_stop_and_start_again(mortal: Mazorca) -> None:
    mortal.ensure_running()
    ready = httpx.get(f"{mortal.url}/readyz", timeout=ANSWER_SECONDS).json()
    assert {part["status"] for part in ready["checks"].values()} == {"pass"}
    secrets = mortal.data / FILE_NAME
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    kept = secrets.read_bytes()

    running = mortal.processes()
    assert len(running) > 3, "supervisor, API, worker and PostgreSQL"
    assert mortal.stop() == 0
    assert survivors(running) == set()

    seconds = mortal.start()
    # A busy machine takes its time, and no more of it than any start may take; alone, this one is
    # well below three seconds.
    sys.stdout.write(f"second start: {seconds:.2f} s\n")
    assert secrets.read_bytes() == kept, "the data is loaded once"
