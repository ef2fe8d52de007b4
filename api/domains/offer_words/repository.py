"""Queries: which words are known, and which are near."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import bindparam, func, select

from api.core.documents import Query
from api.domains.offer_words import rules
from api.domains.publications.repository import SPANISH, normalised, plain
from api.models.catalogues import CatalogueItem
from api.models.offer_words import OfferWord, OfferWordSlip
from api.transactions import UnitOfWork

_i = CatalogueItem.__table__.c  # type: ignore[attr-defined]
_w = OfferWord.__table__.c  # type: ignore[attr-defined]
_p = OfferWordSlip.__table__.c  # type: ignore[attr-defined]
_texts = sa.ARRAY(sa.Text())


def _lexemes(word: Any) -> Any:
    return func.tsvector_to_array(func.to_tsvector(SPANISH, normalised(word)), type_=_texts)


_asked = func.unnest(bindparam("words", type_=_texts)).column_valued("asked")
_stems = _lexemes(_asked)
UNKNOWN: Final = Query(
    select(_asked).where(
        func.cardinality(_stems) > 0,
        ~select(_w.word).where(_w.lexeme == func.any(_stems)).exists(),
    )
)
"""Those of the words that neither stand in any offer nor are too common to be sought."""
NEAR: Final = Query(
    select(_p.word)
    .where(_p.slip == func.any(bindparam("slips", type_=_texts)))
    .distinct()
    .order_by(_p.word)
    .limit(sa.literal_column("200"))
)

_new = (
    select(
        func.regexp_split_to_table(
            plain(func.concat_ws(" ", _i.name, _i.description, _i.sku)),
            sa.literal_column("'[^a-z]+'"),
        ).label("word")
    )
    .where(_i.catalogue_id == bindparam("catalogue_id"))
    .distinct()
    .subquery()
)
_stem = func.array_to_string(_lexemes(_new.c.word), sa.literal_column("''"))
"""Of one word; none, of a word that is too common to be sought."""
_NEW: Final = Query(
    select(_new.c.word, _stem)
    .where(
        func.length(_new.c.word).between(
            sa.literal_column(str(rules.LEAST)), sa.literal_column(str(rules.MOST))
        ),
        _stem != sa.literal_column("''"),
        ~select(_w.word).where(_w.word == _new.c.word).exists(),
    )
    .order_by(_new.c.word)
)


async def learn(uow: UnitOfWork, catalogue_id: UUID) -> None:
    """Know the words of a catalogue's items."""
    rows = await uow.fetch(_NEW, catalogue_id=catalogue_id)
    if rows:
        await _insert(uow, OfferWord, "word, lexeme", *map(list, zip(*rows, strict=True)))
        pairs = sorted((slip, word) for word, _ in rows for slip in rules.slips(word))
        await _insert(uow, OfferWordSlip, "slip, word", *map(list, zip(*pairs, strict=True)))


async def _insert(
    uow: UnitOfWork, table: type[OfferWord | OfferWordSlip], names: str, *columns: Sequence[str]
) -> None:
    """In the order of their keys, so that two who publish never wait for each other for good."""
    statement = sa.text(
        f"INSERT INTO {table.__tablename__} ({names})"  # noqa: S608 # nosec B608 - constants
        " SELECT * FROM unnest(CAST(:a AS text[]), CAST(:b AS text[])) ON CONFLICT DO NOTHING"
    )
    await uow.fetch(Query(statement), a=columns[0], b=columns[1])
