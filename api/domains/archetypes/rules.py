"""Tables of rules, and where a producer lands. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from api.core.criteria import Criterion, Evaluation, Operator, Value, evaluate, written
from api.core.problems import FieldError
from api.domains.archetypes.vocabulary import NOT_JUDGED, UNCLASSIFIED
from api.domains.clusters.rules import FEWEST
from api.domains.facts.facts import FACTS, Fact, ProducerFacts
from api.domains.facts.vocabulary import FactKind, FactName


@dataclass(frozen=True, slots=True)
class Rule:
    """An archetype: its code, and the criteria that must all be met."""

    code: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Every criterion of one rule, judged."""

    rule: str
    evaluations: tuple[Evaluation, ...]

    @property
    def met(self) -> bool:
        """Whether the rule is met: all of it."""
        return all(each.met for each in self.evaluations)

    @property
    def open_facts(self) -> list[FactName]:
        """The facts that alone stand between the producer and this rule: unknown, none against."""
        if any(not each.met and each.value is not None for each in self.evaluations):
            return []
        return [FactName(each.criterion.fact) for each in self.evaluations if each.value is None]


@dataclass(frozen=True, slots=True)
class Placement:
    """The archetype, the rules asked up to it, and the facts whose absence left a rule open."""

    archetype: str
    findings: tuple[Finding, ...]
    missing: tuple[FactName, ...]


def place(rules: Sequence[Rule], facts: ProducerFacts) -> Placement:
    """The first rule that is met decides; where none is, the producer stays unclassified."""
    values = facts.values()
    findings: list[Finding] = []
    for rule in rules:
        finding = Finding(rule.code, tuple(evaluate(each, values) for each in rule.criteria))
        findings.append(finding)
        if finding.met:
            return Placement(rule.code, tuple(findings), _open(findings))
    return Placement(UNCLASSIFIED, tuple(findings), _open(findings))


def _open(findings: Iterable[Finding]) -> tuple[FactName, ...]:
    names = {name for finding in findings for name in finding.open_facts}
    return tuple(name for name in FactName if name in names)


def reasons_of(placement: Placement) -> list[dict[str, Any]]:
    """Every criterion that was judged, its value beside its threshold."""
    return [
        {
            "rule": finding.rule,
            "fact": each.criterion.fact,
            "operator": str(each.criterion.operator),
            "threshold": written(each.criterion.threshold),
            "value": written(each.value),
            "met": each.met,
        }
        for finding in placement.findings
        for each in finding.evaluations
    ]


def missing_of(placement: Placement, facts: ProducerFacts) -> list[dict[str, str]]:
    """The facts that might have put the producer elsewhere, each with why it is not known."""
    return [{"fact": str(name), "because": str(facts.absences[name])} for name in placement.missing]


def rules_of(table: Iterable[Mapping[str, Any]]) -> list[Rule]:
    """The rules of a table that was found faultless."""
    return [
        Rule(
            rule["code"],
            tuple(
                Criterion(
                    f"{rule['code']}.{number}",
                    each["fact"],
                    Operator(each["operator"]),
                    _threshold(FACTS[FactName(each["fact"])], each),
                )
                for number, each in enumerate(rule["criteria"])
            ),
        )
        for rule in table
    ]


def table_faults(table: Sequence[Mapping[str, Any]]) -> list[FieldError]:
    """What forbids a table: a code twice or reserved, a threshold that its fact cannot meet."""
    codes = [rule["code"] for rule in table]
    faults = [
        FieldError(f"/rules/{number}/code", "code-taken", _TAKEN)
        for number, code in enumerate(codes)
        if code in (UNCLASSIFIED, NOT_JUDGED) or code in codes[:number]
    ]
    for number, rule in enumerate(table):
        for place_, each in enumerate(rule["criteria"]):
            pointer = f"/rules/{number}/criteria/{place_}/threshold"
            faults += [FieldError(pointer, "threshold-invalid", text) for text in _against(each)]
    return faults


def _against(criterion: Mapping[str, Any]) -> Iterator[Mapping[str, str]]:
    fact = FACTS[FactName(criterion["fact"])]
    try:
        threshold = _threshold(fact, criterion)
        Criterion("x", criterion["fact"], Operator(criterion["operator"]), threshold)
    except (ValueError, TypeError):
        yield _UNFIT
        return
    texts = {str(each) for each in (threshold if isinstance(threshold, tuple) else (threshold,))}
    if fact.among and not texts <= set(fact.among):
        yield _UNKNOWN_WORD


def _threshold(fact: Fact, criterion: Mapping[str, Any]) -> Value | tuple[Value, ...]:
    given = criterion["threshold"]
    if isinstance(given, str):
        return _value(fact.kind, given)
    return tuple(_value(fact.kind, each) for each in given)


def _value(kind: FactKind, given: str) -> Value:
    if kind is FactKind.NUMBER:
        if not _NUMBER.fullmatch(given):
            raise ValueError("a number")
        return Decimal(given)
    if kind is FactKind.TEXT:
        return given
    if given not in _BOOLEANS:
        raise ValueError("true or false")
    return _BOOLEANS[given]


def hidden(groups: Mapping[str, int], fewest: int = FEWEST) -> frozenset[str]:
    """The groups that others must not be shown: those under ``fewest``, and as many of the next
    smallest as it takes that no hidden group is the difference to the total.
    """
    ordered = sorted(groups, key=lambda name: (groups[name], name))
    away: list[str] = []
    for name in ordered:
        total = sum(groups[each] for each in away)
        if groups[name] >= fewest and (not away or (len(away) > 1 and total >= fewest)):
            break
        away.append(name)
    return frozenset(away)


_NUMBER: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
_BOOLEANS: Final = {"true": True, "false": False}
_TAKEN: Final = {
    "es": "el código ya está en la tabla, o está reservado",
    "en": "the code is in the table already, or is reserved",
}
_UNFIT: Final = {
    "es": "el umbral no corresponde al hecho y al operador",
    "en": "the threshold does not fit the fact and the operator",
}
_UNKNOWN_WORD: Final = {
    "es": "el hecho nunca toma ese valor",
    "en": "the fact never takes that value",
}
