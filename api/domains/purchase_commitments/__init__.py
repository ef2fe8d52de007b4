"""Purchase commitments: a buyer's promise to take a cluster's dry cocoa, the market guarantee.

Tables: ``purchase_commitments``. States: proposed, signed, in_fulfilment, fulfilled; broken,
cancelled (``states.py``). Who acts: a buyer proposes, the cluster's host signs, either may cancel
a proposal or declare a signed one broken; the host pledges kilos to credit and ships.

Other rooms call ``service.pledge``, ``release``, ``ship`` and ``fulfil`` within their own unit of
work: each locks the commitment, and what is pledged never exceeds what is promised.
"""
