"""Territories: departments, provinces and districts of Peru by their UBIGEO (INEI coding).

Tables: ``territories`` (names, and the RENIEC code of the same place, which differs), and
``district_boundaries`` (where a district lies). No states, no owner: public facts that whoever runs
the platform loads from files (``mazorca import ubigeo``, ``mazorca import boundaries``), so they
are not in the ledger. As long as no district is loaded, every six digits pass for a district; as
long as no boundaries are, no position is compared (docs/decisions/0060-territories.md).
"""
