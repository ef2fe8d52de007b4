"""A load client: keep-alive HTTP/1.1 connections that each send one request after another.

Written here because a Python HTTP library would cost more than the server under test, and the
usual tools cannot sign every request with a key of its own. Requests are bounded by time; only
loopback addresses are ever called.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import httptools

Make = Callable[[int], bytes]
"""The bytes of the n-th request of a connection."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a round of load saw."""

    requests_per_second: float
    p50_ms: float
    p99_ms: float
    failures: int


class _Connection(asyncio.Protocol):
    """Sends, waits for the answer, sends again."""

    def __init__(self, make: Make, until: float, expected: int) -> None:
        self._make, self._until, self._expected = make, until, expected
        self.times: list[float] = []
        self.failures = 0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._count = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._next()

    def _next(self) -> None:
        if time.perf_counter() >= self._until:
            self._transport.close()
            return
        self._parser = httptools.HttpResponseParser(self)
        self._started = time.perf_counter()
        self._transport.write(self._make(self._count))
        self._count += 1

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        self.times.append(time.perf_counter() - self._started)
        if self._parser.get_status_code() != self._expected:
            self.failures += 1
        # Not from within the parser's own callback: it is replaced for the next answer.
        asyncio.get_running_loop().call_soon(self._next)

    def connection_lost(self, error: Exception | None) -> None:
        if error is not None:
            self.failures += 1
        if not self.done.done():
            self.done.set_result(None)


async def drive(port: int, makes: list[Make], seconds: float, expected: int) -> Outcome:
    """Load ``127.0.0.1:port`` with one connection for each of ``makes``."""
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    until = started + seconds
    connections = [
        (
            await loop.create_connection(
                lambda make=make: _Connection(make, until, expected),  # type: ignore[misc]
                "127.0.0.1",
                port,
            )
        )[1]
        for make in makes
    ]
    await asyncio.gather(*(connection.done for connection in connections))
    elapsed = time.perf_counter() - started
    times = sorted(t for connection in connections for t in connection.times)
    return Outcome(
        requests_per_second=len(times) / elapsed,
        p50_ms=times[len(times) // 2] * 1000,
        p99_ms=times[int(len(times) * 0.99)] * 1000,
        failures=sum(connection.failures for connection in connections),
    )


def request(method: str, path: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """A request's bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body
