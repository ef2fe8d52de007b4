"""Dossiers: all that an organisation holds about one of its producers, to hand over to the person.

Ley 29733 gives a person access to the data (art. 19), and its 2025 regulation (DS 016-2024-JUS) the
right to take them elsewhere, in a form that machines read. No table of its own. Who: the
registering organisation; each export stands in the ledger as ``producer.exported``.
"""
