"""Quote requests: one need, several suppliers, sealed prices, one award.

Tables: ``quote_requests``, ``quote_request_lines``, ``quote_request_suppliers``, ``quotes``,
``quote_lines``. Nobody but its supplier sees a quote before the deadline: what holds the seal is in
docs/decisions/0072-quotes-stay-sealed.md.
"""
