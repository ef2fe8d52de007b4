"""Actions on clusters and their memberships."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from api.core.clock import now, today
from api.core.ids import new_id
from api.core.problems import FieldError, InvalidPayload, NotFound, Problem, RuleBroken
from api.domains.clusters import repository, rules
from api.domains.clusters.problems import MembershipEnded
from api.domains.clusters.schemas import ClusterChange, ClusterIn, MemberIn
from api.domains.consents.problems import ConsentRequired
from api.domains.consents.vocabulary import Purpose
from api.domains.territories.service import expect_district, expect_territory
from api.models.clusters import Cluster, ClusterMember
from api.reads import Reader
from api.transactions import Event, UnitOfWork


class _Newcomer(NamedTuple):
    """A membership that is written past the session: of thousands, making the rows for it would
    take longer than to write them.
    """

    id: UUID
    version: int
    created_at: datetime
    updated_at: datetime
    cluster_id: UUID
    producer_id: UUID
    joined_on: date


async def create(uow: UnitOfWork, wish: ClusterIn) -> UUID:
    """A new cluster, hosted by the actor's organisation."""
    await expect_district(uow, wish.ubigeo)
    await _expect_territory(uow, wish.ubigeo, wish.territory)
    await _expect_representative(uow, wish.representative_id)
    values = wish.model_dump() | {"territory": rules.whole(wish.territory)}
    cluster = Cluster(id=new_id(), organization_id=uow.actor.organization_id, **values)
    uow.add(cluster)
    uow.record(
        Event(
            "cluster.created",
            ("cluster", cluster.id),
            {"kind": wish.kind.value, "ubigeo": wish.ubigeo},
            related=_producers(wish.representative_id),
        )
    )
    return cluster.id


async def change(uow: UnitOfWork, cluster_id: UUID, wish: ClusterChange, version: int) -> None:
    """Change a cluster of one's own."""
    cluster = await _own(uow, cluster_id)
    uow.expect_version(cluster, version)
    wanted = wish.changes()
    if "territory" in wanted:
        await expect_territory(uow, wanted["territory"], "/territory")
        wanted["territory"] = rules.whole(wanted["territory"])
    changes = {name: v for name, v in wanted.items() if getattr(cluster, name) != v}
    if not changes:
        return
    await expect_district(uow, changes.get("ubigeo"))
    if changes.keys() & {"ubigeo", "territory"}:
        after = {"ubigeo": cluster.ubigeo, "territory": cluster.territory} | changes
        _expect_within(after["ubigeo"], after["territory"])
    await _expect_representative(uow, changes.get("representative_id"))
    for name, value in changes.items():
        setattr(cluster, name, value)
    related = _producers(changes.get("representative_id"))
    data = {"fields": sorted(changes)}
    uow.record(Event("cluster.changed", ("cluster", cluster_id), data, related=related))


async def join(uow: UnitOfWork, cluster_id: UUID, wish: MemberIn) -> UUID:
    """A producer of the host joins, or was a member once; 409 where memberships would overlap."""
    await _own(uow, cluster_id)
    if not await repository.is_own_producer(uow, wish.producer_id):
        raise NotFound("producer")
    others = await repository.memberships(uow, cluster_id, wish.producer_id)
    wanted = rules.Membership(wish.joined_on, wish.left_on)
    if broken := rules.join_faults(wanted, others, today()):
        raise RuleBroken(errors=broken)
    member = ClusterMember(
        id=new_id(),
        cluster_id=cluster_id,
        producer_id=wish.producer_id,
        joined_on=wish.joined_on,
        left_on=wish.left_on,
    )
    uow.add(member)
    _record(uow, "cluster.member_joined", member, "joined_on", wish.joined_on)
    if wish.left_on is not None:
        _record(uow, "cluster.member_left", member, "left_on", wish.left_on)
    return member.id


async def hold(uow: UnitOfWork, cluster_id: UUID) -> None:
    """Let nobody else join or leave a cluster of one's own; before its producers are locked."""
    await _own(uow, cluster_id)


async def join_faults_of_rows(
    uow: UnitOfWork, cluster_id: UUID, joined_on: date, rows: Mapping[int, UUID | None]
) -> dict[int, list[FieldError]]:
    """The rows whose producers are no members now, each with what forbids that they join on that
    day. A producer who is to be made yet is None.
    """
    wanted, known = rules.Membership(joined_on), [one for one in rows.values() if one]
    had = await repository.memberships_of(uow, cluster_id, known)
    others = {row: had.get(one, []) if one else [] for row, one in rows.items()}
    return {
        row: rules.join_faults(wanted, theirs, today())
        for row, theirs in others.items()
        if not any(membership.runs for membership in theirs)
    }


async def join_all(
    uow: UnitOfWork, cluster_id: UUID, joined_on: date, producer_ids: Collection[UUID]
) -> None:
    """Active producers of the host join a cluster that is held, on a day that nothing forbids."""
    at = now()
    members = [_Newcomer(new_id(), 1, at, at, cluster_id, one, joined_on) for one in producer_ids]
    await uow.load(ClusterMember, [member._asdict() for member in members])
    for member in members:
        _record(uow, "cluster.member_joined", member, "joined_on", joined_on)


async def leave(uow: UnitOfWork, cluster_id: UUID, member_id: UUID, left_on: date) -> None:
    """A member leaves; the day is the first one without them."""
    await _own(uow, cluster_id)
    # The producer before the membership, as an erasure takes them.
    await repository.hold_member(uow, cluster_id, member_id)
    member = await repository.member_for_update(uow, cluster_id, member_id)
    if member is None:
        raise NotFound("member")
    if member.left_on is not None:
        raise MembershipEnded
    if broken := rules.leave_faults(member.joined_on, left_on, today()):
        raise RuleBroken(errors=broken)
    member.left_on = left_on
    _record(uow, "cluster.member_left", member, "left_on", left_on)


async def expect_own(uow: UnitOfWork, cluster_id: UUID) -> None:
    """404 for a cluster that the actor's organisation does not host."""
    if not await repository.is_own(uow, cluster_id):
        raise NotFound("cluster")


async def expect_visible(reader: Reader, cluster_id: UUID) -> None:
    """404 for a cluster that the actor does not see."""
    if not await reader.rows(repository.HOST, cluster_id=cluster_id):
        raise NotFound("cluster")


async def sees_all_members(reader: Reader, cluster_id: UUID, purpose: Purpose | None) -> bool:
    """True for the host, False for an onlooker who states a purpose.

    404 for a cluster that is not visible; 403 for an onlooker without a purpose, because that the
    cluster has members is known to it.
    """
    found = await reader.rows(repository.HOST, cluster_id=cluster_id)
    if not found:
        raise NotFound("cluster")
    if found[0][0] == reader.actor.organization_id:
        return True
    if purpose is None:
        raise _no_purpose()
    return False


def _no_purpose() -> Problem:
    text = {"es": "indique para qué lee", "en": "state what you read for"}
    return ConsentRequired(
        errors=[FieldError("?purpose", "missing", text)], extensions={"purposes": []}
    )


async def _expect_territory(uow: UnitOfWork, ubigeo: str, territory: list[str]) -> None:
    await expect_territory(uow, territory, "/territory")
    _expect_within(ubigeo, territory)


def _expect_within(ubigeo: str, territory: list[str]) -> None:
    if found := rules.place_faults(ubigeo, territory):
        raise InvalidPayload(errors=found)


async def _own(uow: UnitOfWork, cluster_id: UUID) -> Cluster:
    cluster = await repository.own_for_update(uow, cluster_id)
    if cluster is None:
        raise NotFound("cluster")
    return cluster


async def _expect_representative(uow: UnitOfWork, producer_id: UUID | None) -> None:
    if producer_id and not await repository.is_own_producer(uow, producer_id):
        raise NotFound("producer")


def _producers(producer_id: UUID | None) -> tuple[tuple[str, UUID], ...]:
    return (("producer", producer_id),) if producer_id else ()


def _record(
    uow: UnitOfWork, event: str, member: ClusterMember | _Newcomer, name: str, day: date
) -> None:
    uow.record(
        Event(
            event,
            ("cluster", member.cluster_id),
            {"member_id": str(member.id), name: day.isoformat()},
            related=_producers(member.producer_id),
        )
    )
