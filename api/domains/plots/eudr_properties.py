"""The four properties that the EU information system reads; it ignores all others."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from api.core.geo.countries import ISO_3166_ALPHA_2
from api.core.geo.features import Feature
from api.core.geo.findings import Finding, member
from api.core.geo.positions import is_number
from api.domains.plots import eudr_texts as texts

NAMES: Final = ("ProducerName", "ProducerCountry", "ProductionPlace", "Area")


@dataclass(frozen=True, slots=True)
class EudrProperties:
    """What could be read of them: None where absent or of the wrong type. ``area_ha``: hectares."""

    producer_name: str | None
    country: str | None
    production_place: str | None
    area_ha: Decimal | None


def judge_properties(
    feature: Feature, findings: list[Finding], *, country_required: bool
) -> EudrProperties:
    """The properties, and a finding for each that the EU would misread."""
    given = feature.properties
    place = member(feature.pointer, "properties")
    for name in given:
        meant = _MEANT.get(name.lower())
        if meant is not None and name != meant:
            findings.append(texts.WRONG_CASE.at(member(place, name), name=meant))
    return EudrProperties(
        producer_name=_text(given, "ProducerName", place, findings),
        country=_country(given, place, findings, required=country_required),
        production_place=_text(given, "ProductionPlace", place, findings),
        area_ha=_area(given, place, findings),
    )


_MEANT: Final = {name.lower(): name for name in NAMES}


def _text(
    given: Mapping[str, object], name: str, place: str, findings: list[Finding]
) -> str | None:
    value = given.get(name)
    if value is None or isinstance(value, str):
        return value
    findings.append(texts.NOT_TEXT.at(member(place, name), name=name))
    return None


def _country(
    given: Mapping[str, object], place: str, findings: list[Finding], *, required: bool
) -> str | None:
    value = given.get("ProducerCountry")
    if value is None:
        if required:
            findings.append(texts.COUNTRY_MISSING.at(place))
        return None
    if isinstance(value, str) and value in ISO_3166_ALPHA_2:
        return value
    findings.append(texts.COUNTRY_INVALID.at(member(place, "ProducerCountry")))
    return None


def _area(given: Mapping[str, object], place: str, findings: list[Finding]) -> Decimal | None:
    value = given.get("Area")
    if value is None:
        return None
    if is_number(value):
        return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    findings.append(texts.AREA_NOT_NUMBER.at(member(place, "Area")))
    return None
