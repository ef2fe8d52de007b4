"""Disputes: the buyer contests, the supplier offers a settlement, the buyer takes it or gives up.

Table: ``order_disputes``. Both sides agree, or nothing changes but that the dispute is over: what
costs the supplier is the supplier's to offer (docs/decisions/0047).
"""
