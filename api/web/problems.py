"""``/problems/{code}``: what a refusal means, where its ``type`` points."""

from collections.abc import Iterator
from html import escape
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from api.core.problems import Problem

POLICY: Final = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<h1>{title}</h1>
{body}
</html>
"""


def kinds(base: type[Problem] = Problem) -> Iterator[type[Problem]]:
    """Every named refusal of the platform."""
    yield base
    for kind in base.__subclasses__():
        yield from kinds(kind)


def _by_code() -> dict[str, type[Problem]]:
    return {kind.code: kind for kind in sorted(kinds(), key=lambda kind: kind.code)}


def _page(title: str, body: str, status: int = 200) -> Response:
    headers = {"Content-Security-Policy": POLICY}
    return HTMLResponse(_PAGE.format(title=escape(title), body=body), status, headers)


async def index(_: Request) -> Response:
    """All of them."""
    items = [
        f'<li><a href="/problems/{kind.code}">{kind.code}</a> ({kind.status}) '
        f"{escape(kind.title['en'])} · {escape(kind.title['es'])}</li>"
        for kind in _by_code().values()
    ]
    return _page("Problems", f"<ul>{''.join(items)}</ul>")


async def problem(request: Request) -> Response:
    """One of them."""
    kind = _by_code().get(request.path_params["code"])
    if kind is None:
        return _page("Unknown problem", '<p><a href="/problems">All problems</a></p>', 404)
    lines = [f"<p>HTTP {kind.status}</p>"]
    lines += [
        f'<p lang="{language}"><strong>{escape(kind.title[language])}</strong>. '
        f"{escape(kind.text[language])}</p>"
        for language in ("en", "es")
    ]
    return _page(kind.code, "\n".join(lines))
