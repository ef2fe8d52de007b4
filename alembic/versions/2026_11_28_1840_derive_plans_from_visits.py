"""Let farm plans name the visits that they derive from."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0029_plan_visits"
down_revision: str | None = "0028_requests"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLE = "farm_plan_visits"
LINKS = {"farm_plan_id": "farm_plans", "visit_id": "visits"}


def upgrade() -> None:
    """Add the table with its index and trigger."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("updated_at", instant, nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in LINKS),
        sa.UniqueConstraint(*LINKS, name=op.f(f"uq_{TABLE}_farm_plan_id_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        *(
            sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=op.f(f"fk_{TABLE}_{column}"))
            for column, parent in LINKS.items()
        ),
    )
    op.create_index(op.f(f"ix_{TABLE}_visit_id"), TABLE, ["visit_id"])
    op.execute(
        f"CREATE CONSTRAINT TRIGGER recorded AFTER INSERT OR UPDATE OR DELETE ON {TABLE} "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION demand_ledger_entry()"
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table(TABLE)
