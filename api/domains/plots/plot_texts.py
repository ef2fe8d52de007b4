"""The rules on one plot: one plot is one point or one polygon.

Sources: as in ``ring_texts``; "platform rule" is a choice of this platform, explained in
``docs/decisions/0005-geometry.md``.
"""

from typing import Final

from api.core.geo.findings import Rule

NOT_ONE_FEATURE: Final = Rule(
    "not-one-feature",
    "error",
    "platform rule",
    es="Aquí se espera la geometría de una sola parcela y llegaron {count}. Envíe un Feature por "
    "parcela, o use la carga masiva.",
    en="The geometry of a single plot is expected here and {count} came. Send one Feature per "
    "plot, or use the bulk import.",
)
NO_GEOMETRY: Final = Rule(
    "geometry-missing",
    "error",
    "platform rule; RFC 7946 §3.2 allows null",
    es="La parcela no tiene geometría. Envíe un punto o un polígono.",
    en="The plot has no geometry. Send a point or a polygon.",
)
TOO_MANY_POSITIONS: Final = Rule(
    "too-many-positions",
    "error",
    "platform rule",
    es="La geometría tiene {count} posiciones; el máximo es {limit}. Simplifíquela (una posición "
    "cada pocos metros basta) y envíela de nuevo.",
    en="The geometry has {count} positions; the most is {limit}. Simplify it (one position every "
    "few metres is enough) and send it again.",
)
MULTIPOLYGON: Final = Rule(
    "plot-is-multipolygon",
    "error",
    "platform rule: one plot, one polygon; OP §11.4.2",
    es="Una parcela es un solo polígono y este MultiPolygon tiene {count}. Envíe cada parte como "
    "una parcela propia: terrenos separados se evalúan por separado.",
    en="A plot is a single polygon and this MultiPolygon has {count}. Send each part as a plot of "
    "its own: separate pieces of land are judged separately.",
)
MULTI_OF_ONE: Final = Rule(
    "multi-of-one",
    "warning",
    "GJ §9.2: 'two or more'",
    es="Este «{type}» tiene una sola parte: se leyó como la geometría simple.",
    en="This '{type}' has a single part: it was read as the simple geometry.",
)
MULTIPOINT: Final = Rule(
    "plot-is-multipoint",
    "error",
    "platform rule: one plot, one point",
    es="Una parcela se ubica con un solo punto y llegaron {count}. Envíe un punto por parcela; si "
    "son las esquinas de una, envíelas como Polygon, en orden y cerrado.",
    en="A plot is placed by a single point and {count} came. Send one point per plot; if these are "
    "the corners of one, send them as a Polygon, in order and closed.",
)
COLLECTION: Final = Rule(
    "plot-is-collection",
    "error",
    "platform rule",
    es="Una parcela no puede ser una GeometryCollection. Envíe cada geometría como una parcela.",
    en="A plot cannot be a GeometryCollection. Send each geometry as a plot.",
)
LINE: Final = Rule(
    "geometry-is-line",
    "error",
    "GJ error 5",
    es="Una línea no encierra terreno. Si es el recorrido del lindero, envíelo como Polygon y "
    "repita la primera posición al final.",
    en="A line encloses no land. If it is the walk along the boundary, send it as a Polygon and "
    "repeat the first position at the end.",
)
POINT_TOO_LARGE: Final = Rule(
    "point-above-limit",
    "error",
    "Reg. (EU) 2023/1115 art. 2(28); VR geolocation area for point",
    es="Un punto solo vale hasta {limit} ha, y la superficie declarada es mayor. Recorra el "
    "lindero y envíe un polígono.",
    en="A point is enough up to {limit} ha only, and the declared area is larger. Walk the "
    "boundary and send a polygon.",
)
AREA_TOO_SMALL: Final = Rule(
    "area-below-minimum",
    "error",
    "VR geolocation area for point",
    es="La superficie es menor que {limit} ha, el mínimo. Revise la unidad: se espera hectáreas.",
    en="The area is below {limit} ha, the minimum. Check the unit: hectares are expected.",
)
AREA_ASSUMED: Final = Rule(
    "point-area-assumed",
    "warning",
    "GJ §9.3 note 2; VR geolocation area for point",
    es="El punto no declara superficie: se toman {limit} ha, como hace el sistema de la UE.",
    en="The point declares no area: {limit} ha are assumed, as the EU system does.",
)
AREA_DIFFERS: Final = Rule(
    "declared-area-differs",
    "warning",
    "platform rule",
    es="La superficie declarada difiere en {percent} % de la medida en el polígono ({measured} "
    "ha). Revise cuál es la correcta.",
    en="The declared area differs by {percent} % from the one measured on the polygon ({measured} "
    "ha). Check which one is right.",
)
UBIGEO_DIFFERS: Final = Rule(
    "ubigeo-differs",
    "warning",
    "platform rule; boundaries as loaded",
    es="La parcela está en el distrito {found} y se declaró {declared}. Revise cuál es correcto.",
    en="The plot lies in district {found} and {declared} was declared. Check which one is right.",
)
NEEDLE: Final = Rule(
    "shape-implausible",
    "warning",
    "platform rule",
    es="El polígono es extremadamente delgado para su largo: una esquina puede estar muy lejos de "
    "su lugar, o el lindero puede haberse recorrido ida y vuelta.",
    en="The polygon is extremely thin for its length: a corner may be far from its place, or the "
    "boundary may have been walked forth and back.",
)
