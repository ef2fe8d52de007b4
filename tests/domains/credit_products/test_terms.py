"""Terms that describe no schedule are refused, every fault by name."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from api.domains.credit_products.schedule import build_schedule
from api.domains.credit_products.schedule_kinds import reasons_not_buildable
from api.domains.credit_products.terms import (
    FAULT_TEXT,
    Commission,
    CommissionMoment,
    Desgravamen,
    Disbursement,
    ScheduleTerms,
    TermsFault,
    TermsNotBuildable,
)
from api.domains.credit_products.vocabulary import DesgravamenVariant, GraceKind, ScheduleKind
from api.domains.credit_products.wire import instalments_to_wire, terms_from_wire, to_wire
from tests.domains.credit_products.builders import START, any_terms, insured, loan

D = Decimal
DAYS = (date(2026, 6, 30), date(2026, 9, 30))
HARVEST: dict[str, Any] = {"kind": ScheduleKind.CASH_FLOW, "instalments": 2, "dates": DAYS}


def parts(*given_parts: tuple[date, str]) -> dict[str, Any]:
    return {"disbursements": tuple(Disbursement(on, D(amount)) for on, amount in given_parts)}


@pytest.mark.parametrize(
    ("fault", "changes"),
    [
        (TermsFault.AMOUNT, {"principal": D(0), **parts((START, "0"))}),
        (TermsFault.AMOUNT, {"principal": D("10.005"), **parts((START, "10.005"))}),
        (TermsFault.RATE, {"tea": D("-0.01")}),
        (TermsFault.DISBURSEMENTS, {"disbursements": ()}),
        (TermsFault.DISBURSEMENTS, parts((START, "9999.99"))),
        (TermsFault.DISBURSEMENT_ORDER, parts((START, "5000"), (START, "5000"))),
        (TermsFault.DISBURSEMENT_LATE, parts((START, "5000"), (date(2026, 3, 1), "5000"))),
        (
            TermsFault.DISBURSEMENT_LATE,
            {**HARVEST, "shares": (D(6), D(4)), **parts((START, "5000"), (DAYS[0], "5000"))},
        ),
        (TermsFault.INSTALMENTS, {"instalments": 0}),
        (TermsFault.INSTALMENTS, {"instalments": 481}),
        (TermsFault.PERIOD, {"period_days": 0}),
        (TermsFault.PERIOD, {"kind": ScheduleKind.FIXED_DATE, "due_day": 32}),
        (TermsFault.PERIOD, {"kind": ScheduleKind.FIXED_DATE, "every_months": 0}),
        (TermsFault.PERIOD, {"first_due": date(9999, 12, 31)}),
        (TermsFault.DATES, {"kind": ScheduleKind.CASH_FLOW}),
        (TermsFault.DATES, {**HARVEST, "dates": DAYS[::-1]}),
        (TermsFault.DATES, {**HARVEST, "dates": (START, DAYS[1])}),
        (TermsFault.DATES, {"first_due": START}),
        (TermsFault.SHARES, {**HARVEST, "shares": (D(1),)}),
        (TermsFault.SHARES, {**HARVEST, "shares": (D(1), D(0))}),
        (TermsFault.SHARES, {**HARVEST, "shares": (D(-1), D(2))}),
        (TermsFault.GRACE, {"grace_periods": 1}),
        (TermsFault.GRACE, {"grace": GraceKind.TOTAL}),
        (TermsFault.GRACE, {"grace": GraceKind.TOTAL, "grace_periods": 12}),
        (
            TermsFault.GRACE,
            {**HARVEST, "shares": (D(1), D(1)), "grace": GraceKind.TOTAL, "grace_periods": 1},
        ),
        (TermsFault.ROUNDING, {"rounding": D("0.50")}),
        (TermsFault.DESGRAVAMEN, {"desgravamen": Desgravamen(rate=D("0.001"))}),
        (TermsFault.DESGRAVAMEN, {"desgravamen": insured(DesgravamenVariant.BALANCE, "-1")}),
        (TermsFault.DESGRAVAMEN, {"desgravamen": insured(DesgravamenVariant.CAPITALISED, "0.1")}),
        (
            TermsFault.COMMISSION,
            {"commissions": (Commission("x", CommissionMoment.INSTALMENT, D(-1)),)},
        ),
    ],
)
def test_a_fault_is_named(fault: TermsFault, changes: dict[str, Any]) -> None:
    terms = replace(loan(), **changes)
    with pytest.raises(TermsNotBuildable) as refused:
        build_schedule(terms)
    assert refused.value.faults == reasons_not_buildable(terms)
    assert fault in refused.value.faults


def test_every_fault_is_named_at_once() -> None:
    terms = replace(loan(), tea=D(-1), rounding=D(1), instalments=0)
    assert reasons_not_buildable(terms) == [
        TermsFault.RATE, TermsFault.INSTALMENTS, TermsFault.ROUNDING,
    ]  # fmt: skip


@pytest.mark.parametrize("changes", [{"tea": 0.35}, {"principal": 10000.0}, {"rounding": 0.05}])
def test_floats_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises((TypeError, TermsNotBuildable)):
        build_schedule(replace(loan(), **changes))


def test_every_fault_has_a_sentence_in_both_languages() -> None:
    assert set(FAULT_TEXT) == set(TermsFault)
    assert all(text["es"] and text["en"] for text in FAULT_TEXT.values())


@given(any_terms())
def test_terms_survive_the_wire(terms: ScheduleTerms) -> None:
    again = terms_from_wire(to_wire(terms))
    assert again == terms
    assert build_schedule(again) == build_schedule(terms)


def test_rows_on_the_wire() -> None:
    (row,) = instalments_to_wire(build_schedule(loan("100", "0", 1)))
    assert row == {
        "number": 1,
        "due_date": "2026-02-14",
        "days": 30,
        "opening": "100.00",
        "disbursed": "0.00",
        "principal": "100.00",
        "interest": "0.00",
        "insurance": "0.00",
        "commission": "0.00",
        "total": "100.00",
        "capitalised": "0.00",
        "closing": "0.00",
    }
