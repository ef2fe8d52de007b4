"""Fulfilling orders: what the supplier sends, and what of it arrives.

Tables: ``order_lines`` and ``order_dispatches`` of the room ``orders``, which lock nothing but the
order: what is sent was reserved when the order was placed. What SENASA no longer lets be sold
is not sent either (``blocked_by``).
"""
