"""Access tokens: ES256 JWTs by the profile of RFC 9068. The only file that knows python-jose.

python-jose's defaults are loose (CVE-2026-85394, unchecked ``aud``, ignored ``kid``), so every
guard is set here: one algorithm, our own parsed keys chosen by ``kid`` after the header was
checked, every claim required, length capped.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from jose import jws, jwt
from jose.backends.cryptography_backend import CryptographyECKey
from jose.constants import ALGORITHMS
from jose.exceptions import JOSEError

from api.core.actor import Actor
from api.core.ids import new_id

ALGORITHM: Final = ALGORITHMS.ES256
TOKEN_TYPE: Final = "at+jwt"
MAX_TOKEN_LENGTH: Final = 8192
_LEEWAY_SECONDS: Final = 30
_HEADER_MEMBERS: Final = frozenset({"alg", "typ", "kid"})
_OPTIONS: Final = {
    "require_exp": True,
    "require_iat": True,
    "require_aud": True,
    "require_iss": True,
    "require_sub": True,
    "require_jti": True,
    "leeway": _LEEWAY_SECONDS,
}


class TokenError(Exception):
    """The token is not one of ours, or no longer."""


def new_key_pem() -> bytes:
    """A new P-256 private key, PKCS #8 PEM."""
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


@dataclass(frozen=True)
class SigningKey:
    """A parsed key pair; ``kid`` is derived from the public key."""

    kid: str
    private_pem: str
    public: CryptographyECKey

    @classmethod
    def from_pem(cls, pem: bytes) -> "SigningKey":
        """Parse a P-256 private key."""
        private = serialization.load_pem_private_key(pem, password=None)
        if not isinstance(private, ec.EllipticCurvePrivateKey):
            raise TypeError("the token key must be an elliptic curve key (P-256)")
        public_pem = private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        kid = hashlib.sha256(public_pem).hexdigest()[:16]
        return cls(kid, pem.decode(), CryptographyECKey(public_pem, ALGORITHM))

    def jwk(self) -> dict[str, Any]:
        """The public half as a JSON Web Key."""
        members = {
            name: value.decode() if isinstance(value, bytes) else value
            for name, value in self.public.to_dict().items()
        }
        return {**members, "kid": self.kid, "use": "sig", "alg": ALGORITHM}


@dataclass(frozen=True)
class Tokens:
    """Mints and opens access tokens. ``keys[0]`` signs; all of them verify and are published."""

    keys: tuple[SigningKey, ...]
    issuer: str
    audience: str
    lifetime_seconds: int

    def mint(self, actor: Actor, at: int) -> str:
        """An access token for an actor, valid from ``at`` (Unix seconds)."""
        key = self.keys[0]
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": str(actor.client_id),
            "client_id": str(actor.client_id),
            "org": str(actor.organization_id),
            "roles": sorted(actor.roles),
            "scope": " ".join(sorted(actor.permissions)),
            "iat": at,
            "exp": at + self.lifetime_seconds,
            "jti": str(new_id()),
        }
        headers = {"typ": TOKEN_TYPE, "kid": key.kid}
        return str(jwt.encode(claims, key.private_pem, algorithm=ALGORITHM, headers=headers))

    def open(self, token: str) -> tuple[Actor, int]:
        """The actor and the expiry (Unix seconds); ``TokenError`` for anything not ours."""
        if len(token) > MAX_TOKEN_LENGTH:
            raise TokenError("too long")
        try:
            key = self._key_for(jws.get_unverified_header(token))
            claims = jwt.decode(
                token,
                key.public,
                algorithms=[ALGORITHM],
                audience=self.audience,
                issuer=self.issuer,
                options=_OPTIONS,
            )
            return _actor(claims), int(claims["exp"])
        except (
            *(JOSEError, ValueError, KeyError, TypeError, AttributeError),
            RecursionError,  # a header of thousands of brackets
        ) as error:
            raise TokenError(type(error).__name__) from None

    def jwks(self) -> dict[str, Any]:
        """The public keys (RFC 7517)."""
        return {"keys": [key.jwk() for key in self.keys]}

    def _key_for(self, header: Mapping[str, Any]) -> SigningKey:
        if header.keys() - _HEADER_MEMBERS:
            raise TokenError("unexpected header members")
        if header.get("typ") != TOKEN_TYPE or header.get("alg") != ALGORITHM:
            raise TokenError("wrong type or algorithm")
        for key in self.keys:
            if key.kid == header.get("kid"):
                return key
        raise TokenError("unknown key")


def _actor(claims: Mapping[str, Any]) -> Actor:
    return Actor(
        client_id=UUID(claims["sub"]),
        organization_id=UUID(claims["org"]),
        roles=frozenset(claims["roles"]),
        permissions=frozenset(claims["scope"].split()),
        token_id=claims["jti"],
    )
