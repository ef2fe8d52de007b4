"""Issuing a readiness report: consent first, then facts, then the rules, then the record of all."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from api.core.clock import today
from api.core.ids import new_id
from api.core.problems import InvalidPayload, NotFound
from api.domains.consents.service import consented, record_access
from api.domains.consents.vocabulary import Purpose
from api.domains.credit_products.service import conditions_of, published
from api.domains.readiness_reports import model, presented, repository, texts
from api.domains.readiness_reports.capacity import Demands
from api.domains.readiness_reports.facts import ReadinessFacts, hash_of, plain
from api.domains.readiness_reports.groups import assess_group, is_enough
from api.domains.readiness_reports.problems import ReadinessConsentRequired
from api.domains.readiness_reports.repository import Asked
from api.domains.readiness_reports.rules import assess
from api.domains.readiness_reports.schemas import ReadinessReportIn
from api.models.clusters import Cluster
from api.models.readiness_reports import ReadinessReport
from api.transactions import Event, UnitOfWork

PURPOSE: Final = Purpose.CREDIT_READINESS
OPERATION: Final = "issue_readiness_report"


async def issue(uow: UnitOfWork, wish: ReadinessReportIn) -> UUID:
    """Judge a producer or a cluster, and keep what was told."""
    as_of = wish.as_of or today()
    if as_of > today():
        raise InvalidPayload(errors=[texts.IN_THE_FUTURE])
    if (wish.producer_id is None) == (wish.cluster_id is None):
        raise InvalidPayload(errors=[texts.ONE_SUBJECT])
    demands = await _demands(uow, wish.credit_product_id)
    if wish.producer_id is not None:
        report = await _of_producer(uow, wish.producer_id, demands, as_of)
    else:
        assert wish.cluster_id is not None
        report = await _of_cluster(uow, wish.cluster_id, demands, as_of)
    uow.add(report)
    _record(uow, report)
    return report.id


async def _demands(uow: UnitOfWork, credit_product_id: UUID | None) -> Demands:
    """What the product demands, or the general profile."""
    if credit_product_id is None:
        return Demands()
    product = await published(uow, credit_product_id)
    return Demands(
        credit_product_id=product.id,
        conditions=conditions_of(product),
        purposes=frozenset(product.purposes),
        financed_share=product.financed_share,
        minimum_dscr=product.minimum_dscr,
        requires_commitment=product.requires_commitment,
        reference_policy=product.reference_policy,
    )


async def _of_producer(
    uow: UnitOfWork, producer_id: UUID, demands: Demands, as_of: date
) -> ReadinessReport:
    found = await repository.producers(uow, [producer_id])
    if not found:
        raise NotFound("producer")
    allowed, consents = await _allowed(uow, found)
    if not allowed:
        raise ReadinessConsentRequired(extensions={"purpose": PURPOSE})
    [facts] = await _facts(uow, allowed, consents, as_of)
    assessment, known = assess(facts, demands), plain(facts)
    missing = presented.services_missing(assessment.findings)
    offers = await repository.offers(uow, missing, found[0].ubigeo)
    return ReadinessReport(
        **_common(uow, demands, as_of, consents),
        producer_organization_id=found[0].organization_id,
        producer_id=producer_id,
        verdict=assessment.verdict,
        points=assessment.points,
        points_possible=assessment.points_possible,
        criteria=presented.criteria(assessment.findings, offers),
        facts=known,
        facts_hash=hash_of(known),
    )


async def _of_cluster(
    uow: UnitOfWork, cluster_id: UUID, demands: Demands, as_of: date
) -> ReadinessReport:
    """Members without consent are counted, not shown; of too few, nothing is even read."""
    cluster = await uow.find(Cluster, Cluster.id == cluster_id)
    if cluster is None:
        raise NotFound("cluster")
    members = await repository.members(uow, cluster_id, as_of)
    allowed, consents = await _allowed(uow, await repository.producers(uow, members))
    with_consent = len(allowed)
    if not is_enough(with_consent):
        allowed, consents = [], {}
    facts = await _facts(uow, allowed, consents, as_of)
    group = assess_group(len(members), with_consent, [assess(each, demands) for each in facts])
    offers = await repository.offers(
        uow, presented.services_missing(group.findings), cluster.ubigeo
    )
    return ReadinessReport(
        **_common(uow, demands, as_of, consents),
        producer_organization_id=cluster.organization_id,
        cluster_id=cluster_id,
        verdict=group.verdict,
        points=group.points,
        points_possible=group.points_possible,
        criteria=presented.criteria(group.findings, offers),
        members=presented.members(group),
        facts_hash=hash_of({"members": sorted(hash_of(plain(each)) for each in facts)}),
    )


async def _allowed(uow: UnitOfWork, found: Sequence[Asked]) -> tuple[list[Asked], dict[UUID, UUID]]:
    """Those whom the actor may judge: its own producers, and others who consent."""
    consents = await consented(uow, [each.id for each in found], PURPOSE)
    own = uow.actor.organization_id
    allowed = [each for each in found if each.organization_id == own or each.id in consents]
    return allowed, {each.id: consents[each.id] for each in allowed if each.id in consents}


async def _facts(
    uow: UnitOfWork, allowed: list[Asked], consents: dict[UUID, UUID], as_of: date
) -> list[ReadinessFacts]:
    if not allowed:
        return []
    await record_access(uow, consents, PURPOSE, OPERATION)
    return await repository.facts_of(uow, allowed, consents, as_of)


def _common(
    uow: UnitOfWork, demands: Demands, as_of: date, consents: dict[UUID, UUID]
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "organization_id": uow.actor.organization_id,
        "credit_product_id": demands.credit_product_id,
        "as_of": as_of,
        "model_version": model.MODEL_VERSION,
        "consents": sorted(str(each) for each in consents.values()),
    }


def _record(uow: UnitOfWork, report: ReadinessReport) -> None:
    """What was asked and from which facts: the verdict about a person is not for the ledger."""
    subjects = (("producer", report.producer_id), ("cluster", report.cluster_id))
    about = tuple((kind, found) for kind, found in subjects if found is not None)
    data: dict[str, Any] = {
        "as_of": report.as_of.isoformat(),
        "facts_hash": report.facts_hash,
        "model_version": report.model_version,
        "consents": list(report.consents),
    }
    related = (*about, ("organization", report.producer_organization_id))
    uow.record(Event("readiness_report.issued", ("readiness_report", report.id), data, related))
