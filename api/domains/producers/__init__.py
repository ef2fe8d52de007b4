"""Producers: natural persons who grow cocoa, as organisations register them.

Tables: ``persons`` (the identity document, once), ``producers`` (a registration: what one
organisation knows of the person). States: active → merged, erased (both are ends). An organisation
registers, reads and changes its own; others read what a consent in force lets them
(``consents``), field by field as ``rules.DISCLOSED`` has it. The document is never in an address,
an event, a log or an error.

Who registers a document that another organisation has registered too gets the same answer as if
it were the first: nothing shows that there is another (docs/decisions/0020).
"""
