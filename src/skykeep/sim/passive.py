"""Virtual sensors that only listen or look: an RF direction finder and a staring night camera.

The direction finder hears a transmitter most times in the clear and now and then round a hill; what it hears
falsely (a wireless network, an echo off a wall) has a family too. The camera sees what spans pixels enough.
"""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import FloatArray
from skykeep.domain.sensing import MeasurementKind, Scan, Sensor, SensorKind, make_scan
from skykeep.models.detectability import pixel_detection_probability, pixels_on_target
from skykeep.sim.dice import stream
from skykeep.sim.horizon import Horizon
from skykeep.sim.plan_sensors import CameraPlan, DirectionFinderPlan
from skykeep.sim.sky import Sky, by_first_column, ranges_and_angles, vector
from skykeep.sim.timing import Looks, Span, target_dice

FALSE_FAMILIES = ("wireless-network-2.4", "wireless-network-5.8", "multirotor-video-5.8", "unknown")


class DirectionFinder:
    """Bearings to transmitters, with the family each sounds like."""

    def __init__(
        self,
        plan: DirectionFinderPlan,
        stand_enu_m: FloatArray,
        sky: Sky,
        span: Span,
    ) -> None:
        self._plan = plan
        self._stand_enu_m = stand_enu_m
        self._sky = sky
        self._horizon = Horizon(sky.terrain, stand_enu_m, plan.range_m)
        self.looks = Looks(
            span,
            plan.sensor_id,
            period_s=plan.period_s,
            latency_s=plan.latency_s,
        )
        names = [target.name for target in sky.targets]
        self._uniform, self._normal = target_dice(span.seed, plan.sensor_id, names, self.looks.count, 1, 1)
        self._false = stream(span.seed, "clutter", plan.sensor_id)
        self._families = tuple(target.emitter for target in sky.targets)
        self._transmits = np.array([bool(family) for family in self._families])
        self.sensor = Sensor(
            sensor_id=plan.sensor_id,
            name=plan.name,
            kind=SensorKind.RF_DIRECTION_FINDER,
            measures=MeasurementKind.AZIMUTH,
            position_enu_m=vector(stand_enu_m),
            coverage_range_m=plan.range_m,
            sigma=(float(np.radians(plan.bearing_sigma_deg)),),
            period_s=plan.period_s,
            detection_probability=plan.seen_share,
            clutter_per_scan=plan.false_per_scan,
        )

    def look(self) -> Scan:
        """Take the next look and return the bearings heard."""
        row = self.looks.index
        states, aloft = self._sky.at(self.looks.next_s)
        range_m, azimuth_rad, _, _ = ranges_and_angles(self._stand_enu_m, states)
        heard = np.flatnonzero(aloft & self._transmits & (range_m <= self._plan.range_m))
        clear = self._horizon.clear(states[heard])
        share = np.where(clear, self._plan.seen_share, self._plan.behind_terrain_share)
        heard = heard[self._uniform[row, heard, 0] < share]
        sigma_rad = float(np.radians(self._plan.bearing_sigma_deg))
        real_rad = azimuth_rad[heard] + sigma_rad * self._normal[row, heard, 0]
        false_rad = self._false.uniform(0.0, 2 * np.pi, self._false.poisson(self._plan.false_per_scan))
        false_families = self._false.integers(len(FALSE_FAMILIES), size=len(false_rad))
        labels = [self._families[i] for i in heard] + [FALSE_FAMILIES[i] for i in false_families]
        measured = np.concatenate((real_rad, false_rad))[:, np.newaxis] % (2 * np.pi)
        order = by_first_column(measured)
        scan = make_scan(
            sensor_id=self._plan.sensor_id,
            sequence=row,
            kind=MeasurementKind.AZIMUTH,
            time_utc_ns=self.looks.next_utc_ns,
            received_utc_ns=self.looks.received_utc_ns,
            measured=measured[order],
            sigma=np.full((len(order), 1), sigma_rad),
            labels=tuple(labels[i] for i in order),
        )
        self.looks.index += 1
        return scan


class Camera:
    """Azimuth and elevation of what moves in the picture of a staring camera."""

    def __init__(
        self,
        plan: CameraPlan,
        stand_enu_m: FloatArray,
        sky: Sky,
        span: Span,
    ) -> None:
        self._plan = plan
        self._stand_enu_m = stand_enu_m
        self._sky = sky
        self._horizon = Horizon(sky.terrain, stand_enu_m, plan.range_m)
        self.looks = Looks(
            span,
            plan.sensor_id,
            period_s=plan.period_s,
            latency_s=plan.latency_s,
        )
        names = [target.name for target in sky.targets]
        self._uniform, self._normal = target_dice(span.seed, plan.sensor_id, names, self.looks.count, 1, 2)
        self._false = stream(span.seed, "clutter", plan.sensor_id)
        self._from_rad = float(np.radians(plan.looks_to_deg - plan.width_deg / 2.0) % (2 * np.pi))
        self._width_rad = float(np.radians(plan.width_deg))
        self._elevation_rad = np.radians([plan.elevation_min_deg, plan.elevation_max_deg])
        sigma_rad = float(np.radians(plan.sigma_deg))
        self.sensor = Sensor(
            sensor_id=plan.sensor_id,
            name=plan.name,
            kind=SensorKind.CAMERA,
            measures=MeasurementKind.AZIMUTH_ELEVATION,
            position_enu_m=vector(stand_enu_m),
            coverage_range_m=plan.range_m,
            sigma=(sigma_rad, sigma_rad),
            period_s=plan.period_s,
            azimuth_from_rad=self._from_rad,
            azimuth_to_rad=(self._from_rad + self._width_rad) % (2 * np.pi),
            elevation_min_rad=float(self._elevation_rad[0]),
            elevation_max_rad=float(self._elevation_rad[1]),
            detection_probability=0.5,
            clutter_per_scan=plan.false_per_scan,
        )

    def look(self) -> Scan:
        """Take the next frame and return what moves in it."""
        row, plan = self.looks.index, self._plan
        states, aloft = self._sky.at(self.looks.next_s)
        range_m, azimuth_rad, elevation_rad, _ = ranges_and_angles(self._stand_enu_m, states)
        pixels = pixels_on_target(self._sky.size_m, range_m, self._width_rad / plan.pixels)
        chance = pixel_detection_probability(pixels, plan.pixels_for_half)
        low_rad, high_rad = self._elevation_rad
        inside = (azimuth_rad - self._from_rad) % (2 * np.pi) < self._width_rad
        inside &= (elevation_rad > low_rad) & (elevation_rad < high_rad)
        found = aloft & inside & (range_m <= plan.range_m) & (self._uniform[row, :, 0] < chance)
        seen = np.flatnonzero(found)
        seen = seen[self._horizon.clear(states[seen])]
        sigma_rad = float(np.radians(plan.sigma_deg))
        real = np.column_stack((azimuth_rad, elevation_rad))[seen] + sigma_rad * self._normal[row, seen]
        count = int(self._false.poisson(plan.false_per_scan))
        lights = np.column_stack(
            (
                self._from_rad + self._false.uniform(0.0, self._width_rad, count),
                self._false.uniform(low_rad, high_rad, count),
            )
        )
        measured = np.vstack((real, lights))
        measured[:, 0] %= 2 * np.pi
        order = by_first_column(measured)
        scan = make_scan(
            sensor_id=plan.sensor_id,
            sequence=row,
            kind=MeasurementKind.AZIMUTH_ELEVATION,
            time_utc_ns=self.looks.next_utc_ns,
            received_utc_ns=self.looks.received_utc_ns,
            measured=measured[order],
            sigma=np.full((len(order), 2), sigma_rad),
        )
        self.looks.index += 1
        return scan
