"""Pool the demand of a cluster's members; pay a pooled order line by line."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0031_pools"
down_revision: str | None = "0030_answered"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

STATES = ("open", "closed", "failed", "cancelled")
FAILURES = ("below_minimum", "not_orderable")
EXCEPTIONS = ("emergency", "replacement", "training")
POOL = {
    "organization_id": "organizations",
    "supplier_id": "organizations",
    "cluster_id": "clusters",
    "item_id": "catalogue_items",
}
PLEDGE = {
    "demand_pool_id": "demand_pools",
    "producer_id": "producers",
    "farm_plan_line_id": "farm_plan_lines",
    "credit_application_id": "credit_applications",
    "order_line_id": "order_lines",
}
OF_LINES = ("order_payments", "order_refunds")


def upgrade() -> None:
    """Add the tables with their indexes and triggers, and what orders and payments name."""
    op.create_table(
        "demand_pools",
        *_entity(),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in POOL),
        sa.Column("shelf_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("delivery_ubigeo", sa.String(), nullable=False),
        sa.Column("minimum", sa.Numeric(14, 3), nullable=False),
        sa.Column("maximum", sa.Numeric(14, 3), nullable=False),
        sa.Column("pledged_quantity", sa.Numeric(14, 3), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", _words("state", STATES), nullable=False),
        sa.Column("failure", _words("failure", FAILURES), nullable=True),
        sa.CheckConstraint("minimum > 0", name=op.f("ck_demand_pools_minimum_positive")),
        sa.CheckConstraint("maximum >= minimum", name=op.f("ck_demand_pools_maximum_from_minimum")),
        sa.CheckConstraint(
            "pledged_quantity BETWEEN 0 AND maximum",
            name=op.f("ck_demand_pools_never_beyond_maximum"),
        ),
        sa.CheckConstraint(
            "(state = 'failed') = (failure IS NOT NULL)",
            name=op.f("ck_demand_pools_failed_for_a_reason"),
        ),
        *_keys("demand_pools", POOL),
    )
    for column in POOL:
        op.create_index(op.f(f"ix_demand_pools_{column}"), "demand_pools", [column])
    op.create_index(
        "ix_demand_pools_open",
        "demand_pools",
        ["closes_at"],
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "pool_pledges",
        *_entity(),
        sa.Column("demand_pool_id", sa.Uuid(), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column("farm_plan_line_id", sa.Uuid(), nullable=True),
        sa.Column("plan_exception", _words("plan_exception", EXCEPTIONS), nullable=True),
        sa.Column("credit_application_id", sa.Uuid(), nullable=True),
        sa.Column("quantity", sa.Numeric(14, 3), nullable=False),
        sa.Column("state", _words("state", ("standing", "withdrawn")), nullable=False),
        sa.Column("order_line_id", sa.Uuid(), nullable=True),
        sa.Column("allocated_quantity", sa.Numeric(14, 3), nullable=True),
        sa.Column("amount", sa.Numeric(14, 2), nullable=True),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_pool_pledges_quantity_positive")),
        sa.CheckConstraint(
            "num_nonnulls(farm_plan_line_id, plan_exception) = 1",
            name=op.f("ck_pool_pledges_planned_or_excepted"),
        ),
        sa.CheckConstraint(
            "allocated_quantity BETWEEN 0 AND quantity",
            name=op.f("ck_pool_pledges_never_more_than_pledged"),
        ),
        *_keys("pool_pledges", PLEDGE),
    )
    for column in PLEDGE:
        op.create_index(op.f(f"ix_pool_pledges_{column}"), "pool_pledges", [column])
    for table in ("demand_pools", "pool_pledges"):
        op.execute(
            f"CREATE CONSTRAINT TRIGGER recorded AFTER INSERT OR UPDATE OR DELETE ON {table} "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION demand_ledger_entry()"
        )
    _refer("orders", "demand_pool_id", "demand_pools")
    for table in OF_LINES:
        _refer(table, "order_line_id", "order_lines")


def _refer(table: str, column: str, parent: str) -> None:
    op.add_column(table, sa.Column(column, sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f(f"fk_{table}_{column}"), table, parent, [column], ["id"])
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


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
    for table in OF_LINES:
        op.drop_column(table, "order_line_id")
    op.drop_column("orders", "demand_pool_id")
    for table in ("pool_pledges", "demand_pools"):
        op.drop_table(table)
