"""Queries. A draft is its institution's own; what was published once, everybody may read."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, func, or_, select

from api.core.documents import Query, document, instant, money, text_of
from api.core.paging import Listing
from api.domains.credit_products.rules import Conditions
from api.domains.credit_products.states import CreditProductState
from api.domains.credit_products.vocabulary import DesgravamenVariant, GraceKind, ScheduleKind
from api.models.credit_products import CreditProduct
from api.reads import Reader
from api.transactions import UnitOfWork

_c = CreditProduct.__table__.c  # type: ignore[attr-defined]

SHAPE: Final = document(
    id=_c.id,
    version=_c.version,
    created_at=instant(_c.created_at),
    updated_at=instant(_c.updated_at),
    organization_id=_c.organization_id,
    name=_c.name,
    state=_c.state,
    published_at=instant(_c.published_at),
    borrower=_c.borrower,
    currency=_c.currency,
    amount_min=money(_c.amount_min, _c.currency),
    amount_max=money(_c.amount_max, _c.currency),
    term_months_min=_c.term_months_min,
    term_months_max=_c.term_months_max,
    tea=text_of(_c.tea),
    commission=money(_c.commission, _c.currency),
    desgravamen_variant=_c.desgravamen_variant,
    desgravamen_rate=text_of(_c.desgravamen_rate),
    schedule_kind=_c.schedule_kind,
    grace_kind=_c.grace_kind,
    grace_months=_c.grace_months,
    purposes=_c.purposes,
    financed_share=text_of(_c.financed_share),
    requires_commitment=_c.requires_commitment,
    reference_policy=_c.reference_policy,
    minimum_dscr=text_of(_c.minimum_dscr),
    coverage=_c.coverage,
)

_own = _c.organization_id == bindparam("actor")
_visible = or_(_c.state != CreditProductState.DRAFT, _own)
_district: Any = bindparam("ubigeo")

CREDIT_PRODUCT: Final = Query(
    select(SHAPE, _c.version).where(_c.id == bindparam("credit_product_id"), _visible)
)
CREDIT_PRODUCTS: Final = Listing(
    "credit_products",
    select(SHAPE).where(_visible),
    order=[_c.id],
    filters={
        "organization_id": _c.organization_id == bindparam("organization_id"),
        "state": _c.state == bindparam("state"),
        "borrower": _c.borrower == bindparam("borrower"),
        "currency": _c.currency == bindparam("currency"),
        "purpose": bindparam("purpose") == _c.purposes.any_(),
        "ubigeo": or_(
            func.cardinality(_c.coverage) == 0,
            *(func.left(_district, length) == _c.coverage.any_() for length in (2, 4, 6)),
        ),
    },
)

_CONDITIONS: Final = Query(
    select(
        _c.currency,
        _c.amount_min,
        _c.amount_max,
        _c.term_months_min,
        _c.term_months_max,
        _c.tea,
        _c.commission,
        _c.desgravamen_variant,
        _c.desgravamen_rate,
        _c.schedule_kind,
        _c.grace_kind,
        _c.grace_months,
    ).where(_c.id == bindparam("credit_product_id"), _visible)
)


async def conditions(reader: Reader, credit_product_id: UUID) -> Conditions | None:
    """What a visible product fixes about every loan, or None."""
    found = await reader.rows(_CONDITIONS, credit_product_id=credit_product_id)
    if not found:
        return None
    row = dict(found[0])
    row["desgravamen_variant"] = DesgravamenVariant(row["desgravamen_variant"])
    row["schedule_kind"] = ScheduleKind(row["schedule_kind"])
    row["grace_kind"] = GraceKind(row["grace_kind"])
    return Conditions(**row)


async def own_for_update(uow: UnitOfWork, credit_product_id: UUID) -> CreditProduct | None:
    """A product of the actor's institution, locked."""
    return await uow.locked(
        CreditProduct, credit_product_id, _c.organization_id == uow.actor.organization_id
    )


async def is_visible(uow: UnitOfWork, credit_product_id: UUID) -> bool:
    """Whether somebody who does not own the product may know of it."""
    return await published_once(uow, credit_product_id) is not None


async def published_once(uow: UnitOfWork, credit_product_id: UUID) -> CreditProduct | None:
    """The product, unless it is a draft."""
    return await uow.find(
        CreditProduct, _c.id == credit_product_id, _c.state != CreditProductState.DRAFT
    )
