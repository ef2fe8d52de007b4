"""Rows of plots as a file that a running server imports, and what it says of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import orjson

from api.cli.program import Program
from api.core.geo.findings import has_error
from api.domains.imports.vocabulary import RowStatus
from api.domains.plots.rows import Row
from api.domains.plots.vocabulary import FileFormat

ACCEPTED, CHANGED, PRESENT, REFUSED = "accepted", "changed", "present", "refused"
RESULTS: Final = {
    RowStatus.CREATED: ACCEPTED,
    RowStatus.UPDATED: CHANGED,
    RowStatus.UNCHANGED: PRESENT,
    RowStatus.REFUSED: REFUSED,
}
AT_ONCE: Final = 2_000
"""Rows of one request: done in a second or two."""
PATH: Final = "/v1/imports/plots"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row. ``reasons`` are pairs of code and sentence; warnings, where it was not
    refused.
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


@dataclass(frozen=True, slots=True)
class Loader:
    """A program of a producer organisation that registers plots."""

    program: Program

    def load(
        self, rows: Sequence[Row], cluster: UUID | None, producer: UUID | None
    ) -> list[Outcome]:
        """Register the rows in order. A new plot is of whom its row names, else ``producer``'s,
        else of the cluster's representative, else of its first member.
        """
        self.program.sign_in()
        owner = str(producer) if producer else self._of_cluster(cluster)
        readable = [row for row in rows if not has_error(row.findings)]
        found = {row.index: outcome for row, outcome in self._sent(readable, owner)}
        return [found.get(row.index) or self._unreadable(row) for row in rows]

    def _sent(self, rows: Sequence[Row], owner: str | None) -> Iterator[tuple[Row, Outcome]]:
        query = f"?mode=partial&producer_id={owner}" if owner else "?mode=partial"
        for start in range(0, len(rows), AT_ONCE):
            batch = rows[start : start + AT_ONCE]
            file = {"type": "FeatureCollection", "features": [_feature(row) for row in batch]}
            made = self.program.send(PATH + query, orjson.dumps(file), FileFormat.GEOJSON.value)
            told = self.program.items(f"{PATH}/{made['id']}/rows?limit=100")
            for row, each in zip(batch, told, strict=True):
                yield row, self._outcome(row, each)

    def _outcome(self, row: Row, told: dict[str, Any]) -> Outcome:
        reasons = [(each["code"], each[self.program.language]) for each in told["errors"]]
        reasons += [(each["code"], each[self.program.language]) for each in told["warnings"]]
        area = Decimal(told["area_ha"]) if told["area_ha"] else None
        return Outcome(row, RESULTS[RowStatus(told["status"])], area, told["overlaps"], reasons)

    def _unreadable(self, row: Row) -> Outcome:
        reasons = [(found.code, found.detail[self.program.language]) for found in row.findings]
        return Outcome(row, REFUSED, reasons=reasons)

    def _of_cluster(self, cluster: UUID | None) -> str | None:
        if cluster is None:
            return None
        found = self.program.known(f"/v1/clusters/{cluster}")
        if found.get("representative_id"):
            return str(found["representative_id"])
        members = self.program.known(f"/v1/clusters/{cluster}/members?limit=100")["items"]
        return next((str(m["producer_id"]) for m in members if m["left_on"] is None), None)


def _feature(row: Row) -> dict[str, Any]:
    named = {
        "external_id": row.code,
        "producer_id": row.producer_id,
        "producer_external_id": row.producer_code,
    }
    properties = {**row.members, **{name: v for name, v in named.items() if v is not None}}
    return {"type": "Feature", "properties": properties, "geometry": row.geometry}
