"""Facets of offers: of what a search found, how many there are of each kind."""
