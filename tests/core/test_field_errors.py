"""What a payload's faults say: where, and why, in both languages, with what would be right."""

from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest
from pydantic import BaseModel, Field, ValidationError, model_validator

from api.core.field_errors import field_errors
from api.core.invalid import Invalid
from api.core.problems import FieldError


class _Kind(StrEnum):
    CUT = "cut"
    DRY = "dry"


class _Body(BaseModel):
    kind: _Kind = _Kind.CUT
    days: int = Field(default=1, ge=0, le=365)
    price: Decimal = Field(default=Decimal(1), gt=0, decimal_places=2)
    name: str = Field(default="a", min_length=1, max_length=3)
    ubigeo: str = Field(default="220101", pattern=r"^\d{6}$")
    reason: str | None = None

    @model_validator(mode="after")
    def _reasoned(self) -> "_Body":
        if self.kind is _Kind.DRY and self.reason is None:
            raise Invalid("diga por qué", "say why", field="reason")
        return self


def _faults(place: str, **members: Any) -> list[FieldError]:
    with pytest.raises(ValidationError) as refused:
        _Body.model_validate(members)
    found = refused.value.errors(include_url=False, include_input=False)
    return field_errors([{**fault, "loc": (place, *fault["loc"])} for fault in found])


@pytest.mark.parametrize(
    ("members", "pointer", "es", "en"),
    [
        (
            {"kind": "wet"},
            "/kind",
            "no es uno de los valores admitidos: cut, dry",
            "is not one of the admitted values: cut, dry",
        ),
        ({"days": -1}, "/days", "es demasiado pequeño (al menos 0)", "is too small (at least 0)"),
        (
            {"days": 400},
            "/days",
            "es demasiado grande (a lo más 365)",
            "is too large (at most 365)",
        ),
        ({"price": 0}, "/price", "es demasiado pequeño (más de 0)", "is too small (more than 0)"),
        (
            {"price": "1.234"},
            "/price",
            "tiene demasiados decimales (a lo más 2)",
            "has too many decimal places (at most 2)",
        ),
        (
            {"name": "abcd"},
            "/name",
            "es demasiado largo (a lo más 3)",
            "is too long (at most 3)",
        ),
        (
            {"ubigeo": "22-01"},
            "/ubigeo",
            r"no tiene el formato debido (patrón ^\d{6}$)",
            r"does not have the right form (pattern ^\d{6}$)",
        ),
        ({"kind": "dry"}, "/reason", "diga por qué", "say why"),
    ],
)
def test_a_fault_says_where_and_what_would_be_right(
    members: dict[str, Any], pointer: str, es: str, en: str
) -> None:
    (fault,) = _faults("body", **members)
    assert (fault.pointer, fault.detail["es"], fault.detail["en"]) == (pointer, es, en)


def test_a_parameter_at_fault_is_named() -> None:
    (fault,) = _faults("query", kind="dry")
    assert fault.pointer == "?reason"


def test_what_was_sent_is_not_told_back() -> None:
    faults = _faults("body", kind="secreto", days=-987, name="secreto")
    assert not any(
        echoed in sentence
        for fault in faults
        for sentence in fault.detail.values()
        for echoed in ("secreto", "987")
    )
