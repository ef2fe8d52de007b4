from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.domains.deliveries.rules import (
    MOST_KG_DRY_PER_HA,
    dry_equivalent,
    price_of,
    reason_against_yield,
    reasons_against_weights,
)

kilos = st.decimals("0.001", "10000", places=3)


class TestWeights:
    def test_plots_must_be_all_of_the_net_weight(self) -> None:
        plots = {"a": Decimal(60), "b": Decimal(40)}
        assert reasons_against_weights(Decimal(102), Decimal(2), plots) == []
        reasons = reasons_against_weights(Decimal(103), Decimal(2), plots)
        assert [(r.pointer, r.code) for r in reasons] == [("/plots", "kilos-do-not-add-up")]

    @pytest.mark.parametrize("tare", ["10", "11"])
    def test_a_tare_that_leaves_nothing_is_refused(self, tare: str) -> None:
        reasons = reasons_against_weights(Decimal(10), Decimal(tare), {"a": Decimal(1)})
        assert [r.code for r in reasons] == ["nothing-left"]

    @given(kilos, st.decimals("0", "50", places=4), st.decimals("0", "5", places=4))
    def test_the_price_is_within_half_a_centimo(
        self, net: Decimal, price: Decimal, premium: Decimal
    ) -> None:
        amount = price_of(net, price, premium)
        assert amount == amount.quantize(Decimal("0.01"))
        assert abs(amount - net * (price + premium)) <= Decimal("0.005")


class TestYield:
    def test_up_to_the_bound_and_not_beyond(self) -> None:
        area = Decimal("2.0000")
        most = area * MOST_KG_DRY_PER_HA
        assert reason_against_yield(0, area, most - 1, Decimal(1)) is None
        reason = reason_against_yield(3, area, most - 1, Decimal("1.001"))
        assert reason is not None
        assert (reason.pointer, reason.code) == ("/plots/3/kg", "beyond-plausible-yield")
        assert "1.000 kg" in reason.en

    def test_wet_beans_stand_for_less(self) -> None:
        assert dry_equivalent(Decimal(100), wet=True) == Decimal("45.00")
        assert dry_equivalent(Decimal(100), wet=False) == Decimal(100)
