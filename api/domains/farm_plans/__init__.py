"""Farm plans: what shall happen on a producer's land, month by month, and what it needs.

Tables: ``farm_plans``, ``farm_plan_zones``, ``farm_plan_lines``. States: draft, submitted,
approved, accepted, superseded (``states.py``). Who acts: an assistance provider writes, submits
and approves, with the producer's consent; the producer's organisation accepts; credit
institutions read what was approved, with consent.

Orders and credit draw on the lines of accepted plans through ``draws``: no line is ordered or
financed beyond what it plans.
"""
