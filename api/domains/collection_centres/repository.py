"""Queries. An organisation sees its own centres."""

from typing import Final

from sqlalchemy import bindparam, select

from api.core.documents import Query, document, instant
from api.core.paging import Listing
from api.models.deliveries import CollectionCentre

_c = CollectionCentre.__table__.c  # type: ignore[attr-defined]

SHAPE: Final = document(
    id=_c.id,
    version=_c.version,
    created_at=instant(_c.created_at),
    updated_at=instant(_c.updated_at),
    organization_id=_c.organization_id,
    name=_c.name,
    ubigeo=_c.ubigeo,
)
_own = _c.organization_id == bindparam("actor")

COLLECTION_CENTRE: Final = Query(
    select(SHAPE, _c.version).where(_c.id == bindparam("collection_centre_id"), _own)
)
COLLECTION_CENTRES: Final = Listing(
    "collection_centres",
    select(SHAPE).where(_own),
    order=[_c.id],
    filters={"ubigeo": _c.ubigeo == bindparam("ubigeo")},
)
