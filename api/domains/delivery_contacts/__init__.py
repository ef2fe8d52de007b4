"""Delivery contacts: to whom and where an order is delivered.

Table: ``delivery_contacts``, one row for an order at most, and gone soon after the order is over.
The buying side gives and reads it; the supplier reads it from acceptance until the order is over.
Where it names a producer, the supplier reads it by the producer's consent (``service_delivery``),
and each of its reads is in the access log.
"""
