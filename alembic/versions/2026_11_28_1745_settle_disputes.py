"""Settle disputes, give money back, and say to whom an order is delivered."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019_disputes"
down_revision: str | None = "0018_inputs"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

REASONS = ("shortage", "damage", "wrong_item", "quality", "late", "price", "other")
OUTCOMES = ("credit_note", "replacement", "nothing")
SOURCES = ("cash", "transfer", "wallet", "loan", "incentive_voucher")


def upgrade() -> None:
    """Add the column and the tables with their indexes and triggers."""
    op.add_column(
        "orders",
        sa.Column("credited_amount", sa.Numeric(14, 2), server_default="0", nullable=False),
    )
    op.create_check_constraint(op.f("ck_orders_paid_not_negative"), "orders", "paid_amount >= 0")
    op.create_check_constraint(
        op.f("ck_orders_credited_in_bounds"), "orders", "credited_amount BETWEEN 0 AND total"
    )
    op.create_table(
        "order_refunds",
        *_entity(),
        sa.Column("source", _words("source", SOURCES), nullable=False),
        sa.Column("amount", sa.Numeric(14, 2), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_order_refunds_amount_positive")),
        *_keys("order_refunds"),
    )
    op.create_table(
        "order_disputes",
        *_entity(),
        sa.Column("reason", _words("reason", REASONS), nullable=False),
        sa.Column("statement", sa.String(), nullable=True),
        sa.Column("was_received", sa.Boolean(), nullable=False),
        sa.Column("state", _words("state", ("open", "offered", "settled")), nullable=False),
        sa.Column("outcome", _words("outcome", OUTCOMES), nullable=True),
        sa.Column("amount", sa.Numeric(14, 2), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(outcome = 'credit_note') = (amount IS NOT NULL)",
            name=op.f("ck_order_disputes_credit_has_an_amount"),
        ),
        sa.CheckConstraint(
            "state = 'open' OR outcome IS NOT NULL",
            name=op.f("ck_order_disputes_ended_by_an_outcome"),
        ),
        *_keys("order_disputes"),
    )
    for table in ("order_refunds", "order_disputes"):
        op.create_index(op.f(f"ix_{table}_order_id"), table, ["order_id"])
        op.execute(
            f"CREATE CONSTRAINT TRIGGER recorded AFTER INSERT OR UPDATE OR DELETE ON {table} "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION demand_ledger_entry()"
        )
    op.create_table(
        "delivery_contacts",
        *_entity(),
        sa.Column("producer_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producers.id"], name=op.f("fk_delivery_contacts_producer_id")
        ),
        *_keys("delivery_contacts"),
    )
    op.create_index(
        op.f("ix_delivery_contacts_order_id"), "delivery_contacts", ["order_id"], unique=True
    )
    op.create_index(op.f("ix_delivery_contacts_producer_id"), "delivery_contacts", ["producer_id"])


def _entity() -> tuple[sa.Column[object], ...]:
    moment = sa.DateTime(timezone=True)
    return (
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("updated_at", moment, nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
    )


def _keys(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f(f"fk_{table}_order_id")),
    )


def _words(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def downgrade() -> None:
    """Take them away."""
    for table in ("delivery_contacts", "order_disputes", "order_refunds"):
        op.drop_table(table)
    op.drop_constraint(op.f("ck_orders_credited_in_bounds"), "orders", type_="check")
    op.drop_constraint(op.f("ck_orders_paid_not_negative"), "orders", type_="check")
    op.drop_column("orders", "credited_amount")
