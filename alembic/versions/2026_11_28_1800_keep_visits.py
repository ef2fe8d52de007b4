"""Keep technical-assistance visits and the plots that were seen."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0023_visits"
down_revision: str | None = "0022_drafts"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

STATES = ("recorded", "confirmed", "disputed", "annulled")
PRACTICES = (
    "diagnosis", "pruning", "grafting", "fertilization", "soil_sampling", "pest_and_disease",
    "weed_control", "shade_management", "irrigation_and_drainage", "nursery", "renovation",
    "harvest", "postharvest", "record_keeping", "other",
)  # fmt: skip
CHANNELS = ("paper", "app", "voice", "web")
LINKS = {
    "organization_id": "organizations",
    "producer_organization_id": "organizations",
    "producer_id": "producers",
}


def upgrade() -> None:
    """Add the tables with their indexes and triggers."""
    op.create_table(
        "visits",
        *_entity(),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in LINKS),
        sa.Column("state", _words("state", STATES), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("technician_code", sa.String(), nullable=False),
        sa.Column("practice", _words("practice", PRACTICES), nullable=False),
        sa.Column("finding", sa.String(), nullable=False),
        sa.Column("recommendation", sa.String(), nullable=True),
        sa.Column("evidence", JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("next_visit_on", sa.Date(), nullable=True),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("confirmation_channel", _words("confirmation_channel", CHANNELS), nullable=True),
        sa.Column("dispute_reason", sa.String(), nullable=True),
        sa.CheckConstraint("next_visit_on > visited_on", name=op.f("ck_visits_next_visit_later")),
        sa.CheckConstraint(
            "(state = 'confirmed') = (num_nonnulls(confirmed_on, confirmation_channel) = 2)",
            name=op.f("ck_visits_confirmed_somehow"),
        ),
        *_keys("visits", LINKS),
    )
    for column in LINKS:
        op.create_index(op.f(f"ix_visits_{column}"), "visits", [column])
    plots = {"visit_id": "visits", "plot_id": "plots"}
    op.create_table(
        "visit_plots",
        *_entity(),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in plots),
        sa.UniqueConstraint("visit_id", "plot_id", name=op.f("uq_visit_plots_visit_id_plot_id")),
        *_keys("visit_plots", plots),
    )
    op.create_index(op.f("ix_visit_plots_plot_id"), "visit_plots", ["plot_id"])
    for table in ("visits", "visit_plots"):
        op.execute(
            f"CREATE CONSTRAINT TRIGGER recorded AFTER INSERT OR UPDATE OR DELETE ON {table} "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION demand_ledger_entry()"
        )


def _entity() -> tuple[sa.Column[object], ...]:
    instant = sa.DateTime(timezone=True)
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("updated_at", instant, nullable=False),
    )


def _keys(table: str, links: dict[str, str]) -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *(
            sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=op.f(f"fk_{table}_{column}"))
            for column, parent in links.items()
        ),
    ]


def _words(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def downgrade() -> None:
    """Take them away."""
    for table in ("visit_plots", "visits"):
        op.drop_table(table)
