"""The ledger: what happened, in the transaction in which it happened.

Written by ``api.transactions`` alone; the database refuses UPDATE, DELETE and TRUNCATE.
"""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from api.models.base import Table, instant


class LedgerEntry(Table, table=True):
    """One event. ``body`` is its canonical JSON, the very bytes that the Merkle leaf hashes; the
    other columns only find it.
    """

    __tablename__ = "ledger_entries"

    id: UUID = Field(primary_key=True)
    transaction_id: int = Field(
        sa_type=sa.BigInteger,
        sa_column_kwargs={"server_default": sa.text("(pg_current_xact_id()::text)::bigint")},
        index=True,
    )
    recorded_at: datetime = instant()
    event: str
    organization_id: UUID = Field(index=True)
    subject_type: str
    subject_id: UUID = Field(index=True)
    body: str
