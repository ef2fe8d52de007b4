"""Queries. An organisation sees the entries that concern it; observers and the operator see all.

Hashes and checkpoints reveal nothing and are everybody's.
"""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Integer,
    SmallInteger,
    bindparam,
    column,
    func,
    literal,
    or_,
    select,
)

from api.core.documents import Query
from api.core.merkle import Node
from api.models.ledger_entries import LedgerEntry
from api.models.ledger_log import LedgerCheckpoint, LedgerLeaf, LedgerNode, LedgerParty
from api.policies import Role
from api.reads import Reader

_e = LedgerEntry.__table__.c  # type: ignore[attr-defined]
_l = LedgerLeaf.__table__.c  # type: ignore[attr-defined]
_n = LedgerNode.__table__.c  # type: ignore[attr-defined]
_p = LedgerParty.__table__.c  # type: ignore[attr-defined]
_k = LedgerCheckpoint.__table__.c  # type: ignore[attr-defined]

_after = bindparam("after", type_=BigInteger())
_limit: Any = bindparam("limit_", type_=Integer())
_sees_all = bindparam("sees_all", type_=Boolean())

FEED: Final = Query(
    select(_p.position, _e.body)
    .select_from(_p.position.table)
    .join(_l.position.table, _l.position == _p.position)
    .join(_e.id.table, _e.id == _l.entry_id)
    .where(_p.organization_id == bindparam("actor"), _p.position > _after)
    .order_by(_p.position)
    .limit(_limit)
)
WHOLE_FEED: Final = Query(
    select(_l.position, _e.body)
    .select_from(_l.position.table)
    .join(_e.id.table, _e.id == _l.entry_id)
    .where(_l.position > _after)
    .order_by(_l.position)
    .limit(_limit)
)
_concerned = select(literal(1)).where(
    _p.organization_id == bindparam("actor"), _p.position == _l.position
)
ENTRY: Final = Query(
    select(_e.body, _l.position, _l.leaf_hash)
    .select_from(_e.id.table)
    .outerjoin(_l.position.table, _l.entry_id == _e.id)
    .where(
        _e.id == bindparam("entry_id"),
        or_(_sees_all, _e.organization_id == bindparam("actor"), _concerned.exists()),
    )
)
NEWEST: Final = Query(
    select(_k.tree_size, _k.root, _k.note).order_by(_k.tree_size.desc()).limit(literal(1))
)
_pairs = func.unnest(
    bindparam("levels", type_=ARRAY(SmallInteger())),
    bindparam("indexes", type_=ARRAY(BigInteger())),
)
_wanted = _pairs.table_valued(
    column("level", SmallInteger()), column("index", BigInteger()), name="wanted"
).render_derived()
_inner = select(_n.level, _n.index, _n.hash).join_from(
    _n.level.table, _wanted, (_n.level == _wanted.c.level) & (_n.index == _wanted.c.index)
)
_leaves = select(literal(0), _l.position, _l.leaf_hash).join_from(
    _l.position.table, _wanted, (_wanted.c.level == 0) & (_l.position == _wanted.c.index)
)
NODES: Final = Query(_inner.union_all(_leaves))


def _sees_everything(reader: Reader) -> bool:
    return reader.actor.is_operator or Role.OBSERVER in reader.actor.roles


async def feed(reader: Reader, after: int, limit: int) -> list[tuple[int, str]]:
    """Positions and bodies after a position, as far as the actor may see them."""
    query = WHOLE_FEED if _sees_everything(reader) else FEED
    rows = await reader.rows(query, after=after, limit_=limit)
    return [(row[0], row[1]) for row in rows]


async def entry(reader: Reader, entry_id: UUID) -> tuple[str, int | None, bytes | None] | None:
    """Body, position and leaf hash of an entry that the actor may see."""
    rows = await reader.rows(ENTRY, entry_id=entry_id, sees_all=_sees_everything(reader))
    return (rows[0][0], rows[0][1], rows[0][2]) if rows else None


async def newest_checkpoint(reader: Reader) -> tuple[int, bytes, str] | None:
    """Size, root and note of the newest checkpoint."""
    rows = await reader.rows(NEWEST)
    return (rows[0][0], rows[0][1], rows[0][2]) if rows else None


async def nodes(reader: Reader, wanted: list[Node]) -> dict[Node, bytes]:
    """The stored hashes of these subtrees, with one query."""
    rows = await reader.rows(
        NODES, levels=[level for level, _ in wanted], indexes=[index for _, index in wanted]
    )
    return {(row[0], row[1]): row[2] for row in rows}
