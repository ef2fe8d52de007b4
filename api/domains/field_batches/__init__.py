"""Field batches: what an app captured while it had no connection, sent at once and in any order.

Table: ``field_batch_items`` (the fingerprints of what was written, so that nothing is written
twice). The items are put into the order in which they need each other (``rules.in_order``), each is
applied by ``field_items`` in a savepoint of its own, and each has its own answer. Batches of one
organisation come one after the other. Who: producer organisations and assistance providers; each
item asks for the permission of its single route (docs/decisions/0066-field-batches.md).
"""
