"""Field items: one thing that was captured without a connection, brought to the room that it is of.

No table of its own. A new thing has the id that the app chose; a change says which version it was
made from, and may bring the values it began with (``base``). An item asks for the permission of its
single route and is judged by that route's own service, so no rule stands twice. What somebody else
changed meanwhile is compared field by field (``rules.merge``) and never overwritten silently
(docs/decisions/0066-field-batches.md).
"""
