"""SQL of the forecast: every need is in one row at most, whatever is asked."""

from typing import Final

from api.domains.demand_forecasts.vocabulary import FEWEST, ForecastLevel

_KEY: Final = "category, unit, currency, month"

# Of a producer the plan in force; where there is none, the latest that an agronomist approved.
_NEEDS: Final = f"""
WITH plans AS (
    SELECT DISTINCT ON (plan.producer_id) plan.id, producer.person_id, producer.ubigeo
      FROM farm_plans AS plan JOIN producers AS producer ON producer.id = plan.producer_id
     WHERE plan.state IN ('accepted', 'approved') AND producer.state <> 'erased'
     ORDER BY plan.producer_id, plan.state = 'accepted' DESC, plan.id DESC
), first AS (
    SELECT greatest(date_trunc('month', CAST(:today AS date)), CAST(:month_from AS date)) AS month
), bounds AS (
    SELECT CAST(month AS date) AS since,
           least(coalesce(CAST(:month_until AS date), month + interval '2 months'),
                 month + interval '1 year' - interval '1 day') AS until
      FROM first
), needs AS (
    SELECT {_KEY}, ubigeo, person_id, sum(quantity) AS quantity,
           sum(ordered_quantity) AS ordered, sum(quantity - ordered_quantity) AS open,
           sum(estimated_cost) AS cost
      FROM plans JOIN farm_plan_lines AS line ON line.farm_plan_id = plans.id
      JOIN bounds ON month BETWEEN since AND until
     WHERE category IS NOT NULL
       AND (CAST(:category AS text) IS NULL OR category = CAST(:category AS text))
     GROUP BY {_KEY}, ubigeo, person_id
)"""  # noqa: S608 # nosec B608 - made of constants


def _rounded(total: str, most: str) -> str:
    """To two significant digits, and no more than a document can hold."""
    digits = f"1 - CAST(floor(log({total})) AS integer)"
    return f"CASE WHEN {total} = 0 THEN 0 ELSE least(round({total}, {digits}), {most}) END"


def _even(figure: str) -> str:
    """Nobody makes up more than half of it: else the others could tell that one's share."""
    return f"2 * max({figure}) <= sum({figure})"


_FEW: Final = f"count(*) FILTER (WHERE {{}} > 0) >= {FEWEST}"
_OPEN: Final = f"""CASE
    WHEN sum(ordered) = 0 THEN {_rounded("sum(quantity)", "99000000000")}
    WHEN sum(open) = 0 THEN 0
    WHEN {_FEW.format("open")} AND {_FEW.format("ordered")}
     AND {_even("open")} AND {_even("ordered")} THEN {_rounded("sum(open)", "99000000000")}
    END"""


def _level(level: ForecastLevel, source: str, digits: int) -> str:
    """Forecasts for the places of a level, and of ``source`` what is left for wider places."""
    found, people, rest = f"{level}_found", f"{level}_people", f"{level}_rest"
    return f"""
, {people} AS (
    SELECT {_KEY}, left(ubigeo, {digits}) AS place, person_id, sum(quantity) AS quantity,
           sum(ordered) AS ordered, sum(open) AS open, sum(cost) AS cost
      FROM {source} GROUP BY {_KEY}, place, person_id
), {found} AS (
    SELECT {_KEY}, place AS ubigeo, CAST('{level}' AS text) AS level,
           count(*) / {FEWEST} * {FEWEST} AS producers,
           {_rounded("sum(quantity)", "99000000000")} AS quantity, {_OPEN} AS open_quantity,
           {_rounded("sum(cost)", "990000000000")} AS estimated_cost
      FROM {people} GROUP BY {_KEY}, place
    HAVING count(*) >= {FEWEST} AND {_even("quantity")} AND {_even("cost")}
), {rest} AS (
    SELECT need.* FROM {source} AS need
     WHERE NOT EXISTS (
        SELECT FROM {found} AS found
         WHERE found.category = need.category AND found.unit = need.unit
           AND found.currency = need.currency AND found.month = need.month
           AND found.ubigeo = left(need.ubigeo, {digits}))
)"""  # noqa: S608 # nosec B608 - made of constants


_L = ForecastLevel
FORECASTS: Final = (
    _NEEDS
    + _level(_L.DISTRICT, "needs", 6)
    + _level(_L.PROVINCE, f"{_L.DISTRICT}_rest", 4)
    + _level(_L.DEPARTMENT, f"{_L.PROVINCE}_rest", 2)
    + " UNION ALL ".join(f" SELECT * FROM {level}_found" for level in _L)  # noqa: S608 # nosec B608
)
"""A need is in the forecast of its district; if that would be of too few, of the rest of its
province; if that would be, too, of the rest of its department; or else in none."""
