import pytest

from api.policies import Role
from tests.callers import Callers
from tests.factories.catalogues import new_catalogue


@pytest.fixture
async def supplier(callers: Callers):
    return await callers.new(Role.INPUT_SUPPLIER, name="Agroinsumos del Huallaga")


@pytest.fixture
async def cooperative(callers: Callers):
    return await callers.new(Role.PRODUCER_ORGANIZATION)


async def test_smoke(supplier, cooperative):
    made = await new_catalogue(supplier, [{"available": "10"}, {}])
    assert made["state"] == "published"
    filters = "q=ureas&ubigeo=220101&in_stock=true&category=fertilizer&max_price=200"
    answer = await cooperative.get(
        f"/v1/offers?organization_id={supplier.organization_id}&{filters}"
    )
    assert answer.status_code == 200, answer.text
    assert [o["available"] for o in answer.json()["items"]] == ["10.000", None]
