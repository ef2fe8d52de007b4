"""Producers for tests."""

import itertools
from typing import Any
from uuid import uuid4

from tests.callers import Caller

_numbers = itertools.count(uuid4().int % 9_000_000)


def new_dni() -> str:
    """A DNI that no other test uses: those that are written out begin otherwise."""
    return f"8{next(_numbers):07d}"


def registration(**changes: Any) -> dict[str, Any]:
    """The body of a valid registration."""
    return {
        "document": {"type": "dni", "number": new_dni()},
        "given_names": "Rosa María",
        "family_names": "Quispe Ñahui",
        "birth_year": 1979,
        "sex": "female",
        "language": "es",
        "phone": "+51987654321",
        "ubigeo": "220601",
        "association_status": "associated",
        **changes,
    }


async def new_producer(coop: Caller, **changes: Any) -> dict[str, Any]:
    """A producer registered by a producer organisation."""
    return await coop.make("/v1/producers", registration(**changes))
