"""What a person filled in, read as a report of the sensor contract: every field bounded, nothing guessed.

Where they were is known from their device (its accuracy is a 95 % radius, so that the 1-sigma of each axis is
that by 2.45), from a direction and a distance (off by a quarter of the compass's eighths and by half of the
distance), or not at all. A direction chosen from eight is within 22.5 degrees.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from skykeep.base.clock import NS_PER_S
from skykeep.geo.frames import LocalFrame
from skykeep.wire.contract import PersonReport

LONGEST_TEXT, LONGEST_CONTACT = 2_000, 200
MOST_MINUTES = 720
DISTANCES_M = (100, 300, 1_000, 3_000, 10_000)
SHARE_OF_DISTANCE = 0.5
RADIUS_95_SIGMAS = 2.4477
LEAST_SIGMA_M, MOST_SIGMA_M = 3.0, 100_000.0
EIGHTH_DEG = 45.0
WHAT = ("heard", "saw", "filmed", "other")

Fields = Mapping[str, str]


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """A form that could be read: the report, and how to reach the person, which is kept apart."""

    report: PersonReport
    contact: str


def read_form(
    fields: Fields, *, sensor_id: str, sequence: int, now_utc_ns: int, frame: LocalFrame, zone: ZoneInfo
) -> Filled | tuple[str, ...]:
    """Return what was filled in, or the parts that are wrong: what, text, when, where, contact."""
    text = readable(fields.get("text", ""))
    contact = " ".join(readable(fields.get("contact", "")).split())
    heard_utc_ns = _when(fields, now_utc_ns, zone)
    place = _where(fields, frame)
    wrong = []
    if fields.get("what") not in WHAT:
        wrong.append("what")
    if not 1 <= len(text) <= LONGEST_TEXT:
        wrong.append("text")
    if heard_utc_ns is None:
        wrong.append("when")
    if place is None:
        wrong.append("where")
    if len(contact) > LONGEST_CONTACT:
        wrong.append("contact")
    if wrong or heard_utc_ns is None or place is None:
        return tuple(wrong)
    eighth = _eighth(fields.get("bearing", ""))
    latitude_deg, longitude_deg, sigma_m = place
    report = msgspec.convert(
        {
            "type": "report",
            "sensor_id": sensor_id,
            "sequence": sequence,
            "time_utc": heard_utc_ns,
            "what": fields["what"],
            "text": text,
            "latitude_deg": latitude_deg,
            "longitude_deg": longitude_deg,
            "sigma_m": sigma_m,
            "bearing_deg": None if eighth is None else eighth * EIGHTH_DEG,
        },
        PersonReport,
    )
    return Filled(report=report, contact=contact)


def readable(text: str) -> str:
    """Return a text without control characters, lines ended by LF, and no blanks around it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return (
        "".join(letter for letter in lines if letter >= " " or letter in "\n\t").replace("\x7f", "").strip()
    )


def _when(fields: Fields, now_utc_ns: int, zone: ZoneInfo) -> int | None:
    match fields.get("when"):
        case "now":
            return now_utc_ns
        case "minutes":
            minutes = fields.get("minutes", "").strip()
            if not re.fullmatch(r"[0-9]{1,3}", minutes) or int(minutes) > MOST_MINUTES:
                return None
            return now_utc_ns - int(minutes) * 60 * NS_PER_S
        case "time":
            return _last_time(fields.get("time", "").strip(), now_utc_ns, zone)
    return None


def _last_time(clock: str, now_utc_ns: int, zone: ZoneInfo) -> int | None:
    """Return when a clock at the site last showed this time of day."""
    match = re.fullmatch(r"([01]?[0-9]|2[0-3]):([0-5][0-9])(:[0-5][0-9])?", clock, re.ASCII)
    if match is None:
        return None
    now = datetime.datetime.fromtimestamp(now_utc_ns / NS_PER_S, zone)
    then = now.replace(hour=int(match[1]), minute=int(match[2]), second=0, microsecond=0)
    # The clocks are compared in UTC: on the night they change, a day of the zone has not 24 hours.
    if then.timestamp() > now.timestamp():
        then -= datetime.timedelta(days=1)
    return round(then.timestamp()) * NS_PER_S


def _where(fields: Fields, frame: LocalFrame) -> tuple[float | None, float | None, float | None] | None:
    """Return latitude, longitude and sigma, each None where they do not say; None where it is wrong."""
    match fields.get("where"):
        case "not_said":
            return None, None, None
        case "device":
            latitude_deg, longitude_deg, accuracy_m = (
                _number(fields.get(name, "")) for name in ("latitude", "longitude", "accuracy")
            )
            if latitude_deg is None or longitude_deg is None or accuracy_m is None or accuracy_m < 0:
                return None
            if abs(latitude_deg) > 90 or abs(longitude_deg) > 180:
                return None
            sigma_m = min(max(accuracy_m / RADIUS_95_SIGMAS, LEAST_SIGMA_M), MOST_SIGMA_M)
            return latitude_deg, longitude_deg, sigma_m
        case "site":
            eighth, distance = _eighth(fields.get("site_direction", "")), fields.get("distance", "")
            if eighth is None or distance not in {str(one) for one in DISTANCES_M}:
                return None
            away_rad, away_m = np.radians(eighth * EIGHTH_DEG), float(distance)
            at = frame.to_geodetic(np.array([np.sin(away_rad) * away_m, np.cos(away_rad) * away_m, 0.0]))
            return float(at[0]), float(at[1]), SHARE_OF_DISTANCE * away_m
    return None


def _eighth(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-7]", text) else None


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?[0-9]{1,7}(\.[0-9]{1,17})?", text.strip(), re.ASCII) else None
