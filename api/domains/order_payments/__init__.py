"""Money for orders: paid by the buyer or out of a loan, and given back.

Tables: ``order_payments``, ``order_refunds``. Payments never exceed what an order costs. The lines
of a pooled order are different producers', so each payment and refund names its line.
"""
