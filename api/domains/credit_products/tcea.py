"""TCEA: what a loan costs in all, as an effective annual rate.

(1 + IRR per 30 days)^12 - 1 over what the borrower receives and pays: interest, commissions and
insurance in, ITF and arrears charges out. Source: Res. SBS 3274-2017 disclosure; formula sheet
Créditos Agropecuarios, 15-07-2019.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from api.core.irr import RateOfReturn, rate_of_return
from api.domains.credit_products.rates import YEAR_DAYS


def tcea(
    received: Iterable[tuple[date, Decimal]], paid: Iterable[tuple[date, Decimal]]
) -> RateOfReturn:
    """The TCEA of money received and paid on dated days, not rounded.

    None with its reason where the flows have no rate: a borrower who pays at once as much as is
    paid out has borrowed nothing.
    """
    flows = [*received, *((day, -amount) for day, amount in paid)]
    return rate_of_return([(day.toordinal(), amount) for day, amount in flows], YEAR_DAYS)
