"""Let files wait for a worker: the state of an import, its progress, and its bytes meanwhile."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0017_import_files"
down_revision: str | None = "0016_answers"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Every import until now was done within its request."""
    states = ("queued", "running", "done", "failed")
    op.add_column("imports", sa.Column("state", sa.String(40), server_default="done"))
    op.alter_column("imports", "state", server_default=None, nullable=False)
    words = ", ".join(f"'{state}'" for state in states)
    op.create_check_constraint(op.f("ck_imports_state"), "imports", f"state IN ({words})")
    op.add_column("imports", sa.Column("rows_done", sa.Integer(), nullable=True))
    op.execute("UPDATE imports SET rows_done = rows")
    op.alter_column("imports", "rows_done", nullable=False)
    op.add_column(
        "imports",
        sa.Column("errors", JSONB(), server_default=sa.text("'[]'"), nullable=False),
    )
    op.create_table(
        "import_files",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["imports.id"],
            name=op.f("fk_import_files_import_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_import_files")),
    )


def downgrade() -> None:
    """Imports that were not done have no place in the older table."""
    op.drop_table("import_files")
    op.execute("DELETE FROM imports WHERE state <> 'done'")
    op.drop_column("imports", "errors")
    op.drop_column("imports", "rows_done")
    op.drop_column("imports", "state")
