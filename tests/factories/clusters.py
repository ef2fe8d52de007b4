"""Clusters for tests."""

from collections.abc import Sequence
from typing import Any

from tests.callers import Caller


async def new_cluster(
    coop: Caller, members: Sequence[str] = (), *, joined_on: str = "2024-01-01", **changes: Any
) -> dict[str, Any]:
    """A cluster of a producer organisation with these producers (ids) as members."""
    body = {"name": "Alto Biavo", "kind": "not_associated", "ubigeo": "220601", **changes}
    cluster = await coop.make("/v1/clusters", body)
    path = f"/v1/clusters/{cluster['id']}"
    for producer_id in members:
        await coop.make(f"{path}/members", {"producer_id": producer_id, "joined_on": joined_on})
    found: dict[str, Any] = (await coop.get(path)).json()
    return found
