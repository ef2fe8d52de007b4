"""The closed lists of this room."""

from enum import StrEnum


class FileFormat(StrEnum):
    """Files of plots, by media type."""

    GEOJSON = "application/geo+json"
    """RFC 7946."""
    KML = "application/vnd.google-earth.kml+xml"
    """OGC 12-007r2."""
    CSV = "text/csv"
    """Points: a column for the longitude, one for the latitude."""


class GeometryKind(StrEnum):
    """How a plot's place is known: a point is enough up to 4 ha."""

    POINT = "point"
    POLYGON = "polygon"


class LandUse(StrEnum):
    """What stands on a plot, or shall stand there."""

    COCOA = "cocoa"
    COCOA_AGROFORESTRY = "cocoa_agroforestry"
    OTHER_CROP = "other_crop"
    PASTURE = "pasture"
    FALLOW = "fallow"
    DEGRADED = "degraded"
    FOREST = "forest"


class TenureKind(StrEnum):
    """The document that ties a producer to the land."""

    TITLE = "title"
    POSSESSION_CERTIFICATE = "possession_certificate"
    LEASE = "lease"
    CUSAF = "cusaf"
    NATIVE_COMMUNITY = "native_community"
    NONE = "none"
