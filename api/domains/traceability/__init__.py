"""Traceability: reads only. From a lot back to plots, producers, inputs and credit.

Tables: none of its own. Quantities follow the kilos: a lot's kilos are alike, so what is drawn of
it carries its origins in proportion, and shares add up to exactly 1. The lot's organisation sees
all of it; a buyer to whom the lot was shipped sees it without the producers' credit, which is
theirs (Ley 29733: income and debts are sensitive). Nobody is named: producers are ids.
"""
