"""State machines as tables: action → source states, target, permission, event.

A room declares one ``Lifecycle`` per machine; services apply it, tests run its whole state ×
action product, and ``mazorca states`` draws it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from api.core.problems import StateConflict

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Transition(Generic[S]):
    """One row of the table."""

    sources: frozenset[S]
    target: S
    permission: str
    event: str


@dataclass(frozen=True)
class Lifecycle(Generic[S]):
    """A named machine: its first state and its transitions by action."""

    name: str
    initial: S
    transitions: Mapping[str, Transition[S]]

    def apply(self, action: str, state: S) -> Transition[S]:
        """The transition for ``action``; ``StateConflict`` (409) where ``state`` forbids it."""
        transition = self.transitions[action]
        if state not in transition.sources:
            raise StateConflict(action, state.value, self.allowed(state))
        return transition

    def allowed(self, state: S) -> list[str]:
        """The actions that are possible in ``state``, in the table's order."""
        return [name for name, row in self.transitions.items() if state in row.sources]

    def diagram(self) -> str:
        """The machine as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial.value}"]
        for action, row in self.transitions.items():
            lines += [
                f"    {source.value} --> {row.target.value}: {action}"
                for source in sorted(row.sources)
            ]
        return "\n".join(lines)
