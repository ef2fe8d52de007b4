"""``/v1/territories``."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request, Response

from api.core.actor import Actor
from api.core.wire import PageOf
from api.domains.territories import repository
from api.domains.territories.schemas import TerritoryOut, TerritorySearch
from api.policies import Permission
from api.routers.answers import fetched, listed
from api.routers.deps import ReaderDep, Requires
from api.routers.guarded import room

router = room("/v1/territories", "territories")

UbigeoInPath = Annotated[
    str, Path(description="INEI code, six digits", pattern=r"^\d{6}$", max_length=6)
]
CanRead = Annotated[Actor, Depends(Requires(Permission.TERRITORIES_READ))]


@router.get("", response_model=PageOf[TerritoryOut])
async def list_territories(
    request: Request, search: Annotated[TerritorySearch, Query()], reader: ReaderDep, _: CanRead
) -> Response:
    """Departments, provinces and districts by their INEI code. With `reniec_code`, the one that
    RENIEC knows by that code. Empty as long as nobody has loaded them.
    """
    return await listed(request, reader, repository.TERRITORIES, search)


@router.get("/{ubigeo}", response_model=TerritoryOut)
async def get_territory(
    request: Request, ubigeo: UbigeoInPath, reader: ReaderDep, _: CanRead
) -> Response:
    """One department, province or district."""
    return await fetched(request, reader, repository.TERRITORY, ubigeo=ubigeo)
