"""The case: everything that a dossier tells of one night, as one frozen record.

Whoever ran the night fills it in from what was logged; the dossier prints it and adds nothing. A list that is
empty is printed as *none*, never left out: an investigator must see that somebody looked.
"""

from __future__ import annotations

import msgspec

from skykeep.domain.airspace import AirspaceVerdict
from skykeep.domain.identity import ClaimTest
from skykeep.domain.orders import StandingOrder
from skykeep.domain.permit import Permit
from skykeep.domain.place import Point
from skykeep.domain.record import Statement
from skykeep.domain.response import Alert, DebrisFootprint, EffectOutcome, Proposal, Task
from skykeep.domain.sensing import Report, Sensor
from skykeep.domain.site import Site


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """One flying thing from first to last: an intruder, or a flight that had leave.

    `looks` is for the map: hostile, suspect, unknown, neutral or friend. `warning_s` is from the first alert
    to the breach that would have come had nothing been done; None when there was no alert, or no breach to
    come. `verdicts` are those that changed, in order, each with when it was reached. `outcome` is a sentence.
    """

    name: str
    looks: str
    track_ids: tuple[int, ...]
    target_class: str
    class_probability: float
    first_seen_utc_ns: int
    first_seen_by: str
    last_seen_utc_ns: int
    claims: tuple[ClaimTest, ...]
    verdicts: tuple[tuple[int, AirspaceVerdict], ...]
    grounds: tuple[str, ...]
    alert_ids: tuple[str, ...]
    alerted_utc_ns: int | None
    warning_s: float | None
    outcome: str


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a named person decided; `on` says about which alert or proposal."""

    time_utc_ns: int
    by: str
    role: str
    decided: str
    on: str


class SensorHealth(msgspec.Struct, frozen=True, kw_only=True):
    """What came from one sensor: `longest_silence_s` between two messages, None when it sent fewer than two;
    `says` is a sentence when something was wrong with it, else "".
    """

    sensor: Sensor
    messages: int
    detections: int
    rejected: int
    longest_silence_s: float | None
    says: str = ""


class MapTrack(msgspec.Struct, frozen=True, kw_only=True):
    """One track on the map; `looks` as in `Story`. Times and points go together, points east and north in
    metres.
    """

    label: str
    looks: str
    times_utc_ns: tuple[int, ...]
    points_enu_m: tuple[Point, ...]


class MapFigure(msgspec.Struct, frozen=True, kw_only=True):
    """What the map shows beside the site's own zones, assets and sensors; all in metres east and north.

    `extent_enu_m` is west, south, east, north. Water and green are rings, the rest lines. `credit` is printed
    under the map.
    """

    extent_enu_m: tuple[float, float, float, float]
    water: tuple[tuple[Point, ...], ...] = ()
    green: tuple[tuple[Point, ...], ...] = ()
    coast: tuple[tuple[Point, ...], ...] = ()
    major_roads: tuple[tuple[Point, ...], ...] = ()
    minor_roads: tuple[tuple[Point, ...], ...] = ()
    tracks: tuple[MapTrack, ...] = ()
    credit: str = ""


class LogReference(msgspec.Struct, frozen=True, kw_only=True):
    """Which log the dossier rests on: its file's name, its length, and the note of its last checkpoint."""

    file: str
    entries: int
    note: str
    verified: bool
    replay_identical: bool | None


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One night. `summary`, `not_known` and `method` are sentences; `footprints` those that were shown before
    a decision.
    """

    case_id: str
    title: str
    site: Site
    start_utc_ns: int
    end_utc_ns: int
    simulated: bool
    version: str
    summary: tuple[str, ...]
    stories: tuple[Story, ...]
    authorised: tuple[Story, ...]
    permits_used: tuple[Permit, ...]
    alerts: tuple[Alert, ...]
    decisions: tuple[Decision, ...]
    tasks: tuple[Task, ...]
    proposals: tuple[Proposal, ...]
    outcomes: tuple[EffectOutcome, ...]
    footprints: tuple[DebrisFootprint, ...]
    sensors: tuple[SensorHealth, ...]
    reports: tuple[Report, ...]
    statements: tuple[Statement, ...]
    not_known: tuple[str, ...]
    method: tuple[str, ...]
    log: LogReference
    map: MapFigure
    track_orders: tuple[StandingOrder, ...] = ()
