"""Publications: items of published catalogues become offers, and cease to be.

Table: ``offers``, which the room of that name searches.
"""
