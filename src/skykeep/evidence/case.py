"""The case: everything that a dossier tells of one night, as one frozen record.

Whoever ran the night fills it in from what was logged; the dossier prints it and adds nothing. A list that is
empty is printed as *none*, never left out: an investigator must see that somebody looked.
"""

from __future__ import annotations

import msgspec

from skykeep.domain.airspace import AirspaceVerdict
from skykeep.domain.casework import AddMedia
from skykeep.domain.identity import ClaimTest
from skykeep.domain.incident import Incident
from skykeep.domain.orders import StandingOrder
from skykeep.domain.permit import Permit
from skykeep.domain.place import Point
from skykeep.domain.posture import Occupancy, Posture
from skykeep.domain.response import Alert, DebrisFootprint, EffectOrder, EffectOutcome, Proposal, Task
from skykeep.domain.sensing import Report, Sensor
from skykeep.domain.site import Site
from skykeep.domain.statement import StatementMatrix
from skykeep.domain.threat import Interval


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """One flying thing from first to last: an intruder, or a flight that had leave.

    `looks` is for the map: hostile, suspect, unknown, neutral or friend. `breach_when_alerted` is the time to
    breach as it was estimated when the first alert was raised. `warning_s` is from that alert to the breach
    that would have come had nothing been done: only a simulation knows it, None where there was no alert or
    no breach was to come. `verdicts` are those that changed, in order, each with when it was reached.
    `outcome` is a sentence. `redacted` are those of `claims` and `verdicts` of which something was taken out
    of the log.
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
    breach_when_alerted: Interval | None = None
    redacted: tuple[str, ...] = ()


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """Something that a named person decided; `on` says about which alert or proposal, `basis` on what
    document they decided, "" where none is cited; `kind` is the command as the log calls it.
    """

    time_utc_ns: int
    by: str
    role: str
    decided: str
    on: str
    basis: str = ""
    kind: str = ""


class AlertTitle(msgspec.Struct, frozen=True, kw_only=True):
    """What an alert was called from a time on, until its next title or the end."""

    alert_id: str
    from_utc_ns: int
    title: str


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


NOT_MADE_AGAIN = "None yet: `skykeep dossier NIGHT --fresh` makes them again."
"""What the case of a long watch says of its decisions, where it was made from what the watch remembered."""


class LogReference(msgspec.Struct, frozen=True, kw_only=True):
    """Which log the dossier rests on: its file's name, its length, and the note of its last checkpoint, with
    the lines of whoever signed it.

    `replay_identical` is None where not every decision could be made again, and `replay_says` why, or what
    came out otherwise. `redacted_by` are those who took something out of it of their own accord, with the
    reasons that they gave in `redacted_because`.
    """

    file: str
    entries: int
    note: str
    verified: bool
    replay_identical: bool | None
    replay_says: str = ""
    redacted_by: tuple[str, ...] = ()
    redacted_because: tuple[str, ...] = ()

    @property
    def signed_by(self) -> tuple[str, ...]:
        """The names of the keys that signed the note: what it says, unchecked."""
        return tuple(line.split()[1] for line in self.note.splitlines() if line.startswith("\u2014 "))


class KnownTrack(msgspec.Struct, frozen=True, kw_only=True):
    """One track as it stood at a moment; `looks` as in `Story`, `percent` how sure its class was, to ten."""

    track_id: int
    status: str
    looks: str
    target_class: str
    percent: int
    claimed_id: str
    permission: str
    document: str
    position_enu_m: Point
    speed_mps: float
    asset_id: str = ""
    priority: float | None = None
    breach: Interval | None = None


class LateItem(msgspec.Struct, frozen=True, kw_only=True):
    """Something about a moment that came in after it: `count` messages of one source. The one that took
    longest is about `event_utc_ns` and came in at `received_utc_ns`.
    """

    source: str
    kind: str
    says: str
    count: int
    event_utc_ns: int
    received_utc_ns: int


class LateRedacted(msgspec.Struct, frozen=True, kw_only=True):
    """Messages of one kind (`scan`, `claim`, `report`) that came in after a moment, the first and the last at
    these times, and were redacted whole: whether they were about it is gone with them.
    """

    kind: str
    count: int
    first_received_utc_ns: int
    last_received_utc_ns: int


class KnownThen(msgspec.Struct, frozen=True, kw_only=True):
    """What was known at a moment: what the log held by then, and nothing that came later.

    `because` says why this moment; `entries` is how many entries the log held. Alerts, tasks and proposals
    are as they stood; `late` is what came later about this moment or the minute before it, `late_redacted`
    what came later and says no longer what it was about.
    """

    at_utc_ns: int
    because: str
    entries: int
    picture_utc_ns: int | None
    tracks: tuple[KnownTrack, ...]
    alerts: tuple[Alert, ...]
    tasks: tuple[Task, ...]
    proposals: tuple[Proposal, ...]
    effect_orders: tuple[EffectOrder, ...]
    track_orders: tuple[StandingOrder, ...]
    posture: Posture | None
    occupancies: tuple[Occupancy, ...]
    late: tuple[LateItem, ...]
    late_redacted: tuple[LateRedacted, ...] = ()


class Withheld(msgspec.Struct, frozen=True, kw_only=True):
    """One field that was withheld: how many times, why, and from which level on it is shown
    (`skykeep.evidence.levels`).
    """

    path: str
    why: str
    from_level: str
    count: int


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One night. `summary`, `not_known` and `method` are sentences; `footprints` those that were shown before
    a decision; `truth_known` whether what really flew is known, as only of a simulation. `configuration` and
    `software` are names with their values. `statements` is None where nobody filed any; `incidents` and
    `media` are of the case that goes with the night. `withheld` is what was redacted in the
    log, and what the level at which it is shown took away. `alerts` are as they stood last; `alert_titles`
    and `effect_orders`, in order of time, are empty in a case that was made before they were kept.
    `told_from_log` where something was redacted and the night is told as its log says it: class probabilities
    are then to ten per cent.
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
    not_known: tuple[str, ...]
    method: tuple[str, ...]
    log: LogReference
    map: MapFigure
    track_orders: tuple[StandingOrder, ...] = ()
    truth_known: bool = False
    known: tuple[KnownThen, ...] = ()
    statements: StatementMatrix | None = None
    incidents: tuple[Incident, ...] = ()
    media: tuple[AddMedia, ...] = ()
    configuration: tuple[tuple[str, str], ...] = ()
    software: tuple[tuple[str, str], ...] = ()
    withheld: tuple[Withheld, ...] = ()
    alert_titles: tuple[AlertTitle, ...] = ()
    effect_orders: tuple[EffectOrder, ...] = ()
    told_from_log: bool = False
