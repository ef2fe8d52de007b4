"""Let assistance be asked for, and visits answer a request."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0028_requests"
down_revision: str | None = "0027_boundaries"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLE = "service_requests"
STATES = ("requested", "accepted", "declined", "withdrawn", "completed")
PRACTICES = (
    "diagnosis", "pruning", "grafting", "fertilization", "soil_sampling", "pest_and_disease",
    "weed_control", "shade_management", "irrigation_and_drainage", "nursery", "renovation",
    "harvest", "postharvest", "record_keeping", "other",
)  # fmt: skip
LINKS = {
    "organization_id": "organizations",
    "provider_id": "organizations",
    "producer_id": "producers",
    "cluster_id": "clusters",
}


def upgrade() -> None:
    """Add the table with its indexes and trigger, and the visits' reference to it."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("updated_at", instant, nullable=False),
        *(
            sa.Column(name, sa.Uuid(), nullable=name in ("producer_id", "cluster_id"))
            for name in LINKS
        ),
        sa.Column("state", _words("state", STATES), nullable=False),
        sa.Column("practice", _words("practice", PRACTICES), nullable=False),
        sa.Column("need", sa.String(), nullable=False),
        sa.Column("wanted_by", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("decline_reason", sa.String(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(producer_id, cluster_id) = 1", name=op.f(f"ck_{TABLE}_one_subject")
        ),
        sa.CheckConstraint(
            "(state = 'completed') = (completed_on IS NOT NULL)",
            name=op.f(f"ck_{TABLE}_completed_some_day"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{TABLE}")),
        *(
            sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=op.f(f"fk_{TABLE}_{column}"))
            for column, parent in LINKS.items()
        ),
    )
    for column in LINKS:
        op.create_index(op.f(f"ix_{TABLE}_{column}"), TABLE, [column])
    op.execute(
        f"CREATE CONSTRAINT TRIGGER recorded AFTER INSERT OR UPDATE OR DELETE ON {TABLE} "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION demand_ledger_entry()"
    )
    op.add_column("visits", sa.Column("service_request_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_visits_service_request_id"), "visits", TABLE, ["service_request_id"], ["id"]
    )
    op.create_index(op.f("ix_visits_service_request_id"), "visits", ["service_request_id"])


def _words(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def downgrade() -> None:
    """Take both away."""
    op.drop_column("visits", "service_request_id")
    op.drop_table(TABLE)
