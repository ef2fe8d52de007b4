"""Wire shapes."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from api.core.invalid import Invalid
from api.core.wire import Instant, Name, PageParameters, Resource, Shape, Ubigeo
from api.domains.organizations.rules import is_ruc
from api.domains.organizations.states import OrganizationState
from api.policies import Role
from api.settings import settings


def _checked_ruc(value: str) -> str:
    if not is_ruc(value, settings().known_ruc_prefixes):
        raise Invalid(
            "el dígito verificador o el prefijo no es correcto",
            "the check digit or the prefix is wrong",
        )
    return value


Ruc = Annotated[
    str, StringConstraints(pattern=r"^\d{11}$", max_length=11), AfterValidator(_checked_ruc)
]
"""Registro Único de Contribuyentes: eleven digits, check digit verified."""

Roles = Annotated[list[Role], Field(min_length=1, max_length=8)]


class OrganizationIn(Shape):
    """A registration."""

    legal_name: Name = Field(examples=["Cooperativa Agraria Alto Huallaga"])
    ruc: Ruc = Field(examples=["20512333797"])
    roles: Roles = Field(examples=[["producer_organization"]])
    ubigeo: Ubigeo | None = Field(default=None, examples=["221001"])


class OrganizationOut(Resource):
    """An organisation, as the directory shows it."""

    legal_name: Name
    ruc: Ruc
    roles: Roles
    ubigeo: Ubigeo | None
    state: OrganizationState
    verified_at: Instant | None


class Credentials(Shape):
    """A client and its secret. The secret is shown this once."""

    client_id: UUID
    client_secret: Annotated[
        str, Field(max_length=80, pattern=r"^mzk_[A-Za-z0-9_-]{43}$", examples=["mzk_" + "x" * 43])
    ]


class RegistrationOut(Shape):
    """A new organisation with its first client."""

    organization: OrganizationOut
    credentials: Credentials


class OrganizationSearch(PageParameters):
    """Filters of the directory."""

    role: Annotated[Role | None, Field(description="With this role")] = None
    state: Annotated[OrganizationState | None, Field(description="In this state")] = None
    ruc: Annotated[
        str | None, Field(description="With this RUC", pattern=r"^\d{11}$", max_length=11)
    ] = None
