"""Commands that print what the platform is."""

import importlib
import json
import pkgutil

import typer

from api.core.lifecycle import Lifecycle


def openapi() -> None:
    """Print the OpenAPI document."""
    from api.main import create_app  # noqa: PLC0415 - slow to import, and only needed here

    typer.echo(json.dumps(create_app().openapi(), indent=2, ensure_ascii=False))


def lifecycles() -> dict[str, "Lifecycle[object]"]:  # type: ignore[type-var]
    """Every state machine of the platform, by room."""
    import api.domains  # noqa: PLC0415

    found = {}
    for room in pkgutil.iter_modules(api.domains.__path__):
        name = f"api.domains.{room.name}.states"
        if importlib.util.find_spec(name):
            machine = getattr(importlib.import_module(name), "LIFECYCLE", None)
            if isinstance(machine, Lifecycle):
                found[room.name] = machine
    return found


def states() -> None:
    """Print every state machine as a Mermaid diagram."""
    for room, machine in lifecycles().items():
        typer.echo(f"## {room}\n\n```mermaid\n{machine.diagram()}\n```\n")
