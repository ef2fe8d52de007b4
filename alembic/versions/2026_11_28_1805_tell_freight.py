"""Tell days and freight of delivery by zone, and the freight of each order."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0025_freight"
down_revision: str | None = "0024_producer_ruc"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

COLUMNS: dict[str, sa.Column[object]] = {
    "catalogues": sa.Column("delivery_terms", JSONB(), server_default="[]", nullable=False),
    "offers": sa.Column("delivery", JSONB(), server_default="{}", nullable=False),
    "orders": sa.Column("freight", sa.Numeric(14, 2), server_default="0", nullable=False),
}


def upgrade() -> None:
    """What is on offer already is delivered at its price."""
    for table, column in COLUMNS.items():
        op.add_column(table, column)


def downgrade() -> None:
    """Take them away."""
    for table, column in COLUMNS.items():
        op.drop_column(table, column.name)
