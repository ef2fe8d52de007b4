"""Input batches: what was received of a batch, and the plots that it is for.

Tables: ``input_batches``, ``input_batch_plots``. Written by the receipt of an order, never by hand:
the plots are those of the plan line that the order's line serves. The buying side sees it all; the
supplier finds what it sold of a batch, without plots and plans, which tell of producers.
"""
