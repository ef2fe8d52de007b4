"""Ways out of orders: rejected, cancelled, expired, or cancelled in part.

Tables: those of the room ``orders``. Whatever an order or a line of it reserved and will not send
is free in the same transaction, in stock and on the plan line.
"""
