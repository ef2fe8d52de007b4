"""Find deliveries by their document, so that a purchase is recorded once."""

from collections.abc import Sequence

from alembic import op

revision: str = "0035_documents"
down_revision: str | None = "0034_shown"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

INDEX = "ix_deliveries_document"


def upgrade() -> None:
    """Add the index."""
    op.create_index(INDEX, "deliveries", ["organization_id", "document_number"])


def downgrade() -> None:
    """Remove it."""
    op.drop_index(INDEX, table_name="deliveries")
