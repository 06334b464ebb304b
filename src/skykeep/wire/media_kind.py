"""What kind of file some bytes are, told from the bytes: a name or a sender may say anything.

| begins with | at | is |
|---|---|---|
| `FF D8 FF` | 0 | image/jpeg |
| `89 P N G 0D 0A 1A 0A` | 0 | image/png |
| `GIF87a`, `GIF89a` | 0 | image/gif |
| `RIFF....WEBP`, `....WAVE`, `....AVI ` | 0 and 8 | image/webp, audio/wav, video/x-msvideo |
| `II*\\0`, `MM\\0*` | 0 | image/tiff |
| `ftyp` | 4 | video/mp4, video/quicktime, audio/mp4, image/heic or image/avif by its brand |
| `1A 45 DF A3` | 0 | video/webm or video/x-matroska |
| `OggS`, `fLaC`, `ID3` or an MPEG frame | 0 | audio |
| `%PDF-` | in the first 1024 bytes | application/pdf |
| `PK 03 04`, `1F 8B`, `7z BC AF 27 1C`, `Rar!` | 0 | an archive |
| `SQLite format 3\\0`, `7F ELF`, `MZ` | 0 | a database, a program |

Other bytes are text where they are UTF-8 without control characters, and then HTML, SVG or XML by their first
tag; else they are `application/octet-stream`. Nothing is ever run, rendered or fetched for it.
"""

from __future__ import annotations

import re

_HEAD_BYTES = 4096
_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
    (b"\x7fELF", "application/x-elf"),
    (b"MZ", "application/x-msdownload"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BRANDS = {b"heic": "image/heic", b"heix": "image/heic", b"mif1": "image/heic", b"avif": "image/avif"}
_FIRST_TAG = re.compile(r"<(?:!doctype\s+)?([a-z]+)", re.IGNORECASE)


def media_type_of(data: bytes) -> str:
    """Return the media type of a file, `application/octet-stream` where its bytes do not tell."""
    for magic, media_type in _MAGIC:
        if data.startswith(magic):
            return media_type
    if data[:4] == b"RIFF":
        return _RIFF.get(data[8:12], "application/octet-stream")
    if data[4:8] == b"ftyp":
        brand = data[8:12]
        if brand == b"qt  ":
            return "video/quicktime"
        return "audio/mp4" if brand.startswith(b"M4A") else _BRANDS.get(brand, "video/mp4")
    if data.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/webm" if b"webm" in data[:64] else "video/x-matroska"
    if b"%PDF-" in data[:1024]:
        return "application/pdf"
    return _text_type(data)


def _text_type(data: bytes) -> str:
    if not data:
        return "application/octet-stream"
    head = data[:_HEAD_BYTES]
    try:
        # A character may be cut in two at the end of the head; anywhere else it is no UTF-8.
        text = head.decode("utf-8-sig", errors="strict" if len(data) <= _HEAD_BYTES else "ignore")
    except UnicodeDecodeError:
        return "application/octet-stream"
    cut = 3 if len(data) > _HEAD_BYTES else 0
    if len(text.encode()) + cut + 3 < len(head) or any(ord(c) < 32 and c not in "\t\n\r\f" for c in text):
        return "application/octet-stream"
    tags = {tag.lower() for tag in _FIRST_TAG.findall(text[:1024])}
    if "svg" in tags:
        return "image/svg+xml"
    if tags & {"html", "head", "body", "script"}:
        return "text/html"
    return "application/xml" if text.lstrip().startswith("<?xml") else "text/plain"
