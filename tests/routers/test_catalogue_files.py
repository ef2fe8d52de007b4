"""Items from files: JSON, NDJSON, CSV; each row by SKU, all or nothing, twice the same as once."""

import csv
import io
from typing import Any

import orjson
import pytest

from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.catalogues import item_wish, new_catalogue

CSV = "text/csv"
NDJSON = "application/x-ndjson"
TABLE = (
    "sku;name;category;unit;pack_size;price;tier_1_min_quantity;tier_1_price;"
    "tier_2_min_quantity;tier_2_price;organic;senasa_number;senasa_kind;senasa_status;"
    "lead_time_days;attributes;available\r\n"
    "UREA-50;Urea agrícola;fertilizer;KGM;50;120.00;10;112.00;50;105.50;no;;;;5;npk=46-0-0;40\r\n"
    "TRICHO;Trichoderma;biological;KGM;1;35.00;;;;;sí;3253-SENASA;biological;valid;0;;\r\n"
)


@pytest.fixture
async def supplier(callers: Callers) -> Caller:
    return await callers.new(Role.INPUT_SUPPLIER)


@pytest.fixture
async def draft(supplier: Caller) -> str:
    """The path of the items of an empty draft."""
    made = await new_catalogue(supplier, [], published=False)
    return f"/v1/catalogues/{made['id']}/items"


async def send(caller: Caller, path: str, body: bytes, media_type: str) -> Any:
    return await caller.call("PUT", path, content=body, headers={"Content-Type": media_type})


async def test_a_spreadsheet_says_all_that_an_item_has(supplier: Caller, draft: str) -> None:
    answer = await send(supplier, draft, TABLE.encode("latin-1"), CSV)
    assert answer.json() == {"created": 2, "updated": 0, "unchanged": 0}
    tricho, urea = (await supplier.get(draft)).json()["items"]
    assert urea["price_tiers"] == [
        {"min_quantity": "10.000", "price": "112.00"},
        {"min_quantity": "50.000", "price": "105.50"},
    ]
    assert (urea["name"], urea["attributes"]) == ("Urea agrícola", {"npk": "46-0-0"})
    assert (urea["lead_time_days"], urea["available"], urea["organic"]) == (5, "40.000", False)
    assert tricho["senasa"]["number"] == "3253-SENASA"
    assert (tricho["organic"], tricho["available"]) == (True, None)


async def test_the_template_is_the_header_that_the_import_takes(
    callers: Callers, supplier: Caller, draft: str
) -> None:
    answer = await supplier.get("/v1/import-templates/catalogue-items")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    header = next(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
    cells = {"sku": "A", "name": "Pala", "category": "tool", "unit": "H87", "pack_size": "1"}
    row = [{**cells, "price": "45.00"}.get(name, "") for name in header]
    body = answer.text + ",".join(row) + "\r\n"
    assert (await send(supplier, draft, body.encode(), CSV)).json()["created"] == 1
    anonymous = callers.anonymous()
    assert (await anonymous.get("/v1/import-templates/catalogue-items")).status_code == 401


@pytest.mark.parametrize("media_type", ["application/json", NDJSON, CSV])
async def test_the_same_file_twice_changes_nothing(
    callers: Callers, supplier: Caller, draft: str, media_type: str
) -> None:
    rows = [item_wish(available="3", price_tiers=[{"min_quantity": "5", "price": "9"}])]
    rows += [item_wish(), item_wish(attributes={"npk": "46-0-0"})]
    body = {
        "application/json": orjson.dumps(rows),
        NDJSON: b"\n".join(map(orjson.dumps, rows)),
        CSV: TABLE.encode(),
    }[media_type]
    first = (await send(supplier, draft, body, media_type)).json()
    assert first["created"] in (2, 3)
    before = (await supplier.get(draft)).json(), await callers.entries_of(supplier)
    again = await send(supplier, draft, body, media_type)
    assert again.json() == {"created": 0, "updated": 0, "unchanged": first["created"]}
    assert ((await supplier.get(draft)).json(), await callers.entries_of(supplier)) == before


async def test_only_what_differs_is_written(supplier: Caller, draft: str) -> None:
    rows = [item_wish(sku=sku, available="3") for sku in ("A", "B", "C")]
    await supplier.call("PUT", draft, json=rows)
    before = {i["sku"]: i["version"] for i in (await supplier.get(draft)).json()["items"]}
    rows[1]["price"], rows[2]["available"] = "99.00", "4"
    answer = await supplier.call("PUT", draft, json=rows)
    assert answer.json() == {"created": 0, "updated": 2, "unchanged": 1}
    after = {i["sku"]: i["version"] for i in (await supplier.get(draft)).json()["items"]}
    assert [after[sku] > before[sku] for sku in ("A", "B", "C")] == [False, True, True]


async def test_every_bad_row_is_named_by_its_number_in_the_file(
    callers: Callers, supplier: Caller, draft: str
) -> None:
    lines = TABLE.splitlines()
    bad = lines[1].replace("UREA-50", "X").replace("120.00", "S/ 120").replace("KGM", "saco")
    body = "\r\n".join([*lines, "", bad, lines[1]])
    before = await callers.entries_of(supplier)
    answer = await send(supplier, draft, body.encode(), CSV)
    assert answer.status_code == 422
    faults = [(e["row"], e["pointer"], e["code"]) for e in answer.json()["errors"]]
    assert faults == [
        (5, "/2/unit", "enum"),
        (5, "/2/price", "value-error"),
        (6, "/3/sku", "repeated-in-file"),
    ]
    assert (await supplier.get(draft)).json()["items"] == []
    assert await callers.entries_of(supplier) == before


@pytest.mark.parametrize(
    ("body", "media_type", "code"),
    [
        (b"sku,colour\r\nA,red\r\n", CSV, "unknown-column"),
        (b"", CSV, "no-rows"),
        (b"[]", "application/json", "no-rows"),
        (b'{"sku": "A"}', "application/json", "not-an-array"),
        (b"[", "application/json", "not-an-array"),
        (b"[1]", "application/json", "not-json"),
        (b"{}\n{", NDJSON, "missing"),
        (b"<items/>", "application/xml", "media-type"),
    ],
)
async def test_what_is_no_file_of_items_is_refused(
    supplier: Caller, draft: str, body: bytes, media_type: str, code: str
) -> None:
    answer = await send(supplier, draft, body, media_type)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == code


async def test_ten_thousand_rows_of_a_spreadsheet_are_one_call(
    supplier: Caller, draft: str
) -> None:
    rows = "".join(f"S-{n},Pala,tool,H87,1,45.00,{n}\r\n" for n in range(10_000))
    body = "sku,name,category,unit,pack_size,price,available\r\n" + rows
    answer = await send(supplier, draft, body.encode(), CSV)
    assert answer.json() == {"created": 10_000, "updated": 0, "unchanged": 0}
    more = await send(supplier, draft, (body + "X,Pala,tool,H87,1,1.00,\r\n").encode(), CSV)
    assert [e["code"] for e in more.json()["errors"]] == ["too-many-rows"]
