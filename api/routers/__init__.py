"""HTTP only: one file per room, named as in the URL."""

from api.routers import (
    catalogue_items,
    catalogues,
    clients,
    clusters,
    consents,
    credit_products,
    farm_plans,
    health,
    investment_plans,
    ledger,
    oauth2,
    offers,
    orders,
    organizations,
    producers,
    purchase_commitments,
)

ROUTERS = (
    oauth2.router,
    organizations.router,
    clients.router,
    producers.router,
    clusters.router,
    consents.router,
    catalogues.router,
    catalogue_items.router,
    offers.router,
    credit_products.router,
    farm_plans.router,
    investment_plans.router,
    purchase_commitments.router,
    orders.router,
    ledger.router,
    health.router,
)
"""Every room's router, in the order of the documentation."""
