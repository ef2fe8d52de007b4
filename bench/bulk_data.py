"""Files of W5: producers as a spreadsheet has them, plots as a GeoJSON export has them."""

import math
import random
from uuid import UUID, uuid4

import asyncpg
import orjson

STEP = 0.003
"""Degrees between plots: some 330 m, so that neighbours of about 2 ha rarely touch."""
COLUMNS = 100
_HEADER = (
    "external_id,document_type,document_number,given_names,family_names,birth_year,sex,language,"
    "phone,ubigeo,association_status"
)
_ORGANIZATION = """
INSERT INTO organizations (id, version, created_at, updated_at, legal_name, ruc, roles, state,
                           verified_at)
VALUES ($1, 1, now(), now(), $2, $3, '{producer_organization}', 'verified', now())
"""
_ENTRY = """
INSERT INTO ledger_entries (id, recorded_at, event, organization_id, subject_type, subject_id, body)
VALUES (gen_random_uuid(), now(), 'bench.loaded', $1, 'organization', $1, $2)
"""


def corner(block: int, number: int) -> tuple[float, float]:
    """Where the n-th plot of a block lies; blocks do not touch."""
    row, column = divmod(number, COLUMNS)
    across, down = block % 20, block // 20
    return -78.0 + across * 0.4 + column * STEP, -12.0 + down * 0.4 + row * STEP


def boundary(lon: float, lat: float, chance: random.Random) -> list[list[float]]:
    """A closed ring of 6 to 14 corners around a place, about 2 ha, six decimals."""
    corners = chance.randint(6, 14)
    ring = []
    for number in range(corners):
        angle, radius = 2 * math.pi * number / corners, chance.uniform(0.0006, 0.0010)
        ring.append(
            [round(lon + radius * math.cos(angle), 6), round(lat + radius * math.sin(angle), 6)]
        )
    return [*ring, ring[0]]


def producers(block: int, rows: int) -> bytes:
    """A CSV file of producers that nobody knows yet."""
    lines = [_HEADER]
    for number in range(rows):
        document = f"{(block * rows + number) % 100_000_000:08d}"
        lines.append(
            f"S-{number},dni,{document},Rosa María,Quispe Ñahui,{1950 + number % 50},female,es,"
            f"9{document},220601,associated"
        )
    return "\n".join(lines).encode()


def plots(block: int, rows: int) -> bytes:
    """A GeoJSON file of plots; every fiftieth lies across the one before."""
    chance, features = random.Random(block), []
    for number in range(rows):
        lon, lat = corner(block, number - (number % 50 == 49))
        features.append({
            "type": "Feature",
            "properties": {
                "external_id": f"P-{number}",
                "producer_external_id": f"S-{number}",
                "name": f"Parcela {number}",
                "declared_area_ha": "2.0000",
                "planting_year": 2014,
                "variety": "CCN-51",
            },
            "geometry": {"type": "Polygon", "coordinates": [boundary(lon, lat, chance)]},
        })  # fmt: skip
    return orjson.dumps({"type": "FeatureCollection", "features": features})


async def organization(connection: "asyncpg.Connection", block: int) -> UUID:
    """A verified cooperative for one block."""
    made = uuid4()
    async with connection.transaction():
        await connection.execute(_ORGANIZATION, made, f"bench {block}", f"8{block:010d}")
        await told(connection, made)
    return made


async def told(connection: "asyncpg.Connection", organization_id: UUID) -> None:
    """The ledger entry that the database demands of a transaction, whatever it loads."""
    subject = {"id": str(organization_id), "type": "organization"}
    actor = {"organization_id": str(organization_id)}
    body = orjson.dumps({"actor": actor, "related": [], "subject": subject}).decode()
    await connection.execute(_ENTRY, organization_id, body)
