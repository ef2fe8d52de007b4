"""The house lints: what no off-the-shelf linter knows about this repository.

A lint takes one parsed file and returns its findings, ``line: what is wrong``. ``test_house.py``
runs each over the repository and over samples that it must catch and must let pass.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 40
HTTP_METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
ROUTE_DECORATORS = HTTP_METHODS | {"api_route", "route"}
CLOCK_READS = frozenset({"now", "utcnow", "today"})
JOSE_CHECKS = frozenset({"decode", "verify"})
SKIPS = {
    "tests/shared_data.py": "golden data is not beside the checkout",
    "tests/e2e/test_docs_page.py": "only a machine with Chromium can show a page",
    "tests/embedded/support.py": "only root can act as several users",
}
OUTWARD = frozenset({"repository.py", "schemas.py", "service.py"})
IMPURE = (
    "api.core.clock", "api.database", "api.models", "api.reads", "api.settings", "api.transactions",
    "asyncpg", "fastapi", "httpx", "psycopg", "pydantic", "sqlalchemy", "sqlmodel", "starlette",
)  # fmt: skip

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One file: its path from the repository's root, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed file."""
        return ast.parse(self.text, self.path)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of the tree."""
        return list(ast.walk(self.tree))

    @classmethod
    def read(cls, root: Path, file: Path) -> "Source":
        """The file as it stands on disk."""
        return cls(file.relative_to(root).as_posix(), file.read_text(encoding="utf-8"))


Lint = Callable[[Source], Iterator[str]]


def short_files(source: Source) -> Iterator[str]:
    """No file of the program is longer than 300 lines."""
    lines = len(source.text.splitlines())
    if lines > MAX_FILE_LINES:
        yield f"{MAX_FILE_LINES + 1}: file of {lines} lines, {MAX_FILE_LINES} allowed"


def short_functions(source: Source) -> Iterator[str]:
    """No function is longer than 40 lines, from ``def`` to its last line."""
    for node in source.nodes:
        if isinstance(node, Function) and node.end_lineno is not None:
            lines = node.end_lineno - node.lineno + 1
            if lines > MAX_FUNCTION_LINES:
                yield f"{node.lineno}: {node.name} has {lines} lines, {MAX_FUNCTION_LINES} allowed"


def one_committer(source: Source) -> Iterator[str]:
    """Only ``api/transactions.py`` commits."""
    if source.path == "api/transactions.py":
        return
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and node.attr == "commit":
            yield f"{node.lineno}: commits outside api/transactions.py"


def live_annotations(source: Source) -> Iterator[str]:
    """Where annotations are read at run time (tables, wire shapes, routes) they stay objects."""
    if not _reads_annotations(source.path):
        return
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom) and node.module == "__future__":
            yield f"{node.lineno}: from __future__ import annotations"


def _reads_annotations(path: str) -> bool:
    return path.startswith(("api/models/", "api/routers/")) or path.endswith("schemas.py")


def async_routes(source: Source) -> Iterator[str]:
    """Routes and dependencies are ``async def``: a sync one costs a thread of the pool."""
    if not source.path.startswith(("api/routers/", "api/web/", "api/main.py")):
        return
    wanted = {name for node in source.nodes for name in _dependency(node)}
    for node in source.nodes:
        if isinstance(node, ast.FunctionDef):
            if any(map(_is_route, node.decorator_list)):
                yield f"{node.lineno}: route {node.name} is not async"
            elif node.name in wanted:
                yield f"{node.lineno}: dependency {node.name} is not async"


def _is_route(decorator: ast.expr) -> bool:
    return (
        isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr in ROUTE_DECORATORS
    )


def _dependency(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and _last_name(node.func) in {"Depends", "Security"}:
        yield from (arg.id for arg in node.args if isinstance(arg, ast.Name))


def state_changes_in_services(source: Source) -> Iterator[str]:
    """Only a service assigns ``.state``: there the transition was applied and is recorded."""
    if source.path.startswith("api/models/") or Path(source.path).name == "service.py":
        return
    for node in source.nodes:
        for target in _targets(node):
            if isinstance(target, ast.Attribute) and target.attr == "state":
                yield f"{target.lineno}: assigns .state outside a service"
        if isinstance(node, ast.Call) and _sets_state(node):
            yield f"{node.lineno}: sets state outside a service"


def _targets(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
    elif isinstance(node, ast.AugAssign | ast.AnnAssign):
        yield node.target


def _sets_state(node: ast.Call) -> bool:
    return (
        isinstance(node.func, ast.Name)
        and node.func.id == "setattr"
        and len(node.args) > 1
        and isinstance(node.args[1], ast.Constant)
        and node.args[1].value == "state"
    )


def one_clock(source: Source) -> Iterator[str]:
    """Only ``api/core/clock.py`` asks what day or time it is."""
    if source.path == "api/core/clock.py":
        return
    classes = {"datetime", "date"} | set(_aliases(source, "datetime"))
    for node in source.nodes:
        if (
            isinstance(node, ast.Attribute)
            and node.attr in CLOCK_READS
            and _last_name(node.value) in classes
        ):
            yield f"{node.lineno}: reads the clock with .{node.attr}"


def _aliases(source: Source, module: str) -> Iterator[str]:
    for node in source.nodes:
        if isinstance(node, ast.ImportFrom) and node.module == module:
            yield from (name.asname or name.name for name in node.names)


def _last_name(node: ast.expr) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def pure_rooms(source: Source) -> Iterator[str]:
    """In a room, what is no repository, schema or service computes from its arguments alone.

    The import contract names ``rules``, ``states`` and ``vocabulary``; this holds every other file.
    """
    if source.path.startswith("api/domains/") and Path(source.path).name not in OUTWARD:
        for module in IMPURE:
            yield from _imports(source, module)


def outside_through_gateways(source: Source) -> Iterator[str]:
    """Only gateways, and commands and demonstration as clients of the API, speak HTTP to others."""
    if not source.path.startswith(("api/gateways/", "api/demo/", "api/cli/")):
        yield from _imports(source, "httpx")


def one_jose(source: Source) -> Iterator[str]:
    """Only ``api/core/tokens.py`` knows python-jose, never its JWE, always with algorithms."""
    if source.path != "api/core/tokens.py":
        yield from _imports(source, "jose")
        return
    yield from _imports(source, "jose.jwe")
    for node in source.nodes:
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in JOSE_CHECKS
            and _last_name(node.func.value) in {"jwt", "jws"}
            and not any(keyword.arg == "algorithms" for keyword in node.keywords)
        ):
            yield f"{node.lineno}: {node.func.attr} without algorithms="


def _imports(source: Source, module: str) -> Iterator[str]:
    for node in source.nodes:
        for name in _imported(node):
            if name == module or name.startswith(f"{module}."):
                yield f"{getattr(node, 'lineno', 0)}: imports {name}"
                break


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def nothing_unfinished(source: Source) -> Iterator[str]:
    """No stub is left behind; an interface is a Protocol, not a method that raises."""
    for node in source.nodes:
        if isinstance(node, ast.Name) and node.id == "NotImplementedError":
            yield f"{node.lineno}: NotImplementedError"


def no_test_set_aside(source: Source) -> Iterator[str]:
    """No test is skipped or expected to fail, but for what the machine cannot give."""
    if source.path in SKIPS:
        return
    for node in source.nodes:
        if isinstance(node, ast.Attribute) and node.attr in {"skip", "skipif", "xfail"}:
            owner = _last_name(node.value)
            if owner in {"pytest", "mark"}:
                yield f"{node.lineno}: {owner}.{node.attr}"
        elif isinstance(node, ast.Call) and _last_name(node.func) == "importorskip":
            yield f"{node.lineno}: importorskip"


def clock_when_run(source: Source) -> Iterator[str]:
    """Tests ask for the day when they run: a run begins before midnight and ends after it."""
    for node in _read_at_import(source.tree):
        if isinstance(node, ast.Call) and _last_name(node.func) in CLOCK_READS:
            yield f"{node.lineno}: asks for the day when the module is read"


def _read_at_import(parent: ast.AST) -> Iterator[ast.AST]:
    """What is computed when a module is read: all but the bodies of functions."""
    for node in ast.iter_child_nodes(parent):
        parts: list[ast.AST] = [node]
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, Function):
            parts = [*node.decorator_list, node.args]
        for part in parts:
            yield part
            yield from _read_at_import(part)


PROGRAM_LINTS: tuple[Lint, ...] = (
    short_files,
    short_functions,
    one_committer,
    live_annotations,
    async_routes,
    state_changes_in_services,
    one_clock,
    pure_rooms,
    outside_through_gateways,
    one_jose,
    nothing_unfinished,
)
TEST_LINTS: tuple[Lint, ...] = (no_test_set_aside, clock_when_run)
