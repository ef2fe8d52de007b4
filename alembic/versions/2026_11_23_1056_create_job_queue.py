"""Create the job queue: procrastinate's own schema, as its installed version ships it."""

from collections.abc import Sequence

from alembic import op
from procrastinate.schema import SchemaManager

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Apply the schema."""
    # Colons would be taken for parameters.
    op.execute(SchemaManager.get_schema().replace(":", r"\:"))


def downgrade() -> None:
    """Drop whatever of procrastinate's there is."""
    op.execute(
        r"""
        DO $$
        DECLARE found record;
        BEGIN
            FOR found IN SELECT oid\:\:regclass AS name FROM pg_class
                WHERE relname LIKE 'procrastinate\_%' AND relkind = 'r' LOOP
                EXECUTE format('DROP TABLE IF EXISTS %s CASCADE', found.name);
            END LOOP;
            FOR found IN SELECT oid\:\:regprocedure AS name FROM pg_proc
                WHERE proname LIKE 'procrastinate\_%' LOOP
                EXECUTE format('DROP FUNCTION IF EXISTS %s CASCADE', found.name);
            END LOOP;
            FOR found IN SELECT oid\:\:regtype AS name FROM pg_type
                WHERE typname LIKE 'procrastinate\_%' AND typtype IN ('e', 'c') LOOP
                EXECUTE format('DROP TYPE IF EXISTS %s CASCADE', found.name);
            END LOOP;
        END $$
        """
    )
