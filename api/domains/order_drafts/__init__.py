"""Drafts of orders: nothing is reserved, priced or told to the supplier before they are placed.

Table: ``order_drafts``. A draft is its organisation's own: the ledger begins with the placed order,
which keeps the draft's id.
"""
