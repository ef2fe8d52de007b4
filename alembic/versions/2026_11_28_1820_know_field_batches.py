"""Know what field apps have sent before."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0026_field_batches"
down_revision: str | None = "0025_freight"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLE = "field_batch_items"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        TABLE,
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f(f"fk_{TABLE}_organization_id")
        ),
        sa.PrimaryKeyConstraint("organization_id", "fingerprint", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index(op.f(f"ix_{TABLE}_subject_id"), TABLE, ["subject_id"])
    op.create_index(op.f(f"ix_{TABLE}_created_at"), TABLE, ["created_at"])


def downgrade() -> None:
    """Take it away."""
    op.drop_table(TABLE)
