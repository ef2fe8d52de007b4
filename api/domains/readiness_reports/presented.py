"""An assessment as it is stored and answered: JSON, values as text, exactly. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from api.core.criteria import written
from api.domains.readiness_reports.groups import GroupAssessment
from api.domains.readiness_reports.model import SHARE_READY, Row
from api.domains.readiness_reports.rules import Finding
from api.domains.readiness_reports.texts import CLOSES

Offers = Mapping[str, Sequence[str]]
"""Items on offer by category of service."""


def services_missing(findings: Iterable[Finding]) -> list[str]:
    """The categories of services that would close the gaps."""
    return sorted({str(f.row.service) for f in findings if f.row.service and not f.met})


def criteria(findings: Iterable[Finding], offers: Offers) -> list[dict[str, Any]]:
    """Every criterion with its value, threshold, points and sources, and what closes its gap."""
    return [_criterion(each, offers) for each in findings]


def members(group: GroupAssessment) -> dict[str, Any]:
    """A cluster in counts."""
    return {
        "members": group.members,
        "with_consent": group.with_consent,
        "ready": group.ready,
        "share_needed": f"{SHARE_READY}",
        "suppressed": group.suppressed,
        "criteria": [
            {**_named(row), "met": met, "of": group.with_consent} for row, met in group.counts
        ],
    }


def _named(row: Row) -> dict[str, Any]:
    return {
        "code": row.criterion.code,
        "dimension": str(row.dimension),
        "kind": str(row.kind),
    }


def _criterion(finding: Finding, offers: Offers) -> dict[str, Any]:
    criterion = finding.row.criterion
    return {
        **_named(finding.row),
        "fact": criterion.fact,
        "operator": str(criterion.operator),
        "threshold": written(criterion.threshold),
        "value": written(finding.evaluation.value),
        "absent_because": finding.absence and str(finding.absence),
        "met": finding.met,
        "points": finding.evaluation.points,
        "possible": criterion.points,
        "basis": dict(finding.basis),
        "sources": [{"type": kind, "id": found} for kind, found in finding.sources],
        "closes_with": None if finding.met else _closes(finding.row, offers),
    }


def _closes(row: Row, offers: Offers) -> dict[str, Any]:
    text = CLOSES[row.criterion.code]
    category = row.service and str(row.service)
    return {
        "es": text["es"],
        "en": text["en"],
        "category": category,
        "items": list(offers.get(category, ())) if category else [],
    }
