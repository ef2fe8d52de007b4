"""Offers: the items of published catalogues, as the search and the orders see them.

Table: ``offers``, written when a catalogue is published and deleted when it is withdrawn; nobody
edits it. Everybody searches it; the room ``publications`` writes it.
"""
