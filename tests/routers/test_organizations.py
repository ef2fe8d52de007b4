import pytest

from api.policies import Role
from tests.callers import Caller, Callers, new_ruc


@pytest.fixture
async def operator(callers: Callers) -> Caller:
    return await callers.new(Role.OPERATOR)


@pytest.fixture
async def cooperative(callers: Callers) -> Caller:
    return await callers.new(Role.PRODUCER_ORGANIZATION)


def registration(**changes: object) -> dict[str, object]:
    return {
        "legal_name": "Cooperativa Agraria Alto Huallaga",
        "ruc": new_ruc(),
        "roles": ["producer_organization"],
        **changes,
    }


class TestRegister:
    async def test_gives_an_unverified_organisation_and_a_secret(self, callers: Callers) -> None:
        answer = await callers.anonymous().post("/v1/organizations", registration())
        assert answer.status_code == 201
        organization = answer.json()["organization"]
        assert organization["state"] == "registered"
        assert answer.headers["location"] == f"/v1/organizations/{organization['id']}"

    async def test_refuses_a_wrong_check_digit(self, callers: Callers) -> None:
        ruc = new_ruc()
        wrong = ruc[:-1] + str((int(ruc[-1]) + 1) % 10)
        answer = await callers.anonymous().post("/v1/organizations", registration(ruc=wrong))
        assert answer.status_code == 422
        assert [e["pointer"] for e in answer.json()["errors"]] == ["/ruc"]
        assert wrong not in answer.text

    async def test_refuses_a_second_registration_of_a_ruc(self, callers: Callers) -> None:
        body = registration()
        await callers.anonymous().make("/v1/organizations", body)
        answer = await callers.anonymous().post("/v1/organizations", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "ruc-taken")

    async def test_nobody_registers_as_operator(self, callers: Callers) -> None:
        answer = await callers.anonymous().post(
            "/v1/organizations", registration(roles=["operator"])
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "operator-not-open")


class TestVerify:
    async def test_anonymous_is_401(self, callers: Callers, cooperative: Caller) -> None:
        path = f"/v1/organizations/{cooperative.organization_id}/verify"
        assert (await callers.anonymous().post(path)).status_code == 401

    async def test_another_role_is_403_and_nothing_is_written(
        self, callers: Callers, cooperative: Caller
    ) -> None:
        before = await callers.entries_of(cooperative)
        path = f"/v1/organizations/{cooperative.organization_id}/suspend"
        answer = await cooperative.post(path)
        assert answer.status_code == 403
        assert answer.json()["permission"] == "organizations:verify"
        assert await callers.entries_of(cooperative) == before

    async def test_the_operator_verifies_once(self, callers: Callers, operator: Caller) -> None:
        made = await callers.anonymous().make("/v1/organizations", registration())
        path = f"/v1/organizations/{made['organization']['id']}/verify"
        assert (await operator.make(path))["state"] == "verified"
        again = await operator.post(path)
        assert again.status_code == 409
        assert again.json()["allowed_actions"] == ["suspend"]


class TestDirectory:
    async def test_an_unverified_organisation_is_hidden(
        self, callers: Callers, cooperative: Caller, operator: Caller
    ) -> None:
        made = await callers.anonymous().make("/v1/organizations", registration())
        path = f"/v1/organizations/{made['organization']['id']}"
        assert (await cooperative.get(path)).status_code == 404
        assert (await operator.get(path)).status_code == 200

    async def test_etag_saves_the_second_read(self, cooperative: Caller) -> None:
        path = f"/v1/organizations/{cooperative.organization_id}"
        first = await cooperative.get(path)
        again = await cooperative.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")

    async def test_pages_follow_the_cursor(self, callers: Callers, cooperative: Caller) -> None:
        ruc = (await cooperative.get(f"/v1/organizations/{cooperative.organization_id}")).json()
        await callers.new(Role.BUYER)
        first = (await cooperative.get("/v1/organizations?limit=1")).json()
        second = await cooperative.get(f"/v1/organizations?limit=1&cursor={first['next']}")
        assert second.json()["items"][0]["id"] > first["items"][0]["id"]
        other = await cooperative.get(
            f"/v1/organizations?limit=1&cursor={first['next']}&ruc={ruc['ruc']}"
        )
        assert (other.status_code, other.json()["code"]) == (400, "invalid-cursor")
