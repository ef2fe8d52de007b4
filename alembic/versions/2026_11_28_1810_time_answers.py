"""Keep when a supplier answered an order in time."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0030_answered"
down_revision: str | None = "0029_plan_visits"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Add the column; of orders answered before, nothing is known."""
    op.add_column("orders", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("orders", "answered_at")
