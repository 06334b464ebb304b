"""ASTERIX target reports to scans: what the tracker can use of CAT048, CAT001 and CAT062.

| category | becomes | from |
|---|---|---|
| 048, 001 | range, azimuth, elevation | slant range and azimuth; elevation from the level, if any |
| 062 | position | WGS 84 place (105), altitude (130) or else level (135, 136) |

A flight level is pressure altitude over 1013.25 hPa: its sigma here, 150 m, is weather, not the instrument.
A plot with no level gets the elevation of 5,000 m with a sigma to match. Elevation allows for the fall of
the earth at slant range. Sigmas are the usual accuracy of a monopulse secondary radar (70 m, 0.08 deg),
since CAT048 rarely carries its own. Source: EUROCONTROL-SPEC-0149 parts 2a, 4, 9.
"""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np

from skykeep.base.clock import NS_PER_S
from skykeep.domain.sensing import MeasurementKind, Scan, make_scan
from skykeep.geo.frames import LocalFrame
from skykeep.geo.terrain import MEAN_EARTH_RADIUS_M
from skykeep.wire.asterix import DAY_S, AsterixRecord
from skykeep.wire.asterix_gates import flight_level

NAUTICAL_MILE_M = 1_852.0
FOOT_M = 0.3048
FLIGHT_LEVEL_M = 100 * FOOT_M
RANGE_SIGMA_M, AZIMUTH_SIGMA_RAD, LEVEL_SIGMA_M = 70.0, np.radians(0.08), 150.0
UNKNOWN_HEIGHT_M, UNKNOWN_HEIGHT_SIGMA_M = 5_000.0, 4_000.0
SYSTEM_TRACK_SIGMA_M = 80.0
_DAY_NS = round(DAY_S) * NS_PER_S
BEAM_RAD = float(np.radians(0.25))

# category: (item of the time of day, its period in s)
TIME_ITEMS = {48: ("140", DAY_S), 62: ("070", DAY_S), 1: ("141", 512.0)}

_ADDRESS_ITEMS = {10: "220", 20: "220", 21: "080", 48: "220"}


class Source(msgspec.Struct, frozen=True, order=True):
    """Who sent it: category, system area code, system identification code."""

    category: int
    area_code: int
    identification_code: int

    @property
    def sensor_id(self) -> str:
        return f"asterix-{self.category:03d}-{self.area_code}-{self.identification_code}"


def source_of(record: AsterixRecord) -> Source:
    """Return the source of a record that has item 010."""
    source = record.items["010"]
    return Source(record.category, source["SAC"], source["SIC"])


def resolve_time_utc_ns(time_of_day_s: float, period_s: float, near_utc_ns: int) -> int:
    """Return the moment nearest to `near_utc_ns` whose seconds of day, modulo `period_s`, are
    `time_of_day_s`.

    The date is not in the data: this puts records on the right side of midnight, and of the 512 s of
    CAT001.
    """
    # In whole nanoseconds: seconds since 1970 as a float are good to 0.2 us only.
    period_ns, of_day_ns = round(period_s * NS_PER_S), round(time_of_day_s * NS_PER_S)
    midnight_utc_ns = near_utc_ns - near_utc_ns % _DAY_NS
    periods = (near_utc_ns - midnight_utc_ns - of_day_ns + period_ns // 2) // period_ns
    return midnight_utc_ns + of_day_ns + periods * period_ns


def plot_row(record: AsterixRecord, sensor_height_m: float) -> tuple[list[float], list[float]] | None:
    """Return range, azimuth, elevation and their sigmas of a CAT048 or CAT001 record, None when it has no
    place.
    """
    place = record.items.get("040")
    if not isinstance(place, dict) or place["RHO"] <= 0.0:
        return None
    range_m = place["RHO"] * NAUTICAL_MILE_M
    level = flight_level(record)
    height_m = UNKNOWN_HEIGHT_M if level is None else level * FLIGHT_LEVEL_M
    height_sigma_m = UNKNOWN_HEIGHT_SIGMA_M if level is None else LEVEL_SIGMA_M
    rise_m = height_m - sensor_height_m - range_m**2 / (2.0 * MEAN_EARTH_RADIUS_M)
    elevation_rad = float(np.arcsin(np.clip(rise_m / range_m, -1.0, 1.0)))
    elevation_sigma_rad = min(height_sigma_m / range_m, 0.5)
    azimuth_rad = float(np.radians(place["THETA"]))
    return [range_m, azimuth_rad, elevation_rad], [RANGE_SIGMA_M, AZIMUTH_SIGMA_RAD, elevation_sigma_rad]


def position_row(record: AsterixRecord, frame: LocalFrame) -> tuple[list[float], list[float]] | None:
    """Return east, north, up and their sigmas of a CAT062 record, None when it has no place on the globe."""
    place = record.items.get("105")
    if not isinstance(place, dict):
        return None
    height_m = _height_m(record.items)
    sigma_up_m = LEVEL_SIGMA_M if height_m is not None else UNKNOWN_HEIGHT_SIGMA_M
    position = frame.to_enu_m(place["LAT"], place["LON"], UNKNOWN_HEIGHT_M if height_m is None else height_m)
    return position.tolist(), [SYSTEM_TRACK_SIGMA_M, SYSTEM_TRACK_SIGMA_M, sigma_up_m]


def _height_m(items: dict[str, Any]) -> float | None:
    if isinstance(items.get("130"), int | float):
        return float(items["130"]) * FOOT_M
    barometric = items.get("135")
    level = barometric.get("CTB") if isinstance(barometric, dict) else items.get("136")
    return None if level is None else float(level) * FLIGHT_LEVEL_M


def label_of(record: AsterixRecord) -> str:
    """Return the 24-bit address in hex, else the Mode 3/A code, else nothing."""
    address = record.items.get(_ADDRESS_ITEMS.get(record.category, ""))
    derived = record.items.get("380")
    if address is None and isinstance(derived, dict):
        address = derived.get("ADR")
    if isinstance(address, int):
        return f"{address:06X}"
    mode_a = record.items.get("060" if record.category in (10, 62) else "070")
    return f"A{mode_a['MODE3A']}" if isinstance(mode_a, dict) and "MODE3A" in mode_a else ""


def scan_of(
    source: Source,
    sequence: int,
    time_utc_ns: int,
    received_utc_ns: int,
    rows: list[tuple[list[float], list[float], str]],
) -> Scan:
    """Return one scan of target reports that share a source and a time; `rows` are (measured, sigma, label).

    A plot's scan looked along its own beam only: a report from elsewhere does not say that a target is gone.
    """
    position = source.category == 62
    azimuths_rad = [row[0][1] for row in rows]
    return make_scan(
        sensor_id=source.sensor_id,
        sequence=sequence,
        kind=MeasurementKind.POSITION if position else MeasurementKind.RANGE_AZIMUTH_ELEVATION,
        time_utc_ns=time_utc_ns,
        received_utc_ns=received_utc_ns,
        measured=np.array([row[0] for row in rows], dtype=np.float64),
        sigma=np.array([row[1] for row in rows], dtype=np.float64),
        labels=tuple(row[2] for row in rows),
        azimuth_from_rad=None if position else min(azimuths_rad) - BEAM_RAD,
        azimuth_to_rad=None if position else max(azimuths_rad) + BEAM_RAD,
    )
