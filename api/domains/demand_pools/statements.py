"""SQL of what pools show, and of closing them."""

from typing import Final

# The tiers of the item as it is on offer now, whatever its revision.
_OFFER: Final = "FROM offers WHERE offers.shelf_id = demand_pools.shelf_id LIMIT 1"
_TIERS: Final = "jsonb_array_elements(offers.price_tiers) AS tier"
_LEAST: Final = "CAST(tier->>'min_quantity' AS numeric(14,3))"
_PRICE: Final = "CAST(tier->>'price' AS numeric(14,2))"
_REACHED: Final = "floor(demand_pools.pledged_quantity)"
UNIT_PRICE: Final = f"""(SELECT json_build_object('amount', CAST(coalesce((
    SELECT {_PRICE} FROM {_TIERS} WHERE {_LEAST} <= {_REACHED} ORDER BY {_LEAST} DESC LIMIT 1
    ), offers.price) AS text), 'currency', offers.currency) {_OFFER})"""  # noqa: S608 # nosec B608
NEXT_TIER: Final = f"""(SELECT (
    SELECT json_build_object('min_quantity', CAST({_LEAST} AS text), 'price',
        json_build_object('amount', CAST({_PRICE} AS text), 'currency', offers.currency))
      FROM {_TIERS} WHERE {_LEAST} > {_REACHED} ORDER BY {_LEAST} LIMIT 1) {_OFFER})"""  # noqa: S608 # nosec B608

BECOME: Final = """
UPDATE pool_pledges AS pledge
   SET order_line_id = became.line_id, allocated_quantity = coalesce(became.packs, 0),
       amount = coalesce(became.amount, 0), version = pledge.version + 1,
       updated_at = CAST(:at AS timestamptz)
  FROM pool_pledges AS standing
  LEFT JOIN json_to_recordset(CAST(:became AS json))
    AS became(id uuid, line_id uuid, packs numeric, amount numeric) ON became.id = standing.id
 WHERE pledge.id = standing.id AND standing.state = 'standing'
   AND standing.demand_pool_id = CAST(:demand_pool_id AS uuid)
"""
"""What every standing pledge became, in one statement, however many there are."""
