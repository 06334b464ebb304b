"""Files that people hand in: described as they say of themselves, shown small, never carried out."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image

from skykeep.base.errors import InputError
from skykeep.domain.casework import Media
from skykeep.store.media_file import THUMBNAIL_PX, describe_media, read_media_file


def photograph(zone: str = "", side_px: int = 640, kind: str = "JPEG", turned: int = 1) -> bytes:
    image = Image.new("RGB", (side_px, side_px // 2), (200, 40, 10))
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Sightline\x07"
    exif[ExifTags.Base.Orientation] = turned
    inner: dict[int, Any] = {ExifTags.Base.DateTimeOriginal: "2031:05:02 02:14:07"}
    if zone:
        inner[ExifTags.Base.OffsetTimeOriginal] = zone
    exif._ifds[ExifTags.IFD.Exif] = inner
    exif._ifds[ExifTags.IFD.GPSInfo] = {
        ExifTags.GPS.GPSLatitudeRef: "S",
        ExifTags.GPS.GPSLatitude: (12.0, 30.0, 36.0),
        ExifTags.GPS.GPSLongitudeRef: "E",
        ExifTags.GPS.GPSLongitude: (20.0, 15.0, 0.0),
        ExifTags.GPS.GPSTimeStamp: (1.0, 14.0, 7.0),
        ExifTags.GPS.GPSDateStamp: "2031:05:02",
    }
    out = io.BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


def described(data: bytes, name: str = "clip.jpg") -> tuple[Media, bytes]:
    return describe_media("M-1", name, data, hashlib.sha256(data).hexdigest())


def facts(media: Media) -> dict[str, str]:
    return {fact.name: fact.value for fact in media.facts}


def test_a_photograph_without_a_zone_keeps_its_time_as_said_and_no_other() -> None:
    media, _ = described(photograph())

    assert (media.taken, media.taken_utc_ns) == ("2031:05:02 02:14:07", None)
    assert facts(media)["GPS time (UTC)"] == "2031-05-02T01:14:07+00:00"
    assert facts(media)["Make"] == "Sightline"
    assert media.place_deg == (-12.51, 20.25)


@pytest.mark.parametrize(("zone", "hours"), [("+01:00", -1), ("-03:30", 3.5), ("+00:00", 0)])
def test_a_photograph_with_a_zone_is_placed_in_utc(zone: str, hours: float) -> None:
    media, _ = described(photograph(zone))

    at_s = 1_935_454_447 + hours * 3600  # 2031-05-02T02:14:07 on a clock of UTC
    assert (media.taken, media.taken_utc_ns) == (f"2031:05:02 02:14:07 {zone}", at_s * 1_000_000_000)


@pytest.mark.parametrize("zone", ["+25:00", "local", "+1:00"])
def test_a_zone_that_is_none_is_kept_and_not_believed(zone: str) -> None:
    media, _ = described(photograph(zone))

    assert media.taken.endswith(zone)
    assert media.taken_utc_ns is None


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_is_shown_small_and_without_what_it_said(kind: str) -> None:
    media, thumbnail = described(photograph(kind=kind), "night photo.bin")

    assert media.media_type == f"image/{kind.lower()}"
    assert (media.width_px, media.height_px) == (640, 320)
    with Image.open(io.BytesIO(thumbnail)) as small:
        assert (small.format, small.size) == ("JPEG", (THUMBNAIL_PX, THUMBNAIL_PX // 2))
        assert not small.getexif()


def test_a_picture_taken_upright_is_shown_upright() -> None:
    _, thumbnail = described(photograph(turned=6))

    with Image.open(io.BytesIO(thumbnail)) as small:
        assert small.size == (THUMBNAIL_PX // 2, THUMBNAIL_PX)


def png(width: int, height: int, rows: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        whole = kind + data
        return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(("width", "height"), [(50_000, 50_000), (9_000, 9_000), (31_000, 10)])
def test_a_picture_that_would_fill_the_memory_is_kept_and_not_opened(width: int, height: int) -> None:
    media, thumbnail = described(png(width, height, bytes(1000)))

    assert thumbnail == b""
    assert media.media_type == "image/png"
    assert "pixels" in facts(media)["not shown"]


def test_a_torn_picture_is_kept_and_says_why_it_is_not_shown() -> None:
    media, thumbnail = described(photograph()[:900])

    assert thumbnail == b""
    assert "truncated" in facts(media)["not shown"].lower()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "image/svg+xml"),
        (b"<html><img src=http://127.0.0.1:9/x></html>", "text/html"),
        (b"%PDF-1.7 /JS (app.alert)", "application/pdf"),
        (b"PK\x03\x04" + bytes(60), "application/zip"),
    ],
)
def test_what_could_do_something_is_kept_and_never_looked_into(data: bytes, kind: str) -> None:
    media, thumbnail = described(data, "holiday.jpg")

    assert (media.media_type, thumbnail, media.facts) == (kind, b"", ())


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\clips\\a.mp4", "a.mp4"),
        ("a\nb\x00.jpg", "ab.jpg"),
        ("\u202e", "without a name"),
    ],
)
def test_a_name_is_only_ever_a_name(name: str, kept: str) -> None:
    assert described(b"words", name)[0].name == kept


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").touch()

    with pytest.raises(InputError, match="0 bytes, must be 1 to"):
        read_media_file(tmp_path / "a")
    with pytest.raises(InputError, match="0 bytes, must be 1 to"):
        described(b"")


PHOTOGRAPH = photograph("+01:00", side_px=64)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(PHOTOGRAPH) - 1), st.binary(min_size=1, max_size=30))
def test_whatever_is_in_a_picture_it_is_filed(at: int, noise: bytes) -> None:
    damaged = PHOTOGRAPH[:at] + noise + PHOTOGRAPH[at + len(noise) :]

    media, _ = described(damaged)

    assert media.size_bytes == len(damaged)
    assert all(fact.value.isprintable() for fact in media.facts)
