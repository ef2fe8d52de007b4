"""What a run of the story carries from step to step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console

from api.demo.caller import Caller
from api.policies import Role

Document = dict[str, Any]
"""A resource as the API answered it."""


@dataclass
class Story:
    """The callers by role, where to print, a mark that no other run has, and what came to be.

    ``people`` are the producers, the first of whom borrows; ``farms`` their plots and ``visits``
    the ids of the visits to them, in that order. ``buyers`` are the plans of those who buy
    together.
    """

    callers: Mapping[str, Caller]
    console: Console
    mark: str
    checkpoint: Document = field(default_factory=dict)
    people: list[Document] = field(default_factory=list)
    cluster: Document = field(default_factory=dict)
    farms: list[Document] = field(default_factory=list)
    visits: list[str] = field(default_factory=list)
    offer: Document = field(default_factory=dict)
    plan: Document = field(default_factory=dict)
    product: Document = field(default_factory=dict)
    commitment: Document = field(default_factory=dict)
    report: Document = field(default_factory=dict)
    application: Document = field(default_factory=dict)
    loan: Document = field(default_factory=dict)
    order: Document = field(default_factory=dict)
    buyers: list[Document] = field(default_factory=list)
    pool: Document = field(default_factory=dict)
    deliveries: list[Document] = field(default_factory=list)
    wet_lot: Document = field(default_factory=dict)
    dry_lot: Document = field(default_factory=dict)

    @property
    def cooperative(self) -> Caller:
        """Registers, orders, borrows for its members, collects."""
        return self.callers[Role.PRODUCER_ORGANIZATION]

    @property
    def supplier(self) -> Caller:
        """Sells inputs."""
        return self.callers[Role.INPUT_SUPPLIER]

    @property
    def agronomists(self) -> Caller:
        """Plan farms."""
        return self.callers[Role.TA_PROVIDER]

    @property
    def caja(self) -> Caller:
        """Lends."""
        return self.callers[Role.CREDIT_INSTITUTION]

    @property
    def buyer(self) -> Caller:
        """Takes the cocoa."""
        return self.callers[Role.BUYER]

    @property
    def borrower(self) -> Document:
        """The producer for whom money is borrowed."""
        return self.people[0]

    def say(self, text: str) -> None:
        """A line of progress: ids and figures, never a person's name or document."""
        self.console.print(f"    {text}", highlight=False)


def short(document: Document | str) -> str:
    """The end of an id: enough to tell things apart in a line."""
    found = document if isinstance(document, str) else str(document["id"])
    return f"…{found[-8:]}"


def soles(amount: Document) -> str:
    """Money for the eye."""
    sign = {"PEN": "S/", "USD": "US$"}[amount["currency"]]
    return f"{sign} {amount['amount']}"
