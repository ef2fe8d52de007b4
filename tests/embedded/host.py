"""A tiny application that hosts an embedded server; run as a script by the tests.

``host.py MODE DATA_DIR [UID]``: with a uid, a process of root becomes that user first. It prints
one line of JSON when the server is ready, and ends on SIGTERM or when its mode says so.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

import psycopg

from api.embedded import EmbeddedPostgres


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def announce(server: EmbeddedPostgres) -> None:
    say(json.dumps({"dsn": server.dsn}))


def serve(server: EmbeddedPostgres) -> None:
    """What an application does: stop the server on SIGTERM, then end."""

    def stop(number: int, frame: object) -> None:
        server.stop()
        sys.exit(0)

    signal.signal(signal.SIGTERM, stop)
    server.start()
    announce(server)
    signal.pause()


def careless(server: EmbeddedPostgres) -> None:
    """An application that never stops its server."""
    server.start()
    announce(server)
    signal.pause()


def threaded(server: EmbeddedPostgres) -> None:
    """Start the server in a thread that ends at once."""
    starter = threading.Thread(target=server.start)
    starter.start()
    starter.join()
    time.sleep(0.5)  # a parent-death signal would have come by now
    announce(server)
    signal.pause()


def forked(server: EmbeddedPostgres) -> None:
    """A fork inherits the object and calls stop(), as an exit handler would."""
    server.start()
    child = os.fork()
    if child == 0:
        server.stop()
        os._exit(0)
    os.waitpid(child, 0)
    announce(server)
    signal.pause()


def write(server: EmbeddedPostgres) -> None:
    """Insert rows for ever; print each number after its commit was acknowledged."""
    server.start()
    announce(server)
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS written (number bigint PRIMARY KEY)")
        number = 0
        while True:
            number += 1
            connection.execute("INSERT INTO written VALUES (%s)", (number,))
            say(str(number))


MODES = {run.__name__: run for run in (serve, careless, threaded, forked, write)}

if __name__ == "__main__":
    mode, data_dir, *uid = sys.argv[1:]
    # A shell starts what is in its background deaf to Ctrl-C, and all below it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if uid:
        os.setgroups([])
        os.setgid(int(uid[0]))
        os.setuid(int(uid[0]))
    MODES[mode](EmbeddedPostgres(Path(data_dir), durable=mode == "write"))
