"""Clusters: groups of producers that act together.

Tables: ``clusters``, ``cluster_members``. No states: memberships are dated, from ``joined_on``
(included) to ``left_on`` (not included), and those of one producer in one cluster never overlap.
The hosting organisation keeps its clusters and their members. Providers of technical assistance,
credit institutions and buyers see every cluster as name, kind, place and counts; who its members
are they see only of those whose consent covers the purpose that they state, and as ids.
"""
