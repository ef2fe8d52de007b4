"""Who may call what: ``python -m tests.architecture.permissions`` writes ``permissions.txt``."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from api.main import create_app
from api.policies import GRANTS, Permission

COMMITTED = Path(__file__).parent / "permissions.txt"


def table(app: FastAPI) -> str:
    """A line for each operation: method, path, permission, the roles that have it."""
    lines = []
    for context in iter_route_contexts(app.routes):
        permission = getattr(context.original_route, "permission", None)
        if permission is None:
            continue
        roles = [role.value for role, granted in GRANTS.items() if permission in granted]
        who = "anyone" if permission is Permission.PUBLIC else ", ".join(sorted(roles))
        if len(roles) == len(GRANTS):
            who = "every role"
        lines += [
            f"{method} {context.path} {permission}: {who}" for method in context.methods or ()
        ]
    return "\n".join(sorted(lines, key=lambda line: line.split(" ")[1::-1])) + "\n"


if __name__ == "__main__":
    COMMITTED.write_text(table(create_app()), encoding="utf-8")
