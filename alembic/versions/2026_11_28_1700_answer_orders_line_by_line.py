"""Answer orders line by line: what is cancelled of a line, what the supplier proposes instead, by
when the other side answers, and what SENASA keeps from being sent."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016_answers"
down_revision: str | None = "0015_plot_imports"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

STATES = (
    "draft", "placed", "accepted", "partially_dispatched", "dispatched", "received", "closed",
    "rejected", "cancelled", "disputed",
)  # fmt: skip
LINES = ("ordered", "proposed", "declined", "substituted")
SUBSTITUTES = ("proposed", "accepted", "declined", "lapsed")
LINKS = {"order_id": "orders", "order_line_id": "order_lines", "item_id": "catalogue_items"}
IN_BOUNDS = "ck_order_lines_dispatched_in_bounds"


def upgrade() -> None:
    """Add the columns and the table with its indexes and trigger."""
    instant = sa.DateTime(timezone=True)
    op.add_column("orders", sa.Column("answer_until", instant, nullable=True))
    op.create_index(
        "ix_orders_waiting",
        "orders",
        ["answer_until"],
        postgresql_where=sa.text("state IN ('placed', 'proposed')"),
    )
    _admit(*STATES, "proposed", "expired")
    _widen_lines()
    op.create_table(
        "order_substitutes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("updated_at", instant, nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in LINKS),
        sa.Column("sku", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("pack_size", sa.Numeric(14, 3), nullable=False),
        sa.Column("quantity", sa.Numeric(14, 3), nullable=False),
        sa.Column("unit_price", sa.Numeric(14, 2), nullable=False),
        sa.Column("amount", sa.Numeric(14, 2), nullable=False),
        sa.Column("state", _words(SUBSTITUTES), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_substitutes_quantity_positive")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_order_substitutes_{column}")
            )
            for column, table in LINKS.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_substitutes")),
    )
    for column in LINKS:
        op.create_index(op.f(f"ix_order_substitutes_{column}"), "order_substitutes", [column])
    op.execute(
        "CREATE CONSTRAINT TRIGGER recorded AFTER INSERT OR UPDATE OR DELETE ON order_substitutes "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION demand_ledger_entry()"
    )


def _widen_lines() -> None:
    for column in (
        sa.Column("cancelled_quantity", sa.Numeric(14, 3), server_default="0", nullable=False),
        sa.Column("state", _words(LINES), server_default="ordered", nullable=False),
        sa.Column("decision_reason", sa.String(), nullable=True),
        sa.Column("replaces_line_id", sa.Uuid(), nullable=True),
        sa.Column("blocked_by", sa.String(), nullable=True),
    ):
        op.add_column("order_lines", column)
    op.create_foreign_key(
        op.f("fk_order_lines_replaces_line_id"),
        "order_lines", "order_lines", ["replaces_line_id"], ["id"],
    )  # fmt: skip
    op.create_index(
        "ix_order_lines_replaces_line_id",
        "order_lines",
        ["replaces_line_id"],
        postgresql_where=sa.text("replaces_line_id IS NOT NULL"),
    )
    op.create_check_constraint(
        op.f("ck_order_lines_cancelled_not_negative"), "order_lines", "cancelled_quantity >= 0"
    )
    op.drop_constraint(IN_BOUNDS, "order_lines")
    op.create_check_constraint(
        op.f(IN_BOUNDS),
        "order_lines",
        "dispatched_quantity BETWEEN 0 AND quantity - cancelled_quantity",
    )


def _words(words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name="state", native_enum=False, create_constraint=True, length=40)


def _admit(*states: str) -> None:
    op.drop_constraint("ck_orders_state", "orders")
    op.create_check_constraint(op.f("ck_orders_state"), "orders", sa.column("state").in_(states))


def downgrade() -> None:
    """Take them away; orders in the new states must be gone before."""
    op.drop_table("order_substitutes")
    op.drop_constraint(IN_BOUNDS, "order_lines")
    op.create_check_constraint(
        op.f(IN_BOUNDS), "order_lines", "dispatched_quantity BETWEEN 0 AND quantity"
    )
    op.drop_index("ix_order_lines_replaces_line_id", "order_lines")
    for column in ("blocked_by", "replaces_line_id", "decision_reason", "state"):
        op.drop_column("order_lines", column)
    op.drop_column("order_lines", "cancelled_quantity")
    _admit(*STATES)
    op.drop_index("ix_orders_waiting", "orders")
    op.drop_column("orders", "answer_until")
