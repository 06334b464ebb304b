"""The sensor contract: what a sensor that speaks no standard of its own sends us, as JSON.

One message is one JSON object, the same over HTTP, MQTT and NDJSON over TCP. It names its sensor, its time
and its sequence number, and is one of

| `type` | says |
|---|---|
| `detections` | what was detected in one dwell, and the sector looked at; none at all is information too |
| `claims` | what aircraft broadcast of themselves (a Remote ID or ADS-B receiver that has decoded it) |
| `status` | how the sensor is, where it stands and where it looks |
| `report` | what a person saw or heard |

Every measured quantity carries its 1-sigma; every name ends in its unit. Angles are degrees: bearings
clockwise from true north where the sensor stands, elevations up from the horizontal there. Positions are
WGS 84, heights above the ellipsoid. A field that is not in the contract is refused by name: a misspelt
optional field that was passed over would lose what its sender meant. Source: our own; the schema is generated
from these records (`contract_codec.schema`), and `docs/sensors/bring_your_own.md` tells it to people.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

LARGEST_SEQUENCE = 2**53 - 1  # the largest integer that every JSON reader keeps
MOST_DETECTIONS = 1_000
EARLIEST_UTC_NS = 946_684_800_000_000_000  # 2000-01-01
LATEST_UTC_NS = 4_102_444_800_000_000_000  # 2100-01-01

# A `$` alone would let a line end through.
Identifier = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]*$(?!\n)")]
Sequence = Annotated[
    int, Meta(ge=0, le=LARGEST_SEQUENCE, description="Counts up with each message; may restart at 0.")
]
Moment = (
    Annotated[datetime.datetime, Meta(tz=True, description="ISO 8601 with Z or an offset.")]
    | Annotated[
        int,
        Meta(ge=EARLIEST_UTC_NS, lt=LATEST_UTC_NS, description="Nanoseconds since 1970-01-01 UTC."),
    ]
)
Bearing = Annotated[float, Meta(ge=0, lt=360, description="Clockwise from true north.")]
Elevation = Annotated[float, Meta(ge=-90, le=90, description="Up from the horizontal.")]
AngleSigma = Annotated[float, Meta(ge=1e-6, le=90)]
Distance = Annotated[float, Meta(gt=0, le=500_000)]
LengthSigma = Annotated[float, Meta(ge=1e-3, le=100_000)]
RangeRate = Annotated[float, Meta(ge=-2_000, le=2_000, description="Positive when receding.")]
SpeedSigma = Annotated[float, Meta(ge=1e-3, le=500)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
Height = Annotated[float, Meta(ge=-500, le=30_000, description="Above the WGS 84 ellipsoid.")]
Decibels = Annotated[float, Meta(ge=-200, le=200)]
Short = Annotated[str, Meta(max_length=64)]
Text = Annotated[str, Meta(max_length=2_000)]


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One object of the contract."""


class Sector(_Part, frozen=True, kw_only=True):
    """The sector looked at, clockwise from one bearing to another; 0 to 360 is all round."""

    from_deg: Bearing
    to_deg: Annotated[float, Meta(ge=0, le=360)]

    def __post_init__(self) -> None:
        if self.from_deg == self.to_deg:
            wrong("to_deg", f"{self.to_deg:g}", "another bearing than from_deg; all round is 0 to 360")


class Signal(_Part, frozen=True, kw_only=True):
    """A radio signal. `emitter_id` is what it says of itself: a serial, or a 24-bit address in hex."""

    type: Annotated[str, Meta(min_length=1, max_length=64, description="Say `video`, `control`, `wifi`.")]
    protocol: Short = ""
    centre_frequency_hz: Annotated[float, Meta(gt=0, le=3e11)] | None = None
    bandwidth_hz: Annotated[float, Meta(gt=0, le=1e10)] | None = None
    power_dbm: Annotated[float, Meta(ge=-200, le=60)] | None = None
    emitter_id: Short = ""


class _Detection(_Part, frozen=True, kw_only=True, tag_field="kind"):
    """What any detection may carry. `label` is the sensor's own word for it."""

    signal: Signal | None = None
    snr_db: Decibels | None = None
    label: Short = ""


class BearingDetection(_Detection, frozen=True, kw_only=True, tag="bearing"):
    """The direction to a drone, to its controller, or to both; with elevation where the sensor has one.

    A detection that has a drone's bearing has its sigma, and so with the controller's.
    """

    bearing_deg: Bearing | None = None
    bearing_sigma_deg: AngleSigma | None = None
    elevation_deg: Elevation | None = None
    elevation_sigma_deg: AngleSigma | None = None
    controller_bearing_deg: Bearing | None = None
    controller_bearing_sigma_deg: AngleSigma | None = None

    def __post_init__(self) -> None:
        together(self, "bearing_deg", "bearing_sigma_deg")
        together(self, "elevation_deg", "elevation_sigma_deg")
        together(self, "controller_bearing_deg", "controller_bearing_sigma_deg")
        if self.bearing_deg is None and self.controller_bearing_deg is None:
            wrong("bearing_deg", "missing", "given, or controller_bearing_deg")
        if self.bearing_deg is None and self.elevation_deg is not None:
            wrong("bearing_deg", "missing", "given with elevation_deg")


class RangeBearingDetection(_Detection, frozen=True, kw_only=True, tag="range_bearing"):
    """A small radar's plot: slant range and bearing, with elevation and range rate where it measures them."""

    range_m: Distance
    range_sigma_m: LengthSigma
    bearing_deg: Bearing
    bearing_sigma_deg: AngleSigma
    elevation_deg: Elevation | None = None
    elevation_sigma_deg: AngleSigma | None = None
    range_rate_mps: RangeRate | None = None
    range_rate_sigma_mps: SpeedSigma | None = None
    rcs_dbsm: Annotated[float, Meta(ge=-80, le=80)] | None = None

    def __post_init__(self) -> None:
        together(self, "elevation_deg", "elevation_sigma_deg")
        together(self, "range_rate_mps", "range_rate_sigma_mps")


class PositionDetection(_Detection, frozen=True, kw_only=True, tag="position"):
    """A place that was measured, as by time differences between receivers; not one that was claimed."""

    latitude_deg: Latitude
    longitude_deg: Longitude
    sigma_horizontal_m: Annotated[LengthSigma, Meta(description="Of each horizontal axis.")]
    height_hae_m: Height | None = None
    sigma_vertical_m: LengthSigma | None = None

    def __post_init__(self) -> None:
        together(self, "height_hae_m", "sigma_vertical_m")


class PresenceDetection(_Detection, frozen=True, kw_only=True, tag="presence"):
    """Something is within so many metres of the sensor, nobody knows where."""

    range_max_m: Distance


Detection = BearingDetection | RangeBearingDetection | PositionDetection | PresenceDetection


class _Message(_Part, frozen=True, kw_only=True, tag_field="type"):
    """What every message carries."""

    sensor_id: Identifier
    sequence: Sequence
    time_utc: Moment
    version: Literal[1] = 1

    @property
    def time_utc_ns(self) -> int:
        """Return the time as everyone here keeps it."""
        return moment_utc_ns(self.time_utc)

    def __post_init__(self) -> None:
        if not EARLIEST_UTC_NS <= self.time_utc_ns < LATEST_UTC_NS:
            wrong("time_utc", str(self.time_utc), "from 2000 to 2099")


class Detections(_Message, frozen=True, kw_only=True, tag="detections"):
    """One dwell. All detections of a message are of one kind, with elevation in all or in none: a message
    is one look, and one look is one measurement. `sector` left out means the whole field of view.
    """

    detections: Annotated[tuple[Detection, ...], Meta(max_length=MOST_DETECTIONS)]
    sector: Sector | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        kinds = [type(detection) for detection in self.detections]
        for row, kind in enumerate(kinds):
            if kind is not kinds[0]:
                wrong(
                    f"detections[{row}].kind", _tag(kind), f"{_tag(kinds[0])}, as the first of this message"
                )
        raised = [
            getattr(one, "elevation_deg", None) is not None for one in self.detections if has_bearing(one)
        ]
        if any(raised) and not all(raised):
            wrong("detections", "elevation_deg in some", "in all of a message or in none: send two messages")


class Claimed(_Part, frozen=True, kw_only=True):
    """One aircraft, as it says itself. Sigmas are what its own accuracy fields mean."""

    claimed_id: Annotated[str, Meta(min_length=1, max_length=64)]
    latitude_deg: Latitude
    longitude_deg: Longitude
    height_hae_m: Height
    sigma_horizontal_m: LengthSigma
    sigma_vertical_m: LengthSigma
    kind: Literal["remote_id", "adsb", "network_remote_id", "telemetry"] = "remote_id"
    ground_speed_mps: Annotated[float, Meta(ge=0, le=1_000)] | None = None
    course_deg: Bearing | None = None
    vertical_speed_mps: Annotated[float, Meta(ge=-200, le=200)] | None = None
    operator_id: Short = ""
    operator_latitude_deg: Latitude | None = None
    operator_longitude_deg: Longitude | None = None
    aircraft_category: Short = ""
    rssi_dbm: Annotated[float, Meta(ge=-200, le=60)] | None = None

    def __post_init__(self) -> None:
        together(self, "ground_speed_mps", "course_deg")
        together(self, "operator_latitude_deg", "operator_longitude_deg")


class Claims(_Message, frozen=True, kw_only=True, tag="claims"):
    """What aircraft broadcast of themselves; evidence, never a measurement."""

    claims: Annotated[tuple[Claimed, ...], Meta(max_length=MOST_DETECTIONS)]


class Status(_Message, frozen=True, kw_only=True, tag="status"):
    """How the sensor is, where it stands and where it looks; left out is not known."""

    state: Literal["ok", "degraded", "failed", "off"]
    says: Annotated[str, Meta(max_length=500)] = ""
    latitude_deg: Latitude | None = None
    longitude_deg: Longitude | None = None
    height_hae_m: Height | None = None
    sector: Sector | None = None
    range_max_m: Distance | None = None
    latency_s: Annotated[float, Meta(ge=0, le=3_600)] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        together(self, "latitude_deg", "longitude_deg")
        together(self, "latitude_deg", "height_hae_m")


class PersonReport(_Message, frozen=True, kw_only=True, tag="report"):
    """What a person noticed, in their own words. `time_utc` is when they say it was; the place is where they
    were, and the bearing, where they know it, leads from there to what they noticed.
    """

    what: Literal["heard", "saw", "filmed", "other"]
    text: Annotated[str, Meta(min_length=1, max_length=2_000)]
    latitude_deg: Latitude | None = None
    longitude_deg: Longitude | None = None
    sigma_m: LengthSigma | None = None
    bearing_deg: Bearing | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        together(self, "latitude_deg", "longitude_deg")
        together(self, "latitude_deg", "sigma_m")


Message = Detections | Claims | Status | PersonReport


def has_bearing(detection: Detection) -> bool:
    """Return whether a detection has the bearing of a drone."""
    return getattr(detection, "bearing_deg", None) is not None


def moment_utc_ns(moment: datetime.datetime | int) -> int:
    """Return a time of the contract in nanoseconds, exactly."""
    if isinstance(moment, int):
        return moment
    since = moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    return ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 1_000


def wrong(field: str, found: str, must: str) -> None:
    """Refuse a record while it is built; `contract_codec` puts the path before the field."""
    raise ValueError("\x1f".join((field, found, must)))


def together(record: msgspec.Struct, one: str, other: str) -> None:
    """Refuse a record that has one of two fields that mean nothing apart."""
    for missing, given in ((one, other), (other, one)):
        if getattr(record, missing) is None and getattr(record, given) is not None:
            wrong(missing, "missing", f"given with {given}")


def _tag(kind: type[msgspec.Struct]) -> str:
    return str(kind.__struct_config__.tag)
