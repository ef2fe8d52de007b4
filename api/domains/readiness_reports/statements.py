"""Where each fact is read. One statement per source, for any number of producers.

Bound: ``ids`` (producers or their plans and loans), ``as_of``, ``year_before``, ``two_before``.
"""

PRODUCERS = """
SELECT p.id, p.organization_id, p.ubigeo,
       p.state = 'active' AND i.document_number IS NOT NULL AS identity_present
  FROM producers p JOIN persons i ON i.id = p.person_id
 WHERE p.id = ANY(:ids)
 ORDER BY p.id
"""

MEMBERS = """
SELECT DISTINCT producer_id FROM cluster_members
 WHERE cluster_id = :cluster_id AND joined_on <= :as_of AND (left_on IS NULL OR left_on > :as_of)
 ORDER BY producer_id
"""

# A plot's last change is its closing: until that day it stood, with the geometry of the day.
PLOTS = """
SELECT p.producer_id, count(*) AS plots,
       count(*) FILTER (WHERE g.west < g.east) AS plots_with_polygon,
       count(*) FILTER (WHERE p.tenure_kind <> 'none') AS plots_with_tenure,
       coalesce(sum(g.area_ha) FILTER (WHERE p.land_use IN ('cocoa', 'cocoa_agroforestry')), 0)
         AS cocoa_area_ha
  FROM plots p
  JOIN LATERAL (SELECT v.area_ha, v.west, v.east FROM plot_geometries v
                 WHERE v.plot_id = p.id
                   AND (v.recorded_at AT TIME ZONE 'America/Lima')::date <= :as_of
                 ORDER BY v.geometry_version DESC LIMIT 1) AS g ON true
 WHERE p.producer_id = ANY(:ids)
   AND (p.state = 'active' OR (p.updated_at AT TIME ZONE 'America/Lima')::date > :as_of)
 GROUP BY p.producer_id
"""

# The plan accepted last; where none is, the one that has come furthest.
FARM_PLANS = """
SELECT DISTINCT ON (producer_id) producer_id, id, reached AS state, ends_on, conservation_ha,
       expected_yields::text AS yields,
       (SELECT coalesce(sum(z.area_ha), 0) FROM farm_plan_zones z
         WHERE z.farm_plan_id = plans.id
           AND z.future_use IN ('cocoa', 'cocoa_agroforestry')) AS cocoa_ha
  FROM (SELECT *, CASE WHEN accepted_on <= :as_of THEN 'accepted'
                       WHEN approved_on <= :as_of THEN 'approved'
                       WHEN state = 'draft' THEN 'draft' ELSE 'submitted' END AS reached
          FROM farm_plans
         WHERE producer_id = ANY(:ids)
           AND (created_at AT TIME ZONE 'America/Lima')::date <= :as_of) AS plans
 ORDER BY producer_id, array_position(ARRAY['accepted', 'approved', 'submitted', 'draft'], reached),
          accepted_on DESC NULLS LAST, state = 'accepted' DESC, revision DESC
"""

COSTS = """
SELECT f.producer_id, coalesce(l.category, 'labour') AS purpose, max(l.currency) AS currency,
       sum(l.estimated_cost - l.financed_amount) AS amount
  FROM farm_plan_lines l JOIN farm_plans f ON f.id = l.farm_plan_id
 WHERE f.id = ANY(:ids)
 GROUP BY f.producer_id, coalesce(l.category, 'labour')
 ORDER BY f.producer_id, purpose
"""

INVESTMENT_PLANS = """
SELECT DISTINCT ON (farm_plan_id) producer_id, id, currency, van, stress::text, cash_flow::text
  FROM investment_plans
 WHERE farm_plan_id = ANY(:ids) AND (created_at AT TIME ZONE 'America/Lima')::date <= :as_of
 ORDER BY farm_plan_id, created_at DESC, id DESC
"""

# Of its kilos those count that guarantee nobody else's credit: what an application that waits for
# an answer has pledged is its producers', by their shares of the credit.
COMMITMENTS = """
SELECT DISTINCT m.producer_id, c.id, c.window_from, c.window_until,
       c.price_kind = 'fixed' OR c.floor_price IS NOT NULL AS price_protected,
       c.kg_dry - c.pledged_kg + coalesce((
         SELECT sum(round(a.pledged_kg * l.amount / a.amount, 3))
           FROM credit_applications a
           JOIN credit_application_lines l ON l.credit_application_id = a.id
          WHERE a.purchase_commitment_id = c.id AND l.producer_id = m.producer_id
            AND a.state IN ('submitted', 'under_review', 'offered', 'accepted')), 0) AS kg
  FROM purchase_commitments c JOIN cluster_members m ON m.cluster_id = c.cluster_id
 WHERE m.producer_id = ANY(:ids)
   AND m.joined_on <= :as_of AND (m.left_on IS NULL OR m.left_on > :as_of)
   AND c.state IN ('signed', 'in_fulfilment') AND c.window_until >= :as_of
   AND (c.created_at AT TIME ZONE 'America/Lima')::date <= :as_of
 ORDER BY m.producer_id, c.id
"""

DELIVERIES = """
SELECT producer_id,
       coalesce(sum(CASE form WHEN 'dry' THEN net_kg ELSE net_kg * :least_dry END)
                FILTER (WHERE delivered_on > :year_before), 0) AS delivered_kg,
       count(DISTINCT date_trunc('month', delivered_on)) AS delivery_months
  FROM deliveries
 WHERE producer_id = ANY(:ids) AND delivered_on > :two_before AND delivered_on <= :as_of
 GROUP BY producer_id
"""

ORDERS = """
SELECT f.producer_id, count(DISTINCT o.id) AS orders_received
  FROM orders o
  JOIN order_lines l ON l.order_id = o.id
  JOIN farm_plan_lines x ON x.id = l.farm_plan_line_id
  JOIN farm_plans f ON f.id = x.farm_plan_id
  JOIN LATERAL (SELECT max(r.received_on) AS day FROM order_receipts r
                 WHERE r.order_id = o.id) AS got ON true
 WHERE f.producer_id = ANY(:ids) AND o.state IN ('received', 'closed')
   AND l.quantity > l.cancelled_quantity
   AND coalesce(got.day, (o.placed_at AT TIME ZONE 'America/Lima')::date)
       BETWEEN :two_before AND :as_of
 GROUP BY f.producer_id
"""

# A producer answers for the loan of a solidarity group that it shares. To be written off is a
# loan's last change: until that day it ran.
LOANS = """
SELECT DISTINCT ON (p.producer_id, l.id) p.producer_id, l.id, l.schedule::text,
       CASE WHEN l.state = 'written_off'
             AND (l.updated_at AT TIME ZONE 'America/Lima')::date > :as_of
            THEN 'active' ELSE l.state END AS state
  FROM loans l
  CROSS JOIN LATERAL (
       SELECT l.producer_id WHERE l.producer_id IS NOT NULL
       UNION SELECT a.producer_id FROM credit_application_lines a
              WHERE a.credit_application_id = l.credit_application_id) AS p
 WHERE p.producer_id = ANY(:ids) AND l.disbursed_amount > 0
 ORDER BY p.producer_id, l.id
"""

MOVEMENTS = """
SELECT loan_id, id, kind, happened_on, amount, (allocation ->> 'chapter')::int AS chapter
  FROM loan_movements WHERE loan_id = ANY(:ids) ORDER BY loan_id, id
"""

OFFERS = """
SELECT category, item_id
  FROM (SELECT category, item_id,
               row_number() OVER (PARTITION BY category ORDER BY price, item_id) AS place
          FROM offers
         WHERE category = ANY(:categories) AND :today BETWEEN valid_from AND valid_until
           AND coverage && ARRAY[left(:ubigeo, 2), left(:ubigeo, 4), :ubigeo]) AS found
 WHERE place <= 3
 ORDER BY category, place
"""
