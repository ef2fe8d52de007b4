"""Sort producers into archetypes: tables of rules, runs, and where each producer was put."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0012_archetypes"
down_revision: str | None = "0011_people"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLE_STATES = ("draft", "in_force", "superseded")
RUN_STATES = ("queued", "running", "done", "failed")


def upgrade() -> None:
    """Make the tables; only the rules are recorded, what follows from them is derived."""
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "archetype_tables",
        *_entity(),
        sa.Column("organization_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", _words("state", TABLE_STATES), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("rules", JSONB(), nullable=False),
        sa.Column("in_force_since", instant, nullable=True),
        *_keys("archetype_tables", organization_id="organizations"),
        sa.UniqueConstraint("name", name=op.f("uq_archetype_tables_name")),
    )
    op.create_index(
        "uq_archetype_tables_in_force",
        "archetype_tables",
        ["state"],
        unique=True,
        postgresql_where=sa.text("state = 'in_force'"),
    )
    op.create_table(
        "archetype_runs",
        *_entity(),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("archetype_table_id", sa.Uuid(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("state", _words("state", RUN_STATES), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("ended_at", instant, nullable=True),
        *_keys(
            "archetype_runs", organization_id="organizations", archetype_table_id="archetype_tables"
        ),
        sa.CheckConstraint(
            "done BETWEEN 0 AND total", name=op.f("ck_archetype_runs_done_in_bounds")
        ),
    )
    op.create_table(
        "archetype_assignments",
        *_entity(),
        sa.Column("archetype_run_id", sa.Uuid(), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column("archetype", sa.String(), nullable=False),
        sa.Column("reasons", JSONB(), nullable=False),
        sa.Column("missing", JSONB(), nullable=False),
        *_keys("archetype_assignments", archetype_run_id="archetype_runs", producer_id="producers"),
        sa.UniqueConstraint(
            "archetype_run_id",
            "producer_id",
            name=op.f("uq_archetype_assignments_archetype_run_id_producer_id"),
        ),
    )
    for table, column in (
        ("archetype_tables", "organization_id"),
        ("archetype_runs", "organization_id"),
        ("archetype_runs", "archetype_table_id"),
        ("archetype_assignments", "producer_id"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.execute(
        "CREATE CONSTRAINT TRIGGER recorded AFTER INSERT OR UPDATE OR DELETE ON archetype_tables "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION demand_ledger_entry()"
    )


def _entity() -> list[sa.Column[object]]:
    instant = sa.DateTime(timezone=True)
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("updated_at", instant, nullable=False),
    ]


def _keys(table: str, **links: str) -> list[sa.Constraint]:
    return [
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
            for column, target in links.items()
        ),
    ]


def _words(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("archetype_assignments")
    op.drop_table("archetype_runs")
    op.drop_table("archetype_tables")
