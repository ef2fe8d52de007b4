"""Lots: kilos that travel together, made from deliveries and other lots.

Tables: ``lots``, ``lot_inputs``. States: in_stock → used_up, by itself when the last kilo is drawn.
The organisation that makes a lot keeps it; the buyer to whom it was shipped may see it. No kilo is
used twice: what is drawn is taken off its source under a row lock. Drying must lie within the
plausible band of yields, and only kilos of known origin exist: there is no mass balance with
unknown origin (Reg. (EU) 2023/1115; see docs/decisions).
"""
