"""What the benchmark runs on: suppliers, published items, producers with accepted plans.

Written with SQL, set by set: a million items through the API would take the afternoon. Every
recorded row gets the ledger entry that the database demands.
"""

from dataclasses import dataclass
from uuid import UUID

import asyncpg
import sqlalchemy as sa

from api.core.documents import Query
from api.domains.publications.repository import OFFERED, OFFERED_COLUMNS
from api.models.catalogues import Offer

SUPPLIERS = 20
PLANS = 64
"""Of three lines each: orders must not all queue on one plan."""

_SETUP = """
CREATE TEMPORARY TABLE made (kind text, n int, id uuid);
INSERT INTO made SELECT 'supplier', n, gen_random_uuid() FROM generate_series(1, {suppliers}) n;
INSERT INTO made VALUES ('buyer', 1, gen_random_uuid()), ('person', 1, gen_random_uuid()),
    ('producer', 1, gen_random_uuid());
INSERT INTO made SELECT 'plan', n, gen_random_uuid() FROM generate_series(1, {plans}) n;
INSERT INTO organizations (id, version, created_at, updated_at, legal_name, ruc, roles, state,
                           verified_at)
SELECT id, 1, now(), now(), kind || ' ' || n, '9' || lpad((ascii(kind) * 1000 + n)::text, 10, '0'),
       ARRAY[CASE kind WHEN 'supplier' THEN 'input_supplier' ELSE 'producer_organization' END],
       'verified', now()
  FROM made WHERE kind IN ('supplier', 'buyer');
INSERT INTO catalogues (id, series_id, revision, version, created_at, updated_at, organization_id,
                        name, currency, valid_from, valid_until, coverage, state, published_at)
SELECT made.id, made.id, 1, 1, now(), now(), id, 'bench ' || n, 'PEN', current_date - 1,
       current_date + 365, CASE n % 3 WHEN 0 THEN '{{22}}' WHEN 1 THEN '{{22,10}}'
       ELSE '{{2210}}' END::text[], 'published', now()
  FROM made WHERE kind = 'supplier';
INSERT INTO catalogue_items (id, version, created_at, updated_at, catalogue_id, organization_id,
    shelf_id, sku, name, description, category, unit, pack_size, price, price_tiers, lead_time_days,
    organic, attributes)
SELECT made.id, 1, now(), now(), c.id, c.organization_id, made.id, 'SKU-' || n,
       (ARRAY['Urea granulada','Fosfato diamónico','Cloruro de potasio','Guano de las islas',
              'Tijera de podar','Mochila de fumigar','Manguera de goteo','Plantón CCN-51',
              'Compost bokashi','Sulfato de magnesio'])[1 + n % 10] || ' ' || n,
       'Presentación para cacao, lote ' || n,
       (ARRAY['fertilizer','fertilizer','fertilizer','fertilizer','tool','equipment','irrigation',
              'plant_material','biological','fertilizer'])[1 + n % 10],
       'KGM', 50, 40 + (n::bigint * 7919) % 20000 / 100.0, '[]', 3, n % 4 = 0, '{{}}'
  FROM (SELECT n, gen_random_uuid() AS id FROM generate_series(1, {items}) AS n) AS made
  JOIN (SELECT *, row_number() OVER (ORDER BY id) AS place FROM catalogues) AS c
    ON c.place = 1 + n % {suppliers};
INSERT INTO stocks (item_id, available) SELECT id, 1000000 FROM catalogue_items;
INSERT INTO persons (id, version, created_at, updated_at)
SELECT id, 1, now(), now() FROM made WHERE kind = 'person';
INSERT INTO producers (id, version, created_at, updated_at, organization_id, person_id, ubigeo,
                       association_status, state, registered_on)
SELECT p.id, 1, now(), now(), b.id, x.id, '221001', 'associated', 'active', current_date
  FROM made p, made b, made x WHERE p.kind = 'producer' AND b.kind = 'buyer' AND x.kind = 'person';
INSERT INTO farm_plans (id, version, created_at, updated_at, organization_id,
    producer_organization_id, producer_id, revision, state, starts_on, ends_on, conservation_ha,
    expected_yields, accepted_on)
SELECT f.id, 1, now(), now(), b.id, b.id, p.id, 1, 'accepted', current_date - 1, current_date + 365,
       0, '[]', current_date
  FROM made f, made b, made p WHERE f.kind = 'plan' AND b.kind = 'buyer' AND p.kind = 'producer';
INSERT INTO farm_plan_lines (id, version, created_at, updated_at, farm_plan_id, month, activity,
    kind, category, specification, unit, quantity, estimated_cost, currency, ordered_quantity,
    financed_amount)
SELECT gen_random_uuid(), 1, now(), now(), f.id, current_date, 'fertilisation', 'input',
       'fertilizer', 'nitrogen', 'KGM', 10000000000, 1000000000, 'PEN', 0, 0
  FROM made f, generate_series(1, 3) WHERE f.kind = 'plan';
INSERT INTO ledger_entries (id, recorded_at, event, organization_id, subject_type, subject_id, body)
SELECT gen_random_uuid(), now(), 'bench.prepared', id, 'organization', id,
       '{{"actor":{{"organization_id":"' || id || '"}},"related":[],"subject":{{"id":"' || id
       || '","type":"organization"}}}}' FROM made WHERE kind = 'buyer';
"""

_WORDS = """
INSERT INTO offer_words
SELECT DISTINCT lexeme, lexeme
  FROM (SELECT unnest(tsvector_to_array(words)) AS lexeme FROM offers LIMIT 20000) AS found
 WHERE lexeme !~ '[0-9]';
"""
_OFFERS = Query(sa.insert(Offer).from_select(list(OFFERED_COLUMNS), OFFERED))
"""As the program publishes."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the works need to know of the data."""

    buyer_id: UUID
    supplier_id: UUID
    item_ids: list[UUID]
    """Fertiliser items of one supplier."""
    line_ids: list[UUID]


async def prepare(dsn: str, items: int) -> Prepared:
    """Fill an empty, migrated database; ``items`` published items."""
    connection = await asyncpg.connect(dsn, server_settings={"statement_timeout": "0"})
    try:
        async with connection.transaction():
            await connection.execute(_SETUP.format(suppliers=SUPPLIERS, items=items, plans=PLANS))
            await connection.execute(_OFFERS.sql, *_OFFERS.arguments({}))
            await connection.execute(_WORDS)
        await connection.execute("VACUUM ANALYZE")
        buyer = await connection.fetchval(
            "SELECT id FROM organizations WHERE roles = '{producer_organization}'"
            " AND legal_name = 'buyer 1'"
        )
        supplier = await connection.fetchval(
            "SELECT organization_id FROM offers WHERE category = 'fertilizer' ORDER BY item_id"
        )
        found = await connection.fetch(
            "SELECT item_id FROM offers WHERE organization_id = $1 AND category = 'fertilizer'"
            " ORDER BY item_id LIMIT 300",
            supplier,
        )
        lines = await connection.fetch("SELECT id FROM farm_plan_lines ORDER BY farm_plan_id, id")
        return Prepared(buyer, supplier, [r[0] for r in found], [r[0] for r in lines])
    finally:
        await connection.close()
