#!/usr/bin/env python3
"""Is this record of a night as it was written, and is it all there? One file of plain Python, 3.9 or later.

    python3 -I verify.py FOLDER|DOSSIER.pdf [--checkpoint|--manifest FILE]... [--key KEY]...

It changes nothing, opens no connection and needs nothing of Skykeep. Read it before you trust it:

1. A log is a list of entries. Each has a digest over its number, time, role, kind and payload. Parts of a
   payload may be taken out for privacy: their digests stay, and so does the entry's.
2. All digests together make one number, the root of a Merkle tree (RFC 6962). Change, drop, add or move an
   entry, and the root is another.
3. A checkpoint says how many entries there were, and the root. The log's key signs it (Ed25519), and so may
   witnesses, with the time at which they saw it (C2SP signed-note, tlog-checkpoint, tlog-cosignature).
4. A manifest holds the hash of every file beside the log, and is signed as a checkpoint is.
5. Whoever owns log and key can still rewrite everything. Only what left their house before shows that: give
   each checkpoint and manifest.note that you have from elsewhere, and each key that you know.

Two verdicts: INTEGRITY, what is here is as it was written; COMPLETENESS, nothing is missing. The exit code is
0 when both hold, 1 when integrity is broken, 3 when it holds and something is missing or nobody can tell.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import functools
import hashlib
import json
import re
import shutil
import sqlite3
import sys
import tempfile
import zlib
from pathlib import Path
from typing import Any

HOW_TO_CHECK = (
    "It is a timestamp (RFC 3161), which only certificates can show; with those of the authority in CA.pem: "
    "openssl ts -verify -data {0}.note -in {0}.tsr -CAfile CA.pem && openssl ts -reply -in {0}.tsr -text"
)
VOUCHES = re.compile(r"(cosigned|timestamped)/[^/]+\.(note|tsr|pem)$|case/|manifest\.(json|note)$")
broken: list[str] = []  # against integrity
missing: list[str] = []  # against completeness
untold: list[str] = []  # what keeps anybody from telling whether something is missing
notes: list[str] = []
looked: list[str] = []  # what the verdicts are about


class Wrong(ValueError):
    """Something is not as it must be; the text says what."""


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def hash_of(path: Path) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            found.update(block)
    return found.hexdigest()


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):  # some readers take the first, others the last
        raise Wrong(f"it says a thing twice, of {pairs[0][0]} and what follows")
    return dict(pairs)


def decoded(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:  # bits that no byte holds could be anything
        raise Wrong("base64 with loose bits at its end")
    return data


told = functools.partial(json.loads, object_pairs_hook=once)


# --- 1. Entries ---------------------------------------------------------------------------------------------
def leaf_of(sequence: int, time_utc_ns: int, role: str, kind: str, digests: list[bytes]) -> bytes:
    """Return an entry's digest: from its fields, and the digests of the segments of its payload."""

    def sized(*fields: bytes) -> bytes:
        return b"".join(len(field).to_bytes(8, "big") + field for field in fields)

    committed = sha256(sized(b"skykeep commitment 1", b"%d" % len(digests), *digests))
    head = (b"skykeep log entry 2", b"%d" % sequence, b"%d" % time_utc_ns, role.encode(), kind.encode())
    return sha256(b"\0", sized(*head, committed))


def segments_of(descriptors: bytes, payload: bytes) -> tuple[list[bytes], list[int]]:
    """Return digests, and which were taken out. 0, length, salt: is there. 1, digest: was taken out."""
    digests, gone, at, read = [], [], 0, 0
    while at < len(descriptors):
        if descriptors[at] == 1:
            gone.append(len(digests))
            digests.append(descriptors[at + 1 : at + 33])
            at += 33
        else:
            end = read + int.from_bytes(descriptors[at : at + 5], "big")
            digests.append(sha256(b"skykeep segment 1", descriptors[at + 5 : at + 21], payload[read:end]))
            at, read = at + 21, end
    if (at, read) != (len(descriptors), len(payload)):
        raise Wrong("a payload that is not as long as its segments")
    return digests, gone


# --- 2. The tree --------------------------------------------------------------------------------------------
class Tree:
    """The right edge of a growing tree: a subtree's root for each bit of its size."""

    def __init__(self) -> None:
        self.size = 0
        self.edge: list[bytes] = []

    def add(self, leaf: bytes) -> list[bytes]:
        """Add a leaf; return it and the root of each subtree that it completes, of 2, 4, 8, ... leaves."""
        done = [leaf]
        while self.size >> len(done) - 1 & 1:
            done.append(sha256(b"\1", self.edge.pop(), done[-1]))
        self.edge.append(done[-1])
        self.size += 1
        return done

    def root(self) -> bytes:
        root = self.edge[-1] if self.edge else sha256()
        for node in self.edge[-2::-1]:
            root = sha256(b"\1", node, root)
        return root


def root_by_proof(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """Return the root to which a proof leads from leaf `index` of `size`; b"" where it is none."""
    if size <= 1 or not proof:
        return leaf if size == 1 and not proof else b""
    left = 1 << (size - 1).bit_length() - 1  # so many leaves are on the left
    if index < left:
        return sha256(b"\1", root_by_proof(leaf, index, left, proof[:-1]), proof[-1])
    return sha256(b"\1", proof[-1], root_by_proof(leaf, index - left, size - left, proof[:-1]))


# --- 3. Signatures: Ed25519 (RFC 8032), with points on a curve modulo P as X, Y, Z, T -----------------------
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def plus(a: Any, b: Any) -> Any:
    w, x = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    y, z = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = x - w, z - y, z + y, x + w
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, point: Any) -> Any:
    found = (0, 1, 1, 0)
    for bit in bin(number)[2:]:
        found = plus(found, found)
        found = plus(found, point) if bit == "1" else found
    return found


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


@functools.cache
def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether the owner of `public` signed: with (R, s) = signature, s * BASE - k * public must be R."""
    key, s = point_of(public), int.from_bytes(signature[32:], "little")
    if key is None or len(signature) != 64 or s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    found = plus(times(s, BASE), times(k, (P - key[0], key[1], 1, P - key[3])))
    inverse = pow(found[2], P - 2, P)
    x, y = found[0] * inverse % P, found[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


class Key:
    """A public key: name+id+base64(kind, 32 bytes). Kind 1 signs logs, kind 4 is a witness's."""

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        self.name, number, coded = [*self.text.split("+", 2), "", ""][:3]
        data = decoded(coded)
        self.id, self.kind, self.public = sha256(self.name.encode(), b"\n", data)[:4], data[:1], data[1:]
        if (len(data), self.id.hex()) != (33, number) or self.kind not in (b"\1", b"\4"):
            raise Wrong(f"{text[:80]!r} is no key, must be name+id+base64, and its id must fit")


class Note:
    """A text and the signatures under it. `of_log`: a checkpoint, which says which log it is of, how many
    entries there were, under which root, and whether it was closed; a manifest's goes on with files.
    """

    def __init__(self, data: bytes, what: str, *, of_log: bool = True) -> None:
        self.data, self.what = data, what
        try:
            head, _, under = data.rpartition(b"\n\n") if b"\n\n" in data else (data[:-1], b"", b"")
            self.body, self.lines = head + b"\n", head.decode().split("\n")
            signed = [line.split("\u2014 ")[1].split(" ") for line in under.decode().split("\n")[:-1]]
            self.signatures = [(name, decoded(coded)) for name, coded in signed]
            if of_log:
                self.origin, self.size, self.root = self.lines[0], int(self.lines[1]), decoded(self.lines[2])
                named = [line.split(" ", 2) for line in self.lines[6:]]
                self.files = {name: hashed for _, hashed, name in named}
                self.sealed = "state sealed" in self.lines
        except (ValueError, IndexError):
            raise Wrong(f"{what} is no {'checkpoint' if of_log else 'signed note'}") from None

    def signed_by(self, key: Key) -> int | None:
        """Return when a witness signed (seconds since 1970), 0 for a log's key, None if the key did not."""
        time_s = None
        for name, coded in self.signatures:
            if (name, coded[:4]) == (key.name, key.id):
                time_s, signature, message = 0, coded[4:], self.body
                if key.kind == b"\4":
                    time_s, signature = int.from_bytes(signature[:8], "big"), signature[8:]
                    message = b"cosignature/v1\ntime %d\n" % time_s + message
                if not is_signed(key.public, message, signature):
                    raise Wrong(f"{self.what}: the signature of {name} does not fit: forged or changed")
        return time_s


class Keys:
    """The keys of a log, in order. A change of key is an entry, signed by the old key and the new (rotated)
    or by the new alone (lost: then only a person's word joins the two). `known` says why we know a key.
    """

    def __init__(self, known: dict[bytes, str], named: list[Key], changes: list[tuple[int, str]]) -> None:
        self.known, self.reach, pairs = dict(known), {}, []
        self.chain = [(1, key) for key in named if key.kind == b"\1"][:1]  # from which entry on, which key
        for sequence, text in changes:
            note = Note(text.encode(), f"the change of key in entry {sequence}", of_log=False)
            said = dict(line.split(" ", 1) for line in note.lines[1:])
            old, new, lost = Key(said["from"]), Key(said["to"]), said["because"] != "rotated"
            self.chain = self.chain if pairs else [(1, old)]
            must = [new] if lost else [old, new]
            if self.chain[-1][1].text != old.text or any(note.signed_by(key) is None for key in must):
                raise Wrong(f"{note.what} is not signed by the keys that must, or by another before")
            self.chain.append((sequence, new))
            pairs.append({new.public} if lost else {old.public, new.public})
            how = "the old key is LOST: only their word joins the two" if lost else "the old key handed over"
            notes.append(f"entry {sequence}: new key, {how} ({said['time']}, {said['by']}: {said['why']}).")
        for pair in pairs + pairs[::-1]:
            joined = pair if pair & set(self.known) else ()
            self.known = {**dict.fromkeys(joined, "joined by rotation to one that you gave"), **self.known}

    def check(self, note: Note, size: int) -> None:
        """Raise Wrong unless the log's key of that size, or a later one, signed the note."""
        since = max((at for at, _ in self.chain if at <= max(size, 1)), default=0)
        wanted = [key for at, key in self.chain if at >= since]
        signers = [key.public for key in wanted if note.signed_by(key) is not None]
        self.reach.update({each: max(size, self.reach.get(each, 0)) for each in signers})
        if not signers and (wanted or note.signatures):
            by = ", ".join(f"{name}+{coded[:4].hex()}" for name, coded in note.signatures) or "nobody"
            must = wanted[0].text if wanted else "a key that is here"
            raise Wrong(f"{note.what} is signed by {by}, must be by {must}")

    def say(self) -> None:
        """Say whose keys these are, and how far what they signed here reaches."""
        mine = [key.public for _, key in self.chain if key.public in self.known]
        shown_to = max((self.reach.get(public, 0) for public in mine), default=0)
        if self.known and not mine:
            broken.append("the log is signed by none of the keys that you gave.")
        elif self.known and self.chain[-1][1].public not in mine:
            lost = "the key that you gave signed nothing here: another took its place, as of one lost."
            since = f"from entry {shown_to + 1} on no key that you know stands behind the log."
            (untold if shown_to else broken).append(since if shown_to else lost)
        for _, key in self.chain:
            why = self.known.get(key.public, "which came with the record: its maker can have made it")
            if key.name == "simulation.invalid":
                why = "the published key of simulations: anybody can sign so, it proves nothing about who"
            notes.append(f"signed by {key.text}, {why if key.public in self.reach else 'but nothing here'}.")
        if not self.chain:
            notes.append("nobody signed this log: only checkpoints from elsewhere can speak for it.")


# --- 4. A log: every entry, then every checkpoint -----------------------------------------------------------
class Log:
    """A log's database, and what a walk along its entries finds. `sizes`: where to keep the tree's root."""

    def __init__(self, path: Path, name: str, sizes: set[int]) -> None:
        self.name, self.last, self.tree, self.roots = name, 0, Tree(), {0: sha256()}
        self.faults, self.changes, self.blobs = [], [], {}
        with tempfile.TemporaryDirectory() as room:  # as a copy: SQLite may take a journal in
            files = [shutil.copy(one, room) for one in (path, Path(f"{path}-wal")) if one.exists()]
            log = sqlite3.connect(files[0])
            rows = log.execute("SELECT number, note FROM checkpoint ORDER BY number").fetchall()
            self.own = [Note(note.encode(), f"checkpoint {number} of {name}") for number, note in rows]
            self.origin = self.own[0].origin if rows else ""
            if not rows or self.own[0].size or rows[-1][0] != len(rows):
                broken.append(f"{name}: its first checkpoint is not that of its beginning, or one is gone.")
            self.walk(log, sizes | {note.size for note in self.own})
            log.close()

    def walk(self, log: sqlite3.Connection, sizes: set[int]) -> None:
        """Go through every entry: is it as its digest says, in its place, and later than the one before?"""
        stored = {(level, number): node for level, number, node in log.execute("SELECT * FROM node")}
        gone, on_record, back, taken, last_ns = set(), set(), [], [], 0
        for row in log.execute("SELECT * FROM entry ORDER BY sequence"):
            sequence, time_ns, role, kind, digest, segments, payload = row
            if sequence != self.last + 1:
                self.faults.append(f"entries {self.last + 1} to {sequence - 1} are missing.")
            self.last, cut, leaf = sequence, [], b""
            with contextlib.suppress(ValueError, TypeError, AttributeError):
                digests, cut = segments_of(segments, payload)
                leaf = leaf_of(sequence, time_ns, role, kind, digests)
            if leaf != digest or role not in ("input", "output"):
                self.faults.append(f"entry {sequence}: its time, role, kind, payload or digest was changed.")
            for height, node in [*enumerate(self.tree.add(leaf))][4::4]:  # hashes that the log keeps too
                if stored.get((height // 4, (sequence >> height) - 1)) != node and not self.faults:
                    those = f"{sequence - 2**height + 1} to {sequence}"
                    self.faults.append(f"one of entries {those} was exchanged together with its digest.")
            if sequence in sizes:
                self.roots[sequence] = self.tree.root()
            if sequence > 1 and time_ns < last_ns:
                by = f"{(last_ns - time_ns) / 1e9:.3f} s before that of entry {sequence - 1}"
                back.append(f"entry {sequence}: its time is {by}: a clock was set back, or it was put in.")
            last_ns = time_ns
            gone |= {(sequence, part) for part in cut}
            if cut and kind in ("run", "software", "redacted", "key_changed"):
                self.faults.append(f"entry {sequence}: of its kind nothing may be taken out.")
            elif kind == "key_changed":
                self.changes.append((sequence, told(payload)["note"]))
            elif kind == "redacted":
                said = told(payload)
                of, what = said["sequence"], ", ".join(said["paths"]) or "everything"
                on_record |= {(of, part) for part in said["segments"] if of < sequence}
                why = f"by {said['by']} because {said['because']} (entry {sequence})"
                taken.append(f"entry {of}: redacted {why}, named as {what}, which nothing here shows.")
            elif kind in ("add_media", "add_document"):
                for found in re.findall(rb'"(?:thumbnail_)?sha256":"([0-9a-f]{64})"', payload):
                    self.blobs[found.decode()] = sequence
        missing.extend(taken[:8] + [f"{len(taken) - 8} more entries: redacted."] * (len(taken) > 8))
        for sequence, _ in sorted(gone - on_record):
            self.faults.append(f"entry {sequence}: a part of it is gone, and no entry says by whom and why.")
        for found in filter(None, (self.faults, back)):
            broken.append(f"{self.name}: {found[0]} ({len(found)} such in all.)")

    def compare(self, against: list[Note], keys: Keys) -> None:
        """Set the log against checkpoints: its own, those beside it, those from elsewhere."""
        fits = {True: 0, False: 0}  # what its owner can make anew shows nothing of where others do not fit
        unsigned = {}
        for note in sorted(against, key=lambda one: one.size):
            own = note in self.own
            if note.origin != self.origin:
                broken.append(f"{note.what} is of the log {note.origin}, this is {self.origin}.")
            elif note.size > self.last:
                lost = f"entries {self.last + 1} to {note.size} are missing"
                missing.append(f"{lost}: {note.what} counts {note.size}, {self.name} holds {self.last}.")
            elif self.roots.get(note.size) != note.root and not self.faults:
                self.faults.append(note.what)
                those = f"entries {fits[own] + 1} to {note.size} are not those over which {note.what}"
                broken.append(f"{self.name}: {those} was made: they were rewritten, or it is forged.")
            elif not self.faults:
                fits[own] = note.size
            try:
                keys.check(note, note.size)
            except Wrong as wrong:
                unsigned.setdefault(self.name if own else note.what, f"{wrong}.")
        broken.extend(unsigned.values())  # of the log's own hundreds only the first


# --- 5. What lies beside a log ------------------------------------------------------------------------------
def set_against(folder: Path, files: dict[str, str], changed: str, when: str) -> None:
    """Set files against the SHA-256 that each had when something was signed or sealed."""
    for name, digest in files.items():
        if not (folder / name).exists():
            missing.append(f"{name} is missing; it was there when {when}.")
        elif hash_of(folder / name) != digest:
            broken.append(f"{name} {changed}.")


def check_files(folder: Path, log: Log, keys: Keys) -> dict[str, str]:
    """Set files, seal, blobs and timestamps each against what speaks for it; return what is sealed."""
    manifest, signed = folder / "manifest.json", folder / "manifest.note"
    listed = told(manifest.read_bytes())["files"] if manifest.exists() else ()
    sealed, own = {one["name"]: one["sha256"] for one in listed}, log.name.rpartition("/")[2]
    end = log.own[-1].lines[:3] if log.own and log.own[-1].sealed else None
    set_against(folder, sealed, "was changed after it was sealed", "it was sealed")
    blobs, strangers = {f"blobs/{name}": name for name in log.blobs}, []
    for path in sorted(folder.rglob("*")) if own in sealed else ():
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            broken.append(f"{name} is a link: what it leads to is not what was sealed.")
        elif path.parent == folder and name.endswith(("-wal", "-journal")):
            broken.append(f"{name} lies beside a sealed log, and must not be there.")
        elif path.is_file() and name not in {*sealed, *blobs} and not VOUCHES.match(name):
            strangers.append(f"{name} was not sealed with {log.name}: nothing speaks for it.")
    notes.extend(strangers[:8] + [f"and nothing for {len(strangers) - 8} more."] * (len(strangers) > 8))
    if signed.exists():
        note = Note(signed.read_bytes(), signed.name, of_log=False)
        keys.check(note, log.last)
        if f"sha256 {hash_of(manifest) if manifest.exists() else 'none'}" not in note.lines:
            broken.append("manifest.json is not the one over which manifest.note was signed.")
        # Cut off while it was closed or opened again, a log is in no manifest, but one was signed of its end.
        is_gone = bool(end) and own not in sealed and note.lines[:3] != end
    else:
        is_gone = bool(end and (keys.chain or not manifest.exists()))
    if is_gone:
        broken.append("the log was closed in good order; what was sealed then is not signed, or not here.")
    blobs.update({f"blobs/{path.name}": path.name for path in folder.glob("blobs/[!.]*")})
    set_against(folder, blobs, "was swapped or changed: its name is its hash", "an entry named it")
    for path in sorted(folder.glob("timestamped/*.tsr")):
        name, over = f"timestamped/{path.stem}", path.with_suffix(".note")
        notes.append(f"{name}.tsr was not looked at. {HOW_TO_CHECK.format(name)}")
        if not over.exists() or sha256(over.read_bytes()) not in path.read_bytes():
            broken.append(f"{name}.tsr is not over the note beside it: it was forged or swapped.")
    return sealed


THING = rb"%d 0 obj\n([^\r\n]*)\n(?:stream\n(.*)\nendstream\n)?endobj\n"
END = rb"xref\n0 \d+\n0000000000 65535 f\r\n((?:\d{10} 00000 n\r\n)+)trailer\n<</Size \d+/Root (\d+) 0 R"
END += rb"/Info \d+ 0 R/ID\[[\w+/=()]+\]>>\nstartxref\n(\d+)\n%%EOF"
LIST = rb"<</Type/Catalog/(?:(?!Names)[^#])*Names<</EmbeddedFiles<</Names\[([\w.() ]+)\]>>>>/AF\[[\dR ]+\]>>"
NAMED = rb"<</Type/Filespec/F\(%b\)/UF\(%b\)/EF<</F (\d+) 0 R/UF \1 0 R>>/AFRel[\w/]+/Desc\([^()\\]*\)>>"
FILE = rb"<</Length (\d+)/Type/EmbeddedFile/Filter/FlateDecode/Subtype/[\w#-]+/Params<</Size (\d+)/[^/]+>>>>"


def evidence_in(pdf: bytes, name: str) -> list[bytes]:
    """Return what a dossier attaches as evidence.json, on the way that readers of PDFs go: end, catalogue,
    list, name, file. Lest any goes another way, every object must lie as the press (typst) lays them.
    """
    fits: Any = functools.partial(re.fullmatch, flags=re.DOTALL)
    with contextlib.suppress(TypeError, LookupError, zlib.error):  # what does not fit is None
        end = fits(b"(.*)" + END, pdf)
        at = [int(row) for row in re.findall(rb"\d{10}", end[2])] + [end.end(1)]
        things = [fits(THING % k, pdf[at[k - 1] : at[k]]) for k in range(1, len(at))]
        heads = [thing[1] for thing in things]
        files = dict(re.findall(rb"\((.+?)\)(\d+) 0 R", fits(LIST, heads[int(end[3]) - 1])[1]))
        held = {one: fits(NAMED % (one, one), heads[int(files[one]) - 1])[1] for one in files}
        packed, file = (each[int(held[b"evidence.json"]) - 1] for each in (things, heads))
        data, sizes = zlib.decompressobj().decompress(packed[2], 1 << 28), fits(FILE, file)
        others = re.findall(rb"/(?:E|#45)(?:F|#46)\b", b"\n".join(heads))  # files, however it is spelt
        must = [end.end(1), int(sizes[1]), int(sizes[2]), len(files), len(things)]
        found = [int(end[4]), len(packed[2]), len(data), len(others), len(re.findall(rb"\d\s+obj\b", pdf))]
        if found == must:
            return [data]
    if b"evidence.json" not in pdf:
        return []
    raise Wrong(f"{name} is not as Skykeep prints it: altered? Give evidence.json as your reader saves it")


def proven(held: bytes, name: str) -> tuple[Note, Any]:
    """Prove each entry that a dossier cites under the checkpoint that it brings; return that, and all."""
    said = told(held)
    note = Note(said["checkpoint"].encode(), f"the evidence in {name}")
    for entry in said["entries"]:
        digests = []
        for one in entry["segments"]:
            data = one["text"].encode() if "text" in one else decoded(one.get("base64", ""))
            salted = sha256(b"skykeep segment 1", bytes.fromhex(one.get("salt", "")), data)
            digests.append(bytes.fromhex(one["digest"]) if "digest" in one else salted)
        sequence, proof = entry["sequence"], [decoded(node) for node in entry["proof"]]
        leaf = leaf_of(sequence, entry["time_utc_ns"], entry["role"], entry["kind"], digests)
        if root_by_proof(leaf, sequence - 1, note.size, proof) != note.root:
            raise Wrong(f"{note.what}: entry {sequence} is not so in the log that the checkpoint is of")
    return note, said


# --- 6. A record: a night's folder with its case, or a dossier alone ----------------------------------------
def check_folder(folder: Path, outside: list[Note], given: list[Key], case: Any = None) -> list[str]:
    """Check the one log of a folder and what lies beside it, then its case; return which logs they are.
    `case`: which log a night says that its case is, whose key signs it, and whether the night sealed that.
    """
    at = "case/" if case else ""
    paths = sorted(folder.glob("*.db"))
    if len(paths) != 1:
        raise Wrong(f"{at or 'the folder'} holds {len(paths)} logs, must be one")
    kinds = ("checkpoint.note", "cosigned/*.note", "timestamped/*.note")
    beside = [path for kind in kinds for path in sorted(folder.glob(kind))]
    against = [Note(path.read_bytes(), path.relative_to(folder).as_posix()) for path in beside]
    for path in folder.glob("*.pdf"):
        try:
            against += [proven(held, path.name)[0] for held in evidence_in(path.read_bytes(), path.name)]
        except (ValueError, LookupError, TypeError, AttributeError) as wrong:
            broken.append(f"{path.name}: {wrong}.")
    log = Log(paths[0], at + paths[0].name, {note.size for note in against + outside})
    mine = [note for note in outside if note.origin == log.origin]
    against += log.own + mine
    lines = (folder / "keys.txt").read_text("utf-8").splitlines() if (folder / "keys.txt").exists() else []
    named = [Key(line) for line in lines if line.strip() and not line.startswith("#")]
    origin, signer, is_sealed = case or (log.origin, None, False)
    known = {key.public: "which you gave" for key in given if key.kind == b"\1"}
    if known and is_sealed and signer:
        known.setdefault(signer.public, "which the night names for its case")
    keys = Keys(known, [key for key in named if key.public in known] + given + named, log.changes)
    log.compare(against, keys)
    keys.say()
    if origin not in (None, log.origin):
        broken.append(f"{log.name} is the log {log.origin}; the night names {origin} as its case.")
    if signer and signer.public not in keys.reach:
        broken.append(f"{log.name} is not signed by {signer.text}, which the night names for its case.")
    for key in {key.text: key for key in named + given if key.kind == b"\4"}.values():
        seen = {note.size: note.signed_by(key) for note in against if note.signed_by(key) is not None}
        saw = f"saw {max(seen)} entries at {seen[max(seen)]} s after 1970" if seen else "signed nothing here"
        whose = "you gave its key" if key in given else "its key came with the record"
        where = missing if key in given and not seen and not case else notes
        where.append(f"witness {key.name} ({whose}) {saw}.")
    sealed = check_files(folder, log, keys)
    if paths[0].name not in sealed or not log.own[-1].sealed or log.own[-1].size != log.last:
        untold.append(f"{log.name} was not closed: what came after entry {log.last} is not known.")
    for note in mine:
        changed = f"is not the one over which {note.what} was signed; it may have been sealed anew"
        set_against(folder, note.files, changed, f"{note.what}, from you, was signed")
        also = f", and for {', '.join(note.files)}" if note.files else ""
        notes.append(f"{note.what}, from you, speaks for the first {note.size} of {log.last} entries{also}.")
    if not mine:
        notes.append(f"nothing from elsewhere speaks for {log.name}: its owner could have cut or rebuilt it.")
    looked.append(f"{log.name} ({log.last} entries, root {base64.b64encode(log.tree.root()).decode()})")
    lines = (folder / "case.txt").read_text("utf-8").splitlines() if (folder / "case.txt").exists() else []
    said = dict(line.split(" ", 1) for line in lines)
    if (folder / "case/case.db").exists():
        signer = Key(said["key"]) if "key" in said else None
        case = said.get("log"), signer, "case.txt" in sealed
        return [log.origin, *check_folder(folder / "case", outside, given, case)]
    if said:
        missing.append(f"case/case.db is missing: the night names its case, the log {said['log']}.")
    return [log.origin, said.get("log", "")]


def check_dossier(path: Path, outside: list[Note], given: list[Key]) -> list[str]:
    """Check what a dossier alone cites: from its PDF, or from evidence.json as a reader of PDFs saved it."""
    data = path.read_bytes()
    found = evidence_in(data, path.name) if data.startswith(b"%PDF") else [data]
    if len(found) != 1:
        raise Wrong(f"{path.name} holds evidence {len(found)} times, must be once")
    note, said = proven(found[0], path.name)
    changes = [(of["sequence"], of["segments"][0]) for of in said["entries"] if of["kind"] == "key_changed"]
    changed = [(at, told(part["text"])["note"]) for at, part in changes if "text" in part]
    known = {key.public: "which you gave" for key in given if key.kind == b"\1"}
    keys = Keys(known, given + [Key(text) for text in said["keys"]], changed)
    keys.check(note, note.size)
    keys.say()
    if not said["entries"] or any(one.size == note.size and one.root != note.root for one in outside):
        broken.append(f"{path.name} cites nothing, or not what you gave: nothing is shown by it.")
    cited = f"the {len(said['entries'])} entries that it cites"
    notes.append(f"{cited} are in the log of {note.size} entries that was signed.")
    untold.append("what its pages say, and what else is attached, is not looked at.")
    looked.append(cited)
    return [note.origin]


def plain(text: str) -> str:
    """Return a text that stays on its line, whatever was written into it."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def main() -> int:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("record", help="a night's folder, a dossier (.pdf), or the evidence.json out of one")
    parser.add_argument("--checkpoint", "--manifest", action="append", default=[], help="from elsewhere")
    parser.add_argument("--key", action="append", default=[], help="of the log or a witness, that you know")
    chosen = parser.parse_args()
    if not [*Path(chosen.record).glob("*.db")] and [*Path(chosen.record).glob("*/night.db")]:
        parser.error("it checks one night at a time; `watch_continued` in each log names the day before.")
    try:
        outside = [Note(Path(one).read_bytes(), Path(one).name) for one in chosen.checkpoint]
        given, record = [Key(text) for text in chosen.key], Path(chosen.record)
        origins = (check_folder if record.is_dir() else check_dossier)(record, outside, given)
        for note in outside:
            if note.origin not in origins:
                broken.append(f"{note.what} is of the log {note.origin}, which is not here.")
    except Exception as wrong:  # whatever cannot be read is not as it was written
        broken.append(f"{wrong}." if isinstance(wrong, Wrong) else f"it cannot be read: {wrong!r}.")
    for title, found in (("note", notes), ("MISSING", missing), ("NOT TOLD", untold), ("WRONG", broken)):
        for sentence in found:
            print(plain(f"{title}: {sentence}"))
    complete = "nothing is missing, as far as the checkpoints at hand reach."
    complete = "SOMETHING IS MISSING." if missing else "nobody can tell." if untold else complete
    print(plain("INTEGRITY: " + ("BROKEN." if broken else f"holds for {' and '.join(looked)}.")))
    print(f"COMPLETENESS: {complete}")
    return 1 if broken else 3 if missing or untold else 0


if __name__ == "__main__":
    sys.exit(main())
