"""Commands that print what the platform is."""

import importlib
import json
import pkgutil
from typing import Any

import typer

from api.core.lifecycle import Lifecycle


def openapi() -> None:
    """Print the OpenAPI document."""
    from api.main import create_app  # noqa: PLC0415 - slow to import, and only needed here

    typer.echo(json.dumps(create_app().openapi(), indent=2, ensure_ascii=False))


def lifecycles() -> list["Lifecycle[Any]"]:
    """Every state machine of the platform, by name."""
    import api.domains  # noqa: PLC0415

    rooms = (
        f"api.domains.{room.name}.states" for room in pkgutil.iter_modules(api.domains.__path__)
    )
    modules = (importlib.import_module(name) for name in rooms if importlib.util.find_spec(name))
    found = {
        value.name: value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, Lifecycle)
    }
    return [found[name] for name in sorted(found)]


def states() -> None:
    """Print every state machine as a Mermaid diagram."""
    for machine in lifecycles():
        typer.echo(f"## {machine.name}\n\n```mermaid\n{machine.diagram()}\n```\n")
