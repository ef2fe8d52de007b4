"""Shape catalogues: the class of a SENASA registration, versions of stock, offers by supplier and
by place, and whether an item is in stock said once (by its row in stocks)."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006_catalogues"
down_revision: str | None = "0005_producers"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

KINDS = ("chemical", "biological", "growth_regulator", "atypical")


def upgrade() -> None:
    """Add columns and indexes."""
    kind = sa.Enum(*KINDS, name="senasa_kind", native_enum=False, create_constraint=True, length=40)
    op.add_column("catalogue_items", sa.Column("senasa_kind", kind, nullable=True))
    op.add_column("stocks", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.drop_column("offers", "stocked")
    op.drop_index("ix_offers_organization_id", "offers")
    op.create_index("ix_offers_supplier_price", "offers", ["organization_id", "price", "item_id"])
    op.create_index("ix_offers_coverage", "offers", ["coverage"], postgresql_using="gin")


def downgrade() -> None:
    """Take them away; without the column, every offer counts as kept in stock."""
    op.drop_index("ix_offers_coverage", "offers")
    op.drop_index("ix_offers_supplier_price", "offers")
    op.create_index("ix_offers_organization_id", "offers", ["organization_id"])
    op.add_column(
        "offers",
        sa.Column("stocked", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    op.alter_column("offers", "stocked", server_default=None)
    op.drop_column("stocks", "version")
    op.drop_column("catalogue_items", "senasa_kind")
