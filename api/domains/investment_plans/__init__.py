"""Investment plans: the money side of a farm plan.

Tables: ``investment_plans``. States: none of its own; a plan follows its farm plan's version.
Who acts: technical assistance providers write it with the producer; credit institutions read what
consent allows; readiness reports take its debt service coverage.

Pure files: ``cash_flow`` (months with and without the project, and stress), ``appraisal`` (VAN,
TIR, payback, need for finance), ``dscr``, and ``rules`` (a plan judged under every scenario).
Decision: 0006.
"""
