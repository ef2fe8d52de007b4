"""Collection centres (acopio): where an organisation weighs and buys cocoa.

Tables: ``collection_centres``. No states. Each producer organisation keeps its own.
"""
