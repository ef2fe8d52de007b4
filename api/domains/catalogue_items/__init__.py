"""The items of catalogues, written set by set: from files, by SKU, and as the next revision.

Tables: those of the room ``catalogues``, whose lock on a catalogue goes before every write here.
"""
