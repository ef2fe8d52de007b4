"""What stands in an order: lines, substitutes, dispatches, receipts, payments.

Tables: ``order_lines``, ``order_substitutes``, ``order_dispatches``, ``order_receipts``,
``order_payments``; the order shows them, and its rooms change them.
"""
