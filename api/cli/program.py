"""A partner's program: it signs in, calls, and tells why where it is not served."""

import time
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

import httpx

_MOST_WAITS: Final = 5


class NotServed(Exception):
    """The server did not let us in, does not know what we ask for, or could not answer."""


@dataclass
class Program:
    """A program with the credentials of an organisation; sentences in its language."""

    http: httpx.Client
    client_id: str
    client_secret: str = field(repr=False)
    language: str = "es"
    _token: str = field(default="", repr=False)

    def known(self, path: str) -> dict[str, Any]:
        """A document that must be there."""
        return self._answered(self.call("GET", path))

    def send(self, path: str, content: bytes, media_type: str) -> dict[str, Any]:
        """What became of a file; under one key, so that a repeated request does nothing twice."""
        headers = {"Content-Type": media_type, "Idempotency-Key": str(uuid4())}
        return self._answered(self.call("POST", path, content=content, headers=headers))

    def items(self, path: str) -> list[dict[str, Any]]:
        """Every item of a list, page by page."""
        page = self.known(path)
        found: list[dict[str, Any]] = page["items"]
        while page["next"]:
            page = self.known(f"{path}&cursor={page['next']}")
            found += page["items"]
        return found

    def sign_in(self) -> None:
        """Get a token."""
        answer = self.http.post(
            "/oauth2/token",
            data={"grant_type": "client_credentials"},
            auth=(self.client_id, self.client_secret),
        )
        self._token = self._answered(answer)["access_token"]

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """A request; once more with a new token where the old one ran out, and after a pause where
        the server asks for one.
        """
        answer = self._once(method, path, **options)
        if answer.status_code == 401:
            self.sign_in()
            answer = self._once(method, path, **options)
        for _ in range(_MOST_WAITS):
            if answer.status_code not in (429, 503):
                break
            time.sleep(min(60, int(answer.headers.get("Retry-After", "1"))))
            answer = self._once(method, path, **options)
        return answer

    def _once(self, method: str, path: str, **options: Any) -> httpx.Response:
        own = {"Authorization": f"Bearer {self._token}", "Accept-Language": self.language}
        headers = {**own, **options.pop("headers", {})}
        return self.http.request(method, path, headers=headers, **options)

    def _answered(self, answer: httpx.Response) -> dict[str, Any]:
        document = _document(answer)
        if answer.is_error:
            raise NotServed(_said(answer, document))
        return document


def _document(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _said(answer: httpx.Response, problem: dict[str, Any]) -> str:
    what = problem.get("detail") or problem.get("error_description") or answer.reason_phrase
    faults = [f"{each.get('code')}: {each.get('detail')}" for each in problem.get("errors", [])]
    path = answer.request.url.path
    return "\n".join([f"{answer.request.method} {path}: {answer.status_code} {what}", *faults])
