"""Files that people hand in: what kind they are, what they say of themselves, and a small picture of them.

Only still pictures of four kinds are ever decoded, by Pillow, after their size is known to be within bounds;
of a film its header is read. All else (pages, drawings, documents, archives, programs) is kept and not
looked into: nothing in a file is run, rendered or fetched. What a file says of itself is kept as said.
"""

from __future__ import annotations

import io
import math
import re
import warnings
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec
from PIL import ExifTags, Image, ImageOps

from skykeep.base.clock import NS_PER_S, iso_utc
from skykeep.base.errors import InputError
from skykeep.domain.casework import AddMedia, Media, MediaFact
from skykeep.domain.incident import LONGEST_ID
from skykeep.store.case_folder import LARGEST_FILE_BYTES, CaseFolder
from skykeep.wire.media_kind import media_type_of
from skykeep.wire.mp4_facts import mp4_facts

MOST_PIXELS = 80_000_000
LONGEST_SIDE_PX = 30_000
THUMBNAIL_PX = 320
_LONGEST_FACT = 300
_DECODED = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
_FILMS = frozenset({"video/mp4", "video/quicktime", "audio/mp4"})
_TIMES = ("DateTimeOriginal", "DateTimeDigitized", "DateTime")
_ZONES = {
    "DateTimeOriginal": "OffsetTimeOriginal",
    "DateTimeDigitized": "OffsetTimeDigitized",
    "DateTime": "OffsetTime",
}
_TOLD = (
    *("Make", "Model", "Software", "ImageDescription", "Artist", "Copyright", "Orientation", "LensModel"),
    *("ExposureTime", "FNumber", "ISOSpeedRatings", "FocalLength", *_TIMES, *_ZONES.values()),
)
_ZONE = re.compile(r"^([+-])(\d\d):(\d\d)$")


def read_media_file(path: Path) -> bytes:
    """Return the bytes of a file; InputError where it is too large to be kept, or nothing is in it."""
    size = path.stat().st_size
    if not 0 < size <= LARGEST_FILE_BYTES:
        raise InputError("file", f"{path.name}: {size} bytes", f"1 to {LARGEST_FILE_BYTES}")
    return path.read_bytes()


def describe_media(media_id: str, name: str, data: bytes, sha256: str) -> tuple[Media, bytes]:
    """Return what is filed of a file, without its thumbnail's hash, and that thumbnail (JPEG), empty where
    none can be made. InputError where it has no name, or nothing is in it.
    """
    if not data:
        raise InputError("file", "0 bytes", f"1 to {LARGEST_FILE_BYTES}")
    shown = "".join(each for each in name.replace("\\", "/").rsplit("/", 1)[-1] if each.isprintable())
    media_type = media_type_of(data)
    told: dict[str, Any] = {}
    thumbnail = b""
    if media_type in _DECODED:
        told, thumbnail = _picture(data, _DECODED[media_type])
    elif media_type in _FILMS:
        told = _film(data)
    media = Media(
        media_id=media_id,
        name=shown.strip()[:LONGEST_ID] or "without a name",
        media_type=media_type,
        sha256=sha256,
        size_bytes=len(data),
        **told,
    )
    return media, thumbnail


def keep_media(
    case: CaseFolder, name: str, data: bytes, by: str, time_utc_ns: int, reason: str = ""
) -> Media:
    """Keep a file whole, with a thumbnail where there can be one, and file it; return what was filed. A file
    that the case has already is not filed again. InputError where it may not be kept.
    """
    with case.at_once():
        sha256 = case.keep(data)
        known = next((m.media for m in case.book.media.values() if m.media.sha256 == sha256), None)
        if known is not None:
            return known
        media, thumbnail = describe_media(f"M-{len(case.book.media) + 1}", name, data, sha256)
        if thumbnail:
            media = msgspec.structs.replace(media, thumbnail_sha256=case.keep(thumbnail))
        case.receive(AddMedia(media=media, by=by, time_utc_ns=time_utc_ns, reason=reason))
        return media


def _picture(data: bytes, kind: str) -> tuple[dict[str, Any], bytes]:
    """Return what a picture says of itself, and its thumbnail. A decoder meets hostile bytes here: whatever
    it raises means that there is nothing to show, and is told; the file is kept all the same.
    """
    told: dict[str, Any] = {}
    facts: list[MediaFact] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data), formats=[kind]) as image:
                told["width_px"], told["height_px"] = image.size
                if math.prod(image.size) > MOST_PIXELS or max(image.size) > LONGEST_SIDE_PX:
                    must = f"at most {MOST_PIXELS} pixels and {LONGEST_SIDE_PX} a side"
                    raise InputError("picture", "{} x {} pixels".format(*image.size), must)
                facts, times = _exif(image)
                told |= times
                thumbnail = _thumbnail(image)
    except Exception as error:
        facts.append(MediaFact(name="not shown", value=_clean(f"{type(error).__name__}: {error}")))
        thumbnail = b""
    return told | {"facts": tuple(facts)}, thumbnail


def _thumbnail(image: Image.Image) -> bytes:
    image.draft("RGB", (2 * THUMBNAIL_PX, 2 * THUMBNAIL_PX))
    small = ImageOps.exif_transpose(image)
    small.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX))
    out = io.BytesIO()
    flat = Image.new("RGB", small.size, (128, 128, 128))
    seen = small.convert("RGBA")
    flat.paste(seen, mask=seen.getchannel("A"))
    flat.save(out, "JPEG", quality=80)
    return out.getvalue()


def _exif(image: Image.Image) -> tuple[list[MediaFact], dict[str, Any]]:
    exif = image.getexif()
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    said = {ExifTags.TAGS.get(tag, ""): value for tag, value in (*exif.items(), *inner.items())}
    facts = [MediaFact(name=name, value=_clean(said[name])) for name in _TOLD if name in said]
    told: dict[str, Any] = {}
    for name in _TIMES:
        text = _clean(said.get(name, ""))
        if text:
            zone = _clean(said.get(_ZONES[name], ""))
            told = {"taken": f"{text} {zone}".strip(), "taken_utc_ns": _utc_ns(text, zone)}
            break
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place = _place(gps)
    if place is not None:
        told["place_deg"] = place
    if (at := _gps_time(gps)) is not None:
        facts.append(MediaFact(name="GPS time (UTC)", value=at))
    return facts, told


def _utc_ns(text: str, zone: str) -> int | None:
    """Return when that was, None where no zone is named or it is no time."""
    found = _ZONE.match(zone)
    if found is None:
        return None
    minutes = int(found[2]) * 60 + int(found[3])
    try:
        here = timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes))
        at = datetime.strptime(text, "%Y:%m:%d %H:%M:%S").replace(tzinfo=here)
    except ValueError:
        return None
    seconds = round(at.timestamp())
    return seconds * NS_PER_S if seconds > 0 else None


def _place(gps: dict[int, Any]) -> tuple[float, float] | None:
    names = ExifTags.GPS
    try:
        latitude_deg = _angle_deg(gps[names.GPSLatitude], str(gps[names.GPSLatitudeRef]), "NS")
        longitude_deg = _angle_deg(gps[names.GPSLongitude], str(gps[names.GPSLongitudeRef]), "EW")
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    inside = abs(latitude_deg) <= 90.0 and abs(longitude_deg) <= 180.0
    return (round(latitude_deg, 7), round(longitude_deg, 7)) if inside else None


def _angle_deg(parts: Any, side: str, sides: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    if side.strip("\0 ").upper() not in tuple(sides):
        raise ValueError(side)
    size = degrees + minutes / 60.0 + seconds / 3600.0
    return -size if side.strip("\0 ").upper() == sides[1] else size


def _gps_time(gps: dict[int, Any]) -> str | None:
    names = ExifTags.GPS
    try:
        hours, minutes, seconds = (int(part) for part in gps[names.GPSTimeStamp])
        day = datetime.strptime(str(gps[names.GPSDateStamp]).strip("\0 "), "%Y:%m:%d").replace(tzinfo=UTC)
        return (day + timedelta(hours=hours, minutes=minutes, seconds=seconds)).isoformat()
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None


def _film(data: bytes) -> dict[str, Any]:
    found = mp4_facts(data)
    told: dict[str, Any] = {
        "duration_s": found.duration_s,
        "width_px": found.width_px,
        "height_px": found.height_px,
        "place_deg": found.place_deg,
    }
    if found.created_utc_s is not None:
        told["taken_utc_ns"] = found.created_utc_s * NS_PER_S
        told["taken"] = f"{iso_utc(found.created_utc_s * NS_PER_S)} (of the film's header)"
    return told


def _clean(value: Any) -> str:
    """Return what a file says as one short line that can be written down."""
    text = value.decode("utf-8", errors="replace") if isinstance(value, bytes) else str(value)
    return "".join(each if each.isprintable() else " " for each in text).strip()[:_LONGEST_FACT]
