"""What became of a file of plots, as a table for people."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.cli.plot_loading import ACCEPTED, CHANGED, PRESENT, REFUSED, Outcome

_STYLES = {ACCEPTED: "green", CHANGED: "green", PRESENT: "cyan"}


def report(console: Console, outcomes: Sequence[Outcome]) -> None:
    """Print a line per row, then the sums."""
    table = Table(show_lines=False)
    for heading in ("#", "code", "result", "ha", "overlaps", "reasons and warnings"):
        table.add_column(heading, justify="right" if heading in ("#", "ha", "overlaps") else "left")
    for outcome in outcomes:
        # Text, not markup: codes and sentences may hold square brackets.
        table.add_row(*(Text(cell) for cell in _cells(outcome)), style=_style(outcome))
    console.print(table)
    console.print(summary(outcomes), markup=False, highlight=False)


def summary(outcomes: Sequence[Outcome]) -> str:
    """How many were accepted, changed, were there already, were refused, and for what."""
    results = Counter(outcome.result for outcome in outcomes)
    area = sum(
        (o.area_ha for o in outcomes if o.result == ACCEPTED and o.area_ha is not None), Decimal(0)
    )
    reasons = Counter(code for o in outcomes if o.refused for code in {c for c, _ in o.reasons})
    named = ", ".join(f"{code} {count}" for code, count in reasons.most_common())
    return (
        f"{len(outcomes)} rows: accepted {results[ACCEPTED]} ({area:.4f} ha), "
        + (f"changed {results[CHANGED]}, " if results[CHANGED] else "")
        + f"already there {results[PRESENT]}, refused {results[REFUSED]}"
        + (f" ({named})" if named else "")
    )


def _cells(outcome: Outcome) -> tuple[str, ...]:
    reasons = "\n".join(f"{code}: {sentence}" for code, sentence in outcome.reasons)
    area = "" if outcome.area_ha is None else f"{outcome.area_ha:.4f}"
    overlaps = str(outcome.overlaps or "")
    code = outcome.row.code or ""
    return str(outcome.row.index), code, outcome.result, area, overlaps, reasons


def _style(outcome: Outcome) -> str:
    return "yellow" if outcome.overlaps else _STYLES.get(outcome.result, "red")
