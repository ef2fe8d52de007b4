"""Land that two plots share: found when a geometry arrives, kept until it is settled.

An overlap is never a reason to refuse a plot and never passes in silence. It is compared with the
geometry in force of every open plot, whoever registered it. Whoever changes what land a plot
covers holds the cells of the map that it lies on until the transaction ends (``grid``), so two
plots that arrive at once find each other.

Tables: plot overlaps. States: ``states.OverlapState``. Who: the two organisations whose plots they
are read and settle an overlap; each sees the other's plot as an id and a share, not as a geometry.
Found, settled and lapsed overlaps stand in the ledger of both.
"""
