"""Keep personal data per registration; a person keeps the identity document alone.

No route has written either table so far: there is nothing to carry over.
"""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0005_producers"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TEXTS = ("given_names", "family_names", "language", "phone")


def sex() -> sa.Column[str]:
    """The column, with its CHECK."""
    kind = sa.Enum(
        "female",
        "male",
        "unspecified",
        name="sex",
        native_enum=False,
        create_constraint=True,
        length=40,
    )
    return sa.Column("sex", kind, nullable=True)


def move(source: str, target: str) -> None:
    """Drop the personal columns of one table and add them to the other."""
    for name in (*TEXTS, "birth_year", "sex"):
        # Nothing reads or writes these columns yet, so no client can miss them.
        op.execute(f"-- squawk-ignore ban-drop-column\nALTER TABLE {source} DROP COLUMN {name}")
    for name in TEXTS:
        op.add_column(target, sa.Column(name, sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column(target, sa.Column("birth_year", sa.Integer(), nullable=True))
    op.add_column(target, sex())


def upgrade() -> None:
    """Move the columns; add what the search compares and an index for consents to a role."""
    move("persons", "producers")
    op.add_column(
        "producers", sa.Column("search_name", sqlmodel.sql.sqltypes.AutoString(), nullable=True)
    )
    op.create_index("ix_consents_recipient_role", "consents", ["recipient_role", "purpose"])


def downgrade() -> None:
    """Move them back."""
    op.drop_index("ix_consents_recipient_role", table_name="consents")
    op.drop_column("producers", "search_name")
    move("producers", "persons")
