"""Signed notes against the published ones, and against what may be made of them."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.base.errors import InputError
from skykeep.evidence.signed_note import (
    COSIGNATURE,
    ED25519,
    NoteSignature,
    SigningKey,
    VerifierKey,
    open_note,
    read_note,
    read_signature_lines,
    read_signing_key,
    read_verifier_key,
    signature_lines,
)

PUBLISHED: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "authorities/signed_notes.json").read_text(encoding="utf-8")
)
TEXT = PUBLISHED["text"].encode()
PETER = read_verifier_key(PUBLISHED["peter"]["verifier"])
ENOCH = read_verifier_key(PUBLISHED["enoch"]["verifier"])
PETERS, ENOCHS = (PUBLISHED[who]["signature"].encode() for who in ("peter", "enoch"))


def test_the_published_key_makes_the_published_note() -> None:
    key = read_signing_key(PUBLISHED["peter"]["private"])

    assert key.sign(TEXT) == TEXT + b"\n" + PETERS
    assert key.verifier == PETER
    assert key.secret_text == PUBLISHED["peter"]["private"]
    assert PETER.text == PUBLISHED["peter"]["verifier"]


def test_a_note_opens_by_each_key_that_is_known() -> None:
    note = TEXT + b"\n" + PETERS + ENOCHS

    one = open_note(note, [PETER])
    both = open_note(note, [PETER, ENOCH])

    assert one.text == TEXT
    assert [key for key, _ in one.signed_by] == [PETER]
    assert [each.name for each in one.set_aside] == ["EnochRoot"]
    assert [key for key, _ in both.signed_by] == [PETER, ENOCH]
    assert signature_lines(both) == PETERS + ENOCHS
    with pytest.raises(InputError, match="no signature of a known key, only of EnochRoot, PeterNeumann"):
        open_note(note, [])


def test_a_signature_that_stands_twice_counts_once() -> None:
    opened = open_note(TEXT + b"\n" + PETERS * 3, [PETER])
    assert len(opened.signed_by) == 1


def test_a_known_key_whose_signature_does_not_fit_spoils_the_note() -> None:
    bent = PETERS[:60] + b"ABCD" + PETERS[60:]
    with pytest.raises(InputError, match="a signature of PeterNeumann that does not fit"):
        open_note(TEXT + b"\n" + ENOCHS + bent, [PETER, ENOCH])
    with pytest.raises(InputError, match="that does not fit"):
        open_note(TEXT.replace(b"answer", b"Answer") + b"\n" + PETERS, [PETER])


@pytest.mark.parametrize(
    "note",
    [
        TEXT,
        TEXT + b"\n",
        TEXT + b"\n" + PETERS[:-1],
        b"\x01" + TEXT + b"\n" + PETERS,
        b"\xff" + TEXT + b"\n" + PETERS,
        TEXT + b"\n" + PETERS.replace(b"PeterNeumann", b"Bad Name"),
        TEXT + b"\n" + PETERS + b"Unexpected line.\n",
        TEXT + b"\n" + PETERS * 101,
    ],
)
def test_what_is_no_note_is_refused(note: bytes) -> None:
    with pytest.raises(InputError):
        open_note(note, [PETER])


@pytest.mark.parametrize("text", PUBLISHED["bad_keys"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_verifier_key(text)


@pytest.mark.parametrize("text", PUBLISHED["good_keys"])
def test_published_keys_are_read_and_spelt_alike(text: str) -> None:
    assert read_verifier_key(text).text == text


def test_no_part_of_a_key_and_no_byte_changed_is_a_key() -> None:
    for whole, read in (
        (PUBLISHED["peter"]["verifier"], read_verifier_key),
        (PUBLISHED["peter"]["private"], read_signing_key),
    ):
        mangled = {whole[first:last] for first in range(len(whole)) for last in range(first, len(whole) + 1)}
        mangled |= {whole[:at] + chr(ord(whole[at]) + 1) + whole[at + 1 :] for at in range(len(whole))}
        for each in mangled - {whole}:
            with pytest.raises(InputError):
                read(each)


@pytest.mark.parametrize("text", PUBLISHED["specification_notes"])
def test_the_specifications_examples_are_read_and_spelt_alike(text: str) -> None:
    note = read_note(text.encode())
    assert note.text + b"\n" + signature_lines(note) == text.encode()


def test_the_specifications_cosignature_bears_its_time() -> None:
    last = read_note(PUBLISHED["specification_notes"][1].encode()).signatures[-1]
    assert last.time_s == PUBLISHED["specification_cosigned_time_s"]
    published = PUBLISHED["cosignature_time"]
    data = base64.b64decode(published["base64"])
    line = NoteSignature(name="w", key_id=data[:4], signature=data[4:])
    assert line.time_s == published["time_s"]


def test_a_published_log_signed_its_published_checkpoint() -> None:
    witness = PUBLISHED["witness"]
    log = VerifierKey(name=witness["origin"], kind=ED25519, public=bytes.fromhex(witness["log_public_hex"]))
    for request in witness["requests"].values():
        note = request.split("\n\n", 1)[1].encode()
        assert open_note(note, [log]).signed_by[0][0] == log


def test_a_cosignature_is_over_text_and_time_and_by_a_key_of_its_own_kind() -> None:
    seed = bytes.fromhex(PUBLISHED["witness"]["witness_seed_hex"])
    witness = SigningKey("example.com", seed)
    key = witness.verifier.as_kind(COSIGNATURE)
    line = witness.cosign(TEXT, 1_700_000_000)

    assert key.public.hex() == PUBLISHED["witness"]["witness_public_hex"]
    opened = open_note(TEXT + b"\n" + PETERS + line, [key])
    assert opened.signed_by[0][1].time_s == 1_700_000_000
    assert read_signature_lines(line)[0] == opened.signed_by[0][1]
    later = opened.signed_by[0][1].signature
    assert not key.fits(TEXT, (1_700_000_001).to_bytes(8, "big") + later[8:])
    assert not key.fits(TEXT + b"more\n", later)
    # As a plain signature of the same key it is nobody's.
    with pytest.raises(InputError, match="no signature of a known key"):
        open_note(TEXT + b"\n" + line, [witness.verifier])


def test_a_second_key_signs_under_the_first() -> None:
    first, second = SigningKey("a", bytes(32)), SigningKey("b", bytes(range(32)))
    text = "one\n\n— looks like a signature\n".encode()
    opened = open_note(second.sign_also(first.sign(text)), [first.verifier, second.verifier])
    assert opened.text == text
    assert [key.name for key, _ in opened.signed_by] == ["a", "b"]


@given(st.binary(max_size=300))
def test_any_bytes_are_a_note_or_refused(data: bytes) -> None:
    try:
        note = read_note(data)
    except InputError:
        return
    assert note.text + b"\n" + signature_lines(note) == data


@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=80),
    st.text(st.characters(exclude_categories=("Cs", "Cc", "Z")), min_size=1, max_size=20),
    st.binary(min_size=32, max_size=32),
)
def test_what_is_signed_opens(text: str, name: str, seed: bytes) -> None:
    if "+" in name or any(each.isspace() for each in name):
        with pytest.raises(InputError):
            SigningKey(name, seed)
        return
    key = SigningKey(name, seed)
    body = (text + "\n").encode()
    assert open_note(key.sign(body), [read_verifier_key(key.verifier.text)]).text == body
    assert read_signing_key(key.secret_text).verifier == key.verifier
