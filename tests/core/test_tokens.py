"""What must not open the door. The forged tokens are those of the reports on python-jose."""

import base64
import hashlib
import hmac
import json
import time
from pathlib import Path
from uuid import uuid4

import jwt as pyjwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from api.core.actor import Actor
from api.core.keys import KeyRing
from api.core.tokens import SigningKey, TokenError, Tokens, new_key_pem

ACTOR = Actor(uuid4(), uuid4(), frozenset({"buyer"}), frozenset({"lots:read"}))


@pytest.fixture
def tokens() -> Tokens:
    return Tokens((SigningKey.from_pem(new_key_pem()),), "https://issuer", "mazorca", 600)


def b64(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def claims(**changes: object) -> dict[str, object]:
    now = int(time.time())
    good = {
        "iss": "https://issuer",
        "aud": "mazorca",
        "sub": str(ACTOR.client_id),
        "org": str(ACTOR.organization_id),
        "roles": ["operator"],
        "scope": "organizations:verify",
        "iat": now,
        "exp": now + 600,
        "jti": str(uuid4()),
    }
    merged = {**good, **changes}
    return {key: value for key, value in merged.items() if value is not None}


def signed(
    tokens: Tokens, payload: dict[str, object], header: dict[str, object] | None = None
) -> str:
    """A token signed with the right key, whatever it says."""
    key = tokens.keys[0]
    headers = {"typ": "at+jwt", "kid": key.kid, **(header or {})}
    return pyjwt.encode(payload, key.private_pem, algorithm="ES256", headers=headers)


def test_what_we_mint_we_open(tokens: Tokens) -> None:
    at = int(time.time())
    actor, expires = tokens.open(tokens.mint(ACTOR, at))
    assert (actor.client_id, actor.permissions) == (ACTOR.client_id, ACTOR.permissions)
    assert expires == at + 600


def test_a_foreign_library_verifies_what_we_mint(tokens: Tokens) -> None:
    token = tokens.mint(ACTOR, int(time.time()))
    key = pyjwt.PyJWK(tokens.jwks()["keys"][0])
    found = pyjwt.decode(
        token, key, algorithms=["ES256"], audience="mazorca", issuer="https://issuer"
    )
    assert found["sub"] == str(ACTOR.client_id)
    assert pyjwt.get_unverified_header(token)["typ"] == "at+jwt"


def test_the_published_key_has_no_private_half(tokens: Tokens) -> None:
    assert "d" not in tokens.jwks()["keys"][0]


def test_a_well_signed_token_of_the_test_itself_opens(tokens: Tokens) -> None:
    """So that the refusals below are for the reason they name."""
    assert tokens.open(signed(tokens, claims()))[0].roles == {"operator"}


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": 1_000_000_000},
        {"exp": None},
        {"iat": None},
        {"aud": None},
        {"aud": "another"},
        {"iss": None},
        {"iss": "https://evil"},
        {"sub": None},
        {"jti": None},
        {"org": None},
        {"sub": "not-a-uuid"},
        {"scope": 7},
        {"nbf": 4_000_000_000},
    ],
    ids=str,
)
def test_a_claim_that_is_wrong_or_missing_is_refused(
    tokens: Tokens, changes: dict[str, object]
) -> None:
    with pytest.raises(TokenError):
        tokens.open(signed(tokens, claims(**changes)))


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT"},
        {"kid": "0000000000000000"},
        {"kid": "../../etc/passwd"},
        {"jku": "https://evil/jwks.json"},
        {"x5u": "https://evil/cert"},
        {"crit": ["exp"]},
        {"jwk": {"kty": "EC"}},
    ],
    ids=str,
)
def test_a_header_that_is_not_ours_is_refused(tokens: Tokens, header: dict[str, object]) -> None:
    with pytest.raises(TokenError):
        tokens.open(signed(tokens, claims(), header))


def test_no_algorithm_is_refused(tokens: Tokens) -> None:
    header = {"alg": "none", "typ": "at+jwt", "kid": tokens.keys[0].kid}
    with pytest.raises(TokenError):
        tokens.open(f"{b64(header)}.{b64(claims())}.")


@pytest.mark.parametrize("encoding", ["PEM", "DER"])
def test_the_public_key_is_no_hmac_secret(tokens: Tokens, encoding: str) -> None:
    """CVE-2024-33663 and CVE-2026-85394: algorithm confusion, with the key as PEM and as DER."""
    key = tokens.keys[0]
    private = serialization.load_pem_private_key(key.private_pem.encode(), None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    secret = private.public_key().public_bytes(
        getattr(serialization.Encoding, encoding), serialization.PublicFormat.SubjectPublicKeyInfo
    )
    for algorithm in ("HS256", "ES256"):
        header = {"alg": algorithm, "typ": "at+jwt", "kid": key.kid}
        message = f"{b64(header)}.{b64(claims())}"
        forged = hmac.new(secret, message.encode(), hashlib.sha256).digest()
        with pytest.raises(TokenError):
            tokens.open(f"{message}.{b64(forged)}")


def test_another_key_with_our_kid_is_refused(tokens: Tokens) -> None:
    other = SigningKey.from_pem(new_key_pem())
    headers = {"typ": "at+jwt", "kid": tokens.keys[0].kid}
    forged = pyjwt.encode(claims(), other.private_pem, algorithm="ES256", headers=headers)
    with pytest.raises(TokenError):
        tokens.open(forged)


@pytest.mark.parametrize("rubbish", ["", "a", "a.b", "a.b.c", "." * 10, "é.ü.ñ", "a" * 9000])
def test_rubbish_is_refused(tokens: Tokens, rubbish: str) -> None:
    with pytest.raises(TokenError):
        tokens.open(rubbish)


def test_rotation_keeps_tokens_alive_and_retires_old_keys(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "keys")

    def now_with(keys: tuple[SigningKey, ...]) -> Tokens:
        return Tokens(keys, "https://issuer", "mazorca", 600)

    first = now_with(ring.token_keys())
    token = first.mint(ACTOR, int(time.time()))
    ring.rotate_token_keys()
    second = now_with(ring.token_keys())
    assert second.keys[0].kid == first.keys[1].kid, "next was published before it signs"
    second.open(token)
    ring.rotate_token_keys()
    with pytest.raises(TokenError):
        now_with(ring.token_keys()).open(token)


def test_keys_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path / "keys")
    ring.token_keys()
    ring.cursor_secret()
    files = list(ring.folder.iterdir())
    assert len(files) == 3
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert ring.folder.stat().st_mode & 0o777 == 0o700
