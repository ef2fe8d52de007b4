"""Demand forecasts: what farm plans will need, by category, month and place.

No table: added up from the lines of plans at every read. For suppliers, so nothing in it tells of a
producer: docs/decisions/0070-forecasts-that-name-nobody.md.
"""
