"""Let credit be taken back: loans that are cancelled before they are paid out, and since when an
institution sees an application (a draft that was withdrawn is none of its business)."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009_credit"
down_revision: str | None = "0008_plots"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

STATES = ("approved", "active", "settled", "written_off")


def upgrade() -> None:
    """Add the column and admit the state."""
    op.add_column(
        "credit_applications",
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
    )
    _admit(*STATES, "cancelled")


def downgrade() -> None:
    """Take both away; loans that are cancelled must be gone before."""
    _admit(*STATES)
    op.drop_column("credit_applications", "submitted_at")


def _admit(*states: str) -> None:
    op.drop_constraint("ck_loans_state", "loans")
    op.create_check_constraint(op.f("ck_loans_state"), "loans", sa.column("state").in_(states))
