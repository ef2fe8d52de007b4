"""Credit products: what an institution lends, and the mathematics of a loan.

Tables: ``credit_products``. States: draft, published, withdrawn (``states.py``).
Who acts: members of the credit institution that owns the product write and publish it; every
verified organisation reads what is published.

The mathematics is pure and knows no table: ``terms`` (input), ``rates``, ``schedule_kinds``
(dates), ``desgravamen``, ``instalments`` (rows), ``tcea``, and ``schedule.build_schedule``, which
the rooms above call. ``wire`` is the JSON form of terms and rows. Decision: 0006.
"""
