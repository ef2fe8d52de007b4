"""The files that the contract shows are files that the server takes."""

from typing import Any

import pytest
from fastapi import FastAPI

from api.core.ids import new_id
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.catalogues import new_catalogue
from tests.factories.producers import new_producer

CSV = "text/csv"
PRODUCERS, PLOTS = "/v1/imports/producers", "/v1/imports/plots"
ITEMS = "/v1/catalogues/{catalogue_id}/items"


def shown(app: FastAPI, path: str, method: str) -> bytes:
    """The CSV that the contract has for an example."""
    operation = app.openapi()["paths"][path][method]
    [example] = operation["requestBody"]["content"][CSV]["schema"]["examples"]
    return str(example).encode()


async def send(caller: Caller, method: str, path: str, file: bytes) -> Any:
    headers = {"Content-Type": CSV, "Idempotency-Key": str(new_id())}
    return await caller.call(method, path, content=file, headers=headers)


@pytest.mark.parametrize("path", [PRODUCERS, PLOTS])
async def test_of_people_and_plots(app: FastAPI, callers: Callers, path: str) -> None:
    coop = await callers.new(Role.PRODUCER_ORGANIZATION)
    if path == PLOTS:
        await new_producer(coop, external_id="SOC-0042")
    made = await send(coop, "POST", path + "?dry_run=true", shown(app, path, "post"))
    assert made.status_code == 201, made.text
    assert (made.json()["refused"], made.json()["created"]) == (0, 1)


async def test_of_items(app: FastAPI, callers: Callers) -> None:
    supplier = await callers.new(Role.INPUT_SUPPLIER)
    draft = await new_catalogue(supplier, [], published=False)
    path = ITEMS.format(catalogue_id=draft["id"])
    made = await send(supplier, "PUT", path, shown(app, ITEMS, "put"))
    assert made.json() == {"created": 1, "updated": 0, "unchanged": 0}
