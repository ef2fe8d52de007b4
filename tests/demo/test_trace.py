"""The story ends well only where the trace names what was put into the lot."""

from typing import Any

import pytest
from rich.console import Console

from api.demo.cocoa import missing_from, tree_of
from api.demo.stage import Story
from api.demo.story import CHAPTERS, title_of

FARMS = ["plot-1", "plot-2", "plot-3", "plot-4"]


@pytest.fixture
def story() -> Story:
    farms: list[dict[str, Any]] = [{"id": each} for each in FARMS]
    return Story(
        {}, Console(quiet=True), "TEST", farms=farms, order={"id": "order-1"}, loan={"id": "loan-1"}
    )


def trace(**changes: Any) -> dict[str, Any]:
    plot = {"area_ha": "1.5000", "land_use": "cocoa", "geometry_kind": "polygon", "share": "0.25"}
    bought = {"quantity": "600.000", "unit": "KGM", "description": "Guano", "batch_number": "L-1"}
    soles = {"amount": "10.00", "currency": "PEN"}
    return {
        "lot": {"code": "L", "kg": "608.000", "form": "dry", "custody": "segregated"},
        "lots": [{"code": "L-H", "kg": "1600.000", "form": "wet"}],
        "plots": [{"plot_id": each, "producer_id": f"of-{each}", **plot} for each in FARMS],
        "producers": [{"producer_id": f"of-{each}", "share": "0.25"} for each in FARMS],
        "inputs": [
            {"order_id": "order-1", "category": "fertilizer", "plot_id": "plot-1", **bought}
        ],
        "credit": [
            {"loan_id": "loan-1", "producer_id": "of-plot-1", "state": "active"}
            | {"financed": soles, "disbursed": soles}
        ],
        "shipments": [{"kg": "608.000", "buyer_id": "buyer-1", "state": "received"}],
        **changes,
    }


def test_a_whole_trace_misses_nothing(story: Story) -> None:
    assert missing_from(story, trace()) == ""


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"plots": trace()["plots"][:2]}, "at least 3 plots"),
        ({"plots": [{"plot_id": f"other-{n}"} for n in range(4)]}, "at least 3 plots"),
        ({"inputs": []}, "the fertiliser order"),
        ({"inputs": [{**trace()["inputs"][0], "order_id": "order-2"}]}, "the fertiliser order"),
        ({"inputs": [{**trace()["inputs"][0], "category": "tool"}]}, "the fertiliser order"),
        ({"credit": []}, "the loan"),
        ({"credit": [{"loan_id": "loan-2"}]}, "the loan"),
    ],
)
def test_what_is_not_traced_is_named(story: Story, changes: dict[str, Any], missing: str) -> None:
    assert missing_from(story, trace(**changes)) == missing


def test_the_tree_shows_plots_order_and_loan() -> None:
    console = Console(width=160)
    with console.capture() as captured:
        console.print(tree_of(trace()))
    printed = captured.get()
    for shown in (*(f"plot {each}" for each in FARMS), "order order-1: 600.000 KGM Guano"):
        assert shown in printed
    assert "loan loan-1: S/ 10.00 of S/ 10.00 paid out, active" in printed


def test_every_step_says_what_it_does() -> None:
    titles = [title_of(step) for steps in CHAPTERS.values() for step in steps]
    assert len(set(titles)) == len(titles)
    assert all(len(title) < 100 for title in titles)
