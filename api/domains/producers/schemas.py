"""Wire shapes."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from api.core.invalid import Invalid
from api.core.names import name_patterns
from api.core.wire import (
    Code,
    Day,
    Instant,
    Name,
    PageParameters,
    Resource,
    Shape,
    Ubigeo,
    Year,
    optional,
)
from api.domains.consents.schemas import Disclosure
from api.domains.consents.vocabulary import Purpose
from api.domains.producers.rules import e164
from api.domains.producers.states import ProducerState
from api.domains.producers.vocabulary import AssociationStatus, DocumentType, Sex


def _telephone(value: str) -> str:
    number = e164(value)
    if number is None:
        raise Invalid("no es un número de teléfono", "is not a telephone number")
    return number


def _with_letters(value: str) -> str:
    if not name_patterns(value):
        raise Invalid("debe contener una letra", "must contain a letter")
    return value


def _name(value: str) -> str:
    if not any(letter.isalpha() for letter in value):
        raise Invalid("debe contener una letra", "must contain a letter")
    return value


PersonName = Annotated[Name, AfterValidator(_name)]
"""A name in whatever script; signs that nobody sees are none."""
PhoneIn = Annotated[
    str,
    StringConstraints(pattern=r"^\+?[0-9 ()-]{6,24}$", max_length=25),
    AfterValidator(_telephone),
]
"""A telephone number, Peruvian unless it begins with ``+``; kept as E.164."""
PersonRuc = Annotated[str, StringConstraints(pattern=r"^[0-9]{11}$", max_length=11)]
"""RUC of a natural person; its check digit, prefix and DNI are judged as a whole registration."""
Phone = Annotated[str, StringConstraints(pattern=r"^\+[1-9]\d{4,14}$", max_length=16)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$", max_length=3)]
"""ISO 639: ``es``, ``qu``, ``cni`` (Asháninka), ``shp`` (Shipibo-Konibo)."""
DocumentNumber = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{8,12}$", max_length=12)]


class IdentityDocumentIn(Shape):
    """An identity document. ``check`` is the character beside a DNI's number, verified if given."""

    type: DocumentType = Field(examples=["dni"])
    number: DocumentNumber = Field(examples=["10117410"])
    check: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]$", max_length=1)] | None = Field(
        default=None, examples=["2"]
    )


class IdentityDocumentOut(Shape):
    """An identity document, as text: leading zeros count."""

    type: DocumentType
    number: DocumentNumber


class ProducerIn(Shape):
    """A registration. ``id`` may be chosen by an app that works offline."""

    id: UUID | None = None
    document: IdentityDocumentIn
    given_names: PersonName = Field(examples=["Rosa María"])
    family_names: PersonName = Field(examples=["Quispe Ñahui"])
    birth_year: Year = Field(examples=[1979])
    sex: Sex = Field(default=Sex.UNSPECIFIED, examples=["female"])
    language: Language = Field(default="es", examples=["es"])
    phone: PhoneIn | None = Field(default=None, examples=["+51 987 654 321"])
    ruc: PersonRuc | None = Field(
        default=None, examples=["10101174102"], description="RUC of the person, who has one"
    )
    ubigeo: Ubigeo = Field(examples=["220601"], description="District of residence (INEI)")
    association_status: AssociationStatus = Field(examples=["associated"])
    external_id: Code | None = Field(default=None, examples=["SOC-0042"])
    captured_at: Instant | None = Field(default=None, examples=["2026-11-20T15:04:05Z"])


class ProducerChange(Shape):
    """What changes of a registration. Another document is a correction: another person."""

    document: IdentityDocumentIn = optional()
    given_names: PersonName = optional(examples=["Rosa María"])
    family_names: PersonName = optional(examples=["Quispe Ñahui"])
    birth_year: Year = optional(examples=[1979])
    sex: Sex = optional(examples=["female"])
    language: Language = optional(examples=["qu"])
    phone: PhoneIn | None = optional(examples=["987654321"])
    ruc: PersonRuc | None = optional(examples=["10101174102"])
    ubigeo: Ubigeo = optional(examples=["220601"])
    association_status: AssociationStatus = optional(examples=["associated"])
    external_id: Code | None = optional(examples=["SOC-0042"])


class ProducerOut(Resource):
    """A producer. To another organisation, fields that the purpose does not need are null and
    ``disclosure`` names the consent.
    """

    organization_id: UUID
    state: ProducerState
    merged_into: Annotated[
        UUID | None, Field(description="The registration that stands for a merged one")
    ]
    document: IdentityDocumentOut | None
    given_names: Name | None
    family_names: Name | None
    birth_year: Year | None
    sex: Sex | None
    language: Language | None
    phone: Phone | None
    ruc: PersonRuc | None
    ubigeo: Ubigeo
    association_status: AssociationStatus
    external_id: Code | None
    registered_on: Day
    captured_at: Instant | None
    disclosure: Disclosure | None


class ProducerSearch(PageParameters):
    """Filters of the list."""

    q: Annotated[
        str | None,
        Field(
            description="Beginnings of names, in any order, accents forgiven",
            max_length=100,
            pattern=r"^[^\x00-\x1f\x7f]*$",
        ),
        AfterValidator(lambda value: value if value is None else _with_letters(value)),
    ] = None
    state: Annotated[ProducerState | None, Field(description="Where the registration stands")] = (
        None
    )
    external_id: Annotated[
        Code | None, Field(description="One's own code, as given on registration")
    ] = None
    cluster_id: Annotated[UUID | None, Field(description="Members of this cluster today")] = None
    organization_id: Annotated[UUID | None, Field(description="Who registered them")] = None
    purpose: Annotated[
        Purpose | None,
        Field(
            description="Lists other organisations' producers whose consent covers this purpose;"
            " without it, one's own are listed"
        ),
    ] = None

    def filters(self) -> dict[str, Any]:
        """The filters that the caller set; the words of ``q`` as patterns."""
        found = super().filters()
        found.pop("purpose", None)
        if self.q is not None:
            found["q"] = name_patterns(self.q)
        return found
