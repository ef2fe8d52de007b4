"""What this room refuses."""

from api.core.problems import Conflict


class TwoSecretsLive(Conflict):
    """A client has at most two live secrets: old and new, while one replaces the other."""

    code = "two-secrets-live"
    title = {"es": "Ya hay dos secretos", "en": "Two secrets already"}
    text = {
        "es": "El cliente ya tiene dos secretos vigentes; revoque uno primero.",
        "en": "The client has two live secrets already; revoke one first.",
    }
