"""Keep with each readiness report the facts that it was judged from, so that it can be judged
again."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0010_readiness"
down_revision: str | None = "0009_credit"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Add the column; earlier reports have none."""
    op.add_column("readiness_reports", sa.Column("facts", JSONB(), nullable=True))


def downgrade() -> None:
    """Take it away; the hash of the facts stays."""
    op.drop_column("readiness_reports", "facts")
