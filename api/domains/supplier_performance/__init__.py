"""Supplier performance: how suppliers answer, deliver and settle, by the records of their orders.

No table: added up at every read. A supplier reads its own figures over all that buy from it, a
buyer those of its suppliers over its own orders.
"""
