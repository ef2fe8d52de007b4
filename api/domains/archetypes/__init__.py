"""Producers sorted by a table of rules, with the reasons.

Tables: ``archetype_tables``, ``archetype_runs``, ``archetype_assignments``. A table is written by
the operator, comes into force, and is superseded by the next; where none is in force yet, the first
run brings in the one shipped with the platform, marked as a demonstration. A run judges every
producer of an organisation as a job: the first rule whose criteria are all met decides.
"""
