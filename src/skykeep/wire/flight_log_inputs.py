"""On-board logs to claims: DataFlash (ArduPilot) and ULog (PX4), both through one `FlightFix`.

| log | place | velocity | accuracy | UTC |
|---|---|---|---|---|
| DataFlash | POS (the filter's), else GPS | GPS | GPA, else the dilution in GPS | GPS week |
| ULog | vehicle_global_position, else vehicle_gps_position or sensor_gps | GPS | eph, epv | time_utc_usec |

A log has its own clock, in microseconds since the autopilot started. The first GPS message with a
three-dimensional fix and a date ties it to UTC; a log without one gives no claims. `received_utc_ns` of a
claim out of a log is its own time: nobody received it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import numpy as np

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import DecodeError
from skykeep.domain.feed import NOTHING, Taken, refusal_of
from skykeep.domain.place import Vector
from skykeep.geo.frames import LocalFrame
from skykeep.wire.dataflash import LogMessage
from skykeep.wire.flight_fix import (
    DEFAULT_SIGMA_M,
    FlightFix,
    Sender,
    claim_of_fix,
    sigma_of_dilution_m,
)

GPS_EPOCH_S = 315_964_800  # 1980-01-06 in Unix time
WEEK_S, MOST_WEEK_MS = 604_800, 604_800_000
# UTC moment (s) from which GPS is so many seconds ahead of UTC: IERS Bulletin C 30 to 72.
LEAP_SECONDS = (
    (1_136_073_600, 14),
    (1_230_768_000, 15),
    (1_341_100_800, 16),
    (1_435_708_800, 17),
    (1_483_228_800, 18),
)
LEAST_WEEK = 1_356  # 2006: older logs do not exist, a week of 0 is no date
LEAST_EPOCH_US = 10**15
LEAST_FIX = 3
GPS_HOLDS_US = 1_000_000
_NS_PER_US = 1_000
_SYSTEM_ID_NAMES = ("SYSID_THISMAV", "MAV_SYSID")
_FIRMWARE = {"ArduPlane": "fixed wing", "ArduCopter": "multirotor", "Blimp": "airship"}


class ClaimMaker:
    """Numbers the claims of one log, names its vehicle and keeps its gate.

    The vehicle is called by its serial, which `serials` gives by system id. A log that does not tell its
    system id is that of the only vehicle named, if only one is. Else it is called by what identity the log
    itself gives, or `mavlink-<system id>`.
    """

    def __init__(
        self, sensor_id: str, serials: Mapping[int, str], frame: LocalFrame, geoid_height_m: float | None
    ) -> None:
        self.category = self.own_identity = ""
        self.system_id: int | None = None
        self._sensor_id, self._serials = sensor_id, dict(serials)
        self._frame, self._geoid_height_m = frame, geoid_height_m
        self._sequence = 0

    def take(self, fix: FlightFix, time_utc_ns: int) -> Taken:
        """Return the claim of a fix, or its refusal."""
        sender = Sender(
            sensor_id=self._sensor_id, claimed_id=self._claimed_id(), aircraft_category=self.category
        )
        try:
            claim = claim_of_fix(
                fix, sender, self._sequence, time_utc_ns, time_utc_ns, self._frame, self._geoid_height_m
            )
        except DecodeError as error:
            return refused(error, msgspec.json.encode(fix))
        self._sequence += 1
        return Taken(records=(claim,))

    def _claimed_id(self) -> str:
        if self.system_id is None and len(self._serials) == 1:
            return next(iter(self._serials.values()))
        system_id = 1 if self.system_id is None else self.system_id
        return self._serials.get(system_id) or self.own_identity or f"mavlink-{system_id}"


def refused(error: DecodeError, data: bytes) -> Taken:
    """Return one refusal as all that was taken."""
    return Taken(refusals=(refusal_of(error, data),))


def gps_time_utc_ns(week: int, millisecond: int) -> int:
    """Return the UTC of a GPS week and millisecond; DecodeError where those are no date."""
    if not LEAST_WEEK <= week < 5_000 or not 0 <= millisecond < MOST_WEEK_MS:
        raise DecodeError("GPS.GWk/GMS", f"{week}/{millisecond}", f"a date: a week of {LEAST_WEEK} or more")
    gps_s = GPS_EPOCH_S + week * WEEK_S
    now_s = gps_s + millisecond // 1_000
    leap_s = max(seconds for since_s, seconds in LEAP_SECONDS if now_s >= since_s + seconds or seconds == 14)
    return (gps_s - leap_s) * NS_PER_S + millisecond * 1_000_000


class DataflashClaims:
    """Turns the messages of one DataFlash log, in their order, into claims. It never raises."""

    def __init__(self, maker: ClaimMaker) -> None:
        self._maker = maker
        self._offset_ns: int | None = None
        self._position_us: int | None = None
        self._gps: dict[str, Any] | None = None
        self._accuracy: dict[str, Any] = {}

    def take(self, message: LogMessage) -> Taken:
        """Take one message."""
        fields = message.fields
        try:
            match message.name:
                case "MSG":
                    firmware = str(fields["Message"]).partition(" ")[0]
                    self._maker.category = _FIRMWARE.get(firmware, self._maker.category)
                case "PARM" if fields["Name"] in _SYSTEM_ID_NAMES:
                    self._maker.system_id = int(fields["Value"])
                case "GPA" if fields.get("I", 0) == 0:
                    self._accuracy = fields
                case "GPS" if fields.get("I", 0) == 0:
                    return self._gps_fix(fields)
                case "POS":
                    return self._position(fields)
        except DecodeError as error:
            return refused(error, str(fields).encode())
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            # A log describes itself: one that calls a text a latitude is damaged.
            found = DecodeError(
                message.name, f"{type(error).__name__} {error}", "numbers where numbers belong"
            )
            return refused(found, str(fields).encode())
        return NOTHING

    def _gps_fix(self, fields: dict[str, Any]) -> Taken:
        if fields["Status"] < LEAST_FIX:
            self._gps = None
            raise DecodeError("GPS.Status", str(fields["Status"]), "3 or more: a fix in three dimensions")
        time_us = int(fields["TimeUS"])
        if self._offset_ns is None:
            time_utc_ns = gps_time_utc_ns(int(fields["GWk"]), int(fields["GMS"]))
            self._offset_ns = time_utc_ns - time_us * _NS_PER_US
        self._gps = fields
        if self._position_us is not None and time_us - self._position_us < 5 * GPS_HOLDS_US:
            return NOTHING
        fix = FlightFix(
            says="GPS",
            latitude_deg=float(fields["Lat"]),
            longitude_deg=float(fields["Lng"]),
            altitude_msl_m=float(fields["Alt"]),
            height_hae_m=self._height_hae_m(float(fields["Alt"])),
            velocity_ned_mps=_course_velocity_mps(fields),
            sigma_m=self._sigma_m(fields),
        )
        return self._maker.take(fix, self._offset_ns + time_us * _NS_PER_US)

    def _position(self, fields: dict[str, Any]) -> Taken:
        self._position_us = time_us = int(fields["TimeUS"])
        if self._offset_ns is None:
            raise DecodeError("POS.TimeUS", f"{time_us} us", "behind a GPS message that gives the date")
        gps = self._gps
        if gps is None or time_us - int(gps["TimeUS"]) > 5 * GPS_HOLDS_US:
            raise DecodeError("POS", "no fix of the receiver", "one in the 5 s before")
        recent = time_us - int(gps["TimeUS"]) < GPS_HOLDS_US
        altitude_m = float(fields["Alt"])
        fix = FlightFix(
            says="POS",
            latitude_deg=float(fields["Lat"]),
            longitude_deg=float(fields["Lng"]),
            altitude_msl_m=altitude_m,
            height_hae_m=self._height_hae_m(altitude_m),
            velocity_ned_mps=_course_velocity_mps(gps) if recent else None,
            sigma_m=self._sigma_m(gps),
        )
        return self._maker.take(fix, self._offset_ns + time_us * _NS_PER_US)

    def _sigma_m(self, gps: dict[str, Any]) -> tuple[float, float]:
        horizontal_m, vertical_m = self._accuracy.get("HAcc", 0.0), self._accuracy.get("VAcc", 0.0)
        if horizontal_m > 0.0 and vertical_m > 0.0:
            return float(horizontal_m), float(vertical_m)
        dilution = float(gps["HDop"])
        return sigma_of_dilution_m(dilution, None) if 0.0 < dilution < 99.0 else DEFAULT_SIGMA_M

    def _height_hae_m(self, altitude_msl_m: float) -> float | None:
        """Return the height above the ellipsoid, where the log gives the undulation of its receiver."""
        undulation_m = self._accuracy.get("Und")
        return None if not undulation_m else altitude_msl_m - float(undulation_m)


def _course_velocity_mps(gps: dict[str, Any]) -> Vector:
    course_rad, speed_mps = math.radians(float(gps["GCrs"])), float(gps["Spd"])
    return (speed_mps * math.cos(course_rad), speed_mps * math.sin(course_rad), float(gps["VZ"]))


class UlogTable(msgspec.Struct, frozen=True, kw_only=True):
    """One topic of a ULog: columns of one length, by the names that the log gives."""

    topic: str
    instance: int
    columns: dict[str, np.ndarray[Any, Any]]


def ulog_claims(tables: list[UlogTable], maker: ClaimMaker) -> Iterator[Taken]:
    """Yield the claims of a ULog in the order of time."""
    by_topic = {table.topic: table.columns for table in reversed(tables)}  # the first instance of each
    gps = by_topic.get("vehicle_gps_position", by_topic.get("sensor_gps"))
    if gps is None or not {"timestamp", "time_utc_usec", "fix_type"} <= gps.keys():
        yield refused(DecodeError("ULog", "no topic of the GPS receiver", "vehicle_gps_position"), b"")
        return
    dated = (gps["fix_type"] >= LEAST_FIX) & (gps["time_utc_usec"] >= LEAST_EPOCH_US)
    if not dated.any():
        yield refused(DecodeError("ULog time_utc_usec", "no date with a fix", "at least one"), b"")
        return
    first = int(np.argmax(dated))
    offset_us = int(gps["time_utc_usec"][first]) - int(gps["timestamp"][first])
    filtered = by_topic.get("vehicle_global_position")
    rows = gps if filtered is None else filtered
    says = "vehicle_gps_position" if filtered is None else "vehicle_global_position"
    for row in range(len(rows["timestamp"])):
        time_us = int(rows["timestamp"][row])
        nearest = int(np.searchsorted(gps["timestamp"], time_us, side="right")) - 1
        try:
            if nearest < 0 or gps["fix_type"][nearest] < LEAST_FIX:
                raise DecodeError(f"{says} fix_type", "no fix of the receiver", "3 or more")
            fix = _ulog_fix(says, rows, row, gps, nearest, time_us)
        except (DecodeError, KeyError) as error:
            wrong = error if isinstance(error, DecodeError) else DecodeError(says, "absent", f"with {error}")
            yield refused(wrong, says.encode())
            continue
        yield maker.take(fix, (offset_us + time_us) * _NS_PER_US)


def _ulog_fix(
    says: str, rows: dict[str, Any], row: int, gps: dict[str, Any], nearest: int, time_us: int
) -> FlightFix:
    own = {name: float(column[row]) for name, column in rows.items()}
    if (
        "latitude_deg" not in own
    ):  # releases before 1.15: 1e-7 degrees and millimetres in the receiver's topic
        scaled = rows["lat"].dtype.kind == "i"
        own["latitude_deg"], own["longitude_deg"] = (
            own[name] * (1e-7 if scaled else 1.0) for name in ("lat", "lon")
        )
        own["altitude_msl_m"] = own["alt"] * (1e-3 if scaled else 1.0)
        if "alt_ellipsoid" in own:
            own["altitude_ellipsoid_m"] = own["alt_ellipsoid"] * (1e-3 if scaled else 1.0)
    height_m = own.get("altitude_ellipsoid_m", math.nan)
    if own.get("dead_reckoning", 0.0):
        raise DecodeError(f"{says} dead_reckoning", "1", "0: a place that is measured")
    velocity: Vector | None = None
    if "vel_n" in own:
        velocity = (own["vel_n"], own["vel_e"], own["vel_d"])
    elif gps["vel_ned_valid"][nearest] and time_us - int(gps["timestamp"][nearest]) < GPS_HOLDS_US:
        north, east, down = (float(gps[name][nearest]) for name in ("vel_n_m_s", "vel_e_m_s", "vel_d_m_s"))
        velocity = (north, east, down)
    return FlightFix(
        says=says,
        latitude_deg=own["latitude_deg"],
        longitude_deg=own["longitude_deg"],
        altitude_msl_m=own["altitude_msl_m"],
        height_hae_m=height_m if math.isfinite(height_m) and height_m != 0.0 else None,
        velocity_ned_mps=velocity,
        sigma_m=(own["eph"], own["epv"]),
    )
