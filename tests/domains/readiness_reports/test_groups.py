import pytest

from api.domains.readiness_reports.groups import assess_group
from api.domains.readiness_reports.presented import criteria, members
from api.domains.readiness_reports.rules import assess
from api.domains.readiness_reports.vocabulary import Verdict
from tests.domains.readiness_reports.samples import PRODUCT, READY, having

GOOD = assess(READY, PRODUCT)
BAD = assess(having(farm_plan_state=None), PRODUCT)


@pytest.mark.parametrize(
    ("in_all", "ready", "verdict"),
    [
        (5, 3, Verdict.READY),
        (5, 2, Verdict.NOT_READY),
        (10, 6, Verdict.READY),
        (11, 6, Verdict.NOT_READY),
    ],
)
def test_enough_of_all_members_must_be_ready(in_all: int, ready: int, verdict: Verdict) -> None:
    asked = max(ready, 5)
    group = assess_group(in_all, asked, [GOOD] * ready + [BAD] * (asked - ready))
    assert (group.ready, group.verdict) == (ready, verdict)


def test_members_without_consent_count_against_it() -> None:
    assert assess_group(8, 5, [GOOD] * 5).verdict is Verdict.READY
    assert assess_group(9, 5, [GOOD] * 5).verdict is Verdict.NOT_READY


def test_criteria_are_told_in_counts() -> None:
    told = members(assess_group(6, 5, [GOOD, GOOD, GOOD, BAD, BAD]))
    by_code = {each["code"]: each for each in told["criteria"]}
    assert (by_code["farm_plan"]["met"], by_code["farm_plan"]["of"]) == (3, 5)
    assert (by_code["identity"]["met"], by_code["identity"]["of"]) == (5, 5)


def test_points_are_the_mean_rounded_down() -> None:
    group = assess_group(5, 5, [GOOD] * 5)
    assert (group.points, group.points_possible) == (GOOD.points, 100)


@pytest.mark.parametrize("with_consent", range(5))
def test_below_five_nothing_but_totals_is_told(with_consent: int) -> None:
    group = assess_group(30, with_consent, [])
    assert group.verdict is Verdict.NOT_READY
    assert members(group) == {
        "members": 30,
        "with_consent": with_consent,
        "ready": None,
        "share_needed": "0.6000",
        "suppressed": True,
        "criteria": [],
    }
    [only] = criteria(group.findings, {})
    assert (only["code"], only["value"], only["met"]) == (
        "members_with_consent",
        str(with_consent),
        False,
    )
