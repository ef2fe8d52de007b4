"""The access log is kept as long as the law and the installation want, and no longer."""

from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from pydantic import ValidationError

from api.core.clock import now
from api.core.ids import new_id
from api.jobs.housekeeping import forget_accesses
from api.policies import Role
from api.routers.platform import Platform
from api.settings import Settings
from tests.callers import Caller, Callers
from tests.factories.producers import new_producer

AGES = (0, 700, 729, 740, 1_000, 1_200)


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


@pytest.fixture
async def producer_id(coop: Caller, platform: Platform) -> UUID:
    """A producer with a read of each age in its log."""
    producer = UUID((await new_producer(coop))["id"])
    for days in AGES:
        await _read(platform, producer, coop.organization_id, now() - timedelta(days=days))
    return producer


async def _read(platform: Platform, producer: UUID, reader: UUID, instant: datetime) -> None:
    async with platform.database.transaction() as (_, driver):
        await driver.execute(
            "INSERT INTO data_accesses (id, producer_id, organization_id, client_id, purpose,"
            " operation, accessed_at) VALUES ($1, $2, $3, $4, 'incentives', 'get_producer', $5)",
            *(new_id(), producer, reader, new_id(), instant),
        )


async def ages(platform: Platform, producer: UUID) -> list[int]:
    rows = await platform.database.pool.fetch(
        "SELECT accessed_at FROM data_accesses WHERE producer_id = $1 ORDER BY accessed_at DESC",
        producer,
    )
    return [(now() - row["accessed_at"]).days for row in rows]


@pytest.mark.parametrize(
    ("days", "kept"),
    [(1_095, [0, 700, 729, 740, 1_000]), (750, [0, 700, 729, 740]), (730, [0, 700, 729])],
)
async def test_older_lines_go_and_younger_stay(
    dsn: str, platform: Platform, producer_id: UUID, days: int, kept: list[int]
) -> None:
    assert await forget_accesses(dsn, days) >= len(AGES) - len(kept)
    assert await ages(platform, producer_id) == kept
    assert await forget_accesses(dsn, days) == 0


async def test_no_setting_and_no_hand_takes_the_last_two_years(
    dsn: str, platform: Platform, producer_id: UUID
) -> None:
    with pytest.raises(ValidationError, match="access_log_days"):
        Settings(access_log_days=729)
    await forget_accesses(dsn, 1)
    assert await ages(platform, producer_id) == [0, 700, 729]
    with (
        psycopg.connect(dsn) as connection,
        pytest.raises(psycopg.IntegrityError, match="two years"),
    ):
        connection.execute("DELETE FROM data_accesses WHERE producer_id = %s", (producer_id,))
