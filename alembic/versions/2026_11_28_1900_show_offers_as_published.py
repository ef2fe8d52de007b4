"""Keep the document of each offer as it was published."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0034_shown"
down_revision: str | None = "0033_quotes"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

PLAIN = ("item_id", "catalogue_id", "organization_id", "supplier", "sku", "name", "category",
         "unit")  # fmt: skip
REST = ("price_tiers", "lead_time_days", "organic", "coverage", "valid_from", "valid_until")


def upgrade() -> None:
    """Add the column and fill it for what is on offer."""
    op.add_column("offers", sa.Column("shown", sa.String(), nullable=True))
    members = [f"'{name}', {name}" for name in PLAIN]
    members.append("'pack_size', CAST(pack_size AS text)")
    price = "json_build_object('amount', CAST(price AS text), 'currency', currency)"
    members.append(f"'price', {price}")
    members += [f"'{name}', {name}" for name in REST]
    document = f"json_build_object({', '.join(members)})"
    op.execute(f"UPDATE offers SET shown = left(CAST({document} AS text), -1)")  # noqa: S608
    op.alter_column("offers", "shown", nullable=False)


def downgrade() -> None:
    """Take it away."""
    op.drop_column("offers", "shown")
