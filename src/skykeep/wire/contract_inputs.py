"""Messages of the sensor contract to records of ours: bearings turned into the site's frame, presences made
places, what was sent twice refused.

| message | becomes |
|---|---|
| bearings, with elevation or without | a Scan of azimuths (and elevations) |
| range and bearing | a Scan of range, azimuth and elevation |
| positions, presences | a Scan of positions |
| no detections | an empty Scan of what the sensor measures; a SensorStatus where that is nothing |
| the bearing of a controller | a SensorStatus that says so: whoever holds it does not fly |
| claims, status, report | Claim, SensorStatus, Report |
"""

from __future__ import annotations

import numpy as np

from skykeep.base.clock import NS_PER_S, iso_utc
from skykeep.base.compile import FloatArray
from skykeep.base.errors import DecodeError
from skykeep.domain.feed import Taken, refusal_of
from skykeep.domain.sensing import (
    Claim,
    ClaimKind,
    MeasurementKind,
    Report,
    Scan,
    Sensor,
    SensorKind,
    SensorState,
    SensorStatus,
    make_scan,
)
from skykeep.geo.frames import LocalFrame
from skykeep.wire.contract import (
    BearingDetection,
    Claimed,
    Claims,
    Detection,
    Detections,
    Message,
    PersonReport,
    RangeBearingDetection,
    Status,
)
from skykeep.wire.contract_codec import decode
from skykeep.wire.contract_stand import Stand, or_nan

REMEMBERED_SEQUENCES = 1_024
LARGEST_LEAD_S = 86_400
Record = Scan | Claim | Report | SensorStatus


class Memory:
    """Which messages of a sensor have come: each is taken once, in whatever order.

    A sequence number that falls is a restart where the time goes on, and late where it does not; what came
    before has the same number and the same time.
    """

    def __init__(self) -> None:
        self._newest = -1
        self._newest_utc_ns = 0
        self._seen: dict[tuple[int, int], None] = {}

    def check(self, message: Message) -> None:
        """Take note of a message; DecodeError for one that came before, or is too old to tell."""
        sequence, time_utc_ns = message.sequence, message.time_utc_ns
        is_newer = time_utc_ns > self._newest_utc_ns
        is_too_old = not is_newer and self._newest - sequence >= REMEMBERED_SEQUENCES
        if is_too_old or (sequence, time_utc_ns) in self._seen:
            why = "too old to tell" if is_too_old else "which came before"
            raise DecodeError(
                "sequence",
                f"{sequence} of {iso_utc(time_utc_ns)}, {why}",
                f"above {self._newest}, or a later time after a restart",
            )
        self._seen[sequence, time_utc_ns] = None
        if len(self._seen) > REMEMBERED_SEQUENCES:
            del self._seen[next(iter(self._seen))]
        if is_newer:
            self._newest, self._newest_utc_ns = sequence, time_utc_ns
        elif time_utc_ns == self._newest_utc_ns:
            self._newest = max(self._newest, sequence)


class ContractInputs:
    """Translates for one sensor, which stands where it is configured to stand."""

    def __init__(self, sensor: Sensor, frame: LocalFrame) -> None:
        self._sensor = sensor
        self._stand = Stand(sensor, frame)
        self._memory = Memory()
        self._sequence = 0

    def take(self, data: bytes, received_utc_ns: int) -> Taken:
        """Take one message; whatever it holds, never raise."""
        try:
            message = decode(data)
            self._check(message, received_utc_ns)
        except DecodeError as error:
            return Taken(refusals=(refusal_of(error, data),))
        return Taken(records=tuple(self._records(message, received_utc_ns)))

    def _check(self, message: Message, received_utc_ns: int) -> None:
        if message.sensor_id != self._sensor.sensor_id:
            raise DecodeError("sensor_id", message.sensor_id, self._sensor.sensor_id)
        if isinstance(message, PersonReport) and self._sensor.kind is not SensorKind.PEOPLE:
            raise DecodeError("type", "report", "detections, claims or status: this sensor is no person")
        # A time from far ahead would make every restart look like a repetition until it has come.
        if message.time_utc_ns - received_utc_ns > LARGEST_LEAD_S * NS_PER_S:
            raise DecodeError(
                "time_utc", iso_utc(message.time_utc_ns), f"at most a day after {iso_utc(received_utc_ns)}"
            )
        self._memory.check(message)

    def _records(self, message: Message, received_utc_ns: int) -> list[Record]:
        match message:
            case Detections():
                return self._detections(message, received_utc_ns)
            case Claims():
                return [self._claim(one, message.time_utc_ns, received_utc_ns) for one in message.claims]
            case Status():
                return [self._status(message, received_utc_ns)]
            case PersonReport():
                return [self._report(message, received_utc_ns)]

    def _next(self) -> int:
        self._sequence += 1
        return self._sequence - 1

    # --- detections --------------------------------------------------------------------------------------

    def _detections(self, message: Detections, received_utc_ns: int) -> list[Record]:
        drones = [one for one in message.detections if not _of_controller_only(one)]
        records: list[Record] = []
        kind = self._kind(drones)
        if kind is not None:
            rows = [self._stand.row(one) for one in drones]
            from_rad, to_rad = self._stand.sector(message.sector)
            scan = make_scan(
                sensor_id=self._sensor.sensor_id,
                sequence=self._next(),
                kind=kind,
                time_utc_ns=message.time_utc_ns,
                received_utc_ns=received_utc_ns,
                measured=_columns([row[0] for row in rows]),
                sigma=_columns([row[1] for row in rows]),
                snr_db=np.array([or_nan(one.snr_db) for one in drones]),
                rcs_dbsm=np.array([or_nan(getattr(one, "rcs_dbsm", None)) for one in drones]),
                labels=tuple(map(_label, drones)) if any(map(_label, drones)) else (),
                azimuth_from_rad=from_rad,
                azimuth_to_rad=to_rad,
            )
            records.append(scan)
        said = "; ".join(filter(None, map(_controller, message.detections)))
        if said or kind is None:
            says = said or "nothing detected"
            records.append(self._alive(message.time_utc_ns, received_utc_ns, says))
        return records

    def _kind(self, drones: list[Detection]) -> MeasurementKind | None:
        if not drones:
            return self._sensor.measures
        first = drones[0]
        if isinstance(first, BearingDetection):
            raised = first.elevation_deg is not None
            return MeasurementKind.AZIMUTH_ELEVATION if raised else MeasurementKind.AZIMUTH
        if isinstance(first, RangeBearingDetection):
            return MeasurementKind.RANGE_AZIMUTH_ELEVATION
        return MeasurementKind.POSITION

    # --- the rest ----------------------------------------------------------------------------------------

    def _alive(self, time_utc_ns: int, received_utc_ns: int, says: str) -> SensorStatus:
        return SensorStatus(
            sensor_id=self._sensor.sensor_id,
            sequence=self._next(),
            time_utc_ns=time_utc_ns,
            received_utc_ns=received_utc_ns,
            state=SensorState.OK,
            says=says,
        )

    def _status(self, message: Status, received_utc_ns: int) -> SensorStatus:
        from_rad, to_rad = self._stand.sector(message.sector)
        return SensorStatus(
            sensor_id=self._sensor.sensor_id,
            sequence=self._next(),
            time_utc_ns=message.time_utc_ns,
            received_utc_ns=received_utc_ns,
            state=SensorState(message.state),
            says=message.says,
            position_enu_m=self._stand.at(message.latitude_deg, message.longitude_deg, message.height_hae_m),
            azimuth_from_rad=from_rad,
            azimuth_to_rad=to_rad,
            range_max_m=message.range_max_m,
            latency_s=message.latency_s,
        )

    def _report(self, message: PersonReport, received_utc_ns: int) -> Report:
        at = self._stand.at(message.latitude_deg, message.longitude_deg, None)
        bearing_deg = message.bearing_deg
        return Report(
            sensor_id=self._sensor.sensor_id,
            sequence=self._next(),
            heard_utc_ns=message.time_utc_ns,
            received_utc_ns=received_utc_ns,
            position_enu_m=self._sensor.position_enu_m if at is None else at,
            text=message.text,
            kind=message.what,
            sigma_m=self._sensor.coverage_range_m if at is None else message.sigma_m,
            bearing_rad=None if bearing_deg is None else self._stand.direction(bearing_deg, 0.0)[0],
        )

    def _claim(self, one: Claimed, time_utc_ns: int, received_utc_ns: int) -> Claim:
        position = self._stand.at(one.latitude_deg, one.longitude_deg, one.height_hae_m)
        assert position is not None
        return Claim(
            sensor_id=self._sensor.sensor_id,
            sequence=self._next(),
            kind=ClaimKind(one.kind),
            claimed_id=one.claimed_id,
            time_utc_ns=time_utc_ns,
            received_utc_ns=received_utc_ns,
            position_enu_m=position,
            velocity_enu_mps=self._stand.velocity(one),
            sigma_m=(one.sigma_horizontal_m, one.sigma_vertical_m),
            operator_id=one.operator_id,
            operator_position_enu_m=self._stand.at(
                one.operator_latitude_deg, one.operator_longitude_deg, None
            ),
            aircraft_category=one.aircraft_category,
            rssi_dbm=one.rssi_dbm,
        )


def _columns(rows: list[list[float]]) -> FloatArray:
    return np.array(rows, dtype=np.float64) if rows else np.empty((0, 4))


def _of_controller_only(one: Detection) -> bool:
    return isinstance(one, BearingDetection) and one.bearing_deg is None


def _controller(one: Detection) -> str:
    """Return what a detection says of a controller, in words."""
    if not isinstance(one, BearingDetection) or one.controller_bearing_deg is None:
        return ""
    what = f" of {_label(one)}" if _label(one) else ""
    return (
        f"a controller{what} at a bearing of {one.controller_bearing_deg:.1f} deg "
        f"(sigma {one.controller_bearing_sigma_deg:.1f} deg)"
    )


def _label(one: Detection) -> str:
    """Return the best name of what was detected: its own, then its protocol, then the sensor's word."""
    signal = one.signal
    return (signal.emitter_id or one.label or signal.protocol or signal.type) if signal else one.label
