"""A small signed night with a dossier, media and a witness; the tools of whoever wants it otherwise; and both
verifiers.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec
import typst
from click.testing import CliRunner

from made_tree import LOG, OTHER, WITNESS
from skykeep.cli.verify import verify
from skykeep.domain.record import EntryRole, LogEntry
from skykeep.evidence.checkpoint import Checkpoint, names_files, note_of, read_checkpoint_body
from skykeep.evidence.entry import digest_of, seal_entry, simulated_salts
from skykeep.evidence.merkle import Frontier
from skykeep.evidence.signed_note import COSIGNATURE, SigningKey, read_note, signature_lines
from skykeep.store import manifest, standalone_verifier
from skykeep.store.keys_file import add_keys
from skykeep.store.log_database import LogDatabase
from skykeep.store.log_excerpt import excerpt_of_log
from skykeep.store.log_reader import LogReader

ORIGIN = f"{LOG.name}/night-7"
ENTRIES, LEFT_AT, START_NS = 600, 300, 1_935_540_847 * 10**9
PICTURE = b"GIF89a the picture that was handed in"
SHA256 = hashlib.sha256(PICTURE).hexdigest()
CITED = (5, 100, 250, 599)
SALTS = simulated_salts("tampering", 1)
Row = tuple[int, EntryRole, str, bytes]


def rows() -> list[Row]:
    """Return what is logged: time, role, kind, payload."""
    found: list[Row] = []
    for k in range(1, ENTRIES + 1):
        payload, kind = b'{"k":%d}' % k, "tick"
        if k == 50:
            kind, payload = "add_media", json.dumps({"media": {"sha256": SHA256}}).replace(" ", "").encode()
        if k == 100:
            kind, payload = "claim", b'{"sensor_id":"rid","claimed_id":"N-17","operator_id":"OP-4"}'
        found.append((START_NS + k * 10**9, EntryRole.INPUT, kind, payload))
    return found


def write_log(
    folder: Path,
    signer: SigningKey | None = LOG,
    written: list[Row] | None = None,
    *,
    close: bool = True,
    origin: str = ORIGIN,
) -> bytes:
    """Write a night's log and return the checkpoint that left the house at entry `LEFT_AT`."""
    left = b""
    log = LogDatabase.open(
        folder / "night.db", origin=origin, salts=SALTS, signer=signer, checkpoint_every_s=0.0
    )
    for number, row in enumerate(written or rows(), 1):
        log.append(*row)
        if number % 100 == 0:
            log.flush()
        if number == LEFT_AT:
            reader = LogReader(folder / "night.db")
            left = reader.last_note()
            reader.close()
    log.flush()
    if close:
        log.close()
    return left


def write_papers(folder: Path, signer: SigningKey | None = LOG, evidence: bytes | None = None) -> None:
    """Write dossier, media and keys beside a closed log, and seal them."""
    (folder / "blobs").mkdir(exist_ok=True)
    (folder / "blobs" / SHA256).write_bytes(PICTURE)
    (folder / "summary.json").write_text('{"alerts":1}\n')
    if signer is not None:
        add_keys(folder, signer.verifier, WITNESS.verifier.as_kind(COSIGNATURE))
    found = evidence or excerpt_of_log(folder / "night.db", CITED, personal=False)
    (folder / "dossier.pdf").write_bytes(dossier(found))
    seal(folder, signer)


def seal(folder: Path, signer: SigningKey | None) -> None:
    """Take every file as it is now into the manifest, and have that signed."""
    names = ["night.db", "checkpoint.note", "dossier.pdf", "summary.json"]
    names += ["keys.txt"] if (folder / "keys.txt").exists() else []
    names += [f"cosigned/{path.name}" for path in sorted((folder / "cosigned").glob("*.note"))]
    manifest.seal_files(folder, *names, signer=signer)


def reseal(folder: Path) -> None:
    """Make the manifest anew without the key: the old signature is put back under it."""
    kept = (folder / "manifest.note").read_bytes() if (folder / "manifest.note").exists() else None
    seal(folder, None)
    if kept is not None:
        (folder / "manifest.note").write_bytes(kept)


def dossier(evidence: bytes, says: str = "Two intruders.") -> bytes:
    """Return a PDF/A-3 with the evidence inside, as the press makes one."""
    text = evidence.decode().replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    about = 'relationship: "data", mime-type: "application/json", description: "Evidence"'
    attach = f'#pdf.attach("evidence.json", bytes("{text}"), {about})'
    source = f'#set document(title: "Dossier")\n#set text(lang: "en")\n{attach}\n= Dossier\n{says}\n'
    fonts = typst.Fonts(include_system_fonts=False)
    compiler = typst.Compiler(input=source.encode(), font_paths=fonts)
    made = compiler.compile(format="pdf", pdf_standards=["a-3b"], timestamp=START_NS // 10**9)
    assert isinstance(made, bytes)
    return made


def laid_anew(pdf: bytes, change: Callable[[list[bytes]], None]) -> bytes:
    """Return a PDF whose objects (from number 1 on, each from its first `<<` to `endobj`) were changed, laid
    out as the press does it, so that nothing but the change is to be seen.
    """
    head, table = pdf[:16], int(pdf.split()[-2])
    objects = re.split(rb"(?<=\nendobj\n)", pdf[16:table])[:-1]
    things = [each.partition(b" 0 obj\n")[2] for each in objects]
    change(things)
    made, rows = head, b"0000000000 65535 f\r\n"
    for number, thing in enumerate(things, 1):
        rows += b"%010d 00000 n\r\n" % len(made)
        made += b"%d 0 obj\n" % number + thing
    trailer = re.sub(rb"/Size \d+", b"/Size %d" % (len(things) + 1), pdf[pdf.rindex(b"trailer") :])
    at = b"startxref\n%d" % len(made)
    return made + b"xref\n0 %d\n" % (len(things) + 1) + rows + re.sub(rb"startxref\n\d+", at, trailer)


def attached_file(data: bytes, ways: bytes = b"", size: int | None = None) -> bytes:
    """Return a file as it is embedded in a PDF, packed in whichever `ways` it says."""
    about = b"/Subtype/application#2Fjson/Params<</Size %d/ModDate(D:20310503021319Z)>>>>" % (
        len(data) if size is None else size
    )
    return b"<</Length %d/Type/EmbeddedFile%b%b\nstream\n%b\nendstream\nendobj\n" % (
        *(len(data), ways),
        *(about, data),
    )


def make_night(folder: Path) -> Path:
    """Write the honest night, and beside it what left the house: `left.note`, `cosigned.note` and the note of
    the manifest, `files.note`.
    """
    night = folder / "night"
    left = write_log(night)
    cosigned = left + WITNESS.cosign(read_note(left).text, START_NS // 10**9 + LEFT_AT)
    (night / "cosigned").mkdir()
    (night / "cosigned" / f"{LEFT_AT:012d}-1.note").write_bytes(cosigned)
    write_papers(night)
    (folder / "left.note").write_bytes(left)
    (folder / "files.note").write_bytes((night / "manifest.note").read_bytes())
    (folder / "cosigned.note").write_bytes(cosigned)
    return night


@contextmanager
def rewriting(night: Path, name: str = "night.db") -> Iterator[sqlite3.Connection]:
    """Open the log against its guards, which stand again afterwards as if nothing had been."""
    with closing(sqlite3.connect(night / name, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        schema = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY rowid").fetchall()
        guards = [(name, sql) for kind, name, sql in schema if kind == "trigger"]
        for name, _ in guards:
            connection.execute(f'DROP TRIGGER "{name}"')
        yield connection
        for _, sql in guards:
            connection.execute(sql)
        connection.execute("VACUUM")


def entry_at(connection: sqlite3.Connection, sequence: int) -> LogEntry:
    """Return an entry as it stands."""
    row = connection.execute(
        "SELECT sequence, time_utc_ns, role, kind, digest, segments, payload FROM entry WHERE sequence = ?",
        (sequence,),
    ).fetchone()
    names = ("sequence", "time_utc_ns", "role", "kind", "digest", "segments", "payload")
    found = dict(zip(names, row, strict=True))
    known = found["role"] in list(EntryRole)
    return LogEntry(**{**found, "role": EntryRole(found["role"]) if known else found["role"]})


def put(connection: sqlite3.Connection, entry: LogEntry) -> None:
    """Write an entry in the place of whatever has its sequence."""
    connection.execute(
        "INSERT OR REPLACE INTO entry (sequence, time_utc_ns, role, kind, digest, segments, payload) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            *(entry.sequence, entry.time_utc_ns, str(entry.role), entry.kind),
            *(entry.digest, entry.segments, entry.payload),
        ),
    )


def redo_digests(connection: sqlite3.Connection) -> None:
    """Give every entry the digest that fits what it says now."""
    for (sequence,) in connection.execute("SELECT sequence FROM entry ORDER BY sequence").fetchall():
        entry = entry_at(connection, sequence)
        put(connection, msgspec.structs.replace(entry, digest=digest_of(entry)))


def redo_tree(connection: sqlite3.Connection) -> dict[int, bytes]:
    """Make the tree's kept hashes anew; return the root at every size."""
    redo_digests(connection)
    connection.execute("DELETE FROM node")
    frontier, roots = Frontier(), {0: Frontier().root()}
    for (digest,) in connection.execute("SELECT digest FROM entry ORDER BY sequence").fetchall():
        for level, node in frontier.append(digest):
            number = frontier.size // 16**level - 1
            connection.execute(
                "INSERT INTO node (level, number, hash) VALUES (?, ?, ?)", (level, number, node)
            )
        roots[frontier.size] = frontier.root()
    return roots


def redo_checkpoints(
    night: Path, connection: sqlite3.Connection, resign: Callable[[Checkpoint, bytes], bytes]
) -> None:
    """Make tree and checkpoints anew. `resign` gives the note of a checkpoint, and is given the old note."""
    roots = redo_tree(connection)
    note = b""
    for number, text in connection.execute("SELECT number, note FROM checkpoint ORDER BY number").fetchall():
        old = text.encode()
        was = read_checkpoint_body(read_note(old).text)
        entries = min(was.entries, max(roots))
        note = resign(msgspec.structs.replace(was, entries=entries, root=roots[entries]), old)
        connection.execute(
            "UPDATE checkpoint SET entries = ?, note = ? WHERE number = ?", (entries, note.decode(), number)
        )
    (night / "checkpoint.note").write_bytes(note)


def old_signature(checkpoint: Checkpoint, old: bytes) -> bytes:
    """Put the old signature under a new checkpoint: all that is left to whoever has no key."""
    return note_of(checkpoint, None) + b"\n" + signature_lines(read_note(old))


def by_other(checkpoint: Checkpoint, old: bytes) -> bytes:
    """Sign with another key of the same name."""
    return note_of(checkpoint, OTHER)


def by_owner(checkpoint: Checkpoint, old: bytes) -> bytes:
    """Sign with the log's own key, as only its owner can."""
    return note_of(checkpoint, LOG)


def altered(entry: LogEntry, **changes: object) -> LogEntry:
    """Return an entry that says something else, whole again in itself."""
    said = msgspec.structs.replace(entry, **changes)
    return seal_entry(said.sequence, said.time_utc_ns, said.role, said.kind, said.payload, SALTS)


def evidence_with(night: Path, change: Callable[[dict[str, object]], None]) -> bytes:
    """Return the evidence of the night's dossier after a change to it."""
    said = json.loads(excerpt_of_log(night / "night.db", CITED, personal=False))
    change(said)
    return json.dumps(said).encode()


def copy_of(night: Path, to: Path) -> Path:
    """Return a copy of a night to lay hands on, with what left the house beside it."""
    shutil.copytree(night.parent, to)
    return to / night.name


def random_root() -> str:
    """Return a root that is nobody's."""
    return base64.b64encode(hashlib.sha256(b"nobody's").digest()).decode()


class Found(NamedTuple):
    """An exit code and all that was printed."""

    code: int
    words: str


def _options(outside: tuple[Path, ...], keys: tuple[str, ...]) -> list[str]:
    options = [each for key in keys for each in ("--key", key)]
    for path in outside:
        options += ["--manifest" if names_files(path.read_bytes()) else "--checkpoint", str(path)]
    return options


def by_skykeep(night: Path, outside: tuple[Path, ...] = (), keys: tuple[str, ...] = (), *more: str) -> Found:
    options = [*_options(outside, keys), *more]
    result = CliRunner().invoke(verify, [str(night), "--no-orders", *options], catch_exceptions=False)
    return Found(result.exit_code, result.output)


def by_stranger(record: Path, outside: tuple[Path, ...] = (), keys: tuple[str, ...] = ()) -> Found:
    options = _options(outside, keys)
    script = Path(standalone_verifier.__file__)
    ran = subprocess.run(
        [sys.executable, "-I", str(script), str(record), *options],
        check=False,
        capture_output=True,
        text=True,
        env={},
        cwd="/",
        timeout=60,
    )
    assert not ran.stderr, ran.stderr
    return Found(ran.returncode, ran.stdout)
