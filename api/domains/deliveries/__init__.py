"""Deliveries: kilos of one producer, weighed, priced, partly retained for a loan, paid.

Tables: ``deliveries``, ``delivery_plots``. No states: a delivery is a fact; what lots have not
taken of it is ``unused_kg``. The buying producer organisation records and sees its own. Every kilo
is assigned to plots of the producer, in the geometry of that day; a delivery beyond what the plots
can plausibly yield in a year is refused, so that cocoa from elsewhere cannot be laundered through.
"""
