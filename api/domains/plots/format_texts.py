"""What can be wrong with a file of plots that is not GeoJSON: KML of a phone, CSV of a table."""

from typing import Final

from api.core.geo.findings import Rule

KML_BROKEN: Final = Rule(
    "kml-broken",
    "error",
    "XML 1.0 §2.1",
    es="El archivo no es XML bien formado: error en la línea {line}. Puede estar cortado; "
    "expórtelo o envíelo de nuevo desde el teléfono.",
    en="The file is not well-formed XML: error at line {line}. It may be cut off; export it or "
    "send it again from the phone.",
)
KML_ENCODING: Final = Rule(
    "kml-encoding",
    "error",
    "XML 1.0 §4.3.3",
    es="El archivo declara una codificación de letras que no se puede leer. Guárdelo en UTF-8.",
    en="The file declares a character encoding that cannot be read. Save it in UTF-8.",
)
KML_UNSAFE: Final = Rule(
    "kml-unsafe",
    "error",
    "platform rule: no DTD, no entities (OWASP XML external entities)",
    es="El archivo declara un DTD o entidades XML, que un KML no necesita. Expórtelo de nuevo.",
    en="The file declares a DTD or XML entities, which a KML does not need. Export it again.",
)
KML_NOT_KML: Final = Rule(
    "kml-not-kml",
    "error",
    "OGC 12-007r2 §7.1",
    es="El archivo es XML, pero no KML: falta el elemento «kml».",
    en="The file is XML, but no KML: the element 'kml' is missing.",
)
KML_NO_PLACEMARK: Final = Rule(
    "kml-no-placemark",
    "error",
    "OGC 12-007r2 §9.11",
    es="El KML no contiene ningún lugar (Placemark) con geometría.",
    en="The KML holds no place (Placemark) with a geometry.",
)
KML_COORDINATES: Final = Rule(
    "kml-coordinates",
    "error",
    "OGC 12-007r2 §16.9",
    es="Las coordenadas de este lugar no se pueden leer: se escriben «longitud,latitud» separadas "
    "por espacios.",
    en="The coordinates of this place cannot be read: they are written 'longitude,latitude', "
    "separated by spaces.",
)
KMZ: Final = Rule(
    "kml-is-kmz",
    "error",
    "platform rule",
    es="El archivo es KMZ (KML comprimido). Descomprímalo y envíe el «doc.kml» que lleva dentro.",
    en="The file is KMZ (compressed KML). Unpack it and send the 'doc.kml' inside.",
)
CSV_NO_COLUMNS: Final = Rule(
    "csv-no-coordinate-columns",
    "error",
    "platform rule",
    es="No se encontraron las columnas de coordenadas. La primera fila debe llevar los nombres: "
    "por ejemplo «longitud» y «latitud».",
    en="The columns of the coordinates were not found. The first row must hold the names: for "
    "example 'longitude' and 'latitude'.",
)
CSV_UTM: Final = Rule(
    "csv-utm-columns",
    "error",
    "platform rule",
    es="Las columnas son este y norte (UTM). Conviértalas a WGS84 en grados decimales y nómbrelas "
    "«longitud» y «latitud».",
    en="The columns are easting and northing (UTM). Convert them to WGS84 in decimal degrees and "
    "name them 'longitude' and 'latitude'.",
)
CSV_SWAPPED: Final = Rule(
    "csv-columns-swapped",
    "error",
    "platform rule",
    es="Las columnas de latitud y longitud parecen intercambiadas: las {count} filas solo tienen "
    "sentido al revés. Corrija los nombres de las columnas.",
    en="The columns latitude and longitude look exchanged: the {count} rows make sense only the "
    "other way round. Correct the names of the columns.",
)
CSV_NO_ROWS: Final = Rule(
    "csv-no-rows",
    "error",
    "platform rule",
    es="La tabla no tiene ninguna fila de datos.",
    en="The table has no row of data.",
)
CSV_BROKEN: Final = Rule(
    "csv-broken",
    "error",
    "RFC 4180",
    es="La tabla no se puede leer desde la línea {line}: revise las comillas.",
    en="The table cannot be read from line {line} on: check the quotation marks.",
)
ROW_LENGTH: Final = Rule(
    "csv-row-length",
    "error",
    "RFC 4180 §2",
    es="La línea {line} tiene otra cantidad de columnas que la cabecera: si los números llevan "
    "coma decimal, separe las columnas con punto y coma.",
    en="Line {line} has another number of columns than the header: if the numbers have a decimal "
    "comma, separate the columns by semicolons.",
)
ROW_EMPTY: Final = Rule(
    "csv-coordinates-missing",
    "error",
    "platform rule",
    es="En la línea {line} falta la longitud o la latitud.",
    en="Longitude or latitude is missing in line {line}.",
)
ROW_NOT_NUMBER: Final = Rule(
    "csv-coordinate-not-number",
    "error",
    "platform rule",
    es="En la línea {line} una coordenada no es un número en grados decimales (por ejemplo "
    "−76.703512).",
    en="In line {line} a coordinate is not a number in decimal degrees (for example −76.703512).",
)
