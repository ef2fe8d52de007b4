"""Reports as of a past day. What a test records is of today; the past is written by hand."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import psycopg

from api.core.clock import today
from tests.callers import Caller, Callers
from tests.factories.catalogues import new_catalogue
from tests.factories.credit_applications import new_credit
from tests.factories.loans import active_loan, of
from tests.factories.orders import order_line, received_order
from tests.factories.plots import new_plot, point
from tests.factories.readiness_reports import REPORTS, value_chain


def yesterday() -> date:
    return today() - timedelta(days=1)


def rewrite(dsn: str, statement: Any, *ids: str) -> None:
    """Change rows without the guards of the ledger."""
    with psycopg.connect(dsn) as connection:
        connection.execute("SET session_replication_role = replica")
        assert connection.execute(statement, [[UUID(each) for each in ids]]).rowcount >= 1


async def facts(caja: Caller, producer: dict[str, Any], **wish: Any) -> dict[str, Any]:
    report = await caja.make(REPORTS, {"producer_id": producer["id"], **wish})
    found: dict[str, Any] = report["facts"]
    return found


async def test_land_is_that_of_the_day(callers: Callers, dsn: str) -> None:
    value = await value_chain(callers)
    producer = await value.producer()
    plots = [
        await new_plot(value.coop, producer["id"], geometry=point(), declared_area_ha=area)
        for area in ("3.0000", "1.0000")
    ]
    rewrite(
        dsn,
        "UPDATE plot_geometries SET recorded_at = recorded_at - interval '9 days'"
        " WHERE plot_id = ANY(%s)",
        *(plot["id"] for plot in plots),
    )
    before = await facts(value.caja, producer, as_of=str(yesterday()))
    assert (before["plots"], before["cocoa_area_ha"]) == (2, "4.0000")
    path = f"/v1/plots/{plots[0]['id']}"
    smaller = await value.coop.patch(path, {"declared_area_ha": "2.0000"}, '"v1"')
    assert smaller.status_code == 200, smaller.text
    await value.coop.make(f"/v1/plots/{plots[1]['id']}/close")
    assert await facts(value.caja, producer, as_of=str(yesterday())) == before
    after = await facts(value.caja, producer)
    assert (after["plots"], after["cocoa_area_ha"]) == (1, "2.0000")


async def test_what_arrives_today_had_not_arrived_yesterday(callers: Callers, dsn: str) -> None:
    credit = await new_credit(callers)
    catalogue = await new_catalogue(credit.supplier)
    lines = [order_line(catalogue["items"][0], farm_plan_line_id=credit.fertilizer)]
    order = await received_order(credit.coop, credit.supplier, catalogue, lines)
    rewrite(
        dsn,
        "UPDATE orders SET placed_at = placed_at - interval '9 days' WHERE id = ANY(%s)",
        order["id"],
    )
    assert (await facts(credit.caja, credit.producer))["orders_received"] == 1
    earlier = await facts(credit.caja, credit.producer, as_of=str(yesterday()))
    assert earlier["orders_received"] == 0


async def test_a_loan_was_not_lost_before_it_was_written_off(callers: Callers, dsn: str) -> None:
    credit = await new_credit(callers)
    loan = await active_loan(callers, credit)
    rewrite(
        dsn,
        "UPDATE loan_movements SET happened_on = happened_on - 9 WHERE loan_id = ANY(%s)",
        loan["id"],
    )
    await credit.caja.make(of(loan, "/write-off"))
    assert (await facts(credit.caja, credit.producer))["arrears_class"] == "perdida"
    earlier = await facts(credit.caja, credit.producer, as_of=str(yesterday()))
    assert (earlier["arrears_class"], earlier["loan_ids"]) == ("normal", [loan["id"]])
