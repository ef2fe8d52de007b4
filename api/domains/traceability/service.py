"""Tracing a lot back."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from api.core.problems import NotFound
from api.domains.lots.rules import kilos_by_delivery, rounded, shares
from api.domains.traceability import repository
from api.reads import Document, Reader


async def trace(reader: Reader, lot_id: UUID) -> Document:
    """Everything behind a lot that the actor may see; ``NotFound`` where it is none of theirs."""
    owner = await reader.rows(repository.OWNER, lot_id=lot_id)
    if not owner:
        raise NotFound("lot")
    lots = await reader.rows(repository.LOTS, lot_id=lot_id)
    inputs = await reader.rows(repository.INPUTS_OF_LOTS, lot_id=lot_id)
    drawn, made = [tuple(row)[:4] for row in inputs], {row[0]: row[4] for row in inputs}
    kilos = kilos_by_delivery(lot_id, drawn)
    own = rounded(kilos_by_delivery(lot_id, drawn, made))
    deliveries = {row[0]: row for row in await reader.rows(repository.DELIVERIES, lot_id=lot_id)}
    parts = _by_plot(await reader.rows(repository.PLOTS, lot_id=lot_id), deliveries, kilos)
    producers = _by_producer(parts)
    known = {"producers": list(producers), "plots": [plot["plot_id"] for plot in parts]}
    owned = owner[0][0] == reader.actor.organization_id
    credit = await reader.rows(repository.CREDIT, **known) if owned else []
    bodies = {row[1]: row[0] for row in lots}
    body = {
        "lot": orjson.Fragment(bodies.pop(lot_id)),
        "lots": [orjson.Fragment(text) for text in bodies.values()],
        "deliveries": _deliveries(deliveries, own, shares(kilos)),
        "plots": parts,
        "producers": [{"producer_id": key, "share": share} for key, share in producers.items()],
        "inputs": _fragments(await reader.rows(repository.INPUTS, lot_id=lot_id, **known)),
        "assistance": _fragments(await reader.rows(repository.ASSISTANCE, lot_id=lot_id, **known)),
        "credit": _fragments(credit),
        "shipments": _fragments(await reader.rows(repository.SHIPMENTS, lot_id=lot_id)),
        "redacted": [] if owned else ["credit"],
    }
    return Document(orjson.dumps(body, default=str), 0)


async def trace_batch(reader: Reader, input_batch_id: UUID) -> Document:
    """The lots with cocoa from the plots of a batch; ``NotFound`` where it is not the actor's."""
    if not await reader.rows(repository.BATCH, input_batch_id=input_batch_id):
        raise NotFound("input batch")
    lots = await reader.rows(repository.LOTS_OF_BATCH, input_batch_id=input_batch_id)
    body = {"input_batch_id": input_batch_id, "lots": _fragments(lots)}
    return Document(orjson.dumps(body), 0)


def _fragments(rows: list[Any]) -> list[orjson.Fragment]:
    return [orjson.Fragment(row[0]) for row in rows]


def _deliveries(
    deliveries: dict[UUID, Any], kilos: dict[UUID, Decimal], parts: dict[UUID, Decimal]
) -> list[dict[str, Any]]:
    return [
        {
            "delivery_id": row[0],
            "producer_id": row[1],
            "delivered_on": row[2],
            "form": row[3],
            "kg": kilos[row[0]],
            "share": parts[row[0]],
        }
        for row in deliveries.values()
    ]


def _by_plot(
    rows: list[Any], deliveries: dict[UUID, Any], kilos: dict[UUID, Decimal]
) -> list[dict[str, Any]]:
    """The plots with their shares of the lot: a delivery's kilos divide as they were weighed."""
    weights: dict[UUID, Decimal] = {}
    found: dict[UUID, dict[str, Any]] = {}
    for delivery_id, kg, version, plot_id, producer_id, kind, area, use, ubigeo in rows:
        part = kilos[delivery_id] * kg / deliveries[delivery_id][4]
        weights[plot_id] = weights.get(plot_id, Decimal(0)) + part
        found[plot_id] = {
            "plot_id": plot_id,
            "producer_id": producer_id,
            "geometry_kind": kind,
            "geometry_version": version,
            "area_ha": area,
            "land_use": use,
            "ubigeo": ubigeo,
        }
    parts = shares(weights)
    return [{**plot, "share": parts[plot_id]} for plot_id, plot in found.items()]


def _by_producer(plots: list[dict[str, Any]]) -> dict[UUID, Decimal]:
    producers: dict[UUID, Decimal] = {}
    for plot in plots:
        before = producers.get(plot["producer_id"], Decimal(0))
        producers[plot["producer_id"]] = before + plot["share"]
    return producers
