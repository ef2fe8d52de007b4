"""Land under cocoa, or to be restored: where it is, how large, and who answers for it.

Geometry: one plot is one point (up to 4 ha) or one polygon, judged on arrival by ``rules``;
``eudr_file`` judges whole files as the EU information system does; ``kml_format`` and
``csv_format`` read what phones and spreadsheets give. ``docs/decisions/0005-geometry.md`` has the
choices. A geometry is never changed: a new one is a new version, and an assessment refers to the
version that it judged.

Tables: plots, plot geometries (one row per version), plot overlaps. States: ``states.PlotState``.
Who: the producer organisation that registered the plot writes it; others read it as far as the
producer's consent goes; overlaps are settled by the two organisations concerned.
"""
