"""Wire shapes. Hashes are base64, as in RFC 9162."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from api.core.wire import Instant, Shape

Position = Annotated[
    int, Field(ge=0, le=9_007_199_254_740_991, json_schema_extra={"format": "int64"})
]
Hash = Annotated[str, Field(max_length=44, pattern=r"^[A-Za-z0-9+/]{43}=$")]
Word = Annotated[str, Field(max_length=80, pattern=r"^[a-z_.]+$")]


class SubjectOut(Shape):
    """What an entry is about."""

    type: Word
    id: UUID


class ActorOut(Shape):
    """Who did it."""

    organization_id: UUID
    client_id: UUID


class EntryOut(Shape):
    """One event. Its canonical JSON (RFC 8785) is what the leaf hashes."""

    id: UUID
    event: Word
    recorded_at: Instant
    actor: ActorOut
    subject: SubjectOut
    related: Annotated[list[SubjectOut], Field(max_length=10_000)]
    data: dict[str, Any]


class SequencedEntryOut(Shape):
    """An entry with its place in the log."""

    position: Position
    entry: EntryOut


class EventsOut(Shape):
    """A stretch of the feed; ask again with ``after`` = ``last``."""

    items: Annotated[list[SequencedEntryOut], Field(max_length=1000)]
    last: Annotated[
        int,
        Field(
            description="Position to continue after; -1 before the first entry",
            ge=-1,
            le=9_007_199_254_740_991,
            json_schema_extra={"format": "int64"},
        ),
    ]


class CheckpointOut(Shape):
    """The newest signed statement of the log's size and root (C2SP tlog-checkpoint)."""

    tree_size: Position
    root: Hash
    note: Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]
    verifier_key: Annotated[str, Field(max_length=300, pattern=r"^[^\s]+$")]


class InclusionOut(Shape):
    """Proof that an entry stands at its position (RFC 6962 §2.1.1)."""

    position: Position
    leaf_hash: Hash
    hashes: Annotated[list[Hash], Field(max_length=64)]
    checkpoint: CheckpointOut


class ConsistencyOut(Shape):
    """Proof that the smaller tree is the beginning of the larger (RFC 6962 §2.1.2)."""

    from_size: Position
    to_size: Position
    hashes: Annotated[list[Hash], Field(max_length=64)]
