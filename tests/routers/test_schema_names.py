"""The document's schemas can be classes of a generated client."""

from typing import Any

import pytest
from fastapi import FastAPI

from api.routers.schema_names import plain, rename


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("OrderOut", "OrderOut"),
        ("PageOf_OrderOut_", "PageOfOrderOut"),
        ("Body_issue_token", "BodyIssueToken"),
        ("api__domains__orders__schemas__ReasonIn", "OrdersReasonIn"),
        ("api__domains__credit_applications__schemas__OfferOut", "CreditApplicationsOfferOut"),
    ],
)
def test_a_name_is_a_class_name(given: str, wanted: str) -> None:
    assert plain(given) == wanted


def test_every_schema_is_named_once_and_found(app: FastAPI) -> None:
    document = app.openapi()
    schemas = document["components"]["schemas"]
    assert [name for name in schemas if not (name.isalnum() and name[0].isupper())] == []
    titled = [schema["title"] for schema in schemas.values() if "title" in schema]
    assert len(titled) == len(set(titled))
    referred = set(_references(document))
    assert len(referred) > 100
    assert {each.rpartition("/")[2] for each in referred if "/schemas/" in each} <= schemas.keys()


def _references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [each for child in node for each in _references(child)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
    return own + [each for child in node.values() for each in _references(child)]


def test_two_of_one_name_are_refused() -> None:
    document: dict[str, Any] = {"components": {"schemas": {"A_B": {}, "AB": {}}}}
    with pytest.raises(RuntimeError, match="two schemas"):
        rename(document)
