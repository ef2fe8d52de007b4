"""Tables only, one file per aggregate. Importing this package makes every mapper known.

The ledger's entry is deliberately not re-exported: only ``api.transactions`` writes it.
"""

from api.models import (
    archetypes,
    catalogues,
    clusters,
    consents,
    credit_applications,
    credit_products,
    deliveries,
    farm_plans,
    field_batches,
    idempotency_keys,
    imports,
    input_batches,
    investment_plans,
    ledger_entries,
    ledger_log,
    loans,
    lots,
    order_drafts,
    orders,
    organizations,
    plots,
    producers,
    purchase_commitments,
    readiness_reports,
    service_requests,
    shipments,
    territories,
    visits,
)
from api.models.base import order_flushes

order_flushes()

__all__ = [
    "archetypes",
    "catalogues",
    "clusters",
    "consents",
    "credit_applications",
    "credit_products",
    "deliveries",
    "farm_plans",
    "field_batches",
    "idempotency_keys",
    "imports",
    "input_batches",
    "investment_plans",
    "ledger_entries",
    "ledger_log",
    "loans",
    "lots",
    "order_drafts",
    "orders",
    "organizations",
    "plots",
    "producers",
    "purchase_commitments",
    "readiness_reports",
    "service_requests",
    "shipments",
    "territories",
    "visits",
]
