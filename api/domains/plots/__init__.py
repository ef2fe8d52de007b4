"""Land under cocoa, or to be restored: where it is, how large, and who answers for it.

Geometry: one plot is one point (up to 4 ha) or one polygon, judged on arrival by ``rules``;
``eudr_file`` judges whole files as the EU information system does; ``kml_format`` and
``csv_format`` read what phones and spreadsheets give. ``docs/decisions/0005-geometry.md`` has the
choices. A geometry is never changed: a new one is a new version, and an assessment refers to the
version that it judged.

``arrival`` judges what comes in a request, ``rows`` reads whole files as requests. Land that two
plots share is found on arrival and kept by the room ``plot_overlaps``.

Tables: plots, plot geometries (one row per version). States: ``states.PlotState``. Who: the
producer organisation that registered the plot writes it; an assistance provider, or whoever else a
producer's consent to service delivery names, reads it with its geometry, and each read is logged.
"""
