"""The shapes of values on the wire, shared by every room's schemas.

Decimals travel as strings (JSON numbers lose their last digits); every string and list has a
bound, and unknown fields are refused.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
)
from pydantic.json_schema import WithJsonSchema

from api.core.invalid import Invalid

T = TypeVar("T")


class Shape(BaseModel):
    """Base of request and response bodies."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def changes(self) -> dict[str, Any]:
        """The members that the caller sent, by name: what a PATCH changes."""
        return {name: getattr(self, name) for name in self.model_fields_set}


def _decimal(
    digits: int,
    places: int,
    *,
    least: str = "0",
    above: str | None = None,
    most: str | None = None,
) -> Any:
    pattern = _pattern(digits - places, places, least=least, positive=above == "0", most=most)
    bounds: dict[str, Any] = {"gt": Decimal(above)} if above else {"ge": Decimal(least)}
    if most:
        bounds["le"] = Decimal(most)
    schema = {"type": "string", "pattern": pattern, "maxLength": digits + 2}
    return (
        BeforeValidator(_matching(pattern, Decimal(above or least), Decimal(most or "Infinity"))),
        Field(max_digits=digits, decimal_places=places, **bounds),
        WithJsonSchema({**schema, "format": "decimal"}),
    )


def _pattern(whole: int, places: int, *, least: str, positive: bool, most: str | None) -> str:
    """What the document says of a decimal, exactly: above zero and up to one included."""
    part = rf"\.\d{{1,{places}}}"
    if positive:
        digits = (rf"0{{{zeros}}}[1-9]\d{{0,{places - 1 - zeros}}}" for zeros in range(places))
        part_of_one = rf"0\.({'|'.join(digits)})"
    else:
        part_of_one = rf"0({part})?"
    if most == "1":
        return rf"^({part_of_one}|1(\.0{{1,{places}}})?)$"
    if positive:
        return rf"^({part_of_one}|[1-9]\d{{0,{whole - 1}}}({part})?)$"
    sign = "-?" if Decimal(least) < 0 else ""
    return rf"^{sign}\d{{1,{whole}}}({part})?$"


def _matching(pattern: str, least: Decimal, most: Decimal) -> Any:
    """Refuses what is no decimal as documented; of one out of bounds, the bounds speak."""
    # Of the digits that JSON schema means, not those of all scripts.
    exact = re.compile(pattern, re.ASCII)
    decimal = re.compile(r"-?\d{1,20}(\.\d{1,20})?", re.ASCII)

    def check(value: Any) -> Any:
        if isinstance(value, Decimal) or (isinstance(value, str) and exact.fullmatch(value)):
            return value
        written = isinstance(value, str) and decimal.fullmatch(value)
        if written and not least < Decimal(value) <= most:
            return value
        raise Invalid(
            "debe ser un decimal escrito como texto, con punto y los decimales admitidos",
            "must be a decimal written as a string, with a point and the decimals admitted",
        )

    return check


Amount = Annotated[Decimal, *_decimal(14, 2)]
"""Money without its currency: two decimals, not negative."""
PositiveAmount = Annotated[Decimal, *_decimal(14, 2, above="0")]
UnitPrice = Annotated[Decimal, *_decimal(14, 4)]
Kilos = Annotated[Decimal, *_decimal(14, 3)]
"""A weight in kg, or a quantity: three decimals, not negative."""
PositiveKilos = Annotated[Decimal, *_decimal(14, 3, above="0")]
Hectares = Annotated[Decimal, *_decimal(12, 4)]
PositiveHectares = Annotated[Decimal, *_decimal(12, 4, above="0")]
Rate = Annotated[Decimal, *_decimal(9, 6)]
"""A rate as a decimal: ``0.3500`` is 35 %."""
SignedRate = Annotated[Decimal, *_decimal(9, 6, least="-999.999999")]
"""A rate that may be below zero: what a plan that loses money yields."""
Share = Annotated[Decimal, *_decimal(7, 6, most="1")]
"""A part of a whole, from 0 to 1."""
PositiveShare = Annotated[Decimal, *_decimal(7, 6, above="0", most="1")]
"""A part of a whole, above 0 and up to 1."""
Duration = Annotated[Decimal, *_decimal(8, 2)]
"""A time in months, interpolated: ``14.50``."""
Ratio = Annotated[Decimal, *_decimal(6, 3)]
"""How many times one thing covers another: ``1.250``."""
SignedAmount = Annotated[Decimal, *_decimal(14, 2, least="-999999999999.99")]
"""Money without its currency, gained or lost: ``-120.00``."""

Currency = Literal["PEN", "USD"]


class Money(Shape):
    """An amount with its currency."""

    amount: Annotated[Decimal, *_decimal(14, 2)]
    currency: Currency


class PositiveMoney(Shape):
    """An amount above zero, with its currency."""

    amount: PositiveAmount
    currency: Currency


class SignedMoney(Shape):
    """An amount that may be below zero, with its currency."""

    amount: SignedAmount
    currency: Currency


def _absent() -> None:
    """What a member that was left out holds; ``model_fields_set`` tells it apart."""


def optional(**options: Any) -> Any:
    """A member of a PATCH body: it may be left out, but not be null unless its type says so."""
    return Field(default_factory=_absent, **options)


def _not_blank(forbidden: str) -> str:
    """Characters but the forbidden, one of them at least to be seen."""
    return rf"^[^{forbidden}]*[^\s{forbidden}][^{forbidden}]*$"


def _text(most: int, least: int = 1) -> Any:
    return StringConstraints(
        min_length=least,
        max_length=most,
        pattern=_not_blank(r"\x00-\x1f\x7f"),
        strip_whitespace=True,
    )


def _sentence(most: int) -> Any:
    return StringConstraints(
        min_length=1,
        max_length=most,
        pattern=_not_blank(r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f"),
        strip_whitespace=True,
    )


Name = Annotated[str, _text(200)]
Code = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/\-]{0,63}$", max_length=64)
]
"""A reference of the caller's own: letters, digits, ``. _ / -``."""
Sentence = Annotated[str, _sentence(2000)]
Ubigeo = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$", max_length=6)]
"""INEI code of a district: six digits."""
UbigeoPrefix = Annotated[
    str, StringConstraints(pattern=r"^([0-9]{2}|[0-9]{4}|[0-9]{6})$", max_length=6)
]
"""A department, province or district."""
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$", max_length=64)]
Flag = Annotated[bool, Strict()]
"""true or false, and nothing that only looks like it."""


def _whole(value: Any) -> Any:
    """To JSON, 12.0 is the integer 12; "12" and true are not."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def whole(least: int, most: int) -> Any:
    """The annotations of an integer in a body, both bounds included."""
    bounds = Field(strict=True, ge=least, le=most, json_schema_extra={"format": "int32"})
    # The bounds first: behind the validator, they would not be in the document.
    return (bounds, BeforeValidator(_whole))


Year = Annotated[int, *whole(1900, 2200)]
Days = Annotated[int, *whole(0, 3650)]
Count = Annotated[int, *whole(0, 2_147_483_647)]


def _calendar_day(value: date) -> date:
    if not 1900 <= value.year <= 2200:
        raise Invalid(
            "el año debe estar entre 1900 y 2200", "the year must lie between 1900 and 2200"
        )
    return value


def _iso_day(value: Any) -> Any:
    if isinstance(value, str) and len(value) == 10:
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise Invalid("debe ser una fecha AAAA-MM-DD", "must be a date as YYYY-MM-DD")


Day = Annotated[date, BeforeValidator(_iso_day), AfterValidator(_calendar_day)]
"""A calendar day, ``2026-11-23``."""


def _aware(value: Any) -> Any:
    if isinstance(value, str | datetime):
        return value
    raise Invalid("debe ser una hora RFC 3339", "must be a time as RFC 3339")


def _with_zone(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise Invalid("falta la zona horaria", "the time zone is missing")
    try:
        # Within hours of the calendar's ends the same instant may have no date in UTC.
        value.astimezone(UTC)
    except OverflowError:
        raise Invalid("queda fuera del calendario", "lies outside the calendar") from None
    return value


Instant = Annotated[datetime, BeforeValidator(_aware), AfterValidator(_with_zone)]
"""An instant, RFC 3339 with its zone."""


class Resource(Shape):
    """What every single resource answers besides its own members."""

    id: UUID
    version: Count
    created_at: Instant
    updated_at: Instant


class PageParameters(Shape):
    """What every list takes; a list's own filters are added in a subclass."""

    limit: Annotated[
        int,
        Field(description="Rows per page", ge=1, le=100, json_schema_extra={"format": "int32"}),
    ] = 20
    cursor: Annotated[
        str | None,
        Field(
            description="The `next` of the page before",
            max_length=500,
            pattern=r"^[A-Za-z0-9_-]+$",
        ),
    ] = None
    include: Annotated[
        Literal["total"] | None, Field(description="`total` counts the whole list")
    ] = None

    def filters(self) -> dict[str, Any]:
        """The filters that the caller set, by name."""
        return self.model_dump(exclude=_PAGING, exclude_none=True)


_PAGING = {"limit", "cursor", "include"}


class PageOf(Shape, Generic[T]):
    """One page of a list."""

    items: Annotated[list[T], Field(max_length=100)]
    next: Annotated[
        str | None,
        Field(description="Cursor of the next page", max_length=500, pattern=r"^[A-Za-z0-9_-]+$"),
    ]
    total: Annotated[Count | None, Field(description="Only with include=total")] = None
