"""The rules on a GeoJSON file for the EU information system, beside those on rings and points.

Sources: as in ``ring_texts``.
"""

from typing import Final

from api.core.geo.findings import Rule

FILE_TOO_LARGE: Final = Rule(
    "file-too-large",
    "error",
    "VR geolocation data size",
    es="El archivo pasa de {limit} MB, lo máximo de geolocalización por declaración. Repártalo en "
    "varias declaraciones o quite decimales de más: bastan 6.",
    en="The file exceeds {limit} MB, the most geolocation per statement. Divide it among several "
    "statements or remove superfluous decimals: 6 are enough.",
)
NO_FEATURES: Final = Rule(
    "no-features",
    "error",
    "GJ §9.2: 'one or more features'",
    es="El archivo no contiene ninguna parcela.",
    en="The file holds no plot.",
)
NO_GEOMETRY: Final = Rule(
    "geometry-missing",
    "error",
    "GJ §9.2",
    es="Este Feature no tiene geometría: la UE exige un punto o un polígono por lugar de "
    "producción.",
    en="This Feature has no geometry: the EU demands a point or a polygon per production place.",
)
PARTS_OVERLAP: Final = Rule(
    "parts-overlap",
    "error",
    "VR geolocation invalid geometry; OGC 06-103r4 §6.1.14",
    es="Esta parte se superpone con la parte {other} del mismo Feature (se cuenta desde 0). Deje "
    "cada pedazo de terreno en una sola parte.",
    en="This part overlaps part {other} of the same Feature (counted from 0). Keep each piece of "
    "land in a single part.",
)
COUNTRY_MISSING: Final = Rule(
    "producer-country-missing",
    "error",
    "GJ §9.3.2 (type II)",
    es="Falta «ProducerCountry»: en un archivo con varios productores cada Feature lo lleva, con "
    "el código ISO de dos letras (Perú: PE).",
    en="'ProducerCountry' is missing: in a file of several producers each Feature has it, with the "
    "two-letter ISO code (Peru: PE).",
)
COUNTRY_INVALID: Final = Rule(
    "producer-country-invalid",
    "error",
    "GJ error 12; ISO 3166-1 alpha-2",
    es="«ProducerCountry» debe ser el código ISO 3166-1 de dos letras mayúsculas: PE, no PER ni "
    "Perú.",
    en="'ProducerCountry' must be the ISO 3166-1 code of two capital letters: PE, not PER or Peru.",
)
AREA_NOT_NUMBER: Final = Rule(
    "area-not-a-number",
    "error",
    "GJ error 14",
    es="«Area» debe ser un número sin comillas, con punto decimal: la UE lee un texto como 0.",
    en="'Area' must be a number without quotes, with a decimal point: the EU reads a text as 0.",
)
NOT_TEXT: Final = Rule(
    "property-not-text",
    "warning",
    "GJ §9.2",
    es="«{name}» debe ser un texto, entre comillas.",
    en="'{name}' must be a text, between quotes.",
)
WRONG_CASE: Final = Rule(
    "property-name-not-recognised",
    "warning",
    "GJ error 9",
    es="Este nombre se parece a «{name}», pero la UE distingue mayúsculas y lo ignora. "
    "Escríbalo «{name}» si es ese dato.",
    en="This name looks like '{name}', but the EU tells capitals apart and ignores it. Write "
    "'{name}' if it is that fact.",
)
