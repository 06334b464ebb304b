"""What one SAPIENT node sends, as records of ours.

| message | becomes |
|---|---|
| registration | kept: its modes give latencies and the units of velocities |
| status_report | a sensor's status, with the latency of the mode it is in |
| detection_report | a scan of one row; a claim from a sensor that only hears what aircraft say |
| alert, task_ack, error | nothing for the tracker; whoever serves the node answers and tells them |

Refused beyond the rules of the standard: another node's messages; times more than `AGE_S` before or after
their receipt (a clock off by less is for whoever keeps the clocks to find); places that cannot be. What is
understood and not used is counted in `counts`.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import DecodeError
from skykeep.domain.feed import NOTHING, Taken, refusal_of
from skykeep.domain.place import Vector
from skykeep.domain.sensing import (
    Claim,
    ClaimKind,
    MeasurementKind,
    Scan,
    SensorKind,
    SensorState,
    SensorStatus,
    make_scan,
)
from skykeep.geo.frames import LocalFrame
from skykeep.wire.sapient import check_message, content_of, parse_message, time_utc_ns_of, unknown_fields
from skykeep.wire.sapient_detection import Detection, Row, detection_of, likeliest_class, row_of
from skykeep.wire.sapient_place import SapientNode
from skykeep.wire.sapient_registration import Mode, Registration, registration_of
from skykeep.wire.sapient_status import NodeStatus, View, status_of

AGE_S = 60.0
CLAIMS = {SensorKind.REMOTE_ID: ClaimKind.REMOTE_ID, SensorKind.ADSB: ClaimKind.ADSB}


class SapientTranslator:
    """Takes the messages of one node; give it each frame without its length."""

    def __init__(self, node: SapientNode, frame: LocalFrame) -> None:
        self.node = node
        self.counts: Counter[str] = Counter()
        self.registration: Registration | None = None
        self._frame = frame
        self._own: Vector = node.sensor.position_enu_m
        self._view: View | None = None
        self._mode: Mode | None = None
        self._state = SensorState.OK
        self._sequence = 0

    def take(self, data: bytes, received_utc_ns: int) -> Taken:
        """Take one message."""
        try:
            return self.take_message(check_message(parse_message(data)), received_utc_ns)
        except DecodeError as error:
            self.counts["refused"] += 1
            return Taken(refusals=(refusal_of(error, data),))

    def take_message(self, message: Any, received_utc_ns: int) -> Taken:
        """Take one message that has been checked; DecodeError when what it says cannot be."""
        self._refuse_stranger(message)
        time_utc_ns = _time_of(message, received_utc_ns)
        content = content_of(message)
        taken = NOTHING
        if content == "registration":
            self._register(registration_of(message))
        elif content == "status_report":
            taken = Taken(records=(self._status(message.status_report, time_utc_ns, received_utc_ns),))
        elif content == "detection_report":
            found = self._detection(message.detection_report, time_utc_ns, received_utc_ns)
            taken = NOTHING if found is None else Taken(records=(found,))
        self.counts[content] += 1
        unknown = unknown_fields(message)
        if unknown:
            self.counts["fields of another version"] += unknown
        return taken

    def gone(self, now_utc_ns: int) -> SensorStatus:
        """Return what is known of a node whose connection has ended: off if it said goodbye, else failed."""
        left = self._state is SensorState.OFF
        return SensorStatus(
            sensor_id=self.node.sensor.sensor_id,
            sequence=self._next(),
            time_utc_ns=now_utc_ns,
            received_utc_ns=now_utc_ns,
            state=SensorState.OFF if left else SensorState.FAILED,
            says="said goodbye" if left else "its connection is gone",
        )

    def _refuse_stranger(self, message: Any) -> None:
        if message.node_id != self.node.node_id:
            raise DecodeError("node_id", message.node_id, f"{self.node.node_id}, as this connection is")

    def _register(self, registration: Registration) -> None:
        self.registration = registration
        self._state = SensorState.OK
        default = [mode for mode in registration.modes if mode.type == "default"]
        self._mode = (default or list(registration.modes))[0]

    def _next(self) -> int:
        sequence, self._sequence = self._sequence, self._sequence + 1
        return sequence

    def _status(self, report: Any, time_utc_ns: int, received_utc_ns: int) -> SensorStatus:
        status = status_of(report, self.node, self._frame, self._own)
        self._state = status.state
        self._remember(status)
        mode, view = self._mode, self._view
        return SensorStatus(
            sensor_id=self.node.sensor.sensor_id,
            sequence=self._next(),
            time_utc_ns=time_utc_ns,
            received_utc_ns=received_utc_ns,
            state=status.state,
            says=status.says,
            position_enu_m=status.position_enu_m,
            azimuth_from_rad=None if view is None else view.azimuth_from_rad,
            azimuth_to_rad=None if view is None else view.azimuth_to_rad,
            range_max_m=None if view is None else view.range_max_m,
            latency_s=None if mode is None else mode.maximum_latency_s,
        )

    def _remember(self, status: NodeStatus) -> None:
        self._own = status.position_enu_m or self._own
        if status.view is not None or not status.unchanged:
            self._view = status.view
        if self.registration is not None:
            self._mode = self.registration.mode(status.mode)
            if self._mode is None:
                self.counts["status in a mode it did not register"] += 1

    def _detection(self, report: Any, time_utc_ns: int, received_utc_ns: int) -> Scan | Claim | None:
        detection = detection_of(report, self._mode)
        for name, number in detection.ignored.items():
            self.counts[f"{name} not used"] += number
        if detection.lost:
            self.counts["object lost, so no measurement"] += 1
            return None
        row = row_of(report, detection, self.node, self._mode, self._frame, self._own)
        claim_kind = CLAIMS.get(self.node.sensor.kind)
        if claim_kind is not None and detection.identity and row.kind is MeasurementKind.POSITION:
            return self._claim(claim_kind, detection, row, time_utc_ns, received_utc_ns)
        if detection.velocity_enu_mps is not None and row.kind is not MeasurementKind.RANGE_AZIMUTH_ELEVATION:
            self.counts["velocity not used"] += 1
        return make_scan(
            sensor_id=self.node.sensor.sensor_id,
            sequence=self._next(),
            kind=row.kind,
            time_utc_ns=time_utc_ns,
            received_utc_ns=received_utc_ns,
            measured=np.array([row.measured]),
            sigma=np.array([row.sigma]),
            labels=(row.label,) if row.label else (),
        )

    def _claim(
        self, kind: ClaimKind, detection: Detection, row: Row, time_utc_ns: int, received_utc_ns: int
    ) -> Claim:
        east_m, north_m, up_m = row.measured
        sigma_east_m, sigma_north_m, sigma_up_m = row.sigma
        return Claim(
            sensor_id=self.node.sensor.sensor_id,
            sequence=self._next(),
            kind=kind,
            claimed_id=detection.identity,
            time_utc_ns=time_utc_ns,
            received_utc_ns=received_utc_ns,
            position_enu_m=(east_m, north_m, up_m),
            velocity_enu_mps=detection.velocity_enu_mps,
            sigma_m=(max(sigma_east_m, sigma_north_m), sigma_up_m),
            aircraft_category=likeliest_class(detection),
        )


def _time_of(message: Any, received_utc_ns: int) -> int:
    time_utc_ns = time_utc_ns_of(message.timestamp)
    age_s = (received_utc_ns - time_utc_ns) / NS_PER_S
    if abs(age_s) > AGE_S:
        when = "before" if age_s > 0 else "after"
        raise DecodeError(
            "timestamp", f"{abs(age_s):,.1f} s {when} its receipt", f"within {AGE_S:.0f} s: set its clock"
        )
    return time_utc_ns
