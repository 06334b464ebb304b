"""What other systems tell us in Cursor on Target, as records of ours.

| event | becomes |
|---|---|
| `a-f-A...` friendly in the air | a `Claim` of kind telemetry: what it says of itself |
| `a-p/u/s/h-A...` by a source that is allowed | a `Scan` of one position, of the configured sensor |
| `a-f-G/S/U/P/X...` other friendlies | counted, and the latest of each kept in `ground_friendlies` |
| our own, sent back to us | dropped and counted |
| anything else | counted under the head of its type |

An event past its `stale` at reception is refused, and so is one whose `start` or `time` is more than
`EARLY_S` ahead. The same event sent again, or one older than the latest of its uid, is counted and dropped:
servers repeat what they keep. Sigma is ce and le, which the schema defines as one sigma. Where they are
unknown or zero, `PLACE_SIGMA_M` and `HEIGHT_SIGMA_M` stand in: three times and five times the 10 m that a
phone or an autopilot usually promises. An unknown height becomes `UNKNOWN_HEIGHT_M` above the site's origin
with a sigma to match. Without a slope the vertical speed is taken as nothing.
"""

from __future__ import annotations

import math
from collections import Counter, OrderedDict

import msgspec
import numpy as np

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import DecodeError
from skykeep.domain.feed import NOTHING, Taken, refusal_of
from skykeep.domain.place import Vector
from skykeep.domain.sensing import Claim, ClaimKind, MeasurementKind, Sensor, make_scan
from skykeep.geo.frames import LocalFrame
from skykeep.wire.cot import CotEvent
from skykeep.wire.cot_detail import CotDetail, read_detail
from skykeep.wire.cot_proto import decode_message
from skykeep.wire.cot_source import is_own_uid

PLACE_SIGMA_M, HEIGHT_SIGMA_M = 30.0, 50.0
SMALLEST_SIGMA_M = 1.0
UNKNOWN_HEIGHT_M, UNKNOWN_HEIGHT_SIGMA_M = 100.0, 150.0
EARLY_S = 60.0
REACH_M = 200_000.0
HEIGHT_HAE_M = (-500.0, 30_000.0)
FASTEST_MPS = 1_000.0
REMEMBERED = 4_096
_DETECTIONS = ("p", "u", "s", "h")
# Heads of types that may be counted by name; all else is counted together, so that nobody can fill the table.
_HEADS = ("b-a", "b-d", "b-f", "b-i", "b-l", "b-m", "b-r", "b-t", "c", "r", "t-x", "t", "u-d", "u-rb", "y")


class Friendly(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody of ours who is not in the air, as last told."""

    uid: str
    callsign: str
    type: str
    position_enu_m: Vector
    sigma_m: tuple[float, float]
    time_utc_ns: int
    stale_utc_ns: int


class CotInputs:
    """Turns what one TAK server or mesh sends into records.

    `own_uid` is what we send under. `detections_from` names whose detections are used, by the uid of the
    event or of the producer it links to; a name that ends in `*` stands for all that begin so. `serials`
    gives the serial number of a drone where its uid in TAK is not it.
    """

    def __init__(
        self,
        sensor: Sensor,
        frame: LocalFrame,
        *,
        own_uid: str = "",
        detections_from: tuple[str, ...] = (),
        serials: dict[str, str] | None = None,
    ) -> None:
        if detections_from and sensor.measures is not MeasurementKind.POSITION:
            raise ValueError(f"{sensor.sensor_id} measures {sensor.measures}, must be position")
        self.counts: Counter[str] = Counter()
        self.ground_friendlies: OrderedDict[str, Friendly] = OrderedDict()
        self._sensor_id = sensor.sensor_id
        self._frame = frame
        self._own_uid = own_uid
        self._detections_from = detections_from
        self._serials = serials or {}
        self._sequence = 0
        self._latest: OrderedDict[str, int] = OrderedDict()

    def take(self, data: bytes, received_utc_ns: int) -> Taken:
        """Take one datagram, frame or document."""
        try:
            message = decode_message(data)
        except DecodeError as error:
            return self.refused(error, data)
        return NOTHING if message.event is None else self.take_event(message.event, received_utc_ns, data)

    def refused(self, error: DecodeError, data: bytes) -> Taken:
        """Return an error as a refusal, counted."""
        self.counts["refused"] += 1
        return Taken(refusals=(refusal_of(error, data),))

    def take_event(self, event: CotEvent, received_utc_ns: int, data: bytes = b"") -> Taken:
        """Take one decoded event; `data` is what is kept of it should it be refused."""
        if is_own_uid(self._own_uid, event.uid):
            return self._counted("own echo")
        if event.type.startswith("t-"):
            return self._counted("about the connection")
        try:
            _check_in_force(event, received_utc_ns)
            if self._is_repeated(event):
                return self._counted("repeated or older than the latest")
            return self._used(event, read_detail(event.detail), received_utc_ns)
        except DecodeError as error:
            return self.refused(error, data)

    def _counted(self, name: str) -> Taken:
        self.counts[name] += 1
        return NOTHING

    def _is_repeated(self, event: CotEvent) -> bool:
        latest = self._latest.get(event.uid)
        if latest is not None and event.time_utc_ns <= latest:
            return True
        self._latest[event.uid] = event.time_utc_ns
        self._latest.move_to_end(event.uid)
        if len(self._latest) > REMEMBERED:
            self._latest.popitem(last=False)
        return False

    def _used(self, event: CotEvent, detail: CotDetail, received_utc_ns: int) -> Taken:
        fields = event.type.partition(";")[0].split("-")
        if fields[0] != "a" or len(fields) < 3:
            head = next((head for head in _HEADS if f"{event.type}-".startswith(f"{head}-")), "other")
            return self._counted(f"not used: {head}")
        affiliation, dimension = fields[1], fields[2]
        if affiliation == "f" and dimension == "A":
            return self._claim(event, detail, "-".join(fields[3:]), received_utc_ns)
        if affiliation == "f":
            return self._keep_friendly(event, detail)
        if affiliation in _DETECTIONS and dimension == "A":
            if not self._is_allowed(event, detail):
                return self._counted("not used: detection of a source that is not allowed")
            return self._scan(event, received_utc_ns)
        return self._counted("not used: a")

    def _is_allowed(self, event: CotEvent, detail: CotDetail) -> bool:
        names = (event.uid, *(link.uid for link in detail.links if link.relation == "p-p"))
        return any(
            name.startswith(allowed[:-1]) if allowed.endswith("*") else name == allowed
            for allowed in self._detections_from
            for name in names
        )

    def _claim(self, event: CotEvent, detail: CotDetail, category: str, received_utc_ns: int) -> Taken:
        placed = self._placed(event)
        if placed is None:
            return self._counted("beyond reach")
        velocity_enu_mps = self._velocity_enu_mps(event, detail)
        self.counts["air friendly"] += 1
        claim = Claim(
            sensor_id=self._sensor_id,
            sequence=self._next(),
            kind=ClaimKind.TELEMETRY,
            claimed_id=self._serials.get(event.uid, event.uid),
            time_utc_ns=event.time_utc_ns,
            received_utc_ns=received_utc_ns,
            position_enu_m=placed[0],
            velocity_enu_mps=velocity_enu_mps,
            sigma_m=placed[1],
            operator_id=detail.callsign,
            aircraft_category=category,
        )
        return Taken(records=(claim,))

    def _scan(self, event: CotEvent, received_utc_ns: int) -> Taken:
        placed = self._placed(event)
        if placed is None:
            return self._counted("beyond reach")
        self.counts["detection"] += 1
        (horizontal_m, vertical_m) = placed[1]
        scan = make_scan(
            sensor_id=self._sensor_id,
            sequence=self._next(),
            kind=MeasurementKind.POSITION,
            time_utc_ns=event.time_utc_ns,
            received_utc_ns=received_utc_ns,
            measured=np.array([placed[0]]),
            sigma=np.array([[horizontal_m, horizontal_m, vertical_m]]),
            labels=(event.uid,),
        )
        return Taken(records=(scan,))

    def _keep_friendly(self, event: CotEvent, detail: CotDetail) -> Taken:
        placed = self._placed(event)
        if placed is None:
            return self._counted("beyond reach")
        kept = self.ground_friendlies
        kept[event.uid] = Friendly(
            uid=event.uid,
            callsign=detail.callsign,
            type=event.type,
            position_enu_m=placed[0],
            sigma_m=placed[1],
            time_utc_ns=event.time_utc_ns,
            stale_utc_ns=event.stale_utc_ns,
        )
        kept.move_to_end(event.uid)
        if len(kept) > REMEMBERED:
            kept.popitem(last=False)
        return self._counted("friendly on the ground or at sea")

    def _next(self) -> int:
        self._sequence += 1
        return self._sequence

    def _placed(self, event: CotEvent) -> tuple[Vector, tuple[float, float]] | None:
        """Return place and sigma (horizontal, vertical); None beyond reach."""
        point = event.point
        if point.latitude_deg == 0.0 and point.longitude_deg == 0.0:
            raise DecodeError("point", "0 degrees, 0 degrees", "a place; that one stands for none")
        height_m = point.height_hae_m
        if height_m is not None and not HEIGHT_HAE_M[0] <= height_m <= HEIGHT_HAE_M[1]:
            raise DecodeError("point.hae", f"{height_m:g}", f"in {HEIGHT_HAE_M[0]:g}..{HEIGHT_HAE_M[1]:g}")
        known_m = self._frame.height_hae_m + UNKNOWN_HEIGHT_M if height_m is None else height_m
        position = self._frame.to_enu_m(point.latitude_deg, point.longitude_deg, known_m)
        east_m, north_m, up_m = position.tolist()
        if math.hypot(east_m, north_m) > REACH_M:
            return None
        vertical_m = UNKNOWN_HEIGHT_SIGMA_M if height_m is None else HEIGHT_SIGMA_M
        if height_m is not None and point.linear_error_m:
            vertical_m = max(point.linear_error_m, SMALLEST_SIGMA_M)
        horizontal_m = max(point.circular_error_m or PLACE_SIGMA_M, SMALLEST_SIGMA_M)
        return (east_m, north_m, up_m), (horizontal_m, vertical_m)

    def _velocity_enu_mps(self, event: CotEvent, detail: CotDetail) -> Vector | None:
        """Return the velocity, turned from east and north of its own place into the site's axes."""
        speed_mps, course_deg = detail.speed_mps, detail.course_deg
        if speed_mps is None or course_deg is None:
            return None
        if speed_mps > FASTEST_MPS:
            raise DecodeError("track.speed", f"{speed_mps:g}", f"at most {FASTEST_MPS:g}")
        slope_rad = math.radians(detail.slope_deg or 0.0)
        along_mps = speed_mps * math.cos(slope_rad)
        course_rad = math.radians(course_deg)
        own = np.array(
            [
                along_mps * math.sin(course_rad),
                along_mps * math.cos(course_rad),
                speed_mps * math.sin(slope_rad),
            ]
        )
        there = LocalFrame(
            latitude_deg=event.point.latitude_deg, longitude_deg=event.point.longitude_deg, height_hae_m=0.0
        )
        turned = self._frame.rotation_ecef_to_enu() @ there.velocity_to_ecef_mps(own)
        return float(turned[0]), float(turned[1]), float(turned[2])


def _check_in_force(event: CotEvent, received_utc_ns: int) -> None:
    past_s = (received_utc_ns - event.stale_utc_ns) / NS_PER_S
    if past_s >= 0.0:
        raise DecodeError("stale", f"{past_s:.1f} s before reception", "after reception")
    for name in ("start", "time"):
        ahead_s = (getattr(event, f"{name}_utc_ns") - received_utc_ns) / NS_PER_S
        if ahead_s > EARLY_S:
            raise DecodeError(name, f"{ahead_s:.1f} s after reception", f"at most {EARLY_S:.0f} s after")
