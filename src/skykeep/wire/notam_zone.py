"""From the items of a NOTAM to a zone.

Which: codes about airspace restrictions (QR..) and warnings (QW..), and airspace that is set up or
activated (QA.. with CA, CS, AH or TT). Codes that something is over, cancelled or normal again make no zone
and open none: they are left out and kept.

Where: the shapes of the free text. Where those cannot be told for certain, the Q) circle, which holds all
that a NOTAM is about, together with what could be told. A Q) circle that does not hold the shapes is a
contradiction: the shapes are applied, for Q) is an index, made of whole minutes and miles. How high: F) and
G); else the same words in the text; else the levels of Q), 000 the surface and 999 no limit. When: from B)
to C), at the hours of D). Hours that cannot be told: throughout. An end marked EST is no end, for such a
NOTAM holds until it is replaced or cancelled; neither is PERM. A trigger NOTAM points to a supplement of
the AIP, where the details are: it says so in the report.
"""

from __future__ import annotations

import re

import msgspec

from skykeep.base.errors import DecodeError
from skykeep.domain.safer import safer
from skykeep.domain.zone import (
    Circle,
    Contradiction,
    HeightReference,
    LengthUnit,
    Limit,
    Period,
    Polygon,
    Restriction,
    Text,
    Volume,
    Zone,
)
from skykeep.domain.zone_words import outline_text
from skykeep.wire.aero_classes import restriction_of
from skykeep.wire.aero_hours import periods_of
from skykeep.wire.aero_notes import Notes, quoted
from skykeep.wire.aero_text import SURFACE, UNLIMITED, parse_limit, parse_place
from skykeep.wire.aero_time import utc_ns
from skykeep.wire.aero_zone import Names, circle_of, extra_of, strictness_of, upright
from skykeep.wire.notam_area import area_of

_SUBJECTS = {
    "RP": "P", "RR": "R", "RT": "TRA", "RA": "TRA", "RD": "D", "RM": "MTA", "RO": "OFR",
    "WM": "D", "WE": "D", "WD": "D", "WH": "D",
    "AC": "CTR", "AD": "ADIZ", "AE": "CTA", "AT": "TMA", "AZ": "ATZ", "AR": "AWY", "AN": "AWY", "AV": "UADA",
    "AF": "FIR", "AU": "UIR", "AH": "UTA", "AO": "OCA",
}  # fmt: skip
# Deactivated, completed, cancelled, normal again, operating, withdrawn, work done.
_OVER = ("CD", "CC", "CN", "AK", "AO", "CW", "HV")
_SET_UP = ("CA", "CS", "AH", "TT")
_MOMENT = re.compile(r"(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})\s?(EST)?", re.ASCII)
_BAND = re.compile(
    r"\b(SFC|GND|FL\s?\d{2,3}|\d{1,5}\s?(?:FT|M)\s?(?:AMSL|AGL|MSL)?)\s?(?:-|/|TO|UP TO)\s?"
    r"(UNL|FL\s?\d{2,3}|\d{1,5}\s?(?:FT|M)\s?(?:AMSL|AGL|MSL)?)(?![\w])",
    re.ASCII,
)
_AREA_NAME = re.compile(r"\b[A-Z]{2}[\s-]?[PRD][\s-]?\d{1,4}[A-Z]?(?:-\d{2})?\b", re.ASCII)



class Notam(msgspec.Struct, frozen=True, kw_only=True):
    """The items of a NOTAM as they stand; "" for what is not there. `kind` is N, R or C; `other` the number that
    it replaces or cancels.
    """

    number: str
    kind: str
    other: str = ""
    region: str = ""
    code: str = ""
    traffic: str = ""
    purpose: str = ""
    scope: str = ""
    lower_level: str = ""
    upper_level: str = ""
    centre: str = ""
    radius_nm: str = ""
    location: str = ""
    begin: str = ""
    end: str = ""
    schedule: str = ""
    text: str = ""
    lower: str = ""
    upper: str = ""
    raw: str = ""


def zone_of(notes: Notes, names: Names, notam: Notam, source: str) -> Zone | None:
    """Return the zone that a NOTAM makes; None where it makes none, which the notes then say."""
    if notam.kind == "C":
        notes.leave_out(notam.number, "header", f"cancels {notam.other}", "a restriction", notam.raw)
        return None
    restriction = restriction_of_code(notes, notam)
    if restriction is None:
        must = "an airspace restriction or warning that begins"
        notes.leave_out(notam.number, "Q", notam.code or "absent", must, notam.raw)
        return None
    outlines = outlines_of(notes, notam)
    if not outlines:
        notes.leave_out(notam.number, "E", notam.text, "an area, or a circle in Q)", notam.raw)
        return None
    zone_id = names.once(notes, notam.number, "NOTAM")
    floor, ceiling = limits_of(notes, notam)
    volumes = (Volume(outline=outline, floor=floor, ceiling=ceiling) for outline in outlines)
    if "TRIGGER" in notam.text.upper() or notam.code.endswith("TT"):
        notes.noted(
            zone_id, "E", "a trigger NOTAM", "the area itself", "details are in the supplement it names"
        )
    first_line = next((line.strip() for line in notam.text.splitlines() if line.strip()), "")
    return Zone(
        zone_id=zone_id,
        name=f"{notam.number} {first_line[:80]}".strip(),
        restriction=restriction,
        volumes=tuple(upright(notes, zone_id, "F", volume) for volume in volumes),
        strictness=strictness_of(restriction),
        document=f"NOTAM {notam.number}",
        periods=periods_of_notam(notes, notam),
        message=(Text(text=" ".join(notam.text.split())),) if notam.text else (),
        source=source,
        extra=extra_of(
            code=notam.code,
            region=notam.region,
            location=notam.location,
            traffic=notam.traffic,
            purpose=notam.purpose,
            scope=notam.scope,
            names=sorted({match[0] for match in _AREA_NAME.finditer(notam.text[:2_000].upper())}),
        ),
    )


def restriction_of_code(notes: Notes, notam: Notam) -> Restriction | None:
    """Return what a NOTAM's code means for a drone; None where it restricts no airspace."""
    subject, condition = notam.code[1:3], notam.code[3:5]
    if not notam.code:
        notes.read_as(notam.number, "Q", "absent", "a code", "read as PROHIBITED, the safer")
        return Restriction.PROHIBITED
    if subject[:1] not in ("R", "W", "A") or condition in _OVER:
        return None
    if subject[:1] == "A" and condition not in _SET_UP:
        return None
    if condition == "LP":
        return Restriction.PROHIBITED
    known = restriction_of(_SUBJECTS.get(subject, "W" if subject[:1] == "W" else subject))
    if known is None:
        notes.read_as(notam.number, "Q", notam.code, "a code that is known", "read as PROHIBITED, the safer")
    return Restriction.PROHIBITED if known is None else known


def outlines_of(notes: Notes, notam: Notam) -> tuple[Circle | Polygon, ...]:
    """Return where: the shapes in the text, the Q) circle, or both."""
    area = area_of(notam.text)
    circle = q_circle(notes, notam)
    if area.excepted:
        done = "what is excepted is not taken out, the safer"
        notes.noted(notam.number, "E", area.excepted, "an area without exceptions", done)
    if area.outlines and not area.doubt:
        if circle is not None:
            _compare(notes, notam, circle, area.outlines)
        return area.outlines
    if circle is None:
        if area.outlines:
            notes.noted(
                notam.number, "E", area.doubt, "an area that can be told", "the rest of it is applied"
            )
        return area.outlines
    notes.read_as(
        notam.number, "E", area.doubt, "an area that can be told", "the circle of Q) is applied, the safer"
    )
    return (circle, *area.outlines)


def q_circle(notes: Notes, notam: Notam) -> Circle | None:
    """Return the circle of Q); None where it has none, or holds a whole region."""
    if not notam.centre or not notam.radius_nm:
        return None
    try:
        centre = parse_place("Q", notam.centre)
        radius_nm = float(notam.radius_nm)
    except (DecodeError, ValueError):
        notes.noted(notam.number, "Q", f"{notam.centre}{notam.radius_nm}", "a place and a radius in NM")
        return None
    if not 0.0 < radius_nm <= 1_000.0:
        notes.noted(notam.number, "Q", notam.radius_nm, "a radius of 1 to 999 NM")
        return None
    return circle_of(centre, radius_nm * 1852.0)


def _compare(notes: Notes, notam: Notam, circle: Circle, outlines: tuple[Circle | Polygon, ...]) -> None:
    """Say where the circle of Q) does not hold the shapes: it is cut to minutes and must be rounded up."""
    slack_m = 1852.0
    wide = Circle(
        longitude_deg=circle.longitude_deg,
        latitude_deg=circle.latitude_deg,
        radius_m=circle.radius_m + slack_m,
    )
    shell = _bare(notam, (wide,))
    told = _bare(notam, outlines)
    _, found = safer(shell, told, "Q)", "E)", frozenset({"outline"}))
    if found and found[0].applied != "the first":
        notes.contradictions.append(
            Contradiction(
                zone_id=notam.number,
                field="outline",
                one_says=f"{outline_text(_bare(notam, (circle,)).volumes)} (Q)",
                other_says=f"{outline_text(told.volumes)} (E)",
                applied="the area of E): Q) is an index",
            )
        )


def _bare(notam: Notam, outlines: tuple[Circle | Polygon, ...]) -> Zone:
    return Zone(
        zone_id=notam.number,
        name="",
        restriction=Restriction.PROHIBITED,
        volumes=tuple(Volume(outline=outline) for outline in outlines),
        strictness=0,
        document="",
    )


def limits_of(notes: Notes, notam: Notam) -> tuple[Limit | None, Limit | None]:
    """Return floor and ceiling."""
    band = None if notam.lower and notam.upper else _BAND.search(" ".join(notam.text[:4_000].upper().split()))
    words = {"F": notam.lower or (band[1] if band else ""), "G": notam.upper or (band[2] if band else "")}
    levels = {"F": notam.lower_level, "G": notam.upper_level}
    limits: list[Limit | None] = []
    for item, level in levels.items():
        try:
            limits.append(parse_limit(item, words[item]))
        except DecodeError as error:
            limits.append(_level(level, item))
            if words[item]:
                notes.read_as(
                    notam.number, item, error.found, error.must, f"the level of Q) instead: {level or 'none'}"
                )
    return limits[0], limits[1]


def _level(level: str, item: str) -> Limit | None:
    """Return a level of Q): 000 is the surface, 999 no limit."""
    if not level.isdigit():
        return None
    value = float(level)
    if item == "F" and value == 0.0:
        return SURFACE
    if value >= 999.0:
        return UNLIMITED
    return Limit(value=value, unit=LengthUnit.FL, reference=HeightReference.STD)


def periods_of_notam(notes: Notes, notam: Notam) -> tuple[Period, ...]:
    """Return when it holds."""
    start_ns = _moment(notes, notam, "B", notam.begin)
    end_ns = _moment(notes, notam, "C", notam.end)
    if start_ns is not None and end_ns is not None and end_ns < start_ns:
        notes.read_as(notam.number, "C", notam.end, f"after {notam.begin}", "read as no end, the safer")
        end_ns = None
    whole = (Period(start_utc_ns=start_ns, end_utc_ns=end_ns),)
    if not notam.schedule:
        return whole
    spoken = periods_of(notam.schedule, start_ns, end_ns)
    if spoken is None:
        notes.read_as(
            notam.number, "D", notam.schedule, "a schedule that can be told",
            "in force from B) to C) throughout, the safer",
        )  # fmt: skip
        return whole
    for words in spoken.unapplied:
        notes.read_as(notam.number, "D", notam.schedule, "a schedule that can be told", words)
    return spoken.periods


def _moment(notes: Notes, notam: Notam, item: str, text: str) -> int | None:
    words = quoted(text).upper().strip()
    if item == "C" and words.startswith(("PERM", "UFN")):
        return None
    match = _MOMENT.fullmatch(words)
    try:
        if match is None:
            raise ValueError
        year, month, day, hour, minute = (int(match[i]) for i in range(1, 6))
        if hour > 24 or minute > 59:
            raise ValueError
        moment = utc_ns(2000 + year, month, day, hour * 3600 + minute * 60)
    except (ValueError, OverflowError):
        notes.read_as(notam.number, item, words or "absent", "YYMMDDhhmm", "read as open, the safer")
        return None
    if match[6] and item == "C":
        notes.noted(notam.number, item, words, "an end", "estimated: in force until replaced or cancelled")
        return None
    return moment
