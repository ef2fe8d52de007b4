"""Why a feature, or a whole file, of boundaries was not taken."""

from collections.abc import Mapping
from typing import Final

Told = tuple[str, Mapping[str, str]]

NO_COLLECTION: Final = {
    "es": "el archivo no es una FeatureCollection de GeoJSON",
    "en": "the file is no FeatureCollection of GeoJSON",
}
NO_DISTRICT: Final[Told] = (
    "district-missing",
    {
        "es": "ninguna propiedad (ubigeo, inei, iddist) tiene el código INEI de un distrito",
        "en": "no property (ubigeo, inei, iddist) has the INEI code of a district",
    },
)
NO_LAND: Final[Told] = (
    "no-polygon",
    {
        "es": "la geometría no es un Polygon o MultiPolygon en grados WGS84",
        "en": "the geometry is no Polygon or MultiPolygon in degrees of WGS84",
    },
)
NUMBER: Final[Told] = (
    "code-is-number",
    {
        "es": "el código del distrito es un número, y así pierde su cero inicial; debe ser texto",
        "en": "the district's code is a number, which loses its leading zero; it must be text",
    },
)
ABROAD: Final[Told] = (
    "outside-country",
    {
        "es": "no está en el Perú: la longitud va antes que la latitud",
        "en": "does not lie in Peru: the longitude comes before the latitude",
    },
)
RENIEC: Final = {
    "es": "los códigos del archivo son del RENIEC: muchos no son de ningún distrito del INEI, y los"
    " demás serían de otro",
    "en": "the codes of the file are RENIEC's: many are no district's in INEI's coding, and the"
    " others would be another's",
}
