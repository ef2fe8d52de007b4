"""Registering rows of plots at a running server, one request each."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import httpx

from api.core.geo.findings import has_error
from api.domains.plots.arrival import AREAS, judge_arrival
from api.domains.plots.rows import Row

DEFAULTS: Final = {"land_use": "cocoa", "tenure_kind": "none"}
"""What a row is taken for that does not say."""

NO_PRODUCER: Final = {
    "es": "No se sabe de quién es: use --producer o --cluster, o agregue «producer_id».",
    "en": "Nobody knows whose it is: use --producer or --cluster, or add 'producer_id'.",
}
ACCEPTED, PRESENT, REFUSED = "accepted", "present", "refused"
_MOST_WAITS: Final = 5


class NotServed(Exception):
    """The server did not let us in, does not know the cluster, or could not answer."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row. ``reasons`` are pairs of code and sentence; warnings, where it was
    accepted.
    """

    row: Row
    result: str
    area_ha: Decimal | None = None
    overlaps: int = 0
    reasons: Sequence[tuple[str, str]] = ()

    @property
    def refused(self) -> bool:
        """Whether there is no such plot now."""
        return self.result == REFUSED


@dataclass
class Loader:
    """A program of a producer organisation that registers plots."""

    http: httpx.Client
    client_id: str
    client_secret: str = field(repr=False)
    language: str = "es"
    _token: str = field(default="", repr=False)

    def load(
        self, rows: Sequence[Row], cluster: UUID | None, producer: UUID | None
    ) -> list[Outcome]:
        """Register the rows in order. A row is its own ``producer_id``'s, else ``producer``'s,
        else the cluster's representative's, else that of its first member.
        """
        self._sign_in()
        owner = str(producer) if producer else self._of_cluster(cluster)
        return list(self._each(rows, owner))

    def _each(self, rows: Sequence[Row], owner: str | None) -> Iterator[Outcome]:
        for row in rows:
            if has_error(row.findings):
                reasons = [(f.code, f.detail[self.language]) for f in row.findings]
                yield Outcome(row, REFUSED, reasons=reasons)
            elif producer_id := row.producer_id or owner:
                yield self._register(row, producer_id)
            else:
                reasons = [("producer-missing", NO_PRODUCER[self.language])]
                yield Outcome(row, REFUSED, reasons=reasons)

    def _register(self, row: Row, producer_id: str) -> Outcome:
        wish = {"name": row.code, **DEFAULTS, **row.members}
        wish |= {"geometry": row.geometry, "external_id": row.code, "producer_id": producer_id}
        answer = self._call("POST", "/v1/plots", json=wish)
        document = _document(answer)
        if answer.status_code == 201:
            warnings = [(w["code"], w[self.language]) for w in document["warnings"]]
            area, overlaps = Decimal(document["area_ha"]), len(document["overlaps"])
            return Outcome(row, ACCEPTED, area, overlaps, warnings)
        if document.get("code") == "plot-exists":
            return self._compared(row, document)
        errors = document.get("errors") or [document]
        reasons = [(each.get("code", "?"), each.get("detail", "?")) for each in errors]
        return Outcome(row, REFUSED, reasons=reasons)

    def _compared(self, row: Row, problem: dict[str, Any]) -> Outcome:
        """The plot that has the row's code: present, if it has the row's geometry too."""
        plot = _document(self._call("GET", f"/v1/plots/{problem['plot_id']}"))
        geometry = judge_arrival(row.geometry, None, AREAS["world"]).geometry
        if geometry is not None and geometry.geojson == plot.get("geometry"):
            return Outcome(row, PRESENT, Decimal(plot["area_ha"]), plot["open_overlaps"])
        return Outcome(row, REFUSED, reasons=[(problem["code"], problem["detail"])])

    def _of_cluster(self, cluster: UUID | None) -> str | None:
        if cluster is None:
            return None
        found = self._known(f"/v1/clusters/{cluster}")
        if found.get("representative_id"):
            return str(found["representative_id"])
        members = self._known(f"/v1/clusters/{cluster}/members?limit=100")["items"]
        return next((str(m["producer_id"]) for m in members if m["left_on"] is None), None)

    def _known(self, path: str) -> dict[str, Any]:
        answer = self._call("GET", path)
        if answer.is_error:
            raise NotServed(_said(answer))
        return _document(answer)

    def _sign_in(self) -> None:
        answer = self.http.post(
            "/oauth2/token",
            data={"grant_type": "client_credentials"},
            auth=(self.client_id, self.client_secret),
        )
        if answer.is_error:
            raise NotServed(_said(answer))
        self._token = _document(answer)["access_token"]

    def _call(self, method: str, path: str, **options: Any) -> httpx.Response:
        """A request; once more with a new token where the old one ran out, and after a pause where
        the server asks for one.
        """
        answer = self._once(method, path, **options)
        if answer.status_code == 401:
            self._sign_in()
            answer = self._once(method, path, **options)
        for _ in range(_MOST_WAITS):
            if answer.status_code not in (429, 503):
                break
            time.sleep(min(60, int(answer.headers.get("Retry-After", "1"))))
            answer = self._once(method, path, **options)
        if answer.status_code in (401, 403) or answer.status_code >= 500:
            raise NotServed(_said(answer))
        return answer

    def _once(self, method: str, path: str, **options: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._token}", "Accept-Language": self.language}
        return self.http.request(method, path, headers=headers, **options)


def _document(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _said(answer: httpx.Response) -> str:
    problem = _document(answer)
    what = problem.get("detail") or problem.get("error_description") or answer.reason_phrase
    path = answer.request.url.path
    return f"{answer.request.method} {path}: {answer.status_code} {what}"
