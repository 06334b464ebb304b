"""Keys on a disk: made, handed on, lost; and a change that broke off half-way."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from skykeep.base.errors import InputError, SetupError
from skykeep.evidence.key_change import LOST, ROTATED, history, read_change, state_change
from skykeep.evidence.signed_note import SigningKey, open_note
from skykeep.store import manifest, signing_keys
from skykeep.store.signing_keys import folder_of, key_names, load_key, lose_key, make_key, rotate_key

NAME = "watch.example/harbour"
TIME_NS = 1_900_000_000 * 10**9


def test_a_made_key_is_for_its_owner_alone_and_signs(tmp_path: Path) -> None:
    made = make_key(NAME, tmp_path)
    folder = folder_of(NAME, tmp_path)

    assert stat.S_IMODE((folder / "private.key").stat().st_mode) == 0o600
    assert folder.parent == tmp_path
    assert (folder / "public.vkey").read_text() == made.verifier.text + "\n"
    assert key_names(tmp_path) == (NAME,)
    loaded = load_key(NAME, tmp_path)
    assert open_note(loaded.key.sign(b"text\n"), [made.verifier]).text == b"text\n"
    assert made.verifier != make_key("another", tmp_path).verifier
    with pytest.raises(SetupError, match="a key of that name is there"):
        make_key(NAME, tmp_path)


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    make_key(NAME, tmp_path)
    path = folder_of(NAME, tmp_path) / "private.key"
    path.chmod(0o640)
    with pytest.raises(SetupError, match="mode 0640, must be 0600"):
        load_key(NAME, tmp_path)
    path.chmod(0o600)
    path.write_text("nonsense")
    with pytest.raises(SetupError, match="private key: something else"):
        load_key(NAME, tmp_path)
    path.unlink()
    with pytest.raises(SetupError, match="must be said lost"):
        load_key(NAME, tmp_path)


def test_a_rotation_is_signed_by_both_keys(tmp_path: Path) -> None:
    old = make_key(NAME, tmp_path)
    new, statement = rotate_key(NAME, time_utc_ns=TIME_NS, by="K. Berg", why="yearly", within=tmp_path)

    change = read_change(statement)
    assert (change.old, change.new, change.because) == (old.verifier, new.verifier, ROTATED)
    assert (change.by, change.why, change.time) == ("K. Berg", "yearly", "2030-03-17T17:46:40.000Z")
    ring = load_key(NAME, tmp_path)
    assert ring.key.verifier == new.verifier
    assert ring.changes == (statement,)
    # The old private key is nowhere any more.
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert old.secret_text.encode() not in kept


def test_a_rotation_that_the_old_key_did_not_sign_is_none() -> None:
    old, new, thief = (SigningKey(NAME, bytes([k]) * 32) for k in range(3))
    rightly = state_change(old, new, time_utc_ns=TIME_NS, by="K. Berg", why="yearly")
    forged = state_change(old.verifier, thief, time_utc_ns=TIME_NS, by="K. Berg", why="yearly")

    with pytest.raises(InputError, match="no signature of a known key"):
        read_change(thief.sign(forged.split(b"\n\n")[0].replace(b"because lost", b"because rotated") + b"\n"))
    with pytest.raises(InputError, match="does not fit"):
        read_change(rightly.replace(b"yearly", b"hourly"))
    with pytest.raises(InputError, match="another"):
        state_change(old, old, time_utc_ns=TIME_NS, by="x", why="y")
    with pytest.raises(InputError, match="one line"):
        state_change(old, new, time_utc_ns=TIME_NS, by="x\nbecause lost", why="y")


def test_a_loss_is_introduced_by_the_new_key_alone(tmp_path: Path) -> None:
    old = make_key(NAME, tmp_path)
    (folder_of(NAME, tmp_path) / "private.key").unlink()
    new, statement = lose_key(NAME, time_utc_ns=TIME_NS, by="K. Berg", why="disk broke", within=tmp_path)

    change = read_change(statement)
    assert (change.old, change.new, change.because) == (old.verifier, new.verifier, LOST)
    with pytest.raises(InputError, match="no signature of a known key"):
        open_note(statement, [old.verifier])
    assert load_key(NAME, tmp_path).key.verifier == new.verifier


def test_whoever_knows_one_key_follows_the_rotations_and_stops_at_a_loss() -> None:
    a, b, c, d = (SigningKey(NAME, bytes([k]) * 32) for k in range(4))
    told = {"time_utc_ns": TIME_NS}
    changes = [
        (5, read_change(state_change(a, b, **told, by="x", why="y"))),
        (9, read_change(state_change(b.verifier, c, **told, by="x", why="y"))),
        (12, read_change(state_change(c, d, **told, by="x", why="y"))),
    ]
    keys = history(d.verifier, changes)

    assert keys.shown_by(a.verifier) == keys.shown_by(b.verifier) == (a.verifier, b.verifier)
    assert keys.shown_by(c.verifier) == keys.shown_by(d.verifier) == (c.verifier, d.verifier)
    assert keys.shown_by(SigningKey(NAME, bytes([9]) * 32).verifier) == ()
    at = [keys.signers_of(entries)[0] for entries in (0, 4, 5, 8, 9, 11, 12, 100)]
    assert at == [each.verifier for each in (a, a, b, b, c, c, d, d)]
    assert keys.signers_of(9) == (c.verifier, d.verifier)
    with pytest.raises(InputError, match="key change: from"):
        history(d.verifier, [changes[0], changes[2]])


@pytest.mark.parametrize("written", [False, True])
def test_a_rotation_that_broke_off_is_undone_or_ended(
    written: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = make_key(NAME, tmp_path)
    whole = manifest.replace_file

    def cut(path: Path, data: bytes) -> None:
        if written:
            whole(path, data)
        raise OSError("the power went")

    monkeypatch.setattr(signing_keys, "replace_file", cut)
    with pytest.raises(OSError, match="power"):
        rotate_key(NAME, time_utc_ns=TIME_NS, by="K. Berg", why="yearly", within=tmp_path)
    monkeypatch.undo()

    ring = load_key(NAME, tmp_path)
    assert (ring.key.verifier != old.verifier) == written
    assert len(ring.changes) == int(written)
    assert not (folder_of(NAME, tmp_path) / "private.key.new").exists()


def test_the_default_place_is_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    made = make_key("a/b")
    assert (tmp_path / "skykeep/keys/a%2Fb/public.vkey").read_text().strip() == made.verifier.text
    assert os.listdir(tmp_path / "skykeep/keys") == ["a%2Fb"]
