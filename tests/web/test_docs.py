import re

import httpx


async def test_the_page_loads_nothing_from_outside(http: httpx.AsyncClient) -> None:
    page = await http.get("/docs")
    assert page.status_code == 200
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert loaded
    assert all(address.startswith("/static/") for address in loaded)
    for address in loaded:
        assert (await http.get(address)).status_code == 200


async def test_the_policy_lets_only_our_own_scripts_in(http: httpx.AsyncClient) -> None:
    policy = (await http.get("/docs")).headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "http" not in policy


async def test_the_document_is_served(http: httpx.AsyncClient) -> None:
    document = (await http.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert document["paths"]["/v1/organizations"]["post"]["operationId"] == "register_organization"


async def test_the_start_page_leads_to_it(http: httpx.AsyncClient) -> None:
    assert (await http.get("/")).headers["location"] == "/docs"
