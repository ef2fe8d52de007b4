"""The OpenAPI document, finished: what holds for every operation is written down once, here.

FastAPI describes each route; this adds the answers that handlers and the edge give everywhere
(problems, quota headers) and the bounds that formats imply, so that linters and generated clients
see what is really sent.
"""

from typing import Annotated, Any, Final

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import Field
from pydantic.json_schema import models_json_schema

from api import __version__
from api.core.wire import Count, Shape
from api.domains.clients.schemas import OAuthErrorOut
from api.policies import Permission
from api.routers.schema_names import rename

_Line = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00-\x1f]*$")]


class FieldErrorOut(Shape):
    """One fault: where, which, why."""

    pointer: Annotated[
        str, Field(description="JSON pointer, or ?name", max_length=500, pattern="^.*$")
    ]
    code: Annotated[str, Field(max_length=80, pattern=r"^[a-z0-9-]+$")]
    detail: _Line


class ProblemOut(Shape):
    """A refusal (RFC 9457). `code` never changes; `title` and `detail` follow Accept-Language."""

    type: Annotated[str, Field(max_length=200, json_schema_extra={"format": "uri-reference"})]
    title: _Line
    status: Count
    detail: _Line
    instance: Annotated[str, Field(max_length=200, json_schema_extra={"format": "uri"})]
    code: Annotated[str, Field(max_length=80, pattern=r"^[a-z0-9-]+$")]
    errors: Annotated[list[FieldErrorOut], Field(default_factory=list, max_length=1000)]


TAGS: Final = {
    "archetypes": "Producers sorted by a table of rules, with the reasons",
    "catalogues": "What suppliers offer: lists, items, publication",
    "clients": "The programs that call for an organisation, and their secrets",
    "clusters": "Groups of producers that act together",
    "collection-centres": "Where cocoa is weighed and bought",
    "consents": "What a producer allows, to whom, until when; and who looked",
    "credit-applications": "Credit for plan lines: applied for, offered, accepted",
    "credit-products": "What credit institutions offer",
    "deliveries": "Cocoa from producers, weighed, priced, paid, retained for loans",
    "demand-forecasts": "What farm plans will need, by category, month and place",
    "demand-pools": "Members of a cluster buy together, at the price of the total",
    "farm-plans": "What shall happen on a farm, and what it needs",
    "field-batches": "What was captured without a connection, sent at once",
    "imports": "Files of many rows, and what became of each",
    "input-batches": "Inputs received, by batch, and the plots they are for",
    "investment-plans": "The money side of a farm plan",
    "ledger": "What happened, in order, with proofs",
    "loans": "Schedules, disbursements, repayments",
    "lots": "Kilos that travel together, and their origin",
    "oauth2": "Access tokens",
    "offers": "The search over everything published",
    "operations": "For those who run the platform",
    "orders": "Inputs and services bought against plan lines",
    "organizations": "The legal persons of the value chain",
    "plots": "Land under cocoa or to be restored",
    "producers": "Natural persons who grow cocoa",
    "purchase-commitments": "What buyers promise to take: the market guarantee",
    "quote-requests": "Several suppliers quote, sealed until the deadline; one is awarded",
    "readiness-reports": "Who is ready for credit, and why",
    "service-requests": "Assistance asked of a provider, and what came of it",
    "shipments": "Lots on their way to a buyer",
    "supplier-performance": "How suppliers answer, deliver and settle",
    "visits": "Technical assistance in the field, confirmed by who was assisted",
    "territories": "Departments, provinces and districts, by INEI and RENIEC code",
}

DESCRIBED: Final[dict[str, Any]] = {
    "title": "Mazorca",
    "version": __version__,
    "summary": "Service platform for cocoa value chains",
    "description": (
        "Connects clusters of cocoa producers with input suppliers, technical assistance, credit "
        "institutions and buyers. Every transaction is recorded once, tamper-evidently, so a lot "
        "can be traced to its plots, producers, inputs and credit."
    ),
    "contact": {
        "name": "Mazorca contributors",
        "url": "https://mazorca.pe",
        "email": "api@mazorca.pe",
    },
    "license_info": {
        "name": "Apache-2.0",
        "url": "https://www.apache.org/licenses/LICENSE-2.0",
    },
    "servers": [
        {"url": "/", "description": "This installation: production or local", "x-internal": False}
    ],
    "openapi_tags": [{"name": name, "description": text} for name, text in sorted(TAGS.items())],
    "docs_url": None,
    "redoc_url": None,
}

_CONTACT: Final = {
    "name": "Mazorca contributors",
    "url": "https://mazorca.pe/contact",
    "email": "api@mazorca.pe",
}
_TEXT: Final = {"type": "string", "pattern": "^.*$", "maxLength": 200}
_HEADERS: Final[dict[str, Any]] = {
    "RateLimit": {"description": "What is left of the quota, and when it renews", "schema": _TEXT},
    "RateLimit-Policy": {"description": "The quota", "schema": _TEXT},
    "Access-Control-Allow-Origin": {
        "description": "Only to origins that the operator allows",
        "schema": {"type": "string", "format": "uri", "maxLength": 2048},
    },
    "Retry-After": {
        "description": "Seconds to wait",
        "schema": {"type": "integer", "format": "int32", "minimum": 1, "maximum": 86400},
    },
}
_EVERYWHERE: Final = ("RateLimit", "RateLimit-Policy", "Access-Control-Allow-Origin")
_REFUSALS: Final = {
    "400": ("BadRequest", "Malformed: not JSON, a bad cursor, a required key missing"),
    "401": ("Unauthenticated", "No valid access token"),
    "403": ("Forbidden", "The token lacks the permission, or consent is missing"),
    "404": ("NotFound", "No such thing, or not visible to the caller"),
    "405": ("MethodNotAllowed", "See the Allow header"),
    "409": ("Conflict", "The state or a rule forbids it"),
    "412": ("PreconditionFailed", "Changed since it was read"),
    "413": ("TooLarge", "The body is too large"),
    "422": ("InvalidPayload", "Fields with wrong values, each named"),
    "428": ("PreconditionRequired", "If-Match is missing"),
    "429": ("TooManyRequests", "The quota is spent"),
    "500": ("InternalError", "A fault of ours"),
    "503": ("Busy", "Not now; nothing was changed"),
}
_LENGTHS: Final = {"uuid": 36, "date": 10, "date-time": 35, "uri": 2048, "email": 254}


def operation_id(route: APIRoute) -> str:
    """The function's name: verb and noun."""
    return route.name


def _refusals_of(operation: dict[str, Any], method: str, path: str) -> list[str]:
    statuses = ["400", "401", "422", "429", "500", "503"]
    if method == "post" or operation.get("x-permission") != Permission.PUBLIC:
        statuses.append("403")
    if "{" in path or method == "post":
        # A body, too, may name what does not exist or is not the caller's to see.
        statuses.append("404")
    if method in ("post", "put", "patch"):
        statuses += ["409", "413"]
    if any(p.get("name") == "If-Match" for p in operation.get("parameters", ())):
        statuses += ["409", "412", "413", "428"]
    return sorted(set(statuses))


def _ref(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def _bound(node: Any) -> None:
    """Lengths that a format implies, and no leftovers of FastAPI's own validation errors."""
    if isinstance(node, dict):
        formatted = node.get("type") == "string" and node.get("format") in _LENGTHS
        if formatted and not {"maxLength", "enum", "const"} & node.keys():
            node["maxLength"] = _LENGTHS[node["format"]]
        for value in node.values():
            _bound(value)
    elif isinstance(node, list):
        for value in node:
            _bound(value)


def _components(used: set[str]) -> dict[str, Any]:
    responses = {}
    for status in sorted(used):
        name, text = _REFUSALS[status]
        headers = {header: _ref("headers", header) for header in _EVERYWHERE}
        if status in ("429", "503"):
            headers["Retry-After"] = _ref("headers", "Retry-After")
        content = {"application/problem+json": {"schema": _ref("schemas", "Problem")}}
        responses[name] = {"description": text, "headers": headers, "content": content}
    return responses


def _problem_schemas() -> dict[str, Any]:
    _, found = models_json_schema(
        [(ProblemOut, "serialization")], ref_template="#/components/schemas/{model}"
    )
    schemas: dict[str, Any] = found["$defs"]
    schemas["OAuthErrorOut"] = OAuthErrorOut.model_json_schema()
    schemas["Problem"] = schemas.pop("ProblemOut")
    schemas["FieldError"] = schemas.pop("FieldErrorOut")
    schemas["Problem"]["properties"]["errors"]["items"] = _ref("schemas", "FieldError")
    # Some problems carry further members: the state, the allowed actions, the missing permission.
    # Some faults say more, too: what is left.
    schemas["Problem"].pop("additionalProperties")
    schemas["FieldError"].pop("additionalProperties")
    return schemas


def _scheme() -> dict[str, Any]:
    scopes = {str(p): f"{p}".replace(":", " ") for p in Permission if p is not Permission.PUBLIC}
    flow = {"tokenUrl": "/oauth2/token", "refreshUrl": "/oauth2/token", "scopes": scopes}
    return {
        "oauth2": {
            "type": "oauth2",
            "description": "Client credentials; ES256 JWTs (RFC 9068) checked as RFC8725 asks.",
            "flows": {"clientCredentials": flow},
        }
    }


def _settle(parameters: list[dict[str, Any]], *, keyed: bool) -> None:
    """A parameter may be left out and never be null: an address has no null.

    A header that the platform itself insists on (428, 400) is required, whatever the route's
    signature says: it is optional there only so that our own answer tells what is missing.
    """
    for parameter in parameters:
        schema = parameter["schema"]
        if parameter["name"] == "If-Match" or (keyed and parameter["name"] == "Idempotency-Key"):
            parameter["required"] = True
        _never_null(schema)


def _never_null(schema: dict[str, Any]) -> None:
    if "anyOf" in schema:
        kinds = [kind for kind in schema.get("anyOf", []) if kind != {"type": "null"}]
        if len(kinds) == 1:
            del schema["anyOf"]
            schema.update(kinds[0])


def _complete(operation: dict[str, Any], method: str, path: str) -> list[str]:
    """Write down what every operation answers besides its own; the refusals it may give."""
    operation["responses"].pop("422", None)
    _settle(operation.get("parameters", []), keyed=operation.pop("x-keyed", False))
    for answer in operation["responses"].values():
        answer.setdefault("headers", {}).update({h: _ref("headers", h) for h in _EVERYWHERE})
    refusals = _refusals_of(operation, method, path)
    for status in refusals:
        answer = _ref("responses", _REFUSALS[status][0])
        operation["responses"].setdefault(status, answer)
    return refusals


def describe(app: FastAPI) -> None:
    """Make ``app.openapi()`` give the finished document."""
    draft = app.openapi

    def finished() -> dict[str, Any]:
        if app.openapi_schema:
            return app.openapi_schema
        document = draft()
        document["info"]["contact"] = _CONTACT
        used: set[str] = set()
        for path, item in document["paths"].items():
            for method, operation in item.items():
                used.update(_complete(operation, method, path))
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        for leftover in ("HTTPValidationError", "ValidationError"):
            schemas.pop(leftover, None)
        for name, schema in schemas.items():
            if name.startswith("Body_"):
                # A form: its fields are left out, never null.
                for field in schema["properties"].values():
                    _never_null(field)
        schemas.update(_problem_schemas())
        document["components"] |= {
            "headers": _HEADERS,
            "responses": _components(used),
            "securitySchemes": _scheme(),
        }
        rename(document)
        _bound(document)
        app.openapi_schema = document
        return document

    app.openapi = finished  # type: ignore[method-assign]
