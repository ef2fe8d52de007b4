import httpx

from api.web.problems import kinds


async def test_the_type_of_a_refusal_leads_to_its_meaning(http: httpx.AsyncClient) -> None:
    refused = (await http.get("/v1/clients")).json()
    page = await http.get(refused["type"])
    assert page.status_code == 200
    assert "Authentication required" in page.text
    assert "Falta autenticarse" in page.text


async def test_every_refusal_is_listed_in_two_languages(http: httpx.AsyncClient) -> None:
    index = (await http.get("/problems")).text
    found = list(kinds())
    assert len(found) > 20
    for kind in found:
        assert f'href="/problems/{kind.code}"' in index
        assert set(kind.title) >= {"es", "en"}
        assert set(kind.text) >= {"es", "en"}


async def test_a_code_means_one_status() -> None:
    statuses: dict[str, set[int]] = {}
    for kind in kinds():
        statuses.setdefault(kind.code, set()).add(kind.status)
    assert {code: found for code, found in statuses.items() if len(found) > 1} == {}


async def test_an_unknown_code_is_404_and_is_not_repeated(http: httpx.AsyncClient) -> None:
    page = await http.get("/problems/<script>")
    assert page.status_code == 404
    assert "<script>" not in page.text
