"""Money, exact to the céntimo, and the roundings of money, kilos, hectares and rates.

Binary floats are refused everywhere: 0.1 has no binary form, and a ledger that is off by a
céntimo is wrong. Rounding happens only where a function says so in its name.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from typing import Final, Literal, cast, get_args

Currency = Literal["PEN", "USD"]
CURRENCIES: Final = frozenset(get_args(Currency))

CENT: Final = Decimal("0.01")
GRAM: Final = Decimal("0.001")
SQUARE_METRE: Final = Decimal("0.0001")
RATE_STEP: Final = Decimal("0.000001")
"""Six places: a desgravamen of 0.0675 % a month is 0.000675, and four would lose it."""

LARGEST: Final = Decimal(10) ** 15
"""Nothing in a cocoa chain costs more; a bound keeps hostile exponents out of the arithmetic."""

WIRE_AMOUNT: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,2})?")

RATE_LIMIT: Final = Decimal(1000)
"""Rates are stored as numeric(9, 6): 100,000 % is where a rate stops meaning anything."""

EXACT: Final = Context(prec=40, rounding=ROUND_HALF_UP)
"""Context of the calculations inside; thread-local contexts of callers are never relied upon."""


class CurrencyMismatch(ValueError):
    """Soles and dollars met in one sum; nothing here converts between them."""


def exact(value: Decimal | int) -> Decimal:
    """``value`` as a finite Decimal; TypeError for floats and bools, ValueError for NaN, ∞."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise TypeError(f"exact numbers only, not {type(value).__name__}")
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError("the number is not finite")
    return number


def quantize(value: Decimal | int, step: Decimal, rounding: str = ROUND_HALF_UP) -> Decimal:
    """``value`` rounded to a multiple of a power of ten ``step``; half away from zero; no -0."""
    with localcontext(EXACT):
        rounded = exact(value).quantize(step, rounding=rounding)
        return rounded or abs(rounded)


def quantize_money(value: Decimal | int) -> Decimal:
    """Soles or dollars to the céntimo, half away from zero (ROUND_HALF_UP)."""
    return quantize(value, CENT)


def quantize_kg(value: Decimal | int) -> Decimal:
    """Kilograms to the gram, half away from zero (ROUND_HALF_UP)."""
    return quantize(value, GRAM)


def quantize_ha(value: Decimal | int) -> Decimal:
    """Hectares to the square metre, half away from zero (ROUND_HALF_UP)."""
    return quantize(value, SQUARE_METRE)


def quantize_rate(value: Decimal | int) -> Decimal:
    """A rate (``0.35`` is 35 %) to six places, half away from zero; ValueError from 1000 on."""
    if abs(exact(value)) >= RATE_LIMIT - RATE_STEP / 2:
        raise ValueError("the rate is out of range")
    return quantize(value, RATE_STEP)


def round_down_to(value: Decimal, step: Decimal) -> Decimal:
    """The multiple of ``step`` (any positive step, such as 0.05) towards zero."""
    with localcontext(EXACT):
        return (value / step).to_integral_value(rounding=ROUND_DOWN) * step


def allocate(
    total: Decimal, weights: Sequence[Decimal | int], step: Decimal = CENT
) -> list[Decimal]:
    """Share ``total`` by ``weights``, in multiples of ``step``, losing nothing.

    Rule (largest remainder): each share is rounded towards zero; the steps that are left go one
    by one to the shares with the largest remainder, the earlier position first on a tie. A zero
    weight receives nothing. ``total`` may be negative and must be a multiple of ``step``.
    ValueError where weights are empty, negative or all zero.
    """
    parts = [Fraction(exact(weight)) for weight in weights]
    whole = sum(parts, Fraction(0))
    if any(part < 0 for part in parts) or not whole:
        raise ValueError("weights must not be negative, and at least one must be positive")
    units, rest = divmod(Fraction(exact(total)), Fraction(step))
    if rest:
        raise ValueError(f"the total is not a multiple of {step}")
    sign, units = (-1, -units) if units < 0 else (1, units)
    shares = [divmod(units * part, whole) for part in parts]
    counts = [int(count) for count, _ in shares]
    by_remainder = sorted(range(len(parts)), key=lambda i: (-shares[i][1], i))
    for index in by_remainder[: units - sum(counts)]:
        counts[index] += 1
    with localcontext(EXACT):
        return [sign * count * step or 0 * step for count in counts]


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency, whole céntimos, below 10^15 either way.

    ``Money(Decimal("12.5"), "PEN")`` holds 12.50; a third decimal is refused, not rounded: use
    ``Money.rounded``. Errors: TypeError for floats, ValueError for more decimals or an unknown
    currency, ``CurrencyMismatch`` where two currencies meet.
    """

    amount: Decimal
    currency: Currency

    def __post_init__(self) -> None:
        if self.currency not in CURRENCIES:
            raise ValueError("unknown currency")
        given = exact(self.amount)
        if abs(given) >= LARGEST:
            raise ValueError("the amount is too large")
        cents = quantize(given, CENT)
        if cents != given:
            raise ValueError("more than two decimals: round on purpose with Money.rounded")
        object.__setattr__(self, "amount", cents)

    @classmethod
    def rounded(cls, value: Decimal | int, currency: Currency) -> "Money":
        """``value`` to the céntimo, half away from zero."""
        return cls(quantize_money(value), currency)

    @classmethod
    def zero(cls, currency: Currency) -> "Money":
        """Nothing, in a currency."""
        return cls(Decimal(0), currency)

    @classmethod
    def total(cls, items: Iterable["Money"], currency: Currency) -> "Money":
        """The sum of ``items``; zero ``currency`` where there is none."""
        return sum(items, start=cls.zero(currency))

    @classmethod
    def from_wire(cls, wire: Mapping[str, object]) -> "Money":
        """Read ``{"amount": "1234.50", "currency": "PEN"}``; amounts are strings, never numbers."""
        amount, currency = wire["amount"], wire["currency"]
        if not isinstance(amount, str) or not WIRE_AMOUNT.fullmatch(amount):
            raise ValueError("the amount is not a decimal string with up to two decimals")
        return cls(Decimal(amount), cast(Currency, currency))

    def to_wire(self) -> dict[str, str]:
        """``{"amount": "1234.50", "currency": "PEN"}``."""
        return {"amount": f"{self.amount:f}", "currency": self.currency}

    def _same(self, other: "Money") -> Decimal:
        if not isinstance(other, Money):
            raise TypeError(f"money meets money only, not {type(other).__name__}")
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} do not mix")
        return other.amount

    def __add__(self, other: "Money") -> "Money":
        return Money(EXACT.add(self.amount, self._same(other)), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(EXACT.subtract(self.amount, self._same(other)), self.currency)

    def __neg__(self) -> "Money":
        return Money(self.amount.copy_negate(), self.currency)

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.amount > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.amount >= self._same(other)

    def times(self, factor: Decimal | int) -> "Money":
        """The amount times an exact number (a quantity, a share), rounded to the céntimo."""
        return Money.rounded(EXACT.multiply(self.amount, exact(factor)), self.currency)

    def allocate(self, weights: Sequence[Decimal | int]) -> list["Money"]:
        """Share by ``weights`` so that the shares add up to the céntimo; see ``allocate``."""
        return [Money(share, self.currency) for share in allocate(self.amount, weights)]

    def __str__(self) -> str:
        return f"{self.currency} {self.amount:f}"
