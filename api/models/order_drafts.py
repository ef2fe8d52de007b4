"""Orders that are not placed yet."""

from typing import Any
from uuid import UUID

from api.models.base import Entity, json, link


class OrderDraft(Entity, table=True):
    """What an organisation means to order; whom and what it names is checked when it is placed."""

    __tablename__ = "order_drafts"

    organization_id: UUID = link("organizations.id")
    supplier_id: UUID
    cluster_id: UUID | None = None
    delivery_ubigeo: str
    lines: list[dict[str, Any]] = json()
    """As the order's lines are asked for."""
