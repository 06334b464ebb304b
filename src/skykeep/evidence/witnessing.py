"""What a witness is asked and must answer: C2SP `tlog-witness`, `add-checkpoint`, but for the network.

A witness keeps, for each log, the size and root of the last checkpoint that it signed. It signs the next one
only where a consistency proof leads there, so that two logs under one name (a fork, a log that was rebuilt)
cannot both have its signature. The request:

    old <size that the witness signed last>
    <base64 hash>                            0 to 63 lines: the proof of consistency (RFC 6962, 2.1.2)

    <signed checkpoint>

| found | answer |
|---|---|
| not spelt so; old larger than new | 400 |
| a log that the witness does not know | 404 |
| no signature of a key that it knows for this log | 403 |
| old is not the last size; or the same size with another root | 409, and the last size as text/x.tlog.size |
| the proof does not lead there | 422 |
| else: kept, then signed | 200, and lines of cosignatures |
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable

import msgspec

from skykeep.base.errors import InputError
from skykeep.evidence.merkle import EMPTY_ROOT, HASH_BYTES, verify_consistency
from skykeep.evidence.signed_note import VerifierKey, open_note, read_note

PATH = "add-checkpoint"
SIZE_TYPE = "text/x.tlog.size"
MOST_REQUEST_BYTES = 64 * 1024
_MOST_HASHES = 63
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class TreeHead(msgspec.Struct, frozen=True, kw_only=True):
    """The first three lines of any log's checkpoint: which log, how long, under which root (32 bytes)."""

    origin: str
    size: int
    root: bytes


class AddCheckpoint(msgspec.Struct, frozen=True, kw_only=True):
    """A request: `proof` leads from `old_size` to the checkpoint that `note` is."""

    old_size: int
    proof: tuple[bytes, ...]
    note: bytes


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer: `status` of HTTP, and what stands in it. `head` is what the witness has signed now."""

    status: int
    body: bytes
    content_type: str = "text/plain; charset=utf-8"
    head: TreeHead | None = None


def read_tree_head(body: bytes) -> TreeHead:
    """Return what the first three lines of a checkpoint's body say; InputError where they are not that."""
    lines = body.decode("utf-8", "replace").split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]) or not _SIZE.fullmatch(lines[1]):
        raise InputError("checkpoint", f"{len(lines) - 1} lines", "origin, size, root, none of them empty")
    return TreeHead(origin=lines[0], size=int(lines[1]), root=_hash(lines[2]))


def encode_request(request: AddCheckpoint) -> bytes:
    """Return the bytes to post."""
    hashes = b"".join(base64.b64encode(each) + b"\n" for each in request.proof)
    return b"old %d\n" % request.old_size + hashes + b"\n" + request.note


def decode_request(data: bytes) -> AddCheckpoint:
    """Return what was posted; InputError where it is not spelt as it must be."""
    if len(data) > MOST_REQUEST_BYTES:
        raise InputError("request", f"{len(data)} bytes", f"at most {MOST_REQUEST_BYTES}")
    before, empty, note = data.partition(b"\n\n")
    lines = before.decode("ascii", "replace").split("\n")
    old, space, size = lines[0].partition(" ")
    if not empty or old != "old" or not space or not _SIZE.fullmatch(size):
        raise InputError("request", repr(lines[0][:40]), "`old`, a size, hashes, an empty line, a checkpoint")
    if len(lines) - 1 > _MOST_HASHES:
        raise InputError("proof", f"{len(lines) - 1} hashes", f"at most {_MOST_HASHES}")
    return AddCheckpoint(old_size=int(size), proof=tuple(_hash(line) for line in lines[1:]), note=note)


def judge(
    request: bytes,
    keys_of: Callable[[str], Iterable[VerifierKey]],
    last_of: Callable[[str], TreeHead | None],
    cosign: Callable[[bytes], bytes],
) -> Answer:
    """Answer a request. `keys_of` gives the keys known for an origin, `last_of` what was signed last,
    `cosign` signs a checkpoint's body. The caller keeps `head` before it sends an answer of 200.
    """
    try:
        asked = decode_request(request)
        note = read_note(asked.note)
        head = read_tree_head(note.text)
    except InputError as error:
        return _no(400, str(error))
    keys = tuple(keys_of(head.origin))
    if not keys:
        return _no(404, f"{head.origin}: not a log that is witnessed here")
    try:
        open_note(asked.note, keys)
    except InputError as error:
        return _no(403, str(error))
    if asked.old_size > head.size:
        return _no(400, f"old {asked.old_size}, must not be more than {head.size}")
    last = last_of(head.origin) or TreeHead(origin=head.origin, size=0, root=EMPTY_ROOT)
    if asked.old_size != last.size or (head.size == last.size > 0 and head.root != last.root):
        return Answer(status=409, body=b"%d\n" % last.size, content_type=SIZE_TYPE)
    if not _consistent(last, head, asked.proof):
        return _no(422, f"the proof does not lead from {last.size} to this checkpoint")
    return Answer(status=200, body=cosign(note.text), head=head)


def _consistent(last: TreeHead, head: TreeHead, proof: tuple[bytes, ...]) -> bool:
    if head.size == 0:
        return head.root == EMPTY_ROOT and not proof
    if last.size == 0:
        return not proof
    return verify_consistency(last.size, head.size, last.root, head.root, proof)


def _no(status: int, why: str) -> Answer:
    return Answer(status=status, body=f"{why}\n".encode())


def _hash(line: str) -> bytes:
    try:
        data = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError("hash", repr(line[:60]), "base64") from error
    if len(data) != HASH_BYTES:
        raise InputError("hash", f"{len(data)} bytes", f"{HASH_BYTES}")
    return data
