"""Keep the RUC of a producer who has one."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0024_producer_ruc"
down_revision: str | None = "0023_visits"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Add the column, empty."""
    op.add_column("producers", sa.Column("ruc", sa.String(), nullable=True))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("producers", "ruc")
