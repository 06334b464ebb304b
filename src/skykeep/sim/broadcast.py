"""What aircraft say of themselves, as it comes through the real messages and their steps.

A claim tells what the sender's own navigation believes (its true place plus a slowly wandering bias), cut to
the steps of its message:

| | Remote ID (ASTM F3411) | ADS-B (airborne, compact position) |
|---|---|---|
| position | 1e-7 degree | 1/2^17 of 6 degrees of latitude: 5.1 m |
| height | 0.5 m | 25 ft |
| speed | 0.25 m/s, above 63.75 m/s 0.75 m/s | 1 kt per axis |
| course | 1 degree | from the axes |
| vertical speed | 0.5 m/s | 64 ft/min |
| time | 0.1 s | of arrival, less the sender's delay |

A sender's message is one: each receiver that hears it passes on the same.
"""

from __future__ import annotations

import numpy as np

from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import FloatArray
from skykeep.domain.place import Vector
from skykeep.domain.sensing import Claim, ClaimKind, Sensor, SensorKind
from skykeep.geo.frames import LocalFrame
from skykeep.models.detectability import free_space_loss_db
from skykeep.sim.dice import stream, wander
from skykeep.sim.horizon import Horizon
from skykeep.sim.paths import STEP_S
from skykeep.sim.plan_sensors import AdsbReceiverPlan, RemoteIdReceiverPlan
from skykeep.sim.sky import Sky, vector
from skykeep.sim.targets import Target
from skykeep.sim.timing import Span

FOOT_M, KNOT_MPS = 0.3048, 1852.0 / 3600.0
REMOTE_ID_HZ, REMOTE_ID_DBM = 2.437e9, 18.0
# What senders state holds 95 % of their errors (10 m across and in height; 30 m and 45 m): here as one sigma.
REMOTE_ID_SIGMA_M = (10.0 / 2.448, 10.0 / 1.960)
ADSB_SIGMA_M = (30.0 / 2.448, 45.0 / 1.960)
ADSB_DELAY_S = 0.25


def stepped(value: float, step: float) -> float:
    """Return the multiple of `step` nearest to a value."""
    return float(np.round(value / step) * step)


def remote_id_velocity_mps(velocity_enu_mps: FloatArray) -> Vector:
    """Return a velocity as a Remote ID message carries it: speed, whole degrees of course, vertical speed."""
    speed_mps = float(np.hypot(velocity_enu_mps[0], velocity_enu_mps[1]))
    if speed_mps <= 255 * 0.25:
        speed_mps = stepped(speed_mps, 0.25)
    else:
        speed_mps = min(stepped(speed_mps - 63.75, 0.75), 254 * 0.75) + 63.75
    course_rad = np.radians(
        np.round(np.degrees(np.arctan2(velocity_enu_mps[0], velocity_enu_mps[1])) % 360.0)
    )
    climb_mps = stepped(float(np.clip(velocity_enu_mps[2], -62.0, 62.0)), 0.5)
    return float(speed_mps * np.sin(course_rad)), float(speed_mps * np.cos(course_rad)), climb_mps


def remote_id_place_m(frame: LocalFrame, position_enu_m: FloatArray) -> Vector:
    """Return a place after the message's steps of 1e-7 degree and 0.5 m."""
    latitude_deg, longitude_deg, height_m = (float(value) for value in frame.to_geodetic(position_enu_m))
    enu_m = frame.to_enu_m(stepped(latitude_deg, 1e-7), stepped(longitude_deg, 1e-7), stepped(height_m, 0.5))
    return vector(enu_m)


def adsb_place_m(frame: LocalFrame, position_enu_m: FloatArray) -> Vector:
    """Return a place after the compact position's steps and 25 ft of height."""
    latitude_deg, longitude_deg, height_m = (float(value) for value in frame.to_geodetic(position_enu_m))
    latitude_step = 6.0 / 2**17
    zones = max(1, longitude_zones(latitude_deg))
    enu_m = frame.to_enu_m(
        stepped(latitude_deg, latitude_step),
        stepped(longitude_deg, 360.0 / zones / 2**17),
        stepped(height_m, 25.0 * FOOT_M),
    )
    return vector(enu_m)


def longitude_zones(latitude_deg: float) -> int:
    """Return NL, the number of longitude zones of the compact position at a latitude."""
    if abs(latitude_deg) >= 87.0:
        return 1 if abs(latitude_deg) > 87.0 else 2
    part = 1.0 - (1.0 - np.cos(np.pi / 30.0)) / np.cos(np.radians(abs(latitude_deg))) ** 2
    return int(np.floor(2.0 * np.pi / np.arccos(part)))


def adsb_velocity_mps(velocity_enu_mps: FloatArray) -> Vector:
    """Return a velocity after steps of 1 kt per axis and 64 ft/min."""
    east_mps, north_mps = (stepped(float(value), KNOT_MPS) for value in velocity_enu_mps[:2])
    return east_mps, north_mps, stepped(float(velocity_enu_mps[2]), 64.0 * FOOT_M / 60.0)


class Sender:
    """One transmitter's messages over the night, about one a second from a phase of its own."""

    def __init__(self, target: Target, which: int, frame: LocalFrame, seed: int, count: int) -> None:
        assert target.identity is not None
        self.target, self.which, self.identity = target, which, target.identity
        self._frame = frame
        dice = stream(seed, "sender", target.name)
        self.phase_ms = int(dice.integers(0, 1000))
        # Satellite navigation is off by metres that change over a minute, more in height.
        self._bias_m = np.column_stack(
            [sigma_m * wander(dice, count, STEP_S, 60.0) for sigma_m in (1.5, 1.5, 3.0)]
        )
        self._operator_m = target.home_m if self.identity.operator_m is None else self.identity.operator_m

    def message(self, sky: Sky, time_utc_ns: int, start_utc_ns: int) -> tuple[Vector, Vector, int]:
        """Return claimed place, velocity and time of the message sent then."""
        time_s = (time_utc_ns - start_utc_ns) / NS_PER_S
        adsb = self.identity.kind == "adsb"
        if adsb:
            time_s -= ADSB_DELAY_S
        states, _ = sky.at(time_s)
        state, sample = states[self.which], sky.sample(time_s)
        place_m, velocity_mps = state[:3], state[3:]
        if self.identity.claimed_place_m is not None:
            claimed = self.identity.claimed_place_m
            place_m = claimed[sample]
            velocity_mps = (claimed[min(sample + 1, len(claimed) - 1)] - claimed[max(sample - 1, 0)]) / (
                2 * STEP_S
            )
        place_m = place_m + self._bias_m[sample]
        if adsb:
            return adsb_place_m(self._frame, place_m), adsb_velocity_mps(velocity_mps), time_utc_ns
        tenths = NS_PER_S // 10
        sent_utc_ns = time_utc_ns // tenths * tenths
        return remote_id_place_m(self._frame, place_m), remote_id_velocity_mps(velocity_mps), sent_utc_ns

    def operator_enu_m(self, sky: Sky) -> Vector | None:
        """Return where the operator is said to be; only an honest drone says."""
        if self.identity.kind != "remote_id" or not self.identity.operator_id:
            return None
        east_m, north_m = self._operator_m
        ground_m = float(sky.terrain.up_m(east_m, north_m))
        return remote_id_place_m(self._frame, np.array([east_m, north_m, ground_m]))


class Receiver:
    """One receiver of Remote ID or of ADS-B."""

    def __init__(
        self,
        plan: RemoteIdReceiverPlan | AdsbReceiverPlan,
        stand_enu_m: FloatArray,
        sky: Sky,
        senders: list[Sender],
        span: Span,
    ) -> None:
        self._plan, self._stand_enu_m, self._sky = plan, stand_enu_m, sky
        self._horizon = Horizon(sky.terrain, stand_enu_m, plan.range_m)
        self._start_utc_ns = span.start_utc_ns
        self._remote_id = isinstance(plan, RemoteIdReceiverPlan)
        kind = "remote_id" if self._remote_id else "adsb"
        self._senders = [sender for sender in senders if sender.identity.kind == kind]
        self._senders.sort(key=lambda sender: (sender.phase_ms, sender.identity.claimed_id))
        seconds = int(span.duration_s) + 2
        self._chances = {}
        for sender in self._senders:
            dice = stream(span.seed, "reception", plan.sensor_id, sender.target.name)
            self._chances[sender.which] = (dice.random((seconds, 2)), dice.standard_normal((seconds, 1)))
        self._second, self._turn, self._sequence = 0, 0, 0
        self.sensor = Sensor(
            sensor_id=plan.sensor_id,
            name=plan.name,
            kind=SensorKind.REMOTE_ID if self._remote_id else SensorKind.ADSB,
            measures=None,
            position_enu_m=vector(stand_enu_m),
            coverage_range_m=plan.range_m,
            independent=False,
        )

    @property
    def next_utc_ns(self) -> int | None:
        """When the next message is sent that it might hear; None when nobody sends."""
        if not self._senders:
            return None
        phase_ms = self._senders[self._turn].phase_ms
        return self._start_utc_ns + self._second * NS_PER_S + phase_ms * 1_000_000

    def listen(self) -> Claim | None:
        """Listen to the next message; return the claim, or None when it is not heard."""
        time_utc_ns = self.next_utc_ns
        assert time_utc_ns is not None
        sender, second = self._senders[self._turn], self._second
        self._turn += 1
        if self._turn == len(self._senders):
            self._turn, self._second = 0, self._second + 1
        strength_dbm = self._strength_dbm(sender, second, time_utc_ns)
        if strength_dbm is None:
            return None
        place_m, velocity_mps, claimed_utc_ns = sender.message(self._sky, time_utc_ns, self._start_utc_ns)
        delay_ms = round(1e3 * self._plan.latency_s * (0.6 + 0.8 * self._chances[sender.which][0][second, 1]))
        claim = Claim(
            sensor_id=self._plan.sensor_id,
            sequence=self._sequence,
            kind=ClaimKind.REMOTE_ID if self._remote_id else ClaimKind.ADSB,
            claimed_id=sender.identity.claimed_id,
            time_utc_ns=claimed_utc_ns,
            received_utc_ns=time_utc_ns + delay_ms * 1_000_000,
            position_enu_m=place_m,
            velocity_enu_mps=velocity_mps,
            sigma_m=REMOTE_ID_SIGMA_M if self._remote_id else ADSB_SIGMA_M,
            operator_id=sender.identity.operator_id,
            operator_position_enu_m=sender.operator_enu_m(self._sky),
            aircraft_category=sender.identity.category,
            rssi_dbm=float(round(strength_dbm)) if self._remote_id else None,
        )
        self._sequence += 1
        return claim

    def _strength_dbm(self, sender: Sender, second: int, time_utc_ns: int) -> float | None:
        """Return how strong the message arrives, or None when it is lost."""
        time_s = (time_utc_ns - self._start_utc_ns) / NS_PER_S
        states, aloft = self._sky.at(time_s)
        state = states[sender.which : sender.which + 1]
        range_m = float(np.linalg.norm(state[0, :3] - self._stand_enu_m))
        uniform, normal = self._chances[sender.which]
        if not aloft[sender.which] or range_m > self._plan.range_m:
            return None
        if not sender.identity.from_s <= time_s < sender.identity.until_s:
            return None
        if uniform[second, 0] < self._plan.dropout_share:
            return None
        strength_dbm = REMOTE_ID_DBM - float(free_space_loss_db(range_m, REMOTE_ID_HZ))
        clear = bool(self._horizon.clear(state)[0])
        if not isinstance(self._plan, RemoteIdReceiverPlan):
            return strength_dbm if clear else None
        strength_dbm += self._plan.shadowing_db * float(normal[second, 0])
        strength_dbm -= 0.0 if clear else self._plan.behind_terrain_db
        return strength_dbm if strength_dbm >= self._plan.sensitivity_dbm else None
