"""Asking for a verdict and looking at it, in the words of the tests."""

from typing import Any

from api.core.geo.findings import Finding
from api.core.geo.json_text import read_json
from api.core.geo.measure import Bounds
from api.core.geo.operation_area import AreaOfOperation
from api.domains.plots.rules import PlotGeometry, PlotVerdict, judge_plot_geometry
from tests.shared_data import shared_data

VIET_NAM = AreaOfOperation("Việt Nam", Bounds(102.1, 8.3, 109.6, 23.4))
GHANA = AreaOfOperation("Ghana", Bounds(-3.3, 4.7, 1.2, 11.2))


def accepted(document: object, **options: Any) -> PlotGeometry:
    verdict = judge_plot_geometry(document, **options)
    assert verdict.geometry is not None, verdict.findings
    return verdict.geometry


def codes(verdict: PlotVerdict) -> list[str]:
    return [finding.code for finding in verdict.findings]


def refused(document: object, **options: Any) -> Finding:
    """The single error of a refused document."""
    verdict = judge_plot_geometry(document, **options)
    assert verdict.geometry is None
    [finding] = [finding for finding in verdict.findings if finding.severity == "error"]
    return finding


def golden(*parts: str) -> object:
    return read_json(shared_data("plots", *parts).read_bytes())
