"""Catalogues: what suppliers offer, for how long, and where; and the search over all of it.

Tables: ``catalogues``, ``catalogue_items``, ``stocks`` and ``stock_movements`` (movements sum to
the stock), ``offers`` (items of published catalogues, as the search and the orders see them).
A supplier drafts, publishes and withdraws its own; everybody reads what is published.
"""
