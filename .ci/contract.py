"""Hold a real server to its document: schemathesis as two organisations, then the ledger verifies.

Needs an empty database in ``DATABASE_URL``. Arguments go to schemathesis.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from stdnum.pe import ruc as peruvian_ruc
from with_postgres import held_port

from api.core.actor import SYSTEM, Actor
from api.domains.organizations import service
from api.domains.organizations.schemas import OrganizationIn
from api.main import open_platform
from api.policies import Role, permissions_of
from api.routers.platform import Platform
from api.settings import Settings
from api.transactions import unit_of_work

BIN = Path(sys.executable).parent
START_SECONDS = 240
STOP_SECONDS = 120
FUZZ_SECONDS = 6 * 3600
"""Longer than fuzzing takes on a slow machine: so long the tokens hold, as no other's do."""
# A server that stopped in good order ends with 0, or lets the signal take effect after all.
STOPPED = (0, -signal.SIGTERM, 128 + signal.SIGTERM)
# Neither the operator nor an observer: both may see what is others'.
ROLES = frozenset(Role) - {Role.OPERATOR, Role.OBSERVER}


def start_server(environment: dict[str, str], url: str) -> "subprocess.Popen[bytes]":
    """``mazorca run``, once it says that it is ready."""
    server = subprocess.Popen([BIN / "mazorca", "run"], env=environment)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5):  # noqa: S310 - loopback
                return server
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    server.kill()
    raise SystemExit(f"the server is not ready after {START_SECONDS} s")


async def tokens(count: int) -> list[str]:
    """Access tokens of new, verified organisations that have every role but the privileged ones."""
    settings = Settings().model_copy(update={"access_token_seconds": FUZZ_SECONDS})
    assert settings.database_url is not None
    async with open_platform(settings, settings.database_url.get_secret_value()) as platform:
        return [await organisation(platform, number) for number in range(count)]


async def organisation(platform: Platform, number: int) -> str:
    """One organisation's token."""
    body = f"20{number:08d}"
    wish = OrganizationIn(
        legal_name=f"Organisation {number}",
        ruc=body + peruvian_ruc.calc_check_digit(body),
        roles=sorted(ROLES),
    )
    async with unit_of_work(platform.database, SYSTEM) as uow:
        organization_id, credentials = await service.register(uow, wish, as_operator=True)
        await uow.session.flush()
        await service.act(uow, organization_id, "verify")
    scopes = frozenset(str(permission) for permission in permissions_of(ROLES, verified=True))
    actor = Actor(credentials.client_id, organization_id, frozenset(ROLES), scopes)
    return platform.tokens.tokens.mint(actor, int(time.time()))


def fuzz(url: str, folder: Path, arguments: list[str]) -> int:
    """Schemathesis with ``schemathesis.toml``: every check, as two organisations."""
    callers = [
        {"name": name, "fixedHeaders": [{"name": "Authorization", "value": f"Bearer {token}"}]}
        for name, token in zip(("alice", "bob"), asyncio.run(tokens(2)), strict=True)
    ]
    wfc = folder / "callers.yaml"
    wfc.write_text(json.dumps({"auth": callers}))
    command = [str(BIN / "schemathesis"), "--no-color", "run", f"{url}/openapi.json", *arguments]
    environment = os.environ | {"MAZORCA_CALLERS": str(wfc)}
    return subprocess.run(command, env=environment, check=False).returncode


def verify_ledger(folder: Path) -> int:
    """Export the ledger that the fuzzing left behind, and check the export as an outsider."""
    subprocess.run([BIN / "mazorca", "ledger", "export", folder], check=True)
    return subprocess.run([BIN / "mazorca", "ledger", "verify", folder], check=False).returncode


def check(port: int) -> int:
    """Migrate, serve, fuzz, verify, stop; 0 only if all of it went well."""
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="mazorca-ci-") as folder:
        os.environ |= {
            "MAZORCA_DATA_DIR": folder,
            "MAZORCA_DEMO": "false",
            "MAZORCA_ISSUER": url,
            "MAZORCA_PORT": str(port),
            "MAZORCA_RATE_LIMIT": "10000000",
        }
        subprocess.run([BIN / "mazorca", "migrate"], check=True)
        server = start_server(dict(os.environ), url)
        try:
            status = fuzz(url, Path(folder), sys.argv[1:])
            status |= verify_ledger(Path(folder) / "ledger")
        finally:
            server.send_signal(signal.SIGTERM)
            stopped = server.wait(STOP_SECONDS)
    if stopped not in STOPPED:
        print(f"the server ended with {stopped} on SIGTERM", file=sys.stderr)
        return 1
    return status


def main() -> int:
    """The check, on a port of its own."""
    with held_port() as port:
        return check(port)


if __name__ == "__main__":
    sys.exit(main())
