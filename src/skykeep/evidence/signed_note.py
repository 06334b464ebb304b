"""Signed notes: text that keys have signed, after the C2SP specification `signed-note`.

A note is its text, an empty line, and signature lines:

    — <key name> <base64 of: key id, 4 bytes | signature>

| what | how |
|---|---|
| text | UTF-8, ends in a newline, no control characters but newlines |
| key id | first 4 bytes of SHA-256 of: name, newline, kind (1 byte), public key (32 bytes) |
| kind 1 | Ed25519 over the text |
| kind 4 | a witness's cosignature (C2SP `tlog-cosignature`): time, then Ed25519 over three parts, a line or \
more each: `cosignature/v1`, `time <time>` and the text |
| time | seconds since 1970, 8 bytes, big-endian |
| verifier key | `<name>+<key id in hex>+<base64 of kind, public key>` |
| private key | `PRIVATE+KEY+<name>+<key id in hex>+<base64 of kind, seed (32 bytes)>` |

A signature of a key that the reader does not know is set aside: it shows nothing. One that bears the name and
id of a known key and does not fit the text makes the whole note worthless. Compared with the published notes
of golang.org/x/mod/sumdb/note (`authorities/signed_notes.json`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from skykeep.base.errors import InputError

ED25519, COSIGNATURE = 1, 4
MOST_BYTES, MOST_SIGNATURES = 1_000_000, 100
_DASH = "— "
_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]{1,255}")
_KEY_BYTES, _ID_BYTES, _TIME_BYTES, _SIGNATURE_BYTES = 32, 4, 8, 64


class VerifierKey(msgspec.Struct, frozen=True, kw_only=True):
    """A public key with its name. `kind` is `ED25519` or `COSIGNATURE`; `public` are 32 bytes."""

    name: str
    kind: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The four bytes that stand before each of its signatures."""
        return _key_id(self.name, self.kind, self.public)

    @property
    def text(self) -> str:
        """The key as it is handed on: `name+id+base64`."""
        return f"{self.name}+{self.key_id.hex()}+{_base64(bytes([self.kind]) + self.public)}"

    def as_kind(self, kind: int) -> VerifierKey:
        """Return the same key for signatures of another kind."""
        return VerifierKey(name=self.name, kind=kind, public=self.public)

    def fits(self, text: bytes, signature: bytes) -> bool:
        """Say whether the key made `signature` (what follows the key id) over `text`."""
        message = text
        if self.kind == COSIGNATURE:
            if len(signature) != _TIME_BYTES + _SIGNATURE_BYTES or signature[0] >= 0x80:
                return False
            message = _cosigned(text, int.from_bytes(signature[:_TIME_BYTES], "big"))
            signature = signature[_TIME_BYTES:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


class SigningKey:
    """A private key with its name: a `Signer`, and a witness where `cosign` is called."""

    def __init__(self, name: str, seed: bytes) -> None:
        self.name = _checked_name(name)
        if len(seed) != _KEY_BYTES:
            raise InputError("key", f"a seed of {len(seed)} bytes", f"{_KEY_BYTES}")
        self._seed = seed
        self._private = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        public = self._private.public_key().public_bytes_raw()
        return VerifierKey(name=self.name, kind=ED25519, public=public)

    @property
    def secret_text(self) -> str:
        """The private key as it is kept in a file."""
        return (
            f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{_base64(bytes([ED25519]) + self._seed)}"
        )

    def sign(self, note_body: bytes) -> bytes:
        """Return the note: the text given, and our signature under it."""
        return note_body + b"\n" + self._signature_line(note_body)

    def sign_also(self, note: bytes) -> bytes:
        """Return a note that others signed with our signature under theirs."""
        return note + self._signature_line(read_note(note).text)

    def cosign(self, note_body: bytes, time_s: int) -> bytes:
        """Return the line of a cosignature: seen at `time_s`, in seconds since 1970."""
        if not 0 <= time_s < 1 << 63:
            raise InputError("time_s", str(time_s), "0 to 2^63 - 1")
        signature = self._private.sign(_cosigned(_checked_text(note_body), time_s))
        return _line(self.verifier.as_kind(COSIGNATURE), time_s.to_bytes(_TIME_BYTES, "big") + signature)

    def _signature_line(self, text: bytes) -> bytes:
        return _line(self.verifier, self._private.sign(_checked_text(text)))


class NoteSignature(msgspec.Struct, frozen=True, kw_only=True):
    """One signature line as it stands, whoever made it."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def time_s(self) -> int | None:
        """When a cosignature says that it was made, in seconds since 1970; None for any other."""
        if len(self.signature) != _TIME_BYTES + _SIGNATURE_BYTES:
            return None
        return int.from_bytes(self.signature[:_TIME_BYTES], "big")


class Note(msgspec.Struct, frozen=True, kw_only=True):
    """A note taken apart; nothing is verified yet."""

    text: bytes
    signatures: tuple[NoteSignature, ...]


class OpenedNote(msgspec.Struct, frozen=True, kw_only=True):
    """A note of which at least one known key says that it is as it was signed. `set_aside` are of keys that
    the reader does not know.
    """

    text: bytes
    signed_by: tuple[tuple[VerifierKey, NoteSignature], ...]
    set_aside: tuple[NoteSignature, ...]


def read_verifier_key(text: str) -> VerifierKey:
    """Return the key that `name+id+base64` describes; InputError where it is not spelt so."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3 or not re.fullmatch("[0-9a-f]{8}", parts[1]):
        raise InputError("key", repr(text[:80]), "name+8 hex digits+base64")
    data = _unbase64("key", parts[2])
    if len(data) != 1 + _KEY_BYTES or data[0] not in (ED25519, COSIGNATURE):
        found = f"kind {data[0] if data else 'none'}, {max(len(data) - 1, 0)} bytes"
        raise InputError("key", found, f"kind {ED25519} or {COSIGNATURE} and {_KEY_BYTES} bytes")
    key = VerifierKey(name=_checked_name(parts[0]), kind=data[0], public=data[1:])
    if key.key_id.hex() != parts[1]:
        raise InputError("key", f"id {parts[1]}", f"{key.key_id.hex()}, which name and key give")
    return key


def read_signing_key(text: str) -> SigningKey:
    """Return the private key that a file's text holds; InputError (without the key) where it is not one."""
    parts = text.strip().split("+", 4)
    if len(parts) != 5 or parts[:2] != ["PRIVATE", "KEY"]:
        raise InputError("private key", "something else", "PRIVATE+KEY+name+8 hex digits+base64")
    data = _unbase64("private key", parts[4])
    if len(data) != 1 + _KEY_BYTES or data[0] != ED25519:
        raise InputError("private key", f"{len(data)} bytes", f"kind {ED25519} and {_KEY_BYTES} bytes")
    key = SigningKey(parts[2], data[1:])
    if key.verifier.key_id.hex() != parts[3]:
        raise InputError("private key", f"id {parts[3]}", "the one that name and key give")
    return key


def read_note(data: bytes) -> Note:
    """Take a note apart; InputError where it is none."""
    if len(data) > MOST_BYTES:
        raise InputError("note", f"{len(data)} bytes", f"at most {MOST_BYTES}")
    try:
        whole = data.decode()
    except UnicodeDecodeError as error:
        raise InputError("note", f"bytes that are no UTF-8 ({error.reason})", "UTF-8") from error
    if any(character < " " and character != "\n" for character in whole):
        raise InputError("note", "a control character", "none but newlines")
    text, empty, under = whole.rpartition("\n\n")
    if not empty or not under.endswith("\n"):
        raise InputError("note", "no signature", "text, an empty line, and signature lines")
    lines = under[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise InputError("note", f"{len(lines)} signatures", f"at most {MOST_SIGNATURES}")
    return Note(text=(text + "\n").encode(), signatures=tuple(_signature(line) for line in lines))


def open_note(data: bytes, keys: Iterable[VerifierKey]) -> OpenedNote:
    """Return a note that at least one of `keys` signed.

    InputError where none did, or where a signature under the name and id of one of them does not fit.
    """
    note = read_note(data)
    known: dict[tuple[str, bytes], VerifierKey] = {}
    for key in keys:
        other = known.setdefault((key.name, key.key_id), key)
        if other.public != key.public:
            raise InputError("keys", f"two keys that are both {key.name} {key.key_id.hex()}", "one")
    signed: dict[tuple[str, bytes], tuple[VerifierKey, NoteSignature]] = {}
    aside = []
    for each in note.signatures:
        found = known.get((each.name, each.key_id))
        if found is None:
            aside.append(each)
        elif not found.fits(note.text, each.signature):
            raise InputError(
                "note", f"a signature of {each.name} that does not fit", "one that fits the text"
            )
        else:
            signed.setdefault((each.name, each.key_id), (found, each))
    if not signed:
        names = ", ".join(sorted({each.name for each in aside}))
        raise InputError("note", f"no signature of a known key, only of {names}", "one at least")
    return OpenedNote(text=note.text, signed_by=tuple(signed.values()), set_aside=tuple(aside))


def signature_lines(note: Note | OpenedNote) -> bytes:
    """Return the signature lines of a note as they stand under it."""
    if isinstance(note, OpenedNote):
        known = tuple(signature for _, signature in note.signed_by)
        return signature_lines(Note(text=note.text, signatures=known + note.set_aside))
    return b"".join(
        f"{_DASH}{each.name} {_base64(each.key_id + each.signature)}\n".encode() for each in note.signatures
    )


def read_signature_lines(data: bytes) -> tuple[NoteSignature, ...]:
    """Return signature lines that came without their note, as a witness sends them."""
    return read_note(b"-\n\n" + data).signatures


def _signature(line: str) -> NoteSignature:
    if not line.startswith(_DASH):
        raise InputError("note", f"a last part with {line[:40]!r}", "signature lines only")
    name, space, text = line[len(_DASH) :].partition(" ")
    if not space or not _NAME.fullmatch(name):
        raise InputError("note", f"a signature by {name[:40]!r}", "a name without spaces or +, and base64")
    data = _unbase64("note", text)
    if len(data) <= _ID_BYTES:
        raise InputError("note", f"a signature of {len(data)} bytes", f"more than {_ID_BYTES}")
    return NoteSignature(name=name, key_id=data[:_ID_BYTES], signature=data[_ID_BYTES:])


def _line(key: VerifierKey, signature: bytes) -> bytes:
    return f"{_DASH}{key.name} {_base64(key.key_id + signature)}\n".encode()


def _key_id(name: str, kind: int, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:_ID_BYTES]


def _cosigned(text: bytes, time_s: int) -> bytes:
    return b"cosignature/v1\ntime %d\n" % time_s + text


def _checked_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise InputError("key name", repr(name[:80]), "1 to 255 characters without spaces or +")
    return name


def _checked_text(text: bytes) -> bytes:
    if not text.endswith(b"\n"):
        raise InputError("note", "a text without a newline at its end", "one with")
    return read_note(text + b"\n" + f"{_DASH}x {_base64(bytes(8))}\n".encode()).text


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _unbase64(field: str, text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError(field, "what is no base64", "base64") from error
    # One spelling each: what decodes alike must be alike.
    if _base64(data) != text:
        raise InputError(field, "base64 with loose bits at its end", "none")
    return data
