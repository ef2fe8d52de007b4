"""Consents for tests."""

import hashlib
from datetime import timedelta
from typing import Any

from api.core.clock import today
from api.policies import Role
from tests.callers import Caller

TEXT_HASH = hashlib.sha256(b"the text that was shown").hexdigest()


def consent(
    producer_id: str, purpose: str, recipient: Caller | Role, **changes: Any
) -> dict[str, Any]:
    """The body of a consent that is in force today, to an organisation or to a role."""
    to = (
        {"recipient_role": recipient.value}
        if isinstance(recipient, Role)
        else {"recipient_organization_id": str(recipient.organization_id)}
    )
    return {
        "producer_id": producer_id,
        "purpose": purpose,
        **to,
        "text_version": "2026-03",
        "text_hash": TEXT_HASH,
        "channel": "paper",
        "valid_from": (today() - timedelta(days=1)).isoformat(),
        "valid_until": (today() + timedelta(days=365)).isoformat(),
        **changes,
    }


async def new_consent(
    coop: Caller, producer_id: str, purpose: str, recipient: Caller | Role, **changes: Any
) -> dict[str, Any]:
    """A consent of one of the organisation's producers."""
    return await coop.make("/v1/consents", consent(producer_id, purpose, recipient, **changes))
