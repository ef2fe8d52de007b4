"""Merging two registrations of one organisation that are of one person.

No tables. One of the two stands; the other ends in the state merged and names it. All that goes on
(plots, plans, loans, deliveries, memberships, consents) is the survivor's from then on; what was
said at a time (access log, readiness reports, archetypes) stays with the registration that it was
said of, and is shown with the survivor's (docs/decisions/0061-merging-registrations.md).
"""
