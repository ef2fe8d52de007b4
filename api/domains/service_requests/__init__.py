"""Service requests: assistance that a producer organisation asks a provider for.

Table: ``service_requests``. States: ``states.ServiceRequestState``. For one producer, who consents
to be served by the provider, or for a cluster. Who: the producer organisation asks and withdraws,
the provider accepts, declines and completes; both see it, nobody else does. Visits refer to the
request that they answer; without one, nothing is completed.
"""
