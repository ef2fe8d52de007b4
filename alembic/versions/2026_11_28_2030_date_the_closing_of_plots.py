"""Keep the day on which a plot was closed: what changes it later says nothing of that."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0036_closed"
down_revision: str | None = "0035_documents"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

CLOSED = "UPDATE plots SET closed_on = (updated_at AT TIME ZONE 'America/Lima')::date"


def upgrade() -> None:
    """Add the column. Until now a plot's last change was taken for its closing."""
    op.add_column("plots", sa.Column("closed_on", sa.Date(), nullable=True))
    op.execute("ALTER TABLE plots DISABLE TRIGGER recorded")
    op.execute(f"{CLOSED} WHERE state = 'closed'")
    op.execute("ALTER TABLE plots ENABLE TRIGGER recorded")


def downgrade() -> None:
    """Take it away."""
    op.drop_column("plots", "closed_on")
