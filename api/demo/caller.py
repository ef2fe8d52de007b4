"""A partner's program: signs in with a client id and secret, and calls the API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx

from api.core.ids import new_id
from api.demo.credentials import Credential


class Refused(Exception):
    """The API said no; the sentence tells what was asked, and the answer's code and reasons."""

    def __init__(self, response: httpx.Response) -> None:
        problem = _problem(response)
        request = response.request
        reasons = [f"{each['pointer']}: {each['detail']}" for each in problem.get("errors", [])]
        what = problem.get("detail") or problem.get("error_description") or response.reason_phrase
        super().__init__(
            "\n  ".join(
                [f"{request.method} {request.url.path}: {response.status_code} {what}", *reasons]
            )
        )
        self.code: str = problem.get("code", "")


def _problem(response: httpx.Response) -> dict[str, Any]:
    try:
        found = response.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


@dataclass
class Caller:
    """One organisation's program. ``http`` knows the server's address."""

    http: httpx.Client
    credential: Credential
    token: str = field(default="", repr=False)

    @property
    def organization_id(self) -> UUID:
        """Whom it calls for."""
        return self.credential.organization_id

    @property
    def name(self) -> str:
        """The organisation's name."""
        return self.credential.legal_name

    def sign_in(self) -> list[str]:
        """Get an access token; the scopes that it carries."""
        answer = self.http.post(
            "/oauth2/token",
            data={"grant_type": "client_credentials"},
            auth=(str(self.credential.client_id), self.credential.client_secret),
        )
        if answer.is_error:
            raise Refused(answer)
        self.token = answer.json()["access_token"]
        return str(answer.json()["scope"]).split()

    def get(self, path: str, **parameters: Any) -> Any:
        """The document at a path."""
        return self._call("GET", path, params=parameters).json()

    def raw(self, path: str) -> bytes:
        """The answer at a path, byte for byte."""
        return self._call("GET", path).content

    def post(self, path: str, body: Any = None) -> Any:
        """Make or do something, under a key of its own: the document that came of it."""
        headers = {"Idempotency-Key": f'"{new_id()}"'}
        return self._call("POST", path, json=body, headers=headers).json()

    def _call(
        self, method: str, path: str, headers: Mapping[str, str] = {}, **options: Any
    ) -> httpx.Response:
        signed = {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"}
        answer = self.http.request(method, path, headers={**signed, **headers}, **options)
        if answer.is_error:
            raise Refused(answer)
        return answer
