"""A credit product is drafted, published, withdrawn; what was published never changes."""

from enum import StrEnum
from types import MappingProxyType
from typing import Final

from api.core.lifecycle import Lifecycle, Transition
from api.policies import Permission


class CreditProductState(StrEnum):
    """Where a credit product stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


_S = CreditProductState

LIFECYCLE: Final = Lifecycle(
    name="credit_product",
    initial=_S.DRAFT,
    transitions=MappingProxyType({
        "edit": Transition(
            frozenset({_S.DRAFT}), _S.DRAFT,
            Permission.CREDIT_PRODUCTS_WRITE, "credit_product.changed",
        ),
        "publish": Transition(
            frozenset({_S.DRAFT}), _S.PUBLISHED,
            Permission.CREDIT_PRODUCTS_WRITE, "credit_product.published",
        ),
        "withdraw": Transition(
            frozenset({_S.PUBLISHED}), _S.WITHDRAWN,
            Permission.CREDIT_PRODUCTS_WRITE, "credit_product.withdrawn",
        ),
    }),
)  # fmt: skip
