"""When a consent covers a reader, and who may give one (Ley 29733, DS 016-2024-JUS)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from api.core.problems import FieldError
from api.domains.consents.states import ConsentState
from api.domains.consents.vocabulary import Purpose

CONSENT_AGE: Final = 14
"""Nobody younger consents."""


@dataclass(frozen=True, slots=True)
class ConsentFacts:
    """What decides about a consent: one purpose, one recipient, both days included."""

    purpose: Purpose
    recipient_organization_id: UUID | None
    recipient_role: str | None
    valid_from: date
    valid_until: date
    state: ConsentState


def covers(
    consent: ConsentFacts,
    purpose: Purpose,
    organization_id: UUID,
    roles: Collection[str],
    day: date,
) -> bool:
    """Whether an organisation with these roles may read for the purpose on that day.

    One purpose never covers another, and a consent to a role covers whoever has the role that day.
    """
    return (
        consent.state is ConsentState.GRANTED
        and consent.purpose is purpose
        and consent.valid_from <= day <= consent.valid_until
        and (
            consent.recipient_organization_id == organization_id or consent.recipient_role in roles
        )
    )


def clash(one: ConsentFacts, other: ConsentFacts) -> bool:
    """Whether two consents say the same on some of the same days: revoking one would change
    nothing.
    """
    return (
        one.state is other.state is ConsentState.GRANTED
        and one.purpose is other.purpose
        and one.recipient_organization_id == other.recipient_organization_id
        and one.recipient_role == other.recipient_role
        and one.valid_from <= other.valid_until
        and other.valid_from <= one.valid_until
    )


def old_enough(birth_year: int | None, day: date) -> bool:
    """Whether somebody born in that year is 14 on that day whatever the birthday.

    In the year of the fourteenth birthday it is not certain, so it is no.
    """
    return birth_year is not None and day.year - birth_year > CONSENT_AGE


def faults(consent: ConsentFacts) -> list[FieldError]:
    """What is wrong with a consent as it was sent."""
    found = []
    if (consent.recipient_organization_id is None) == (consent.recipient_role is None):
        found.append(
            FieldError(
                "/recipient_role",
                "one-recipient",
                {
                    "es": "indique una organización o un rol, y solo uno de los dos",
                    "en": "name an organisation or a role, and only one of the two",
                },
            )
        )
    if consent.valid_until < consent.valid_from:
        found.append(
            FieldError(
                "/valid_until",
                "dates-in-order",
                {"es": "es anterior a «valid_from»", "en": "is before 'valid_from'"},
            )
        )
    return found


TOO_YOUNG: Final = FieldError(
    "/producer_id",
    "too-young",
    {
        "es": "no consta que tenga 14 años cumplidos en «valid_from»",
        "en": "is not known to be 14 or older on 'valid_from'",
    },
)
UNKNOWN_RECIPIENT: Final = FieldError(
    "/recipient_organization_id",
    "unknown-organization",
    {"es": "no es una organización verificada", "en": "is no verified organisation"},
)
