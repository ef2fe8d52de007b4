"""Technical-assistance visits: who saw which land of whom on which day, found and advised what.

Tables: ``visits``, ``visit_plots``. States: ``states.VisitState``. Who: an assistance provider
records for producers who consent to be served by it (``service_delivery``), a producer organisation
that assists its members itself records its own. The producer's organisation confirms or disputes
for the producer; what is confirmed stays. Another provider reads a visit through the producer's
consent, and each such read is logged. The technician is a code of the provider's own, never a name;
of evidence the hashes are kept, never a file (docs/decisions/0065-visits.md).
"""
