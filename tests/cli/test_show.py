"""What the platform says of itself at the command line."""

from pathlib import Path

from typer.testing import CliRunner

import api.domains
from api.cli import app


def test_every_state_machine_is_drawn() -> None:
    shown = CliRunner().invoke(app, ["states"])
    assert shown.exit_code == 0
    drawn = [line.removeprefix("## ") for line in shown.stdout.splitlines() if line[:3] == "## "]
    rooms = Path(next(iter(api.domains.__path__)))
    declared = sum(
        path.read_text(encoding="utf-8").count("= Lifecycle(") for path in rooms.glob("*/states.py")
    )
    assert len(drawn) == len(set(drawn)) == declared
    # A room that has two, one for the request and one for what is offered, draws both.
    assert {"quote_request", "quote", "order", "loan"} <= set(drawn)
    assert shown.stdout.count("stateDiagram-v2") == declared
