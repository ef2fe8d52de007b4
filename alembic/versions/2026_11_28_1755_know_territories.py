"""Know departments, provinces and districts by their INEI and RENIEC codes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020_territories"
down_revision: str | None = "0019_disputes"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Add the table; it is filled from files and is not recorded."""
    level = sa.Enum(
        "department",
        "province",
        "district",
        name="level",
        native_enum=False,
        create_constraint=True,
        length=40,
    )
    op.create_table(
        "territories",
        sa.Column("ubigeo", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("level", level, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("search_name", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=True),
        sa.Column("province", sa.String(), nullable=True),
        sa.Column("capital", sa.String(), nullable=True),
        sa.Column("reniec_code", sa.String(), nullable=True),
        sa.CheckConstraint("ubigeo ~ '^[0-9]{6}$'", name=op.f("ck_territories_six_digits")),
        sa.CheckConstraint(
            "reniec_code ~ '^[0-9]{6}$'", name=op.f("ck_territories_reniec_six_digits")
        ),
        sa.PrimaryKeyConstraint("ubigeo", name=op.f("pk_territories")),
    )
    op.create_index("ix_territories_level", "territories", ["level", "ubigeo"])
    op.create_index(op.f("ix_territories_reniec_code"), "territories", ["reniec_code"])


def downgrade() -> None:
    """Take it away."""
    op.drop_table("territories")
