"""What the first lines of a text say of itself: who publishes it, and when.

Read are the first few lines that hold words. A date is ISO, "3 May 2031", "the 3rd day of May 2031", "May 3,
2031", "14.10.2031" or "14/10/31" (day first) or a message's group "170905Z NOV 2030"; a time beside it is
"11:20", "2100hrs", "11 a.m." or "07:00 (UTC+2)". A first line is taken for a publisher's only where a date
stands near it, so a story's first sentence is none; a dateline ("QUELL, 3 May 2031 (CPS) -") names the wire.
"""

from __future__ import annotations

import datetime
import re

import msgspec

_LINES, _LONGEST_HEAD_LINE = 5, 140
_MONTH_NAMES = "january february march april may june july august september october november december"
_MONTHS = _MONTH_NAMES.split()
_MONTH = r"(?P<month>" + "|".join(f"{name}|{name[:3]}" for name in _MONTHS) + r"|sept)\b\.?"
_DAY_NAME = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?P<day>\d\d)(?P<hour>\d\d)(?P<minute>\d\d)(?P<zulu>Z)\s+{_MONTH}\s+(?P<year>\d{{4}})\b",
        r"\b(?P<year>\d{4})-(?P<number>\d\d)-(?P<day>\d\d)(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::\d\d)?)?",
        rf"{_DAY_NAME}\b(?:\d\d?\s?[-–/]\s?)?(?P<day>\d\d?)(?:st|nd|rd|th)?(?:\s+day\s+of)?"
        rf"\s+{_MONTH},?\s+(?P<year>\d{{4}})\b",
        rf"{_DAY_NAME}\b{_MONTH}\s+(?P<day>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})\b",
        r"\b(?P<day>\d\d?)\.(?P<number>\d\d?)\.(?P<year>\d{4})\b",
        r"\b(?P<day>\d\d?)/(?P<number>\d\d?)/(?P<year>\d{4}|\d\d)\b",
    )
)
_TIME = re.compile(
    r"\b(?:(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?:\s?(?P<half>[ap]\.?m\b\.?))?"
    r"|(?P<hundreds>[01]\d|2[0-3])(?P<past>[0-5]\d)\s?h(?:ou)?rs\b"
    r"|(?P<twelve>1[0-2]|[1-9])\s?(?P<side>[ap]\.?m\b\.?))(?:\s?\(?UTC(?P<zone>[+-]\d{1,2}(?::\d\d)?)?\)?)?",
    re.IGNORECASE,
)
_DATELINE = re.compile(r"[^\W\d_]{2}[^,.\n]{0,40},\s")
_WIRE = re.compile(r"\A\W*\((?P<wire>[^\W\d_][^()\n]{1,40})\)\s?[-–—]")
_CUT = re.compile(r"\s[–—|·-]\s|,|\s·|\s\|")
_MARKS = re.compile("[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]")
_SMALL_WORDS = "of the and for in on at to a an de la"
_SMALL = frozenset(_SMALL_WORDS.split())


class Heads(msgspec.Struct, frozen=True, kw_only=True):
    """Publisher and time as the first lines say them; "" and None where they do not. `published_words` is
    where the time stands.
    """

    publisher: str
    published: str
    published_words: tuple[int, int] | None


def read_heads(text: str) -> Heads:
    """Return what the first lines of a text say."""
    lines = [(m.start(), m[0]) for m in re.finditer(r"[^\n]*\w[^\n]*", text[:4000])][:_LINES]
    for number, (start, line) in enumerate(lines):
        found = _date_in(line, labelled=line.strip().casefold().startswith(("date", "published", "updated")))
        if found is not None:
            value, begin, end = found
            if len(line) > _LONGEST_HEAD_LINE and _dateline(line):
                wire = _WIRE.match(line[end:])
                publisher = " ".join(wire["wire"].split()) if wire else ""
            else:
                publisher = _publisher(lines[0][1]) if number or begin > 3 else ""
            return Heads(publisher=publisher, published=value, published_words=(start + begin, start + end))
    return Heads(publisher="", published="", published_words=None)


def _date_in(line: str, *, labelled: bool) -> tuple[str, int, int] | None:
    """Return the line's date and where it stands; a long line is a story's unless its first words date it."""
    if len(line) > _LONGEST_HEAD_LINE:
        line = line[:70] if _dateline(line) else line[:40] if labelled else ""
    for pattern in _DATES:
        found = pattern.search(line)
        day = _day(found) if found else None
        if found is None or day is None:
            continue
        begin, end = found.span()
        said = found.groupdict()
        if said.get("hour"):
            zone = "Z" if said.get("zulu") else ""
            return f"{day}T{said['hour']}:{said['minute']}{zone}", begin, end
        rest = line[:begin] + " " * (end - begin) + line[end:]
        time = _TIME.search(rest)
        if time is None or time.start() - end > 12 or begin - time.end() > 12:
            return day, begin, end
        return f"{day}T{_clock(time)}", min(begin, time.start()), max(end, time.end())
    return None


def _dateline(line: str) -> bool:
    """Return whether a line begins as a wire's story does: a place in capitals, then a comma."""
    found = _DATELINE.match(line)
    return found is not None and found[0].isupper()


def _day(found: re.Match[str]) -> str | None:
    said = found.groupdict()
    name = (said.get("month") or "").casefold()[:3]
    months = [month[:3] for month in _MONTHS]
    month = months.index(name) + 1 if name else int(said["number"])
    try:
        year = int(said["year"]) + (2000 if len(said["year"]) == 2 else 0)
        return datetime.date(year, month, int(said["day"])).isoformat()
    except ValueError:
        return None


def _clock(time: re.Match[str]) -> str:
    hour = int(time["hour"] or time["hundreds"] or time["twelve"])
    minute = time["minute"] or time["past"] or "00"
    half = (time["half"] or time["side"] or "").casefold()
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    zone = time["zone"] or ""
    if zone:
        sign, (hours, _, minutes) = zone[0], zone[1:].partition(":")
        zone = f"{sign}{int(hours):02d}:{minutes or '00'}"
    return f"{hour:02d}:{minute}{zone}"


def _publisher(line: str) -> str:
    """Return the name a head line begins with, "" where it is a sentence."""
    line = _MARKS.sub("", line).strip()
    name = _CUT.split(line.partition(":")[0] if line.isupper() else line, maxsplit=1)[0]
    name = " ".join(name.split())
    if not 2 <= len(name) <= 60 or name[-1] in '.?!:”"' or len(name.split()) > 10:
        return ""
    if _DATES[2].search(name) or _DATES[1].search(name):
        return ""
    return name if not name.isupper() or "@" in name else _titled(name)


def _titled(name: str) -> str:
    words = name.lower().split()
    return " ".join(
        word if word in _SMALL and at else word[:1].upper() + word[1:] for at, word in enumerate(words)
    )
