"""The ledger's order and proof: positions, tree nodes, signed checkpoints."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from api.models.base import Table, instant


class LedgerLeaf(Table, table=True):
    """The gap-free position of an entry, and its leaf hash."""

    __tablename__ = "ledger_leaves"

    position: int = Field(
        primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    entry_id: UUID = Field(unique=True, foreign_key="ledger_entries.id")
    leaf_hash: bytes


class LedgerNode(Table, table=True):
    """The hash of a complete subtree of the Merkle tree, from level 1 up (0 are the leaves)."""

    __tablename__ = "ledger_nodes"

    level: int = Field(primary_key=True, sa_type=sa.SmallInteger)
    index: int = Field(primary_key=True, sa_type=sa.BigInteger)
    hash: bytes


class LedgerCheckpoint(Table, table=True):
    """A signed statement of the tree's size and root."""

    __tablename__ = "ledger_checkpoints"

    tree_size: int = Field(
        primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    root: bytes
    note: str
    low_water: int = Field(sa_type=sa.BigInteger)
    """Transactions below this one were over when the checkpoint was made."""
    created_at: datetime = instant()


class LedgerParty(Table, table=True):
    """Whom an entry concerns, by position: an organisation's own gap-free feed."""

    __tablename__ = "ledger_parties"

    organization_id: UUID = Field(primary_key=True)
    position: int = Field(primary_key=True, sa_type=sa.BigInteger)
