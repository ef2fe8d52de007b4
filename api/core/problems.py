"""Errors as values: every refusal of the platform is a named class (RFC 9457 problem details).

A problem knows its status, its code (never translated, never changed) and its sentences in
Spanish and English; the routers' handlers turn it into ``application/problem+json``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

Text = Mapping[str, str]
"""The same sentence by language: ``{"es": ..., "en": ...}``."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault in the request: where (JSON pointer, or ``?name`` for a parameter), code, why.

    ``facts`` are further members of it, such as what is ``left``; like those of a problem they
    carry no personal data.
    """

    pointer: str
    code: str
    detail: Text
    facts: Mapping[str, str | int] = field(default_factory=dict)


class Problem(Exception):
    """A refusal. Subclasses fix ``status``, ``code``, ``title`` and the default ``text``.

    ``facts`` fill the sentences' placeholders and must never carry personal data or echo input
    that was not checked; ``extensions`` become further members of the answer.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal-error"
    title: ClassVar[Text] = {"es": "Error interno", "en": "Internal error"}
    text: ClassVar[Text] = {"es": "Algo falló de nuestro lado.", "en": "Something failed here."}

    def __init__(
        self,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        extensions: Mapping[str, object] | None = None,
        **facts: object,
    ) -> None:
        super().__init__(self.code)
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.extensions = dict(extensions or {})
        self.facts = facts

    def sentence(self, language: str) -> str:
        """The detail in one language, placeholders filled."""
        return self.text[language].format(**self.facts)


class MalformedRequest(Problem):
    """The bytes are not what HTTP or JSON allow."""

    status = 400
    code = "malformed-request"
    title = {"es": "Solicitud mal formada", "en": "Malformed request"}
    text = {
        "es": "El cuerpo no es JSON válido.",
        "en": "The body is not valid JSON.",
    }


class InvalidCursor(Problem):
    """The cursor was not made here, or belongs to other filters."""

    status = 400
    code = "invalid-cursor"
    title = {"es": "Cursor no válido", "en": "Invalid cursor"}
    text = {
        "es": "El cursor no corresponde a esta lista y estos filtros; pida la primera página.",
        "en": "The cursor does not belong to this list and these filters; ask for the first page.",
    }


class NotFound(Problem):
    """No such thing, or not yours to see: the two are not told apart."""

    status = 404
    code = "not-found"
    title = {"es": "No encontrado", "en": "Not found"}
    text = {
        "es": "No existe, o no es visible para su organización: {what}.",
        "en": "It does not exist, or your organisation cannot see it: {what}.",
    }

    def __init__(self, what: str = "resource") -> None:
        super().__init__(what=what)


class PermissionMissing(Problem):
    """The token does not carry the permission that the route requires."""

    status = 403
    code = "permission-missing"
    title = {"es": "Permiso faltante", "en": "Permission missing"}
    text = {
        "es": "El token no lleva el permiso {permission}.",
        "en": "The token does not carry the permission {permission}.",
    }

    def __init__(self, permission: str) -> None:
        super().__init__(
            permission=permission,
            headers={
                "WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{permission}"'
            },
            extensions={"permission": permission},
        )


class NotAllowed(Problem):
    """Visible to the caller, but another organisation's to change."""

    status = 403
    code = "not-allowed"
    title = {"es": "No permitido", "en": "Not allowed"}
    text = {
        "es": "Su organización puede ver esto, pero no hacer esta acción: {reason_es}.",
        "en": "Your organisation may see this, but not do this: {reason_en}.",
    }

    def __init__(self, *, es: str, en: str) -> None:
        super().__init__(reason_es=es, reason_en=en)


class Conflict(Problem):
    """The request is well formed, but the world stands against it."""

    status = 409
    code = "conflict"
    title = {"es": "Conflicto", "en": "Conflict"}
    text = {"es": "La solicitud choca con el estado actual.", "en": "The current state forbids it."}


class StateConflict(Conflict):
    """The thing is in a state that does not allow the action."""

    code = "state-not-allowed"
    title = {"es": "El estado no lo permite", "en": "State does not allow it"}
    text = {
        "es": "«{action}» no es posible en el estado «{state}».",
        "en": "'{action}' is not possible in state '{state}'.",
    }

    def __init__(self, action: str, state: str, allowed: Sequence[str]) -> None:
        super().__init__(
            action=action,
            state=state,
            extensions={"state": state, "allowed_actions": list(allowed)},
        )


class RuleBroken(Conflict):
    """One or more rules of the room refuse the action; ``errors`` names each."""

    code = "rule-broken"
    title = {"es": "Una regla lo impide", "en": "A rule forbids it"}
    text = {"es": "Vea los motivos en «errors».", "en": "See the reasons in 'errors'."}


class InvalidPayload(Problem):
    """The payload has the wrong shape or values; ``errors`` names each field."""

    status = 422
    code = "invalid-payload"
    title = {"es": "Datos no válidos", "en": "Invalid payload"}
    text = {
        "es": "Uno o más campos no son válidos; vea «errors».",
        "en": "One or more fields are not valid; see 'errors'.",
    }


class QueueFull(Problem):
    """As much of the caller's waits for a worker as may."""

    status = 429
    code = "queue-full"
    title = {"es": "Demasiado en espera", "en": "Too much waits"}
    text = {
        "es": "Ya esperan {most} de su organización; envíe lo siguiente más tarde.",
        "en": "{most} of your organisation wait already; send the next one later.",
    }

    def __init__(self, most: int) -> None:
        super().__init__(most=most, headers={"Retry-After": "30"})


class PreconditionRequired(Problem):
    """A change of an editable resource must say which version it changes."""

    status = 428
    code = "precondition-required"
    title = {"es": "Falta If-Match", "en": "If-Match required"}
    text = {
        "es": "Envíe If-Match con el ETag de la versión que leyó.",
        "en": "Send If-Match with the ETag of the version that you read.",
    }


class PreconditionFailed(Problem):
    """Somebody changed the resource meanwhile."""

    status = 412
    code = "precondition-failed"
    title = {"es": "La versión cambió", "en": "The version changed"}
    text = {
        "es": "El recurso cambió desde que lo leyó; léalo de nuevo.",
        "en": "The resource changed since you read it; read it again.",
    }
