"""A file's kind is told from its bytes."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skykeep.wire.media_kind import media_type_of
from skykeep.wire.mp4_facts import mp4_facts

KINDS = {
    "a photograph": (b"\xff\xd8\xff\xe1\x00\x10Exif", "image/jpeg"),
    "a drawing": (b"\x89PNG\r\n\x1a\n\x00\x00", "image/png"),
    "a film": (b"\x00\x00\x00\x18ftypmp42\x00\x00", "video/mp4"),
    "a phone's film": (b"\x00\x00\x00\x14ftypqt  \x00\x00", "video/quicktime"),
    "a voice": (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"),
    "a still that is a page": (b"<svg onload='alert(1)'>", "image/svg+xml"),
    "a still behind a prologue": (b"<?xml version='1.0'?>\n<svg xmlns='x'/>", "image/svg+xml"),
    "a page": (b"\n<!DOCTYPE html><p>Two drones", "text/html"),
    "a page that is only a script": (b"<script>fetch('//elsewhere')</script>", "text/html"),
    "a paper": (b"%PDF-1.7\n", "application/pdf"),
    "a paper behind a line": (b"\n\n%PDF-1.7\n", "application/pdf"),
    "an archive": (b"PK\x03\x04\x14\x00", "application/zip"),
    "a program": (b"MZ\x90\x00", "application/x-msdownload"),
    "words": ("Два дрона над гаванью".encode(), "text/plain"),
    "words cut in the middle of a letter": (("Д" * 4000).encode(), "text/plain"),
    "nothing": (b"", "application/octet-stream"),
    "noise": (b"\x00\x01\x02\xfe\xff", "application/octet-stream"),
    "latin-1": (b"caf\xe9 " * 10, "application/octet-stream"),
}


@pytest.mark.parametrize("story", KINDS)
def test_the_kind_of(story: str) -> None:
    data, kind = KINDS[story]

    assert media_type_of(data) == kind


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def film(created_s: int = 3_900_000_000, seconds: int = 12) -> bytes:
    mvhd = box(b"mvhd", struct.pack(">IIIII", 0, created_s, created_s, 1000, 1000 * seconds) + bytes(80))
    tkhd = box(b"tkhd", bytes(76) + struct.pack(">II", 1920 << 16, 1080 << 16))
    where = b"+48.1000+011.5000/"
    udta = box(b"udta", box(b"\xa9xyz", struct.pack(">HH", len(where), 0) + where))
    moov = box(b"moov", mvhd + box(b"trak", tkhd) + udta)
    return box(b"ftyp", b"mp42\x00\x00\x00\x00") + box(b"mdat", bytes(100)) + moov


def test_a_film_says_when_how_long_how_large_and_where() -> None:
    facts = mp4_facts(film())

    assert facts.created_utc_s == 3_900_000_000 - 2_082_844_800
    assert facts.duration_s == 12.0
    assert (facts.width_px, facts.height_px) == (1920, 1080)
    assert facts.place_deg == (48.1, 11.5)


def test_a_film_without_a_date_says_none() -> None:
    assert mp4_facts(film(created_s=0)).created_utc_s is None


@given(st.binary(max_size=400), st.integers(0, 200))
def test_whatever_the_bytes_an_answer_comes(noise: bytes, at: int) -> None:
    damaged = film()[:at] + noise + film()[at:]

    assert "/" in media_type_of(noise)
    facts = mp4_facts(damaged)
    assert facts.duration_s is None or facts.duration_s >= 0.0
    assert facts.place_deg is None or abs(facts.place_deg[0]) <= 90.0
