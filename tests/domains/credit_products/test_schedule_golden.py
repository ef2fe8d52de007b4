"""Schedules against printed and published ones."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import Any

import pytest

from api.domains.credit_products.instalments import Held
from api.domains.credit_products.rates import annual_rate
from api.domains.credit_products.schedule import build_schedule, rebuild_schedule
from api.domains.credit_products.tcea import tcea
from api.domains.credit_products.terms import Amortisation, ScheduleTerms
from api.domains.credit_products.vocabulary import DesgravamenVariant, GraceKind, ScheduleKind
from tests.domains.credit_products.builders import insured, loan
from tests.domains.credit_products.day_counts import FINERACT, per_period
from tests.domains.credit_products.test_rates import peru
from tests.shared_data import shared_data

D = Decimal
CENTIMO = D("0.01")


def golden(name: str) -> Any:
    return json.loads(shared_data("credit", name).read_text(), parse_float=D)


def caja() -> ScheduleTerms:
    """PE-03: twelve instalments of 30 days; the TEA that gives the printed period rate."""
    tea = annual_rate(peru("PE-03")["inputs"]["period_rate_pct"] / 100)
    balance = insured(DesgravamenVariant.BALANCE, "0.001")
    return loan("10000", str(tea), 12, desgravamen=balance)


class TestPeru:
    def test_pe01_one_payment_with_flat_insurance(self) -> None:
        case = peru("PE-01")
        rate = str(case["inputs"]["desgravamen_monthly_flat_on_capital"])
        flat = insured(DesgravamenVariant.INITIAL_FLAT, rate)
        schedule = build_schedule(loan("10000", "0.99", 1, desgravamen=flat))
        (row,), published = schedule.instalments, case["published"]
        assert row.interest == published["interest"]
        assert row.insurance == published["desgravamen"]
        assert row.principal + row.interest == published["cuota"]
        assert schedule.cost == published["total_cost"]
        assert schedule.tcea is not None
        assert round(schedule.tcea * 100, 2) == published["tcea_pct"]
        assert abs(schedule.tcea * 100 - case["check"]["tcea_pct"]) < D("0.001")

    def test_pe03_implied_tea(self) -> None:
        implied = peru("PE-03")["inputs"]["tea_implied_pct"]
        assert abs(caja().tea * 100 - implied) < D("1E-9")

    def test_pe03_instalment_and_rows(self) -> None:
        case = peru("PE-03")
        schedule = build_schedule(caja())
        assert schedule.level is not None
        assert abs(schedule.level - case["check"]["cuota_sin_seguro"]) < D("1E-7")
        assert round(schedule.level, 2) == case["published"]["cuota_sin_seguro"]
        for printed, row in zip(case["published"]["rows"], schedule.instalments, strict=False):
            assert row.number == printed["n"]
            assert row.interest == printed["interest"]
            assert row.insurance == printed["desgravamen"]
            assert abs(row.principal - printed["principal"]) <= CENTIMO
            assert abs(row.closing - printed["balance"]) <= CENTIMO
        assert schedule.totals.insurance == case["check"]["sum_desgravamen_12"]

    def test_pe03_levelled_and_rounded_to_five_centimos(self) -> None:
        case = peru("PE-03")
        levelled = insured(DesgravamenVariant.BALANCE_LEVELLED, "0.001")
        schedule = build_schedule(replace(caja(), desgravamen=levelled, rounding=D("0.05")))
        *rows, last = schedule.instalments
        assert {row.total for row in rows} == {case["published"]["cuota_total"]}
        assert schedule.totals.insurance == case["check"]["sum_desgravamen_12"]
        assert last.closing == 0

    def test_pe03_tcea_of_twelve_equal_totals(self) -> None:
        case, rows = peru("PE-03"), build_schedule(caja()).instalments
        total = case["published"]["cuota_total"]
        found = tcea([(date(2026, 1, 15), D(10000))], [(row.due_date, total) for row in rows])
        assert found.rate is not None
        assert abs(found.rate * 100 - case["check"]["tcea_if_974_60_x12_pct"]) < D("1E-6")

    def test_pe04_interest_of_a_month(self) -> None:
        case = peru("PE-04")
        start = date.fromisoformat(case["inputs"]["start"])
        schedule = build_schedule(loan("12000", str(case["inputs"]["tea"]), 1, on=start))
        assert schedule.end.isoformat() == case["inputs"]["end"]
        assert schedule.totals.interest == case["published"]["interest"]

    def test_pe07_instalment(self) -> None:
        case = peru("PE-07")
        schedule = build_schedule(loan("6000", "0.4", 12))
        assert schedule.level is not None
        assert abs(schedule.level - case["check"]["cuota"]) < D("1E-10")
        assert {row.total for row in schedule.instalments[:-1]} == {D("597.16")}


class TestFineract:
    """Nominal rates under other day counts; rounding half even there, half up here."""

    @pytest.mark.parametrize("index", range(6))
    def test_progressive_schedules(self, index: int) -> None:
        case = golden("fineract_progressive_emi.json")["schedules"][index]
        rows, nominal = case["rows"], case["annual_nominal_rate_pct"] / 100
        starts = [date.fromisoformat(row["from_date"]) for row in rows]
        count = FINERACT[f"{case['days_in_year']}/{case['days_in_month']}"](D(nominal))
        terms = loan(str(D(case["principal"])), "0", len(rows), on=starts[0])
        terms = replace(terms, **timetable(case))
        schedule = build_schedule(terms, count)
        if case["every"] == 2:
            # 33.5768 by the formula; fineract lowers the instalment until the last one fits best.
            assert schedule.instalments[0].total == D("33.58") != rows[0]["emi"]
            schedule = rebuild_schedule(terms, Held(level=rows[0]["emi"]), count)
        for printed, row, start in zip(rows, schedule.instalments, starts, strict=True):
            due = row.due_date
            if case["days_in_year"] != "ACTUAL" or row.number < 3:  # see SOURCES.md: odd due dates
                assert due.isoformat() == printed["due_date"]
            assert abs(count(start, due) - printed["rate_factor"]) < D("1E-12")
            assert row.total == printed["emi"]
            assert row.interest == printed["interest"]
            assert row.principal == printed["principal"]
            assert row.closing == printed["balance"]

    @pytest.mark.parametrize("index", [0, 1])
    def test_rate_factors(self, index: int) -> None:
        case = golden("fineract_progressive_emi.json")["rate_factor_cases"][index]
        count = FINERACT[f"{case['days_in_year']}/{case['days_in_month']}"](case["rate"])
        months = [date(2024, month, 1) for month in range(1, 8)]
        found = [count(start, end) for start, end in pairwise(months)]
        wanted = [D(text) for text in case["expected"]]
        assert all(abs(a - b) < D("1E-12") for a, b in zip(found, wanted, strict=True))

    def test_level_instalment_follows_the_published_sums(self) -> None:
        """C = K x product of growth / fn, with fn the running sum that fineract prints."""
        data = golden("fineract_progressive_emi.json")
        factors = [D(text) for text in data["rate_factor_cases"][0]["expected"]]
        sums = [D(text) for text in data["fn_value_365_actual"]]
        running = list(accumulate(factors[1:], lambda fn, r: 1 + fn * (1 + r), initial=D(1)))
        assert all(abs(a - b) < D("1E-10") for a, b in zip(running, sums, strict=True))
        growth = D(1)
        for factor in factors:
            growth *= 1 + factor
        count = FINERACT["365/ACTUAL"](D("0.094822"))
        terms = loan("100", "0", 6, on=date(2024, 1, 1), kind=ScheduleKind.FIXED_DATE)
        level = build_schedule(terms, count).level
        assert level is not None
        assert abs(level - 100 * growth / sums[-1]) < D("1E-8")

    @pytest.mark.parametrize(
        ("name", "unit"),
        [("equal_instalment_24pct", 1), ("equal_principal_24m", 10_000),
         ("equal_principal_24m_grace5", 10_000)],
    )  # fmt: skip
    def test_client_loans(self, name: str, unit: int) -> None:
        """Where fineract rounds to multiples of 100, one céntimo here stands for 100 there."""
        cases = {case["name"]: case for case in golden("fineract_clientloan.json")["cases"]}
        case = cases[name]
        grace = case.get("grace_principal", 0)
        first = date.fromisoformat(case["rows"][0][1])
        schedule = build_schedule(
            loan(
                str(D(case["principal"]) / unit),
                "0",
                case["n"],
                on=date(first.year, first.month - 1, first.day),
                kind=ScheduleKind.FIXED_DATE,
                grace=GraceKind.PRINCIPAL if grace else GraceKind.NONE,
                grace_periods=grace,
                amortisation=Amortisation.EQUAL_INSTALMENT
                if name.startswith("equal_instalment")
                else Amortisation.EQUAL_PRINCIPAL,
            ),
            per_period(D(case["rate_per_month_pct"]) / 100),
        )
        for number, due, principal, interest in case["rows"]:
            row = schedule.instalments[number - 1]
            assert row.due_date.isoformat() == due
            assert (row.principal * unit, row.interest * unit) == (principal, interest)


def timetable(case: Any) -> dict[str, Any]:
    if case["frequency"] == "MONTHS":
        return {"kind": ScheduleKind.FIXED_DATE, "every_months": case["every"]}
    days = {"WEEKS": 7, "DAYS": 1}[case["frequency"]]
    return {"kind": ScheduleKind.FIXED_PERIOD, "period_days": days * case["every"]}


class TestNumpyFinancial:
    def test_pmt(self) -> None:
        for case in golden("numpy_financial_golden.json")["pmt"]:
            schedule = build_schedule(
                loan(str(case["pv"]), "0", case["nper"]), per_period(rate_of(case["rate"]))
            )
            assert schedule.level is not None
            assert abs(schedule.level + D(case["expected"])) < D("1E-22")

    def test_ipmt_and_ppmt(self) -> None:
        data = golden("numpy_financial_golden.json")
        for part, field in (("ipmt", "interest"), ("ppmt", "principal")):
            for case in data[part]:
                terms = loan(str(case["pv"]), "0", case["nper"])
                rows = build_schedule(terms, per_period(rate_of(case["rate"]))).instalments
                expected = case["expected"] if isinstance(case["per"], list) else [case["expected"]]
                for row, value in zip(rows, expected, strict=False):
                    assert abs(getattr(row, field) + D(value)) < CENTIMO


def rate_of(text: str) -> D:
    """``"0.08/12"`` as a number."""
    top, _, bottom = text.partition("/")
    return D(top) / D(bottom or 1)
