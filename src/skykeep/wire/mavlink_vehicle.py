"""What must be remembered of one MAVLink system to know when and how well its positions hold.

Time: positions carry milliseconds since the autopilot started. SYSTEM_TIME ties those to UTC where the
vehicle's clock agrees with the time of its reception; else the least delay between the two seen in the last
one to two minutes does, which puts the vehicle's messages late by the link's shortest delay. A clock that
runs backwards by more than `RESTART_S` has been restarted, and all that was tied to it is forgotten. A
vehicle whose clock is off by more than `REPLAYED_S` may be a recording: its positions are refused.

Accuracy: GPS_RAW_INT gives h_acc and v_acc, or dilutions; without either the default holds. A vehicle whose
receiver says that it has no three-dimensional fix does not know where it is, whatever its filter goes on
saying.
"""

from __future__ import annotations

from typing import Any

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import DecodeError
from skykeep.domain.place import Vector
from skykeep.wire.flight_fix import DEFAULT_SIGMA_M, FlightFix, sigma_of_dilution_m

MOST_APART_S = 2.0
REPLAYED_S = 60.0
SAID_AGAIN_S = 1.0
RESTART_S = 10.0
DELAY_WINDOW_S = 60.0
ACCURACY_HOLDS_S = 10.0
FILTER_HOLDS_S = 5.0
LEAST_FIX, LEAST_EPOCH_US = 3, 10**15
NO_U16, GROUND_STATION = 65_535, 6
_NS_PER_MS, _NS_PER_US = 1_000_000, 1_000

# MAV_TYPE: what flies, in the words of the rest of the house. What is not here does not fly, or is no name.
AIRCRAFT_TYPES = {
    1: "fixed wing",
    2: "quadrotor",
    3: "coaxial helicopter",
    4: "helicopter",
    7: "airship",
    8: "free balloon",
    9: "rocket",
    13: "hexarotor",
    14: "octorotor",
    15: "tricopter",
    16: "flapping wing",
    17: "kite",
    19: "vertical take-off, fixed wing",
    20: "vertical take-off, fixed wing",
    21: "vertical take-off, fixed wing",
    22: "vertical take-off, fixed wing",
    23: "vertical take-off, fixed wing",
    24: "vertical take-off, fixed wing",
    25: "vertical take-off, fixed wing",
    28: "parafoil",
    29: "dodecarotor",
    35: "decarotor",
    43: "multirotor",
}


class BootClock:
    """Ties the milliseconds since an autopilot started to UTC."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._last_boot_ms: int | None = None
        self._own_offset_ns: int | None = None
        self._astray_s: float | None = None
        self._said_s: float | None = None
        self._window_from_ns = 0
        self._least_ns: int | None = None
        self._least_before_ns: int | None = None

    def tie(self, unix_us: int, boot_ms: int, received_utc_ns: int) -> None:
        """Take a SYSTEM_TIME; DecodeError where the vehicle's clock cannot be right, said once until it
        moves by a second. A zero is no clock.
        """
        self.utc_ns(boot_ms, received_utc_ns)
        if unix_us == 0:
            return
        apart_s = (unix_us * _NS_PER_US - received_utc_ns) / NS_PER_S
        self._astray_s = apart_s if abs(apart_s) > REPLAYED_S else None
        if abs(apart_s) > MOST_APART_S:
            self._own_offset_ns = None
            if self._said_s is not None and abs(apart_s - self._said_s) < SAID_AGAIN_S:
                return
            self._said_s = apart_s
            raise DecodeError(
                "SYSTEM_TIME.time_unix_usec",
                f"{apart_s:+.1f} s from its reception",
                f"within {MOST_APART_S:g} s; times are taken from reception",
            )
        self._said_s = None
        self._own_offset_ns = unix_us * _NS_PER_US - boot_ms * _NS_PER_MS

    def utc_ns(self, boot_ms: int, received_utc_ns: int) -> int:
        """Return when `boot_ms` was; whether that may be used, `must_be_live` says."""
        if self._last_boot_ms is not None and boot_ms < self._last_boot_ms - RESTART_S * 1_000:
            self._forget()
        self._last_boot_ms = max(boot_ms, self._last_boot_ms or 0)
        delay_ns = received_utc_ns - boot_ms * _NS_PER_MS
        if received_utc_ns - self._window_from_ns > DELAY_WINDOW_S * NS_PER_S:
            self._window_from_ns, self._least_before_ns, self._least_ns = (
                received_utc_ns,
                self._least_ns,
                None,
            )
        self._least_ns = delay_ns if self._least_ns is None else min(self._least_ns, delay_ns)
        if self._own_offset_ns is not None:
            return self._own_offset_ns + boot_ms * _NS_PER_MS
        before_ns = self._least_ns if self._least_before_ns is None else self._least_before_ns
        return min(self._least_ns, before_ns) + boot_ms * _NS_PER_MS

    def must_be_live(self) -> None:
        """Raise DecodeError where the vehicle's own clock says that this is another day."""
        if self._astray_s is not None:
            raise _another_day("SYSTEM_TIME.time_unix_usec", self._astray_s)


def _must_be_now(field: str, time_utc_ns: int, received_utc_ns: int) -> None:
    apart_s = (time_utc_ns - received_utc_ns) / NS_PER_S
    if abs(apart_s) > REPLAYED_S:
        raise _another_day(field, apart_s)


def _another_day(field: str, apart_s: float) -> DecodeError:
    found = f"{apart_s:+.0f} s from its reception"
    return DecodeError(field, found, f"within {REPLAYED_S:g} s, or this may be a recording")


class Vehicle:
    """One MAVLink system."""

    def __init__(self) -> None:
        self.clock = BootClock()
        self.category = ""
        self._is_station = False
        self._gps: dict[str, Any] | None = None
        self._gps_utc_ns = 0
        self._filter_utc_ns: int | None = None

    def heartbeat(self, fields: dict[str, Any]) -> None:
        """Take what kind of aircraft it is; parts that do not fly (a camera, a gimbal) change nothing."""
        self.category = AIRCRAFT_TYPES.get(fields["type"], self.category)
        # A companion computer may call itself a ground station under the number of its aircraft.
        self._is_station = fields["type"] == GROUND_STATION and not self.category

    def from_filter(self, fields: dict[str, Any], received_utc_ns: int) -> tuple[FlightFix, int]:
        """Return the fix of a GLOBAL_POSITION_INT, and its time; DecodeError where the receiver has none."""
        self._filter_utc_ns = received_utc_ns
        time_utc_ns = self.clock.utc_ns(fields["time_boot_ms"], received_utc_ns)
        self._must_fly()
        _must_be_now("GLOBAL_POSITION_INT.time_boot_ms", time_utc_ns, received_utc_ns)
        gps = self._recent_gps(received_utc_ns)
        if gps is not None:
            _must_have_fix(gps)
        altitude_m = fields["alt"] / 1e3
        return (
            FlightFix(
                says="GLOBAL_POSITION_INT",
                latitude_deg=fields["lat"] / 1e7,
                longitude_deg=fields["lon"] / 1e7,
                altitude_msl_m=altitude_m,
                height_hae_m=_height_hae_m(altitude_m, gps),
                velocity_ned_mps=(fields["vx"] / 1e2, fields["vy"] / 1e2, fields["vz"] / 1e2),
                sigma_m=DEFAULT_SIGMA_M if gps is None else _sigma_m(gps),
            ),
            time_utc_ns,
        )

    def from_receiver(self, fields: dict[str, Any], received_utc_ns: int) -> tuple[FlightFix, int] | None:
        """Remember a GPS_RAW_INT. Return its fix and time where the vehicle's filter sends no better one;
        DecodeError where it has none.
        """
        self._gps, self._gps_utc_ns = fields, received_utc_ns
        filtered = self._filter_utc_ns
        if filtered is not None and received_utc_ns - filtered < FILTER_HOLDS_S * NS_PER_S:
            return None
        self._must_fly()
        _must_have_fix(fields)
        time_us = fields["time_usec"]
        if time_us >= LEAST_EPOCH_US:
            time_utc_ns = time_us * _NS_PER_US
        else:
            time_utc_ns = self.clock.utc_ns(time_us // 1_000, received_utc_ns)
        _must_be_now("GPS_RAW_INT.time_usec", time_utc_ns, received_utc_ns)
        if abs(time_utc_ns - received_utc_ns) > MOST_APART_S * NS_PER_S:
            time_utc_ns = received_utc_ns
        altitude_m = fields["alt"] / 1e3
        fix = FlightFix(
            says="GPS_RAW_INT",
            latitude_deg=fields["lat"] / 1e7,
            longitude_deg=fields["lon"] / 1e7,
            altitude_msl_m=altitude_m,
            height_hae_m=_height_hae_m(altitude_m, fields),
            velocity_ned_mps=None,
            sigma_m=_sigma_m(fields),
        )
        return fix, time_utc_ns

    def _must_fly(self) -> None:
        self.clock.must_be_live()
        if self._is_station:
            raise DecodeError("HEARTBEAT.type", f"{GROUND_STATION}, a ground station", "an aircraft")

    def _recent_gps(self, received_utc_ns: int) -> dict[str, Any] | None:
        recent = received_utc_ns - self._gps_utc_ns < ACCURACY_HOLDS_S * NS_PER_S
        return self._gps if recent else None


def utm_fix(fields: dict[str, Any]) -> FlightFix:
    """Return the fix of a UTM_GLOBAL_POSITION; DecodeError where it says that it has no position."""
    flags = fields["flags"]
    if flags & 0b1100 != 0b1100:
        raise DecodeError("UTM_GLOBAL_POSITION.flags", f"{flags:#04x}", "with position and altitude (0x0c)")
    velocity: Vector | None = None
    if flags & 0b110_0000 == 0b110_0000:
        velocity = (fields["vx"] / 1e2, fields["vy"] / 1e2, fields["vz"] / 1e2)
    return FlightFix(
        says="UTM_GLOBAL_POSITION",
        latitude_deg=fields["lat"] / 1e7,
        longitude_deg=fields["lon"] / 1e7,
        altitude_msl_m=None,
        height_hae_m=fields["alt"] / 1e3,
        velocity_ned_mps=velocity,
        sigma_m=(
            fields["h_acc"] / 1e3 if fields["h_acc"] else DEFAULT_SIGMA_M[0],
            fields["v_acc"] / 1e3 if fields["v_acc"] else DEFAULT_SIGMA_M[1],
        ),
    )


def _must_have_fix(gps: dict[str, Any]) -> None:
    if gps["fix_type"] < LEAST_FIX:
        raise DecodeError(
            "GPS_RAW_INT.fix_type", str(gps["fix_type"]), "3 or more: a fix in three dimensions"
        )


def _sigma_m(gps: dict[str, Any]) -> tuple[float, float]:
    horizontal_m, vertical_m = sigma_of_dilution_m(
        gps["eph"] / 1e2 if 0 < gps["eph"] < NO_U16 else None,
        gps["epv"] / 1e2 if 0 < gps["epv"] < NO_U16 else None,
    )
    return (
        gps["h_acc"] / 1e3 if gps["h_acc"] else horizontal_m,
        gps["v_acc"] / 1e3 if gps["v_acc"] else vertical_m,
    )


def _height_hae_m(altitude_msl_m: float, gps: dict[str, Any] | None) -> float | None:
    """Return the height above the ellipsoid, where the receiver gives both of its heights."""
    if gps is None or not gps["alt_ellipsoid"]:
        return None
    return altitude_msl_m + float(gps["alt_ellipsoid"] - gps["alt"]) / 1e3
