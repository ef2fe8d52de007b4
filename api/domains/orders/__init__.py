"""Orders: inputs and services that one organisation buys from one supplier, against plan lines.

Tables: ``orders``, ``order_lines``, ``order_substitutes``, ``order_dispatches``,
``order_payments``; ``stock_movements`` tell which order took what. The buying side places, cancels,
receives, pays, disputes, closes; the supplier accepts, rejects, dispatches. This room places and
pays; the rooms ``order_…`` above it do the rest. A lender sees the orders that its loans paid.

Every line serves a line of an accepted farm plan, or says by which exception it does not. Prices
and descriptions are copied: what was agreed stays. Locks are taken in one order: plans, plan
lines, stocks, order.
"""
