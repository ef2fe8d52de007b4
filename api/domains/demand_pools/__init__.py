"""Demand pools: members of a cluster buy one item together, and the total's tier is everyone's.

Tables: ``demand_pools``, ``pool_pledges``. The host of a cluster opens a pool of an item on offer
and pledges packs for members, each for a line of the member's accepted plan or by a listed
exception; pledges change until the pool closes, at its instant or before, by the host's word. It
closes into one order with a line per pledge, in whole packs, or it fails: below its minimum, or
where the order is refused. The host sees the pledges, the supplier the sum of them.
"""
