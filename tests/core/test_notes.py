import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from api.core.merkle import EMPTY_ROOT
from api.core.notes import (
    MAX_NOTE,
    BadSignature,
    Checkpoint,
    MalformedCheckpoint,
    MalformedKey,
    MalformedNote,
    NoteFault,
    Signer,
    UnknownKey,
    VerifierKey,
    generate_key,
    open_note,
    open_text,
    sign,
    sign_text,
)

# golang.org/x/mod/sumdb/note, note_test.go: keys, text and signatures of the reference.
PETER_SKEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
PETER_SIGNS = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqf"
    "qdngotpRZb6KE6RyyBwJnAM=\n"
)
ENOCH_SIGNS = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTG"
    "wnWLox33WWd1RvMc+QQ=\n"
)
PETER_NOTE = f"{TEXT}\n{PETER_SIGNS}"
SPOILT = f"{PETER_SIGNS[:60]}ABCD{PETER_SIGNS[60:]}"

# A checkpoint of Go's public checksum database (transparency-dev tests), and its key.
SUMDB = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
SUMDB_NOTE = (
    "go.sum database tree\n6476701\nmb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=\n\n"
    "— sum.golang.org Az3grsLX85Gz+s1SiTbgkuqxgItqFq7gsMUEyVnrsa9LM7Us9S+1xbFIGu95949rj4nP"
    "RYfvimWEPWL+o3GeoWwOoAw=\n"
)

ORIGIN = "mazorca.example/ledger"
ROOT = bytes(range(32))


def peter() -> Signer:
    seed = base64.b64decode(PETER_SKEY.split("+", 4)[4])[1:]
    pem = Ed25519PrivateKey.from_private_bytes(seed).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return Signer("PeterNeumann", pem)


SIGNER = Signer(ORIGIN, generate_key())
NOTE = sign(Checkpoint(ORIGIN, 1234, ROOT), SIGNER)


class TestReferenceNotes:
    def test_signs_to_the_very_byte(self) -> None:
        assert sign_text(TEXT, peter()) == PETER_NOTE
        assert str(peter().vkey) == PETER

    def test_opens(self) -> None:
        assert open_text(PETER_NOTE, [PETER]) == TEXT

    def test_one_known_signature_is_enough(self) -> None:
        assert open_text(f"{TEXT}\n{PETER_SIGNS}{ENOCH_SIGNS}", [PETER]) == TEXT
        assert open_text(f"{TEXT}\n{PETER_SIGNS}{ENOCH_SIGNS}", [ENOCH]) == TEXT
        assert open_text(f"{TEXT}\n{PETER_SIGNS}{ENOCH_SIGNS}", [PETER, ENOCH, PETER]) == TEXT

    def test_none_known(self) -> None:
        with pytest.raises(UnknownKey):
            open_text(f"{TEXT}\n{PETER_SIGNS}{ENOCH_SIGNS}", [])
        with pytest.raises(UnknownKey):
            open_text(PETER_NOTE, [ENOCH])

    def test_one_bad_signature_by_a_known_key_spoils_the_note(self) -> None:
        with pytest.raises(BadSignature):
            open_text(f"{TEXT}\n{SPOILT}", [PETER])
        with pytest.raises(BadSignature):
            open_text(f"{TEXT}\n{ENOCH_SIGNS}{SPOILT}", [PETER, ENOCH])

    def test_a_bad_signature_by_an_unknown_key_is_ignored(self) -> None:
        assert open_text(f"{TEXT}\n{ENOCH_SIGNS}{SPOILT}", [ENOCH]) == TEXT

    @pytest.mark.parametrize(
        "note",
        [
            "",
            "\n\n",
            TEXT,
            f"{TEXT}\n",
            f"{TEXT}{PETER_SIGNS}",
            f"{TEXT}\n{PETER_SIGNS[:-1]}",
            f"{TEXT}\n{PETER_SIGNS}{ENOCH_SIGNS[:-1]}",
            f"\x01{TEXT}\n{PETER_SIGNS}",
            f"\r{TEXT}\n{PETER_SIGNS}",
            f"\udcff{TEXT}\n{PETER_SIGNS}",
            f"{TEXT}\n{PETER_SIGNS.replace('PeterNeumann', 'Bad Name')}",
            f"{TEXT}\n{PETER_SIGNS.replace('PeterNeumann', 'Bad+Name')}",
            f"{TEXT}\n{PETER_SIGNS.replace('—', '-')}",
            f"{TEXT}\n{PETER_SIGNS}Unexpected line.\n",
            f"{TEXT}\n{PETER_SIGNS}\n",
            f"{TEXT}\n— PeterNeumann x08goA=\n",
            f"{TEXT}\n— PeterNeumann x08gow==\n",
            "a" * MAX_NOTE + PETER_NOTE,
        ],
    )
    def test_malformed(self, note: str) -> None:
        with pytest.raises(MalformedNote):
            open_text(note, [PETER])

    def test_empty_lines_belong_to_the_text(self) -> None:
        text = "above\n\n\nbelow\n\n"
        assert open_text(sign_text(text, SIGNER), [SIGNER.vkey]) == text

    @pytest.mark.parametrize("text", ["", "abc", "a\tb\n", "a\r\n", "\ud800\n"])
    def test_no_note_can_hold_it(self, text: str) -> None:
        with pytest.raises(MalformedNote):
            sign_text(text, SIGNER)


class TestKeys:
    @pytest.mark.parametrize("vkey", [PETER, ENOCH, SUMDB])
    def test_vkeys_of_others(self, vkey: str) -> None:
        assert str(VerifierKey.parse(vkey)) == vkey
        assert str(VerifierKey.parse(f"{vkey}\n")) == vkey

    def test_no_part_of_a_vkey_is_a_vkey(self) -> None:
        parts = {PETER[i:j] for i in range(len(PETER)) for j in range(i, len(PETER) + 1)}
        for part in parts - {PETER}:
            with pytest.raises(MalformedKey):
                VerifierKey.parse(part)

    def test_no_character_of_a_vkey_can_change(self) -> None:
        for at, character in enumerate(PETER):
            with pytest.raises(MalformedKey):
                VerifierKey.parse(PETER[:at] + chr(ord(character) + 1) + PETER[at + 1 :])

    @pytest.mark.parametrize(
        "vkey",
        [
            # with the right id for a wrong length, and for an unknown algorithm
            "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
            "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "",
            "\ud800+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        ],
    )
    def test_malformed_vkeys(self, vkey: str) -> None:
        with pytest.raises(MalformedKey):
            VerifierKey.parse(vkey)

    @pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\nb", "a\x00b", "\udc00"])
    def test_bad_names(self, name: str) -> None:
        with pytest.raises(MalformedKey):
            Signer(name, generate_key())

    def test_keys_are_new_each_time(self) -> None:
        assert generate_key() != generate_key()

    def test_pem_of_another_kind(self) -> None:
        pem = generate_private_key(SECP256R1()).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        with pytest.raises(MalformedKey, match="not Ed25519"):
            Signer(ORIGIN, pem)

    @pytest.mark.parametrize("pem", ["", "not a key", PETER_SKEY])
    def test_not_pem(self, pem: str) -> None:
        with pytest.raises(MalformedKey):
            Signer(ORIGIN, pem)

    def test_password(self) -> None:
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"correct"),
        )
        vkey = VerifierKey(ORIGIN, key.public_key().public_bytes_raw())
        assert str(Signer(ORIGIN, pem, b"correct").vkey) == str(vkey)
        for password in (b"wrong", None):
            with pytest.raises(MalformedKey):
                Signer(ORIGIN, pem, password)
        with pytest.raises(MalformedKey):
            Signer(ORIGIN, generate_key(), b"not needed")

    def test_two_keys_of_one_name_and_id(self) -> None:
        other = VerifierKey("PeterNeumann", SIGNER.vkey.public)
        other.id = VerifierKey.parse(PETER).id
        with pytest.raises(MalformedKey, match="share"):
            open_text(PETER_NOTE, [PETER, other])

    def test_neither_key_nor_name_gives_the_private_key_away(self) -> None:
        pem = generate_key()
        secret = pem.splitlines()[1]
        signer = Signer(ORIGIN, pem)
        assert secret not in repr(signer) + str(signer) + repr(signer.vkey) + str(signer.vkey)


class TestCheckpoints:
    def test_one_of_the_go_checksum_database(self) -> None:
        checkpoint = open_note(SUMDB_NOTE, [SUMDB])
        assert (checkpoint.origin, checkpoint.size) == ("go.sum database tree", 6476701)
        assert checkpoint.root.hex().startswith("99bf102d022cd19d")
        assert SUMDB_NOTE.startswith(checkpoint.text + "\n")

    def test_layout(self) -> None:
        text = "mazorca.example/ledger\n1234\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
        assert Checkpoint(ORIGIN, 1234, ROOT).text == text
        assert NOTE.startswith(f"{text}\n— mazorca.example/ledger ")
        assert NOTE.count("\n") == 5

    @given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
    def test_what_is_signed_is_read(self, size: int, root: bytes) -> None:
        checkpoint = Checkpoint(ORIGIN, size, root)
        assert open_note(sign(checkpoint, SIGNER), [str(SIGNER.vkey)]) == checkpoint

    def test_the_empty_log(self) -> None:
        checkpoint = Checkpoint(ORIGIN, 0, EMPTY_ROOT)
        assert open_note(sign(checkpoint, SIGNER), [SIGNER.vkey]) == checkpoint

    def test_one_key_speaks_for_one_log(self) -> None:
        with pytest.raises(MalformedCheckpoint):
            sign(Checkpoint("another.example/ledger", 1, ROOT), SIGNER)

    def test_extension_lines_are_left_aside(self) -> None:
        text = Checkpoint(ORIGIN, 7, ROOT).text + "extension\nanother\n"
        assert open_note(sign_text(text, SIGNER), [SIGNER.vkey]) == Checkpoint(ORIGIN, 7, ROOT)

    @pytest.mark.parametrize(
        "text",
        [
            "hello\n",
            f"{ORIGIN}\n7\n",
            "\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
            f"{ORIGIN}\n07\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
            f"{ORIGIN}\n-7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
            f"{ORIGIN}\n\u0667\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
            f"{ORIGIN}\n{'9' * 5000}\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n",
            f"{ORIGIN}\n7\nAAEC\n",
            f"{ORIGIN}\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh9=\n",
            f"{ORIGIN}\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= \n",
            f"{ORIGIN}\n7\nnot base64!\n",
            f"{ORIGIN}\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n\nempty line\n",
        ],
    )
    def test_signed_but_no_checkpoint(self, text: str) -> None:
        with pytest.raises(MalformedCheckpoint):
            open_note(sign_text(text, SIGNER), [SIGNER.vkey])

    @pytest.mark.parametrize(
        ("origin", "size", "root"),
        [("", 1, ROOT), ("a\nb", 1, ROOT), (ORIGIN, -1, ROOT), (ORIGIN, 1, ROOT[1:])],
    )
    def test_none_can_be_made_that_could_not_be_read(
        self, origin: str, size: int, root: bytes
    ) -> None:
        with pytest.raises(MalformedCheckpoint):
            Checkpoint(origin, size, root)

    @given(st.integers(0, len(NOTE) - 1), st.characters(exclude_categories=["Cs"]))
    def test_no_character_can_change(self, at: int, character: str) -> None:
        changed = NOTE[:at] + character + NOTE[at + 1 :]
        if changed != NOTE:
            with pytest.raises(NoteFault):
                open_note(changed, [SIGNER.vkey])

    @given(st.text(max_size=200) | st.text("\n— AZaz09+/=", max_size=80))
    def test_garbage_raises_nothing_else(self, garbage: str) -> None:
        with pytest.raises(NoteFault):
            open_note(garbage, [SIGNER.vkey])
        with pytest.raises(MalformedCheckpoint):
            Checkpoint.parse(garbage)

    def test_another_key_of_the_same_name(self) -> None:
        impostor = Signer(ORIGIN, generate_key())
        with pytest.raises(UnknownKey):
            open_note(sign(Checkpoint(ORIGIN, 1, ROOT), impostor), [SIGNER.vkey])
