"""HTTP only: one file per room, named as in the URL."""

from api.routers import clients, health, oauth2, organizations

ROUTERS = (
    oauth2.router,
    organizations.router,
    clients.router,
    health.router,
)
"""Every room's router, in the order of the documentation."""
