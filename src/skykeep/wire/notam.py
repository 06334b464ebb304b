"""NOTAM as text, in ICAO's form.

    (A1234/26 NOTAMN                                   or NOTAMR A1200/26, NOTAMC A1200/26
    Q) EAAD/QRTCA/IV/BO/W/000/050/5306N04002W004       region, code, traffic, purpose, scope, levels, circle
    A) EAAD  B) 2608291400  C) 2608292200              where; from; until, also EST and PERM
    D) DAILY 0600-1800                                 within that
    E) free text
    F) SFC  G) 5000FT AMSL)                            limits

A file may hold many, with anything between them. Those about airspace become zones (`notam_zone`); the
others are left out and kept. A NOTAMC takes back the one it names, a NOTAMR replaces it: where that one is
in the same file, it is left out. A NOTAM whose items cannot be told apart is left out with the reason, and
so can be listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from skykeep.base.errors import DecodeError
from skykeep.domain.zone import Zone, ZoneList
from skykeep.wire.aero_notes import Notes
from skykeep.wire.aero_zone import Names, decoded
from skykeep.wire.notam_zone import Notam, zone_of

LARGEST_BYTES = 32 * 1024 * 1024
_LONGEST = 30_000
_NUMBER = r"[A-Z]{1,2}\d{1,4}/\d{2}"
_HEAD = re.compile(
    rf"(?<![A-Z\d/])\(?(?P<number>{_NUMBER})\s{{1,20}}NOTAM(?P<kind>[NRC])?\b(?:\s{{1,20}}(?P<other>{_NUMBER}))?",
    re.ASCII,
)
_Q = re.compile(
    r"\s*(?P<region>[A-Z]{4})\s?/\s?(?P<code>Q[A-Z]{4})\s?/\s?(?P<traffic>[A-Z]{0,3})\s?/\s?(?P<purpose>[A-Z]{0,4})\s?"
    r"/\s?(?P<scope>[A-Z]{0,3})\s?/\s?(?P<lower>\d{3})\s?/\s?(?P<upper>\d{3})\s?/?\s?"
    r"(?P<centre>\d{4}[NS]\d{5}[EW])?\s?(?P<radius>\d{3})?",
    re.ASCII,
)
_TAIL = re.compile(r"\n\s*(?:CREATED|SOURCE|NNNN)\b.*", re.ASCII | re.DOTALL)


def read_notam(data: bytes, source: str) -> ZoneList:
    """Return the zones that the NOTAMs of a file make. DecodeError where it holds none at all."""
    notes, names = Notes(), Names()
    text = decoded(notes, data, LARGEST_BYTES).replace("\r", "\n")
    zones: dict[str, Zone] = {}
    raw: dict[str, str] = {}
    gone: dict[str, str] = {}
    count = 0
    for piece in _pieces(text):
        count += 1
        try:
            notam = parse_notam(piece)
        except DecodeError as error:
            name = " ".join(piece.split())[:20]
            notes.leave_out(name, error.field, error.found, error.must, piece)
            continue
        if notam.kind in "RC" and notam.other:
            gone[notam.other] = f"{'replaced' if notam.kind == 'R' else 'cancelled'} by {notam.number}"
        elif notam.kind in "RC":
            notes.noted(notam.number, "header", f"NOTAM{notam.kind}", "the number that it concerns")
        zone = zone_of(notes, names, notam, source)
        if zone is not None:
            zones[zone.zone_id], raw[zone.zone_id] = zone, piece
    if not count:
        raise DecodeError("file", f"{len(data)} bytes without a NOTAM", "NOTAM in ICAO's form")
    for number, why in gone.items():
        if zones.pop(number, None) is not None:
            notes.leave_out(number, "header", why, "in force", raw[number])
    return ZoneList(
        format="NOTAM",
        zones=tuple(zones.values()),
        deviations=tuple(notes.deviations),
        contradictions=tuple(notes.contradictions),
        left_out=tuple(notes.left_out),
    )


def _pieces(text: str) -> Iterator[str]:
    """Yield each NOTAM's words: from its number, or from its Q) where it has none, to the next."""
    starts = [match.start() for match in _HEAD.finditer(text)]
    if not starts:
        starts = [match.start() for match in re.finditer(r"(?<![A-Z\d])Q\)\s{0,5}[A-Z]{4}\s?/", text)]
    for begin, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield text[begin:end].strip()


def parse_notam(text: str) -> Notam:
    """Return the items of one NOTAM, as they stand."""
    if len(text) > _LONGEST:
        raise DecodeError("E", f"{len(text)} characters", f"at most {_LONGEST}")
    head = _HEAD.match(text)
    items = _items(text)
    q = _Q.match(items.get("Q", "").upper())
    number = head["number"] if head else ""
    if q is None and items.get("Q"):
        raise DecodeError("Q", repr(items["Q"][:80]), "region/code/traffic/purpose/scope/levels/circle")
    if "E" not in items and (head is None or head["kind"] != "C"):
        raise DecodeError("E", "absent", "given")
    found = {} if q is None else {key: value or "" for key, value in q.groupdict().items()}
    return Notam(
        number=number or f"{items.get('A', '')} {items.get('B', '')}".strip(),
        kind=(head["kind"] or "N") if head else "N",
        other=(head["other"] or "") if head else "",
        region=found.get("region", ""),
        code=found.get("code", ""),
        traffic=found.get("traffic", ""),
        purpose=found.get("purpose", ""),
        scope=found.get("scope", ""),
        lower_level=found.get("lower", ""),
        upper_level=found.get("upper", ""),
        centre=found.get("centre", ""),
        radius_nm=found.get("radius", ""),
        location=items.get("A", ""),
        begin=items.get("B", ""),
        end=items.get("C", ""),
        schedule=items.get("D", ""),
        text=items.get("E", ""),
        lower=items.get("F", ""),
        upper=items.get("G", ""),
        raw=text,
    )


def _items(text: str) -> dict[str, str]:
    """Return items by their letters. They are looked for in their order, F) and G) from the end, because the
    free text may hold letters with brackets of its own.
    """
    body = _TAIL.sub("", text)
    places: list[tuple[str, int, int]] = []
    at = 0
    for letter in "QABCDE":
        match = re.compile(rf"(?<![A-Z\d]){letter}\)", re.ASCII).search(body, at)
        if match and not (letter == "D" and _before(body, at, match.start())):
            places.append((letter, match.start(), match.end()))
            at = match.end()
    tail = list(re.finditer(r"(?<![A-Z\d])F\)[^()]{1,60}?\sG\)", body[at:], re.ASCII))
    if tail and places and places[-1][0] == "E":
        begin = at + tail[-1].start()
        places.append(("F", begin, begin + 2))
        places.append(("G", at + tail[-1].end() - 2, at + tail[-1].end()))
    items: dict[str, str] = {}
    for (letter, _, begin), (_, end, _) in zip(places, [*places[1:], ("", len(body), 0)], strict=True):
        items[letter] = body[begin:end].strip()
    if items:
        last = next(reversed(items))
        items[last] = items[last].removesuffix(")").strip()
    return items


def _before(body: str, at: int, found: int) -> bool:
    """Return whether E) stands before what looks like D): then it is in the free text."""
    free = re.compile(r"(?<![A-Z\d])E\)", re.ASCII).search(body, at)
    return free is not None and free.start() < found
