"""Where each fact is read: one statement per source, however many producers there are."""

from collections.abc import Awaitable, Callable, Collection, Iterable
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from api.core.documents import Query
from api.domains.facts.facts import ProducerFacts
from api.domains.facts.rules import (
    EARLY_DEPARTMENTS,
    EARLY_SEASON,
    MAIN_SEASON,
    Harvest,
    Land,
    Plan,
    Registration,
    facts_of,
    year_before,
)
from api.domains.lots.rules import DRYING_BAND
from api.domains.producers.vocabulary import AssociationStatus

Fetch = Callable[..., Awaitable[list[Any]]]
"""``Reader.rows`` or ``UnitOfWork.fetch``: how rows are asked for."""

OWN: Final = Query(
    text("SELECT id FROM producers WHERE id = :producer_id AND organization_id = :actor")
)
"""Whether a producer is the actor's own."""
_OF_CLUSTER: Final = Query(
    text("""
SELECT DISTINCT producer_id FROM cluster_members
 WHERE cluster_id = :cluster_id AND joined_on <= :as_of AND (left_on IS NULL OR left_on > :as_of)
""")
)
_OF_ORGANIZATION: Final = Query(
    text("""
SELECT id FROM producers
 WHERE organization_id = :organization_id AND state = 'active' AND registered_on <= :as_of
""")
)
_REGISTRATIONS: Final = Query(
    text("""
SELECT p.id, p.association_status, p.registered_on,
       (SELECT count(*) FROM visits v WHERE v.producer_id = p.id AND v.confirmed_on <= :as_of
           AND v.visited_on > :year_before AND v.visited_on <= :as_of) AS confirmed_visits
  FROM producers p WHERE p.id = ANY(:ids) ORDER BY p.id
""")
)
# Until the day of its closing a plot stood. Its area is that of the geometry which was in force on
# the day.
_STANDING: Final = """
WITH standing AS (
    SELECT p.id, p.producer_id, p.land_use, p.planting_year, p.plants_per_ha, p.variety, g.area_ha,
           g.west < g.east AS is_polygon,
           p.land_use IN ('cocoa', 'cocoa_agroforestry') AS is_cocoa
      FROM plots p
      JOIN LATERAL (SELECT v.area_ha, v.west, v.east FROM plot_geometries v
                     WHERE v.plot_id = p.id
                       AND (v.recorded_at AT TIME ZONE 'America/Lima')::date <= :as_of
                     ORDER BY v.geometry_version DESC LIMIT 1) AS g ON true
     WHERE p.producer_id = ANY(:ids)
       AND (p.closed_on IS NULL OR p.closed_on > :as_of))
"""
_SUMS: Final = """
SELECT producer_id, count(*) AS plots, count(*) FILTER (WHERE is_polygon) AS polygons,
       sum(area_ha) AS total_ha,
       coalesce(sum(area_ha) FILTER (WHERE is_cocoa), 0) AS cocoa_ha,
       coalesce(sum(area_ha) FILTER (WHERE land_use = 'cocoa_agroforestry'), 0) AS agroforestry_ha,
       coalesce(sum(area_ha) FILTER (WHERE land_use = 'forest'), 0) AS forest_ha,
       bool_or(land_use = 'forest') AS has_forest,
       coalesce(sum(area_ha) FILTER (WHERE is_cocoa AND planting_year <= :year), 0) AS dated_ha,
       coalesce(sum(area_ha * planting_year) FILTER (WHERE is_cocoa AND planting_year <= :year), 0)
         AS dated_ha_years,
       coalesce(sum(area_ha) FILTER (WHERE is_cocoa AND plants_per_ha IS NOT NULL), 0) AS dense_ha,
       coalesce(sum(area_ha * plants_per_ha) FILTER (WHERE is_cocoa), 0) AS dense_ha_plants,
       (array_agg(variety ORDER BY area_ha DESC, id)
          FILTER (WHERE is_cocoa AND variety IS NOT NULL))[1] AS variety
  FROM standing GROUP BY producer_id
"""
_LAND: Final = Query(text(_STANDING + _SUMS))
_HARVESTS: Final = Query(
    text("""
SELECT producer_id, coalesce(sum(dry_kg) FILTER (WHERE recent), 0) AS delivered_kg,
       coalesce(sum(dry_kg) FILTER (WHERE recent AND month BETWEEN first_month AND last_month), 0)
         AS main_season_kg,
       count(DISTINCT month) FILTER (WHERE recent) AS months
  FROM (SELECT d.producer_id, d.delivered_on > :year_before AS recent,
               extract(month FROM d.delivered_on)::int AS month,
               CASE d.form WHEN 'dry' THEN d.net_kg ELSE d.net_kg * :least_dry END AS dry_kg,
               CASE WHEN left(p.ubigeo, 2) = ANY(:early) THEN CAST(:early_first AS int)
                    ELSE CAST(:main_first AS int) END AS first_month,
               CASE WHEN left(p.ubigeo, 2) = ANY(:early) THEN CAST(:early_last AS int)
                    ELSE CAST(:main_last AS int) END AS last_month
          FROM deliveries d JOIN producers p ON p.id = d.producer_id
         WHERE d.producer_id = ANY(:ids) AND d.delivered_on <= :as_of) AS delivered
 GROUP BY producer_id
""")
)
_RUNNING: Final = """
SELECT f.producer_id, f.conservation_ha,
       coalesce((SELECT sum(z.area_ha) FROM farm_plan_zones z JOIN standing s ON s.id = z.plot_id
                  WHERE z.farm_plan_id = f.id AND z.current_use = 'forest'
                    AND s.land_use <> 'forest'), 0) AS forest_zones_ha
  FROM (SELECT DISTINCT ON (producer_id) producer_id, id, conservation_ha FROM farm_plans
         WHERE producer_id = ANY(:ids) AND accepted_on <= :as_of AND ends_on >= :as_of
         ORDER BY producer_id, accepted_on DESC, state = 'accepted' DESC, revision DESC) AS f
"""
_PLANS: Final = Query(text(_STANDING + _RUNNING))


async def of_producers(fetch: Fetch, ids: Collection[UUID], as_of: date) -> list[ProducerFacts]:
    """The facts of these producers on a day, ordered by id; whoever registered them."""
    bound = {"ids": list(ids), "as_of": as_of}
    registrations = await fetch(_REGISTRATIONS, **bound, year_before=year_before(as_of))
    land = _by_producer(Land, await fetch(_LAND, **bound, year=as_of.year))
    harvests = _by_producer(Harvest, await fetch(_HARVESTS, **bound, **_seasons(as_of)))
    plans = _by_producer(Plan, await fetch(_PLANS, **bound))
    return [
        facts_of(
            Registration(row[0], AssociationStatus(row[1]), row[2], row[3]),
            land.get(row[0]),
            harvests.get(row[0]),
            plans.get(row[0]),
            as_of,
        )
        for row in registrations
    ]


async def of_cluster(fetch: Fetch, cluster_id: UUID, as_of: date) -> list[ProducerFacts]:
    """The facts of everybody who was a member on the day."""
    rows = await fetch(_OF_CLUSTER, cluster_id=cluster_id, as_of=as_of)
    return await of_producers(fetch, [row[0] for row in rows], as_of)


async def of_organization(fetch: Fetch, organization_id: UUID, as_of: date) -> list[ProducerFacts]:
    """The facts of an organisation's active producers who were registered on the day."""
    rows = await fetch(_OF_ORGANIZATION, organization_id=organization_id, as_of=as_of)
    return await of_producers(fetch, [row[0] for row in rows], as_of)


def _by_producer(kind: type[Any], rows: Iterable[Any]) -> dict[UUID, Any]:
    return {row[0]: kind(*list(row)[1:]) for row in rows}


def _seasons(as_of: date) -> dict[str, Any]:
    return {
        "year_before": year_before(as_of),
        "least_dry": DRYING_BAND[0],
        "early": list(EARLY_DEPARTMENTS),
        "early_first": EARLY_SEASON[0],
        "early_last": EARLY_SEASON[1],
        "main_first": MAIN_SEASON[0],
        "main_last": MAIN_SEASON[1],
    }
