"""Organisations: the legal persons of the value chain.

Tables: ``organizations``. States: registered → verified ⇄ suspended. Anybody may register; the
operator verifies and suspends; every verified organisation may read the directory.
"""
