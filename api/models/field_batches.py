"""What field apps have sent and was written."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from api.models.base import Table, instant


class FieldBatchItem(Table, table=True):
    """The fingerprint of an item that was written, so that it is known when it comes again.

    Not recorded: what the item wrote is. It goes with the person that it is about, since it was
    made of personal data.
    """

    __tablename__ = "field_batch_items"

    organization_id: UUID = Field(primary_key=True, foreign_key="organizations.id")
    fingerprint: bytes = Field(primary_key=True)
    subject_id: UUID = Field(index=True)
    created_at: datetime = instant(index=True)
