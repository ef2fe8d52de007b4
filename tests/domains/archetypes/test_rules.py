from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domains.archetypes.rules import (
    hidden,
    missing_of,
    place,
    reasons_of,
    rules_of,
    table_faults,
)
from api.domains.archetypes.schemas import ArchetypeTableIn
from api.domains.archetypes.service import SHIPPED
from api.domains.archetypes.vocabulary import NOT_JUDGED, UNCLASSIFIED
from api.domains.clusters.rules import FEWEST
from api.domains.facts.facts import FACTS, ProducerFacts
from api.domains.facts.vocabulary import Absence, FactKind, FactName
from tests.factories.archetypes import criterion, rule

SHIPPED_RULES = orjson.loads(SHIPPED.read_bytes())["rules"]


def facts(**known: Any) -> ProducerFacts:
    values: dict[str, Any] = {name.value: known.get(name.value) for name in FactName}
    absences = {n: Absence.NOT_RECORDED for n in FactName if values[n] is None}
    return ProducerFacts(UUID(int=1), date(2026, 11, 23), absences=absences, **values)


def placed(rules: list[dict[str, Any]], **known: Any) -> str:
    return place(rules_of(rules), facts(**known)).archetype


@pytest.mark.parametrize(
    ("operator", "ha", "archetype"),
    [
        ("gt", "2.0000", UNCLASSIFIED),
        ("gt", "2.0001", "x"),
        ("ge", "1.9999", UNCLASSIFIED),
        ("ge", "2.0000", "x"),
    ],
)
def test_more_than_2_ha_is_not_2_ha_or_more(operator: str, ha: str, archetype: str) -> None:
    rules = [rule("x", criterion("cocoa_area_ha", operator, "2"))]
    assert placed(rules, cocoa_area_ha=Decimal(ha)) == archetype


def test_the_first_rule_that_is_met_decides() -> None:
    rules = [
        rule("large", criterion("cocoa_area_ha", "gt", "5")),
        rule("any", criterion("cocoa_area_ha", "ge", "0")),
        rule("late", criterion("cocoa_area_ha", "ge", "0")),
    ]
    assert placed(rules, cocoa_area_ha=Decimal(6)) == "large"
    assert placed(rules, cocoa_area_ha=Decimal(5)) == "any"


def test_texts_and_truths_and_several() -> None:
    rules = [
        rule("variety", criterion("variety", "in", ["CCN-51", "criollo"])),
        rule("planned", criterion("has_farm_plan", "eq", "true")),
    ]
    assert placed(rules, variety="criollo", has_farm_plan=True) == "variety"
    assert placed(rules, variety="chuncho", has_farm_plan=True) == "planned"
    assert placed(rules, variety="chuncho", has_farm_plan=False) == UNCLASSIFIED


def test_the_reasons_name_value_and_threshold_and_what_was_missing() -> None:
    rules = [
        rule("a", criterion("kg_per_ha", "ge", "800"), criterion("plots", "ge", "1")),
        rule("b", criterion("kg_per_ha", "ge", "700"), criterion("plots", "ge", "9")),
    ]
    known = facts(plots=2)
    found = place(rules_of(rules), known)
    assert found.archetype == UNCLASSIFIED
    assert reasons_of(found)[:2] == [
        {
            "rule": "a",
            "fact": "kg_per_ha",
            "operator": "ge",
            "threshold": "800",
            "value": None,
            "met": False,
        },
        {
            "rule": "a",
            "fact": "plots",
            "operator": "ge",
            "threshold": "1",
            "value": "2",
            "met": True,
        },
    ]
    assert missing_of(found, known) == [{"fact": "kg_per_ha", "because": "not_recorded"}]


def test_a_fact_is_not_missing_where_another_speaks_against_the_rule() -> None:
    rules = [rule("b", criterion("kg_per_ha", "ge", "700"), criterion("plots", "ge", "9"))]
    assert place(rules_of(rules), facts(plots=2)).missing == ()


class TestFaults:
    @pytest.mark.parametrize(
        "faulty",
        [
            criterion("plots", "ge", "many"),
            criterion("plots", "ge", "1e9"),
            criterion("plots", "ge", "NaN"),
            criterion("plots", "ge", ["1"]),
            criterion("plots", "in", "1"),
            criterion("variety", "gt", "CCN-51"),
            criterion("has_farm_plan", "eq", "yes"),
            criterion("association_status", "eq", "member"),
            criterion("production_system", "in", ["cocoa", "coffee"]),
        ],
        ids=str,
    )
    def test_a_threshold_that_cannot_be_met(self, faulty: dict[str, Any]) -> None:
        [fault] = table_faults([rule("x", criterion("plots", "ge", "1"), faulty)])
        where = "/rules/0/criteria/1/threshold"
        assert (fault.pointer, fault.code) == (where, "threshold-invalid")

    @pytest.mark.parametrize("code", ["x", UNCLASSIFIED, NOT_JUDGED])
    def test_a_code_twice_or_reserved(self, code: str) -> None:
        one = criterion("plots", "ge", "1")
        [fault] = table_faults([rule("x", one), rule(code, one)])
        assert (fault.pointer, fault.code) == ("/rules/1/code", "code-taken")


class TestShipped:
    def test_it_is_a_table_as_operators_write_them_and_says_that_it_demonstrates(self) -> None:
        table = ArchetypeTableIn(**orjson.loads(SHIPPED.read_bytes()))
        assert table.demonstration
        assert table_faults(table.model_dump(mode="json")["rules"]) == []

    def test_it_speaks_on_the_axes_of_the_sector(self) -> None:
        asked = {each["fact"] for row in SHIPPED_RULES for each in row["criteria"]}
        assert asked == {
            "cocoa_area_ha",
            "kg_per_ha",
            "association_status",
            "plantation_age_years",
            "plants_per_ha",
            "production_system",
            "diversification_share",
            "forest_ha",
        }

    def test_whoever_has_cocoa_and_a_yield_is_classified(self) -> None:
        for ha in ("0.5", "2", "2.0001", "10"):
            for kg in ("100", "799.999", "800", "1500"):
                for status in FACTS[FactName.ASSOCIATION_STATUS].among:
                    known: dict[str, Any] = {"association_status": status}
                    known |= {"cocoa_area_ha": Decimal(ha), "kg_per_ha": Decimal(kg)}
                    assert placed(SHIPPED_RULES, **known) != UNCLASSIFIED


def _values(name: FactName) -> st.SearchStrategy[Any]:
    fact = FACTS[name]
    if fact.kind is FactKind.NUMBER:
        return st.none() | st.decimals(min_value=0, max_value=2000, places=4)
    if fact.kind is FactKind.BOOLEAN:
        return st.booleans()
    return st.none() | st.sampled_from(fact.among or ("CCN-51", "criollo"))


@given(st.fixed_dictionaries({name.value: _values(name) for name in FactName}))
def test_everybody_lands_in_one_archetype_or_stays_unclassified_with_reasons(
    known: Mapping[str, Any],
) -> None:
    producer = facts(**known)
    found = place(rules_of(SHIPPED_RULES), producer)
    codes = [each["code"] for each in SHIPPED_RULES]
    met = [finding.rule for finding in found.findings if finding.met]
    if found.archetype == UNCLASSIFIED:
        assert met == []
        assert [finding.rule for finding in found.findings] == codes
        assert all(any(not r["met"] for r in reasons_of(found) if r["rule"] == c) for c in codes)
    else:
        assert met == [found.archetype] == [found.findings[-1].rule]
    assert set(found.missing) <= set(producer.absences)
    assert found == place(rules_of(SHIPPED_RULES), producer)


class TestHidden:
    @pytest.mark.parametrize(
        ("groups", "away"),
        [
            ({}, set()),
            ({"a": 5, "b": 9}, set()),
            ({"a": 4}, {"a"}),
            ({"a": 4, "b": 9}, {"a", "b"}),
            ({"a": 1, "b": 2, "c": 5, "d": 9}, {"a", "b", "c"}),
            ({"a": 3, "b": 4, "c": 9}, {"a", "b"}),
        ],
    )
    def test_by_hand(self, groups: dict[str, int], away: set[str]) -> None:
        assert hidden(groups) == away

    @given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 12)))
    def test_nobody_is_shown_in_a_small_group_nor_left_over_as_one(
        self, groups: dict[str, int]
    ) -> None:
        away = hidden(groups)
        assert all(groups[name] >= FEWEST for name in groups.keys() - away)
        if away and away != groups.keys():
            assert len(away) > 1
            assert sum(groups[name] for name in away) >= FEWEST
