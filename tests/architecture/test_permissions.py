"""Rights change only visibly: the table stands in the repository."""

from typing import Any

import pytest
from fastapi import APIRouter, Depends, FastAPI

from api.policies import Permission
from api.routers.deps import Anyone, Requires
from api.routers.guarded import GuardedRoute
from tests.architecture.permissions import COMMITTED, table


def test_the_table_is_the_one_committed(app: FastAPI) -> None:
    assert table(app) == COMMITTED.read_text(encoding="utf-8"), (
        "rights changed: look at the difference, then run python -m tests.architecture.permissions"
    )


def test_only_what_must_be_is_public(app: FastAPI) -> None:
    public = [line for line in table(app).splitlines() if line.endswith(": anyone")]
    assert {line.split(" ")[1] for line in public} == {
        "/.well-known/jwks.json",
        "/.well-known/oauth-authorization-server",
        "/healthz",
        "/metrics",
        "/oauth2/introspect",
        "/oauth2/revoke",
        "/oauth2/token",
        "/readyz",
        "/v1/ledger/checkpoint",
        "/v1/organizations",
    }


async def nothing() -> None:
    """A route."""


@pytest.mark.parametrize(
    "needed",
    [[], [Depends(Anyone()), Depends(Requires(Permission.OFFERS_READ))]],
    ids=["none", "two"],
)
def test_a_route_without_exactly_one_permission_is_refused_at_import(needed: list[Any]) -> None:
    router = APIRouter(route_class=GuardedRoute)
    with pytest.raises(RuntimeError, match="exactly one permission"):
        router.get("/x", dependencies=needed)(nothing)
