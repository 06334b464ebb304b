"""What the console and the server say to each other: `docs/console_protocol.md` as frozen records.

Times are nanoseconds since the Unix epoch; on the wire an int64 in msgpack and a decimal string in JSON,
because a JavaScript number would lose the last digits. Longitude comes first in every `(lon_deg, lat_deg)`
point. The one message that is not here is `picture`: it is columns, not records, and `encode.py` makes it.
What the page sends is in `commands.py`.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from skykeep.api.alert_messages import Alerts as Alerts
from skykeep.api.alert_messages import AlertView as AlertView
from skykeep.api.duty_messages import Duty as Duty
from skykeep.api.order_messages import Orders as Orders
from skykeep.api.register_messages import AirspaceView as AirspaceView
from skykeep.api.register_messages import Permits as Permits
from skykeep.api.register_messages import Restrictions as Restrictions
from skykeep.api.register_messages import Zones as Zones
from skykeep.api.register_messages import ZoneView as ZoneView
from skykeep.api.sensor_messages import SensorHealth as SensorHealth
from skykeep.api.sensor_messages import SensorView as SensorView
from skykeep.api.track_messages import ClaimCheckView as ClaimCheckView
from skykeep.api.track_messages import ClassEvidenceView as ClassEvidenceView
from skykeep.api.track_messages import DetailClaim as DetailClaim
from skykeep.api.track_messages import ThreatView as ThreatView
from skykeep.api.track_messages import TrackDetails as TrackDetails

PROTOCOL = 1

Mode = Literal["LIVE", "REPLAY", "SIMULATION"]
Point = tuple[float, float]
Ring = tuple[Point, ...]


class _Record(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a message."""


# --- hello: who and where we are -------------------------------------------------------------------------


class OriginView(_Record, frozen=True, kw_only=True):
    lat_deg: float
    lon_deg: float
    height_hae_m: float


class TilesView(_Record, frozen=True, kw_only=True):
    """Where the page finds its map: paths on this server, never anywhere else."""

    url: str
    attribution: str
    terrain_url: str | None = None


class RingView(_Record, frozen=True, kw_only=True):
    name: str
    radius_m: float


class AssetView(_Record, frozen=True, kw_only=True):
    id: str
    name: str
    kind: str
    lat_deg: float
    lon_deg: float
    rings: tuple[RingView, ...] = ()
    footprint: Ring | None = None


class Site(_Record, frozen=True, kw_only=True):
    name: str
    origin: OriginView
    tiles: TilesView
    assets: tuple[AssetView, ...] = ()
    zones: tuple[ZoneView, ...] = ()
    sensors: tuple[SensorView, ...] = ()
    # How far from the origin there is something to see, where no asset tells.
    extent_m: float | None = None
    # Whose clock the place goes by: an IANA name.
    time_zone: str = "UTC"


class PersonView(_Record, frozen=True, kw_only=True):
    id: str
    name: str
    role: str
    may_approve: bool = False
    rights: tuple[str, ...] = ()


class Hello(_Record, frozen=True, kw_only=True, tag_field="type", tag="hello"):
    """The first message on every socket. Columns index the tables `classes`, `standings` and `statuses`."""

    protocol: int = PROTOCOL
    mode: Mode
    scenario: str | None = None
    seed: int | None = None
    start_utc_ns: int
    end_utc_ns: int | None = None
    site: Site
    classes: tuple[str, ...]
    standings: tuple[str, ...]
    statuses: tuple[str, ...]
    people: tuple[PersonView, ...] = ()
    can_control_time: bool = False


# --- whole lists, sent whenever one entry changes --------------------------------------------------------


class ClaimView(_Record, frozen=True, kw_only=True):
    """What an aircraft says of itself: drawn hollow until a sensor agrees."""

    source: str
    claimed_id: str
    lon: float
    lat: float
    height_m: float
    course_deg: float
    matched_track: int | None = None
    verdict: Literal["consistent", "contradicted", "untested"] = "untested"


class Claims(_Record, frozen=True, kw_only=True, tag_field="type", tag="claims"):
    claims: tuple[ClaimView, ...] = ()


class DebrisView(_Record, frozen=True, kw_only=True):
    percent: Literal[50, 95, 99]
    polygon: Ring


class OptionView(_Record, frozen=True, kw_only=True):
    """One option. Where it would fall and on how many comes first, in this record as in every view of it:
    None and no rings where that could not be reckoned. `if_nothing` stands beside each.
    """

    persons_expected: float | None
    persons_error: float | None = None
    persons_at_most: float | None = None
    debris: tuple[DebrisView, ...] = ()
    if_nothing: str = ""
    id: str
    name: str
    layer: Literal["soft", "hard"]
    says: str
    success_percent: float
    delay_s: float
    results: tuple[tuple[str, float], ...] = ()
    rests_on: tuple[str, ...] = ()


class IfNothingView(_Record, frozen=True, kw_only=True):
    """What comes down at the asset if nothing is done: beside every option, in the same terms."""

    persons_expected: float
    persons_error: float
    debris: tuple[DebrisView, ...] = ()
    rests_on: tuple[str, ...] = ()


class ApprovalView(_Record, frozen=True, kw_only=True):
    by: str
    role: str
    time_utc_ns: int
    option_id: str
    proven_by: str = ""


class ProposalView(_Record, frozen=True, kw_only=True):
    """A response that people may approve; the consequences of its options come first. `simulated` has one
    value: there is no other kind. A yes carries `terms_sha256` back.
    """

    options: tuple[OptionView, ...]
    id: str
    alert_id: str
    state: Literal["proposed", "approved", "refused", "expired", "withdrawn", "carried_out"]
    simulated: Literal[True] = True
    expires_utc_ns: int
    if_nothing: str
    if_nothing_debris: IfNothingView | None = None
    chosen_option: str | None = None
    outcome: str | None = None
    approvals: tuple[ApprovalView, ...] = ()
    approvals_needed: int
    roles_needed: tuple[str, ...] = ()
    roles_missing: tuple[str, ...] = ()
    proposed_by: str = ""
    because: str = ""
    authority: str = ""
    legal_basis: str = ""
    posture: str = ""
    terms_sha256: str = ""


class Proposals(_Record, frozen=True, kw_only=True, tag_field="type", tag="proposals"):
    proposals: tuple[ProposalView, ...] = ()


class TaskView(_Record, frozen=True, kw_only=True):
    id: str
    alert_id: str
    text: str
    owner: str
    due_utc_ns: int
    state: Literal["open", "taken", "done", "overdue", "called_off"]
    done_by: str | None = None
    asset: str = ""
    opened_utc_ns: int = 0
    done_utc_ns: int | None = None
    because: str = ""
    taken_by: str | None = None
    called_off_because: str | None = None
    called_off_by: str | None = None
    told: str | None = None
    notes: tuple[str, ...] = ()


class Tasks(_Record, frozen=True, kw_only=True, tag_field="type", tag="tasks"):
    tasks: tuple[TaskView, ...] = ()


# --- single facts ----------------------------------------------------------------------------------------


class ReportView(_Record, frozen=True, kw_only=True):
    """Which of people's reports a line tells of, so that it can be graded."""

    sensor_id: str
    sequence: int


class Caption(_Record, frozen=True, kw_only=True, tag_field="type", tag="caption"):
    """`about_utc_ns` is when what it tells of happened, where it was told late; None where it was not."""

    time_utc_ns: int
    text: str
    kind: Literal["narration", "event"]
    report: ReportView | None = None
    about_utc_ns: int | None = None


class Counts(_Record, frozen=True, kw_only=True):
    tracks: int = 0
    detections: int = 0
    rejected: int = 0
    log_entries: int = 0


class Status(_Record, frozen=True, kw_only=True, tag_field="type", tag="status"):
    """How the system is. The source says it for the newest moment; the server sets `following` per socket.

    `moved` are the sensors that have said where they stand or look, as they said it last.
    """

    time_utc_ns: int
    mode: Mode
    playing: bool
    speed: float = 1.0
    following: bool = True
    start_utc_ns: int
    end_utc_ns: int | None = None
    latest_utc_ns: int
    sensors: tuple[SensorHealth, ...] = ()
    moved: tuple[SensorView, ...] = ()
    counts: Counts = Counts()
    light: Literal["night", "day"] = "day"


class Finished(_Record, frozen=True, kw_only=True, tag_field="type", tag="finished"):
    """The night is over. `summary` is the object that `--json` prints."""

    summary: dict[str, Any]
    dossier_url: str | None = None


class Refused(_Record, frozen=True, kw_only=True, tag_field="type", tag="refused"):
    command: str
    why: str


WholeList = Alerts | Proposals | Tasks | Duty | Claims | Orders | Permits | Restrictions | Zones
Event = WholeList | Caption | Status | Finished
ServerMessage = Hello | Event | Refused | TrackDetails
