"""Which sensors are heard, and how often: what the status strip says of each."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from skykeep.api import messages as m
from skykeep.api.views import sensor_view
from skykeep.base.clock import NS_PER_S
from skykeep.domain.feed import SourceHealth
from skykeep.domain.sensing import Claim, Report, Scan, Sensor, SensorStatus
from skykeep.geo.frames import LocalFrame

STALE_AFTER_PERIODS, STALE_AFTER_AT_LEAST_S = 5.0, 3.0
SILENT_AFTER_S = 30.0
RATE_OVER_S = 5


class HealthBook:
    """Counts what comes from each sensor. A sensor of which nothing was ever heard is `unused`."""

    def __init__(self, sensors: tuple[Sensor, ...]) -> None:
        self._sensors = sensors
        self._heard: dict[str, deque[int]] = {}

    def heard(self, sensor_id: str, time_utc_ns: int) -> None:
        """Take note of one message."""
        self._heard.setdefault(sensor_id, deque(maxlen=64)).append(time_utc_ns)

    def at(self, now_utc_ns: int) -> tuple[m.SensorHealth, ...]:
        """Return the health of every sensor, in the order of the site."""
        return tuple(self._of(sensor, now_utc_ns) for sensor in self._sensors)

    def _of(self, sensor: Sensor, now_utc_ns: int) -> m.SensorHealth:
        heard = self._heard.get(sensor.sensor_id)
        if not heard:
            return m.SensorHealth(id=sensor.sensor_id, state="unused", last_utc_ns=None, per_s=0.0)
        silent_s = (now_utc_ns - heard[-1]) / NS_PER_S
        state: Literal["ok", "stale", "silent"] = "ok"
        if silent_s > SILENT_AFTER_S:
            state = "silent"
        elif silent_s > max(STALE_AFTER_AT_LEAST_S, STALE_AFTER_PERIODS * sensor.period_s):
            state = "stale"
        recent = sum(now_utc_ns - time_utc_ns <= RATE_OVER_S * NS_PER_S for time_utc_ns in heard)
        return m.SensorHealth(
            id=sensor.sensor_id, state=state, last_utc_ns=heard[-1], per_s=round(recent / RATE_OVER_S, 1)
        )


def live_health(
    sources: Iterable[SourceHealth], sensors: tuple[Sensor, ...], latency_ms: Mapping[str, float | None]
) -> tuple[m.SensorHealth, ...]:
    """Return what is known of live sources, the site's sensors first and in their order, then feeds that are
    no sensor.
    """
    by_id = {source.source_id: source for source in sources}
    names = {sensor.sensor_id: sensor.name for sensor in sensors}
    shown = []
    for source_id in [*names, *(each for each in by_id if each not in names)]:
        source = by_id.get(source_id)
        if source is None:
            shown.append(
                m.SensorHealth(
                    id=source_id, state="unused", last_utc_ns=None, per_s=0.0, name=names[source_id]
                )
            )
            continue
        shown.append(
            m.SensorHealth(
                id=source_id,
                state=source.state.value,
                last_utc_ns=source.last_utc_ns,
                per_s=source.per_s,
                name=names.get(source_id, source_id),
                says=source.says,
                heard=source.heard,
                refused=source.refused,
                lost=source.dropped_rate + source.dropped_kernel + source.dropped_full,
                held_back=source.held_back,
                clock_offset_s=source.clock_offset_s,
                way_s=source.latency_s,
                latency_ms=latency_ms.get(source_id),
            )
        )
    return tuple(shown)


def as_told(sensor: Sensor, status: SensorStatus) -> Sensor:
    """Return a sensor with what it says of where it stands and looks in place of what is configured."""
    told = {
        "position_enu_m": status.position_enu_m,
        "coverage_range_m": status.range_max_m,
        "azimuth_from_rad": status.azimuth_from_rad,
        "azimuth_to_rad": status.azimuth_to_rad,
    }
    return msgspec.structs.replace(sensor, **{name: it for name, it in told.items() if it is not None})


class SensorDesk:
    """What a console is told of a site's sensors. `sources`, once given, is how live sources are; until then
    the health is what was heard here.
    """

    def __init__(self, sensors: tuple[Sensor, ...], origin: LocalFrame) -> None:
        self._sensors = {sensor.sensor_id: sensor for sensor in sensors}
        self._origin = origin
        self._book = HealthBook(sensors)
        self._moved: dict[str, Sensor] = {}
        self.sources: tuple[m.SensorHealth, ...] | None = None

    def heard(self, record: Scan | Claim | Report | SensorStatus, now_utc_ns: int) -> None:
        """Take note of what a sensor sent."""
        self._book.heard(record.sensor_id, now_utc_ns)
        sensor = self._moved.get(record.sensor_id, self._sensors.get(record.sensor_id))
        if isinstance(record, SensorStatus) and sensor is not None:
            self._moved[record.sensor_id] = as_told(sensor, record)

    def name_of(self, source_id: str) -> str:
        """Return a sensor's name, or what a feed that is none goes by."""
        sensor = self._sensors.get(source_id)
        return source_id if sensor is None else sensor.name

    def at(self, now_utc_ns: int) -> tuple[m.SensorHealth, ...]:
        """Return how all are."""
        return self._book.at(now_utc_ns) if self.sources is None else self.sources

    @property
    def refused(self) -> int:
        """How many messages of live sources were no good."""
        return sum(source.refused or 0 for source in self.sources or ())

    @property
    def moved(self) -> tuple[m.SensorView, ...]:
        """Those that have said where they stand or look, as they said it last."""
        return tuple(sensor_view(self._origin, sensor) for sensor in self._moved.values())
