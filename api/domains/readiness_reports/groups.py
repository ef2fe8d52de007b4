"""A cluster, from its members: counted, never shown one by one. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from api.core.criteria import Criterion, Operator, evaluate
from api.core.money import quantize
from api.domains.clusters.rules import FEWEST
from api.domains.readiness_reports.model import SHARE_READY, Row
from api.domains.readiness_reports.rules import SHARE_STEP, Assessment, Finding
from api.domains.readiness_reports.vocabulary import CriterionKind, Dimension, Verdict

CONSENTS: Final = Row(
    Criterion("members_with_consent", "members_with_consent", Operator.GE, FEWEST),
    CriterionKind.GATE,
    Dimension.GROUP,
)
SHARE: Final = Row(
    Criterion("share_ready", "share_ready", Operator.GE, SHARE_READY),
    CriterionKind.GATE,
    Dimension.GROUP,
)


@dataclass(frozen=True, slots=True)
class GroupAssessment:
    """``ready`` is None and there are no criteria of members where the group is too small."""

    members: int
    with_consent: int
    ready: int | None
    points: int
    points_possible: int
    findings: tuple[Finding, ...]
    counts: tuple[tuple[Row, int], ...]

    @property
    def suppressed(self) -> bool:
        """Whether sums over so few members would tell about single persons."""
        return self.ready is None

    @property
    def verdict(self) -> Verdict:
        """Ready where enough members consent and enough of all members are ready."""
        ready = all(each.met for each in self.findings) and not self.suppressed
        return Verdict.READY if ready else Verdict.NOT_READY


def is_enough(with_consent: int) -> bool:
    """Whether sums over so many members tell about nobody in particular."""
    return with_consent >= FEWEST


def assess_group(
    members: int, with_consent: int, assessments: Sequence[Assessment]
) -> GroupAssessment:
    """Judge a cluster by those of its ``members`` who consent; too few are not assessed at all."""
    enough = _finding(CONSENTS, with_consent)
    if not is_enough(with_consent):
        return GroupAssessment(members, with_consent, None, 0, 0, (enough,), ())
    ready = sum(each.verdict is Verdict.READY for each in assessments)
    share = quantize(Decimal(ready) / members, SHARE_STEP, "ROUND_DOWN")
    return GroupAssessment(
        members=members,
        with_consent=with_consent,
        ready=ready,
        points=sum(each.points for each in assessments) // with_consent,
        points_possible=assessments[0].points_possible,
        findings=(enough, _finding(SHARE, share)),
        counts=_counts(assessments),
    )


def _counts(assessments: Sequence[Assessment]) -> tuple[tuple[Row, int], ...]:
    """By criterion, how many members meet it."""
    rows = [each.row for each in assessments[0].findings]
    return tuple(
        (row, sum(each.findings[number].met for each in assessments))
        for number, row in enumerate(rows)
    )


def _finding(row: Row, value: Decimal | int) -> Finding:
    evaluation = evaluate(row.criterion, {row.criterion.fact: value})
    return Finding(row, evaluation, None, (), {})
