"""Geometry on WGS84 without a database: reading GeoJSON, cutting coordinates, measuring land."""
