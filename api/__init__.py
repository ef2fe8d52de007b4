"""Mazorca: an open service platform for cocoa value chains, as an HTTP API."""

__version__ = "0.1.0"
