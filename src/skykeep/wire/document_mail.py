"""A letter by e-mail as its reader sees it: who, to whom, when, about what, then the words.

Of several forms of one text the plain one is read, else the page. Letters carried inside come after a line
that says so; what is attached is named and never opened. Offsets count from the text made here.
"""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr, parsedate_to_datetime

import msgspec

from skykeep.base.errors import DecodeError
from skykeep.wire.document_html import read_html
from skykeep.wire.document_text import decode_text

LARGEST_PARTS, LARGEST_DEPTH = 200, 10
_SHOWN = ("From", "To", "Cc", "Date", "Subject")
_FORWARDED = "---------- Forwarded message ----------"
_BROKEN = (ValueError, LookupError, AttributeError, TypeError, AssertionError, RecursionError)


class MailText(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader sees of a letter. `published` is ISO, "" where its date cannot be read;
    `published_words` is where the date stands in the text.
    """

    text: str
    publisher: str
    published: str
    published_words: tuple[int, int] | None


def read_mail(data: bytes) -> MailText:
    """Return the letter's text; DecodeError when it is none, or made of more parts than letters are."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        if not message.get("From") and not message.get("Date"):
            raise DecodeError("mail", "neither From nor Date", "a letter with its heads")
        text = _letter(message, 0)
        date, sender = _head(message, "Date"), _head(message, "From")
    except _BROKEN as error:
        raise DecodeError("mail", f"a letter that cannot be read ({type(error).__name__})", "MIME") from error
    name, address = parseaddr(sender)
    start = text.find("Date: ") + len("Date: ") if date else -1
    return MailText(
        text=text,
        publisher=name or address,
        published=_iso(date),
        published_words=(start, start + len(date)) if date else None,
    )


def _letter(message: EmailMessage, depth: int) -> str:
    if depth > LARGEST_DEPTH:
        raise DecodeError("mail", f"letters inside letters, over {LARGEST_DEPTH} deep", "a letter")
    heads = "".join(f"{name}: {value}\n" for name in _SHOWN if (value := _head(message, name)))
    return heads + "\n" + _body(message, depth)


def _head(message: EmailMessage, name: str) -> str:
    return " ".join(str(message.get(name, "")).split())


def _body(message: EmailMessage, depth: int) -> str:
    chosen = message.get_body(preferencelist=("plain", "html"))
    texts = [_words(chosen)] if chosen is not None else []
    parts = list(message.walk())
    if len(parts) > LARGEST_PARTS:
        raise DecodeError("mail", f"{len(parts):,} parts", f"at most {LARGEST_PARTS}")
    for part in message.iter_attachments() if message.is_multipart() else ():
        inner = part.get_payload(0) if part.get_content_type() == "message/rfc822" else None
        if isinstance(inner, EmailMessage):
            texts.append(f"{_FORWARDED}\n{_letter(inner, depth + 1)}")
        else:
            texts.append(f"[attached: {part.get_filename() or part.get_content_type()}]\n")
    return "\n".join(texts)


def _words(part: MIMEPart) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    declared = part.get_content_charset() or ""
    if not data.strip():
        return ""
    if part.get_content_type() == "text/html":
        return read_html(data, declared).text
    text = decode_text(data, declared).text.replace("\r\n", "\n")
    if str(part.get_param("format", "")).casefold() == "flowed":
        text = text.replace(" \n", " ")
    return text


def _iso(date: str) -> str:
    try:
        return parsedate_to_datetime(date).isoformat() if date else ""
    except (ValueError, TypeError, IndexError):
        return ""
