"""Keys that were handed on or lost, and what was redacted: honest nights, told alike by both verifiers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from made_tree import LOG
from skykeep.base.errors import InputError
from skykeep.domain.encoding import encode_json
from skykeep.domain.record import EntryRole, KeyChanged
from skykeep.evidence.key_change import state_change
from skykeep.evidence.signed_note import SigningKey
from skykeep.store import manifest
from skykeep.store.keys_file import add_keys
from skykeep.store.log_database import LogDatabase
from skykeep.store.log_excerpt import excerpt_of_log
from skykeep.store.redaction import Taking, redact
from tampered_night import (
    ENTRIES,
    SALTS,
    START_NS,
    by_skykeep,
    by_stranger,
    rows,
    seal,
    write_log,
    write_papers,
)

NEW = SigningKey(LOG.name, bytes(31) + b"\1")
STRANGE = SigningKey(LOG.name, bytes(31) + b"\2")
CHANGED = 301


def night_with_change(folder: Path, *, lost: bool, note: bytes | None = None) -> Path:
    """Return a night that was begun under the log's key and gone on with under another."""
    night = folder / "night"
    write_log(night, LOG, rows()[: CHANGED - 1])
    old = LOG.verifier if lost else LOG
    statement = note or state_change(old, NEW, time_utc_ns=START_NS, by="K. Berg", why="the disk broke")
    with LogDatabase.open(night / "night.db", salts=SALTS, signer=NEW, checkpoint_every_s=0.0) as log:
        record = KeyChanged(note=statement.decode(), time_utc_ns=START_NS)
        log.append(START_NS + CHANGED * 10**9, EntryRole.INPUT, "key_changed", encode_json(record))
        for row in rows()[CHANGED - 1 :]:
            log.append(row[0] + 10**9, *row[1:])
    add_keys(night, LOG.verifier)
    write_papers(night, NEW)
    return night


@pytest.mark.parametrize("known", [None, LOG, NEW])
def test_whoever_knows_one_key_follows_a_rotation(known: SigningKey | None, tmp_path: Path) -> None:
    night = night_with_change(tmp_path, lost=False)
    keys = () if known is None else (known.verifier.text,)
    for found in (by_skykeep(night, (), keys), by_stranger(night, (), keys)):
        assert found.code == 0, found.words
        assert f"entry {CHANGED}: new key, the old key handed over" in found.words
        assert "K. Berg: the disk broke" in found.words
        if known is not None:
            assert "which you gave" in found.words
            assert "joined by rotation to one that you gave" in found.words


@pytest.mark.parametrize("payloads", [True, False])
def test_evidence_that_a_reader_saved_is_proven_across_a_change_of_key(
    payloads: bool, tmp_path: Path
) -> None:
    night = night_with_change(tmp_path, lost=False)
    saved = tmp_path / "evidence.json"
    cited = (5, CHANGED, 599)
    saved.write_bytes(excerpt_of_log(night / "night.db", cited, personal=False, payloads=payloads))
    # At the levels below full the change is withheld, and then only the key that signed is of use.
    for known in (NEW, LOG) if payloads else (NEW,):
        found = by_stranger(saved, (), (known.verifier.text,))
        assert found.code == 3, found.words
        assert "the 3 entries that it cites are in the log of 601 entries" in found.words
    saved.write_bytes(saved.read_bytes().replace(b'"sequence": 5,', b'"sequence": 6,'))
    assert "entry 6 is not so in the log" in by_stranger(saved).words


@pytest.mark.parametrize(("known", "code"), [(None, 0), (LOG, 3), (NEW, 0), (STRANGE, 1)])
def test_a_loss_is_said_and_what_each_key_shows(known: SigningKey | None, code: int, tmp_path: Path) -> None:
    night = night_with_change(tmp_path, lost=True)
    keys = () if known is None else (known.verifier.text,)
    for found in (by_skykeep(night, (), keys), by_stranger(night, (), keys)):
        assert found.code == code, found.words
        assert "the old key is LOST" in found.words
        assert ("no key that you know stands behind the log" in found.words) == (known is LOG)
        assert ("none of the keys that you gave" in found.words) == (known is STRANGE)


def test_a_rotation_that_the_old_key_did_not_sign_is_caught(tmp_path: Path) -> None:
    lost = state_change(LOG.verifier, NEW, time_utc_ns=START_NS, by="K. Berg", why="x")
    text = lost.split(b"\n\n")[0].replace(b"because lost", b"because rotated") + b"\n"
    night = night_with_change(tmp_path, lost=False, note=NEW.sign(text))
    for found in (by_skykeep(night), by_stranger(night)):
        assert found.code == 1, found.words
        assert f"entry {CHANGED}" in found.words


def test_a_key_that_was_given_up_signs_nothing_more(tmp_path: Path) -> None:
    """Whoever stole the old key goes on with the log under it."""
    night = night_with_change(tmp_path, lost=True)
    with LogDatabase.open(night / "night.db", salts=SALTS, signer=LOG) as log:
        log.append(START_NS + 900 * 10**9, EntryRole.INPUT, "tick", b"{}")
    seal(night, LOG)
    for found in (by_skykeep(night), by_stranger(night)):
        assert found.code == 1, found.words
        assert f"must be by {NEW.verifier.text}" in found.words


def test_a_redaction_is_said_with_who_and_why_and_breaks_no_proof(tmp_path: Path) -> None:
    night = tmp_path / "night"
    left = write_log(night)
    (tmp_path / "left.note").write_bytes(left)
    write_papers(night)
    left_files = tmp_path / "files.note"
    left_files.write_bytes((night / manifest.MANIFEST_NOTE).read_bytes())
    redact(
        night / "night.db",
        [Taking(sequence=100, path="claimed_id"), Taking(sequence=120)],
        by="A. Holm",
        because="the flight was lawful",
        now_utc_ns=START_NS + 900 * 10**9,
        signer=LOG,
    )
    for found in (by_skykeep(night, (left_files,)), by_stranger(night, (left_files,))):
        assert found.code == 3, found.words
        assert "integrity: holds" in found.words.lower(), "the files beside it are what they were"
    write_papers(night)
    for found in (by_skykeep(night, (left_files,)), by_stranger(night, (left_files,))):
        assert found.code == 1, "a dossier made anew is not the one that left"
        assert "dossier.pdf is not the one over which files.note was signed" in found.words
    outside = (tmp_path / "left.note",)
    for found in (by_skykeep(night, outside), by_stranger(night, outside)):
        assert found.code == 3, found.words
        assert "A. Holm" in found.words
        assert "the flight was lawful" in found.words
        assert "integrity: holds" in found.words.lower()
    assert b"N-17" not in (night / "night.db").read_bytes()
    assert f"{ENTRIES + 2} entries" in found.words


def test_the_note_of_a_manifest_of_before_still_stands(tmp_path: Path) -> None:
    """Of two lines, and it names no file: it is taken beside the log, and not from elsewhere."""
    night = tmp_path / "night"
    write_log(night)
    write_papers(night)
    sealed = manifest.hash_file(night / manifest.MANIFEST).sha256
    (night / manifest.MANIFEST_NOTE).write_bytes(LOG.sign(f"skykeep manifest 1\nsha256 {sealed}\n".encode()))
    for found in (by_skykeep(night), by_stranger(night)):
        assert found.code == 0, found.words
    assert manifest.note_of_files(night) == ()
    with pytest.raises(InputError, match="no note of a manifest that names files"):
        by_skykeep(night, (night / manifest.MANIFEST_NOTE,))
    (night / manifest.MANIFEST_NOTE).write_bytes(
        LOG.sign(f"skykeep manifest 1\nsha256 {'a' * 64}\n".encode())
    )
    for found in (by_skykeep(night), by_stranger(night)):
        assert found.code == 1
        assert "manifest.json is not the one over which manifest.note was signed" in found.words


def test_a_manifest_is_never_beside_an_old_signature(tmp_path: Path) -> None:
    night = tmp_path / "night"
    write_log(night)
    write_papers(night)
    assert (night / manifest.MANIFEST_NOTE).read_bytes() == LOG.sign(manifest.manifest_body(night))
    manifest.seal_files(night, "summary.json")
    assert not (night / manifest.MANIFEST_NOTE).exists()
    shutil.rmtree(night)
