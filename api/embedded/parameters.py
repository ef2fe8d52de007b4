"""The server's settings, given on its command line at every start."""

from collections.abc import Mapping

from api.embedded.errors import EmbeddedPostgresError
from api.embedded.postmaster import PORT

# What keeps others out; not for the caller to change.
PROTECTED = {
    "listen_addresses": "",
    "unix_socket_directories": ".",  # relative to the cluster: no length limit, no path to open
    "unix_socket_permissions": "0700",
    "port": str(PORT),
}

# A machine with few cores and a few gigabytes.
DEFAULTS = {
    "shared_buffers": "128MB",
    "max_connections": "100",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "cluster_name": "mazorca",
    # The log tells of the server, not of people: errors of statements go to the application, and
    # neither statements nor the values in DETAIL are written (a unique key may be somebody's DNI).
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}

DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
# For tests: a crash of the machine may lose or damage the cluster, a crash of the server may not.
FLEETING = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def server_parameters(*, durable: bool, settings: Mapping[str, str]) -> dict[str, str]:
    """Name → value: the defaults, overruled by ``settings``, overruled by what is protected."""
    refused = sorted(PROTECTED.keys() & {name.lower() for name in settings})
    if refused:
        raise EmbeddedPostgresError(
            f"not for the caller to set: {', '.join(refused)}",
            hint="for a server with other doors set DATABASE_URL to one of your own",
        )
    return {**DEFAULTS, **(DURABLE if durable else FLEETING), **settings, **PROTECTED}


def as_arguments(parameters: Mapping[str, str]) -> list[str]:
    """The settings as options of the command line."""
    return [part for name, value in parameters.items() for part in ("-c", f"{name}={value}")]
