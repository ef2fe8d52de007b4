"""What the demonstration invents has valid forms, and land that can be registered."""

import itertools
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import shape

from api.demo.goods import items
from api.demo.land import (
    JUANJUI_FIELDS,
    STORY_FIELDS,
    STORY_ROWS,
    TOCACHE_FIELDS,
    Place,
    field,
    free_start,
)
from api.demo.people import (
    NEAR_JUANJUI,
    NEAR_TOCACHE,
    ORGANIZATIONS,
    STORY,
    Person,
    demo_ruc,
    registration,
)
from api.domains.catalogues.rules import MUST_BE_REGISTERED
from api.domains.catalogues.schemas import ItemIn
from api.domains.catalogues.vocabulary import Category
from api.domains.organizations.rules import is_ruc
from api.domains.plots.arrival import AREAS, judge_arrival
from api.domains.producers.schemas import ProducerIn
from api.policies import Role

PEOPLE = (*NEAR_TOCACHE, *NEAR_JUANJUI, *STORY)
FIELDS = STORY_FIELDS.columns * STORY_ROWS


def test_there_is_an_organisation_for_every_role() -> None:
    assert set(ORGANIZATIONS) == set(Role)


@given(st.integers(0, 99_999))
def test_every_ruc_has_its_check_digit(number: int) -> None:
    assert is_ruc(demo_ruc(number))


@given(st.sampled_from(PEOPLE), st.integers(0, 9_999_999))
def test_every_registration_can_be_registered(person: Person, number: int) -> None:
    wish = ProducerIn.model_validate(registration(person, number, "221001"))
    assert wish.document.number[1:] == f"{number:07d}"
    assert wish.phone is not None


def test_nobody_is_there_twice() -> None:
    names = [(person.given_names, person.family_names) for person in PEOPLE]
    assert len(set(names)) == len(names)


@given(
    st.tuples(st.just(STORY_FIELDS), st.integers(0, FIELDS - 1))
    | st.tuples(st.sampled_from((TOCACHE_FIELDS, JUANJUI_FIELDS)), st.integers(0, 20))
)
def test_every_field_is_a_sound_plot_of_one_to_three_hectares(where: tuple[Place, int]) -> None:
    verdict = judge_arrival(field(*where), None, AREAS["peru"])
    assert verdict.findings == ()
    assert verdict.geometry is not None
    assert Decimal(1) <= verdict.geometry.area_ha <= Decimal(3)


@given(st.integers(0, FIELDS))
def test_neighbours_never_touch(number: int) -> None:
    row = STORY_FIELDS.columns
    around = (number, number + 1, number + row - 1, number + row, number + row + 1)
    fields = [shape(field(STORY_FIELDS, each)) for each in around]
    middle, *others = fields
    assert not any(middle.intersects(other) for other in others)


def test_the_seeded_fields_never_touch_each_other_or_the_story_s() -> None:
    seeded = [field(place, n) for place in (TOCACHE_FIELDS, JUANJUI_FIELDS) for n in range(9)]
    shapes = [shape(each) for each in seeded]
    assert not any(a.intersects(b) for a, b in itertools.combinations(shapes, 2))


def test_a_run_of_the_story_begins_within_its_fields() -> None:
    starts = {free_start() for _ in range(200)}
    assert len(starts) > 100
    assert all(0 <= start <= FIELDS - len(STORY) for start in starts)
    assert all(start % len(STORY) == 0 for start in starts)


def test_the_catalogue_has_every_category() -> None:
    wishes = [ItemIn.model_validate(item) for item in items()]
    assert len(wishes) >= 25
    assert {wish.category for wish in wishes} == set(Category)
    assert len({wish.sku for wish in wishes}) == len(wishes)
    assert all(wish.senasa for wish in wishes if wish.category in MUST_BE_REGISTERED)


@pytest.mark.parametrize("item", items(), ids=lambda item: item["sku"])
def test_more_never_costs_more_apiece(item: dict[str, Any]) -> None:
    prices = [Decimal(item["price"]), *(Decimal(tier["price"]) for tier in item["price_tiers"])]
    assert prices == sorted(prices, reverse=True)
