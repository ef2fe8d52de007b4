"""List orders by side: each side's orders in the order of the list, found without sorting."""

from collections.abc import Sequence

from alembic import op

revision: str = "0013_orders"
down_revision: str | None = "0012_archetypes"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Let the ids follow the sides."""
    op.create_index("ix_orders_buyer", "orders", ["organization_id", "id"])
    op.create_index("ix_orders_supplier", "orders", ["supplier_id", "id"])
    op.drop_index("ix_orders_organization_id", "orders")
    op.drop_index("ix_orders_supplier_id", "orders")


def downgrade() -> None:
    """The sides alone."""
    op.create_index("ix_orders_supplier_id", "orders", ["supplier_id"])
    op.create_index("ix_orders_organization_id", "orders", ["organization_id"])
    op.drop_index("ix_orders_supplier", "orders")
    op.drop_index("ix_orders_buyer", "orders")
