import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest
from stdnum.pe import cui

from api.core.ids import new_id
from api.policies import Role
from tests.callers import Caller, Callers
from tests.factories.clusters import new_cluster
from tests.factories.producers import new_dni, new_producer, registration
from tests.shared_data import shared_data
from tests.traces import told


@pytest.fixture
async def coop(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


@pytest.fixture
async def other(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


async def persons_with(callers: Callers, number: str) -> int:
    count = "SELECT count(*) FROM persons WHERE document_number = $1"
    return int(await callers.platform.database.pool.fetchval(count, number))


class TestGoldenIdentifiers:
    async def test_get_the_verdict_that_is_written_there(self, coop: Caller) -> None:
        golden = json.loads(shared_data("identifiers_golden.json").read_text("utf-8"))
        known = {**golden["dni"]["dni_to_ruc"]}
        known |= {dni: ruc for ruc, dni in golden["ruc"]["to_dni"].items()}
        for dni, ruc in known.items():
            for check in (None, *golden["dni"]["check"].get(dni, [])):
                document = {"type": "dni", "number": dni, "check": check}
                made = await new_producer(coop, document=document, ruc=ruc)
                assert (made["document"]["number"], made["ruc"]) == (dni, ruc)
                await coop.make(f"/v1/producers/{made['id']}/erase")
        for written in golden["dni"]["invalid"]:
            number, check = written.split("-")
            document = {"type": "dni", "number": number, "check": check}
            answer = await coop.post("/v1/producers", registration(document=document))
            assert [e["code"] for e in answer.json()["errors"]] == ["dni-check"]
        for ruc in golden["ruc"]["invalid"]:
            answer = await coop.post("/v1/producers", registration(ruc=ruc))
            assert [e["code"] for e in answer.json()["errors"]] == ["ruc-form"]


class TestRuc:
    async def test_is_kept_and_holds_the_dni(self, coop: Caller, callers: Callers) -> None:
        dni = new_dni()
        document = {"type": "dni", "number": dni}
        made = await new_producer(coop, document=document, ruc=cui.to_ruc(dni))
        assert made["ruc"] == cui.to_ruc(dni)
        path = f"/v1/producers/{made['id']}"
        before = await callers.entries_of(coop)
        for wish, code in (
            ({"ruc": cui.to_ruc(new_dni())}, "ruc-of-another"),
            ({"ruc": "20512333797"}, "ruc-of-company"),
            ({"ruc": "10101174103"}, "ruc-form"),
            # The RUC that stands there is of another document then.
            ({"document": {"type": "dni", "number": new_dni()}}, "ruc-of-another"),
        ):
            answer = await coop.patch(path, wish, '"v1"')
            assert answer.status_code == 422, answer.text
            found = [(e["pointer"], e["code"]) for e in answer.json()["errors"]]
            assert found == [("/ruc", code)]
            assert "10101174103" not in answer.text
        assert await callers.entries_of(coop) == before
        other = new_dni()
        both = {"document": {"type": "dni", "number": other}, "ruc": cui.to_ruc(other)}
        changed = (await coop.patch(path, both, '"v1"')).json()
        assert (changed["ruc"], changed["document"]["number"]) == (cui.to_ruc(other), other)
        assert (await coop.patch(path, {"ruc": None}, '"v2"')).json()["ruc"] is None

    async def test_a_foreigners(self, coop: Caller) -> None:
        document = {"type": "ce", "number": "001234567"}
        made = await new_producer(coop, document=document, ruc="15123456782")
        assert made["ruc"] == "15123456782"
        await coop.make(f"/v1/producers/{made['id']}/erase")


class TestRegister:
    async def test_gives_back_what_was_declared(self, coop: Caller) -> None:
        sent = registration(
            document={"type": "dni", "number": "0" + new_dni()[1:]}, phone="987 654 321"
        )
        answer = await coop.post("/v1/producers", sent)
        assert answer.status_code == 201, answer.text
        made = answer.json()
        assert made["document"] == sent["document"]
        assert made["phone"] == "+51987654321"
        assert made["state"] == "active"
        assert made["disclosure"] is None
        assert {k: made[k] for k in ("given_names", "family_names", "birth_year", "sex")} == {
            k: sent[k] for k in ("given_names", "family_names", "birth_year", "sex")
        }
        assert answer.headers["location"] == f"/v1/producers/{made['id']}"
        assert answer.headers["cache-control"] == "private, no-store"
        read = await coop.get(answer.headers["location"])
        assert (read.json(), read.headers["etag"]) == (made, '"v1"')

    async def test_an_app_chooses_the_id(self, coop: Caller) -> None:
        chosen = str(new_id())
        made = await new_producer(coop, id=chosen, captured_at="2026-11-20T10:00:00-05:00")
        assert (made["id"], made["captured_at"]) == (chosen, "2026-11-20T15:00:00.000000Z")

    async def test_the_check_character_is_verified_and_not_kept(self, coop: Caller) -> None:
        document = {"type": "dni", "number": "10117410", "check": "3"}
        answer = await coop.post("/v1/producers", registration(document=document))
        assert answer.status_code == 422
        assert [e["pointer"] for e in answer.json()["errors"]] == ["/document/check"]
        assert "10117410" not in answer.text
        made = await new_producer(coop, document={**document, "check": "g"})
        assert made["document"] == {"type": "dni", "number": "10117410"}

    @pytest.mark.parametrize(
        ("changes", "pointer"),
        [
            ({"document": {"type": "dni", "number": "123456789"}}, "/document/number"),
            ({"document": {"type": "dni", "number": 12345678}}, "/document/number"),
            ({"document": {"type": "ruc", "number": "20512333797"}}, "/document/type"),
            ({"phone": "12345"}, "/phone"),
            ({"phone": "999999999999999"}, "/phone"),
            ({"ubigeo": "22060"}, "/ubigeo"),
            ({"birth_year": 2150}, "/birth_year"),
            ({"given_names": "Ana" * 67}, "/given_names"),
            # Nothing that anybody could read or search for.
            ({"given_names": "\u200b"}, "/given_names"),
            ({"family_names": "12345678"}, "/family_names"),
            ({"family_names": "Qui\nspe"}, "/family_names"),
            ({"language": "castellano"}, "/language"),
            ({"state": "merged"}, "/state"),
            ({"organization_id": str(uuid4())}, "/organization_id"),
            ({"captured_at": "2199-01-01T00:00:00Z"}, "/captured_at"),
        ],
    )
    async def test_refuses_without_echo(
        self, coop: Caller, callers: Callers, changes: dict[str, Any], pointer: str
    ) -> None:
        before = await callers.entries_of(coop)
        # The platform would choose an id at random, which may hold a short value by chance.
        headers = {"X-Request-Id": "no-echo"}
        answer = await coop.post("/v1/producers", registration(**changes), headers=headers)
        assert answer.status_code == 422
        assert [e["pointer"] for e in answer.json()["errors"]] == [pointer]
        for value in changes.values():
            sent = value["number"] if isinstance(value, dict) else value
            assert str(sent) not in answer.text
        assert await callers.entries_of(coop) == before

    async def test_a_document_once_in_an_organisation(self, coop: Caller) -> None:
        first = await new_producer(coop)
        document = first["document"]
        answer = await coop.post("/v1/producers", registration(document=document))
        assert (answer.status_code, answer.json()["code"]) == (409, "producer-already-registered")
        assert answer.json()["producer_id"] == first["id"]
        assert document["number"] not in answer.text

    async def test_a_carne_is_the_same_in_either_case(self, coop: Caller) -> None:
        number = f"ce{new_dni()}"
        made = await new_producer(coop, document={"type": "ce", "number": number})
        assert made["document"]["number"] == number.upper()
        again = registration(document={"type": "ce", "number": number.upper()})
        assert (await coop.post("/v1/producers", again)).status_code == 409

    async def test_an_external_id_once_in_an_organisation(
        self, coop: Caller, other: Caller
    ) -> None:
        await new_producer(coop, external_id="SOC-1")
        again = await coop.post("/v1/producers", registration(external_id="SOC-1"))
        assert (again.status_code, again.json()["code"]) == (409, "already-exists")
        await new_producer(other, external_id="SOC-1")


class TestTwoOrganisations:
    async def test_the_answer_is_that_of_a_first_registration(
        self, coop: Caller, other: Caller, callers: Callers
    ) -> None:
        first = await new_producer(coop, phone="+51911111111", external_id="A-1")
        document = first["document"]
        sent = registration(
            document=document, given_names="R.", family_names="Kispe", phone=None, birth_year=1980
        )
        second = await other.make("/v1/producers", sent)
        fresh = await other.make("/v1/producers", {**sent, "document": registration()["document"]})
        own = {"id", "created_at", "updated_at", "document"}
        assert {k: v for k, v in second.items() if k not in own} == {
            k: v for k, v in fresh.items() if k not in own
        }
        assert second["id"] != first["id"]
        assert await persons_with(callers, document["number"]) == 1

    async def test_neither_changes_the_other(self, coop: Caller, other: Caller) -> None:
        first = await new_producer(coop, phone="+51911111111")
        second = await new_producer(other, document=first["document"], phone="+51922222222")
        change = {"phone": "+51933333333", "given_names": "Otra"}
        path = f"/v1/producers/{second['id']}"
        assert (await other.patch(path, change, '"v1"')).status_code == 200
        assert (await coop.get(f"/v1/producers/{first['id']}")).json() == first

    async def test_another_organisations_id_cannot_be_taken(
        self, coop: Caller, other: Caller
    ) -> None:
        first = await new_producer(coop)
        answer = await other.post("/v1/producers", registration(id=first["id"]))
        assert answer.status_code == 409
        assert (await coop.get(f"/v1/producers/{first['id']}")).json() == first


class TestAtOnce:
    async def test_twenty_registrations_of_a_document_make_one(
        self, coop: Caller, callers: Callers
    ) -> None:
        bodies = [registration(document={"type": "dni", "number": "4" + new_dni()[1:]})] * 20
        answers = await asyncio.gather(*(coop.post("/v1/producers", b) for b in bodies))
        assert sorted(a.status_code for a in answers) == [201] + [409] * 19
        listed = (await coop.get("/v1/producers?include=total")).json()
        assert listed["total"] == 1
        assert await callers.entries_of(coop) == 1
        assert await persons_with(callers, bodies[0]["document"]["number"]) == 1

    async def test_two_organisations_at_once_share_the_person(
        self, coop: Caller, other: Caller, callers: Callers
    ) -> None:
        body = registration()
        answers = await asyncio.gather(
            *(caller.post("/v1/producers", body) for caller in [coop, other] * 6)
        )
        assert sorted(a.status_code for a in answers) == [201] * 2 + [409] * 10
        assert await persons_with(callers, body["document"]["number"]) == 1

    async def test_corrections_and_registrations_of_one_document_leave_one_person(
        self, coop: Caller, other: Caller, callers: Callers
    ) -> None:
        wrong, right = new_dni(), new_dni()
        made = await new_producer(coop, document={"type": "dni", "number": wrong})
        correct = {"document": {"type": "dni", "number": right}}
        path = f"/v1/producers/{made['id']}"
        body = registration(document={"type": "dni", "number": wrong})
        corrected, registered = await asyncio.gather(
            coop.patch(path, correct, '"v1"'), other.post("/v1/producers", body)
        )
        assert (corrected.status_code, registered.status_code) == (200, 201)
        assert registered.json()["document"]["number"] == wrong
        assert await persons_with(callers, wrong) == await persons_with(callers, right) == 1


class TestChange:
    async def test_only_what_was_sent_changes(self, coop: Caller) -> None:
        made = await new_producer(coop)
        change = {"phone": None, "family_names": "Quispe de Huamán", "language": "qu"}
        answer = await coop.patch(f"/v1/producers/{made['id']}", change, '"v1"')
        assert answer.status_code == 200
        changed = answer.json()
        assert {k for k in made if made[k] != changed[k]} == {*change, "version", "updated_at"}
        found = (await coop.get("/v1/producers?q=huaman")).json()["items"]
        assert [item["id"] for item in found] == [made["id"]]

    async def test_nothing_to_change_is_no_event(self, coop: Caller, callers: Callers) -> None:
        made = await new_producer(coop)
        before = await callers.entries_of(coop)
        answer = await coop.patch(f"/v1/producers/{made['id']}", {"sex": "female"}, '"v1"')
        assert (answer.json(), answer.headers["etag"]) == (made, '"v1"')
        assert await callers.entries_of(coop) == before

    async def test_versions_are_checked(self, coop: Caller) -> None:
        path = f"/v1/producers/{(await new_producer(coop))['id']}"
        assert (await coop.call("PATCH", path, json={})).status_code == 428
        assert (await coop.patch(path, {"sex": "male"}, '"v2"')).status_code == 412
        assert (await coop.patch(path, {"sex": "male"}, '"v1"')).status_code == 200

    @pytest.mark.parametrize("field", ["given_names", "birth_year", "ubigeo", "document"])
    async def test_what_must_be_cannot_be_emptied(self, coop: Caller, field: str) -> None:
        path = f"/v1/producers/{(await new_producer(coop))['id']}"
        answer = await coop.patch(path, {field: None}, '"v1"')
        assert answer.status_code == 422
        assert [e["pointer"] for e in answer.json()["errors"]] == [f"/{field}"]

    async def test_a_wrong_document_is_corrected_and_forgotten(
        self, coop: Caller, callers: Callers
    ) -> None:
        made = await new_producer(coop)
        right = {"type": "dni", "number": new_dni()}
        answer = await coop.patch(f"/v1/producers/{made['id']}", {"document": right}, '"v1"')
        assert answer.json()["document"] == right
        assert await persons_with(callers, made["document"]["number"]) == 0

    async def test_a_document_that_another_still_registers_is_not_forgotten(
        self, coop: Caller, other: Caller
    ) -> None:
        made = await new_producer(coop)
        theirs = await new_producer(other, document=made["document"])
        right = {"type": "dni", "number": new_dni()}
        await coop.patch(f"/v1/producers/{made['id']}", {"document": right}, '"v1"')
        assert (await other.get(f"/v1/producers/{theirs['id']}")).json() == theirs

    async def test_not_to_a_document_that_the_organisation_has(self, coop: Caller) -> None:
        first, second = await new_producer(coop), await new_producer(coop)
        change = {"document": first["document"]}
        answer = await coop.patch(f"/v1/producers/{second['id']}", change, '"v1"')
        assert (answer.status_code, answer.json()["producer_id"]) == (409, first["id"])


class TestSearch:
    async def test_names_state_code_and_cluster(self, coop: Caller) -> None:
        rosa = await new_producer(coop, external_id="SOC-7")
        jose = await new_producer(coop, given_names="José", family_names="Ñaupari Rojas")
        cluster = await new_cluster(coop, [jose["id"]])

        async def found(query: str) -> list[str]:
            answer = await coop.get(f"/v1/producers?{query}")
            return [item["id"] for item in answer.json()["items"]]

        assert await found("") == [rosa["id"], jose["id"]]
        assert await found("q=naupari jos") == [jose["id"]]
        assert await found("q=ro") == [rosa["id"], jose["id"]]
        assert await found("q=osa") == []
        assert await found("external_id=SOC-7") == [rosa["id"]]
        assert await found("state=active&q=quispe") == [rosa["id"]]
        assert await found("state=erased") == []
        assert await found(f"cluster_id={cluster['id']}") == [jose["id"]]

    @pytest.mark.parametrize("q", ["%25", "_", "--", "%20", "q" * 101])
    async def test_words_without_letters_are_refused(self, coop: Caller, q: str) -> None:
        assert (await coop.get(f"/v1/producers?q={q}")).status_code == 422

    async def test_a_cursor_belongs_to_its_words(self, coop: Caller) -> None:
        for _ in range(3):
            await new_producer(coop)
        first = (await coop.get("/v1/producers?q=rosa&limit=2")).json()
        rest = await coop.get(f"/v1/producers?q=rosa&limit=2&cursor={first['next']}")
        assert len(first["items"] + rest.json()["items"]) == 3
        wrong = await coop.get(f"/v1/producers?q=ana&limit=2&cursor={first['next']}")
        assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid-cursor")

    async def test_etag_saves_the_second_read(self, coop: Caller) -> None:
        path = f"/v1/producers/{(await new_producer(coop))['id']}"
        again = await coop.get(path, headers={"If-None-Match": '"v1"'})
        assert (again.status_code, again.content) == (304, b"")


ROUTES = [
    ("POST", "/v1/producers", "producers:write"),
    ("GET", "/v1/producers", "producers:read"),
    ("GET", "/v1/producers/{id}", "producers:read"),
    ("PATCH", "/v1/producers/{id}", "producers:write"),
    ("GET", "/v1/producers/{id}/access-log", "producers:read"),
]


@pytest.mark.parametrize(("method", "path", "permission"), ROUTES)
async def test_four_callers(
    coop: Caller, other: Caller, callers: Callers, method: str, path: str, permission: str
) -> None:
    made = await new_producer(coop)
    body = {"sex": "male"} if method == "PATCH" else registration() if method == "POST" else None
    options = {"json": body, "headers": {"If-Match": '"v1"'}}
    supplier = await callers.new(Role.INPUT_SUPPLIER)
    target = path.format(id=made["id"])

    assert (await callers.anonymous().call(method, target, **options)).status_code == 401
    refused = await supplier.call(method, target, **options)
    assert (refused.status_code, refused.json()["permission"]) == (403, permission)
    if "{id}" in path:
        hidden = await other.call(method, target, **options)
        unknown = await other.call(method, path.format(id=new_id()), **options)
        assert hidden.status_code == unknown.status_code == 404
        assert hidden.json().keys() == unknown.json().keys()
        assert await callers.entries_of(other) == 0
    elif method == "GET":
        assert (await other.get(target)).json()["items"] == []
    assert await callers.entries_of(supplier) == 0
    assert (await coop.get(f"/v1/producers/{made['id']}")).json() == made
    assert (await coop.call(method, target, **options)).is_success


async def test_no_personal_data_in_the_ledger(coop: Caller, callers: Callers) -> None:
    made = await new_producer(coop, external_id="SOC-99887766")
    right = {"type": "dni", "number": new_dni()}
    change = {"document": right, "given_names": "Zenobia", "phone": "+51955555555"}
    await coop.patch(f"/v1/producers/{made['id']}", change, '"v1"')
    rows = await callers.platform.database.pool.fetch(
        "SELECT body FROM ledger_entries WHERE organization_id = $1", coop.organization_id
    )
    bodies = told("".join(row["body"] for row in rows))
    assert len(rows) == 2
    personal = [
        *(made["document"]["number"], made["given_names"], made["family_names"], made["phone"]),
        *(right["number"], "Zenobia", "955555555", "SOC-99887766", "220601"),
    ]
    assert [value for value in personal if value in bodies] == []
