"""One typed Settings, read once from the environment (prefix ``MAZORCA_``) or a ``.env`` file."""

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an installation can choose. Every default runs on one machine without preparation."""

    model_config = SettingsConfigDict(
        env_prefix="MAZORCA_", env_file=".env", extra="ignore", populate_by_name=True
    )

    environment: Literal["development", "production"] = "development"
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    workers: Annotated[int, Field(ge=1, le=64)] = 1
    data_dir: Path = Path("var")
    database_url: Annotated[
        SecretStr | None,
        Field(validation_alias=AliasChoices("DATABASE_URL", "MAZORCA_DATABASE_URL")),
    ] = None
    """A PostgreSQL ≥ 15 to use instead of the embedded one."""
    keys_dir: Path | None = None
    """Signing keys and secrets; default ``<data_dir>/keys``. Production must name it."""
    issuer: str = ""
    """The public base address: issuer of tokens, origin of ledger checkpoints; default the local
    address."""
    audience: str = "mazorca"
    access_token_seconds: Annotated[int, Field(ge=60, le=900)] = 600
    read_connections: Annotated[int, Field(ge=1, le=100)] = 10
    write_connections: Annotated[int, Field(ge=1, le=100)] = 10
    statement_timeout_ms: Annotated[int, Field(ge=100)] = 15_000
    lock_timeout_ms: Annotated[int, Field(ge=100)] = 10_000
    max_body_bytes: Annotated[int, Field(ge=1024)] = 20_000_000
    rate_limit: Annotated[int, Field(ge=1)] = 6_000
    """Requests per minute and caller, counted in each process (see docs/operations.md)."""
    area_of_operation: Literal["peru", "world"] = "peru"
    ruc_prefixes: Annotated[str, Field(pattern=r"^[0-9]{2}(,[0-9]{2})*$")] = "10,15,16,17,20"
    """With which two digits a RUC may begin; 20 is a legal person's."""
    demo: bool = True
    """Load the demonstration data on the first start of a development installation."""
    idempotency_days: Annotated[int, Field(ge=1)] = 7
    order_answer_days: Annotated[int, Field(ge=1, le=90)] = 5
    """How long an order, or a substitute proposed in it, waits for an answer before it expires."""
    access_log_days: Annotated[int, Field(ge=730)] = 1_095
    """How long it stays known who read personal data: two years at least (DS 016-2024-JUS, 46)."""
    checkpoint_seconds: Annotated[float, Field(gt=0)] = 1.0

    @model_validator(mode="after")
    def _production_is_explicit(self) -> Self:
        self.issuer = self.issuer or f"http://{self.host}:{self.port}"
        if self.environment == "production":
            if self.keys_dir is None:
                raise ValueError("MAZORCA_KEYS_DIR must be set in production")
            if not self.issuer.startswith("https://"):
                raise ValueError("MAZORCA_ISSUER must be the public https address in production")
        return self

    @property
    def keys(self) -> Path:
        """The folder of signing keys and secrets."""
        return self.keys_dir or self.data_dir / "keys"

    @property
    def known_ruc_prefixes(self) -> frozenset[str]:
        """With which two digits a RUC may begin."""
        return frozenset(self.ruc_prefixes.split(","))

    @property
    def log_origin(self) -> str:
        """The name under which a new ledger will sign."""
        return f"{urlsplit(self.issuer).netloc}/ledger"

    @property
    def loads_demo(self) -> bool:
        """Whether an empty database gets the demonstration data."""
        return self.demo and self.environment == "development"


@lru_cache
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
