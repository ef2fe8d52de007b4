"""The closed lists of this room."""

from enum import StrEnum


class DocumentType(StrEnum):
    """Peruvian identity documents: national (DNI) and for foreigners (carné de extranjería)."""

    DNI = "dni"
    CE = "ce"


class Sex(StrEnum):
    """For reporting only; never scored."""

    FEMALE = "female"
    MALE = "male"
    UNSPECIFIED = "unspecified"


class AssociationStatus(StrEnum):
    """Whether the producer is a member of an association."""

    ASSOCIATED = "associated"
    NOT_ASSOCIATED = "not_associated"
