"""What each organisation of the demonstration brings: farmers and land, goods, credit."""

import hashlib
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from api.core.clock import today
from api.demo.goods import items
from api.demo.people import JUANJUI, NEAR_JUANJUI, NEAR_TOCACHE, TOCACHE, Person, registration
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
YEARS: Final = timedelta(days=3 * 365)


async def sow_farmers(uow: UnitOfWork) -> None:
    """Twelve producers in two clusters, with their plots and consents."""
    await _cluster(uow, "Grupo Tocache Alto", TOCACHE, NEAR_TOCACHE, 1)
    await _cluster(uow, "Grupo Juanjuí Ribera", JUANJUI, NEAR_JUANJUI, 101)


async def _cluster(
    uow: UnitOfWork, name: str, ubigeo: str, people: tuple[Person, ...], first: int
) -> None:
    wish = ClusterIn(name=name, kind=ClusterKind.ASSOCIATED, ubigeo=ubigeo)
    cluster_id = await clusters.create(uow, wish)
    await uow.session.flush()
    joined = today() - timedelta(days=400)
    for number, person in enumerate(people, first):
        body = registration(person, number, ubigeo)
        producer_id = await producers.register(uow, ProducerIn.model_validate(body))
        await uow.session.flush()
        await clusters.join(uow, cluster_id, MemberIn(producer_id=producer_id, joined_on=joined))
        await _consent(uow, producer_id, today())


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
    await catalogues.upsert_items(uow, catalogue_id, rows)
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
