"""Know the words of offers, so that a search with a misspelt one finds what was meant."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0032_words"
down_revision: str | None = "0031_pools"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """What is on offer already is known; it is proposed once its supplier publishes again."""
    op.create_table(
        "offer_words",
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("lexeme", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_offer_words")),
    )
    op.create_index("ix_offer_words_lexeme", "offer_words", ["lexeme"])
    op.create_table(
        "offer_word_slips",
        sa.Column("slip", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("slip", "word", name=op.f("pk_offer_word_slips")),
    )
    op.execute(
        "INSERT INTO offer_words SELECT lexeme, lexeme"
        " FROM (SELECT DISTINCT unnest(tsvector_to_array(words)) AS lexeme FROM offers) AS found"
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("offer_word_slips")
    op.drop_table("offer_words")
