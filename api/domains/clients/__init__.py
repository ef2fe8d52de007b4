"""API clients: programs that call for an organisation, with at most two live secrets each.

Tables: ``api_clients``, ``client_secrets``, ``revoked_tokens``. Access tokens live ten minutes and
are no rows; a revoked one is, until it would have expired. Each organisation manages its own.
"""
