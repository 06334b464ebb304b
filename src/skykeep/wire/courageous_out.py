"""Our tracks as a COURAGEOUS document.

Each unbroken part of a track is a set of records of its own under the track's number as `uas_id`, as the
format's guide asks: a part ends where no sensor saw the track of late. What is written: `Position3d`, the
velocity, `UAV` where multirotor and fixed-wing together are likelier than not, `Other` where bird, aircraft
and other are, else `Unknown`. The alarm is active while an alert stood on the track; its certainty is how
likely the track is there and is a drone (of a night told from a redacted log: if it is there; where it was
taken for something else, the share that was left). The system stands at the site's origin.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from skykeep.domain.identity import TargetClass
from skykeep.domain.track import TrackReport, TrackStatus
from skykeep.wire import courageous as c
from skykeep.wire.outgoing import Alarmed, Outgoing, class_word, geoid_m, is_placed, standing_word

VENDOR, SYSTEM = "Skykeep", "Skykeep"
NS_PER_MS = 1_000_000
_DRONES = (TargetClass.MULTIROTOR, TargetClass.FIXED_WING)


def document_of(outgoing: Outgoing, left_out: Counter[str]) -> c.Document:
    """Return the document; `left_out` counts reports that it cannot hold, by the member that forbids it."""
    origin = outgoing.site.origin
    system = c.Place(
        lat_deg=origin.latitude_deg,
        lon_deg=origin.longitude_deg,
        height_amsl_m=origin.height_hae_m - geoid_m(outgoing.tracks),
    )
    number = 0
    sets = []
    alarmed: dict[int, list[Alarmed]] = {}
    for alarm in outgoing.alarmed:
        alarmed.setdefault(alarm.track_id, []).append(alarm)
    for track in outgoing.tracks:
        for part in _parts(track):
            records = []
            for report in part:
                record = _record(report, number, alarmed.get(report.track_id, []))
                wrong = None if record is None else c.why_not(record)
                if record is None or wrong is not None:
                    left_out["location" if wrong is None else wrong.field] += 1
                    continue
                records.append(record)
                number += 1
            if records:
                name = part[-1].name
                sets.append(c.TrackSet(uas_id=part[0].track_id, name=name, records=tuple(records)))
    return c.Document(
        static_cuas_location=system,
        vendor_name=VENDOR,
        system_name=f"{SYSTEM} {outgoing.version}".strip(),
        detection=(),
        tracks=tuple(sets),
        version=c.VERSION,
    )


def encode(outgoing: Outgoing, left_out: Counter[str]) -> bytes:
    """Return the document as JSON."""
    return c.encode(document_of(outgoing, left_out))


def _parts(track: tuple[TrackReport, ...]) -> Iterator[list[TrackReport]]:
    part: list[TrackReport] = []
    for report in track:
        if report.status is TrackStatus.COASTING:
            if part:
                yield part
            part = []
        else:
            part.append(report)
    if part:
        yield part


def _record(report: TrackReport, number: int, alarmed: list[Alarmed]) -> c.TrackRecord | None:
    if not is_placed(report) or report.height_amsl_m != report.height_amsl_m:
        return None
    east_mps, north_mps, up_mps = (round(rate, 3) for rate in report.velocity_enu_mps)
    drone = min(sum(report.class_probabilities[kind] for kind in _DRONES), 1.0)
    certainty = report.existence * drone
    if math.isnan(report.existence):
        # Told from a log, which keeps the likeliest class alone: if the track is there, and no more than so.
        certainty = drone if report.target_class in _DRONES else 1.0 - max(report.class_probabilities)
    return c.TrackRecord(
        time_utc_ms=report.time_utc_ns // NS_PER_MS,
        record_number=number,
        classification=_classification(report, drone),
        alarm=c.Alarm(
            active=any(_stands(alarm, report.time_utc_ns) for alarm in alarmed),
            certainty=round(min(max(certainty, 0.0), 1.0), 4),
        ),
        location=c.Position3d(
            lat_deg=round(report.latitude_deg, 8),
            lon_deg=round(report.longitude_deg, 8),
            height_amsl_m=round(report.height_amsl_m, 3),
        ),
        velocity=c.Velocity(east_mps=east_mps, north_mps=north_mps, up_mps=up_mps),
        identification=_identification(report),
    )


def _stands(alarm: Alarmed, time_utc_ns: int) -> bool:
    return alarm.from_utc_ns <= time_utc_ns and (alarm.to_utc_ns is None or time_utc_ns < alarm.to_utc_ns)


def _classification(report: TrackReport, drone: float) -> c.Classification:
    if drone >= 0.5:
        return c.Classification.UAV
    judged = class_word(report) != "unknown"
    return (
        c.Classification.OTHER
        if judged and sum(report.class_probabilities) - drone > 0.5
        else (c.Classification.UNKNOWN)
    )


def _identification(report: TrackReport) -> str:
    permit = f"permit {report.permit_id}" if report.permit_id else ""
    said = (class_word(report).replace("_", " "), standing_word(report), report.claimed_id, permit)
    return ", ".join(word for word in said if word)
