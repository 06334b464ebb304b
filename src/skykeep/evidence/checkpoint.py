"""A checkpoint: how long a log was and what its tree's root was, small enough to leave the house.

The tree shows that nothing inside a log was changed. Only a checkpoint out of its owner's reach shows that
its end was not cut off, or that it was not rebuilt as a whole. The body is that of C2SP `tlog-checkpoint`
(https://c2sp.org/tlog-checkpoint), UTF-8, each line ended by one newline:

| line | what | example |
|---|---|---|
| 1 | origin: which log; no space, no plus: it may be a key's name too | `simulation.invalid/parade/7` |
| 2 | size: decimal, no leading zero | `8002` |
| 3 | root of the RFC 6962 tree over that many entries, base64 with padding | `47DEQpj8...U=` |
| 4 | `time` of the last entry by the log's own clock, in UTC | `time 2031-05-03T02:14:07.000000000Z` |
| 5 | `state open`, or `state sealed` when the log was closed in good order | `state sealed` |

A *note* (https://c2sp.org/signed-note) is this body, an empty line, and one line for each signature; unsigned
it is the body alone. The root of an empty log is that of an empty tree and its time is 1970.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import re
from typing import Protocol

import msgspec

from skykeep.base.errors import InputError
from skykeep.evidence.merkle import EMPTY_ROOT, HASH_BYTES

_NS_PER_S = 1_000_000_000
BODY_LINES = 5
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}")
_FILE = re.compile(r"file ([0-9a-f]{64}) ((?:cosigned/)?[^./\\][^/\\]*)")
_TIME = re.compile(r"time ([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})\.([0-9]{9})Z")
_STATES = {"state open": False, "state sealed": True}
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


class Signer(Protocol):
    """Whoever signs notes: `name` stands in the signature, `sign` returns the whole signed note."""

    @property
    def name(self) -> str:
        """Return the key's name."""
        ...

    def sign(self, note_body: bytes) -> bytes:
        """Return the note: `note_body`, an empty line, and the signatures."""
        ...


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The log `origin` held `entries` entries, the last of `time_utc_ns`, under the root `root` (32 bytes);
    `sealed` when it was closed in good order. InputError when a field is out of bounds.
    """

    origin: str
    entries: int
    root: bytes
    time_utc_ns: int
    sealed: bool

    def __post_init__(self) -> None:
        check_origin(self.origin)
        if self.entries < 0:
            raise InputError("size", str(self.entries), "0 or more")
        if len(self.root) != HASH_BYTES:
            raise InputError("root", f"{len(self.root)} bytes", f"{HASH_BYTES} bytes")


def empty_checkpoint(origin: str) -> Checkpoint:
    """Return the checkpoint of a log in which nothing stands yet."""
    return Checkpoint(origin=origin, entries=0, root=EMPTY_ROOT, time_utc_ns=0, sealed=False)


def check_origin(origin: str) -> None:
    """Raise InputError unless `origin` can stand as a line of a note and as the name of a key."""
    if not origin or not origin.isprintable() or "+" in origin or any(c.isspace() for c in origin):
        raise InputError("origin", repr(origin), "printable, with no space and no plus, and not empty")


def checkpoint_body(checkpoint: Checkpoint) -> bytes:
    """Return the bytes that are signed."""
    lines = (
        checkpoint.origin,
        str(checkpoint.entries),
        base64.b64encode(checkpoint.root).decode("ascii"),
        f"time {time_text(checkpoint.time_utc_ns)}",
        "state sealed" if checkpoint.sealed else "state open",
    )
    return "".join(f"{line}\n" for line in lines).encode()


def time_text(time_utc_ns: int) -> str:
    """Return a moment as a checkpoint spells it: `2031-05-03T02:14:07.000000000Z`."""
    whole_s, ns = divmod(time_utc_ns, _NS_PER_S)
    return f"{_EPOCH + datetime.timedelta(seconds=whole_s):%Y-%m-%dT%H:%M:%S}.{ns:09d}Z"


def body_of_note(note: bytes) -> bytes:
    """Return the body of a checkpoint's note, signed or not; the signatures are not looked at."""
    body, blank, _ = note.partition(b"\n\n")
    return body + b"\n" if blank else note


def note_of(checkpoint: Checkpoint, signer: Signer | None) -> bytes:
    """Return the note of a checkpoint, signed when there is somebody to sign."""
    body = checkpoint_body(checkpoint)
    return body if signer is None else signer.sign(body)


def names_files(note: bytes) -> bool:
    """Say whether a checkpoint is the note of a night's manifest too (`skykeep.store.manifest`)."""
    return b"\nsha256 " in body_of_note(note)


def read_manifest_body(body: bytes) -> tuple[Checkpoint, dict[str, str]]:
    """Return the checkpoint with which the body of a manifest's note begins, and the SHA-256 (hex) of each
    file that it names; InputError where it is none, or of the kind that names none.
    """
    lines = body.decode("utf-8", "replace").split("\n")
    if len(lines) <= BODY_LINES + 1 or not lines[BODY_LINES].startswith("sha256 "):
        raise InputError("manifest", "no note of a manifest that names files", "a manifest.note")
    files = {}
    for line in lines[BODY_LINES + 1 : -1]:
        found = _FILE.fullmatch(line)
        if found is None:
            raise InputError("manifest", repr(line[:80]), "`file`, a hash, and a name in the same folder")
        files[found[2]] = found[1]
    head = "".join(f"{line}\n" for line in lines[:BODY_LINES])
    return read_checkpoint_body(head.encode()), files


def read_checkpoint_body(body: bytes) -> Checkpoint:
    """Return what a body says; InputError names the line that is not as `checkpoint_body` writes it."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError("checkpoint", f"a byte at {error.start} that is no UTF-8", "UTF-8") from error
    lines = text.split("\n")
    if len(lines) != BODY_LINES + 1 or lines[-1]:
        raise InputError("checkpoint", f"{len(lines) - 1} lines", f"{BODY_LINES} lines, the last one ended")
    origin, size, root, time, state = lines[:BODY_LINES]
    if _SIZE.fullmatch(size) is None:
        raise InputError("size", repr(size), "a decimal number below 10^18 with no leading zero")
    if state not in _STATES:
        raise InputError("state", repr(state), " or ".join(_STATES))
    checkpoint = Checkpoint(
        origin=origin,
        entries=int(size),
        root=_read_root(root),
        time_utc_ns=_read_time_utc_ns(time),
        sealed=_STATES[state],
    )
    if checkpoint_body(checkpoint) != body:
        raise InputError("checkpoint", "it is spelt otherwise", "spelt as it would be written again")
    return checkpoint


def _read_root(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode(), validate=True)
    except binascii.Error as error:
        raise InputError("root", repr(text), "base64") from error


def _read_time_utc_ns(line: str) -> int:
    found = _TIME.fullmatch(line)
    try:
        if found is None:
            raise ValueError(line)
        moment = datetime.datetime.fromisoformat(found[1]).replace(tzinfo=datetime.UTC)
    except ValueError as error:
        raise InputError("time", repr(line), "time YYYY-MM-DDThh:mm:ss.nnnnnnnnnZ") from error
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * _NS_PER_S + int(found[2])
