"""SQL of placing and releasing orders: few round trips, whatever the length of the order."""

from typing import Final

LOCK_PLAN_LINES: Final = """
WITH plans AS MATERIALIZED (
    SELECT id FROM farm_plans
     WHERE id IN (SELECT farm_plan_id FROM farm_plan_lines
                   WHERE id = ANY(CAST(:line_ids AS uuid[])))
       AND producer_organization_id = :actor AND state = 'accepted'
     ORDER BY id FOR NO KEY UPDATE
)
SELECT line.id, line.farm_plan_id, line.category, line.unit, line.quantity - line.ordered_quantity
  FROM farm_plan_lines AS line JOIN plans ON plans.id = line.farm_plan_id
 WHERE line.id = ANY(CAST(:line_ids AS uuid[]))
 ORDER BY line.id FOR NO KEY UPDATE OF line
"""
"""Plans first, then lines (their sort waits for every plan), each by id."""

LOCK_OFFERS: Final = """
WITH stock AS MATERIALIZED (
    SELECT item_id, available FROM stocks
     WHERE item_id IN (SELECT shelf_id FROM offers WHERE item_id = ANY(CAST(:item_ids AS uuid[])))
     ORDER BY item_id FOR NO KEY UPDATE
)
SELECT o.item_id, o.organization_id, o.sku, o.name, o.category, o.unit, o.pack_size, o.currency,
       o.price, CAST(o.price_tiers AS text), o.valid_from, o.valid_until,
       o.coverage && ARRAY[left(place, 2), left(place, 4), place], stock.available,
       CAST(coalesce(o.delivery -> place, o.delivery -> left(place, 4),
                     o.delivery -> left(place, 2)) ->> 'freight' AS numeric)
  FROM CAST(:ubigeo AS text) AS place, offers AS o LEFT JOIN stock ON stock.item_id = o.shelf_id
 WHERE o.item_id = ANY(CAST(:item_ids AS uuid[]))
   FOR KEY SHARE OF o
"""
"""Offers with their stock, the stock locked by shelf. Nobody takes the offers back until the order
is placed; those that somebody just took back are not found."""

_GIVEN: Final = """
WITH given AS MATERIALIZED (
    SELECT * FROM json_to_recordset(CAST(:lines AS json)) AS given(
        id uuid, item_id uuid, farm_plan_line_id uuid, plan_exception text, sku text,
        description text, category text, unit text, pack_size numeric, quantity numeric,
        unit_price numeric, amount numeric, stocked boolean, units numeric, movement_id uuid,
        replaces_line_id uuid)
)"""

_LINE: Final = """id, item_id, farm_plan_line_id, plan_exception, sku, description, category, unit,
        pack_size, quantity, unit_price, amount, stocked, replaces_line_id"""

_INSERTED: Final = """
, placed AS (
    INSERT INTO orders (id, created_at, updated_at, placed_at, organization_id, supplier_id,
        cluster_id, state, currency, freight, total, paid_amount, answer_until, delivery_ubigeo,
        demand_pool_id)
    VALUES (:order_id, :at, :at, :at, :actor, :supplier_id, :cluster_id, :state, :currency,
        :freight, :total, 0, :answer_until, :ubigeo, :demand_pool_id)
)"""

_LINES: Final = f"""
, ordered AS (
    INSERT INTO order_lines (order_id, created_at, updated_at, dispatched_quantity,
        received_quantity, damaged_quantity, {_LINE})
    SELECT CAST(:order_id AS uuid), CAST(:at AS timestamptz), CAST(:at AS timestamptz), 0, 0, 0,
        {_LINE}
      FROM given
)"""  # noqa: S608 # nosec B608 - made of constants


def _moved(kind: str, sign: str) -> str:
    """Stock and plan lines follow an order: ``-`` takes, ``+`` gives back, on the shelf that the
    item shares with its later revisions.

    The ids are those of the lines given, named once more so that the planner sees how few.
    """
    return f"""
, stocked AS MATERIALIZED (
    SELECT given.movement_id, item.shelf_id, given.quantity
      FROM given JOIN catalogue_items AS item ON item.id = given.item_id
     WHERE given.stocked AND item.id = ANY(CAST(:item_ids AS uuid[]))
), moved AS (
    INSERT INTO stock_movements (id, item_id, order_id, kind, quantity, moved_at)
    SELECT movement_id, shelf_id, CAST(:order_id AS uuid), '{kind}', {sign} quantity,
           CAST(:at AS timestamptz)
      FROM stocked
), shelf AS (
    UPDATE stocks SET available = available {sign} packs, version = version + 1
      FROM (SELECT shelf_id, sum(quantity) AS packs FROM stocked GROUP BY shelf_id) AS taken
     WHERE stocks.item_id = taken.shelf_id
), plan_lines AS (
    UPDATE farm_plan_lines AS line
       SET ordered_quantity = ordered_quantity - ({sign} drawn.units),
           version = version + 1, updated_at = :at
      FROM (SELECT farm_plan_line_id, sum(units) AS units FROM given GROUP BY farm_plan_line_id)
        AS drawn
     WHERE line.id = drawn.farm_plan_line_id AND line.id = ANY(CAST(:line_ids AS uuid[]))
)
-- A plan shows the balances of its lines, so they count for its version.
UPDATE farm_plans SET version = version + 1, updated_at = :at
 WHERE id = ANY(CAST(:plan_ids AS uuid[]))
"""  # noqa: S608 # nosec B608 - made of constants


PLACE: Final = _GIVEN + _INSERTED + _LINES + _moved("reserved", "-")
"""The order and its lines; stock reserved, plan lines drawn on."""

EXTEND: Final = _GIVEN + _LINES + _moved("reserved", "-")
"""Lines that come into an order later, with what they reserve and draw on."""

RELEASE: Final = _GIVEN + _moved("released", "+")
"""What an order reserved is free again."""
