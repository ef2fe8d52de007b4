"""Tie inputs to plots: receipts in parts, and what arrived by batch with the plots it is for."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0018_inputs"
down_revision: str | None = "0017_import_files"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

CATEGORIES = (
    "fertilizer", "irrigation", "equipment", "tool", "biological", "plant_material",
    "technical_assistance", "training", "soil_analysis", "transport",
)  # fmt: skip
UNITS = ("KGM", "LTR", "H87", "TNE", "HUR", "DAY", "HAR", "MTR", "KMT", "BG")
LINKS = {
    "organization_id": "organizations",
    "supplier_id": "organizations",
    "order_id": "orders",
    "order_line_id": "order_lines",
    "item_id": "catalogue_items",
    "farm_plan_line_id": "farm_plan_lines",
}
SIDES = {"ix_input_batches_buyer": "organization_id", "ix_input_batches_supplier": "supplier_id"}


def upgrade() -> None:
    """Add the tables with their indexes and triggers."""
    op.create_table(
        "order_receipts",
        *_entity(),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("lines", JSONB(), nullable=False),
        *_keys("order_receipts", {"order_id": "orders"}),
    )
    op.create_index(op.f("ix_order_receipts_order_id"), "order_receipts", ["order_id"])
    op.create_table(
        "input_batches",
        *_entity(),
        *(sa.Column(name, sa.Uuid(), nullable=name == "farm_plan_line_id") for name in LINKS),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("category", _words("category", CATEGORIES), nullable=False),
        sa.Column("unit", _words("unit", UNITS), nullable=False),
        sa.Column("quantity", sa.Numeric(14, 3), nullable=False),
        sa.Column("batch_number", sa.String(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_input_batches_quantity_positive")),
        *_keys("input_batches", LINKS),
    )
    for name, side in SIDES.items():
        op.create_index(name, "input_batches", [side, "batch_number"])
    for column in LINKS.keys() - set(SIDES.values()):
        op.create_index(op.f(f"ix_input_batches_{column}"), "input_batches", [column])
    plots = {"input_batch_id": "input_batches", "plot_id": "plots"}
    op.create_table(
        "input_batch_plots",
        *_entity(),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in plots),
        *_keys("input_batch_plots", plots),
    )
    for column in plots:
        op.create_index(op.f(f"ix_input_batch_plots_{column}"), "input_batch_plots", [column])
    for table in ("order_receipts", "input_batches", "input_batch_plots"):
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
    for table in ("input_batch_plots", "input_batches", "order_receipts"):
        op.drop_table(table)
