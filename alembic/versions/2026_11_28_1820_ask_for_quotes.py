"""Keep quote requests, whom they were sent to, and quotes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0033_quotes"
down_revision: str | None = "0032_words"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

STATES = ("open", "awarded", "cancelled", "lapsed")
QUOTES = ("submitted", "withdrawn", "awarded", "declined")
EXCEPTIONS = ("emergency", "replacement", "training")
CATEGORIES = (
    "fertilizer", "irrigation", "equipment", "tool", "biological", "plant_material",
    "technical_assistance", "training", "soil_analysis", "transport",
)  # fmt: skip
UNITS = ("KGM", "LTR", "H87", "TNE", "HUR", "DAY", "HAR", "MTR", "KMT", "BG")
TABLES = (
    "quote_requests", "quote_request_lines", "quote_request_suppliers", "quotes", "quote_lines",
)  # fmt: skip
MONEY, PACKS = sa.Numeric(14, 2), sa.Numeric(14, 3)


def upgrade() -> None:
    """Add the tables with their indexes and triggers."""
    moment = sa.DateTime(timezone=True)
    _table(
        "quote_requests",
        {"organization_id": "organizations", "cluster_id": "clusters", "order_id": "orders"},
        _column("state", _words("state", STATES)),
        _column("name", sa.String()),
        _column("currency", sa.String()),
        _column("delivery_ubigeo", sa.String()),
        _column("closes_at", moment),
        _column("award_until", moment),
        _column("ended_at", moment, nullable=True),
        _column("decision_reason", sa.String(), nullable=True),
        optional=("order_id",),
    )
    _table(
        "quote_request_lines",
        {"quote_request_id": "quote_requests", "farm_plan_line_id": "farm_plan_lines"},
        _column("plan_exception", _words("plan_exception", EXCEPTIONS), nullable=True),
        _column("category", _words("category", CATEGORIES)),
        _column("specification", sa.String()),
        _column("unit", _words("unit", UNITS)),
        _column("quantity", PACKS),
        _check("quote_request_lines", "quantity_positive", "quantity > 0"),
        _check(
            "quote_request_lines",
            "planned_or_excepted",
            "num_nonnulls(farm_plan_line_id, plan_exception) = 1",
        ),
        optional=("farm_plan_line_id",),
    )
    _table(
        "quote_request_suppliers",
        {"quote_request_id": "quote_requests", "supplier_id": "organizations"},
        unique="supplier_id",
    )
    _table(
        "quotes",
        {"quote_request_id": "quote_requests", "supplier_id": "organizations"},
        _column("state", _words("state", QUOTES)),
        _column("freight", MONEY),
        _column("lines_amount", MONEY),
        _column("delivery_days", sa.Integer()),
        _column("payment_terms", sa.String()),
        _column("valid_until", sa.Date()),
        _column("salt", sa.String()),
        _column("seal", sa.String()),
        _check("quotes", "freight_not_negative", "freight >= 0"),
        unique="supplier_id",
    )
    _table(
        "quote_lines",
        {
            "quote_id": "quotes",
            "quote_request_line_id": "quote_request_lines",
            "item_id": "catalogue_items",
        },
        _column("sku", sa.String()),
        _column("description", sa.String()),
        _column("pack_size", PACKS),
        _column("quantity", PACKS),
        _column("unit_price", MONEY),
        _column("amount", MONEY),
        _check("quote_lines", "quantity_positive", "quantity > 0"),
        unique="quote_request_line_id",
    )


def _table(
    name: str,
    links: dict[str, str],
    *parts: sa.Column[object] | sa.Constraint,
    optional: tuple[str, ...] = (),
    unique: str | None = None,
) -> None:
    """A recorded table. ``unique``: with the first link; its index then serves that link, too."""
    first = next(iter(links))
    instant = sa.DateTime(timezone=True)
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("updated_at", instant, nullable=False),
        *(sa.Column(link, sa.Uuid(), nullable=link in optional) for link in links),
        *parts,
        *(
            sa.ForeignKeyConstraint([link], [f"{table}.id"], name=op.f(f"fk_{name}_{link}"))
            for link, table in links.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        *_unique(name, first, unique),
    )
    for link in links:
        if not (unique and link == first):
            op.create_index(op.f(f"ix_{name}_{link}"), name, [link])
    op.execute(
        f"CREATE CONSTRAINT TRIGGER recorded AFTER INSERT OR UPDATE OR DELETE ON {name} "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION demand_ledger_entry()"
    )


def _column(
    name: str, kind: sa.types.TypeEngine[object], *, nullable: bool = False
) -> sa.Column[object]:
    return sa.Column(name, kind, nullable=nullable)


def _unique(table: str, first: str, second: str | None) -> list[sa.Constraint]:
    if second is None:
        return []
    return [sa.UniqueConstraint(first, second, name=op.f(f"uq_{table}_{first}_{second}"))]


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _words(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=40)


def downgrade() -> None:
    """Take them away."""
    for table in reversed(TABLES):
        op.drop_table(table)
