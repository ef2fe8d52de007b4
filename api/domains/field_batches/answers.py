"""What is told of each item: refusals in both languages, since the app shows them later."""

from typing import Any

from api.core.problems import FieldError, Problem
from api.domains.field_items.vocabulary import FieldKind, ItemStatus


def item_answer(  # what an item's answer is made of, each by name
    kind: FieldKind, item_id: object, status: ItemStatus, **members: Any
) -> dict[str, Any]:
    """The answer for an item; members that are not given say nothing."""
    return {
        "kind": kind.value,
        "id": str(item_id),
        "status": status.value,
        "version": None,
        "problem": None,
        "differences": [],
        "current": None,
        "waiting_for": [],
        **members,
    }


def refusal(problem: Problem) -> dict[str, Any]:
    """The problem that the single route would have answered with."""
    return {
        "status": problem.status,
        "code": problem.code,
        "es": problem.sentence("es"),
        "en": problem.sentence("en"),
        "errors": [_fault(error) for error in problem.errors],
        "extensions": problem.extensions,
    }


def _fault(error: FieldError) -> dict[str, Any]:
    return {
        "pointer": error.pointer,
        "code": error.code,
        "es": error.detail["es"],
        "en": error.detail["en"],
        "facts": dict(error.facts),
    }
