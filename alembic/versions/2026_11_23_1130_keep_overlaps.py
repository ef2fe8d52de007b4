"""Keep the overlaps of plots, and the warnings that a plot's geometry deserves."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0008_plots"
down_revision: str | None = "0007_consents"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

STATES = ("open", "settled", "lapsed")
DECISIONS = ("survey_tolerance", "boundary_agreed", "shared_use", "same_plot")
LINKS = {
    "plot_id": "plots",
    "organization_id": "organizations",
    "other_plot_id": "plots",
    "other_organization_id": "organizations",
    "settled_by": "organizations",
}


def upgrade() -> None:
    """Add the column and the table with its indexes and trigger."""
    op.add_column(
        "plots", sa.Column("warnings", JSONB(), server_default=sa.text("'[]'"), nullable=False)
    )
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "plot_overlaps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("updated_at", instant, nullable=False),
        sa.Column("plot_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("geometry_version", sa.Integer(), nullable=False),
        sa.Column("share", sa.Numeric(5, 4), nullable=False),
        sa.Column("other_plot_id", sa.Uuid(), nullable=False),
        sa.Column("other_organization_id", sa.Uuid(), nullable=False),
        sa.Column("other_geometry_version", sa.Integer(), nullable=False),
        sa.Column("other_share", sa.Numeric(5, 4), nullable=False),
        sa.Column("area_ha", sa.Numeric(12, 4), nullable=False),
        sa.Column("at_point", sa.Boolean(), nullable=False),
        sa.Column("state", _words("state", STATES), nullable=False),
        sa.Column("decision", _words("decision", DECISIONS), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("settled_at", instant, nullable=True),
        sa.CheckConstraint("plot_id < other_plot_id", name=op.f("ck_plot_overlaps_pair_in_order")),
        sa.CheckConstraint("at_point OR area_ha > 0", name=op.f("ck_plot_overlaps_land_shared")),
        sa.CheckConstraint(
            "state <> 'settled' OR num_nonnulls(decision, settled_by, settled_at) = 3",
            name=op.f("ck_plot_overlaps_settled_by_somebody"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_plot_overlaps_{column}")
            )
            for column, table in LINKS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plot_overlaps")),
    )
    for column in LINKS:
        op.create_index(op.f(f"ix_plot_overlaps_{column}"), "plot_overlaps", [column])
    op.create_index(
        "uq_plot_overlaps_standing",
        "plot_overlaps",
        ["plot_id", "other_plot_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'lapsed'"),
    )
    op.execute(
        "CREATE CONSTRAINT TRIGGER recorded AFTER INSERT OR UPDATE OR DELETE ON plot_overlaps "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION demand_ledger_entry()"
    )


def _words(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def downgrade() -> None:
    """Take them away."""
    op.drop_table("plot_overlaps")
    op.drop_column("plots", "warnings")
