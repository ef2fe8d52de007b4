"""Let registrations be merged and people be erased: where a merged registration went, and a person
registered once among an organisation's active registrations alone."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011_people"
down_revision: str | None = "0010_readiness"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

OLD = "uq_producers_organization_id_person_id"


def upgrade() -> None:
    """Add the column with its rule; replace the constraint by an index over active rows."""
    op.add_column("producers", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        "fk_producers_merged_into", "producers", "producers", ["merged_into"], ["id"]
    )
    op.create_index("ix_producers_merged_into", "producers", ["merged_into"])
    op.create_check_constraint(
        op.f("ck_producers_merged_into_another"),
        "producers",
        "(state = 'merged') = (merged_into IS NOT NULL)",
    )
    op.create_index(
        "uq_producers_active_person",
        "producers",
        ["organization_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("state = 'active'"),
    )
    op.drop_constraint(OLD, "producers", type_="unique")


def downgrade() -> None:
    """Put the constraint back; merged registrations stand in its way."""
    op.create_unique_constraint(OLD, "producers", ["organization_id", "person_id"])
    op.drop_index("uq_producers_active_person", table_name="producers")
    op.drop_constraint(op.f("ck_producers_merged_into_another"), "producers", type_="check")
    op.drop_index("ix_producers_merged_into", table_name="producers")
    op.drop_constraint("fk_producers_merged_into", "producers", type_="foreignkey")
    op.drop_column("producers", "merged_into")
