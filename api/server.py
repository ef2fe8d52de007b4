"""What uvicorn loads: the application, with the garbage collector held off while it is built.

Building makes hundreds of thousands of objects that all stay. To look through them again and again
costs a start a sixth of its time, and every full collection later; frozen, nobody looks at them.
"""

import gc

gc.disable()

from fastapi import FastAPI  # noqa: E402

from api.main import create_app  # noqa: E402


def application() -> FastAPI:
    """The application of a process."""
    app = create_app()
    gc.freeze()
    gc.enable()
    return app
