"""Files of plots: registered, completed, corrected or moved by the organisation's own code.

GeoJSON, KML from a phone, or a table of points. A row without a code is known again by its producer
and its geometry. An empty cell leaves a value as it is; who a plot's producer is, is no list's to
change. Every geometry is judged as one that comes alone, and its overlaps with all plots of all
organisations, and within the file, are found as if the rows had come one by one.
"""
