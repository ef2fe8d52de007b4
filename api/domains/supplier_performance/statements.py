"""SQL of the figures: orders of a period, their lines, dispatches, receipts and disputes."""

from typing import Final

# Days are Peru's, UTC-5 all year.
PERFORMANCE: Final = """
WITH period AS (
    SELECT coalesce(CAST(:placed_until AS date), CAST(:today AS date)) AS until
), bounds AS (
    SELECT until,
           coalesce(CAST(:placed_from AS date), CAST(until - interval '1 year' AS date)) AS since
      FROM period
), chosen AS (
    SELECT o.*, CAST(o.placed_at AT TIME ZONE interval '-05:00' AS date) AS placed_on,
           o.state IN ('received', 'closed') OR (o.state = 'disputed' AND EXISTS (
               SELECT FROM order_disputes AS x
                WHERE x.order_id = o.id AND x.state <> 'settled' AND x.was_received)) AS arrived,
           o.answered_at IS NULL AND (o.state IN ('expired', 'rejected')
               OR o.state = 'placed' AND o.answer_until < now()) AS unanswered
      FROM orders AS o, bounds
     WHERE (o.supplier_id = :actor OR o.organization_id = :actor)
       AND (CAST(:cluster_id AS uuid) IS NULL
            OR (o.organization_id = :actor AND o.cluster_id = CAST(:cluster_id AS uuid)))
       AND o.placed_at >= CAST(since AS timestamp) AT TIME ZONE interval '-05:00'
       AND o.placed_at < CAST(until + 1 AS timestamp) AT TIME ZONE interval '-05:00'
), lines AS (
    SELECT o.supplier_id, avg(line.received_quantity / wanted) AS filled,
           avg((line.dispatched_quantity - line.received_quantity - line.damaged_quantity)
               / nullif(line.dispatched_quantity, 0)) AS short,
           avg(line.damaged_quantity / nullif(line.dispatched_quantity, 0)) AS damaged
      FROM chosen AS o JOIN order_lines AS line ON line.order_id = o.id
     CROSS JOIN LATERAL (
        SELECT CASE line.state WHEN 'declined' THEN line.quantity
                    ELSE line.quantity - line.cancelled_quantity END AS wanted) AS of_line
     WHERE o.arrived AND line.state <> 'substituted' AND wanted > 0
     GROUP BY o.supplier_id
), told AS (
    SELECT o.*, sent.day - o.placed_on AS days_to_dispatch,
           CASE WHEN o.arrived THEN got.day - o.placed_on END AS days_to_receipt,
           found.disputes, found.open_disputes
      FROM chosen AS o
     CROSS JOIN LATERAL (
        SELECT min(dispatched_on) AS day FROM order_dispatches WHERE order_id = o.id) AS sent
     CROSS JOIN LATERAL (
        SELECT max(received_on) AS day FROM order_receipts WHERE order_id = o.id) AS got
     CROSS JOIN LATERAL (
        SELECT count(*) AS disputes, count(*) FILTER (WHERE state <> 'settled') AS open_disputes
          FROM order_disputes WHERE order_id = o.id) AS found
), figures AS (
    SELECT supplier_id, count(*) AS orders,
           count(*) FILTER (WHERE state = 'placed' AND NOT unanswered) AS waiting,
           count(answered_at) AS answered_in_time,
           count(*) FILTER (WHERE unanswered) AS unanswered,
           count(*) FILTER (WHERE state = 'rejected') AS rejected,
           percentile_cont(0.5) WITHIN GROUP (
               ORDER BY extract(epoch FROM answered_at - placed_at) / 86400.0) AS days_to_answer,
           count(days_to_dispatch) AS dispatched,
           percentile_cont(0.5) WITHIN GROUP (
               ORDER BY greatest(days_to_dispatch, 0)
           ) FILTER (WHERE days_to_dispatch IS NOT NULL) AS days_to_dispatch,
           count(*) FILTER (WHERE arrived) AS received,
           percentile_cont(0.5) WITHIN GROUP (
               ORDER BY greatest(days_to_receipt, 0)
           ) FILTER (WHERE days_to_receipt IS NOT NULL) AS days_to_receipt,
           count(*) FILTER (WHERE disputes > 0) AS disputed,
           CAST(sum(open_disputes) AS bigint) AS open_disputes
      FROM told GROUP BY supplier_id
)
SELECT figures.*, bounds.since, bounds.until, supplier.legal_name, filled, short, damaged
  FROM bounds, figures JOIN organizations AS supplier ON supplier.id = figures.supplier_id
  LEFT JOIN lines ON lines.supplier_id = figures.supplier_id
"""
