"""Kilos by year and season, in one statement."""

from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    Integer,
    Numeric,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    extract,
    func,
    literal,
    null,
    or_,
    select,
)

from api.core.documents import document, text_of
from api.core.paging import Listing
from api.domains.clusters.repository import VISIBLE
from api.domains.clusters.rules import FEWEST
from api.domains.deliveries.vocabulary import CocoaForm
from api.domains.facts.rules import EARLY_DEPARTMENTS, EARLY_SEASON, MAIN_SEASON
from api.domains.lots.rules import DRYING_BAND
from api.models.clusters import Cluster, ClusterMember
from api.models.deliveries import Delivery
from api.models.producers import Producer

_c = Cluster.__table__.c  # type: ignore[attr-defined]
_m = ClusterMember.__table__.c  # type: ignore[attr-defined]
_d = Delivery.__table__.c  # type: ignore[attr-defined]
_p = Producer.__table__.c  # type: ignore[attr-defined]

_month = extract("month", _d.delivered_on)
_is_early = func.left(_p.ubigeo, 2) == any_(literal(list(EARLY_DEPARTMENTS), ARRAY(Text())))
_in_main = case((_is_early, _month.between(*EARLY_SEASON)), else_=_month.between(*MAIN_SEASON))

_delivered: Final = (
    select(
        _c.id.label("cluster_id"),
        (_c.organization_id == bindparam("actor")).label("own"),
        cast(extract("year", _d.delivered_on), Integer).label("year"),
        _d.producer_id,
        _in_main.label("main"),
        case((_d.form == CocoaForm.DRY, _d.net_kg), else_=_d.net_kg * DRYING_BAND[0]).label("kg"),
    )
    .join(_m.id.table, _m.cluster_id == _c.id)
    .join(
        _d.id.table,
        and_(
            _d.producer_id == _m.producer_id,
            _d.delivered_on >= _m.joined_on,
            or_(_m.left_on.is_(None), _d.delivered_on < _m.left_on),
        ),
    )
    .join(_p.id.table, _p.id == _d.producer_id)
    .where(_c.id == bindparam("cluster_id"), VISIBLE)
    .subquery("delivered")
)
_x = _delivered.c


def _kilos(*conditions: Any) -> Any:
    total = func.sum(_x.kg)
    found = total.filter(*conditions) if conditions else total
    return cast(func.coalesce(found, 0), Numeric(14, 3))


def _producers(*conditions: Any) -> Any:
    count = func.count(_x.producer_id.distinct())
    return count.filter(*conditions) if conditions else count


_years: Final = (
    select(
        _x.year,
        func.bool_or(_x.own).label("own"),
        _producers().label("producers"),
        _producers(_x.main).label("in_main"),
        _producers(~_x.main).label("in_others"),
        _kilos().label("kg"),
        _kilos(_x.main).label("main_kg"),
        _kilos(~_x.main).label("other_kg"),
    )
    .group_by(_x.year)
    .subquery("harvests")
)
_y = _years.c


def _many(count: Any) -> Any:
    return or_(count == 0, count >= FEWEST)


_told = or_(_y.own, _y.producers >= FEWEST)
# What is left of the year beside one season is the other's: both are told, or none.
_seasons_told = or_(_y.own, and_(_y.producers >= FEWEST, _many(_y.in_main), _many(_y.in_others)))

HARVESTS: Final = Listing(
    "cluster_harvests",
    select(
        document(
            year=_y.year,
            producers=case((_told, _y.producers), else_=null()),
            dry_kg=case((_told, text_of(_y.kg)), else_=null()),
            main_season_dry_kg=case((_seasons_told, text_of(_y.main_kg)), else_=null()),
            other_months_dry_kg=case((_seasons_told, text_of(_y.other_kg)), else_=null()),
        )
    ).select_from(_years),
    order=[_y.year],
    descending=True,
    filters={"year": _y.year == bindparam("year", type_=Integer())},
)
