"""Rows that rooms under construction will make over HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from api.core.actor import Actor
from api.core.clock import today
from api.core.ids import new_id
from api.domains.clusters.vocabulary import ClusterKind
from api.domains.consents.states import ConsentState
from api.domains.consents.vocabulary import Channel, Purpose
from api.domains.plots.states import PlotState
from api.domains.plots.vocabulary import GeometryKind, LandUse, TenureKind
from api.domains.producers.states import ProducerState
from api.domains.producers.vocabulary import AssociationStatus, DocumentType
from api.models.clusters import Cluster, ClusterMember
from api.models.consents import Consent
from api.models.plots import Plot
from api.models.producers import Person, Producer
from api.transactions import Event, UnitOfWork, unit_of_work
from tests.callers import Caller, Callers


@asynccontextmanager
async def acting(callers: Callers, caller: Caller) -> AsyncIterator[UnitOfWork]:
    actor = Actor(new_id(), caller.organization_id, frozenset(), frozenset())
    async with unit_of_work(callers.platform.database, actor) as uow:
        yield uow


async def seed_producer(callers: Callers, coop: Caller) -> dict[str, Any]:
    async with acting(callers, coop) as uow:
        person = Person(
            document_type=DocumentType.DNI, document_number=str(uuid4().int % 10**8).zfill(8)
        )
        producer = Producer(
            organization_id=coop.organization_id,
            person_id=person.id,
            ubigeo="220101",
            association_status=AssociationStatus.ASSOCIATED,
            state=ProducerState.ACTIVE,
            registered_on=today(),
        )
        uow.add(person, producer)
        uow.record(Event("producer.registered", ("producer", producer.id)))
        return {"id": str(producer.id)}


async def seed_plot(
    callers: Callers, coop: Caller, producer: dict[str, Any], area_ha: str = "2.5000"
) -> dict[str, Any]:
    async with acting(callers, coop) as uow:
        plot = Plot(
            organization_id=coop.organization_id,
            producer_id=UUID(producer["id"]),
            name="El Porvenir",
            state=PlotState.ACTIVE,
            land_use=LandUse.COCOA,
            geometry_kind=GeometryKind.POINT,
            area_ha=Decimal(area_ha),
            tenure_kind=TenureKind.TITLE,
        )
        uow.add(plot)
        uow.record(Event("plot.registered", ("plot", plot.id)))
        return {"id": str(plot.id), "area_ha": area_ha}


async def seed_consent(
    callers: Callers, coop: Caller, producer: dict[str, Any], recipient: Caller, purpose: Purpose
) -> dict[str, Any]:
    async with acting(callers, coop) as uow:
        consent = Consent(
            organization_id=coop.organization_id,
            producer_id=UUID(producer["id"]),
            purpose=purpose,
            recipient_organization_id=recipient.organization_id,
            text_version="1",
            text_hash="0" * 64,
            channel=Channel.PAPER,
            valid_from=date(2020, 1, 1),
            valid_until=today() + timedelta(days=400),
            state=ConsentState.GRANTED,
        )
        uow.add(consent)
        uow.record(Event("consent.granted", ("consent", consent.id)))
        return {"id": str(consent.id)}


async def revoke_consent(callers: Callers, coop: Caller, consent: dict[str, Any]) -> None:
    async with acting(callers, coop) as uow:
        row = await uow.locked(Consent, UUID(consent["id"]))
        assert row is not None
        row.state = ConsentState.REVOKED
        uow.record(Event("consent.revoked", ("consent", row.id)))


async def seed_cluster(
    callers: Callers, coop: Caller, producers: list[dict[str, Any]]
) -> dict[str, Any]:
    async with acting(callers, coop) as uow:
        cluster = Cluster(
            organization_id=coop.organization_id,
            name="Alto Huallaga",
            kind=ClusterKind.ASSOCIATED,
            ubigeo="220101",
        )
        members = [
            ClusterMember(
                cluster_id=cluster.id, producer_id=UUID(each["id"]), joined_on=date(2025, 1, 1)
            )
            for each in producers
        ]
        uow.add(cluster, *members)
        uow.record(Event("cluster.formed", ("cluster", cluster.id)))
        return {"id": str(cluster.id)}
