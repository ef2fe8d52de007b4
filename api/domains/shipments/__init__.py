"""Shipments: lots on their way to a buyer, against a purchase commitment where there is one.

Tables: ``shipments``, ``shipment_lots``. States: dispatched → received. The seller ships dry kilos
that its lots still hold; the buyer receives; both see the shipment.
"""
