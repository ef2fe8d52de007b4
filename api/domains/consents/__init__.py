"""Consents: what a producer allows, to whom, until when; and who looked (Ley 29733).

Tables: ``consents``, ``data_accesses``. States: granted → revoked. The producer's organisation
records and revokes; a recipient lists those that are addressed to it, or to a role that it has.

Who sees a producer of another organisation: whoever a consent in force covers, for the purpose
that the caller states with the request, and only the fields that the purpose needs
(``producers/rules.py``). Everybody else gets 404, as if there were no such producer. 403
``consent-required`` is the answer only to a caller who knows already that the producer exists: a
consent addressed to it has begun (and was revoked, ran out, or is for another purpose), or it asks
for the members of a cluster that it may see.

Every such read is written to ``data_accesses`` in a transaction that commits before the answer
leaves: where the log cannot be written, nothing is disclosed. Rows are kept (art. 46 of DS
016-2024-JUS: two years at least).
"""
