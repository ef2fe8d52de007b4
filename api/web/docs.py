"""``/docs``: the API's documentation, with no internet."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI, Request, Response
from starlette.responses import FileResponse, RedirectResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from api.web import problems

STATIC: Final = Path(__file__).parent / "static"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Swagger UI styles elements in place; nothing else is let in."""


async def docs(_: Request) -> Response:
    """The page."""
    return FileResponse(STATIC / "docs.html", headers={"Content-Security-Policy": POLICY})


async def start(_: Request) -> Response:
    """People who open the bare address want the documentation."""
    return RedirectResponse("/docs")


def install(app: FastAPI) -> None:
    """Add the pages to the application."""
    app.router.routes += [
        Route("/", start),
        Route("/docs", docs),
        Route("/problems", problems.index),
        Route("/problems/{code}", problems.problem),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
