"""Revise catalogues: revisions of one series, and shelves that the revisions of an item share."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021_revisions"
down_revision: str | None = "0020_territories"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

RECORDED = ("catalogues", "catalogue_items")
STATE = "ck_catalogues_state"


def upgrade() -> None:
    """Every catalogue is the first revision of its own; every item stands on its own shelf."""
    op.add_column("catalogues", sa.Column("series_id", sa.Uuid(), nullable=True))
    op.add_column(
        "catalogues", sa.Column("revision", sa.Integer(), server_default="1", nullable=False)
    )
    op.add_column("catalogues", sa.Column("previous_id", sa.Uuid(), nullable=True))
    op.add_column("catalogue_items", sa.Column("shelf_id", sa.Uuid(), nullable=True))
    op.add_column("offers", sa.Column("shelf_id", sa.Uuid(), nullable=True))
    # It is no deed of anybody's, so the ledger has nothing to tell.
    for table in RECORDED:
        op.execute(f"ALTER TABLE {table} DISABLE TRIGGER recorded")
    op.execute("UPDATE catalogues SET series_id = id")
    op.execute("UPDATE catalogue_items SET shelf_id = id")
    op.execute("UPDATE offers SET shelf_id = item_id")
    for table in RECORDED:
        op.execute(f"ALTER TABLE {table} ENABLE TRIGGER recorded")
    op.alter_column("catalogues", "revision", server_default=None)
    op.alter_column("catalogues", "series_id", nullable=False)
    op.alter_column("catalogue_items", "shelf_id", nullable=False)
    op.alter_column("offers", "shelf_id", nullable=False)
    _key("catalogues", "series_id", "catalogues")
    _key("catalogues", "previous_id", "catalogues")
    _key("catalogue_items", "shelf_id", "catalogue_items")
    op.create_index("ix_catalogue_items_shelf_id", "catalogue_items", ["shelf_id"])
    op.create_index("ix_catalogues_previous_id", "catalogues", ["previous_id"])
    op.create_unique_constraint(
        op.f("uq_catalogues_series_id_revision"), "catalogues", ["series_id", "revision"]
    )
    for state in ("draft", "published"):
        op.create_index(
            f"ix_catalogues_one_{state}",
            "catalogues",
            ["series_id"],
            unique=True,
            postgresql_where=sa.text(f"state = '{state}'"),
        )
    _states("draft", "published", "superseded", "withdrawn")


def _key(table: str, column: str, parent: str) -> None:
    op.create_foreign_key(op.f(f"fk_{table}_{column}"), table, parent, [column], ["id"])


def _states(*states: str) -> None:
    admitted = ", ".join(f"'{state}'" for state in states)
    op.drop_constraint(op.f(STATE), "catalogues")
    op.create_check_constraint(op.f(STATE), "catalogues", f"state IN ({admitted})")


def downgrade() -> None:
    """Revisions become catalogues of their own; superseded ones count as withdrawn."""
    op.execute("ALTER TABLE catalogues DISABLE TRIGGER recorded")
    op.execute("UPDATE catalogues SET state = 'withdrawn' WHERE state = 'superseded'")
    op.execute("ALTER TABLE catalogues ENABLE TRIGGER recorded")
    _states("draft", "published", "withdrawn")
    for state in ("draft", "published"):
        op.drop_index(f"ix_catalogues_one_{state}", "catalogues")
    op.drop_index("ix_catalogues_previous_id", "catalogues")
    op.drop_constraint(op.f("uq_catalogues_series_id_revision"), "catalogues")
    op.drop_column("offers", "shelf_id")
    op.drop_index("ix_catalogue_items_shelf_id", "catalogue_items")
    op.drop_column("catalogue_items", "shelf_id")
    for column in ("previous_id", "revision", "series_id"):
        op.drop_column("catalogues", column)
