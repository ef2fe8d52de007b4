"""The rules on positions and rings: the same for one plot and for a whole EU file.

Sources: [GJ] is the EUDR GeoJSON File Description 1.3 (29 May 2026, §9 of the Operator API
Reference v1.0), its numbered file errors; [VR] the validation rules in §10 of the same document.
"""

from typing import Final

from api.core.geo.findings import Rule

OUT_OF_RANGE: Final = Rule(
    "position-out-of-range",
    "error",
    "GJ error 11; VR geolocation invalid coordinates",
    es="La longitud va de −180 a 180 y la latitud de −90 a 90, y la longitud se escribe primero. "
    "Revise esta posición: puede faltar un punto decimal o estar invertido el orden.",
    en="Longitude runs from −180 to 180 and latitude from −90 to 90, and longitude comes first. "
    "Check this position: a decimal point may be missing or the order may be swapped.",
)
IN_METRES: Final = Rule(
    "coordinates-in-metres",
    "error",
    "GJ §9.1",
    es="Estas coordenadas parecen metros (UTM u otra proyección), no grados. Conviértalas a WGS84 "
    "(EPSG:4326) en grados decimales (posiciones afectadas: {count}).",
    en="These coordinates look like metres (UTM or another projection), not degrees. Convert them "
    "to WGS84 (EPSG:4326) in decimal degrees (positions concerned: {count}).",
)
AXES_SWAPPED: Final = Rule(
    "axes-swapped",
    "error",
    "GJ §9.2; RFC 7946 §3.1.1",
    es="La latitud y la longitud parecen invertidas: intercambiadas, las posiciones caen en "
    "{area}. Escriba primero la longitud y después la latitud (posiciones afectadas: {count}).",
    en="Latitude and longitude look swapped: exchanged, the positions fall in {area}. Write "
    "longitude first and latitude second (positions concerned: {count}).",
)
OUTSIDE_AREA: Final = Rule(
    "outside-area-of-operation",
    "error",
    "platform rule; GJ error 12 for the country of an EU file",
    es="Esta posición queda fuera de {area}. Revise signos y decimales (posiciones fuera: "
    "{count}).",
    en="This position lies outside {area}. Check signs and decimals (positions outside: {count}).",
)
ANTIMERIDIAN: Final = Rule(
    "ring-crosses-antimeridian",
    "error",
    "RFC 7946 §3.1.9",
    es="El lado que empieza aquí da más de media vuelta al mundo. Si la parcela cruza el meridiano "
    "180, divídala en dos parcelas allí; si no, revise el signo de la longitud.",
    en="The side that starts here runs more than half around the world. If the plot crosses the "
    "180th meridian, split it into two plots there; if not, check the sign of the longitude.",
)
HEIGHT_DROPPED: Final = Rule(
    "height-dropped",
    "warning",
    "RFC 7946 §3.1.1",
    es="La altura (tercer número) no se usa y se descartó en {count} posiciones.",
    en="The height (third number) is not used and was dropped from {count} positions.",
)
RING_TOO_SHORT: Final = Rule(
    "ring-too-short",
    "error",
    "RFC 7946 §3.1.6; GJ §9.2",
    es="Un polígono necesita al menos 4 posiciones: tres esquinas distintas y la primera repetida "
    "al final.",
    en="A polygon needs at least 4 positions: three different corners, and the first one again at "
    "the end.",
)
RING_OPEN: Final = Rule(
    "ring-not-closed",
    "error",
    "RFC 7946 §3.1.6; GJ error 4",
    es="El polígono no está cerrado: repita la primera posición al final de la lista.",
    en="The polygon is not closed: repeat the first position at the end of the list.",
)
POSITION_REPEATED: Final = Rule(
    "position-repeated",
    "error",
    "GJ error 7",
    es="Esta posición es igual a la anterior una vez cortada a 6 decimales. Quite una de las dos.",
    en="This position equals the one before it once cut to 6 decimals. Remove one of the two.",
)
STRAIGHT_LINE: Final = Rule(
    "ring-straight-line",
    "error",
    "GJ error 6",
    es="Todas las posiciones están en una misma línea recta: el polígono no encierra superficie. "
    "Marque también las esquinas del otro lado, o envíe un punto.",
    en="All positions lie on one straight line: the polygon encloses no area. Mark the corners of "
    "the other side too, or send a point.",
)
SIDES_CROSS: Final = Rule(
    "ring-sides-cross",
    "error",
    "GJ error 1",
    es="El lado que empieza en la posición {position} cruza al que empieza en la {other} (se "
    "cuenta desde 0). Ordene las esquinas como se camina el lindero, sin cruzarlo.",
    en="The side that starts at position {position} crosses the one that starts at {other} "
    "(counted from 0). Put the corners in the order of walking the boundary, without crossing it.",
)
SIDES_OVERLAP: Final = Rule(
    "ring-sides-overlap",
    "error",
    "GJ error 2",
    es="El lado que empieza en la posición {position} vuelve sobre el que empieza en la {other} "
    "(se cuenta desde 0). Quite la punta o el tramo recorrido dos veces.",
    en="The side that starts at position {position} runs back over the one that starts at {other} "
    "(counted from 0). Remove the spike or the stretch that is walked twice.",
)
RING_TOUCHES: Final = Rule(
    "ring-touches-itself",
    "error",
    "GJ errors 1 and 2; OGC 06-103r4 §6.1.11.1",
    es="La esquina {position} toca el lado que empieza en la posición {other} (se cuenta desde 0). "
    "Separe el lindero de sí mismo, o divida el terreno en dos parcelas por ese punto.",
    en="Corner {position} touches the side that starts at position {other} (counted from 0). Keep "
    "the boundary clear of itself, or split the land into two plots at that place.",
)
TANGLED: Final = Rule(
    "ring-tangled",
    "error",
    "GJ error 1",
    es="Cerca de la posición {position} (se cuenta desde 0) el lindero se cruza o se toca, entre "
    "miles de lados unos sobre otros. Trácelo de nuevo, con una posición cada pocos metros.",
    en="Near position {position} (counted from 0) the boundary crosses or touches itself, among "
    "thousands of sides over one another. Draw it again, with a position every few metres.",
)
MORE_BREACHES: Final = Rule(
    "ring-more-breaches",
    "warning",
    "platform rule",
    es="Este anillo tiene más faltas que las {count} nombradas. Corrija estas y envíelo de nuevo.",
    en="This ring has more breaches than the {count} named. Mend these and send it again.",
)
HOLE: Final = Rule(
    "polygon-has-hole",
    "error",
    "GJ errors 3 and 15",
    es="Este anillo es un hueco, y la UE solo lee el borde exterior. Divida el terreno por una "
    "línea que pase por el hueco y envíe las dos mitades, sin hueco, cada una como una parcela.",
    en="This ring is a hole, and the EU reads the outer boundary only. Divide the land along a "
    "line through the hole and send the two halves, without hole, each as a plot of its own.",
)
