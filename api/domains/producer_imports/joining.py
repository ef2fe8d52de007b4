"""Which cluster the producers of a file join, and since when."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Self
from uuid import UUID

from api.domains.imports.schemas import ProducerImportChoice
from api.domains.imports.service import Sent


@dataclass(frozen=True, slots=True)
class Joining:
    """A cluster of which the producers of all rows that stand are members afterwards; who is none
    yet is one from that day on.
    """

    cluster_id: UUID
    joined_on: date

    @classmethod
    def of(cls, sent: Sent, today: date) -> Self | None:
        """What a file says of it; None where it names no cluster."""
        choice = sent.choice
        if not isinstance(choice, ProducerImportChoice) or choice.cluster_id is None:
            return None
        return cls(choice.cluster_id, choice.joined_on or today)

    def told(self, sent: Sent) -> Sent:
        """The file with the day, so that it does not depend on when a worker takes it up."""
        return replace(sent, choice=sent.choice.model_copy(update={"joined_on": self.joined_on}))
