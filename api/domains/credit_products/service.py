"""Actions on credit products, and what other rooms ask of them."""

from typing import Any
from uuid import UUID

from api.core.clock import now
from api.core.ids import new_id
from api.core.problems import FieldError, InvalidPayload, NotAllowed, NotFound
from api.core.wire import Money, PositiveMoney
from api.domains.credit_products import repository
from api.domains.credit_products.problems import NotPublished
from api.domains.credit_products.rules import (
    Conditions,
    Harvest,
    LoanWish,
    reasons_incoherent,
    reasons_not_offered,
    terms_of,
)
from api.domains.credit_products.schedule import Schedule, build_schedule
from api.domains.credit_products.schemas import CreditProductChange, CreditProductIn, SimulationIn
from api.domains.credit_products.states import LIFECYCLE, CreditProductState
from api.domains.credit_products.terms import FAULT_TEXT, TermsNotBuildable
from api.models.credit_products import CreditProduct
from api.reads import Reader
from api.transactions import Event, UnitOfWork


async def draft(uow: UnitOfWork, wish: CreditProductIn) -> UUID:
    """A new product that nobody else sees yet."""
    values = _plain(dict(wish), None)
    product = CreditProduct(
        id=new_id(),
        organization_id=uow.actor.organization_id,
        state=LIFECYCLE.initial,
        **values,
    )
    _refuse_incoherent(product)
    uow.add(product)
    uow.record(Event("credit_product.drafted", ("credit_product", product.id), _told(product)))
    return product.id


async def edit(
    uow: UnitOfWork, credit_product_id: UUID, version: int, wish: CreditProductChange
) -> None:
    """Change a draft."""
    product = await _own(uow, credit_product_id)
    uow.expect_version(product, version)
    transition = LIFECYCLE.apply("edit", product.state)
    for name, value in _plain(wish.changes(), product).items():
        setattr(product, name, value)
    _refuse_incoherent(product)
    uow.record(Event(transition.event, ("credit_product", product.id), _told(product)))


async def act(uow: UnitOfWork, credit_product_id: UUID, action: str) -> None:
    """Publish or withdraw."""
    product = await _own(uow, credit_product_id)
    transition = LIFECYCLE.apply(action, product.state)
    product.state = transition.target
    if action == "publish":
        product.published_at = now()
    uow.record(Event(transition.event, ("credit_product", product.id), _told(product)))


async def simulate(reader: Reader, credit_product_id: UUID, wish: SimulationIn) -> Schedule:
    """The schedule that a loan would have; nothing is written."""
    conditions = await repository.conditions(reader, credit_product_id)
    if conditions is None:
        raise NotFound("credit product")
    if wish.amount.currency != conditions.currency:
        raise InvalidPayload(errors=[_CURRENCY])
    return schedule_of(conditions, loan_wish(wish))


def schedule_of(conditions: Conditions, wish: LoanWish) -> Schedule:
    """The schedule of a loan under a product; 422 with the reasons where it is not offered."""
    reasons = reasons_not_offered(conditions, wish)
    if reasons:
        raise InvalidPayload(errors=reasons)
    try:
        return build_schedule(terms_of(conditions, wish))
    except TermsNotBuildable as unbuildable:
        raise InvalidPayload(
            errors=[
                FieldError("", str(fault).replace("_", "-"), FAULT_TEXT[fault])
                for fault in unbuildable.faults
            ]
        ) from None


async def published(uow: UnitOfWork, credit_product_id: UUID) -> CreditProduct:
    """A product under which one may borrow now; 404 or 409 otherwise."""
    product = await repository.published_once(uow, credit_product_id)
    if product is None:
        raise NotFound("credit product")
    if product.state is not CreditProductState.PUBLISHED:
        raise NotPublished
    return product


def conditions_of(product: CreditProduct) -> Conditions:
    """What a product fixes about every loan under it."""
    return Conditions(**{name: getattr(product, name) for name in Conditions.__dataclass_fields__})


def loan_wish(wish: SimulationIn) -> LoanWish:
    """The wish without its wire."""
    return LoanWish(
        amount=wish.amount.amount,
        months=wish.months,
        disbursed_on=wish.disbursed_on,
        due_day=wish.due_day,
        every_months=wish.every_months,
        harvests=tuple(Harvest(each.month, each.share) for each in wish.harvests),
    )


async def _own(uow: UnitOfWork, credit_product_id: UUID) -> CreditProduct:
    product = await repository.own_for_update(uow, credit_product_id)
    if product is not None:
        return product
    if await repository.is_visible(uow, credit_product_id):
        raise NotAllowed(es="es de otra institución", en="it is another institution's")
    raise NotFound("credit product")


def _plain(values: dict[str, Any], product: CreditProduct | None) -> dict[str, Any]:
    """Columns of the members; every amount must share one currency."""
    amounts = {k: v for k, v in values.items() if isinstance(v, Money | PositiveMoney)}
    currencies: set[str] = {each.currency for each in amounts.values()}
    if product is not None and len(amounts) < len(_AMOUNTS):
        currencies.add(product.currency)
    if len(currencies) > 1:
        raise InvalidPayload(errors=[_CURRENCY])
    columns = {**values, **{name: each.amount for name, each in amounts.items()}}
    if "purposes" in columns:
        columns["purposes"] = sorted({str(purpose) for purpose in columns["purposes"]})
    if "coverage" in columns:
        columns["coverage"] = sorted(set(columns["coverage"]))
    return {**columns, "currency": currencies.pop()} if currencies else columns


def _refuse_incoherent(product: CreditProduct) -> None:
    reasons = reasons_incoherent(conditions_of(product))
    if reasons:
        raise InvalidPayload(errors=reasons)


def _told(product: CreditProduct) -> dict[str, Any]:
    return {
        "currency": product.currency,
        "amount_min": f"{product.amount_min:.2f}",
        "amount_max": f"{product.amount_max:.2f}",
        "tea": f"{product.tea:.6f}",
    }


_AMOUNTS = ("amount_min", "amount_max", "commission")
_CURRENCY = FieldError(
    "/amount_min",
    "currencies-differ",
    {
        "es": "Todos los montos deben estar en la moneda del producto.",
        "en": "Every amount must be in the product's currency.",
    },
)
