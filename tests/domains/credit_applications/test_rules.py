from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.core.ids import new_id
from api.domains.credit_applications.rules import (
    Application,
    Guarantee,
    Part,
    PlanLine,
    Product,
    Subject,
    reasons_against_guarantee,
    reasons_malformed,
    reasons_not_eligible,
)
from api.domains.credit_products.vocabulary import Borrower

D = Decimal
ROSA, JUAN, LENDER, GROUP = (new_id() for _ in range(4))
FERTILIZER, LABOUR = new_id(), new_id()
PRODUCT = Product(
    currency="PEN",
    borrower=Borrower.INDIVIDUAL,
    amount_min=D(500),
    amount_max=D(30_000),
    term_months_min=6,
    term_months_max=24,
    purposes=["fertilizer", "labour"],
    financed_share=D("0.8"),
    requires_commitment=False,
    coverage=["22"],
)
SUBJECT = Subject(Borrower.INDIVIDUAL, "220601", {ROSA})
LINES = {
    FERTILIZER: PlanLine(ROSA, True, "fertilizer", "PEN", D(1140), D(0)),
    LABOUR: PlanLine(ROSA, True, "labour", "PEN", D(1200), D(0)),
}


def asked(*amounts: tuple[Any, str], months: int = 12, pledges: bool = False) -> Application:
    parts = [Part(line_id, D(amount), "PEN") for line_id, amount in amounts]
    return Application(months, parts, pledges)


WISH = asked((FERTILIZER, "900.00"), (LABOUR, "900.00"))


def codes(
    product: Product = PRODUCT,
    subject: Subject = SUBJECT,
    wish: Application = WISH,
    **line: Any,
) -> list[tuple[str, str]]:
    lines = {**LINES, FERTILIZER: replace(LINES[FERTILIZER], **line)}
    found = reasons_not_eligible(product, subject, wish, lines)
    return [(reason.pointer, reason.code) for reason in found]


def test_nothing_stands_against_a_good_one() -> None:
    assert codes() == []
    assert WISH.amount == 1800


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"borrower": Borrower.SOLIDARITY_GROUP}, ("/credit_product_id", "borrower-not-served")),
        ({"coverage": ["10"]}, ("/credit_product_id", "district-not-served")),
        ({"coverage": []}, None),
        ({"term_months_min": 13}, ("/term_months", "term-not-offered")),
        ({"term_months_max": 11}, ("/term_months", "term-not-offered")),
        ({"amount_min": D("1800.00")}, None),
        ({"amount_min": D("1800.01")}, ("/lines", "amount-not-offered")),
        ({"amount_max": D("1799.99")}, ("/lines", "amount-not-offered")),
        ({"requires_commitment": True}, ("/purchase_commitment_id", "commitment-required")),
        ({"purposes": ["labour"]}, ("/lines/0/farm_plan_line_id", "purpose-not-financed")),
        ({"purposes": ["fertilizer"]}, ("/lines/1/farm_plan_line_id", "purpose-not-financed")),
        ({"financed_share": D("0.789473")}, ("/lines/0/amount", "share-exceeded")),
        ({"financed_share": D("0.789474")}, None),
    ],
)
def test_the_product_bounds_it(changes: dict[str, Any], expected: tuple[str, str] | None) -> None:
    assert codes(replace(PRODUCT, **changes)) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ({"producer_id": JUAN}, ("/lines/0/farm_plan_line_id", "not-of-the-applicant")),
        ({"accepted": False}, ("/lines/0/farm_plan_line_id", "plan-not-accepted")),
        ({"currency": "USD"}, ("/lines/0/amount/currency", "currencies-differ")),
        ({"financed_amount": D("240.01")}, ("/lines/0/amount", "line-exhausted")),
        ({"financed_amount": D("240.00")}, ("/lines/0/amount", "share-exceeded")),
        ({"financed_amount": D("12.00")}, None),
        ({"financed_amount": D("12.01")}, ("/lines/0/amount", "share-exceeded")),
    ],
)
def test_each_line_is_judged(line: dict[str, Any], expected: tuple[str, str] | None) -> None:
    assert codes(**line) == ([expected] if expected else [])


def test_what_is_left_is_told() -> None:
    [reason] = reasons_not_eligible(PRODUCT, SUBJECT, asked((FERTILIZER, "912.01")), LINES)
    assert reason.facts == {"left": "912.00"}


def test_a_group_borrows_for_its_members_alone() -> None:
    product = replace(PRODUCT, borrower=Borrower.SOLIDARITY_GROUP)
    group = Subject(Borrower.SOLIDARITY_GROUP, "220601", {ROSA, JUAN})
    assert codes(product, group, producer_id=JUAN) == []
    assert codes(product, replace(group, producer_ids={JUAN}))[-1][1] == "not-of-the-applicant"


@given(
    cost=st.integers(1, 10**8),
    financed=st.fractions(0, 1),
    share=st.integers(1, 10**6),
    amount=st.integers(1, 10**8),
)
def test_no_line_is_ever_financed_beyond_its_share_of_the_cost(
    cost: int, financed: Any, share: int, amount: int
) -> None:
    line = PlanLine(ROSA, True, "labour", "PEN", D(cost) / 100, D(int(cost * financed)) / 100)
    product = replace(
        PRODUCT, amount_min=D(0), amount_max=D(10**9), financed_share=D(share) / 10**6
    )
    wish = asked((LABOUR, str(D(amount) / 100)))
    reasons = reasons_not_eligible(product, SUBJECT, wish, {LABOUR: line})
    after = line.financed_amount + wish.amount
    assert (not reasons) == (after <= line.estimated_cost * product.financed_share)


def test_one_subject_a_whole_pledge_and_no_line_twice() -> None:
    def found(**changes: Any) -> list[str]:
        given = {
            "subjects": 1,
            "commitment": True,
            "pledged": D(300),
            "line_ids": [FERTILIZER, LABOUR],
        }
        return [reason.code for reason in reasons_malformed(**{**given, **changes})]

    assert found() == []
    assert found(commitment=False, pledged=D(0)) == []
    assert found(subjects=0) == found(subjects=2) == ["one-subject"]
    assert found(pledged=D(0)) == found(commitment=False) == ["pledge-incomplete"]
    assert found(line_ids=[LABOUR, LABOUR]) == ["line-repeated"]


@pytest.mark.parametrize(
    ("guarantee", "producer_id", "cluster_id", "expected"),
    [
        (Guarantee(), ROSA, None, []),
        (Guarantee(GROUP, {ROSA}), ROSA, None, []),
        (Guarantee(GROUP, {JUAN}), ROSA, None, ["commitment-of-another-cluster"]),
        (Guarantee(GROUP, {JUAN}), None, GROUP, []),
        (Guarantee(GROUP, {JUAN}), None, LENDER, ["commitment-of-another-cluster"]),
        (Guarantee(report=(LENDER, ROSA, None)), ROSA, None, []),
        (Guarantee(report=(LENDER, JUAN, None)), ROSA, None, ["report-does-not-fit"]),
        (Guarantee(report=(LENDER, None, GROUP)), ROSA, None, ["report-does-not-fit"]),
        (Guarantee(report=(GROUP, ROSA, None)), ROSA, None, ["report-does-not-fit"]),
    ],
)
def test_commitment_and_report_are_about_the_applicant(
    guarantee: Guarantee, producer_id: Any, cluster_id: Any, expected: list[str]
) -> None:
    found = reasons_against_guarantee(guarantee, LENDER, producer_id, cluster_id)
    assert [reason.code for reason in found] == expected
