"""Guard the log of who read personal data: no line changes, and none goes within two years.

DS 016-2024-JUS (art. 46) has such logs kept for two years at least; older lines may be deleted.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0007_consents"
down_revision: str | None = "0006_catalogues"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Add the function and the triggers."""
    op.execute(
        """
        CREATE FUNCTION keep_two_years() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.accessed_at > now() - interval '2 years' THEN
                RAISE EXCEPTION '% keeps its lines for two years', TG_TABLE_NAME
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN OLD;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER keep_two_years BEFORE DELETE ON data_accesses "
        "FOR EACH ROW EXECUTE FUNCTION keep_two_years()"
    )
    op.execute(
        "CREATE TRIGGER never_changed BEFORE UPDATE OR TRUNCATE ON data_accesses "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Take them away."""
    op.execute("DROP TRIGGER never_changed ON data_accesses")
    op.execute("DROP TRIGGER keep_two_years ON data_accesses")
    op.execute("DROP FUNCTION keep_two_years()")
