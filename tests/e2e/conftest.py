"""One server for all tests that leave it running; what it said is shown where a test fails."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.server import STARTED, Mazorca


@pytest.fixture(scope="session")
def mazorca(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mazorca]:
    """A running installation with its demonstration data and two API processes. Not to be stopped
    or killed.
    """
    server = Mazorca(tmp_path_factory.mktemp("mazorca") / "shared", {"MAZORCA_WORKERS": "2"})
    try:
        server.start()
        yield server
    finally:
        server.close()


@pytest.fixture(scope="session")
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mazorca]:
    """An installation that tests stop and kill; each finds it running or not. Plots of the whole
    world may be registered there.
    """
    settings = {"MAZORCA_AREA_OF_OPERATION": "world"}
    server = Mazorca(tmp_path_factory.mktemp("mazorca") / "mortal", settings)
    yield server
    server.close()


@pytest.fixture
def absent(tmp_path: Path) -> Iterator[Mazorca]:
    """An installation that was never started."""
    server = Mazorca(tmp_path / "absent")
    yield server
    server.close()


@pytest.fixture(autouse=True)
def said() -> Iterator[None]:
    """Shows what the servers wrote during a test where the test failed."""
    before = {id(server): len(server.output()) for server in STARTED}
    yield
    for server in STARTED:
        new = server.output()[before.get(id(server), 0) :]
        sys.stdout.write(f"--- {server.url}\n{new}\n")
