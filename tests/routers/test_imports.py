import json
from typing import Any

import pytest
from stdnum.pe import cui

from api.core.ids import new_id
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.producers import new_dni, new_producer, registration

PATH = "/v1/imports/producers"


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


def cells(code: str, **changes: str) -> dict[str, str]:
    return {
        "external_id": code,
        "document_type": "dni",
        "document_number": new_dni(),
        "given_names": "José Ñahui",
        "family_names": "Pérez",
        "birth_year": "1979",
        "ubigeo": "010101",
        "association_status": "associated",
        **changes,
    }


def table(rows: list[dict[str, str]]) -> bytes:
    lines = [";".join(rows[0]), *(";".join(row.values()) for row in rows)]
    return "\r\n".join(lines).encode("latin-1")


async def send(
    caller: Caller, content: bytes, kind: str = "text/csv", query: str = "", key: str | None = None
) -> Any:
    headers = {"Content-Type": kind, "Idempotency-Key": key or str(new_id())}
    return await caller.call("POST", PATH + query, content=content, headers=headers)


async def rows_of(caller: Caller, made: dict[str, Any], query: str = "") -> list[dict[str, Any]]:
    answer = await caller.get(f"{PATH}/{made['id']}/rows?limit=100{query}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def counts(made: dict[str, Any]) -> dict[str, int]:
    names = ("created", "updated", "unchanged", "refused", "held_back")
    return {name: made[name] for name in names if made[name]}


async def test_a_ruc_is_judged_with_the_document(coop: Caller) -> None:
    dni = new_dni()
    rows = [
        cells("S-1", document_number=dni, ruc=cui.to_ruc(dni)),
        cells("S-2", ruc=cui.to_ruc(dni)),
        cells("S-3", ruc=""),
    ]
    made = (await send(coop, table(rows), query="?mode=partial")).json()
    assert counts(made) == {"created": 2, "refused": 1}
    [bad] = await rows_of(coop, made, "&status=refused")
    assert (bad["row"], bad["errors"][0]["code"]) == (3, "ruc-of-another")
    again = (await send(coop, table([rows[0], rows[2]]))).json()
    assert counts(again) == {"unchanged": 2}


async def test_the_same_file_again_changes_nothing(coop: Caller, callers: Callers) -> None:
    rows = [cells(f"S-{n}", document_number="0" + new_dni()[1:]) for n in range(5)]
    answer = await send(coop, table(rows))
    assert answer.status_code == 201, answer.text
    assert counts(answer.json()) == {"created": 5}
    assert (await coop.get(answer.headers["location"])).json() == answer.json()
    found = await rows_of(coop, answer.json())
    assert [(row["row"], row["external_id"]) for row in found] == [
        (n + 2, f"S-{n}") for n in range(5)
    ]
    person = (await coop.get(f"/v1/producers/{found[0]['id']}")).json()
    assert person["document"]["number"] == rows[0]["document_number"]
    assert (person["given_names"], person["ubigeo"]) == ("José Ñahui", "010101")
    before = await callers.entries_of(coop)
    again = await send(coop, table(rows))
    assert counts(again.json()) == {"unchanged": 5}
    assert await callers.entries_of(coop) == before


async def test_changed_cells_change_and_empty_cells_do_not(coop: Caller) -> None:
    row = cells("S-1", phone="987654321")
    await send(coop, table([row]))
    made = (await send(coop, table([{**row, "phone": "", "given_names": "Rosa"}]))).json()
    assert counts(made) == {"updated": 1}
    [one] = await rows_of(coop, made)
    read = (await coop.get(f"/v1/producers/{one['id']}")).json()
    assert (read["given_names"], read["phone"], read["version"]) == ("Rosa", "+51987654321", 2)
    assert [p["id"] for p in (await coop.get("/v1/producers?q=rosa")).json()["items"]] == [
        one["id"]
    ]


async def test_every_bad_row_is_told_and_good_ones_wait_or_pass(
    coop: Caller, callers: Callers
) -> None:
    good = cells("S-1")
    rows = [
        good,
        cells("S-2", document_number="1234567", birth_year="x"),
        cells("S-1"),
        cells("S-3", document_number=good["document_number"]),
        cells("S-4", birth_year="2150"),
    ]
    before = await callers.entries_of(coop)
    atomic = (await send(coop, table(rows))).json()
    assert counts(atomic) == {"refused": 4, "held_back": 1}
    assert await callers.entries_of(coop) == before
    partial = (await send(coop, table(rows), query="?mode=partial")).json()
    assert counts(partial) == {"refused": 4, "created": 1}
    assert await callers.entries_of(coop) == before + 1
    bad = await rows_of(coop, partial, "&status=refused")
    told = {row["row"]: {(e["field"], e["code"]) for e in row["errors"]} for row in bad}
    assert told == {
        3: {("document_number", "string-pattern-mismatch"), ("birth_year", "int-type")},
        4: {("external_id", "repeated-in-file")},
        5: {("document_number", "repeated-in-file")},
        6: {("birth_year", "in-the-future")},
    }
    assert [row["external_id"] for row in bad] == ["S-2", "S-1", "S-3", "S-4"]
    assert all(error["es"] and error["en"] for row in bad for error in row["errors"])
    assert "1234567" not in json.dumps(bad)


async def test_a_dry_run_does_nothing(coop: Caller, callers: Callers) -> None:
    before = await callers.entries_of(coop)
    made = (await send(coop, table([cells("S-1")]), query="?dry_run=true")).json()
    assert counts(made) == {"created": 1}
    assert [row["id"] for row in await rows_of(coop, made)] == [None]
    assert (await coop.get("/v1/producers")).json()["items"] == []
    assert await callers.entries_of(coop) == before


async def test_who_is_registered_is_found_by_document_and_never_exchanged(coop: Caller) -> None:
    one = await new_producer(coop)
    coded = await new_producer(coop, external_id="S-9")
    rows = [
        {**registration(document=one["document"]), "external_id": "S-8"},
        {**registration(), "external_id": "S-9"},
        {**registration(document=coded["document"]), "external_id": "S-7"},
        {**registration(), "id": one["id"]},
    ]
    lines = "\n".join(map(json.dumps, rows)).encode()
    made = (await send(coop, lines, "application/x-ndjson", "?mode=partial")).json()
    found = await rows_of(coop, made)
    assert [(row["status"], [e["code"] for e in row["errors"]]) for row in found] == [
        ("updated", []),
        ("refused", ["another-document"]),
        ("refused", ["another-code"]),
        ("refused", ["id-in-use"]),
    ]
    assert found[0]["id"] == one["id"]


async def test_retries_and_callers(coop: Caller, callers: Callers) -> None:
    body, key = json.dumps([registration()]).encode(), str(new_id())
    first = await send(coop, body, "application/json", key=key)
    again = await send(coop, body, "application/json", key=key)
    assert (first.json(), "idempotent-replayed" in again.headers) == (again.json(), True)
    assert (await coop.call("POST", PATH, content=body)).status_code == 400
    other = await callers.new(Role.PRODUCER_ORGANIZATION)
    wrong = await callers.new(Role.INPUT_SUPPLIER)
    for path in (f"{PATH}/{first.json()['id']}", f"{PATH}/{first.json()['id']}/rows"):
        assert (await other.get(path)).status_code == 404
        assert (await wrong.get(path)).status_code == 403
        assert (await callers.anonymous().get(path)).status_code == 401
    assert (await send(wrong, body, "application/json")).status_code == 403
    assert (await send(callers.anonymous(), body, "application/json")).status_code == 401
    refused = await send(coop, b"x", "application/pdf")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "media-type")


async def test_the_template_can_be_sent_back(coop: Caller, callers: Callers) -> None:
    path = "/v1/import-templates/producers"
    assert (await callers.anonymous().get(path)).status_code == 401
    answer = await coop.get(path)
    assert answer.headers["content-type"].startswith("text/csv")
    header = answer.content.decode("utf-8-sig").strip().split(",")
    row = cells("S-1")
    filled = answer.content + ",".join(row.get(name, "") for name in header).encode()
    assert counts((await send(coop, filled)).json()) == {"created": 1}


async def test_ten_thousand_rows_are_taken_in_one_go(coop: Caller, callers: Callers) -> None:
    rows = [cells(f"S-{n}") for n in range(10_000)]
    answer = await send(coop, table(rows))
    assert counts(answer.json()) == {"created": 10_000}
    assert counts((await send(coop, table(rows))).json()) == {"unchanged": 10_000}
    assert await callers.entries_of(coop) == 10_000


async def test_names_that_are_no_members_are_not_kept(coop: Caller) -> None:
    """As in a table that was turned on its side: the members are the people."""
    row = {"70914862": {"given_names": "Zoraida"}, "Zoraida": 1, "document": {"Zoraida": 2}}
    answer = await send(coop, json.dumps(row).encode(), "application/x-ndjson", "?mode=partial")
    assert counts(answer.json()) == {"refused": 1}
    [told] = await rows_of(coop, answer.json())
    assert "Zoraida" not in json.dumps(told)
    assert "70914862" not in json.dumps(told)
    places = [each["field"] for each in told["errors"] if each["code"] == "extra-forbidden"]
    assert places == ["document", "", ""]


@pytest.mark.parametrize("code", [r'"\ud800"', '{"a": 1}', "5", '"a b; c"'])
async def test_a_row_that_is_refused_as_a_whole_keeps_no_code_that_is_none(
    coop: Caller, code: str
) -> None:
    """Half a character among the names: nothing else of the row is judged."""
    row = rf'{{"\ud800": 1, "external_id": {code}}}'
    answer = await send(coop, row.encode(), "application/x-ndjson", "?mode=partial")
    assert answer.status_code == 201, answer.text
    [told] = await rows_of(coop, answer.json())
    assert (told["status"], told["external_id"]) == ("refused", None)
