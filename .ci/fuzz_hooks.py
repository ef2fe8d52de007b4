"""What schemathesis must know of this API beyond its document.

A schema says which requests are well formed. It cannot say that a cursor was signed by the server,
that an ETag is the current one, or that a RUC has the right check digit: to refuse those is right.
So of the findings "valid data was rejected" those fall away, and only those, whose problem names
such a reason. A refusal for something that a schema can say remains a finding: the document is then
weaker than the program.
"""

from typing import Any
from uuid import uuid4

import schemathesis
from schemathesis.openapi.checks import (
    ObjectLevelAuthorizationViolation,
    RejectedPositiveData,
)

# Problems that depend on what the server knows, by their code.
BEYOND_SCHEMA = frozenset({
    "idempotency-key-reused",
    "invalid-cursor",
    "precondition-failed",
})  # fmt: skip

# States of what an organisation has shown to everybody, and cannot take back.
PUBLISHED = frozenset({"published", "withdrawn"})

# Faults of a field that JSON Schema can state (the words are Pydantic's).
SAID_BY_SCHEMA = (
    "bool-", "bytes-", "date-", "datetime-", "decimal-", "dict-", "enum", "extra-forbidden",
    "finite-", "float-", "frozen-", "greater-than", "int-", "is-", "json-", "less-than", "list-",
    "literal-", "missing", "model-", "multiple-of", "none-", "string-", "time-", "too-long",
    "too-short", "tuple-", "union-", "url-", "uuid-",
)  # fmt: skip


@schemathesis.hook
def before_call(_context: schemathesis.HookContext, case: schemathesis.Case[Any], **_: Any) -> None:
    """Every well-formed request is a new one: give it an Idempotency-Key of its own."""
    if case.headers and "Idempotency-Key" in case.headers and case.headers["Idempotency-Key"]:
        case.headers["Idempotency-Key"] = str(uuid4())


@schemathesis.hook
def filter_failure(
    _context: schemathesis.HookContext,
    failure: Exception,
    _case: schemathesis.Case[Any],
    response: schemathesis.Response,
) -> bool:
    """Whether a finding stays one."""
    if isinstance(failure, ObjectLevelAuthorizationViolation):
        return not _shown_to_all(response)
    if isinstance(failure, RejectedPositiveData):
        return not _beyond_schema(response)
    return True


def _shown_to_all(response: schemathesis.Response) -> bool:
    """Whether everything in the answer is what its owner has published: a draft never is."""
    body = response.json()
    return all(each.get("state") in PUBLISHED for each in body.get("items", [body]))


def _beyond_schema(response: schemathesis.Response) -> bool:
    problem = response.json()
    if problem["code"] in BEYOND_SCHEMA:
        return True
    faults = [error["code"] for error in problem.get("errors", [])]
    return bool(faults) and not any(fault.startswith(SAID_BY_SCHEMA) for fault in faults)
