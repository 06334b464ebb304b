#!/usr/bin/env python3
"""Is this record of a night as it was written, and is it all there? One file of plain Python, 3.8 or later.

    python3 -I verify.py BUNDLE.zip|FOLDER|DOSSIER.pdf [--checkpoint|--manifest FILE]... [--key KEY]...

It changes nothing, opens no connection and needs nothing of Skykeep. Read it before you trust it:

1. A log is a list of entries. Each has a digest over its number, time, role, kind and payload (`leaf_of`).
   Parts of a payload may be taken out for privacy: their digests stay, and so does the entry's digest.
2. All digests together make one number, the root of a Merkle tree (RFC 6962). Change, drop, add or move an
   entry, and the root is another.
3. A checkpoint says how many entries there were, and the root. The log's key signs it (Ed25519), and so may
   witnesses, with the time at which they saw it (C2SP signed-note, tlog-checkpoint, tlog-cosignature).
4. Whoever owns log and key can still rewrite everything. Only what left their house before shows that: give
   each checkpoint that you have from elsewhere with --checkpoint, each key that you know with --key. Files
   beside the log can be changed and sealed anew in the same way: a manifest.note that left goes on from its
   checkpoint with their hashes; give it with --manifest.

Two verdicts: INTEGRITY, what is here is as it was written; COMPLETENESS, nothing is missing. The exit code is
0 when both hold, 1 when integrity is broken, 3 when it holds and something is missing or nobody can tell.
"""

from __future__ import annotations

import argparse
import base64
import glob
import hashlib
import json
import os
import re
import shutil
import sqlite3
import sys
import tempfile
import zipfile
import zlib
from typing import Any, Iterable

SIMULATION = "simulation.invalid"
MOST_UNPACKED_BYTES = 64 << 30
HOW_TO_CHECK = (
    "It is a timestamp (RFC 3161), which only certificates can show; with those of the authority in CA.pem: "
    "openssl ts -verify -data {0}.note -in {0}.tsr -CAfile CA.pem && openssl ts -reply -in {0}.tsr -text"
)
broken: list[str] = []  # against integrity
missing: list[str] = []  # against completeness
untold: list[str] = []  # what keeps anybody from telling whether something is missing
notes: list[str] = []
alone: list[int] = []  # how many entries a dossier without its log cites


class Wrong(Exception):
    """Something is not as it must be; the text says what."""


# --- Ed25519 (RFC 8032): points on a curve over the whole numbers modulo P, as X, Y, Z, T -------------------

P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def point_add(a: Any, b: Any) -> Any:
    w, x = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    y, z = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = x - w, z - y, z + y, x + w
    return e * f % P, g * h % P, f * g % P, e * h % P


def point_of(data: bytes) -> Any:
    """Return the point for which 32 bytes stand, None if for none."""
    y = int.from_bytes(data, "little") & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and data[31] >> 7):
        return None
    x = P - x if x & 1 != data[31] >> 7 else x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether the owner of `public` signed: with (R, s) = signature, s * BASE - k * public must be R."""
    key, s = point_of(public), int.from_bytes(signature[32:], "little")
    if key is None or len(signature) != 64 or s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    minus = (P - key[0], key[1], 1, P - key[3])
    steps = {(1, 0): BASE, (0, 1): minus, (1, 1): point_add(BASE, minus)}
    found = (0, 1, 1, 0)
    for bit in range(max(s, k).bit_length() - 1, -1, -1):
        found = point_add(found, found)
        step = (s >> bit & 1, k >> bit & 1)
        found = point_add(found, steps[step]) if any(step) else found
    inverse = pow(found[2], P - 2, P)
    x, y = found[0] * inverse % P, found[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


# --- Keys, notes and checkpoints ----------------------------------------------------------------------------


class Key:
    """A public key: name+id+base64(kind, 32 bytes). Kind 1 signs logs, kind 4 is a witness's."""

    def __init__(self, text: str) -> None:
        try:
            self.text = text.strip()
            self.name, number, coded = self.text.split("+", 2)
            data = base64.b64decode(coded, validate=True)
            self.id, self.kind, self.public = bytes.fromhex(number), data[0], data[1:]
        except (ValueError, IndexError):
            raise Wrong(f"{text[:80]!r} is no key, must be name+id+base64") from None
        named = hashlib.sha256(self.name.encode() + b"\n" + data).digest()
        if self.kind not in (1, 4) or len(data) != 33 or named[:4] != self.id:
            raise Wrong(f"{text[:80]}: its id or its kind does not fit")


class Note:
    """A text and the signatures under it; a text alone is a note that nobody signed."""

    def __init__(self, data: bytes, what: str) -> None:
        self.what, self.data = what, data
        self.signatures: list[tuple[str, bytes, bytes]] = []
        head, _, under = data.rpartition(b"\n\n")
        self.body = head + b"\n" if head else data
        try:
            for line in under.decode().splitlines() if head else ():
                dash, name, coded = line.split(" ")
                signature = base64.b64decode(coded, validate=True)
                if dash != "\u2014" or len(signature) < 68:
                    raise ValueError
                self.signatures.append((name, signature[:4], signature[4:]))
            self.lines = self.body.decode().split("\n")[:-1]
        except ValueError:
            raise Wrong(f"{what} is no signed note") from None

    def signed_by(self, key: Key) -> int | None:
        """Return when a witness signed (seconds since 1970), 0 for a log's key, None if the key did not."""
        time_s = None
        for name, number, signature in self.signatures:
            if (name, number) != (key.name, key.id):
                continue
            time_s, message = 0, self.body
            if key.kind == 4:
                time_s, signature = int.from_bytes(signature[:8], "big"), signature[8:]
                message = b"cosignature/v1\ntime %d\n" % time_s + message
            if not is_signed(key.public, message, signature):
                raise Wrong(f"{self.what}: the signature of {name} does not fit; it was forged or changed")
        return time_s


class Checkpoint(Note):
    """Which log, how many entries, which root; then `time ...` and `state open|sealed`."""

    def __init__(self, data: bytes, what: str) -> None:
        super().__init__(data, what)
        # What a dossier's evidence brings along.
        self.cited = 0
        self.attached: list[str] = []
        self.keys: list[Key] = []
        self.changes: list[tuple[int, str]] = []
        try:
            self.origin, size, root = self.lines[:3]
            self.size, self.root = int(size), base64.b64decode(root, validate=True)
            named = [line.split(" ", 2) for line in self.lines[5:] if line.startswith("file ")]
            self.files = {name: digest for _, digest, name in named}
        except ValueError:
            raise Wrong(f"{what} is no checkpoint") from None
        self.sealed = "state sealed" in self.lines[3:]


class Keys:
    """The keys of a log, in order. A change of key is an entry, signed by the old key and the new (rotated)
    or by the new alone (lost: then only a person's word joins the two). `given` are keys that you know.
    """

    def __init__(self, given: list[Key], beside: list[Key], changes: list[tuple[int, str]]) -> None:
        self.given = [key for key in given if key.kind == 1]
        self.chain: list[tuple[int, int, Key]] = []  # from which entry, joined with which others, the key
        for sequence, text in changes:
            note = Note(text.encode(), f"the change of key in entry {sequence}")
            said = dict(line.split(" ", 1) for line in note.lines[1:])
            old, new, rotated = Key(said["from"]), Key(said["to"]), said["because"] == "rotated"
            if note.signed_by(new) is None or (rotated and note.signed_by(old) is None):
                raise Wrong(f"{note.what} is not signed by the keys that must")
            self.chain = self.chain or [(1, 0, old)]
            if self.chain[-1][2].text != old.text:
                raise Wrong(f"{note.what} does not follow from the key before")
            self.chain.append((sequence, self.chain[-1][1] + (not rotated), new))
            how = (
                "the old key handed over" if rotated else "the old key is LOST: only their word joins the two"
            )
            notes.append(f"entry {sequence}: new key, {how} ({said['time']}, {said['by']}: {said['why']}).")
        if not self.chain:
            self.chain = [(1, 0, key) for key in (self.given or [key for key in beside if key.kind == 1])[:1]]

    def check(self, note: Note, size: int) -> None:
        """Raise Wrong unless the log's key of that size, or a later one, signed the note."""
        since = max((at for at, _, _ in self.chain if at <= max(size, 1)), default=0)
        wanted = [key for at, _, key in self.chain if at >= since]
        if any(note.signed_by(key) is not None for key in wanted) or not (wanted or note.signatures):
            return
        by = ", ".join(name + "+" + number.hex() for name, number, _ in note.signatures) or "nobody"
        must = wanted[0].text if wanted else "a key that is here"
        raise Wrong(f"{note.what} is signed by {by}, must be by {must}")

    def say(self, against: list[Checkpoint]) -> None:
        """Say whose keys these are, and what each signed of the checkpoints that are here."""
        publics = [key.public for key in self.given]
        joined = {group for _, group, key in self.chain if key.public in publics}
        if self.given and not joined:
            broken.append("the log is signed by none of the keys that you gave.")
        reach = {key.text: reach_of(key, against) for _, _, key in self.chain}
        known = [reach[key.text] for _, group, key in self.chain if group in joined]
        for _, group, key in self.chain:
            if against and reach[key.text] < 0:
                notes.append(f"{key.text} is named here and signed nothing here.")
                continue
            shown = "which came with the record: whoever made the record can have made it"
            if group in joined:
                shown = (
                    "which you gave" if key.public in publics else "joined by rotation to one that you gave"
                )
            if key.name == SIMULATION:
                shown = "the published key of simulations: anybody can sign so, it proves nothing about who"
            notes.append(f"signed by {key.text}, {shown}.")
        if joined and self.chain[-1][1] not in joined:
            if max(known) > 0:
                untold.append(f"from entry {max(known) + 1} on no key that you know stands behind the log.")
            else:
                lost = "another took its place, saying that it was lost"
                broken.append(f"the key that you gave signed nothing here: {lost}. Nothing is shown by it.")
        if not self.chain:
            notes.append("nobody signed this log: only checkpoints from elsewhere can speak for it.")


def reach_of(key: Key, against: list[Checkpoint]) -> int:
    """Return the size of the largest checkpoint that a key signed, -1 where it signed none."""
    for note in sorted(against, key=lambda one: -one.size):
        try:
            if note.signed_by(key) is not None:
                return note.size
        except Wrong:
            continue
    return -1


# --- The tree and its leaves --------------------------------------------------------------------------------


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


class Tree:
    """The right edge of a growing tree: a subtree's root for each bit of its size."""

    def __init__(self) -> None:
        self.size = 0
        self.edge: list[bytes] = []

    def add(self, leaf: bytes) -> list[tuple[int, bytes]]:
        """Add a leaf; return (level, root) of each subtree of 16**level leaves that it completes."""
        size, height, done = self.size, 0, []
        while size & 1:
            leaf, size, height = sha256(b"\1", self.edge.pop(), leaf), size >> 1, height + 1
            done += [(height // 4, leaf)] if height % 4 == 0 else []
        self.edge.append(leaf)
        self.size += 1
        return done

    def root(self) -> bytes:
        root = self.edge[-1] if self.edge else sha256()
        for node in self.edge[-2::-1]:
            root = sha256(b"\1", node, root)
        return root


def root_by_proof(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes | None:
    """Return the root to which a proof leads from leaf `index` (RFC 9162, 2.1.3.2), None if to none."""
    last = size - 1
    for node in proof:
        if last == 0:
            return None
        if index & 1 or index == last:
            leaf = sha256(b"\1", node, leaf)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            leaf = sha256(b"\1", leaf, node)
        index, last = index >> 1, last >> 1
    return leaf if last == 0 else None


def leaf_of(sequence: int, time_utc_ns: int, role: str, kind: str, digests: list[bytes]) -> bytes:
    """Return an entry's digest: from its fields, and the digests of the segments of its payload."""

    def sized(*fields: bytes) -> bytes:
        return b"".join(len(field).to_bytes(8, "big") + field for field in fields)

    committed = sha256(sized(b"skykeep commitment 1", b"%d" % len(digests), *digests))
    head = (b"skykeep log entry 2", b"%d" % sequence, b"%d" % time_utc_ns, role.encode(), kind.encode())
    return sha256(b"\0", sized(*head, committed))


def segments_of(descriptors: bytes, payload: bytes) -> tuple[list[bytes], set[int]]:
    """Return digests, and which were taken out. 0, length, salt: is there. 1, digest: was taken out."""
    digests: list[bytes] = []
    gone, at, read = set(), 0, 0
    while at < len(descriptors):
        if descriptors[at] == 1:
            gone.add(len(digests))
            digests.append(descriptors[at + 1 : at + 33])
            at += 33
        else:
            length, salt = int.from_bytes(descriptors[at + 1 : at + 5], "big"), descriptors[at + 5 : at + 21]
            digests.append(sha256(b"skykeep segment 1", salt, payload[read : read + length]))
            at, read = at + 21, read + length
    if (at, read) != (len(descriptors), len(payload)):
        raise ValueError
    return digests, gone


# --- A log --------------------------------------------------------------------------------------------------


class Log:
    """A log's database. `walk` goes through every entry; `compare` sets checkpoints against what it found."""

    def __init__(self, path: str, name: str) -> None:
        self.path, self.name = path, name
        self.faults: list[str] = []
        self.changes: list[tuple[int, str]] = []
        self.redactions: list[tuple[int, Any]] = []
        self.gone: dict[int, set[int]] = {}
        self.blobs: dict[str, int] = {}
        self.back: list[int] = []
        self.rejected = self.last = 0
        self.tree, self.whole = Tree(), True
        self.roots = {0: sha256()}

    def open(self, room: str) -> sqlite3.Connection:
        """Open it so that looking changes nothing; one that was never closed, with its journal, as a copy."""
        place, how = self.path, "?mode=ro&immutable=1"
        if os.path.exists(self.path + "-wal"):
            place, how = os.path.join(room, os.path.basename(self.path)), ""
            for ending in ("", "-wal"):
                shutil.copyfile(self.path + ending, place + ending)
        quoted = place.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        connection = sqlite3.connect(f"file:{quoted}{how}", uri=True)
        rows = connection.execute("SELECT number, entries, note FROM checkpoint ORDER BY number")
        self.checkpoints = [
            Checkpoint(note.encode(), f"checkpoint {k} of {self.name}") for k, _, note in rows
        ]
        return connection

    def walk(self, connection: sqlite3.Connection, sizes: set[int]) -> None:
        """Go through every entry, and keep the root at each of `sizes`."""
        stored = {(level, number): node for level, number, node in connection.execute("SELECT * FROM node")}
        last_time = None
        for row in connection.execute("SELECT * FROM entry ORDER BY sequence"):
            sequence, time_utc_ns, role, kind, digest, segments, payload = row
            if sequence != self.last + 1:
                self.faults.append(f"entries {self.last + 1} to {sequence - 1} are missing.")
                self.whole = False
            self.last = sequence
            try:
                digests, gone = segments_of(segments, payload)
                leaf = leaf_of(sequence, time_utc_ns, role, kind, digests)
            except (ValueError, TypeError, AttributeError):
                leaf, gone = b"", set()
            if leaf != digest:
                self.faults.append(f"entry {sequence}: its time, role, kind, payload or digest was changed.")
            for level, node in self.tree.add(leaf) if self.whole else ():
                span = 16**level
                if stored.get((level, sequence // span - 1)) != node and not self.faults:
                    between = f"{sequence - span + 1} to {sequence}"
                    self.faults.append(f"one of entries {between} was exchanged together with its digest.")
            if sequence in sizes and self.whole:
                self.roots[sequence] = self.tree.root()
            if last_time is not None and time_utc_ns < last_time:
                self.back.append(sequence)
            last_time = time_utc_ns
            self.read(sequence, kind, payload, gone)

    def read(self, sequence: int, kind: str, payload: bytes, gone: set[int]) -> None:
        """Take in what an entry says of the log itself, or of files that were handed in."""
        self.rejected += kind == "rejection"
        if gone:
            self.gone[sequence] = gone
        elif kind == "key_changed":
            self.changes.append((sequence, json.loads(payload)["note"]))
        elif kind == "redacted":
            self.redactions.append((sequence, json.loads(payload)))
        elif kind in ("add_media", "add_document"):
            for found in re.findall(rb'"(?:thumbnail_)?sha256":"([0-9a-f]{64})"', payload):
                self.blobs[found.decode()] = sequence

    def conclude(self) -> None:
        """Say what the walk found."""
        told = set()
        for at, said in self.redactions:
            told |= {(said["sequence"], segment) for segment in said["segments"]}
            parts = len(self.gone.get(said["sequence"], ()))
            what = ", ".join(path or "everything" for path in said["paths"])
            why = f"by {said['by']}, because {said['because']} (entry {at})"
            named = f"named as {what}, which nothing here shows"
            missing.append(f"entry {said['sequence']}: {parts} of its parts were redacted, {named}, {why}.")
        for sequence, gone in self.gone.items():
            if not {(sequence, segment) for segment in gone} <= told:
                self.faults.append(
                    f"entry {sequence}: a part was taken out, and no entry says by whom and why."
                )
        if self.faults:
            more = f" {len(self.faults) - 1} more faults follow." if len(self.faults) > 1 else ""
            broken.append(f"{self.name}: {self.faults[0]}{more}")
        if self.back:
            which = f"{len(self.back)} entries, first entry {self.back[0]}"
            notes.append(f"{self.name}: time goes back at {which}: late data, or a clock that was set back.")
        if self.rejected:
            notes.append(f"{self.name}: {self.rejected} inputs were refused; the log holds why.")

    def compare(self, against: list[Checkpoint], keys: Keys) -> None:
        """Set the log against checkpoints: its own, those beside it, those from elsewhere."""
        origin = self.checkpoints[0].origin if self.checkpoints else ""
        fits = {True: 0, False: 0}  # what its owner can make anew shows nothing of where others do not fit
        unsigned: list[str] = []
        for note in sorted(against, key=lambda one: one.size):
            own = note in self.checkpoints
            if note.origin != origin:
                broken.append(f"{note.what} is of the log {note.origin}, this is {origin}.")
            elif note.size > self.last:
                lost = f"entries {self.last + 1} to {note.size} are missing"
                missing.append(f"{lost}: {note.what} counts {note.size}, {self.name} holds {self.last}.")
            elif self.whole and self.roots[note.size] != note.root and not self.faults:
                self.faults.append(note.what)
                other = (
                    f"entries {fits[own] + 1} to {note.size} are not those over which {note.what} was made"
                )
                broken.append(f"{self.name}: {other}: they were rewritten, or it is forged.")
            elif not self.faults:
                fits[own] = note.size
            try:
                keys.check(note, note.size)
            except Wrong as wrong:
                (unsigned if note in self.checkpoints else broken).append(f"{wrong}.")
        if unsigned:
            broken.append(unsigned[0] + (f" So are {len(unsigned) - 1} more." if unsigned[1:] else ""))


# --- Files, dossier, bundle ---------------------------------------------------------------------------------


def read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def hash_of(path: str) -> str:
    found = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            found.update(block)
    return found.hexdigest()


def attached(data: bytes, name: str) -> dict[str, bytes]:
    """Return the files in a PDF as a reader of PDFs finds them: table, catalogue, names, files. Only what our
    press prints is taken: one table, no object twice, nothing put behind the end.
    """
    numbers = re.findall(rb"[\r\n](\d+) \d+ obj\b", data)
    end = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*\Z", data)
    twice = len(numbers) != len(set(numbers))
    if end is None or data.count(b"startxref") != 1 or data.count(b"%%EOF") != 1 or twice:
        raise Wrong(f"{name} was changed after it was printed: something in it is there twice")
    table = re.compile(rb"xref\s+0 (\d+)\s+?(?=\d{10} )").match(data, int(end[1]))
    if table is None:
        raise Wrong(f"{name} was not printed by Skykeep: its table is another")
    places = [int(data[table.end() + 20 * k : table.end() + 20 * k + 10]) for k in range(int(table[1]))]
    trailer = data[table.end() + 20 * int(table[1]) :]

    def at(number: bytes) -> bytes:
        place = places[int(number)] if int(number) < len(places) else 0
        if not re.compile(rb"%d 0 obj\s" % int(number)).match(data, place):
            raise Wrong(f"{name}: object {int(number)} is not where its table says")
        return data[place : place + (1 << 26)]

    roots = re.findall(rb"/Root (\d+) 0 R", trailer)
    if len(roots) != 1 or b"/Prev" in trailer:
        raise Wrong(f"{name} was not printed by Skykeep: its trailer is another")
    catalogue = at(roots[0]).split(b"endobj")[0]
    listed = re.findall(rb"/EmbeddedFiles<</Names ?\[((?:\([^()\\]*\) ?\d+ 0 R ?)*)\]", catalogue)
    if len(listed) != 1 or catalogue.count(b"/EmbeddedFiles") != 1:
        raise Wrong(f"{name} was not printed by Skykeep: what is attached to it is listed otherwise")
    found: dict[str, bytes] = {}
    for title, number in re.findall(rb"\(([^()]*)\) ?(\d+) 0 R", listed[0]):
        about = at(number).split(b"endobj")[0]
        streams = re.findall(rb"/(?:U?F) (\d+) 0 R", about)
        if not streams or len(set(streams)) != 1 or about.count(b"(" + title + b")") != 2:
            raise Wrong(f"{name}: what is attached as {title.decode('latin-1')} is not one file")
        head, _, rest = at(streams[0]).partition(b"stream")
        length = re.findall(rb"/Length (\d+)", head)
        start = 2 if rest.startswith(b"\r\n") else 1
        if len(length) != 1 or b"/EmbeddedFile" not in head or title.decode("latin-1") in found:
            raise Wrong(f"{name}: {title.decode('latin-1')} is not attached as Skykeep attaches")
        held = rest[start : start + int(length[0])]
        if b"/Filter" in head:
            held = zlib.decompress(held)
        found[title.decode("latin-1")] = held
    return found


def evidence_of(path: str) -> Checkpoint | None:
    """Return the checkpoint inside a dossier, after proving under it each entry that the dossier cites; None
    where it holds no evidence.
    """
    data = read(path)
    if b"evidence.json" not in data:
        return None
    name = os.path.basename(path)
    try:
        found = attached(data, name)
    except (zlib.error, ValueError, LookupError) as error:
        raise Wrong(f"{name}: what is attached to it cannot be read: {error}") from None
    for held in [found["evidence.json"]] if "evidence.json" in found else []:
        try:
            said = json.loads(held)
            if said["format"] != "skykeep evidence 1":
                continue
        except (ValueError, KeyError, TypeError):
            continue
        note = Checkpoint(said["checkpoint"].encode(), f"the evidence in {os.path.basename(path)}")
        for entry in said["entries"]:
            digests = []
            for one in entry["segments"]:
                data = one["text"].encode() if "text" in one else base64.b64decode(one.get("base64", ""))
                salted = sha256(b"skykeep segment 1", bytes.fromhex(one.get("salt", "")), data)
                digests.append(bytes.fromhex(one["digest"]) if "digest" in one else salted)
            sequence, proof = entry["sequence"], [base64.b64decode(node) for node in entry["proof"]]
            leaf = leaf_of(sequence, entry["time_utc_ns"], entry["role"], entry["kind"], digests)
            if root_by_proof(leaf, sequence - 1, note.size, proof) != note.root:
                raise Wrong(f"{note.what}: entry {sequence} is not so in the log that the checkpoint is of")
            if entry["kind"] == "key_changed" and "text" in entry["segments"][0]:
                note.changes.append((sequence, json.loads(entry["segments"][0]["text"])["note"]))
        note.attached = sorted(set(found) - {"evidence.json"})
        note.cited, note.keys = len(said["entries"]), [Key(text) for text in said["keys"]]
        return note
    return None


def check_files(folder: str, log: Log, keys: Keys) -> None:
    """Set files against the manifest, the manifest against its signature, and blobs against their names."""
    manifest, signed = os.path.join(folder, "manifest.json"), os.path.join(folder, "manifest.note")
    files = json.loads(read(manifest))["files"] if os.path.exists(manifest) else []
    sealed = {one["name"] for one in files} | {"manifest.json", "manifest.note"}
    for name in sorted(os.listdir(folder)) if files else ():
        if name not in sealed and os.path.isfile(os.path.join(folder, name)) and not name.startswith("."):
            notes.append(f"{name} lies beside {log.name} and was not sealed with it: nothing speaks for it.")
    for one in files:
        place = os.path.join(folder, one["name"])
        if not os.path.exists(place):
            missing.append(f"{one['name']} is missing; it was there when the record was sealed.")
        elif hash_of(place) != one["sha256"]:
            broken.append(f"{one['name']} was changed after it was sealed.")
    if os.path.exists(signed):
        note = Note(read(signed), "manifest.note")
        keys.check(note, log.last)
        if not os.path.exists(manifest) or f"sha256 {hash_of(manifest)}" not in note.lines:
            broken.append("manifest.json is not the one over which manifest.note was signed.")
    elif log.checkpoints and log.checkpoints[-1].sealed and (keys.chain or not os.path.exists(manifest)):
        broken.append(
            "the log was closed in good order, but what was sealed then is not signed, or not here."
        )
    for name, sequence in sorted(log.blobs.items()):
        if not os.path.exists(os.path.join(folder, "blobs", name)):
            missing.append(f"blobs/{name}, of entry {sequence}, is missing.")
    for place in sorted(glob.glob(os.path.join(glob.escape(folder), "blobs", "*"))):
        name = os.path.basename(place)
        if hash_of(place) != name:
            broken.append(f"blobs/{name}, of entry {log.blobs.get(name, '?')}, was swapped or changed.")


def check_outside(folder: str, note: Checkpoint) -> None:
    """Set the files beside the log against a manifest's note that left the house."""
    for name, digest in note.files.items():
        place = os.path.join(folder, os.path.basename(name))
        if not os.path.exists(place):
            missing.append(f"{name} is missing; it was there when {note.what}, from you, was signed.")
        elif hash_of(place) != digest:
            changed = "it was changed after that, and may have been sealed anew"
            broken.append(f"{name} is not the one over which {note.what} was signed: {changed}.")


def check_timestamps(folder: str) -> None:
    """Say what timestamps there are, and refuse one that is not over its note: its hash must be in it."""
    for path in sorted(glob.glob(os.path.join(glob.escape(folder), "timestamped", "*.tsr"))):
        name, note = os.path.relpath(path, folder), path[:-4] + ".note"
        if not os.path.exists(note) or sha256(read(note)) not in read(path):
            broken.append(f"{name} is not over the note beside it: it was forged or swapped.")
        else:
            notes.append(f"{name} was not looked at. {HOW_TO_CHECK.format(name[:-4])}")


def check_folder(
    folder: str, where: str, outside: list[Checkpoint], given: list[Key], named_by_night: Any = None
) -> str:
    """Check the one log of a folder, and what lies beside it; return which log it is. `where` it lies is for
    sentences, `named_by_night` which log a night says its case is, and whose key signs it.
    """

    def beside(pattern: str) -> list[str]:
        return sorted(glob.glob(os.path.join(glob.escape(folder), pattern)))

    if len(beside("*.db")) != 1:
        raise Wrong(f"{where or '.'} holds {len(beside('*.db'))} logs, must be one")
    log = Log(beside("*.db")[0], os.path.join(where, os.path.basename(beside("*.db")[0])))
    lines = [line for path in beside("keys.txt") for line in read(path).decode().splitlines()]
    named = [Key(line) for line in lines if line.strip() and not line.startswith("#")]
    against = [Checkpoint(read(path), os.path.relpath(path, folder)) for path in beside("checkpoint.note")]
    for path in beside("cosigned/*.note") + beside("timestamped/*.note"):
        against.append(Checkpoint(read(path), os.path.relpath(path, folder)))
    for path in beside("*.pdf"):
        try:
            found = evidence_of(path)
            against += [found] if found else []
        except Wrong as wrong:
            broken.append(f"{wrong}.")
    with tempfile.TemporaryDirectory() as room:
        connection = log.open(room)
        origin = log.checkpoints[0].origin if log.checkpoints else ""
        outside = [note for note in outside if note.origin == origin]
        against += log.checkpoints + outside
        log.walk(connection, {note.size for note in against})
        connection.close()
    log.conclude()
    keys = Keys(given, named, log.changes)
    log.compare(against, keys)
    keys.say(against)
    if named_by_night is not None:
        wanted, signer = named_by_night
        mine = [reach_of(key, against) for _, _, key in keys.chain if signer and key.text == signer.text]
        if origin != wanted:
            broken.append(f"{log.name} is the log {origin}; the night names {wanted} as its case.")
        if signer and max(mine, default=-1) < 0:
            broken.append(f"{log.name} is not signed by {signer.text}, which the night names for its case.")
    for key in {key.text: key for key in given + named if key.kind == 4}.values():
        seen = {note.size: note.signed_by(key) for note in against if note.signed_by(key) is not None}
        whose = (
            "you gave its key" if key.text in [one.text for one in given] else "its key came with the record"
        )
        if not seen and key in named:
            notes.append(f"witness {key.name} is named in keys.txt, and nothing that it signed is here.")
        if seen:
            at = f"{max(seen)} entries at {seen[max(seen)]} s after 1970"
            notes.append(f"witness {key.name} ({whose}) saw {at}.")
    check_files(folder, log, keys)
    check_timestamps(folder)
    end = log.checkpoints[-1] if log.checkpoints else None
    if end is None or not end.sealed or end.size != log.last:
        untold.append(
            f"{log.name} was not closed in good order: what came after entry {log.last} is not known."
        )
    notes.append(f"{log.name}: {log.last} entries, root {base64.b64encode(log.tree.root()).decode()}.")
    for note in outside:
        check_outside(folder, note)
        also = f", and for {', '.join(note.files)}" if note.files else ""
        notes.append(f"{note.what}, from you, speaks for the first {note.size} of {log.last} entries{also}.")
    if not outside:
        notes.append(f"nothing from elsewhere speaks for {log.name}: its owner could have cut or rebuilt it.")
    return origin


def check_pdf(path: str, outside: list[Checkpoint], given: list[Key]) -> None:
    """Check a dossier without its log: the entries that it cites, and who signed the log that holds them."""
    note = evidence_of(path)
    if note is None:
        raise Wrong(f"{os.path.basename(path)} holds no evidence that can be read")
    keys = Keys(given, note.keys, note.changes)
    keys.check(note, note.size)
    keys.say([note])
    if not note.cited:
        broken.append(f"{os.path.basename(path)} cites no entry: nothing is shown by it.")
    for other in outside:
        if other.origin != note.origin or (other.size == note.size and other.root != note.root):
            broken.append(f"{other.what} is not of the log that this dossier cites.")
    notes.append(
        f"the {note.cited} entries that it cites are in the log of {note.size} entries that was signed."
    )
    also = "".join(f" and {name}" for name in note.attached)
    untold.append(f"the dossier's pages{also} are covered by the manifest of its night only, not here.")
    alone.append(note.cited)


def unpack(path: str, room: str) -> None:
    with zipfile.ZipFile(path) as bundle:
        for one in bundle.infolist():
            if one.filename.startswith("/") or "\\" in one.filename or ".." in one.filename.split("/"):
                raise Wrong(f"{path} holds the name {one.filename!r}, which leads elsewhere")
        if sum(one.file_size for one in bundle.infolist()) > MOST_UNPACKED_BYTES:
            raise Wrong(f"{path} unpacks to more than {MOST_UNPACKED_BYTES} bytes")
        bundle.extractall(room)


def case_named_in(night: str) -> list[tuple[str, tuple[str, Key | None]]]:
    """Return where the case of a night must be, which log it is, and whose key signs it."""
    path = os.path.join(night, "case.txt")
    if not os.path.exists(path):
        return []
    said = dict(line.split(" ", 1) for line in read(path).decode().splitlines())
    signer = Key(said["key"]) if "key" in said else None
    return [(os.path.join(night, "case"), (said["log"], signer))]


def plain(text: str) -> str:
    """Return a text that stays on its line, whatever was written into it."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def look(record: str, outside: list[Checkpoint], given: list[Key], room: str) -> None:
    if zipfile.is_zipfile(record):
        unpack(record, room)
        record = room
    if os.path.isfile(record):
        return check_pdf(record, outside, given)
    logs = glob.glob(os.path.join(glob.escape(record), "**", "*.db"), recursive=True)
    folders = sorted({os.path.dirname(path) for path in logs})
    if not folders:
        raise Wrong("there is no log in it")
    cases = dict(case for folder in folders for case in case_named_in(folder))
    for folder, (origin, _) in cases.items():
        if folder not in folders:
            lost = os.path.join(os.path.relpath(folder, record), "*.db")
            missing.append(f"{lost} is missing: the night names its case, the log {origin}.")
    origins = []
    for folder in folders:
        where = os.path.relpath(folder, record)
        place = "" if where == "." else where
        origins.append(check_folder(folder, place, outside, given, cases.get(folder)))
    for origin in sorted({one for one in origins if one and origins.count(one) > 1}):
        broken.append(f"{origins.count(origin)} logs here are called {origin}: only one can be it.")
    for note in outside:
        if note.origin not in origins:
            broken.append(f"{note.what} is of the log {note.origin}, which is not here.")
    return None


def main(arguments: Iterable[str] | None = None) -> int:
    about = {"description": __doc__, "formatter_class": argparse.RawDescriptionHelpFormatter}
    parser = argparse.ArgumentParser(**about)  # type: ignore[arg-type]
    parser.add_argument("record", help="a bundle (.zip), a night's folder, or a dossier (.pdf)")
    parser.add_argument("--checkpoint", action="append", default=[], help="one that you have from elsewhere")
    parser.add_argument("--manifest", action="append", default=[], help="a manifest.note from elsewhere")
    parser.add_argument("--key", action="append", default=[], help="of the log or a witness, that you know")
    chosen = parser.parse_args(None if arguments is None else list(arguments))
    try:
        outside = [
            Checkpoint(read(path), os.path.basename(path)) for path in chosen.checkpoint + chosen.manifest
        ]
        with tempfile.TemporaryDirectory() as room:
            look(chosen.record, outside, [Key(text) for text in chosen.key], room)
    except Wrong as wrong:
        broken.append(f"{wrong}.")
    except Exception as wrong:  # whatever cannot be read is not as it was written
        broken.append(f"it cannot be read: {type(wrong).__name__}: {wrong}.")
    for title, found in (("note", notes), ("MISSING", missing), ("NOT TOLD", untold), ("WRONG", broken)):
        for sentence in found:
            print(plain(f"{title}: {sentence}"))
    holds = "holds; all that was looked at is as it was written."
    if alone:
        holds = f"holds for the {alone[0]} entries that it cites; of its pages and the rest nothing is shown."
    print("INTEGRITY: " + ("BROKEN." if broken else holds))
    complete = (
        "nobody can tell." if untold else "nothing is missing, as far as the checkpoints at hand reach."
    )
    print("COMPLETENESS: " + ("SOMETHING IS MISSING." if missing else complete))
    return 1 if broken else 3 if missing or untold else 0


if __name__ == "__main__":
    sys.exit(main())
