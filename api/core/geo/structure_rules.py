"""What makes a JSON document GeoJSON: the rules of RFC 7946 on structure, with their sentences."""

from typing import Final

from api.core.geo.findings import Rule

NOT_AN_OBJECT: Final = Rule(
    "not-an-object",
    "error",
    "RFC 7946 §3",
    es="Aquí se espera un objeto JSON de GeoJSON, entre llaves «{{}}».",
    en="A GeoJSON object, between braces '{{}}', is expected here.",
)
TYPE_UNKNOWN: Final = Rule(
    "type-unknown",
    "error",
    "RFC 7946 §1.4, §7.1",
    es="El miembro «type» falta o no es un tipo admitido aquí ({expected}). Se escribe tal cual, "
    "con sus mayúsculas.",
    en="The member 'type' is missing or is no type allowed here ({expected}). It is written "
    "exactly so, capitals included.",
)
MEMBER_MISSING: Final = Rule(
    "member-missing",
    "error",
    "RFC 7946 §3",
    es="Falta el miembro «{name}».",
    en="The member '{name}' is missing.",
)
MEMBER_MISSPELT: Final = Rule(
    "member-misspelt",
    "error",
    "RFC 7946 §3; EU file error 9",
    es="Falta el miembro «{name}»; este otro parece ser él, mal escrito. Corrija el nombre.",
    en="The member '{name}' is missing; this one looks like it, misspelt. Correct the name.",
)
MEMBER_FORBIDDEN: Final = Rule(
    "member-forbidden",
    "error",
    "RFC 7946 §7.1",
    es="Un objeto «{type}» no puede llevar este miembro: pertenece a otro tipo de GeoJSON.",
    en="A '{type}' object must not have this member: it belongs to another GeoJSON type.",
)
CRS_OTHER: Final = Rule(
    "crs-not-wgs84",
    "error",
    "RFC 7946 §4",
    es="El archivo declara otro sistema de coordenadas. Reproyéctelo a WGS84 (EPSG:4326), en "
    "grados decimales, y quite el miembro «crs».",
    en="The file declares another coordinate system. Reproject it to WGS84 (EPSG:4326), in "
    "decimal degrees, and remove the member 'crs'.",
)
CRS_SUPERFLUOUS: Final = Rule(
    "crs-superfluous",
    "warning",
    "RFC 7946 §4",
    es="El miembro «crs» sobra: GeoJSON es siempre WGS84 con la longitud primero. Se ignoró.",
    en="The member 'crs' is superfluous: GeoJSON is always WGS84, longitude first. It was ignored.",
)
BBOX_INVALID: Final = Rule(
    "bbox-invalid",
    "error",
    "RFC 7946 §5",
    es="«bbox» debe ser una lista de 4 o 6 números. Corríjalo o quítelo: no hace falta.",
    en="'bbox' must be an array of 4 or 6 numbers. Correct it or remove it: it is not needed.",
)
ID_INVALID: Final = Rule(
    "feature-id-invalid",
    "error",
    "RFC 7946 §3.2",
    es="El «id» de un Feature debe ser un texto o un número.",
    en="The 'id' of a Feature must be a string or a number.",
)
PROPERTIES_INVALID: Final = Rule(
    "properties-not-object",
    "error",
    "RFC 7946 §3.2",
    es="«properties» debe ser un objeto «{{}}» o null.",
    en="'properties' must be an object '{{}}' or null.",
)
FEATURES_INVALID: Final = Rule(
    "features-not-array",
    "error",
    "RFC 7946 §3.3",
    es="«features» debe ser una lista «[]» de objetos Feature.",
    en="'features' must be an array '[]' of Feature objects.",
)
NESTING: Final = Rule(
    "coordinates-nesting",
    "error",
    "RFC 7946 §3.1; EU file error 14",
    es="Las coordenadas de «{type}» se escriben {shape}; aquí sobran o faltan corchetes.",
    en="The coordinates of '{type}' are written {shape}; here brackets are missing or too many.",
)
COORDINATES_EMPTY: Final = Rule(
    "coordinates-empty",
    "error",
    "RFC 7946 §3.1",
    es="No hay ninguna coordenada en esta lista.",
    en="There is no coordinate in this list.",
)
POSITION_LENGTH: Final = Rule(
    "position-length",
    "error",
    "RFC 7946 §3.1.1",
    es="Una posición lleva longitud y latitud (y a lo más la altura): 2 o 3 números.",
    en="A position has longitude and latitude (and at most a height): 2 or 3 numbers.",
)
NOT_A_NUMBER: Final = Rule(
    "coordinate-not-number",
    "error",
    "RFC 7946 §3.1.1",
    es="Una coordenada debe ser un número, sin comillas y con punto decimal.",
    en="A coordinate must be a number, without quotes and with a decimal point.",
)
LINE_TOO_SHORT: Final = Rule(
    "line-too-short",
    "error",
    "RFC 7946 §3.1.4",
    es="Una línea necesita al menos dos posiciones.",
    en="A line needs at least two positions.",
)
COLLECTION_NESTED: Final = Rule(
    "collection-nested",
    "error",
    "RFC 7946 §3.1.8",
    es="Una GeometryCollection no debe contener otra. Ponga sus geometrías directamente.",
    en="A GeometryCollection should not contain another. Put its geometries in directly.",
)
COLLECTION_OF_ONE: Final = Rule(
    "collection-of-one",
    "error",
    "RFC 7946 §3.1.8; EU GeoJSON File Description 1.3 §9.2: 'two or more geometries'",
    es="Una GeometryCollection con una sola geometría no tiene sentido: envíe esa geometría.",
    en="A GeometryCollection of a single geometry makes no sense: send that geometry itself.",
)
