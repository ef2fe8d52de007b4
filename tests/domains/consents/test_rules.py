from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domains.consents.rules import ConsentFacts, clash, covers, faults, old_enough
from api.domains.consents.states import ConsentState
from api.domains.consents.vocabulary import Purpose

CAJA, OTHER = UUID(int=1), UUID(int=2)
FROM, UNTIL = date(2026, 1, 10), date(2026, 1, 20)
TO_CAJA = ConsentFacts(Purpose.CREDIT_READINESS, CAJA, None, FROM, UNTIL, ConsentState.GRANTED)
TO_ROLE = replace(TO_CAJA, recipient_organization_id=None, recipient_role="credit_institution")
LENDER = frozenset({"credit_institution"})

DAYS = st.dates(date(2025, 12, 1), date(2026, 3, 1))
FACTS = st.builds(
    ConsentFacts,
    st.sampled_from(Purpose),
    st.sampled_from([CAJA, OTHER, None]),
    st.sampled_from(["credit_institution", "buyer", None]),
    DAYS,
    DAYS,
    st.sampled_from(ConsentState),
)


def covered(consent: ConsentFacts, **changes: object) -> bool:
    question = {
        "purpose": Purpose.CREDIT_READINESS,
        "organization_id": CAJA,
        "roles": frozenset(),
        "day": FROM,
        **changes,
    }
    return covers(consent, **question)  # type: ignore[arg-type]


class TestCovers:
    @pytest.mark.parametrize(
        ("day", "expected"),
        [
            (FROM - timedelta(days=1), False),
            (FROM, True),
            (UNTIL, True),
            (UNTIL + timedelta(days=1), False),
        ],
    )
    def test_both_days_are_included(self, day: date, expected: bool) -> None:
        assert covered(TO_CAJA, day=day) is expected

    def test_revoked_is_over(self) -> None:
        assert not covered(replace(TO_CAJA, state=ConsentState.REVOKED))

    @pytest.mark.parametrize("purpose", [p for p in Purpose if p != Purpose.CREDIT_READINESS])
    def test_one_purpose_is_no_other(self, purpose: Purpose) -> None:
        assert not covered(TO_CAJA, purpose=purpose)

    def test_another_organisation_is_not_the_recipient(self) -> None:
        assert not covered(TO_CAJA, organization_id=OTHER, roles=LENDER)

    def test_a_role_covers_whoever_has_it(self) -> None:
        assert covered(TO_ROLE, organization_id=OTHER, roles=LENDER)
        assert not covered(TO_ROLE, organization_id=CAJA, roles=frozenset({"buyer"}))

    @given(FACTS, st.sampled_from(Purpose), DAYS)
    def test_without_a_recipient_that_is_met_nobody_is_covered(
        self, consent: ConsentFacts, purpose: Purpose, day: date
    ) -> None:
        assert not covers(consent, purpose, UUID(int=3), frozenset({"observer"}), day)


class TestClash:
    @given(FACTS, FACTS)
    def test_two_consents_clash_where_one_day_is_covered_by_both_for_the_same_recipient(
        self, one: ConsentFacts, other: ConsentFacts
    ) -> None:
        same = (
            one.purpose is other.purpose
            and one.recipient_organization_id == other.recipient_organization_id
            and one.recipient_role == other.recipient_role
            and {one.state, other.state} == {ConsentState.GRANTED}
        )
        days = [
            {c.valid_from + timedelta(n) for n in range((c.valid_until - c.valid_from).days + 1)}
            for c in (one, other)
        ]
        if all(days):  # Dates out of order are refused before.
            assert clash(one, other) == clash(other, one) == (same and bool(days[0] & days[1]))


class TestOldEnough:
    @given(st.integers(1900, 2030), st.dates(date(2020, 1, 1), date(2040, 1, 1)))
    def test_fourteen_on_that_day_whatever_the_birthday(self, year: int, day: date) -> None:
        latest_birthday = date(year, 12, 31)
        fourteenth = date(latest_birthday.year + 14, 12, 31)
        assert old_enough(year, day) == (fourteenth < day)

    def test_unknown_is_no(self) -> None:
        assert not old_enough(None, date(2026, 1, 1))


class TestFaults:
    @pytest.mark.parametrize(("recipient", "role"), [(None, None), (CAJA, "credit_institution")])
    def test_exactly_one_recipient(self, recipient: UUID | None, role: str | None) -> None:
        sent = replace(TO_CAJA, recipient_organization_id=recipient, recipient_role=role)
        assert [fault.code for fault in faults(sent)] == ["one-recipient"]

    def test_dates_in_order(self) -> None:
        sent = replace(TO_CAJA, valid_until=FROM - timedelta(days=1))
        assert [fault.code for fault in faults(sent)] == ["dates-in-order"]
        assert faults(replace(TO_CAJA, valid_until=FROM)) == []
