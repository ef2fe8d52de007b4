"""Let a file of producers that waits say which cluster they join, and since when."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0037_joined"
down_revision: str | None = "0036_closed"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Files that wait already name no cluster."""
    op.add_column("import_files", sa.Column("cluster_id", sa.Uuid(), nullable=True))
    op.add_column("import_files", sa.Column("joined_on", sa.Date(), nullable=True))


def downgrade() -> None:
    """Take them away."""
    op.drop_column("import_files", "joined_on")
    op.drop_column("import_files", "cluster_id")
