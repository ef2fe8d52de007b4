"""HTTP only: one file per room, named as in the URL."""

from api.routers import (
    catalogue_items,
    catalogues,
    clients,
    clusters,
    consents,
    credit_applications,
    credit_products,
    farm_plans,
    health,
    investment_plans,
    ledger,
    loans,
    oauth2,
    offers,
    orders,
    organizations,
    plot_overlaps,
    plots,
    producers,
    purchase_commitments,
)

ROUTERS = (
    # First what is called most: the framework asks one router after the other.
    offers.router,
    orders.router,
    catalogue_items.router,
    oauth2.router,
    organizations.router,
    clients.router,
    producers.router,
    clusters.router,
    consents.router,
    plots.router,
    plot_overlaps.router,
    catalogues.router,
    credit_products.router,
    farm_plans.router,
    investment_plans.router,
    purchase_commitments.router,
    credit_applications.router,
    loans.router,
    ledger.router,
    health.router,
)
"""Every room's router; the documentation orders them by their tags."""
