"""Answers that a retry gets again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from api.models.base import Table, instant, json


class IdempotencyKey(Table, table=True):
    """The first answer to a key, stored in the transaction that it answers for."""

    __tablename__ = "idempotency_keys"

    client_id: UUID = Field(primary_key=True)
    key: str = Field(primary_key=True)
    fingerprint: bytes
    status: int
    headers: dict[str, Any] = json()
    body: bytes
    created_at: datetime = instant(index=True)
