"""The checkpoint's body: spelt by hand, read back, and refused when it is spelt otherwise."""

from __future__ import annotations

import base64
import contextlib
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.base.errors import InputError
from skykeep.evidence.checkpoint import (
    Checkpoint,
    body_of_note,
    checkpoint_body,
    empty_checkpoint,
    names_files,
    note_of,
    read_checkpoint_body,
    read_manifest_body,
)
from skykeep.evidence.merkle import EMPTY_ROOT

ROOT = bytes(range(32))
BODY = (
    b"simulation.invalid/parade/7\n8002\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
    b"time 2023-05-03T02:14:07.000000250Z\nstate sealed\n"
)
CHECKPOINT = Checkpoint(
    origin="simulation.invalid/parade/7",
    entries=8_002,
    root=ROOT,
    time_utc_ns=1_683_080_047_000_000_250,
    sealed=True,
)


def test_a_checkpoint_is_five_lines_that_a_person_can_read() -> None:
    assert checkpoint_body(CHECKPOINT) == BODY
    assert read_checkpoint_body(BODY) == CHECKPOINT


def test_the_empty_log_has_the_root_of_the_empty_tree() -> None:
    assert hashlib.sha256(b"").digest() == EMPTY_ROOT == empty_checkpoint("a").root


checkpoints = st.builds(
    Checkpoint,
    origin=st.text(st.characters(categories=("L", "N", "P"), exclude_characters="+"), min_size=1),
    entries=st.integers(0, 10**18 - 1),
    root=st.binary(min_size=32, max_size=32),
    time_utc_ns=st.integers(-(2**63), 2**63 - 1),
    sealed=st.booleans(),
)


FILES = f"sha256 {'a' * 64}\nfile {'b' * 64} dossier.pdf\nfile {'c' * 64} what they said.txt\n".encode()


def test_the_note_of_a_manifest_is_a_checkpoint_that_goes_on_with_files() -> None:
    found = {"dossier.pdf": "b" * 64, "what they said.txt": "c" * 64}
    assert read_manifest_body(BODY + FILES) == (CHECKPOINT, found)
    assert names_files(BODY + FILES)
    assert not names_files(BODY)


@pytest.mark.parametrize(
    "body",
    [
        BODY,
        BODY + b"file " + b"b" * 64 + b" dossier.pdf\n",
        BODY + FILES + b"file " + b"b" * 64 + b" ../secret\n",
        BODY + FILES + b"file " + b"b" * 64 + b" /etc/passwd\n",
        BODY + FILES + b"file abc dossier.pdf\n",
        BODY.replace(b"8002", b"08002") + FILES,
        b"\xff" + FILES,
        b"",
    ],
)
def test_what_is_no_note_of_a_manifest_is_refused(body: bytes) -> None:
    with pytest.raises(InputError):
        read_manifest_body(body)


@given(checkpoints)
def test_what_is_written_is_read_back(checkpoint: Checkpoint) -> None:
    assert read_checkpoint_body(checkpoint_body(checkpoint)) == checkpoint


WRONG = {
    "no newline at the end": (BODY[:-1], "checkpoint"),
    "a line too many": (BODY + b"more\n", "checkpoint"),
    "an empty origin": (BODY.replace(b"simulation.invalid/parade/7", b""), "origin"),
    "a space in the origin": (BODY.replace(b"parade", b"the parade"), "origin"),
    "a plus in the origin": (BODY.replace(b"parade", b"a+b"), "origin"),
    "a leading zero": (BODY.replace(b"\n8002", b"\n08002"), "size"),
    "a negative size": (BODY.replace(b"\n8002", b"\n-8002"), "size"),
    "digits of another script": (BODY.replace(b"\n8002", "\n\u0668".encode()), "size"),
    "a short root": (BODY.replace(base64.b64encode(ROOT), b"AAEC"), "root"),
    "no base64": (BODY.replace(b"AAEC", b"A*EC"), "root"),
    "base64 with loose bits": (BODY.replace(b"Hh8=", b"Hh9="), "checkpoint"),
    "a month too many": (BODY.replace(b"2023-05", b"2023-13"), "time"),
    "another zone": (BODY.replace(b"250Z", b"250+01:00"), "time"),
    "another state": (BODY.replace(b"sealed", b"shut"), "state"),
    "no UTF-8": (b"\xff" + BODY, "checkpoint"),
}


@pytest.mark.parametrize("story", WRONG)
def test_what_is_spelt_otherwise_is_refused_by_its_line(story: str) -> None:
    body, field = WRONG[story]

    with pytest.raises(InputError) as refused:
        read_checkpoint_body(body)

    assert refused.value.field == field


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(InputError):
        assert checkpoint_body(read_checkpoint_body(data)) == data


class _Stamp:
    name = "stamp.invalid"

    def sign(self, note_body: bytes) -> bytes:
        return note_body + "\n\u2014 stamp.invalid AAAA\n".encode()


def test_a_note_gives_its_body_back_signed_or_not() -> None:
    assert note_of(CHECKPOINT, None) == BODY
    assert note_of(CHECKPOINT, _Stamp()) != BODY
    assert body_of_note(note_of(CHECKPOINT, _Stamp())) == BODY
    assert body_of_note(BODY) == BODY
