"""create rooms."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import UserDefinedType

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


class Box(UserDefinedType[str]):
    """PostgreSQL's core ``box``."""

    def get_col_spec(self, **_: object) -> str:
        """The type's name in DDL."""
        return "box"


def upgrade() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("client_id", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(
        op.f("ix_idempotency_keys_created_at"), "idempotency_keys", ["created_at"], unique=False
    )
    op.create_table(
        "ledger_checkpoints",
        sa.Column("tree_size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("low_water", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("tree_size", name=op.f("pk_ledger_checkpoints")),
    )
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "transaction_id",
            sa.BigInteger(),
            server_default=sa.text("(pg_current_xact_id()::text)::bigint"),
            nullable=False,
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("subject_type", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("body", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
    )
    op.create_index(
        op.f("ix_ledger_entries_organization_id"),
        "ledger_entries",
        ["organization_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_ledger_entries_subject_id"), "ledger_entries", ["subject_id"], unique=False
    )
    op.create_index(
        op.f("ix_ledger_entries_transaction_id"), "ledger_entries", ["transaction_id"], unique=False
    )
    op.create_table(
        "ledger_nodes",
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("index", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "index", name=op.f("pk_ledger_nodes")),
    )
    op.create_table(
        "organizations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("legal_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("ruc", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("roles", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("ubigeo", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "registered",
                "verified",
                "suspended",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organizations")),
        sa.UniqueConstraint("ruc", name=op.f("uq_organizations_ruc")),
    )
    op.create_table(
        "persons",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "document_type",
            sa.Enum(
                "dni",
                "ce",
                name="document_type",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("document_number", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("given_names", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("family_names", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column(
            "sex",
            sa.Enum(
                "female",
                "male",
                "unspecified",
                name="sex",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("phone", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persons")),
        sa.UniqueConstraint(
            "document_type",
            "document_number",
            name=op.f("uq_persons_document_type_document_number"),
        ),
    )
    op.create_table(
        "api_clients",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_api_clients_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_clients")),
    )
    op.create_index(
        op.f("ix_api_clients_organization_id"), "api_clients", ["organization_id"], unique=False
    )
    op.create_table(
        "catalogues",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("coverage", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_catalogues_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_catalogues_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogues")),
    )
    op.create_index(
        op.f("ix_catalogues_organization_id"), "catalogues", ["organization_id"], unique=False
    )
    op.create_table(
        "collection_centres",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("ubigeo", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_collection_centres_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collection_centres")),
    )
    op.create_index(
        op.f("ix_collection_centres_organization_id"),
        "collection_centres",
        ["organization_id"],
        unique=False,
    )
    op.create_table(
        "credit_products",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "borrower",
            sa.Enum(
                "individual",
                "solidarity_group",
                name="borrower",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("amount_min", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("amount_max", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("term_months_min", sa.Integer(), nullable=False),
        sa.Column("term_months_max", sa.Integer(), nullable=False),
        sa.Column("tea", sa.Numeric(precision=9, scale=6), nullable=False),
        sa.Column("commission", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column(
            "desgravamen_variant",
            sa.Enum(
                "none",
                "balance",
                "balance_levelled",
                "initial_flat",
                "capitalised",
                name="desgravamen",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("desgravamen_rate", sa.Numeric(precision=9, scale=6), nullable=False),
        sa.Column(
            "schedule_kind",
            sa.Enum(
                "fixed_period",
                "fixed_date",
                "cash_flow",
                name="schedule_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "grace_kind",
            sa.Enum(
                "none",
                "principal",
                "total",
                name="grace_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("grace_months", sa.Integer(), nullable=False),
        sa.Column("purposes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("financed_share", sa.Numeric(precision=9, scale=6), nullable=False),
        sa.Column("requires_commitment", sa.Boolean(), nullable=False),
        sa.Column(
            "reference_policy",
            sa.Enum(
                "eu_2020",
                "rainforest_alliance_2014",
                "new_york_declaration_2014",
                "peru_forest_law_2011",
                "fsc_1994",
                name="reference_policy",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("minimum_dscr", sa.Numeric(precision=6, scale=3), nullable=False),
        sa.Column("coverage", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "amount_max >= amount_min", name=op.f("ck_credit_products_amounts_in_order")
        ),
        sa.CheckConstraint(
            "term_months_max >= term_months_min", name=op.f("ck_credit_products_terms_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_credit_products_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_products")),
    )
    op.create_index(
        op.f("ix_credit_products_organization_id"),
        "credit_products",
        ["organization_id"],
        unique=False,
    )
    op.create_table(
        "ledger_leaves",
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["ledger_entries.id"], name=op.f("fk_ledger_leaves_entry_id")
        ),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_ledger_leaves")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_ledger_leaves_entry_id")),
    )
    op.create_table(
        "lots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "form",
            sa.Enum(
                "wet", "dry", name="form", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "process",
            sa.Enum(
                "collected",
                "dried",
                "merged",
                "split",
                name="process",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "custody",
            sa.Enum(
                "identity_preserved",
                "segregated",
                name="custody",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("kg", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("unused_kg", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "in_stock",
                "used_up",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("kg > 0", name=op.f("ck_lots_kg_positive")),
        sa.CheckConstraint("unused_kg BETWEEN 0 AND kg", name=op.f("ck_lots_no_kilo_twice")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_lots_organization_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lots")),
        sa.UniqueConstraint("organization_id", "code", name=op.f("uq_lots_organization_id_code")),
    )
    op.create_index(op.f("ix_lots_organization_id"), "lots", ["organization_id"], unique=False)
    op.create_table(
        "producers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("ubigeo", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "association_status",
            sa.Enum(
                "associated",
                "not_associated",
                name="association_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "merged",
                "erased",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_producers_organization_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["persons.id"], name=op.f("fk_producers_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_producers")),
        sa.UniqueConstraint(
            "organization_id", "external_id", name=op.f("uq_producers_organization_id_external_id")
        ),
        sa.UniqueConstraint(
            "organization_id", "person_id", name=op.f("uq_producers_organization_id_person_id")
        ),
    )
    op.create_index(
        op.f("ix_producers_organization_id"), "producers", ["organization_id"], unique=False
    )
    op.create_index(op.f("ix_producers_person_id"), "producers", ["person_id"], unique=False)
    op.create_table(
        "catalogue_items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("catalogue_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("sku", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("description", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column(
            "category",
            sa.Enum(
                "fertilizer",
                "irrigation",
                "equipment",
                "tool",
                "biological",
                "plant_material",
                "technical_assistance",
                "training",
                "soil_analysis",
                "transport",
                name="category",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "unit",
            sa.Enum(
                "KGM",
                "LTR",
                "H87",
                "TNE",
                "HUR",
                "DAY",
                "HAR",
                "MTR",
                "KMT",
                "BG",
                name="unit",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("pack_size", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("price", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("price_tiers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("lead_time_days", sa.Integer(), nullable=False),
        sa.Column("organic", sa.Boolean(), nullable=False),
        sa.Column("senasa_number", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column(
            "senasa_status",
            sa.Enum(
                "valid",
                "suspended",
                "cancelled",
                name="senasa_status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("senasa_valid_until", sa.Date(), nullable=True),
        sa.Column("attributes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("pack_size > 0", name=op.f("ck_catalogue_items_pack_size_positive")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_catalogue_items_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["catalogue_id"], ["catalogues.id"], name=op.f("fk_catalogue_items_catalogue_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_catalogue_items_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue_items")),
        sa.UniqueConstraint(
            "catalogue_id", "sku", name=op.f("uq_catalogue_items_catalogue_id_sku")
        ),
    )
    op.create_index(
        op.f("ix_catalogue_items_organization_id"),
        "catalogue_items",
        ["organization_id"],
        unique=False,
    )
    op.create_table(
        "client_secrets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["client_id"], ["api_clients.id"], name=op.f("fk_client_secrets_client_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_client_secrets")),
        sa.UniqueConstraint("digest", name=op.f("uq_client_secrets_digest")),
    )
    op.create_index(
        op.f("ix_client_secrets_client_id"), "client_secrets", ["client_id"], unique=False
    )
    op.create_table(
        "clusters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "associated",
                "not_associated",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ubigeo", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("representative_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_clusters_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["representative_id"], ["producers.id"], name=op.f("fk_clusters_representative_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clusters")),
    )
    op.create_index(
        op.f("ix_clusters_organization_id"), "clusters", ["organization_id"], unique=False
    )
    op.create_index(
        op.f("ix_clusters_representative_id"), "clusters", ["representative_id"], unique=False
    )
    op.create_index(op.f("ix_clusters_ubigeo"), "clusters", ["ubigeo"], unique=False)
    op.create_table(
        "consents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "service_delivery",
                "credit_readiness",
                "traceability_disclosure",
                "incentives",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("recipient_organization_id", sa.Uuid(), nullable=True),
        sa.Column("recipient_role", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("text_version", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("text_hash", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "paper",
                "app",
                "voice",
                "web",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("evidence_hash", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "granted",
                "revoked",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(recipient_organization_id, recipient_role) = 1",
            name=op.f("ck_consents_one_recipient"),
        ),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_consents_dates_in_order")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_consents_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producers.id"], name=op.f("fk_consents_producer_id")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_organization_id"],
            ["organizations.id"],
            name=op.f("fk_consents_recipient_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    op.create_index(
        op.f("ix_consents_organization_id"), "consents", ["organization_id"], unique=False
    )
    op.create_index(op.f("ix_consents_producer_id"), "consents", ["producer_id"], unique=False)
    op.create_index(
        op.f("ix_consents_recipient_organization_id"),
        "consents",
        ["recipient_organization_id"],
        unique=False,
    )
    op.create_table(
        "plots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "closed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "land_use",
            sa.Enum(
                "cocoa",
                "cocoa_agroforestry",
                "other_crop",
                "pasture",
                "fallow",
                "degraded",
                "forest",
                name="land_use",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ubigeo", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column(
            "geometry_kind",
            sa.Enum(
                "point",
                "polygon",
                name="geometry_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("geometry_version", sa.Integer(), nullable=False),
        sa.Column("area_ha", sa.Numeric(precision=12, scale=4), nullable=False),
        sa.Column("declared_area_ha", sa.Numeric(precision=12, scale=4), nullable=True),
        sa.Column("variety", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("planting_year", sa.Integer(), nullable=True),
        sa.Column("plants_per_ha", sa.Integer(), nullable=True),
        sa.Column(
            "tenure_kind",
            sa.Enum(
                "title",
                "possession_certificate",
                "lease",
                "cusaf",
                "native_community",
                "none",
                name="tenure_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("tenure_document", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "geometry_kind = 'polygon' OR area_ha <= 4", name=op.f("ck_plots_point_up_to_4_ha")
        ),
        sa.CheckConstraint("area_ha > 0", name=op.f("ck_plots_area_positive")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_plots_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producers.id"], name=op.f("fk_plots_producer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plots")),
        sa.UniqueConstraint(
            "organization_id", "external_id", name=op.f("uq_plots_organization_id_external_id")
        ),
    )
    op.create_index(op.f("ix_plots_organization_id"), "plots", ["organization_id"], unique=False)
    op.create_index(op.f("ix_plots_producer_id"), "plots", ["producer_id"], unique=False)
    op.create_table(
        "revoked_tokens",
        sa.Column("token_id", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["client_id"], ["api_clients.id"], name=op.f("fk_revoked_tokens_client_id")
        ),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_revoked_tokens")),
    )
    op.create_index(
        op.f("ix_revoked_tokens_client_id"), "revoked_tokens", ["client_id"], unique=False
    )
    op.create_index(
        op.f("ix_revoked_tokens_revoked_at"), "revoked_tokens", ["revoked_at"], unique=False
    )
    op.create_table(
        "cluster_members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "left_on IS NULL OR left_on >= joined_on",
            name=op.f("ck_cluster_members_dates_in_order"),
        ),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["clusters.id"], name=op.f("fk_cluster_members_cluster_id")
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producers.id"], name=op.f("fk_cluster_members_producer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster_members")),
    )
    op.create_index(
        op.f("ix_cluster_members_cluster_id"), "cluster_members", ["cluster_id"], unique=False
    )
    op.create_index(
        op.f("ix_cluster_members_producer_id"), "cluster_members", ["producer_id"], unique=False
    )
    op.create_index(
        "uq_cluster_members_current",
        "cluster_members",
        ["cluster_id", "producer_id"],
        unique=True,
        postgresql_where=sa.text("left_on IS NULL"),
    )
    op.create_table(
        "data_accesses",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "service_delivery",
                "credit_readiness",
                "traceability_disclosure",
                "incentives",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("consent_id", sa.Uuid(), nullable=True),
        sa.Column("operation", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("accessed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consent_id"], ["consents.id"], name=op.f("fk_data_accesses_consent_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_data_accesses_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producers.id"], name=op.f("fk_data_accesses_producer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_accesses")),
    )
    op.create_index(
        op.f("ix_data_accesses_consent_id"), "data_accesses", ["consent_id"], unique=False
    )
    op.create_index(
        op.f("ix_data_accesses_organization_id"), "data_accesses", ["organization_id"], unique=False
    )
    op.create_index(
        op.f("ix_data_accesses_producer_id"), "data_accesses", ["producer_id"], unique=False
    )
    op.create_table(
        "farm_plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("producer_organization_id", sa.Uuid(), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "approved",
                "accepted",
                "superseded",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("conservation_ha", sa.Numeric(precision=12, scale=4), nullable=False),
        sa.Column("expected_yields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("approved_on", sa.Date(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["clusters.id"], name=op.f("fk_farm_plans_cluster_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_farm_plans_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producers.id"], name=op.f("fk_farm_plans_producer_id")
        ),
        sa.ForeignKeyConstraint(
            ["producer_organization_id"],
            ["organizations.id"],
            name=op.f("fk_farm_plans_producer_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_farm_plans")),
    )
    op.create_index(op.f("ix_farm_plans_cluster_id"), "farm_plans", ["cluster_id"], unique=False)
    op.create_index(
        op.f("ix_farm_plans_organization_id"), "farm_plans", ["organization_id"], unique=False
    )
    op.create_index(op.f("ix_farm_plans_producer_id"), "farm_plans", ["producer_id"], unique=False)
    op.create_index(
        op.f("ix_farm_plans_producer_organization_id"),
        "farm_plans",
        ["producer_organization_id"],
        unique=False,
    )
    op.create_table(
        "offers",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("catalogue_id", sa.Uuid(), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("supplier", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sku", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("category", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("unit", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("pack_size", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("price", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("price_tiers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("lead_time_days", sa.Integer(), nullable=False),
        sa.Column("organic", sa.Boolean(), nullable=False),
        sa.Column("stocked", sa.Boolean(), nullable=False),
        sa.Column("coverage", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("words", postgresql.TSVECTOR(), nullable=False),
        sa.ForeignKeyConstraint(
            ["catalogue_id"], ["catalogues.id"], name=op.f("fk_offers_catalogue_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["catalogue_items.id"], name=op.f("fk_offers_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_offers_organization_id")
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_offers")),
    )
    op.create_index(op.f("ix_offers_catalogue_id"), "offers", ["catalogue_id"], unique=False)
    op.create_index(
        "ix_offers_category_price", "offers", ["category", "price", "item_id"], unique=False
    )
    op.create_index(op.f("ix_offers_organization_id"), "offers", ["organization_id"], unique=False)
    op.create_index("ix_offers_price", "offers", ["price", "item_id"], unique=False)
    op.create_index("ix_offers_words", "offers", ["words"], unique=False, postgresql_using="gin")
    op.create_table(
        "orders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "placed",
                "accepted",
                "partially_dispatched",
                "dispatched",
                "received",
                "closed",
                "rejected",
                "cancelled",
                "disputed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("total", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("paid_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivery_ubigeo", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("invoice_number", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("decision_reason", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.ForeignKeyConstraint(["cluster_id"], ["clusters.id"], name=op.f("fk_orders_cluster_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_orders_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["supplier_id"], ["organizations.id"], name=op.f("fk_orders_supplier_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
    )
    op.create_index(op.f("ix_orders_cluster_id"), "orders", ["cluster_id"], unique=False)
    op.create_index(op.f("ix_orders_organization_id"), "orders", ["organization_id"], unique=False)
    op.create_index(op.f("ix_orders_supplier_id"), "orders", ["supplier_id"], unique=False)
    op.create_table(
        "plot_geometries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plot_id", sa.Uuid(), nullable=False),
        sa.Column("geometry_version", sa.Integer(), nullable=False),
        sa.Column("geometry", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("area_ha", sa.Numeric(precision=12, scale=4), nullable=False),
        sa.Column("west", sa.Float(), nullable=False),
        sa.Column("south", sa.Float(), nullable=False),
        sa.Column("east", sa.Float(), nullable=False),
        sa.Column("north", sa.Float(), nullable=False),
        sa.Column(
            "bounds",
            Box(),
            sa.Computed("box(point(west, south), point(east, north))", persisted=True),
            nullable=False,
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plot_id"], ["plots.id"], name=op.f("fk_plot_geometries_plot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plot_geometries")),
        sa.UniqueConstraint(
            "plot_id", "geometry_version", name=op.f("uq_plot_geometries_plot_id_geometry_version")
        ),
    )
    op.create_index(
        "ix_plot_geometries_bounds",
        "plot_geometries",
        ["bounds"],
        unique=False,
        postgresql_using="gist",
    )
    op.create_table(
        "purchase_commitments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("producer_organization_id", sa.Uuid(), nullable=False),
        sa.Column("cluster_id", sa.Uuid(), nullable=False),
        sa.Column("kg_dry", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("quality", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "price_kind",
            sa.Enum(
                "fixed",
                "exchange",
                name="price_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("price", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("floor_price", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("premium", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("window_from", sa.Date(), nullable=False),
        sa.Column("window_until", sa.Date(), nullable=False),
        sa.Column(
            "reference_policy",
            sa.Enum(
                "eu_2020",
                "rainforest_alliance_2014",
                "new_york_declaration_2014",
                "peru_forest_law_2011",
                "fsc_1994",
                name="reference_policy",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "signed",
                "in_fulfilment",
                "fulfilled",
                "broken",
                "cancelled",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("pledged_kg", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("shipped_kg", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.CheckConstraint(
            "pledged_kg BETWEEN 0 AND kg_dry",
            name=op.f("ck_purchase_commitments_never_pledged_twice"),
        ),
        sa.CheckConstraint(
            "shipped_kg >= 0", name=op.f("ck_purchase_commitments_shipped_not_negative")
        ),
        sa.CheckConstraint(
            "window_until >= window_from", name=op.f("ck_purchase_commitments_dates_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["clusters.id"], name=op.f("fk_purchase_commitments_cluster_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_purchase_commitments_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["producer_organization_id"],
            ["organizations.id"],
            name=op.f("fk_purchase_commitments_producer_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_commitments")),
    )
    op.create_index(
        op.f("ix_purchase_commitments_cluster_id"),
        "purchase_commitments",
        ["cluster_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_purchase_commitments_organization_id"),
        "purchase_commitments",
        ["organization_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_purchase_commitments_producer_organization_id"),
        "purchase_commitments",
        ["producer_organization_id"],
        unique=False,
    )
    op.create_table(
        "readiness_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("producer_organization_id", sa.Uuid(), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=True),
        sa.Column("cluster_id", sa.Uuid(), nullable=True),
        sa.Column("credit_product_id", sa.Uuid(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "ready",
                "not_ready",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("points_possible", sa.Integer(), nullable=False),
        sa.Column("criteria", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("members", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("facts_hash", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("model_version", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("consents", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(producer_id, cluster_id) = 1",
            name=op.f("ck_readiness_reports_one_subject"),
        ),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["clusters.id"], name=op.f("fk_readiness_reports_cluster_id")
        ),
        sa.ForeignKeyConstraint(
            ["credit_product_id"],
            ["credit_products.id"],
            name=op.f("fk_readiness_reports_credit_product_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_readiness_reports_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producers.id"], name=op.f("fk_readiness_reports_producer_id")
        ),
        sa.ForeignKeyConstraint(
            ["producer_organization_id"],
            ["organizations.id"],
            name=op.f("fk_readiness_reports_producer_organization_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readiness_reports")),
    )
    op.create_index(
        op.f("ix_readiness_reports_cluster_id"), "readiness_reports", ["cluster_id"], unique=False
    )
    op.create_index(
        op.f("ix_readiness_reports_credit_product_id"),
        "readiness_reports",
        ["credit_product_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_readiness_reports_organization_id"),
        "readiness_reports",
        ["organization_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_readiness_reports_producer_id"), "readiness_reports", ["producer_id"], unique=False
    )
    op.create_index(
        op.f("ix_readiness_reports_producer_organization_id"),
        "readiness_reports",
        ["producer_organization_id"],
        unique=False,
    )
    op.create_table(
        "stocks",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("available", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.CheckConstraint("available >= 0", name=op.f("ck_stocks_never_oversold")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["catalogue_items.id"], name=op.f("fk_stocks_item_id")
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_stocks")),
    )
    op.create_table(
        "credit_applications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("lender_id", sa.Uuid(), nullable=False),
        sa.Column("credit_product_id", sa.Uuid(), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=True),
        sa.Column("cluster_id", sa.Uuid(), nullable=True),
        sa.Column("readiness_report_id", sa.Uuid(), nullable=True),
        sa.Column("purchase_commitment_id", sa.Uuid(), nullable=True),
        sa.Column("pledged_kg", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("term_months", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "under_review",
                "offered",
                "accepted",
                "disbursing",
                "active",
                "declined",
                "withdrawn",
                "expired",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("offer", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("offer_expires_on", sa.Date(), nullable=True),
        sa.Column("decline_reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_credit_applications_amount_positive")),
        sa.CheckConstraint(
            "num_nonnulls(producer_id, cluster_id) = 1",
            name=op.f("ck_credit_applications_one_subject"),
        ),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["clusters.id"], name=op.f("fk_credit_applications_cluster_id")
        ),
        sa.ForeignKeyConstraint(
            ["credit_product_id"],
            ["credit_products.id"],
            name=op.f("fk_credit_applications_credit_product_id"),
        ),
        sa.ForeignKeyConstraint(
            ["lender_id"], ["organizations.id"], name=op.f("fk_credit_applications_lender_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_credit_applications_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producers.id"], name=op.f("fk_credit_applications_producer_id")
        ),
        sa.ForeignKeyConstraint(
            ["purchase_commitment_id"],
            ["purchase_commitments.id"],
            name=op.f("fk_credit_applications_purchase_commitment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["readiness_report_id"],
            ["readiness_reports.id"],
            name=op.f("fk_credit_applications_readiness_report_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_applications")),
    )
    op.create_index(
        op.f("ix_credit_applications_cluster_id"),
        "credit_applications",
        ["cluster_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_credit_applications_credit_product_id"),
        "credit_applications",
        ["credit_product_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_credit_applications_lender_id"), "credit_applications", ["lender_id"], unique=False
    )
    op.create_index(
        op.f("ix_credit_applications_organization_id"),
        "credit_applications",
        ["organization_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_credit_applications_producer_id"),
        "credit_applications",
        ["producer_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_credit_applications_purchase_commitment_id"),
        "credit_applications",
        ["purchase_commitment_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_credit_applications_readiness_report_id"),
        "credit_applications",
        ["readiness_report_id"],
        unique=False,
    )
    op.create_table(
        "farm_plan_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("farm_plan_id", sa.Uuid(), nullable=False),
        sa.Column("plot_id", sa.Uuid(), nullable=True),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("activity", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "input",
                "service",
                "labour",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "category",
            sa.Enum(
                "fertilizer",
                "irrigation",
                "equipment",
                "tool",
                "biological",
                "plant_material",
                "technical_assistance",
                "training",
                "soil_analysis",
                "transport",
                name="category",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("specification", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "unit",
            sa.Enum(
                "KGM",
                "LTR",
                "H87",
                "TNE",
                "HUR",
                "DAY",
                "HAR",
                "MTR",
                "KMT",
                "BG",
                name="unit",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("quantity", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("estimated_cost", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("ordered_quantity", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("financed_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.CheckConstraint(
            "financed_amount BETWEEN 0 AND estimated_cost",
            name=op.f("ck_farm_plan_lines_never_financed_twice"),
        ),
        sa.CheckConstraint(
            "ordered_quantity BETWEEN 0 AND quantity",
            name=op.f("ck_farm_plan_lines_never_ordered_twice"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_farm_plan_lines_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["farm_plan_id"], ["farm_plans.id"], name=op.f("fk_farm_plan_lines_farm_plan_id")
        ),
        sa.ForeignKeyConstraint(["plot_id"], ["plots.id"], name=op.f("fk_farm_plan_lines_plot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_farm_plan_lines")),
    )
    op.create_index(
        op.f("ix_farm_plan_lines_farm_plan_id"), "farm_plan_lines", ["farm_plan_id"], unique=False
    )
    op.create_index(
        op.f("ix_farm_plan_lines_plot_id"), "farm_plan_lines", ["plot_id"], unique=False
    )
    op.create_table(
        "farm_plan_zones",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("farm_plan_id", sa.Uuid(), nullable=False),
        sa.Column("plot_id", sa.Uuid(), nullable=False),
        sa.Column(
            "current_use",
            sa.Enum(
                "cocoa",
                "cocoa_agroforestry",
                "other_crop",
                "pasture",
                "fallow",
                "degraded",
                "forest",
                name="current_use",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "future_use",
            sa.Enum(
                "cocoa",
                "cocoa_agroforestry",
                "other_crop",
                "pasture",
                "fallow",
                "degraded",
                "forest",
                name="future_use",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "treatment",
            sa.Enum(
                "intensify",
                "rehabilitate",
                "renew",
                "restore",
                "conserve",
                name="treatment",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("area_ha", sa.Numeric(precision=12, scale=4), nullable=False),
        sa.CheckConstraint("area_ha > 0", name=op.f("ck_farm_plan_zones_area_positive")),
        sa.ForeignKeyConstraint(
            ["farm_plan_id"], ["farm_plans.id"], name=op.f("fk_farm_plan_zones_farm_plan_id")
        ),
        sa.ForeignKeyConstraint(["plot_id"], ["plots.id"], name=op.f("fk_farm_plan_zones_plot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_farm_plan_zones")),
    )
    op.create_index(
        op.f("ix_farm_plan_zones_farm_plan_id"), "farm_plan_zones", ["farm_plan_id"], unique=False
    )
    op.create_index(
        op.f("ix_farm_plan_zones_plot_id"), "farm_plan_zones", ["plot_id"], unique=False
    )
    op.create_table(
        "investment_plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("farm_plan_id", sa.Uuid(), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("discount_rate", sa.Numeric(precision=9, scale=6), nullable=False),
        sa.Column("cash_flow", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("finance_needed", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("van", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("tir", sa.Numeric(precision=14, scale=6), nullable=True),
        sa.Column("tir_absent_because", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("payback_months", sa.Numeric(precision=8, scale=2), nullable=True),
        sa.Column("stress", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["farm_plan_id"], ["farm_plans.id"], name=op.f("fk_investment_plans_farm_plan_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organizations.id"],
            name=op.f("fk_investment_plans_organization_id"),
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producers.id"], name=op.f("fk_investment_plans_producer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_investment_plans")),
    )
    op.create_index(
        op.f("ix_investment_plans_farm_plan_id"), "investment_plans", ["farm_plan_id"], unique=False
    )
    op.create_index(
        op.f("ix_investment_plans_organization_id"),
        "investment_plans",
        ["organization_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_investment_plans_producer_id"), "investment_plans", ["producer_id"], unique=False
    )
    op.create_table(
        "order_dispatches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("guide_number", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("dispatched_on", sa.Date(), nullable=False),
        sa.Column("lines", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_dispatches_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_dispatches")),
    )
    op.create_index(
        op.f("ix_order_dispatches_order_id"), "order_dispatches", ["order_id"], unique=False
    )
    op.create_table(
        "shipments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("buyer_id", sa.Uuid(), nullable=False),
        sa.Column("purchase_commitment_id", sa.Uuid(), nullable=True),
        sa.Column("guide_number", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("shipped_on", sa.Date(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("kg", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("received_kg", sa.Numeric(precision=14, scale=3), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "dispatched",
                "received",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["buyer_id"], ["organizations.id"], name=op.f("fk_shipments_buyer_id")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_shipments_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["purchase_commitment_id"],
            ["purchase_commitments.id"],
            name=op.f("fk_shipments_purchase_commitment_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipments")),
    )
    op.create_index(op.f("ix_shipments_buyer_id"), "shipments", ["buyer_id"], unique=False)
    op.create_index(
        op.f("ix_shipments_organization_id"), "shipments", ["organization_id"], unique=False
    )
    op.create_index(
        op.f("ix_shipments_purchase_commitment_id"),
        "shipments",
        ["purchase_commitment_id"],
        unique=False,
    )
    op.create_table(
        "stock_movements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "set",
                "reserved",
                "released",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("quantity", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["catalogue_items.id"], name=op.f("fk_stock_movements_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_stock_movements_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movements")),
    )
    op.create_index(
        op.f("ix_stock_movements_item_id"), "stock_movements", ["item_id"], unique=False
    )
    op.create_index(
        op.f("ix_stock_movements_order_id"), "stock_movements", ["order_id"], unique=False
    )
    op.create_table(
        "credit_application_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("credit_application_id", sa.Uuid(), nullable=False),
        sa.Column("farm_plan_line_id", sa.Uuid(), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("disbursed_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_credit_application_lines_amount_positive")),
        sa.ForeignKeyConstraint(
            ["credit_application_id"],
            ["credit_applications.id"],
            name=op.f("fk_credit_application_lines_credit_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["farm_plan_line_id"],
            ["farm_plan_lines.id"],
            name=op.f("fk_credit_application_lines_farm_plan_line_id"),
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producers.id"], name=op.f("fk_credit_application_lines_producer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_application_lines")),
        sa.UniqueConstraint(
            "credit_application_id",
            "farm_plan_line_id",
            name=op.f("uq_credit_application_lines_credit_application_id_farm_plan_line_id"),
        ),
    )
    op.create_index(
        op.f("ix_credit_application_lines_farm_plan_line_id"),
        "credit_application_lines",
        ["farm_plan_line_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_credit_application_lines_producer_id"),
        "credit_application_lines",
        ["producer_id"],
        unique=False,
    )
    op.create_table(
        "loans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("borrower_organization_id", sa.Uuid(), nullable=False),
        sa.Column("credit_application_id", sa.Uuid(), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=True),
        sa.Column("cluster_id", sa.Uuid(), nullable=True),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("principal", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("tea", sa.Numeric(precision=9, scale=6), nullable=False),
        sa.Column("tcea", sa.Numeric(precision=9, scale=6), nullable=True),
        sa.Column("schedule", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("disbursed_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("outstanding_principal", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("repaid_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("external_reference", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "approved",
                "active",
                "settled",
                "written_off",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "disbursed_amount BETWEEN 0 AND principal", name=op.f("ck_loans_never_over_disbursed")
        ),
        sa.CheckConstraint(
            "outstanding_principal >= 0", name=op.f("ck_loans_outstanding_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["borrower_organization_id"],
            ["organizations.id"],
            name=op.f("fk_loans_borrower_organization_id"),
        ),
        sa.ForeignKeyConstraint(["cluster_id"], ["clusters.id"], name=op.f("fk_loans_cluster_id")),
        sa.ForeignKeyConstraint(
            ["credit_application_id"],
            ["credit_applications.id"],
            name=op.f("fk_loans_credit_application_id"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_loans_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producers.id"], name=op.f("fk_loans_producer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loans")),
        sa.UniqueConstraint("credit_application_id", name=op.f("uq_loans_credit_application_id")),
    )
    op.create_index(
        op.f("ix_loans_borrower_organization_id"),
        "loans",
        ["borrower_organization_id"],
        unique=False,
    )
    op.create_index(op.f("ix_loans_cluster_id"), "loans", ["cluster_id"], unique=False)
    op.create_index(op.f("ix_loans_organization_id"), "loans", ["organization_id"], unique=False)
    op.create_index(op.f("ix_loans_producer_id"), "loans", ["producer_id"], unique=False)
    op.create_table(
        "order_lines",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("farm_plan_line_id", sa.Uuid(), nullable=True),
        sa.Column(
            "plan_exception",
            sa.Enum(
                "emergency",
                "replacement",
                "training",
                name="plan_exception",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("sku", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("description", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "fertilizer",
                "irrigation",
                "equipment",
                "tool",
                "biological",
                "plant_material",
                "technical_assistance",
                "training",
                "soil_analysis",
                "transport",
                name="category",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "unit",
            sa.Enum(
                "KGM",
                "LTR",
                "H87",
                "TNE",
                "HUR",
                "DAY",
                "HAR",
                "MTR",
                "KMT",
                "BG",
                name="unit",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("pack_size", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("unit_price", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("stocked", sa.Boolean(), nullable=False),
        sa.Column("dispatched_quantity", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("received_quantity", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("damaged_quantity", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("batch_number", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.CheckConstraint(
            "dispatched_quantity BETWEEN 0 AND quantity",
            name=op.f("ck_order_lines_dispatched_in_bounds"),
        ),
        sa.CheckConstraint(
            "num_nonnulls(farm_plan_line_id, plan_exception) = 1",
            name=op.f("ck_order_lines_planned_or_excepted"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_lines_quantity_positive")),
        sa.CheckConstraint(
            "received_quantity + damaged_quantity <= dispatched_quantity",
            name=op.f("ck_order_lines_received_in_bounds"),
        ),
        sa.ForeignKeyConstraint(
            ["farm_plan_line_id"],
            ["farm_plan_lines.id"],
            name=op.f("fk_order_lines_farm_plan_line_id"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["catalogue_items.id"], name=op.f("fk_order_lines_item_id")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_lines_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_lines")),
    )
    op.create_index(
        op.f("ix_order_lines_farm_plan_line_id"), "order_lines", ["farm_plan_line_id"], unique=False
    )
    op.create_index(op.f("ix_order_lines_item_id"), "order_lines", ["item_id"], unique=False)
    op.create_index(op.f("ix_order_lines_order_id"), "order_lines", ["order_id"], unique=False)
    op.create_table(
        "shipment_lots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shipment_id", sa.Uuid(), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("kg", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.CheckConstraint("kg > 0", name=op.f("ck_shipment_lots_kg_positive")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_shipment_lots_lot_id")),
        sa.ForeignKeyConstraint(
            ["shipment_id"], ["shipments.id"], name=op.f("fk_shipment_lots_shipment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipment_lots")),
        sa.UniqueConstraint(
            "shipment_id", "lot_id", name=op.f("uq_shipment_lots_shipment_id_lot_id")
        ),
    )
    op.create_index(op.f("ix_shipment_lots_lot_id"), "shipment_lots", ["lot_id"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("collection_centre_id", sa.Uuid(), nullable=False),
        sa.Column("producer_id", sa.Uuid(), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "form",
            sa.Enum(
                "wet", "dry", name="form", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("gross_kg", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("tare_kg", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("net_kg", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("unused_kg", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("moisture", sa.Numeric(precision=5, scale=4), nullable=True),
        sa.Column("grade", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("price_per_kg", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("premium_per_kg", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("retained_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("loan_id", sa.Uuid(), nullable=True),
        sa.Column(
            "document_kind",
            sa.Enum(
                "liquidacion_de_compra",
                "invoice",
                name="document_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("document_number", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint(
            "net_kg > 0 AND net_kg = gross_kg - tare_kg",
            name=op.f("ck_deliveries_net_is_gross_less_tare"),
        ),
        sa.CheckConstraint(
            "retained_amount BETWEEN 0 AND amount", name=op.f("ck_deliveries_retention_in_bounds")
        ),
        sa.CheckConstraint(
            "unused_kg BETWEEN 0 AND net_kg", name=op.f("ck_deliveries_no_kilo_twice")
        ),
        sa.ForeignKeyConstraint(
            ["collection_centre_id"],
            ["collection_centres.id"],
            name=op.f("fk_deliveries_collection_centre_id"),
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loans.id"], name=op.f("fk_deliveries_loan_id")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organizations.id"], name=op.f("fk_deliveries_organization_id")
        ),
        sa.ForeignKeyConstraint(
            ["producer_id"], ["producers.id"], name=op.f("fk_deliveries_producer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    op.create_index(
        op.f("ix_deliveries_collection_centre_id"),
        "deliveries",
        ["collection_centre_id"],
        unique=False,
    )
    op.create_index(op.f("ix_deliveries_loan_id"), "deliveries", ["loan_id"], unique=False)
    op.create_index(
        op.f("ix_deliveries_organization_id"), "deliveries", ["organization_id"], unique=False
    )
    op.create_index(op.f("ix_deliveries_producer_id"), "deliveries", ["producer_id"], unique=False)
    op.create_table(
        "order_payments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column(
            "source",
            sa.Enum(
                "cash",
                "transfer",
                "wallet",
                "loan",
                "incentive_voucher",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("loan_id", sa.Uuid(), nullable=True),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_order_payments_amount_positive")),
        sa.ForeignKeyConstraint(["loan_id"], ["loans.id"], name=op.f("fk_order_payments_loan_id")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_payments_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_payments")),
    )
    op.create_index(op.f("ix_order_payments_loan_id"), "order_payments", ["loan_id"], unique=False)
    op.create_index(
        op.f("ix_order_payments_order_id"), "order_payments", ["order_id"], unique=False
    )
    op.create_table(
        "delivery_plots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("plot_id", sa.Uuid(), nullable=False),
        sa.Column("geometry_version", sa.Integer(), nullable=False),
        sa.Column("kg", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.CheckConstraint("kg > 0", name=op.f("ck_delivery_plots_kg_positive")),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_delivery_plots_delivery_id")
        ),
        sa.ForeignKeyConstraint(["plot_id"], ["plots.id"], name=op.f("fk_delivery_plots_plot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_plots")),
        sa.UniqueConstraint(
            "delivery_id", "plot_id", name=op.f("uq_delivery_plots_delivery_id_plot_id")
        ),
    )
    op.create_index(op.f("ix_delivery_plots_plot_id"), "delivery_plots", ["plot_id"], unique=False)
    op.create_table(
        "loan_movements",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loan_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "disbursement",
                "repayment",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "order_payment",
                "cash",
                "transfer",
                "retention",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("delivery_id", sa.Uuid(), nullable=True),
        sa.Column("farm_plan_line_id", sa.Uuid(), nullable=True),
        sa.Column("allocation", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_loan_movements_amount_positive")),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_loan_movements_delivery_id")
        ),
        sa.ForeignKeyConstraint(
            ["farm_plan_line_id"],
            ["farm_plan_lines.id"],
            name=op.f("fk_loan_movements_farm_plan_line_id"),
        ),
        sa.ForeignKeyConstraint(["loan_id"], ["loans.id"], name=op.f("fk_loan_movements_loan_id")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_loan_movements_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_movements")),
    )
    op.create_index(
        op.f("ix_loan_movements_delivery_id"), "loan_movements", ["delivery_id"], unique=False
    )
    op.create_index(
        op.f("ix_loan_movements_farm_plan_line_id"),
        "loan_movements",
        ["farm_plan_line_id"],
        unique=False,
    )
    op.create_index(op.f("ix_loan_movements_loan_id"), "loan_movements", ["loan_id"], unique=False)
    op.create_index(
        op.f("ix_loan_movements_order_id"), "loan_movements", ["order_id"], unique=False
    )
    op.create_table(
        "lot_inputs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lot_id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=True),
        sa.Column("source_lot_id", sa.Uuid(), nullable=True),
        sa.Column("kg", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.CheckConstraint("kg > 0", name=op.f("ck_lot_inputs_kg_positive")),
        sa.CheckConstraint(
            "num_nonnulls(delivery_id, source_lot_id) = 1", name=op.f("ck_lot_inputs_one_source")
        ),
        sa.CheckConstraint(
            "source_lot_id <> lot_id", name=op.f("ck_lot_inputs_not_its_own_source")
        ),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_lot_inputs_delivery_id")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_lot_inputs_lot_id")),
        sa.ForeignKeyConstraint(
            ["source_lot_id"], ["lots.id"], name=op.f("fk_lot_inputs_source_lot_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_inputs")),
    )
    op.create_index(op.f("ix_lot_inputs_delivery_id"), "lot_inputs", ["delivery_id"], unique=False)
    op.create_index(op.f("ix_lot_inputs_lot_id"), "lot_inputs", ["lot_id"], unique=False)
    op.create_index(
        op.f("ix_lot_inputs_source_lot_id"), "lot_inputs", ["source_lot_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_lot_inputs_source_lot_id"), table_name="lot_inputs")
    op.drop_index(op.f("ix_lot_inputs_lot_id"), table_name="lot_inputs")
    op.drop_index(op.f("ix_lot_inputs_delivery_id"), table_name="lot_inputs")
    op.drop_table("lot_inputs")
    op.drop_index(op.f("ix_loan_movements_order_id"), table_name="loan_movements")
    op.drop_index(op.f("ix_loan_movements_loan_id"), table_name="loan_movements")
    op.drop_index(op.f("ix_loan_movements_farm_plan_line_id"), table_name="loan_movements")
    op.drop_index(op.f("ix_loan_movements_delivery_id"), table_name="loan_movements")
    op.drop_table("loan_movements")
    op.drop_index(op.f("ix_delivery_plots_plot_id"), table_name="delivery_plots")
    op.drop_table("delivery_plots")
    op.drop_index(op.f("ix_order_payments_order_id"), table_name="order_payments")
    op.drop_index(op.f("ix_order_payments_loan_id"), table_name="order_payments")
    op.drop_table("order_payments")
    op.drop_index(op.f("ix_deliveries_producer_id"), table_name="deliveries")
    op.drop_index(op.f("ix_deliveries_organization_id"), table_name="deliveries")
    op.drop_index(op.f("ix_deliveries_loan_id"), table_name="deliveries")
    op.drop_index(op.f("ix_deliveries_collection_centre_id"), table_name="deliveries")
    op.drop_table("deliveries")
    op.drop_index(op.f("ix_shipment_lots_lot_id"), table_name="shipment_lots")
    op.drop_table("shipment_lots")
    op.drop_index(op.f("ix_order_lines_order_id"), table_name="order_lines")
    op.drop_index(op.f("ix_order_lines_item_id"), table_name="order_lines")
    op.drop_index(op.f("ix_order_lines_farm_plan_line_id"), table_name="order_lines")
    op.drop_table("order_lines")
    op.drop_index(op.f("ix_loans_producer_id"), table_name="loans")
    op.drop_index(op.f("ix_loans_organization_id"), table_name="loans")
    op.drop_index(op.f("ix_loans_cluster_id"), table_name="loans")
    op.drop_index(op.f("ix_loans_borrower_organization_id"), table_name="loans")
    op.drop_table("loans")
    op.drop_index(
        op.f("ix_credit_application_lines_producer_id"), table_name="credit_application_lines"
    )
    op.drop_index(
        op.f("ix_credit_application_lines_farm_plan_line_id"), table_name="credit_application_lines"
    )
    op.drop_table("credit_application_lines")
    op.drop_index(op.f("ix_stock_movements_order_id"), table_name="stock_movements")
    op.drop_index(op.f("ix_stock_movements_item_id"), table_name="stock_movements")
    op.drop_table("stock_movements")
    op.drop_index(op.f("ix_shipments_purchase_commitment_id"), table_name="shipments")
    op.drop_index(op.f("ix_shipments_organization_id"), table_name="shipments")
    op.drop_index(op.f("ix_shipments_buyer_id"), table_name="shipments")
    op.drop_table("shipments")
    op.drop_index(op.f("ix_order_dispatches_order_id"), table_name="order_dispatches")
    op.drop_table("order_dispatches")
    op.drop_index(op.f("ix_investment_plans_producer_id"), table_name="investment_plans")
    op.drop_index(op.f("ix_investment_plans_organization_id"), table_name="investment_plans")
    op.drop_index(op.f("ix_investment_plans_farm_plan_id"), table_name="investment_plans")
    op.drop_table("investment_plans")
    op.drop_index(op.f("ix_farm_plan_zones_plot_id"), table_name="farm_plan_zones")
    op.drop_index(op.f("ix_farm_plan_zones_farm_plan_id"), table_name="farm_plan_zones")
    op.drop_table("farm_plan_zones")
    op.drop_index(op.f("ix_farm_plan_lines_plot_id"), table_name="farm_plan_lines")
    op.drop_index(op.f("ix_farm_plan_lines_farm_plan_id"), table_name="farm_plan_lines")
    op.drop_table("farm_plan_lines")
    op.drop_index(
        op.f("ix_credit_applications_readiness_report_id"), table_name="credit_applications"
    )
    op.drop_index(
        op.f("ix_credit_applications_purchase_commitment_id"), table_name="credit_applications"
    )
    op.drop_index(op.f("ix_credit_applications_producer_id"), table_name="credit_applications")
    op.drop_index(op.f("ix_credit_applications_organization_id"), table_name="credit_applications")
    op.drop_index(op.f("ix_credit_applications_lender_id"), table_name="credit_applications")
    op.drop_index(
        op.f("ix_credit_applications_credit_product_id"), table_name="credit_applications"
    )
    op.drop_index(op.f("ix_credit_applications_cluster_id"), table_name="credit_applications")
    op.drop_table("credit_applications")
    op.drop_table("stocks")
    op.drop_index(
        op.f("ix_readiness_reports_producer_organization_id"), table_name="readiness_reports"
    )
    op.drop_index(op.f("ix_readiness_reports_producer_id"), table_name="readiness_reports")
    op.drop_index(op.f("ix_readiness_reports_organization_id"), table_name="readiness_reports")
    op.drop_index(op.f("ix_readiness_reports_credit_product_id"), table_name="readiness_reports")
    op.drop_index(op.f("ix_readiness_reports_cluster_id"), table_name="readiness_reports")
    op.drop_table("readiness_reports")
    op.drop_index(
        op.f("ix_purchase_commitments_producer_organization_id"), table_name="purchase_commitments"
    )
    op.drop_index(
        op.f("ix_purchase_commitments_organization_id"), table_name="purchase_commitments"
    )
    op.drop_index(op.f("ix_purchase_commitments_cluster_id"), table_name="purchase_commitments")
    op.drop_table("purchase_commitments")
    op.drop_index(
        "ix_plot_geometries_bounds", table_name="plot_geometries", postgresql_using="gist"
    )
    op.drop_table("plot_geometries")
    op.drop_index(op.f("ix_orders_supplier_id"), table_name="orders")
    op.drop_index(op.f("ix_orders_organization_id"), table_name="orders")
    op.drop_index(op.f("ix_orders_cluster_id"), table_name="orders")
    op.drop_table("orders")
    op.drop_index("ix_offers_words", table_name="offers", postgresql_using="gin")
    op.drop_index("ix_offers_price", table_name="offers")
    op.drop_index(op.f("ix_offers_organization_id"), table_name="offers")
    op.drop_index("ix_offers_category_price", table_name="offers")
    op.drop_index(op.f("ix_offers_catalogue_id"), table_name="offers")
    op.drop_table("offers")
    op.drop_index(op.f("ix_farm_plans_producer_organization_id"), table_name="farm_plans")
    op.drop_index(op.f("ix_farm_plans_producer_id"), table_name="farm_plans")
    op.drop_index(op.f("ix_farm_plans_organization_id"), table_name="farm_plans")
    op.drop_index(op.f("ix_farm_plans_cluster_id"), table_name="farm_plans")
    op.drop_table("farm_plans")
    op.drop_index(op.f("ix_data_accesses_producer_id"), table_name="data_accesses")
    op.drop_index(op.f("ix_data_accesses_organization_id"), table_name="data_accesses")
    op.drop_index(op.f("ix_data_accesses_consent_id"), table_name="data_accesses")
    op.drop_table("data_accesses")
    op.drop_index(
        "uq_cluster_members_current",
        table_name="cluster_members",
        postgresql_where=sa.text("left_on IS NULL"),
    )
    op.drop_index(op.f("ix_cluster_members_producer_id"), table_name="cluster_members")
    op.drop_index(op.f("ix_cluster_members_cluster_id"), table_name="cluster_members")
    op.drop_table("cluster_members")
    op.drop_index(op.f("ix_revoked_tokens_revoked_at"), table_name="revoked_tokens")
    op.drop_index(op.f("ix_revoked_tokens_client_id"), table_name="revoked_tokens")
    op.drop_table("revoked_tokens")
    op.drop_index(op.f("ix_plots_producer_id"), table_name="plots")
    op.drop_index(op.f("ix_plots_organization_id"), table_name="plots")
    op.drop_table("plots")
    op.drop_index(op.f("ix_consents_recipient_organization_id"), table_name="consents")
    op.drop_index(op.f("ix_consents_producer_id"), table_name="consents")
    op.drop_index(op.f("ix_consents_organization_id"), table_name="consents")
    op.drop_table("consents")
    op.drop_index(op.f("ix_clusters_ubigeo"), table_name="clusters")
    op.drop_index(op.f("ix_clusters_representative_id"), table_name="clusters")
    op.drop_index(op.f("ix_clusters_organization_id"), table_name="clusters")
    op.drop_table("clusters")
    op.drop_index(op.f("ix_client_secrets_client_id"), table_name="client_secrets")
    op.drop_table("client_secrets")
    op.drop_index(op.f("ix_catalogue_items_organization_id"), table_name="catalogue_items")
    op.drop_table("catalogue_items")
    op.drop_index(op.f("ix_producers_person_id"), table_name="producers")
    op.drop_index(op.f("ix_producers_organization_id"), table_name="producers")
    op.drop_table("producers")
    op.drop_index(op.f("ix_lots_organization_id"), table_name="lots")
    op.drop_table("lots")
    op.drop_table("ledger_leaves")
    op.drop_index(op.f("ix_credit_products_organization_id"), table_name="credit_products")
    op.drop_table("credit_products")
    op.drop_index(op.f("ix_collection_centres_organization_id"), table_name="collection_centres")
    op.drop_table("collection_centres")
    op.drop_index(op.f("ix_catalogues_organization_id"), table_name="catalogues")
    op.drop_table("catalogues")
    op.drop_index(op.f("ix_api_clients_organization_id"), table_name="api_clients")
    op.drop_table("api_clients")
    op.drop_table("persons")
    op.drop_table("organizations")
    op.drop_table("ledger_nodes")
    op.drop_index(op.f("ix_ledger_entries_transaction_id"), table_name="ledger_entries")
    op.drop_index(op.f("ix_ledger_entries_subject_id"), table_name="ledger_entries")
    op.drop_index(op.f("ix_ledger_entries_organization_id"), table_name="ledger_entries")
    op.drop_table("ledger_entries")
    op.drop_table("ledger_checkpoints")
    op.drop_index(op.f("ix_idempotency_keys_created_at"), table_name="idempotency_keys")
    op.drop_table("idempotency_keys")
