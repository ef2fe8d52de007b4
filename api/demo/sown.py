"""What each organisation of the demonstration brings: farmers and land, goods, credit."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Final
from uuid import UUID

from api.core.clock import today
from api.demo.goods import items
from api.demo.land import JUANJUI_FIELDS, TOCACHE_FIELDS, Place, field, plot
from api.demo.people import JUANJUI, NEAR_JUANJUI, NEAR_TOCACHE, TOCACHE, Person, registration
from api.domains.catalogue_items import service as catalogue_items
from api.domains.catalogues import service as catalogues
from api.domains.catalogues.schemas import CatalogueIn, ItemIn
from api.domains.clusters import service as clusters
from api.domains.clusters.schemas import ClusterIn, MemberIn
from api.domains.clusters.vocabulary import ClusterKind
from api.domains.consents import service as consents
from api.domains.consents.schemas import ConsentIn
from api.domains.consents.vocabulary import Channel, Purpose
from api.domains.credit_products import service as credit_products
from api.domains.credit_products.schemas import CreditProductIn
from api.domains.offers import service as offers
from api.domains.plots import service as plots
from api.domains.plots.arrival import AREAS
from api.domains.plots.schemas import PlotIn
from api.domains.producers import service as producers
from api.domains.producers.schemas import ProducerIn
from api.policies import Role
from api.transactions import UnitOfWork

CONSENT_TEXT: Final = (
    "Autorizo que mis datos se usen solo para el fin indicado y por la entidad indicada. "
    "Puedo retirar esta autorización cuando quiera. (Texto de demostración, versión 2026-03.)"
)
RECIPIENTS: Final = {
    Purpose.SERVICE_DELIVERY: Role.TA_PROVIDER,
    Purpose.CREDIT_READINESS: Role.CREDIT_INSTITUTION,
    Purpose.TRACEABILITY_DISCLOSURE: Role.BUYER,
}
PLOT_NAMES: Final = ("El Porvenir", "La Quebrada")
YEARS: Final = timedelta(days=3 * 365)


@dataclass(frozen=True, slots=True)
class Group:
    """A cluster: who is in it, where their fields lie, and the first of their numbers."""

    name: str
    ubigeo: str
    people: Sequence[Person]
    place: Place
    first: int


GROUPS: Final = (
    Group("Grupo Tocache Alto", TOCACHE, NEAR_TOCACHE, TOCACHE_FIELDS, 9_900_001),
    Group("Grupo Juanjuí Ribera", JUANJUI, NEAR_JUANJUI, JUANJUI_FIELDS, 9_900_101),
)


async def sow_farmers(uow: UnitOfWork) -> None:
    """Twelve producers in two clusters, with their plots and consents."""
    joined = today() - timedelta(days=400)
    for group in GROUPS:
        wish = ClusterIn(name=group.name, kind=ClusterKind.ASSOCIATED, ubigeo=group.ubigeo)
        cluster_id = await clusters.create(uow, wish)
        await uow.session.flush()
        fields = count()
        for number, person in enumerate(group.people, group.first):
            producer_id = await _producer(uow, group, number, person)
            member = MemberIn(producer_id=producer_id, joined_on=joined)
            await clusters.join(uow, cluster_id, member)
            for name in PLOT_NAMES[: person.plots]:
                geometry = field(group.place, next(fields))
                body = plot(str(producer_id), name, geometry, group.ubigeo)
                await plots.register(uow, PlotIn.model_validate(body), AREAS["peru"])
            await _consent(uow, producer_id, today())


async def _producer(uow: UnitOfWork, group: Group, number: int, person: Person) -> UUID:
    body = registration(person, number, group.ubigeo)
    producer_id = await producers.register(uow, ProducerIn.model_validate(body))
    await uow.session.flush()
    return producer_id


async def _consent(uow: UnitOfWork, producer_id: UUID, day: date) -> None:
    for purpose, role in RECIPIENTS.items():
        wish = ConsentIn(
            producer_id=producer_id,
            purpose=purpose,
            recipient_role=role,
            text_version="2026-03",
            text_hash=hashlib.sha256(CONSENT_TEXT.encode()).hexdigest(),
            channel=Channel.PAPER,
            valid_from=day,
            valid_until=day + YEARS,
        )
        await consents.grant(uow, wish)


async def sow_catalogue(uow: UnitOfWork) -> None:
    """A published catalogue with goods and services of every category."""
    day = today()
    wish = CatalogueIn(
        name="Campaña de demostración",
        currency="PEN",
        valid_from=day,
        valid_until=day + YEARS,
        coverage=["10", "22", "25"],
    )
    catalogue_id = await catalogues.create(uow, wish)
    await uow.session.flush()
    rows = [ItemIn.model_validate(row) for row in items()]
    await catalogue_items.upsert_items(uow, catalogue_id, rows)
    await offers.publish(uow, catalogue_id)


async def sow_credit_product(uow: UnitOfWork) -> None:
    """A published product: paid back with the harvest, for inputs, services and labour."""
    wish = CreditProductIn.model_validate(credit_product("Cacao Campaña"))
    product_id = await credit_products.draft(uow, wish)
    await uow.session.flush()
    await credit_products.act(uow, product_id, "publish")


def credit_product(name: str) -> dict[str, object]:
    """A product's terms as the wire takes them: TEA 36 %, repaid with the harvest."""
    return {
        "name": name,
        "borrower": "individual",
        "amount_min": {"amount": "300.00", "currency": "PEN"},
        "amount_max": {"amount": "30000.00", "currency": "PEN"},
        "term_months_min": 6,
        "term_months_max": 36,
        "tea": "0.360000",
        "commission": {"amount": "0.00", "currency": "PEN"},
        "desgravamen_variant": "balance",
        "desgravamen_rate": "0.001000",
        "schedule_kind": "cash_flow",
        "grace_kind": "none",
        "grace_months": 0,
        "purposes": ["fertilizer", "plant_material", "tool", "technical_assistance", "labour"],
        "financed_share": "0.800000",
        "requires_commitment": True,
        "reference_policy": None,
        "minimum_dscr": "1.200",
        "coverage": ["10", "22"],
    }
