"""Give clusters a territory, and districts their boundaries."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from api.models.plots import Box

revision: str = "0027_boundaries"
down_revision: str | None = "0026_field_batches"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Add the column, empty, and the table, which is filled from files and is not recorded."""
    op.add_column(
        "clusters",
        sa.Column("territory", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )
    op.create_table(
        "district_boundaries",
        sa.Column("ubigeo", sa.Text(), nullable=False),
        sa.Column("shape", sa.LargeBinary(), nullable=False),
        *(
            sa.Column(side, sa.Float(), nullable=False)
            for side in ("west", "south", "east", "north")
        ),
        sa.Column(
            "bounds",
            Box(),
            sa.Computed("box(point(west, south), point(east, north))", persisted=True),
            nullable=False,
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("ubigeo", name=op.f("pk_district_boundaries")),
    )
    op.create_index(
        "ix_district_boundaries_bounds", "district_boundaries", ["bounds"], postgresql_using="gist"
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_table("district_boundaries")
    op.drop_column("clusters", "territory")
