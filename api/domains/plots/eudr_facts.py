"""What the EU information system asks of geolocations, as dated data: the law moves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from api.core.geo.operation_area import PERU, AreaOfOperation


@dataclass(frozen=True, slots=True)
class GeolocationFacts:
    """One edition of the rules. Areas in hectares.

    ``point_limit_ha``: a point is enough up to and including this area (cattle excepted), and
    stands for this area where none is given. ``smallest_ha``: least area of a point.
    ``largest_file``: bytes of geolocation per due-diligence statement.
    """

    edition: str
    published: date
    point_limit_ha: Decimal
    smallest_ha: Decimal
    largest_file: int


EUDR_V3: Final = GeolocationFacts(
    edition="EUDR Operator API Reference v1.0 (API V3), §9 and §10.3",
    published=date(2026, 5, 29),
    point_limit_ha=Decimal(4),
    smallest_ha=Decimal("0.0001"),
    largest_file=25_000_000,
)

COUNTRY_AREAS: Final[Mapping[str, AreaOfOperation]] = MappingProxyType({"PE": PERU})
"""Where a plot of a country must lie, for the countries that this platform knows."""
