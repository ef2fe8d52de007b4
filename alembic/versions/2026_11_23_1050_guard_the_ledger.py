"""Guard the ledger: entries never change, and recorded tables never change without one."""

from collections.abc import Sequence

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

APPEND_ONLY = ("ledger_entries", "ledger_leaves", "ledger_nodes", "ledger_checkpoints")

RECORDED = (
    "api_clients",
    "catalogue_items",
    "catalogues",
    "cluster_members",
    "clusters",
    "collection_centres",
    "consents",
    "credit_application_lines",
    "credit_applications",
    "credit_products",
    "deliveries",
    "delivery_plots",
    "farm_plan_lines",
    "farm_plan_zones",
    "farm_plans",
    "investment_plans",
    "loan_movements",
    "loans",
    "lot_inputs",
    "lots",
    "order_dispatches",
    "order_lines",
    "order_payments",
    "orders",
    "organizations",
    "plot_geometries",
    "plots",
    "producers",
    "purchase_commitments",
    "readiness_reports",
    "shipment_lots",
    "shipments",
)


def upgrade() -> None:
    """Add the functions and the triggers."""
    op.execute(
        """
        CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        """
        CREATE FUNCTION demand_ledger_entry() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM FROM ledger_entries
                WHERE transaction_id = (pg_current_xact_id()::text)::bigint LIMIT 1;
            IF NOT FOUND THEN
                RAISE EXCEPTION '% changed without a ledger entry', TG_TABLE_NAME
                    USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RETURN NULL;
        END $$
        """
    )
    for table in RECORDED:
        op.execute(
            f"CREATE CONSTRAINT TRIGGER recorded AFTER INSERT OR UPDATE OR DELETE ON {table} "
            "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION demand_ledger_entry()"
        )


def downgrade() -> None:
    """Take the triggers and the functions away."""
    for table in RECORDED:
        op.execute(f"DROP TRIGGER recorded ON {table}")
    op.execute("DROP FUNCTION demand_ledger_entry()")
    for table in APPEND_ONLY:
        op.execute(f"DROP TRIGGER append_only ON {table}")
    op.execute("DROP FUNCTION refuse_change()")
