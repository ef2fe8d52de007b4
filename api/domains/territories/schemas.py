"""Wire shapes."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from api.core.invalid import Invalid
from api.core.names import name_patterns
from api.core.wire import Count, Instant, Name, PageParameters, Shape, Ubigeo, UbigeoPrefix
from api.domains.territories.vocabulary import TerritoryLevel


def _with_letters(value: str | None) -> str | None:
    if value is not None and not name_patterns(value):
        raise Invalid("debe contener una letra", "must contain a letter")
    return value


class TerritoryOut(Shape):
    """A department (``220000``), a province (``220600``) or a district (``220601``), as INEI codes
    it, with the code that RENIEC has for the same place (null where none is known).
    """

    ubigeo: Annotated[Ubigeo, Field(examples=["220601"], description="INEI code")]
    version: Count
    updated_at: Instant
    level: TerritoryLevel
    name: Annotated[Name, Field(examples=["JUANJUI"])]
    department: Annotated[Name | None, Field(examples=["SAN MARTIN"])]
    province: Annotated[Name | None, Field(examples=["MARISCAL CACERES"])]
    capital: Annotated[Name | None, Field(examples=["Juanjuí"])]
    reniec_code: Annotated[
        Ubigeo | None, Field(examples=["210401"], description="RENIEC code of the same place")
    ]


class TerritorySearch(PageParameters):
    """Filters of the list."""

    level: Annotated[TerritoryLevel | None, Field(description="What it is")] = None
    prefix: Annotated[
        UbigeoPrefix | None,
        Field(description="Within this department (2 digits) or province (4), INEI"),
    ] = None
    q: Annotated[
        str | None,
        Field(
            description="Beginnings of words of the name, in any order, accents forgiven",
            max_length=100,
            pattern=r"^[^\x00-\x1f\x7f]*$",
        ),
        AfterValidator(_with_letters),
    ] = None
    reniec_code: Annotated[
        Ubigeo | None, Field(description="What RENIEC knows by this code, in INEI's coding")
    ] = None

    def filters(self) -> dict[str, Any]:
        """The filters that the caller set; the words of ``q`` as patterns."""
        found = super().filters()
        if self.q is not None:
            found["q"] = name_patterns(self.q)
        return found
