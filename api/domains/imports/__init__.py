"""Files of many rows: how they are read, and what became of each row.

Tables: ``imports``, ``import_rows``. A file is read, judged and applied in the transaction of its
request, so an answered import is done and an unanswered one can be sent again with the same key.
Nothing of the file is kept but, of each row, its number, its outcome and what is wrong with it
(docs/decisions/0030-imports.md). Rooms above read their own kind of file: ``producer_imports``.
"""
