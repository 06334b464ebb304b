"""Where a checkpoint goes so that the log's owner cannot take it back: folder, web, mailbox, witness.

A place takes a signed checkpoint and returns, or raises LinkError: then it is tried again. A witness gives
something back: the checkpoint with its cosignature, which is kept beside the log. So does an authority.

| way | address | what is done |
|---|---|---|
| `folder` | a folder, best on another machine | one file for each checkpoint, never written twice |
| `http` | `https://host/path` | POST of the note as text/plain; any answer in the two hundreds is a yes |
| `email` | `name@host` | a letter with the note in it |
| `witness` | `https://host/` | `add-checkpoint` with a proof from what it signed last (C2SP `tlog-witness`) |
| `timestamp` | `http(s)://host/path` | its hash is timestamped (RFC 3161), the answer kept beside the log |
"""

from __future__ import annotations

import hashlib
import http.client
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from skykeep.base.clock import iso_utc
from skykeep.base.errors import InputError, LinkError
from skykeep.domain.register import Delivery, Notice, Subscription
from skykeep.evidence.checkpoint import names_files
from skykeep.evidence.signed_note import VerifierKey, open_note, read_note
from skykeep.evidence.timestamp import Timestamp, ask_for_timestamp, check_timestamp, need_timestamps
from skykeep.evidence.witnessing import (
    PATH,
    SIZE_TYPE,
    AddCheckpoint,
    TreeHead,
    encode_request,
    read_tree_head,
)
from skykeep.feeds.allowed_hosts import HERE, PATIENCE_S, Hosts
from skykeep.feeds.notice_senders import EmailSender, WebSender

MOST_ANSWER_BYTES, LONGEST_ANSWER_S = 64 * 1024, 15.0
Prove = Callable[[int, int], tuple[bytes, ...]]
"""Return the consistency proof between two sizes of the log."""


class Place(Protocol):
    """One place that takes checkpoints."""

    @property
    def name(self) -> str:
        """Where it is, for people."""
        ...

    def publish(self, note: bytes, prove: Prove, now_utc_ns: int) -> bytes | Timestamp:
        """Bring a signed checkpoint there; return it with what the place signed under it, or what it signed
        about it. LinkError where it was not taken.
        """
        ...


def body_of(note: bytes) -> bytes:
    """Return the text of a checkpoint, signed or not."""
    head, empty, _ = note.rpartition(b"\n\n")
    return head + b"\n" if empty else note


def head_of(note: bytes) -> TreeHead:
    """Return which log a checkpoint is of, its size and its root; InputError where it is none."""
    return read_tree_head(body_of(note))


class FolderPlace:
    """A folder with a file `<log>-<size>-<part of its hash>.note` for each: two that differ share no name.
    That of a night's manifest ends in `-files.note`.
    """

    def __init__(self, folder: Path) -> None:
        self.name, self._folder = str(folder), folder

    def publish(self, note: bytes, prove: Prove, now_utc_ns: int) -> bytes:  # noqa: ARG002
        """Write it down, once."""
        head = head_of(note)
        mark = hashlib.sha256(body_of(note)).hexdigest()[:12]
        log = urllib.parse.quote(head.origin, safe="")
        of_files = "-files" if names_files(note) else ""
        path = self._folder / f"{log}-{head.size:012d}-{mark}{of_files}.note"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            draft = path.with_suffix(".new")
            draft.write_bytes(note)
            draft.replace(path)
        except OSError as error:
            raise LinkError(f"{self._folder}: {error.strerror or error}") from error
        return note


class SenderPlace:
    """Any way in which notices are sent: the checkpoint goes as one."""

    def __init__(self, way: str, address: str, sender: WebSender | EmailSender) -> None:
        self.name, self._way, self._sender = address, way, sender

    def publish(self, note: bytes, prove: Prove, now_utc_ns: int) -> bytes:  # noqa: ARG002
        """Have it sent."""
        self._sender.send(self._delivery(note, now_utc_ns), now_utc_ns)
        return note

    def _delivery(self, note: bytes, now_utc_ns: int) -> Delivery:
        head = head_of(note)
        what, option, also = "Checkpoint", "--checkpoint", ""
        if names_files(note):
            what, option, also = "Manifest", "--manifest", ", and the files beside it,"
        says = (
            f"{what} of {head.origin}: {head.size} entries\n"
            f"Keep this letter. `skykeep verify {option}` shows with it whether the first "
            f"{head.size} entries of the log{also}\nare still what they were at {iso_utc(now_utc_ns)}. "
            f"The {what.lower()}:\n\n{note.decode()}"
        )
        notice = Notice(
            notice_id=hashlib.sha256(body_of(note)).hexdigest()[:32],
            kind="checkpoint",
            subject=head.origin,
            says=says,
            body=note.decode(),
            time_utc_ns=now_utc_ns,
        )
        who = Subscription(subscription_id="checkpoints", owner=self.name, way=self._way, address=self.name)
        return Delivery(notice=notice, subscription=who, tries=0)


def web_place(address: str, hosts: Hosts) -> SenderPlace:
    """Return a web address that takes checkpoints."""
    sender = WebSender(hosts, "POST", "text/plain; charset=utf-8", lambda notice: notice.body.encode())
    return SenderPlace("http", address, sender)


class WitnessPlace:
    """A witness. `key` is that of its cosignatures; what is not signed by it is no answer."""

    def __init__(self, address: str, hosts: Hosts, key: VerifierKey) -> None:
        self.name = address
        self._hosts, self._key = hosts, key
        self._opener = hosts.opener()
        self._signed: dict[str, int] = {}

    def publish(self, note: bytes, prove: Prove, now_utc_ns: int) -> bytes:  # noqa: ARG002
        """Have it cosigned. What the witness signed last is asked of it once, and remembered."""
        head = head_of(note)
        old = min(self._signed.get(head.origin, 0), head.size)
        for _ in range(2):
            asked = AddCheckpoint(old_size=old, proof=_proof(prove, old, head), note=note)
            status, kind, body = self._post(asked)
            if status == 200:
                return self._taken(head, note, body)
            text = body.decode("ascii", "replace").strip()
            if status != 409 or not kind.startswith(SIZE_TYPE) or not text.isdigit():
                break
            if (last := int(text)) > head.size:
                raise LinkError(f"{self.name}: has signed {last} entries of this log, this is at {head.size}")
            if last == old:
                raise LinkError(f"{self.name}: has signed ANOTHER log of this name over {old} entries")
            old = last
        if status == 422:
            raise LinkError(
                f"{self.name}: what it signed over {old} entries is NOT the beginning of this log"
            )
        raise LinkError(f"{self.name}: answered {status} {body[:200].decode('utf-8', 'replace').strip()}")

    def _taken(self, head: TreeHead, note: bytes, lines: bytes) -> bytes:
        try:
            opened = open_note(body_of(note) + b"\n" + lines, [self._key])
        except InputError as error:
            raise LinkError(
                f"{self.name}: its answer is no cosignature of {self._key.name}: {error}"
            ) from error
        self._signed[head.origin] = head.size
        by_witness = b"".join(
            line
            for line in lines.splitlines(keepends=True)
            if read_note(opened.text + b"\n" + line).signatures[0] == opened.signed_by[0][1]
        )
        return note + by_witness

    def _post(self, request: AddCheckpoint) -> tuple[int, str, bytes]:
        address = f"{self.name.rstrip('/')}/{PATH}"
        parts = urllib.parse.urlsplit(address)
        host = self._hosts.check(parts.hostname)
        if parts.scheme != "https" and not (parts.scheme == "http" and host in HERE):
            raise LinkError(f"{address}: must be https (plain http only to this machine)")
        return _post(self._opener, address, encode_request(request), "text/plain")


class TimestampPlace:
    """An authority that timestamps. Of `certificates` one must stand behind what it answers; without any its
    signature is not looked at, until a reader does who has them. SetupError without the extra `timestamp`.
    """

    def __init__(self, address: str, hosts: Hosts, certificates: Iterable[x509.Certificate] = ()) -> None:
        need_timestamps()
        self.name = address
        self._hosts, self._certificates = hosts, tuple(certificates)
        self._opener = hosts.opener()

    def publish(self, note: bytes, prove: Prove, now_utc_ns: int) -> Timestamp:  # noqa: ARG002
        """Have it timestamped, and check the answer. Plain HTTP will do: the answer is signed, and a hash
        tells nobody anything.
        """
        parts = urllib.parse.urlsplit(self.name)
        self._hosts.check(parts.hostname)
        if parts.scheme not in ("http", "https"):
            raise LinkError(f"{self.name}: must be http or https")
        asked = ask_for_timestamp(note)
        status, kind, answer = _post(self._opener, self.name, asked.as_bytes(), _QUERY)
        if status != 200 or kind.partition(";")[0].strip() != _REPLY:
            says = f"{status} {kind} {answer[:200].decode('utf-8', 'replace').strip()}"
            raise LinkError(f"{self.name}: answered {says}, must be 200 {_REPLY}")
        try:
            check_timestamp(answer, note, self._certificates, asked.nonce)
        except InputError as error:
            raise LinkError(f"{self.name}: its answer is no timestamp of this checkpoint: {error}") from error
        pem = b"".join(each.public_bytes(Encoding.PEM) for each in self._certificates)
        return Timestamp(answer=answer, certificates=pem)


_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"


def _post(
    opener: urllib.request.OpenerDirector, address: str, data: bytes, kind: str
) -> tuple[int, str, bytes]:
    """Return what an address answers to a POST: status, content type, body."""
    asked = urllib.request.Request(address, data, {"content-type": kind}, method="POST")  # noqa: S310
    try:
        with opener.open(asked, timeout=PATIENCE_S) as answer:
            return answer.status, answer.headers.get("content-type", ""), _read(answer, address)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get("content-type", ""), _read(error, address)
    except http.client.HTTPException as error:
        raise LinkError(f"{address}: HTTP was broken ({type(error).__name__})") from error
    except (OSError, ValueError) as error:
        raise LinkError(f"{address}: {error}") from error


def _read(answer: Any, address: str) -> bytes:
    """Read an answer that comes in time, though each byte of it may."""
    found, until_s = b"", time.monotonic() + LONGEST_ANSWER_S
    while piece := answer.read1(MOST_ANSWER_BYTES):
        found += piece
        if len(found) > MOST_ANSWER_BYTES:
            raise LinkError(f"{address}: answered more than {MOST_ANSWER_BYTES} bytes")
        if time.monotonic() > until_s:
            raise LinkError(f"{address}: not done answering after {LONGEST_ANSWER_S:g} s")
    return found


def _proof(prove: Prove, old: int, head: TreeHead) -> tuple[bytes, ...]:
    return prove(old, head.size) if 0 < old < head.size else ()
