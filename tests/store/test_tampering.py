"""The tampering table: what may be done to a night, and that both verifiers catch it and name it.

Each row lays hands on a copy of the same honest night, then `skykeep verify` and the stand-alone verifier
(`python3 -I`, in an empty environment) look at it. A row may give them what left the house before.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from made_tree import COSIGNER, LOG, OTHER, WITNESS
from skykeep.app.case_opening import name_case, open_case
from skykeep.domain.incident import OpenIncident
from skykeep.domain.record import EntryRole
from skykeep.evidence.entry import take_out
from skykeep.evidence.key_change import state_change
from skykeep.evidence.signed_note import SigningKey, read_note, signature_lines
from skykeep.store import manifest, standalone_verifier
from skykeep.store.log_excerpt import excerpt_of_log
from skykeep.store.media_file import keep_media
from skykeep.store.signing_keys import KeyRing
from tampered_night import (
    ENTRIES,
    LEFT_AT,
    ORIGIN,
    SHA256,
    START_NS,
    altered,
    attached_file,
    by_other,
    by_owner,
    by_skykeep,
    by_stranger,
    copy_of,
    dossier,
    entry_at,
    evidence_with,
    laid_anew,
    make_night,
    old_signature,
    put,
    random_root,
    redo_checkpoints,
    redo_digests,
    redo_tree,
    reseal,
    rewriting,
    rows,
    seal,
    write_log,
    write_papers,
)

BROKEN, MISSING = 1, 3
NOT_PRINTED_SO = r"dossier\.pdf is not as Skykeep prints it"
OTHER_CASE = SigningKey("watch.example/cases", bytes(31) + b"\7")


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_night(tmp_path_factory.mktemp("honest"))


# --- Entries --------------------------------------------------------------------------------------------


def alter(night: Path) -> None:
    with rewriting(night) as log:
        log.execute("UPDATE entry SET payload = ? WHERE sequence = 200", (b'{"k":999}',))


def alter_with_digest(night: Path) -> None:
    with rewriting(night) as log:
        put(log, altered(entry_at(log, 200), payload=b'{"k":999}'))
    reseal(night)


def alter_with_tree(night: Path) -> None:
    with rewriting(night) as log:
        put(log, altered(entry_at(log, 200), payload=b'{"k":999}'))
        redo_tree(log)
    reseal(night)


def alter_all_but_signatures(night: Path) -> None:
    with rewriting(night) as log:
        put(log, altered(entry_at(log, 200), payload=b'{"k":999}'))
        redo_checkpoints(night, log, old_signature)
    reseal(night)


def alter_and_sign_with_another_key(night: Path) -> None:
    with rewriting(night) as log:
        put(log, altered(entry_at(log, 200), payload=b'{"k":999}'))
        redo_checkpoints(night, log, by_other)
    shutil.rmtree(night / "cosigned")
    write_papers(night, OTHER)


def alter_and_bring_another_key(night: Path) -> None:
    (night / "keys.txt").unlink()
    alter_and_sign_with_another_key(night)


def alter_and_sign_with_no_key(night: Path) -> None:
    with rewriting(night) as log:
        put(log, altered(entry_at(log, 200), payload=b'{"k":999}'))
        redo_checkpoints(night, log, lambda checkpoint, _: by_owner(checkpoint, _).split(b"\n\n")[0] + b"\n")
    shutil.rmtree(night / "cosigned")
    (night / "keys.txt").unlink()
    (night / "manifest.note").unlink()
    (night / "manifest.json").unlink()
    write_papers(night, None)


def drop(night: Path) -> None:
    with rewriting(night) as log:
        log.execute("DELETE FROM entry WHERE sequence = 200")


def drop_and_close_the_gap(night: Path) -> None:
    with rewriting(night) as log:
        log.execute("DELETE FROM entry WHERE sequence = 200")
        for sequence in range(201, ENTRIES + 1):
            log.execute("UPDATE entry SET sequence = ? WHERE sequence = ?", (sequence - 1, sequence))
        redo_tree(log)
    reseal(night)


def insert(night: Path) -> None:
    with rewriting(night) as log:
        for sequence in range(ENTRIES, 199, -1):
            log.execute("UPDATE entry SET sequence = ? WHERE sequence = ?", (sequence + 1, sequence))
        put(log, altered(entry_at(log, 199), sequence=200, payload=b'{"k":"put in"}'))


def insert_with_tree(night: Path) -> None:
    insert(night)
    with rewriting(night) as log:
        redo_checkpoints(night, log, old_signature)
    reseal(night)


def reorder(night: Path) -> None:
    with rewriting(night) as log:
        one, two = entry_at(log, 200), entry_at(log, 201)
        put(log, msgspec.structs.replace(one, sequence=201))
        put(log, msgspec.structs.replace(two, sequence=200))


def reorder_with_digests(night: Path) -> None:
    reorder(night)
    with rewriting(night) as log:
        redo_digests(log)
    reseal(night)


def set_clock_back(night: Path) -> None:
    with rewriting(night) as log:
        log.execute("UPDATE entry SET time_utc_ns = ? WHERE sequence = 200", (START_NS,))


def set_clock_back_with_tree(night: Path) -> None:
    with rewriting(night) as log:
        put(log, altered(entry_at(log, 200), time_utc_ns=START_NS))
        redo_tree(log)
    reseal(night)


def cut_tail(night: Path) -> None:
    with rewriting(night) as log:
        log.execute("DELETE FROM entry WHERE sequence > 550")


def cut_tail_to_an_older_checkpoint(night: Path) -> None:
    """All is the owner's own and genuine, only older: the log as it stood at 250, seal and all gone."""
    with rewriting(night) as log:
        kept = log.execute("SELECT max(entries) FROM checkpoint WHERE entries <= 250").fetchone()[0]
        log.execute("DELETE FROM entry WHERE sequence > ?", (kept,))
        log.execute("DELETE FROM checkpoint WHERE entries > ?", (kept,))
        log.execute("DELETE FROM node WHERE (number + 1) * (1 << (4 * level)) > ?", (kept,))
        (note,) = log.execute("SELECT note FROM checkpoint ORDER BY number DESC LIMIT 1").fetchone()
    (night / "checkpoint.note").write_text(note)
    shutil.rmtree(night / "cosigned")
    for name in ("manifest.json", "manifest.note", "dossier.pdf"):
        (night / name).unlink()


def rebuild(night: Path) -> None:
    """The owner, with log, key and time at hand, writes another night under the same name."""
    shutil.rmtree(night)
    others = rows()
    others[199] = (*others[199][:3], b'{"k":"never happened"}')
    write_log(night, LOG, others)
    write_papers(night)


def rebuild_shorter(night: Path) -> None:
    shutil.rmtree(night)
    write_log(night, LOG, rows()[:260])
    write_papers(night, evidence=excerpt_of_log(night / "night.db", (5,), personal=False))


def rebuild_under_another_name(night: Path) -> None:
    shutil.rmtree(night)
    write_log(night, LOG, origin=f"{LOG.name}/night-8")
    write_papers(night)


# --- Checkpoints, keys, files ---------------------------------------------------------------------------


def forge_checkpoint(night: Path) -> None:
    path = night / "checkpoint.note"
    lines = path.read_text().split("\n")
    lines[2] = random_root()
    path.write_text("\n".join(lines))
    reseal(night)


def forge_stored_checkpoint(night: Path) -> None:
    with rewriting(night) as log:
        (note,) = log.execute("SELECT note FROM checkpoint WHERE number = 3").fetchone()
        lines = note.split("\n")
        lines[4] = "state sealed"
        log.execute("UPDATE checkpoint SET note = ? WHERE number = 3", ("\n".join(lines),))
    reseal(night)


def forge_outside(night: Path) -> None:
    """Somebody wants an honest night to look rebuilt."""
    body = f"{ORIGIN}\n{LEFT_AT}\n{random_root()}\ntime 2031-05-03T02:14:07.000000000Z\nstate open\n".encode()
    (night.parent / "left.note").write_bytes(OTHER.sign(body))


def replay_cosignature(night: Path) -> None:
    """A witness's line from one checkpoint stands under another."""
    (path,) = (night / "cosigned").iterdir()
    line = path.read_bytes().splitlines(keepends=True)[-1]
    (night / "cosigned" / "000000000600-1.note").write_bytes((night / "checkpoint.note").read_bytes() + line)


def date_cosignature_later(night: Path) -> None:
    (path,) = (night / "cosigned").iterdir()
    signature = read_note(path.read_bytes()).signatures[-1]
    later = (int.from_bytes(signature.signature[:8], "big") + 3_600).to_bytes(8, "big")
    coded = base64.b64encode(signature.key_id + later + signature.signature[8:]).decode()
    before = path.read_text().rpartition("—")[0]
    path.write_text(f"{before}— {WITNESS.name} {coded}\n")


def alter_pdf(night: Path) -> None:
    path = night / "dossier.pdf"
    data = path.read_bytes()
    path.write_bytes(data.replace(b"Dossier", b"Dossies", 1))


def alter_pdf_and_manifest(night: Path) -> None:
    evidence = evidence_with(night, lambda _: None)
    (night / "dossier.pdf").write_bytes(dossier(evidence, says="No intruders."))
    reseal(night)


def alter_pdf_and_sign_again(night: Path) -> None:
    """With the owner's key: nothing that lies in the night's folder shows it."""
    alter_pdf_and_manifest(night)
    seal(night, LOG)


def drop_pdf_and_sign_again(night: Path) -> None:
    for name in ("dossier.pdf", "manifest.json", "manifest.note"):
        (night / name).unlink()
    manifest.seal_files(night, "night.db", "checkpoint.note", "summary.json", "keys.txt", signer=LOG)


def alter_pdf_and_the_note_that_left(night: Path) -> None:
    """Whoever has no key wants the note that left to name another dossier."""
    alter_pdf_and_sign_again(night)
    left, here = night.parent / "files.note", read_note((night / "manifest.note").read_bytes())
    left.write_bytes(here.text + b"\n" + signature_lines(read_note(left.read_bytes())))


def alter_pdf_and_sign_otherwise(night: Path) -> None:
    evidence = evidence_with(night, lambda _: None)
    (night / "dossier.pdf").write_bytes(dossier(evidence, says="No intruders."))
    seal(night, OTHER)


def alter_pdf_and_drop_the_seal(night: Path) -> None:
    alter_pdf_and_manifest(night)
    (night / "manifest.note").unlink()


def alter_evidence(night: Path) -> None:
    """With the owner's key: even who may sign cannot make a proof for what is not in the log."""

    def change(said: dict[str, object]) -> None:
        entries = said["entries"]
        assert isinstance(entries, list)
        entries[0]["segments"][0]["text"] = '{"k":999}'

    (night / "dossier.pdf").write_bytes(dossier(evidence_with(night, change)))
    seal(night, LOG)


def alter_evidence_time(night: Path) -> None:
    def change(said: dict[str, object]) -> None:
        entries = said["entries"]
        assert isinstance(entries, list)
        entries[-1]["time_utc_ns"] -= 3_600 * 10**9

    (night / "dossier.pdf").write_bytes(dossier(evidence_with(night, change)))
    seal(night, LOG)


def evidence_of_another_log(night: Path) -> None:
    """The evidence is sound in itself, and is of a log that the owner made up for it."""
    other = night.parent / "other"
    changed = rows()
    changed[4] = (*changed[4][:3], b'{"k":999}')
    write_log(other, LOG, changed)
    (night / "dossier.pdf").write_bytes(dossier(evidence_with(other, lambda _: None)))
    seal(night, LOG)


def swap_media(night: Path) -> None:
    (night / "blobs" / SHA256).write_bytes(b"GIF89a another picture")


def swap_media_with_its_name(night: Path) -> None:
    """The entry is made to name the new picture, and the tree is made to fit."""
    data = b"GIF89a another picture"
    new = hashlib.sha256(data).hexdigest()
    (night / "blobs" / SHA256).unlink()
    (night / "blobs" / new).write_bytes(data)
    with rewriting(night) as log:
        entry = entry_at(log, 50)
        put(log, altered(entry, payload=entry.payload.replace(SHA256.encode(), new.encode())))
        redo_tree(log)
    reseal(night)


def hide_a_redaction(night: Path) -> None:
    """What a claim said is taken out, and nothing says so."""
    with rewriting(night) as log:
        put(log, take_out(entry_at(log, 100), frozenset({1})))
    reseal(night)


def take_over_as_lost(night: Path) -> None:
    """Somebody without the key writes another night, and says at its end that the key was lost."""
    shutil.rmtree(night)
    others = rows()
    others[199] = (*others[199][:3], b'{"k":"never happened"}')
    note = state_change(LOG.verifier, OTHER, time_utc_ns=START_NS, by="K. Berg", why="disk broken")
    said = json.dumps({"note": note.decode(), "time_utc_ns": START_NS}).encode()
    others.append((START_NS + (ENTRIES + 1) * 10**9, EntryRole.INPUT, "key_changed", said))
    write_log(night, OTHER, others)
    write_papers(night, OTHER)


def put_behind_the_pdf(night: Path) -> None:
    """An incremental update: readers see what stands behind the end, and the old bytes are all there."""
    path = night / "dossier.pdf"
    path.write_bytes(path.read_bytes() + b"\n1 0 obj\n<<>>\nendobj\nstartxref\n0\n%%EOF\n")
    seal(night, LOG)


# --- What sceptics found since --------------------------------------------------------------------------


def sign_all_anew(night: Path) -> None:
    """What only the owner can: tree, checkpoints, dossier and seal are made to fit what the log says now."""
    with rewriting(night) as log:
        redo_checkpoints(night, log, by_owner)
    take_the_cosignatures_and_seal(night)


def never_close(night: Path) -> None:
    """Make of it a log that was killed at entry 200, its last checkpoint at entry 100."""
    with rewriting(night) as log:
        log.execute("DELETE FROM entry WHERE sequence > 200")
        log.execute("DELETE FROM checkpoint WHERE entries > 100")
        log.execute("DELETE FROM node WHERE (number + 1) * (1 << (4 * level)) > 200")
        (note,) = log.execute("SELECT note FROM checkpoint ORDER BY number DESC LIMIT 1").fetchone()
    (night / "checkpoint.note").write_text(note)
    shutil.rmtree(night / "cosigned")
    for name in ("manifest.json", "manifest.note", "dossier.pdf"):
        (night / name).unlink()


def alter_behind_the_last_checkpoint(night: Path) -> None:
    never_close(night)
    with rewriting(night) as log:
        put(log, altered(entry_at(log, 150), payload=b'{"k":999}'))


def lay_a_journal_beside(night: Path) -> None:
    """SQLite takes in what a journal says, with whoever opens the log next."""
    (night / "night.db-wal").write_bytes(b"")


def drop_the_first_checkpoint(night: Path) -> None:
    with rewriting(night) as log:
        log.execute("DELETE FROM checkpoint WHERE number = 1")
    seal(night, LOG)


def set_clock_back_while_writing(night: Path) -> None:
    shutil.rmtree(night)
    back = [(row[0] - (3_600 * 10**9 if k > 300 else 0), *row[1:]) for k, row in enumerate(rows(), 1)]
    write_log(night, LOG, back)
    write_papers(night)


def give_an_entry_a_role_of_its_own(night: Path) -> None:
    with rewriting(night) as log:
        log.execute("UPDATE entry SET role = 'inpus' WHERE sequence = 200")
    sign_all_anew(night)


def redaction(of: int, segments: list[int], at: int) -> tuple[int, EntryRole, str, bytes]:
    said = {"sequence": of, "segments": segments, "paths": [""], "by": "K. Berg", "rule": ""}
    said |= {"because": "asked for", "time_utc_ns": START_NS}
    written = json.dumps(said, separators=(",", ":")).encode()
    return START_NS + at * 10**9, EntryRole.INPUT, "redacted", written


def take_out_who_took_it_out(night: Path) -> None:
    """The owner takes a claim out, on record, and then the record of that, on record too."""
    shutil.rmtree(night)
    write_log(night, LOG, [*rows(), redaction(100, [1], 601), redaction(601, [0], 602)])
    with rewriting(night) as log:
        put(log, take_out(entry_at(log, 100), frozenset({1})))
        put(log, take_out(entry_at(log, 601), frozenset({0})))
    write_papers(night)


def redact_what_is_not_yet_written(night: Path) -> None:
    """A licence beforehand: an early entry says that a later one will be taken out."""
    shutil.rmtree(night)
    written = rows()
    written[39] = redaction(100, [1], 40)
    write_log(night, LOG, written)
    with rewriting(night) as log:
        put(log, take_out(entry_at(log, 100), frozenset({1})))
    write_papers(night)


def say_two_things_in_the_evidence(night: Path) -> None:
    """Who reads it takes the first, programs take the last."""
    said = evidence_with(night, lambda _: None)
    twice = said.replace(b'"text": "{', b'"text": "something else", "text": "{', 1)
    assert twice != said
    (night / "dossier.pdf").write_bytes(dossier(twice))
    seal(night, LOG)


def spell_false_evidence_otherwise(night: Path) -> None:
    """JSON can spell a letter in two ways, and say last what it is."""

    def change(said: dict[str, object]) -> None:
        said["format"] = said.pop("format")
        entries = said["entries"]
        assert isinstance(entries, list)
        entries[0]["segments"][0]["text"] = '{"k":999}'

    spelt = evidence_with(night, change).replace(b"skykeep evidence 1", b"skykeep\\u0020evidence 1")
    (night / "dossier.pdf").write_bytes(dossier(spelt))
    seal(night, LOG)


def pack_the_evidence_otherwise(night: Path) -> None:
    """A reader of PDFs unpacks in more ways than one."""
    path = night / "dossier.pdf"
    was = path.read_bytes()
    at = was.index(b"/Filter", was.index(b"/Type/EmbeddedFile"))
    path.write_bytes(was[:at] + b"/Filter/LZWDecode  " + was[at + len(b"/Filter/FlateDecode") :])
    start = was.index(b"stream", at)
    bent = bytearray(path.read_bytes())
    bent[start + 10] ^= 255
    path.write_bytes(bytes(bent))
    seal(night, LOG)


def false_evidence(night: Path, **more: object) -> bytes:
    def change(said: dict[str, object]) -> None:
        said.update(more)
        entries = said["entries"]
        assert isinstance(entries, list)
        entries[0]["segments"][0]["text"] = '{"k":999}'

    return evidence_with(night, change)


def packed(data: bytes) -> bytes:
    return attached_file(zlib.compress(data), b"/Filter/FlateDecode", len(data))


def attach_another(night: Path, file: bytes) -> None:
    """What readers show as evidence.json is another file; the true one lies in the PDF as before, unnamed."""

    def change(things: list[bytes]) -> None:
        (at,) = (k for k, thing in enumerate(things) if b"/Type/EmbeddedFile/" in thing)
        things.append(things[at])
        things[at] = file

    path = night / "dossier.pdf"
    path.write_bytes(laid_anew(path.read_bytes(), change))
    seal(night, LOG)


def pack_false_evidence_as_hex(night: Path) -> None:
    false = false_evidence(night)
    attach_another(night, attached_file(false.hex().encode() + b">", b"/Filter/ASCIIHexDecode", len(false)))


def pack_false_evidence_as_hex_by_another_spelling(night: Path) -> None:
    false = false_evidence(night)
    attach_another(
        night, attached_file(false.hex().encode() + b">", b"/F#69lter/ASCIIHexD#65code", len(false))
    )


def pack_false_evidence_as_ascii85(night: Path) -> None:
    false = false_evidence(night)
    ways = b"/Filter[/ASCII85Decode/FlateDecode]"
    attach_another(night, attached_file(base64.a85encode(zlib.compress(false)) + b"~>", ways, len(false)))


def spell_false_evidence_in_utf16(night: Path) -> None:
    attach_another(night, packed(false_evidence(night).decode().encode("utf-16")))


def give_false_evidence_another_format(night: Path) -> None:
    attach_another(night, packed(false_evidence(night, format="skykeep evidence 1 ")))


def lay_a_second_evidence_beside(night: Path) -> None:
    """On a page, as a pin: not in the list of files, and its name spelt so that no search finds it."""
    pin = b"<</Type/Filespec/F(evidence\\056json)/UF(evidence\\056json)/E#46<</F %d 0 R>>>>\nendobj\n"

    def change(things: list[bytes]) -> None:
        things.append(packed(false_evidence(night)))
        things.append(pin % len(things))

    path = night / "dossier.pdf"
    path.write_bytes(laid_anew(path.read_bytes(), change))
    seal(night, LOG)


def lay_a_second_list_of_files(night: Path) -> None:
    """Some readers take the first of two lists, others the last."""

    def change(things: list[bytes]) -> None:
        things.append(packed(false_evidence(night)))
        (at,) = (k for k, thing in enumerate(things) if b"/Type/Catalog" in thing)
        listed = b"/Names<</EmbeddedFiles<</Names[(evidence.json)%d 0 R]>>>>/Lang" % len(things)
        things[at] = things[at].replace(b"/Lang", listed)
        assert listed in things[at]

    path = night / "dossier.pdf"
    path.write_bytes(laid_anew(path.read_bytes(), change))
    seal(night, LOG)


IN_THE_PDF: dict[str, tuple[Callable[[Path], None], str]] = {
    "false evidence packed as hex": (pack_false_evidence_as_hex, NOT_PRINTED_SO),
    "false evidence packed as hex, spelt otherwise": (
        pack_false_evidence_as_hex_by_another_spelling,
        NOT_PRINTED_SO,
    ),
    "false evidence packed as ASCII85": (pack_false_evidence_as_ascii85, NOT_PRINTED_SO),
    "false evidence in UTF-16": (spell_false_evidence_in_utf16, r"dossier\.pdf: entry 5 "),
    "false evidence of another format": (give_false_evidence_another_format, r"dossier\.pdf: entry 5 "),
    "second evidence beside": (lay_a_second_evidence_beside, NOT_PRINTED_SO),
    "second list of files": (lay_a_second_list_of_files, NOT_PRINTED_SO),
    "evidence packed otherwise": (pack_the_evidence_otherwise, NOT_PRINTED_SO),
    "updated behind its end": (put_behind_the_pdf, NOT_PRINTED_SO),
}


def lay_a_link_for_the_dossier(night: Path) -> None:
    """To the very bytes that were sealed: today."""
    path = night / "dossier.pdf"
    path.rename(night.parent / "outside.pdf")
    path.symlink_to(night.parent / "outside.pdf")


def say_two_things_in_the_manifest(night: Path) -> None:
    path = night / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b'"files":[', b'"files":[],"files":[', 1))
    (night / "manifest.note").write_bytes(LOG.sign(manifest.manifest_body(night)))


def take_the_cosignatures_away(night: Path) -> None:
    shutil.rmtree(night / "cosigned")


def take_the_cosignatures_and_seal(night: Path) -> None:
    """With the owner's key: who made the seal can leave them out of it."""
    for name in ("cosigned", "manifest.json", "manifest.note"):
        shutil.rmtree(night / name) if name == "cosigned" else (night / name).unlink()
    write_papers(night)


class Row(NamedTuple):
    """What is done, what is given to the verifiers, the exit code, and words that both must say."""

    does: Callable[[Path], None]
    code: int
    words: str
    left: bool = False
    key: bool = False
    files: bool = False
    witness: bool = False


TABLE: dict[str, Row] = {
    "entry altered": Row(alter, BROKEN, r"entry 200\b"),
    "entry altered with its digest": Row(alter_with_digest, BROKEN, "entries (193 to 208|101 to 200)"),
    "entry altered, tree made anew": Row(alter_with_tree, BROKEN, "entries 101 to 200"),
    "all made anew, old signatures kept": Row(alter_all_but_signatures, BROKEN, "does not fit"),
    "all made anew, signed by another": Row(alter_and_sign_with_another_key, BROKEN, "must be by watch"),
    "another key beside it, the right one known": Row(
        alter_and_bring_another_key, BROKEN, r"must be by watch\.example/harbour\+8ca10d04", key=True
    ),
    "another key beside it, a checkpoint left": Row(
        alter_and_bring_another_key, BROKEN, r"left\.note", left=True
    ),
    "signed by nobody, the key known": Row(alter_and_sign_with_no_key, BROKEN, "by nobody", key=True),
    "signed by nobody, a checkpoint left": Row(alter_and_sign_with_no_key, BROKEN, r"left\.note", left=True),
    "entry dropped": Row(drop, BROKEN, "entry 200 is missing|entries 200 to 200 are missing"),
    "entry dropped, gap closed": Row(drop_and_close_the_gap, BROKEN, r"entries \d+ to \d+|entry \d+"),
    "entry inserted": Row(insert, BROKEN, r"entries 101 to 200|entry 201\b"),
    "entry inserted, tree made anew": Row(insert_with_tree, BROKEN, "does not fit"),
    "entries reordered": Row(reorder, BROKEN, r"entry 200\b"),
    "entries reordered with digests": Row(reorder_with_digests, BROKEN, "entries (193 to 208|101 to 200)"),
    "clock moved back": Row(set_clock_back, BROKEN, r"entry 200\b"),
    "clock moved back, tree made anew": Row(set_clock_back_with_tree, BROKEN, "entries 101 to 200"),
    "tail cut": Row(cut_tail, BROKEN, "entries 551 to 600 are missing"),
    "tail cut to an older checkpoint": Row(cut_tail_to_an_older_checkpoint, MISSING, "what came after entry"),
    "tail cut, a checkpoint left": Row(
        cut_tail_to_an_older_checkpoint, MISSING, rf"entries \d+ to {LEFT_AT} are missing", left=True
    ),
    "rebuilt by its owner, a checkpoint left": Row(rebuild, BROKEN, r"entries 1 to 300\b", left=True),
    "rebuilt shorter, a checkpoint left": Row(
        rebuild_shorter, MISSING, rf"entries 261 to {LEFT_AT} are missing", left=True
    ),
    "rebuilt under another name, a checkpoint left": Row(
        rebuild_under_another_name, BROKEN, "night-7", left=True
    ),
    "checkpoint forged": Row(forge_checkpoint, BROKEN, r"checkpoint\.note"),
    "checkpoint in the log forged": Row(forge_stored_checkpoint, BROKEN, r"checkpoint 3\b.*does not fit"),
    "checkpoint from elsewhere forged": Row(
        forge_outside, BROKEN, r"left\.note is signed by .*must be by", left=True
    ),
    "cosignature replayed": Row(replay_cosignature, BROKEN, r"cosigned/000000000600-1\.note"),
    "cosignature dated later": Row(date_cosignature_later, BROKEN, r"cosigned/000000000300-1\.note"),
    "PDF altered": Row(alter_pdf, BROKEN, r"dossier\.pdf was changed"),
    "PDF altered, manifest made anew": Row(alter_pdf_and_manifest, BROKEN, r"manifest\.json is not the one"),
    "PDF altered, manifest signed by another": Row(
        alter_pdf_and_sign_otherwise, BROKEN, r"manifest\.note is signed"
    ),
    "PDF altered, signed again by its owner, the manifest left": Row(
        alter_pdf_and_sign_again, BROKEN, r"dossier\.pdf is not the one over which files\.note", files=True
    ),
    "PDF dropped, signed again by its owner, the manifest left": Row(
        drop_pdf_and_sign_again, MISSING, r"dossier\.pdf is missing", files=True
    ),
    "PDF altered, and the manifest that left": Row(
        alter_pdf_and_the_note_that_left, BROKEN, r"files\.note: the signature of .* does not fit", files=True
    ),
    "rebuilt by its owner, the manifest left": Row(rebuild, BROKEN, r"entries \d+ to 600", files=True),
    "PDF altered, seal dropped": Row(alter_pdf_and_drop_the_seal, BROKEN, "not signed|nobody signed"),
    "evidence altered": Row(alter_evidence, BROKEN, r"evidence in dossier\.pdf: entry 5 "),
    "evidence dated back": Row(alter_evidence_time, BROKEN, r"evidence in dossier\.pdf: entry 599 "),
    "evidence of another log": Row(evidence_of_another_log, BROKEN, r"the evidence in dossier\.pdf"),
    "media swapped": Row(swap_media, BROKEN, rf"blobs/{SHA256}.*was swapped"),
    "media swapped with its name": Row(swap_media_with_its_name, BROKEN, "entries 1 to 100"),
    "taken over by a key that is said to be a lost one's": Row(
        take_over_as_lost, BROKEN, "the key that you gave signed nothing here", key=True
    ),
    "redacted in secret": Row(hide_a_redaction, BROKEN, r"entry 100\b"),
    "entry altered behind the last checkpoint of a log never closed": Row(
        alter_behind_the_last_checkpoint, BROKEN, "entries 145 to 160"
    ),
    "journal laid beside a sealed log": Row(lay_a_journal_beside, BROKEN, r"night\.db-wal lies beside"),
    "first checkpoint dropped by its owner": Row(
        drop_the_first_checkpoint, BROKEN, "its first checkpoint is not that of its beginning|checkpoint 2"
    ),
    "clock set back while it was written": Row(
        set_clock_back_while_writing, BROKEN, r"entry 301\b.*before.*entry 300"
    ),
    "role of no kind, by its owner": Row(give_an_entry_a_role_of_its_own, BROKEN, r"entry 200\b.*role"),
    "who took something out taken out": Row(take_out_who_took_it_out, BROKEN, r"entry 601\b"),
    "redacted before it was written": Row(redact_what_is_not_yet_written, BROKEN, r"entry 100\b"),
    "evidence that says two things": Row(say_two_things_in_the_evidence, BROKEN, r"dossier\.pdf.*twice"),
    "evidence altered and spelt otherwise": Row(
        spell_false_evidence_otherwise, BROKEN, r"evidence in dossier\.pdf: entry 5 "
    ),
    "link in the dossier's place": Row(lay_a_link_for_the_dossier, BROKEN, r"dossier\.pdf is a link"),
    "manifest that says two things": Row(
        say_two_things_in_the_manifest, BROKEN, r"manifest\.json is damaged|says a thing twice"
    ),
    "cosignatures taken away": Row(
        take_the_cosignatures_away, MISSING, rf"cosigned/000000000{LEFT_AT}-1\.note is missing"
    ),
    "cosignatures taken away, their witness known": Row(
        take_the_cosignatures_and_seal, MISSING, rf"{WITNESS.name}.* signed nothing here", witness=True
    ),
    **{f"PDF: {what}": Row(does, BROKEN, words) for what, (does, words) in IN_THE_PDF.items()},
}


@pytest.mark.parametrize("what", TABLE)
def test_it_is_caught_and_named(what: str, honest: Path, tmp_path: Path) -> None:
    row = TABLE[what]
    night = copy_of(honest, tmp_path / "copy")
    row.does(night)
    left = {"left.note": row.left, "files.note": row.files}
    outside = tuple(night.parent / name for name, given in left.items() if given)
    keys = (LOG.verifier.text,) * row.key + (COSIGNER.text,) * row.witness
    for found in (by_skykeep(night, outside, keys), by_stranger(night, outside, keys)):
        assert found.code == row.code, found.words
        assert re.search(row.words, found.words), found.words
        wrong = [line for line in found.words.splitlines() if re.match("WRONG|MISSING|NOT TOLD|  ", line)]
        assert any(re.search(row.words, line) for line in wrong), found.words


# --- Honest nights --------------------------------------------------------------------------------------


def test_an_honest_night_passes_with_and_without_what_left_the_house(honest: Path) -> None:
    outside = tuple(honest.parent / name for name in ("left.note", "cosigned.note", "files.note"))
    for found in (
        by_skykeep(honest),
        by_stranger(honest),
        by_skykeep(honest, outside, (LOG.verifier.text, COSIGNER.text)),
        by_stranger(honest, outside, (LOG.verifier.text, COSIGNER.text)),
    ):
        assert found.code == 0, found.words
    assert "which you gave" in found.words
    assert (
        "files.note, from you, speaks for the first 600 of 600 entries, and for "
        f"cosigned/000000000{LEFT_AT}-1.note, dossier.pdf, summary.json" in found.words
    )
    assert f"witness {WITNESS.name} (you gave its key) saw {LEFT_AT} entries" in found.words
    assert f"left.note, from you, speaks for the first {LEFT_AT} of {ENTRIES} entries" in found.words


def test_without_anything_from_elsewhere_it_says_what_is_not_shown(honest: Path) -> None:
    said = by_stranger(honest).words
    assert "which came with the record: its maker can have made it" in said
    assert "its owner could have cut or rebuilt it" in said


def test_a_log_rebuilt_by_its_owner_passes_where_nothing_left(honest: Path, tmp_path: Path) -> None:
    """What a record cannot show by itself: the reason for checkpoints that leave."""
    night = copy_of(honest, tmp_path / "copy")
    rebuild(night)
    assert by_skykeep(night).code == by_stranger(night).code == 0


def test_a_dossier_sealed_anew_by_its_owner_passes_where_no_manifest_left(
    honest: Path, tmp_path: Path
) -> None:
    night = copy_of(honest, tmp_path / "copy")
    alter_pdf_and_sign_again(night)
    assert by_skykeep(night).code == by_stranger(night).code == 0


def test_a_pdf_of_others_beside_a_night_is_no_dossier(honest: Path, tmp_path: Path) -> None:
    """Such as one made for the web, which has two ends."""
    night = copy_of(honest, tmp_path / "copy")
    (night / "map.pdf").write_bytes(b"%PDF-1.7\nstartxref\n0\n%%EOF\n1 0 obj\nendobj\nstartxref\n9\n%%EOF\n")
    for found in (by_skykeep(night), by_stranger(night)):
        assert found.code == 0, found.words
        assert "map.pdf was not sealed with" in found.words


def test_an_unsigned_night_passes_and_is_said_to_be(tmp_path: Path) -> None:
    write_log(tmp_path / "night", None)
    write_papers(tmp_path / "night", None)
    for found in (by_skykeep(tmp_path / "night"), by_stranger(tmp_path / "night")):
        assert found.code == 0, found.words
        assert "nobody signed this log" in found.words


def test_a_night_that_was_never_closed_is_whole_as_far_as_it_goes(tmp_path: Path) -> None:
    code = (
        "import os, sys; sys.path[:0] = sys.argv[2:]\n"
        "from pathlib import Path\nfrom tampered_night import write_log\n"
        "write_log(Path(sys.argv[1]), close=False)\nos._exit(9)\n"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "night"), str(Path(__file__).parents[1])], check=False
    )
    assert (tmp_path / "night" / "night.db-wal").stat().st_size > 0
    (tmp_path / "night" / "keys.txt").write_text(LOG.verifier.text + "\n")
    for found in (by_skykeep(tmp_path / "night"), by_stranger(tmp_path / "night")):
        assert found.code == MISSING, found.words
        assert f"what came after entry {ENTRIES}" in found.words


def test_a_dossier_alone_is_checked_as_far_as_it_goes(honest: Path, tmp_path: Path) -> None:
    alone = tmp_path / "dossier.pdf"
    shutil.copy(honest / "dossier.pdf", alone)
    found = by_stranger(alone, keys=(LOG.verifier.text,))
    assert found.code == MISSING, found.words
    assert "4 entries that it cites are in the log of 600 entries that was signed" in found.words

    bent = evidence_with(honest, lambda said: said.update(checkpoint="x\n"))
    (tmp_path / "bent.pdf").write_bytes(dossier(bent))
    assert by_stranger(tmp_path / "bent.pdf").code == BROKEN


@pytest.mark.parametrize("what", IN_THE_PDF)
def test_a_dossier_alone_shows_no_other_evidence(what: str, honest: Path, tmp_path: Path) -> None:
    does, words = IN_THE_PDF[what]
    night = copy_of(honest, tmp_path / "copy")
    does(night)
    found = by_stranger(night / "dossier.pdf", keys=(LOG.verifier.text,))
    assert found.code == BROKEN, found.words
    assert re.search(f"WRONG: .*{words}", found.words), found.words


def test_a_pdf_laid_anew_without_a_change_is_as_it_was(honest: Path) -> None:
    """So that what the table finds in others is their change."""
    was = (honest / "dossier.pdf").read_bytes()
    assert laid_anew(was, lambda _: None) == was


def test_a_dossier_alone_that_cites_nothing_or_was_updated_shows_nothing(
    honest: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.pdf"
    # Long, as evidence is: the press packs only what is shorter when packed.
    said_nothing = evidence_with(honest, lambda said: said.update(entries=[], about="." * 2000))
    empty.write_bytes(dossier(said_nothing))
    found = by_stranger(empty)
    assert found.code == BROKEN, found.words
    assert "nothing is shown by it" in found.words

    data = (honest / "dossier.pdf").read_bytes()
    (tmp_path / "twice.pdf").write_bytes(data + b"\n1 0 obj\n<<>>\nendobj\nstartxref\n0\n%%EOF\n")
    assert by_stranger(tmp_path / "twice.pdf").code == BROKEN


def test_what_was_written_into_a_record_stays_on_its_line(tmp_path: Path) -> None:
    said = {"sequence": 200, "segments": [0], "paths": ["operator_id"], "by": "x\x1b[8m", "rule": ""}
    said |= {"because": "asked\nINTEGRITY: holds", "time_utc_ns": START_NS}
    last = START_NS + (ENTRIES + 1) * 10**9
    written = [*rows(), (last, EntryRole.INPUT, "redacted", json.dumps(said, separators=(",", ":")).encode())]
    night = tmp_path / "night"
    write_log(night, LOG, written)
    with rewriting(night) as log:
        put(log, take_out(entry_at(log, 200), frozenset({0})))
    write_papers(night)
    (night / "note\nintegrity: holds.txt").write_text("?")
    for found in (by_skykeep(night), by_stranger(night)):
        assert found.code == MISSING, found.words
        assert "\x1b" not in found.words
        assert r"asked\nINTEGRITY" in found.words
        assert r"note\nintegrity: holds.txt" in found.words  # it was not sealed, and is said to lie there
        assert sum(line.lower().startswith("integrity: holds") for line in found.words.splitlines()) == 1
    assert "named as operator_id, which nothing here shows" in found.words


def night_with_case(tmp_path: Path, case_key: SigningKey = OTHER_CASE) -> Path:
    night = tmp_path / "night"
    with open_case(night / "case", origin=f"{ORIGIN}/case", ring=KeyRing(key=case_key, changes=())) as case:
        name_case(night, case, case_key)
        write_log(night)
    write_papers(night)
    return night


def test_the_key_of_a_night_vouches_for_the_key_that_it_names_for_its_case(tmp_path: Path) -> None:
    night = night_with_case(tmp_path)
    known = (LOG.verifier.text,)
    for found in (by_skykeep(night, (), known), by_stranger(night, (), known)):
        assert found.code == 0, found.words

    # Not where it stands in a file that nobody sealed.
    said = json.loads((night / "manifest.json").read_text())
    names = [each["name"] for each in said["files"] if each["name"] not in ("case.txt", "manifest.json")]
    (night / "manifest.json").unlink()
    manifest.seal_files(night, *names, signer=LOG)
    for found in (by_skykeep(night, (), known), by_stranger(night, (), known)):
        assert found.code == BROKEN, found.words
        assert f"must be by {LOG.verifier.text}" in found.words


def test_a_case_that_no_night_names_is_looked_at_all_the_same(tmp_path: Path) -> None:
    night = tmp_path / "night"
    write_log(night)
    write_papers(night)
    with open_case(night / "case", origin=f"{ORIGIN}/case", ring=KeyRing(key=OTHER_CASE, changes=())):
        pass
    for found in (by_skykeep(night), by_stranger(night)):
        assert found.code == 0, found.words
    with rewriting(night / "case", "case.db") as log:
        log.execute("UPDATE entry SET payload = ? WHERE sequence = 1", (b"{}",))
    for found in (by_skykeep(night), by_stranger(night)):
        assert found.code == BROKEN, found.words
        assert "entry 1:" in found.words


def test_an_older_state_of_a_case_passes_until_its_newest_checkpoint_is_known(tmp_path: Path) -> None:
    """What is kept outside of a case is its own manifest's note: the remedy that docs/record.md names."""
    night = night_with_case(tmp_path)
    older = {path: path.read_bytes() for path in (night / "case").iterdir() if path.is_file()}
    with open_case(night / "case", ring=KeyRing(key=OTHER_CASE, changes=())) as case:
        case.receive(OpenIncident(title="Seen", reason="they came", by="op", time_utc_ns=START_NS))
    left = tmp_path / "case.note"
    left.write_bytes((night / "case" / "manifest.note").read_bytes())
    for found in (by_skykeep(night, (left,)), by_stranger(night, (left,))):
        assert found.code == 0, found.words
    for path, data in older.items():
        path.write_bytes(data)
    for found in (by_skykeep(night), by_stranger(night)):
        assert found.code == 0, found.words
    for found in (by_skykeep(night, (left,)), by_stranger(night, (left,))):
        assert found.code == MISSING, found.words
        assert re.search(r"entr(y|ies) .* (is|are) missing", found.words)


def test_only_the_folder_that_is_named_is_looked_at(honest: Path, tmp_path: Path) -> None:
    """Or an honest copy beside a night that was rewritten could speak for it."""
    shutil.copytree(honest, tmp_path / "b" / "archive")
    night = tmp_path / "b" / "night"
    shutil.copytree(honest, night)
    rebuild(night)
    shutil.copytree(honest, night / "archive")
    left = (honest.parent / "left.note",)
    for found in (by_skykeep(night, left), by_stranger(night, left)):
        assert found.code == BROKEN, found.words
        assert "entries 1 to 300" in found.words


def test_of_a_folder_of_nights_the_stranger_is_told_to_take_one(honest: Path, tmp_path: Path) -> None:
    for day in ("day-1", "day-2"):
        shutil.copytree(honest, tmp_path / "nights" / day)
    script = [sys.executable, "-I", standalone_verifier.__file__, str(tmp_path / "nights")]
    ran = subprocess.run(script, check=False, capture_output=True, text=True)
    assert ran.returncode == 2
    assert "one night at a time; `watch_continued`" in ran.stderr
    assert "BROKEN" not in ran.stdout + ran.stderr


def test_files_that_nobody_sealed_are_named_wherever_they_lie(honest: Path, tmp_path: Path) -> None:
    night = copy_of(honest, tmp_path / "copy")
    names = ["extra/deeper/dossier_final.pdf", ".hidden.pdf", "cosigned/dossier.pdf"]
    for name in names:
        (night / name).parent.mkdir(parents=True, exist_ok=True)
        (night / name).write_bytes(b"%PDF-1.7")
    for found in (by_skykeep(night), by_stranger(night)):
        assert found.code == 0, found.words
        for name in names:
            assert re.search(rf"note: {re.escape(name)} was not sealed with .*nothing speaks", found.words)
    for k in range(100):
        (night / "extra" / f"{k}").write_bytes(b"")
    for found in (by_skykeep(night), by_stranger(night)):
        assert found.words.count("was not sealed with") == 8
        assert f"nothing for {len(names) + 100 - 8} more" in found.words


def test_media_that_are_gone_from_a_case_are_missing_to_both(tmp_path: Path) -> None:
    night = tmp_path / "night"
    with open_case(night / "case", origin=f"{ORIGIN}/case", ring=KeyRing(key=OTHER_CASE, changes=())) as case:
        keep_media(case, "clip.bin", b"as it was handed in", "op", START_NS)
        name_case(night, case, OTHER_CASE)
        write_log(night)
    write_papers(night)
    for found in (by_skykeep(night), by_stranger(night)):
        assert found.code == 0, found.words
    (blob,) = (night / "case" / "blobs").iterdir()
    blob.unlink()
    for found in (by_skykeep(night), by_stranger(night)):
        assert found.code == MISSING, found.words
        assert f"blobs/{blob.name}" in found.words
        assert "is missing" in found.words


def test_a_case_is_named_by_its_night_and_its_absence_is_said(tmp_path: Path) -> None:
    night = tmp_path / "night"
    with open_case(night / "case", origin=f"{ORIGIN}/case", ring=KeyRing(key=LOG, changes=())) as case:
        name_case(night, case, LOG)
        write_log(night)
    write_papers(night)
    for found in (by_skykeep(night), by_stranger(night)):
        assert found.code == 0, found.words

    kept = {path: path.read_bytes() for path in (night / "case").iterdir() if path.is_file()}
    shutil.rmtree(night / "case")
    for found in (by_skykeep(night), by_stranger(night)):
        assert found.code == MISSING, found.words
        assert "the night names its case" in found.words
        assert "SOMETHING IS MISSING" in found.words

    with open_case(night / "case", origin=f"{ORIGIN}/case"):
        pass
    for found in (by_skykeep(night), by_stranger(night)):
        assert found.code == BROKEN, found.words
        assert "is not signed by watch.example/harbour" in found.words
    for path, data in kept.items():
        path.write_bytes(data)
    (night / "case" / "manifest.note").unlink()
    for found in (by_skykeep(night), by_stranger(night)):
        assert found.code == BROKEN, found.words


PARTS: dict[str, tuple[str, object, str]] = {
    "time": ("time_utc_ns", START_NS + 99 * 10**9 + 5, "its time"),
    "role": ("role", "output", "its role"),
    "kind": ("kind", "tick", "its kind"),
    "payload": ("payload", None, "segment 1 of its payload"),
    "a personal field": ("payload", b"OP-4", "segment 4 of its payload"),
    "salt": ("segments", None, "the salt of segment 1 of its payload"),
}


@pytest.mark.parametrize("part", PARTS)
def test_the_dossiers_copy_says_which_part_of_an_entry_was_changed(
    part: str, honest: Path, tmp_path: Path
) -> None:
    column, value, says = PARTS[part]
    night = copy_of(honest, tmp_path / "copy")
    with rewriting(night) as log:
        entry = entry_at(log, 100)
        if part == "payload":
            value = entry.payload.replace(b'"rid"', b'"sid"')
        elif part == "a personal field":
            value = entry.payload.replace(b"OP-4", b"OP-5")
        elif part == "salt":
            value = entry.segments[:20] + bytes([entry.segments[20] ^ 1]) + entry.segments[21:]
        log.execute(f"UPDATE entry SET {column} = ? WHERE sequence = 100", (value,))
    said = by_skykeep(night)
    assert said.code == by_stranger(night).code == BROKEN
    assert f"entry 100: {says}" in said.words, said.words
    assert "is not what the evidence in dossier.pdf proves that it was" in said.words


def test_personal_parts_are_withheld_from_the_dossiers_evidence(honest: Path) -> None:
    said = json.loads(evidence_with(honest, lambda _: None))
    (claim,) = [entry for entry in said["entries"] if entry["sequence"] == 100]
    assert [sorted(segment) for segment in claim["segments"][:2]] == [["salt", "text"], ["digest"]]
    assert "N-17" not in json.dumps(said)


def test_what_is_no_record_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "noise.pdf").write_bytes(b"%PDF-1.7 nothing")
    for record in ("empty", "noise.pdf", "not there"):
        assert by_stranger(tmp_path / record).code == BROKEN
