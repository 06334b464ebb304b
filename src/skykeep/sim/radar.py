"""A virtual radar: range, azimuth, elevation and range rate of what fades, hides and hides among clutter.

Signal to noise is scaled from one known point by cross-section and range^-4. At each look a target's power
is drawn anew (Swerling 1) and must pass the threshold of the false alarm probability, so that
Pd = Pfa^(1 / (1 + SNR)). What passed is what is measured: accuracy, cross-section and rotor sidebands come
from the drawn power, with its luck. The stated sigmas are those the errors are drawn with.
Left out: two targets in one cell are still two; beams have no side lobes; rain echoes but does not weaken.
"""

from __future__ import annotations

import numpy as np

from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.domain.sensing import MeasurementKind, Scan, Sensor, SensorKind
from skykeep.models.detectability import (
    decibels,
    power_ratio,
    scaled_snr_db,
    swerling1_required_snr_db,
)
from skykeep.sim.dice import stream
from skykeep.sim.horizon import Horizon
from skykeep.sim.plan_sensors import RadarPlan
from skykeep.sim.rain import Rain
from skykeep.sim.sky import Sky, by_first_column, ranges_and_angles, vector
from skykeep.sim.timing import Looks, Span, target_dice

REFERENCE_RCS_DBSM = -15.0
# Accuracy of an angle by comparing beams: beam width / (1.6 sqrt(2 SNR)).
BEAM_SLOPE = 1.6
# However strong the echo, calibration leaves this share of the beam.
BEAM_FLOOR = 1.0 / 28.0
# Sidebands are found in a band this much narrower than the noise's: they gain that over noise.
SIDEBAND_GAIN_DB = 3.0
# One look holds few blade flashes: its level is uncertain by this much.
SIDEBAND_SPREAD_DB = 3.5
CLUTTER_RATE_MPS = 12.0


class Radar:
    """One virtual radar of a night."""

    def __init__(
        self,
        plan: RadarPlan,
        stand_enu_m: FloatArray,
        sky: Sky,
        span: Span,
        rain: Rain | None = None,
    ) -> None:
        self._plan, self._rain = plan, rain
        self._stand_enu_m = stand_enu_m
        self._sky = sky
        self._horizon = Horizon(sky.terrain, stand_enu_m, plan.range_max_m)
        self.looks = Looks(
            span,
            plan.sensor_id,
            period_s=plan.period_s / plan.sectors,
            latency_s=plan.latency_s,
            late_share=plan.late_share,
            late_s=plan.late_s,
        )
        names = [target.name for target in sky.targets]
        self._uniform, self._normal = target_dice(span.seed, plan.sensor_id, names, self.looks.count, 1, 6)
        self._clutter = stream(span.seed, "clutter", plan.sensor_id)
        self._drops = stream(span.seed, "rain", plan.sensor_id)
        self._hot_spots = self._draw_hot_spots(span.seed)
        self._threshold = -np.log(plan.false_alarm_probability)
        self._reference_snr_db = float(swerling1_required_snr_db(0.5, plan.false_alarm_probability))
        self.sensor = self._describe()

    def _describe(self) -> Sensor:
        plan = self._plan
        sigma_m, azimuth_rad, elevation_rad = self._sigmas(np.array([power_ratio(18.0)]))
        columns = (sigma_m, azimuth_rad, elevation_rad)
        return Sensor(
            sensor_id=plan.sensor_id,
            name=plan.name,
            kind=SensorKind.RADAR,
            measures=MeasurementKind.RANGE_AZIMUTH_ELEVATION,
            position_enu_m=vector(self._stand_enu_m),
            coverage_range_m=plan.reference_range_m,
            sigma=(*(float(column[0]) for column in columns), plan.range_rate_sigma_mps),
            period_s=plan.period_s,
            range_min_m=plan.range_min_m,
            elevation_min_rad=float(np.radians(plan.elevation_min_deg)),
            elevation_max_rad=float(np.radians(plan.elevation_max_deg)),
            detection_probability=0.85,
            clutter_per_scan=plan.clutter_per_scan + plan.hot_spots * plan.hot_spot_share,
        )

    def look(self) -> Scan:
        """Take the next look and return what it shows."""
        time_s, row = self.looks.next_s, self.looks.index
        sector = row % self._plan.sectors
        width_rad = 2 * np.pi / self._plan.sectors
        from_rad, to_rad = sector * width_rad, (sector + 1) * width_rad
        states, aloft = self._sky.at(time_s)
        range_m, azimuth_rad, elevation_rad, rate_mps = ranges_and_angles(self._stand_enu_m, states)
        snr = power_ratio(self._snr_db(range_m, self._sky.rcs_dbsm))
        power = -np.log(self._uniform[row, :, 0]) * (1.0 + snr)
        found = aloft & (power > self._threshold) & self._in_view(range_m, elevation_rad, rate_mps)
        found &= (azimuth_rad >= from_rad) & (azimuth_rad < to_rad)
        seen = np.flatnonzero(found)
        seen = seen[self._horizon.clear(states[seen])]

        snr = power[seen] - 1.0
        true = np.column_stack((range_m, azimuth_rad, elevation_rad, rate_mps))[seen]
        sigma = np.column_stack((*self._sigmas(snr), np.full(len(seen), self._plan.range_rate_sigma_mps)))
        measured = true + sigma * self._normal[row, seen, :4]
        level_db = self._sky.modulation_db[seen, self._sky.sample(time_s)]
        modulation_db = self._sidebands_db(level_db, snr, self._normal[row, seen, 4:])
        real = (measured, sigma, snr, modulation_db)
        return self._scan(from_rad, to_rad, real, self._false_echoes(from_rad, to_rad))

    def _snr_db(self, range_m: FloatArray, rcs_dbsm: FloatArray) -> FloatArray:
        return scaled_snr_db(
            range_m, rcs_dbsm, self._plan.reference_range_m, REFERENCE_RCS_DBSM, self._reference_snr_db
        )

    def _in_view(self, range_m: FloatArray, elevation_rad: FloatArray, rate_mps: FloatArray) -> BoolArray:
        plan = self._plan
        return np.asarray(
            (range_m >= plan.range_min_m)
            & (range_m <= plan.range_max_m)
            & (elevation_rad >= np.radians(plan.elevation_min_deg))
            & (elevation_rad <= np.radians(plan.elevation_max_deg))
            & (np.abs(rate_mps) >= plan.minimum_speed_mps)
        )

    def _sigmas(self, snr: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the deviations of range, azimuth and elevation at a signal to noise ratio."""
        plan = self._plan
        root = np.sqrt(2.0 * snr)
        beams_rad = np.radians([plan.beam_azimuth_deg, plan.beam_elevation_deg])
        azimuth_rad, elevation_rad = (
            np.hypot(BEAM_FLOOR * beam_rad, beam_rad / (BEAM_SLOPE * root)) for beam_rad in beams_rad
        )
        return np.hypot(plan.range_floor_m, plan.range_cell_m / root), azimuth_rad, elevation_rad

    def _sidebands_db(self, level_db: FloatArray, snr: FloatArray, normal: FloatArray) -> FloatArray:
        """Return the measured power of rotor-like sidebands beside the body line: theirs and noise's."""
        if not self._plan.modulation:
            return np.full(len(snr), np.nan)
        theirs = power_ratio(level_db + SIDEBAND_SPREAD_DB * normal[:, 0])
        noise = power_ratio(SIDEBAND_SPREAD_DB * normal[:, 1] - SIDEBAND_GAIN_DB) / snr
        return decibels(theirs + noise)

    def _draw_hot_spots(self, seed: int) -> FloatArray:
        """Return states of places on the ground that echo now and then: masts, cranes, trees in the wind."""
        dice = stream(seed, "hot spots", self._plan.sensor_id)
        count = self._plan.hot_spots
        range_m = dice.uniform(400.0, 3_200.0, count)
        azimuth_rad = dice.uniform(0.0, 2 * np.pi, count)
        states = np.zeros((count, 6))
        states[:, 0] = self._stand_enu_m[0] + range_m * np.sin(azimuth_rad)
        states[:, 1] = self._stand_enu_m[1] + range_m * np.cos(azimuth_rad)
        states[:, 2] = self._sky.terrain.up_m(states[:, 0], states[:, 1]) + dice.uniform(2.0, 25.0, count)
        return states

    def _false_echoes(
        self, from_rad: float, to_rad: float
    ) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return clutter in the sector: measured, sigma, snr, modulation."""
        plan, dice = self._plan, self._clutter
        count = int(dice.poisson(plan.clutter_per_scan / plan.sectors))
        low_rad, high_rad = np.radians([plan.elevation_min_deg, plan.elevation_max_deg])
        loose = np.column_stack(
            (
                dice.uniform(plan.range_min_m, plan.range_max_m, count),
                dice.uniform(from_rad, to_rad, count),
                dice.uniform(low_rad, high_rad, count),
                np.clip(dice.normal(0.0, CLUTTER_RATE_MPS / 2, count), -CLUTTER_RATE_MPS, CLUTTER_RATE_MPS),
            )
        )
        spots = self._hot_spots[dice.random(plan.hot_spots) < plan.hot_spot_share]
        fixed = np.column_stack(ranges_and_angles(self._stand_enu_m, spots))
        fixed = fixed[(fixed[:, 1] >= from_rad) & (fixed[:, 1] < to_rad)]
        # What stands on the ground is wider than a drone, and sways.
        fixed = fixed + dice.standard_normal(fixed.shape) * np.array([12.0, 0.008, 0.008, 0.4])
        wet = self._wet_echoes(from_rad, to_rad)
        measured = np.vstack((loose, fixed, wet))
        strength = np.repeat([6.0, 60.0], [len(loose), len(fixed)])
        above = np.concatenate((dice.exponential(strength), self._drops.exponential(np.full(len(wet), 8.0))))
        snr = self._threshold - 1.0 + above
        sigma = np.column_stack((*self._sigmas(snr), np.full(len(snr), plan.range_rate_sigma_mps)))
        level_db = np.concatenate((dice.normal(-20.0, 4.0, len(strength)), np.full(len(wet), -22.0)))
        normal = np.vstack((dice.standard_normal((len(strength), 2)), np.zeros((len(wet), 2))))
        return measured, sigma, snr, self._sidebands_db(level_db, snr, normal)

    def _wet_echoes(self, from_rad: float, to_rad: float) -> FloatArray:
        """Return what rain gives in the sector, (n, 4)."""
        if self._rain is None:
            return np.empty((0, 4))
        states = self._rain.echoes(self._drops, self.looks.next_s)
        range_m, azimuth_rad, elevation_rad, rate_mps = ranges_and_angles(self._stand_enu_m, states)
        inside = self._in_view(range_m, elevation_rad, rate_mps)
        inside &= (azimuth_rad >= from_rad) & (azimuth_rad < to_rad)
        return np.column_stack((range_m, azimuth_rad, elevation_rad, rate_mps))[inside]

    def _scan(
        self,
        from_rad: float,
        to_rad: float,
        real: tuple[FloatArray, FloatArray, FloatArray, FloatArray],
        false: tuple[FloatArray, FloatArray, FloatArray, FloatArray],
    ) -> Scan:
        measured, sigma, snr, modulation_db = (np.concatenate(pair) for pair in zip(real, false, strict=True))
        measured[:, 0] = np.maximum(measured[:, 0], 1.0)
        measured[:, 1] %= 2 * np.pi
        order: IntArray = by_first_column(measured)
        measured, sigma, snr, modulation_db = measured[order], sigma[order], snr[order], modulation_db[order]
        snr_db = decibels(snr)
        at_reference_db = snr_db - self._snr_db(measured[:, 0], np.full(len(snr), REFERENCE_RCS_DBSM))
        whole = self._plan.sectors == 1
        scan = Scan(
            sensor_id=self._plan.sensor_id,
            sequence=self.looks.index,
            kind=MeasurementKind.RANGE_AZIMUTH_ELEVATION,
            time_utc_ns=self.looks.next_utc_ns,
            received_utc_ns=self.looks.received_utc_ns,
            measured=measured,
            sigma=sigma,
            snr_db=snr_db,
            rcs_dbsm=REFERENCE_RCS_DBSM + at_reference_db,
            modulation_db=modulation_db,
            azimuth_from_rad=None if whole else float(from_rad),
            azimuth_to_rad=None if whole else float(to_rad),
        )
        self.looks.index += 1
        return scan
