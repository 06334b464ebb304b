"""One document, kept whole: bytes as handed in to a record of what a reader sees, who published it and when.

What a person says of publisher or time goes before what the text says, that before what its head or file
says; the record tells which (`published_from`). A PDF's text comes from elsewhere (`feeds/document_file.py`).
"""

from __future__ import annotations

import datetime
import hashlib
import re

import msgspec

from skykeep.base.errors import DecodeError, InputError
from skykeep.domain.statement import SourceDocument
from skykeep.wire.document_heads import read_heads
from skykeep.wire.document_html import read_html
from skykeep.wire.document_mail import read_mail
from skykeep.wire.document_text import STRAY, DecodedText, decode_text

LARGEST_BYTES = 30_000_000
TEXT, HTML, MAIL, PDF = "text/plain", "text/html", "message/rfc822", "application/pdf"
_BY_ENDING = {
    ".txt": TEXT, ".text": TEXT, ".md": TEXT, ".html": HTML, ".htm": HTML, ".xhtml": HTML, ".eml": MAIL,
    ".pdf": PDF,
}  # fmt: skip
_SATIRE = re.compile(r"\b(?:satire|satirical|parody|spoof)\b", re.IGNORECASE)


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What a person, or the document's own head, says of it; "" where nothing."""

    publisher: str = ""
    published: str = ""


class _Seen(msgspec.Struct, frozen=True, kw_only=True):
    text: str
    head: Said
    head_words: tuple[int, int] | None = None
    headline: str = ""
    decoded: DecodedText = DecodedText("", "")


def media_type_of(name: str, data: bytes) -> str:
    """Return the kind of document, by its first bytes, then by its name; DecodeError for any other."""
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return PDF
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return HTML
    ending = "." + name.rsplit(".", 1)[-1].casefold() if "." in name else ""
    if ending not in _BY_ENDING:
        raise DecodeError("name", ending or "no ending", f"one of {', '.join(sorted(_BY_ENDING))}")
    if _BY_ENDING[ending] == PDF:
        raise DecodeError("pdf", "bytes that begin like no PDF", "a PDF")
    return _BY_ENDING[ending]


def read_document(
    name: str,
    data: bytes,
    *,
    retrieved_utc_ns: int,
    retrieved_from: str = "",
    person: Said | None = None,
    pdf: tuple[str, Said] | None = None,
) -> SourceDocument:
    """Return the record of a document. `person` is what somebody says of it; `pdf` is text and head of a PDF.

    Raises DecodeError for what cannot be read and InputError for a person's date that is none.
    """
    if len(data) > LARGEST_BYTES:
        raise DecodeError("document", f"{len(data):,} bytes", f"at most {LARGEST_BYTES:,}")
    media_type = media_type_of(name, data)
    seen = _seen(media_type, data, pdf)
    heads, said = read_heads(seen.text), person or Said()
    # A page that begins with its headline does not begin with its publisher.
    is_headline = bool(heads.publisher) and seen.headline.casefold().startswith(heads.publisher.casefold())
    digest = hashlib.sha256(data).hexdigest()
    published, published_from, words = "", "", None
    # A letter's date is its head's and stands in its text; a page's own head knows more than its first lines.
    for value, where, span in (
        (_checked(said.published), "person", None),
        (heads.published if seen.head_words is None else "", "text", heads.published_words),
        (iso_of(seen.head.published), "text" if seen.head_words else "metadata", seen.head_words),
    ):
        if value:
            published, published_from, words = value, where, span
            break
    return SourceDocument(
        document_id=f"doc-{digest[:12]}",
        name=name,
        media_type=media_type,
        sha256=digest,
        size_bytes=len(data),
        text=seen.text,
        publisher=said.publisher or seen.head.publisher or ("" if is_headline else heads.publisher),
        published=published,
        published_from=published_from,
        published_words=words,
        retrieved_utc_ns=retrieved_utc_ns,
        retrieved_from=retrieved_from,
        encoding=seen.decoded.encoding,
        is_encoding_guessed=seen.decoded.is_guessed,
        stray_bytes=seen.decoded.stray_bytes,
        is_marked_satire=bool(_SATIRE.search(seen.text[:600]) or _SATIRE.search(seen.text[-300:])),
    )


def _seen(media_type: str, data: bytes, pdf: tuple[str, Said] | None) -> _Seen:
    if media_type == HTML:
        page = read_html(data)
        head = Said(publisher=page.publisher or _site_of(page.title), published=page.published)
        return _Seen(text=page.text, head=head, headline=page.headline, decoded=page.decoded)
    if media_type == MAIL:
        mail = read_mail(data)
        head = Said(publisher=mail.publisher, published=mail.published)
        decoded = DecodedText("", "", stray_bytes=mail.text.count(STRAY))
        return _Seen(text=mail.text, head=head, head_words=mail.published_words, decoded=decoded)
    if media_type == PDF:
        if pdf is None:
            raise DecodeError("pdf", "bytes alone", "read by way of its text")
        return _Seen(text=pdf[0], head=pdf[1])
    decoded = decode_text(data)
    return _Seen(text=decoded.text, head=Said(), decoded=decoded._replace(text=""))


def _site_of(title: str) -> str:
    """Return the site that a page's title ends with, after a bar or a dash; "" where it has none."""
    parts = re.split(r"\s[|–—-]\s", title)
    return parts[-1].strip() if len(parts) > 1 and len(parts[-1].split()) <= 5 else ""


def iso_of(time: str) -> str:
    """Return an ISO date or time as it was said, without seconds' fractions; "" for any other words."""
    said = time.strip()
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", said):
            return datetime.date.fromisoformat(said).isoformat()
        return datetime.datetime.fromisoformat(said.replace("Z", "+00:00")).isoformat(timespec="auto")
    except ValueError:
        return ""


def _checked(time: str) -> str:
    if time and not iso_of(time):
        raise InputError("published", repr(time), "an ISO date or date-time, such as 2031-05-03T07:30+02:00")
    return iso_of(time)
