"""Queries. A commitment shows itself to the buyer, to the cluster's host, and to a lender that
was offered it as a guarantee.
"""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, case, exists, null, or_, select

from api.core.documents import Query, document, instant, money, text_of
from api.core.paging import Listing
from api.domains.credit_applications.states import CreditApplicationState
from api.models.clusters import Cluster
from api.models.credit_applications import CreditApplication
from api.models.purchase_commitments import PurchaseCommitment
from api.transactions import UnitOfWork

_c = PurchaseCommitment.__table__.c  # type: ignore[attr-defined]
_a = CreditApplication.__table__.c  # type: ignore[attr-defined]
_cluster = Cluster.__table__.c  # type: ignore[attr-defined]

SHAPE: Final = document(
    id=_c.id,
    version=_c.version,
    created_at=instant(_c.created_at),
    updated_at=instant(_c.updated_at),
    organization_id=_c.organization_id,
    producer_organization_id=_c.producer_organization_id,
    cluster_id=_c.cluster_id,
    state=_c.state,
    kg_dry=text_of(_c.kg_dry),
    pledged_kg=text_of(_c.pledged_kg),
    shipped_kg=text_of(_c.shipped_kg),
    quality=_c.quality,
    price_kind=_c.price_kind,
    currency=_c.currency,
    price=money(_c.price, _c.currency),
    floor_price=case(
        (_c.floor_price.is_not(None), money(_c.floor_price, _c.currency)), else_=null()
    ),
    premium=money(_c.premium, _c.currency),
    window_from=_c.window_from,
    window_until=_c.window_until,
    reference_policy=_c.reference_policy,
)

_visible = or_(
    _c.organization_id == bindparam("actor"),
    _c.producer_organization_id == bindparam("actor"),
    exists().where(
        _a.purchase_commitment_id == _c.id,
        _a.lender_id == bindparam("actor"),
        _a.state != CreditApplicationState.DRAFT,
    ),
)

PURCHASE_COMMITMENT: Final = Query(
    select(SHAPE, _c.version).where(_c.id == bindparam("purchase_commitment_id"), _visible)
)
PURCHASE_COMMITMENTS: Final = Listing(
    "purchase_commitments",
    select(SHAPE).where(_visible),
    order=[_c.id],
    filters={
        "cluster_id": _c.cluster_id == bindparam("cluster_id"),
        "organization_id": _c.organization_id == bindparam("organization_id"),
        "state": _c.state == bindparam("state"),
    },
)


async def cluster(uow: UnitOfWork, cluster_id: UUID) -> Cluster | None:
    """The cluster: buyers see every cluster, in counts."""
    return await uow.find(Cluster, _cluster.id == cluster_id)


async def party_for_update(uow: UnitOfWork, commitment_id: UUID) -> PurchaseCommitment | None:
    """A commitment of the actor's, as buyer or as host, locked."""
    actor = uow.actor.organization_id
    return await _locked(
        uow,
        _c.id == commitment_id,
        or_(_c.organization_id == actor, _c.producer_organization_id == actor),
    )


async def any_for_update(uow: UnitOfWork, commitment_id: UUID) -> PurchaseCommitment | None:
    """A commitment, locked, whoever asks: for rooms that hold a claim on it."""
    return await _locked(uow, _c.id == commitment_id)


async def _locked(uow: UnitOfWork, *conditions: Any) -> PurchaseCommitment | None:
    """A commitment, locked but for its key: shipments that name it are inserted before they come
    here, and with a full lock two of them at once would wait for each other.
    """
    await uow.session.flush()
    statement = (
        select(PurchaseCommitment)
        .where(*conditions)
        .with_for_update(of=PurchaseCommitment, key_share=True)
        .execution_options(populate_existing=True)
    )
    found = await uow.rows(statement)
    return found[0][0] if found else None
