"""Let files of plots be imported, and keep what each row's geometry was found to be."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0015_plot_imports"
down_revision: str | None = "0014_imports"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Admit the other kind; add what is told of a plot."""
    _kinds("producers", "plots")
    op.add_column("import_rows", sa.Column("area_ha", sa.Numeric(12, 4), nullable=True))
    op.add_column(
        "import_rows",
        sa.Column("warnings", JSONB(), server_default=sa.text("'[]'"), nullable=False),
    )
    op.add_column(
        "import_rows", sa.Column("overlaps", sa.Integer(), server_default="0", nullable=False)
    )


def _kinds(*kinds: str) -> None:
    op.drop_constraint(op.f("ck_imports_kind"), "imports", type_="check")
    words = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(op.f("ck_imports_kind"), "imports", f"kind IN ({words})")


def downgrade() -> None:
    """Take both away; imports of plots have no place in the older table."""
    op.drop_column("import_rows", "overlaps")
    op.drop_column("import_rows", "warnings")
    op.drop_column("import_rows", "area_ha")
    op.execute("DELETE FROM imports WHERE kind = 'plots'")
    _kinds("producers")
