"""Readiness: "which producers and clusters are ready for credit here, and why?"

Tables: ``readiness_reports``. States: none; a report is what was told, and never changes.
Who acts: credit institutions ask, with the producers' consent; the asking institution and the
producer's organisation read.

``facts`` (what is known of a producer, fact by fact), ``model`` (the criteria, a versioned table),
``capacity`` (debt service coverage under a product), ``rules`` (facts judged), ``groups`` (a
cluster from its members) are pure: the same facts give the same report. Never a probability of
default, never a protected attribute. Decision: 0022.
"""
