"""The repository keeps the house lints, and every lint catches what it is there for."""

from pathlib import Path
from textwrap import indent
from typing import NamedTuple

import pytest

from tests.architecture import house
from tests.architecture.house import PROGRAM_LINTS, TEST_LINTS, Lint, Source

ROOT = Path(__file__).resolve().parents[2]


def sources(folder: str) -> list[Source]:
    return [Source.read(ROOT, file) for file in sorted((ROOT / folder).rglob("*.py"))]


PROGRAM = sources("api")
TESTS = sources("tests")


def findings(lint: Lint, files: list[Source]) -> list[str]:
    return [f"{file.path}:{finding}" for file in files for finding in lint(file)]


def test_the_files_are_found() -> None:
    assert {"api/settings.py", "api/core/clock.py"} <= {file.path for file in PROGRAM}
    assert "tests/architecture/test_house.py" in {file.path for file in TESTS}


@pytest.mark.parametrize("lint", PROGRAM_LINTS, ids=lambda lint: lint.__name__)
def test_the_program_keeps(lint: Lint) -> None:
    assert findings(lint, PROGRAM) == []


@pytest.mark.parametrize("lint", TEST_LINTS, ids=lambda lint: lint.__name__)
def test_the_tests_keep(lint: Lint) -> None:
    assert findings(lint, TESTS) == []


def function_of(lines: int) -> str:
    return "def f():\n" + "    x = 1\n" * (lines - 1)


class Sample(NamedTuple):
    lint: Lint
    path: str
    text: str


CAUGHT = [
    Sample(house.short_files, "api/x.py", "x = 1\n" * 301),
    Sample(house.short_functions, "api/x.py", function_of(41)),
    Sample(house.short_functions, "api/x.py", "class A:\n" + indent(function_of(41), "    ")),
    Sample(house.short_functions, "api/x.py", "async " + function_of(41)),
    Sample(house.one_committer, "api/domains/orders/service.py", "await uow.session.commit()"),
    Sample(house.one_committer, "api/jobs/x.py", "finish = connection.commit"),
    Sample(house.live_annotations, "api/models/x.py", "from __future__ import annotations"),
    Sample(
        house.live_annotations, "api/domains/x/schemas.py", "from __future__ import annotations"
    ),
    Sample(house.async_routes, "api/routers/x.py", "@router.get('/x')\ndef f(): ..."),
    Sample(house.async_routes, "api/routers/deps.py", "def f(): ...\nA = Depends(f)"),
    Sample(house.async_routes, "api/web/x.py", "@pages.api_route('/x')\ndef f(): ..."),
    Sample(house.state_changes_in_services, "api/routers/x.py", "order.state = 'placed'"),
    Sample(house.state_changes_in_services, "api/jobs/x.py", "a, order.state = 1, 'placed'"),
    Sample(house.state_changes_in_services, "api/jobs/x.py", "setattr(order, 'state', 'placed')"),
    Sample(house.one_clock, "api/x.py", "import datetime\ndatetime.datetime.utcnow()"),
    Sample(house.one_clock, "api/x.py", "from datetime import datetime, UTC\ndatetime.now(UTC)"),
    Sample(house.one_clock, "api/x.py", "from datetime import date as day\nday.today()"),
    Sample(house.pure_rooms, "api/domains/loans/accrual.py", "import sqlalchemy as sa"),
    Sample(house.pure_rooms, "api/domains/loans/rules.py", "from api.core.clock import today"),
    Sample(house.pure_rooms, "api/domains/loans/rules.py", "from api.core import clock"),
    Sample(house.outside_through_gateways, "api/domains/x/service.py", "import httpx"),
    Sample(house.outside_through_gateways, "api/jobs/x.py", "from httpx import AsyncClient"),
    Sample(house.one_jose, "api/routers/x.py", "from jose import jwt"),
    Sample(house.one_jose, "api/core/tokens.py", "from jose import jwe"),
    Sample(house.one_jose, "api/core/tokens.py", "jwt.decode(token, key)"),
    Sample(house.nothing_unfinished, "api/x.py", "raise NotImplementedError"),
    Sample(house.no_test_set_aside, "tests/x.py", "@pytest.mark.skip\ndef test_x(): ..."),
    Sample(house.no_test_set_aside, "tests/x.py", "pytest.xfail('later')"),
    Sample(house.clock_when_run, "tests/x.py", "TOMORROW = today() + DAY"),
    Sample(house.clock_when_run, "tests/x.py", "@mark(now())\ndef test_x(): ..."),
    Sample(house.clock_when_run, "tests/x.py", "class T:\n    def f(self, day=clock.today()): ..."),
    Sample(house.no_test_set_aside, "tests/x.py", "rasterio = pytest.importorskip('rasterio')"),
]

PASSED = [
    Sample(house.short_files, "api/x.py", "x = 1\n" * 300),
    Sample(house.short_functions, "api/x.py", function_of(40)),
    Sample(house.one_committer, "api/transactions.py", "await self.session.commit()"),
    Sample(house.live_annotations, "api/core/x.py", "from __future__ import annotations"),
    Sample(house.async_routes, "api/routers/x.py", "@router.get('/x')\nasync def f(): ..."),
    Sample(house.async_routes, "api/routers/x.py", "@property\ndef f(): ...\nA = Depends(g)"),
    Sample(house.state_changes_in_services, "api/domains/x/service.py", "order.state = 'placed'"),
    Sample(house.state_changes_in_services, "api/main.py", "app.state.database = database"),
    Sample(house.one_clock, "api/core/clock.py", "datetime.now(UTC)"),
    Sample(house.one_clock, "api/x.py", "from api.core import clock\nclock.now()"),
    Sample(house.pure_rooms, "api/domains/loans/service.py", "from api.core.clock import today"),
    Sample(house.pure_rooms, "api/domains/loans/accrual.py", "from api.core.money import Money"),
    Sample(house.outside_through_gateways, "api/gateways/x.py", "import httpx"),
    Sample(house.outside_through_gateways, "api/demo/story.py", "import httpx"),
    Sample(house.outside_through_gateways, "api/cli/importing.py", "import httpx"),
    Sample(house.one_jose, "api/core/tokens.py", "jwt.decode(token, key, algorithms=['ES256'])"),
    Sample(house.nothing_unfinished, "api/x.py", "return NotImplemented"),
    Sample(house.clock_when_run, "tests/x.py", "def test_x():\n    assert today()"),
    Sample(house.clock_when_run, "tests/x.py", "later = lambda: today() + DAY"),
    Sample(house.no_test_set_aside, "tests/shared_data.py", "pytest.skip('no data')"),
]


@pytest.mark.parametrize("sample", CAUGHT)
def test_a_breach_is_caught(sample: Sample) -> None:
    assert list(sample.lint(Source(sample.path, sample.text)))


@pytest.mark.parametrize("sample", PASSED)
def test_what_is_allowed_passes(sample: Sample) -> None:
    assert list(sample.lint(Source(sample.path, sample.text))) == []


def test_every_lint_has_a_breach_to_catch() -> None:
    assert {sample.lint for sample in CAUGHT} == {*PROGRAM_LINTS, *TEST_LINTS}
