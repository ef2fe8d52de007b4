"""Every rule says the same in both languages, under a code of its own."""

from string import Formatter
from types import ModuleType

import pytest

from api.core.geo import json_text, structure_rules
from api.core.geo.findings import Finding, Rule, has_error, member
from api.domains.plots import eudr_texts, format_texts, plot_texts, ring_texts

MODULES = (json_text, structure_rules, ring_texts, plot_texts, eudr_texts, format_texts)

SHARED = {"geometry-missing"}
"""The same breach, said in the words of a plot and in those of an EU file."""


def rules(module: ModuleType) -> list[Rule]:
    return [value for value in vars(module).values() if isinstance(value, Rule)]


ALL = [rule for module in MODULES for rule in rules(module)]


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_codes_are_unique() -> None:
    codes = [rule.code for rule in ALL]
    assert {code for code in codes if codes.count(code) > 1} == SHARED
    assert len(ALL) > 50


@pytest.mark.parametrize("rule", ALL, ids=[f"{n}-{rule.code}" for n, rule in enumerate(ALL)])
def test_a_rule_is_whole(rule: Rule) -> None:
    assert rule.source
    assert placeholders(rule.es) == placeholders(rule.en)
    facts = dict.fromkeys(placeholders(rule.es) - {"position"}, "7")
    finding = rule.at("/a", position=3, **facts)  # type: ignore[arg-type]
    assert isinstance(finding, Finding)
    for sentence in finding.detail.values():
        assert sentence.endswith(".")
        assert sentence[0].isupper() or sentence[0] == "«" or sentence[0] == "'"
    assert finding.es != finding.en


def test_warnings_do_not_refuse() -> None:
    warning, error = plot_texts.NEEDLE.at(""), ring_texts.HOLE.at("")
    assert not has_error([warning])
    assert has_error([warning, error])


def test_pointers_are_escaped() -> None:
    assert member("/properties", "a/b~c") == "/properties/a~1b~0c"
    assert member("", 0) == "/0"
