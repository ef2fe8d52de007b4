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
