"""What the tracker keeps of one sensor: where it looks, what its looks are worth, which scans have come."""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from skykeep.base.compile import FloatArray, kernel
from skykeep.base.errors import InputError
from skykeep.domain.sensing import MeasurementKind, Scan, Sensor, SensorKind, SensorStatus
from skykeep.models.measurement import AZIMUTH, AZIMUTH_ELEVATION, POSITION, RANGE_AZIMUTH_ELEVATION
from skykeep.tracking.clutter import MEMORY_S, Clutter, empty_clutter, fade_map
from skykeep.tracking.columns import (
    AZIMUTH_CELLS,
    AZIMUTH_FROM,
    AZIMUTH_WIDTH,
    CELL_NOMINAL,
    CLUTTER_EXCESS,
    DETECTION_PROBABILITY,
    ELEVATION_CELLS,
    ELEVATION_MAX,
    ELEVATION_MIN,
    LABEL_OF,
    LABEL_TELLS,
    LOG_CLUTTER,
    LOOK_INDEX,
    LOOK_KIND,
    LOOK_SENSOR,
    LOOK_VALUES,
    LOOKS_SO_FAR,
    MISSES_TELL,
    NEW_LOG_ODDS,
    RANGE_CELLS,
    RANGE_MAX,
    RANGE_MIN,
    RATE_SPAN,
    RESOLUTION,
    SERVES_TENTATIVE,
    SIGNAL,
    SINCE_S,
    SLOWEST,
    THRESHOLD,
)
from skykeep.tracking.settings import TrackerSettings

_CODES = {
    MeasurementKind.RANGE_AZIMUTH_ELEVATION: RANGE_AZIMUTH_ELEVATION,
    MeasurementKind.AZIMUTH: AZIMUTH,
    MeasurementKind.AZIMUTH_ELEVATION: AZIMUTH_ELEVATION,
    MeasurementKind.POSITION: POSITION,
}
_NAMES_ONE = (SensorKind.REMOTE_ID, SensorKind.ADSB)
_ONE_TELLS, _FAMILY_TELLS = 3.0, 0.7
"""What a label that names one aircraft, or a family of many, adds to the log-odds of an association."""
_TWO_PI = 2.0 * math.pi
_CLUTTER_HEIGHT_M = 1000.0
"""Height of the block of air, as wide as the coverage, over which false positions are spread."""
_CELL_RAD = math.radians(3.0)
_CELL_M = 100.0
_MOST_RANGE_CELLS = 128
_MOST_SINCE_S = 50.0 * MEMORY_S
_EXCESS, _EXCESS_COUNT, _EXCESS_MEMORY, _MOST_EXCESS = 20.0, 10.0, 2000.0, 1e4
"""Mean power of false detections above the threshold before any is known, what that counts for, and how many
are remembered."""


class Source:
    """One sensor of the site, `index` being its place among them; bearings without elevation start tracks
    where they are `crossed` by those of another.
    """

    def __init__(self, index: int, sensor: Sensor, settings: TrackerSettings, crossed: bool) -> None:
        self.index = index
        self.position_enu_m = np.array(sensor.position_enu_m, dtype=np.float64)
        self.nominal_sigma = np.full(4, np.nan)
        self.nominal_sigma[: len(sensor.sigma)] = sensor.sigma
        self._looks = {kind: _whole_view(sensor, kind, settings) for kind in MeasurementKind}
        for look in self._looks.values():
            look[LOOK_INDEX] = index + 1
        if not crossed:
            self._looks[MeasurementKind.AZIMUTH][NEW_LOG_ODDS] = -math.inf
        ranging = self._looks[MeasurementKind.RANGE_AZIMUTH_ELEVATION]
        cells = int(ranging[RANGE_CELLS] * ranging[AZIMUTH_CELLS] * ranging[ELEVATION_CELLS])
        self._clutter = empty_clutter(cells if sensor.kind is SensorKind.RADAR else 0)
        self._no_clutter = empty_clutter(0)
        self._period_s = max(sensor.period_s, 1e-3)
        self._excess_count = _EXCESS_COUNT
        self._first_utc_ns: int | None = None
        self._even_utc_ns = 0
        self._seen: set[int] = set()
        self._seen_in_order: deque[tuple[int, int]] = deque()

    def remember(self, scan: Scan, forget_ns: int) -> None:
        """Refuse a scan that came before; forget those from before `forget_ns`."""
        while self._seen_in_order and self._seen_in_order[0][0] < forget_ns:
            self._seen.discard(self._seen_in_order.popleft()[1])
        if scan.sequence in self._seen:
            raise InputError("sequence", f"{scan.sequence} of {scan.sensor_id} again", "one not seen before")
        self._seen.add(scan.sequence)
        self._seen_in_order.append((scan.time_utc_ns, scan.sequence))

    def told(self, status: SensorStatus) -> None:
        """Take what the sensor says of where it stands and where it looks: from its next scan on."""
        if status.position_enu_m is not None:
            self.position_enu_m = np.array(status.position_enu_m, dtype=np.float64)
        low, high = status.azimuth_from_rad, status.azimuth_to_rad
        for look in self._looks.values():
            look[LOOK_SENSOR:RANGE_MIN] = self.position_enu_m
            if status.range_max_m is not None:
                look[RANGE_MAX] = status.range_max_m
            if low is not None and high is not None:
                look[AZIMUTH_FROM], look[AZIMUTH_WIDTH] = low, _width(low, high) or _TWO_PI

    def _since_s(self, time_utc_ns: int) -> float:
        """Return the time since the map's weights were 1, which grow with time where others would fade."""
        since_s = (time_utc_ns - self._even_utc_ns) * 1e-9
        if since_s > _MOST_SINCE_S:
            fade_map(self._clutter, since_s)
            self._even_utc_ns, since_s = time_utc_ns, 0.0
        return since_s

    def clutter(self, kind: int) -> Clutter:
        """Return the map of clutter; it is empty where none is kept."""
        return self._clutter if kind == RANGE_AZIMUTH_ELEVATION else self._no_clutter

    def learn_strength(self, signatures: FloatArray, claimed: FloatArray) -> None:
        """Learn how strong false detections are, from the `signatures` of all, `claimed` by tracks so far."""
        look = self._looks[MeasurementKind.RANGE_AZIMUTH_ELEVATION]
        if look[SIGNAL] == 0.0 or not len(signatures):
            return
        self._excess_count = learn_excess(look, signatures, claimed, self._excess_count)

    def look(self, scan: Scan) -> FloatArray:
        """Return the look of `scan`: the whole field of view, or the sector that it says."""
        look = self._looks[scan.kind]
        if self._first_utc_ns is None:
            self._first_utc_ns = self._even_utc_ns = scan.time_utc_ns
        elapsed_s = max(scan.time_utc_ns - self._first_utc_ns, 0) * 1e-9
        look[LOOKS_SO_FAR] = -math.expm1(-elapsed_s / MEMORY_S) * MEMORY_S / self._period_s
        look[SINCE_S] = self._since_s(scan.time_utc_ns)
        low, high = scan.azimuth_from_rad, scan.azimuth_to_rad
        if low is None or high is None or not math.isfinite(low + high):
            return look
        sector = look.copy()
        sector[AZIMUTH_FROM], sector[AZIMUTH_WIDTH] = low, _width(low, high)
        return sector


@kernel
def learn_excess(look: FloatArray, signatures: FloatArray, claimed: FloatArray, count: float) -> float:
    """Move the mean excess of false detections in `look` by those of a scan; return how many it rests on."""
    told, gap = 0.0, 0.0
    for d in range(signatures.shape[0]):
        power = signatures[d, 2]
        if math.isfinite(power):
            false = 1.0 - min(claimed[d], 1.0)
            excess = min(max(power - look[THRESHOLD], 0.0), _MOST_EXCESS)
            told += false
            gap += false * (excess - look[CLUTTER_EXCESS])
    count = min(count + told, _EXCESS_MEMORY)
    look[CLUTTER_EXCESS] = max(look[CLUTTER_EXCESS] + gap / max(count, told), 1.0)
    return count


def _width(azimuth_from_rad: float, azimuth_to_rad: float) -> float:
    width = azimuth_to_rad - azimuth_from_rad
    return width if 0.0 <= width <= _TWO_PI else width % _TWO_PI


def _whole_view(sensor: Sensor, measurement: MeasurementKind, settings: TrackerSettings) -> FloatArray:
    kind = _CODES[measurement]
    width = _width(sensor.azimuth_from_rad, sensor.azimuth_to_rad) or _TWO_PI
    rise = max(sensor.elevation_max_rad - sensor.elevation_min_rad, 1e-3)
    depth_m = max(sensor.coverage_range_m - sensor.range_min_m, 1.0)
    block_m3 = (2.0 * sensor.coverage_range_m) ** 2 * _CLUTTER_HEIGHT_M
    space = (depth_m * width * rise, width, width * rise, block_m3)[kind]
    clutter = max(sensor.clutter_per_scan, 1e-3)
    has_range = kind in (RANGE_AZIMUTH_ELEVATION, POSITION)
    look = np.empty(LOOK_VALUES)
    look[LOOK_KIND] = kind
    look[LOOK_SENSOR:RANGE_MIN] = sensor.position_enu_m
    look[RANGE_MIN], look[RANGE_MAX] = sensor.range_min_m, sensor.coverage_range_m
    look[AZIMUTH_FROM], look[AZIMUTH_WIDTH] = sensor.azimuth_from_rad, width
    look[ELEVATION_MIN], look[ELEVATION_MAX] = sensor.elevation_min_rad, sensor.elevation_max_rad
    look[DETECTION_PROBABILITY] = min(max(sensor.detection_probability, 0.05), 0.99)
    look[LOG_CLUTTER] = math.log(clutter / space)
    # Targets come by the second, not by the look.
    births = settings.births_per_scan * (1.0 if has_range else min(sensor.period_s, 1.0))
    look[NEW_LOG_ODDS] = math.log(births / clutter) if sensor.independent else -math.inf
    look[MISSES_TELL] = sensor.kind is SensorKind.RADAR
    look[SERVES_TENTATIVE] = sensor.independent
    look[RANGE_CELLS] = min(math.ceil(depth_m / _CELL_M), _MOST_RANGE_CELLS)
    look[AZIMUTH_CELLS] = round(_TWO_PI / _CELL_RAD)
    look[ELEVATION_CELLS] = math.ceil(rise / _CELL_RAD)
    inside = look[RANGE_CELLS] * look[AZIMUTH_CELLS] * width / _TWO_PI * look[ELEVATION_CELLS]
    look[CELL_NOMINAL] = clutter / inside
    look[LOOKS_SO_FAR] = 0.0
    look[SLOWEST] = sensor.minimum_speed_mps
    look[RATE_SPAN] = settings.range_rate_span_mps
    look[RESOLUTION : RESOLUTION + 3] = 0.0
    look[LABEL_OF] = 0.0 if sensor.kind in _NAMES_ONE else 1.0
    look[LABEL_TELLS] = _ONE_TELLS if sensor.kind in _NAMES_ONE else _FAMILY_TELLS
    if kind in (RANGE_AZIMUTH_ELEVATION, AZIMUTH_ELEVATION):
        look[RESOLUTION : RESOLUTION + len(sensor.resolution)] = sensor.resolution
    signal = sensor.signal if kind == RANGE_AZIMUTH_ELEVATION else None
    look[SIGNAL], look[THRESHOLD], look[CLUTTER_EXCESS] = 0.0, 0.0, 1.0
    if signal is not None:
        look[SIGNAL] = 10.0 ** ((signal.snr_db - signal.rcs_dbsm) / 10.0) * signal.range_m**4
        look[THRESHOLD] = -math.log(signal.false_alarm_probability)
        look[CLUTTER_EXCESS] = _EXCESS
    return look
