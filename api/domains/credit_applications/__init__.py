"""Credit applications: credit for lines of accepted farm plans, by a producer or a cluster.

Tables: ``credit_applications``, ``credit_application_lines``. States: draft, submitted,
under_review, offered, accepted, disbursing, active; declined, withdrawn, expired (``states.py``).
Who acts: the producers' organisation drafts, submits, accepts, withdraws; the institution whose
product it is reviews, offers, declines, and disburses through its loan.

Submitting books the amounts on the plan lines and pledges kilos of a purchase commitment, so that
neither finances or guarantees anything twice; every way out gives them back. A cluster applies as
a solidarity group: each member's share is what its own lines take. Pure files: ``rules`` (what may
be applied for), ``offers`` (the terms of an offer), ``texts``.
"""
