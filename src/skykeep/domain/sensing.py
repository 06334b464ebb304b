"""What sensors tell us: scans of detections, claims that aircraft make of themselves, and people's reports.

The unit of flow is a `Scan`: one sensor's detections for one dwell, as columns. A *claim* is what something
broadcasts about itself (Remote ID, ADS-B); it is evidence, never a measurement.
"""

from __future__ import annotations

import enum

import msgspec
import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.domain.place import Vector


class SensorKind(enum.StrEnum):
    RADAR = "radar"
    RF_DIRECTION_FINDER = "rf_direction_finder"
    REMOTE_ID = "remote_id"
    ADSB = "adsb"
    CAMERA = "camera"
    ACOUSTIC = "acoustic"
    PEOPLE = "people"


class MeasurementKind(enum.StrEnum):
    """What the columns of `Scan.measured` hold, in order; columns not named are NaN.

    Azimuth is clockwise from north in [0, 2 pi), elevation up from the horizontal, range rate positive when
    receding.
    """

    RANGE_AZIMUTH_ELEVATION = (
        "range_azimuth_elevation"  # range_m, azimuth_rad, elevation_rad, range_rate_mps or NaN
    )
    AZIMUTH = "azimuth"  # azimuth_rad
    AZIMUTH_ELEVATION = "azimuth_elevation"  # azimuth_rad, elevation_rad
    POSITION = "position"  # east_m, north_m, up_m in the site frame


class SignalModel(msgspec.Struct, frozen=True, kw_only=True):
    """How strong a radar's echoes are.

    The mean signal to noise, after processing, is `snr_db` for a target of `rcs_dbsm` at `range_m` and falls
    with the fourth power of range. `false_alarm_probability` per cell sets the threshold: a fading (Swerling
    1) target of mean signal to noise S is seen with that probability to the power 1 / (1 + S).
    """

    snr_db: float
    rcs_dbsm: float
    range_m: float
    false_alarm_probability: float


class Sensor(msgspec.Struct, frozen=True, kw_only=True):
    """One sensor as configured: where it stands, what it sees and how well.

    `sigma` holds the nominal standard deviations of the measured columns. `detection_probability` is for
    one look at a small drone well inside range. `clutter_per_scan` is the mean number of false detections
    in one full scan. It sees clockwise from `azimuth_from_rad` to `azimuth_to_rad`; 0 to 2 pi is all round.
    `coverage_range_m` is what is drawn. `independent` is False where detections are only what the target
    says of itself, so they may not start a track.

    Constant errors it may have, each a 1-sigma before anything is known, 0 where it is surveyed:
    `bias_sigma` of range (m), azimuth and elevation (rad), `clock_bias_sigma_s` of its time stamps,
    `position_bias_sigma_m` of each axis of where it stands. Targets closer than `resolution` in range (m),
    azimuth and elevation (rad), all of those named, give one detection. Targets whose range changes by less
    than `minimum_speed_mps` are often lost. `signal` says how strong its echoes are, where that is known.
    """

    sensor_id: str
    name: str
    kind: SensorKind
    measures: MeasurementKind | None
    position_enu_m: Vector
    coverage_range_m: float
    sigma: tuple[float, ...] = ()
    period_s: float = 1.0
    range_min_m: float = 0.0
    azimuth_from_rad: float = 0.0
    azimuth_to_rad: float = 2 * np.pi
    elevation_min_rad: float = -np.pi / 2
    elevation_max_rad: float = np.pi / 2
    detection_probability: float = 0.9
    clutter_per_scan: float = 1.0
    independent: bool = True
    bias_sigma: Vector = (0.0, 0.0, 0.0)
    clock_bias_sigma_s: float = 0.0
    position_bias_sigma_m: float = 0.0
    resolution: tuple[float, ...] = ()
    minimum_speed_mps: float = 0.0
    signal: SignalModel | None = None


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """One sensor's detections for one dwell; an empty scan is information too.

    `measured` and `sigma` have shape (n, 4), see `MeasurementKind`; sigma is the sensor's own 1-sigma of
    each component. `snr_db`, `rcs_dbsm` and `modulation_db` have shape (n,), NaN where the sensor does not
    say: signal to noise, radar cross-section, and power of rotor-like sidebands relative to the body line.
    `labels` has n entries (an emitter family, a serial, a 24-bit address) or is empty. A detection is named
    by (sensor_id, sequence, row). `azimuth_from_rad`, `azimuth_to_rad` bound the sector looked at,
    clockwise; None means the whole field of view.
    """

    sensor_id: str
    sequence: int
    kind: MeasurementKind
    time_utc_ns: int
    received_utc_ns: int
    measured: FloatArray
    sigma: FloatArray
    snr_db: FloatArray
    rcs_dbsm: FloatArray
    modulation_db: FloatArray
    labels: tuple[str, ...] = ()
    azimuth_from_rad: float | None = None
    azimuth_to_rad: float | None = None

    def __post_init__(self) -> None:
        n = self.measured.shape[0]
        if self.measured.shape != (n, 4) or self.sigma.shape != (n, 4):
            raise ValueError(
                f"measured {self.measured.shape} and sigma {self.sigma.shape} must both be (n, 4)"
            )
        for column in (self.snr_db, self.rcs_dbsm, self.modulation_db):
            if column.shape != (n,):
                raise ValueError(f"a column of shape {column.shape} must be ({n},)")
        if self.labels and len(self.labels) != n:
            raise ValueError(f"{len(self.labels)} labels for {n} detections")

    def __len__(self) -> int:
        return int(self.measured.shape[0])


def make_scan(
    *,
    sensor_id: str,
    sequence: int,
    kind: MeasurementKind,
    time_utc_ns: int,
    received_utc_ns: int,
    measured: FloatArray,
    sigma: FloatArray,
    snr_db: FloatArray | None = None,
    rcs_dbsm: FloatArray | None = None,
    modulation_db: FloatArray | None = None,
    labels: tuple[str, ...] = (),
    azimuth_from_rad: float | None = None,
    azimuth_to_rad: float | None = None,
) -> Scan:
    """Build a Scan from (n, k) columns with k <= 4, filling what is not given with NaN."""
    n = measured.shape[0]

    def four(columns: FloatArray) -> FloatArray:
        out = np.full((n, 4), np.nan)
        out[:, : columns.shape[1]] = columns
        return out

    def one(column: FloatArray | None) -> FloatArray:
        return np.full(n, np.nan) if column is None else np.asarray(column, dtype=np.float64)

    return Scan(
        sensor_id=sensor_id,
        sequence=sequence,
        kind=kind,
        time_utc_ns=time_utc_ns,
        received_utc_ns=received_utc_ns,
        measured=four(measured),
        sigma=four(sigma),
        snr_db=one(snr_db),
        rcs_dbsm=one(rcs_dbsm),
        modulation_db=one(modulation_db),
        labels=labels,
        azimuth_from_rad=azimuth_from_rad,
        azimuth_to_rad=azimuth_to_rad,
    )


class ClaimKind(enum.StrEnum):
    """How a claim reached us: broadcast by the aircraft, from a service over the network, or over the link
    of a drone that is ours or permitted.
    """

    REMOTE_ID = "remote_id"
    ADSB = "adsb"
    NETWORK_REMOTE_ID = "network_remote_id"
    TELEMETRY = "telemetry"


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """What something broadcasts about itself: who it is and where it says it is.

    `claimed_id` is a serial (CTA-2063-A) or a 24-bit address in hex. `sigma_m` is the 1-sigma the claim
    itself gives for its position (horizontal, vertical). `rssi_dbm` is the received strength, None when not
    known. `operator_id` may be empty.
    """

    sensor_id: str
    sequence: int
    kind: ClaimKind
    claimed_id: str
    time_utc_ns: int
    received_utc_ns: int
    position_enu_m: Vector
    velocity_enu_mps: Vector | None
    sigma_m: tuple[float, float]
    operator_id: str = ""
    operator_position_enu_m: Vector | None = None
    aircraft_category: str = ""
    rssi_dbm: float | None = None


class Reliability(enum.StrEnum):
    """How far a source can be relied on: the letter of the admiralty code."""

    COMPLETELY = "A"
    USUALLY = "B"
    FAIRLY = "C"
    NOT_USUALLY = "D"
    NOT = "E"
    CANNOT_BE_JUDGED = "F"


class Credibility(enum.IntEnum):
    """How credible what a source says is: the number of the admiralty code."""

    CONFIRMED = 1
    PROBABLY_TRUE = 2
    POSSIBLY_TRUE = 3
    DOUBTFUL = 4
    IMPROBABLE = 5
    CANNOT_BE_JUDGED = 6


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a person saw or heard, in their own words. `heard_utc_ns` is when they say it was.

    `position_enu_m` is where they were, with the 1-sigma of each horizontal axis where that is known, and
    `bearing_rad` (clockwise from north) leads from there to what they noticed. Nobody's word is graded
    before a person has graded it.
    """

    sensor_id: str
    sequence: int
    heard_utc_ns: int
    received_utc_ns: int
    position_enu_m: Vector
    text: str
    kind: str = "other"
    sigma_m: float | None = None
    bearing_rad: float | None = None
    reliability: Reliability = Reliability.CANNOT_BE_JUDGED
    credibility: Credibility = Credibility.CANNOT_BE_JUDGED


class SensorState(enum.StrEnum):
    """What a sensor says of itself."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"
    OFF = "off"


class SensorStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What a sensor says of itself: how it is, where it stands and where it looks; None where it does not
    say. `says` are its own words, or ours for a code of its standard.
    """

    sensor_id: str
    sequence: int
    time_utc_ns: int
    received_utc_ns: int
    state: SensorState
    says: str = ""
    position_enu_m: Vector | None = None
    azimuth_from_rad: float | None = None
    azimuth_to_rad: float | None = None
    range_max_m: float | None = None
    latency_s: float | None = None
