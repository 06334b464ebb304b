"""Made-up scenes of claims, honest and spoofed: who flies, who broadcasts what, and from where.

Tracks are made and not tracked: the true path with errors of 8 m and 0.7 m/s that last for some seconds, lost
now and then and found again under another number. Claims have what real ones have: a bias of satellite
navigation of up to 20 m that stays, up to 1.2 s under way, a tenth to a third lost and now and then ten
seconds of silence, strength that fades by 6 dB and by 20 dB behind a hill. Bearings have 2 degrees, one in
twenty is a reflection.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from skykeep.base.clock import NS_PER_S, from_iso_utc
from skykeep.base.compile import FloatArray, IntArray
from skykeep.domain.place import Vector
from skykeep.domain.sensing import (
    Claim,
    ClaimKind,
    MeasurementKind,
    Scan,
    Sensor,
    SensorKind,
    make_scan,
)
from skykeep.domain.track import Picture, TrackStatus
from skykeep.models.detectability import free_space_loss_db

START_UTC_NS = from_iso_utc("2031-05-03T02:10:00Z")
SECONDS = 90
SENT_DBM, HERTZ, LEAST_DBM = 18.0, 2.44e9, -95.0
RADAR = Sensor(
    sensor_id="radar",
    name="Radar",
    kind=SensorKind.RADAR,
    measures=MeasurementKind.RANGE_AZIMUTH_ELEVATION,
    position_enu_m=(0.0, 0.0, 20.0),
    coverage_range_m=6000.0,
)
FINDER = Sensor(
    sensor_id="finder",
    name="Direction finder",
    kind=SensorKind.RF_DIRECTION_FINDER,
    measures=MeasurementKind.AZIMUTH,
    position_enu_m=(300.0, -200.0, 20.0),
    coverage_range_m=8000.0,
)
RECEIVERS = tuple(
    Sensor(
        sensor_id=f"receiver-{number}",
        name=f"Receiver {number}",
        kind=SensorKind.REMOTE_ID,
        measures=None,
        position_enu_m=place_m,
        coverage_range_m=8000.0,
        independent=False,
    )
    for number, place_m in enumerate([(200.0, 300.0, 25.0), (-1500.0, -900.0, 25.0)], start=1)
)


def path(dice: np.random.Generator, kind: str = "") -> FloatArray:
    """Return a drone's flight, (seconds, 6), within 4 km: a line, a circle, lines to and fro, or hovering."""
    kind = kind or str(dice.choice(["line", "circle", "survey", "hover"], p=[0.35, 0.3, 0.25, 0.1]))
    time_s, turn = np.arange(SECONDS, dtype=np.float64), dice.uniform(0.0, 2 * np.pi)
    east_m, north_m = dice.uniform(500.0, 3800.0) * np.array([np.sin(turn), np.cos(turn)])
    speed_mps, course = dice.uniform(6.0, 18.0), dice.uniform(0.0, 2 * np.pi)
    out = np.zeros((SECONDS, 6))
    out[:, 2] = dice.uniform(40.0, 120.0)
    if kind == "hover":
        out[:, 0], out[:, 1] = east_m, north_m
    elif kind == "circle":
        radius_m = dice.uniform(80.0, 300.0)
        angle = course + speed_mps / radius_m * time_s
        out[:, 0], out[:, 1] = east_m + radius_m * np.sin(angle), north_m + radius_m * np.cos(angle)
        out[:, 3], out[:, 4] = speed_mps * np.cos(angle), -speed_mps * np.sin(angle)
    else:
        leg_s = 1e9 if kind == "line" else dice.uniform(15.0, 40.0)
        heading = np.where((time_s // leg_s).astype(int) % 2 == 0, 1.0, -1.0)
        # A drone turns round in some seconds, not at once.
        heading = np.convolve(np.pad(heading, 2, mode="edge"), np.full(5, 0.2), "valid")
        out[:, 3], out[:, 4] = heading * speed_mps * np.sin(course), heading * speed_mps * np.cos(course)
        out[:, 0] = east_m + np.cumsum(out[:, 3]) - out[0, 3]
        out[:, 1] = north_m + np.cumsum(out[:, 4]) - out[0, 4]
    return out


@dataclass
class Flight:
    """Something that sensors see."""

    path: FloatArray
    lost_from: int = 10_000
    lost_for: int = 0
    error: FloatArray = field(default_factory=lambda: np.zeros((SECONDS, 6)))


@dataclass
class Broadcast:
    """A run of claims: what is said (`says`), and where it is sent from (`sent_from`)."""

    claimed_id: str
    says: FloatArray
    sent_from: FloatArray
    operator_m: FloatArray | None = None
    spoofed: str = ""
    flight: int = -1


@dataclass
class Scene:
    """All flights and broadcasts of one scene."""

    flights: list[Flight] = field(default_factory=list)
    broadcasts: list[Broadcast] = field(default_factory=list)

    def fly(self, dice: np.random.Generator, at: FloatArray) -> int:
        """Add a flight with the errors that a track of it has."""
        error, sigma = np.zeros((SECONDS, 6)), np.array([8.0, 8.0, 10.0, 0.7, 0.7, 0.5])
        keep = np.exp(-1.0 / 5.0)
        error[0] = sigma * dice.standard_normal(6)
        for second in range(1, SECONDS):
            news = np.sqrt(1.0 - keep**2) * sigma * dice.standard_normal(6)
            error[second] = keep * error[second - 1] + news
        lost = dice.random() < 0.15
        self.flights.append(
            Flight(
                path=at,
                error=error,
                lost_from=int(dice.integers(20, 60)) if lost else 10_000,
                lost_for=int(dice.integers(5, 16)),
            )
        )
        return len(self.flights) - 1

    def honest(self, dice: np.random.Generator, claimed_id: str, kind: str = "") -> Broadcast:
        """Add a drone that says where it is, as well as it knows."""
        at = path(dice, kind)
        flight = self.fly(dice, at)
        home_m = at[0, :3] + np.array([*dice.normal(0.0, 700.0, 2), -at[0, 2]])
        broadcast = Broadcast(claimed_id, at, at, operator_m=np.tile(home_m, (SECONDS, 1)), flight=flight)
        self.broadcasts.append(broadcast)
        return broadcast


def sensors(with_finder: bool) -> tuple[Sensor, ...]:
    return (RADAR, *((FINDER,) if with_finder else ()), *RECEIVERS)


def claims_of(dice: np.random.Generator, broadcast: Broadcast) -> list[Claim]:
    """Return all claims of one run, as receivers hear them, in order of arrival."""
    bias_m = dice.uniform(0.0, 20.0) * (lambda t: np.array([np.sin(t), np.cos(t)]))(dice.uniform(0.0, 6.28))
    bias_up_m, lost_share = dice.normal(0.0, 6.0), dice.uniform(0.1, 0.33)
    silent_from = int(dice.integers(20, 70)) if dice.random() < 0.25 else 10_000
    hidden_from = int(dice.integers(10, 70)) if dice.random() < 0.2 else 10_000
    delay_s, found = dice.uniform(0.2, 1.0), []
    for second in range(SECONDS):
        says, sent = broadcast.says[second], broadcast.sent_from[second]
        if silent_from <= second < silent_from + 10:
            continue
        place_m = says[:3] + np.array([*(bias_m + dice.normal(0.0, 0.8, 2)), bias_up_m])
        time_utc_ns = START_UTC_NS + second * NS_PER_S
        for receiver in RECEIVERS:
            away_m = float(np.linalg.norm(sent[:3] - np.array(receiver.position_enu_m)))
            dbm = SENT_DBM - float(free_space_loss_db(away_m, HERTZ)) + dice.normal(0.0, 6.0)
            dbm -= 20.0 if hidden_from <= second < hidden_from + 25 else 0.0
            if dice.random() < lost_share or dbm < LEAST_DBM:
                continue
            operator_m = None if broadcast.operator_m is None else broadcast.operator_m[second]
            found.append(
                Claim(
                    sensor_id=receiver.sensor_id,
                    sequence=second,
                    kind=ClaimKind.REMOTE_ID,
                    claimed_id=broadcast.claimed_id,
                    time_utc_ns=time_utc_ns,
                    received_utc_ns=time_utc_ns + round((delay_s + dice.uniform(0.0, 0.2)) * 1e9),
                    position_enu_m=vector(place_m),
                    velocity_enu_mps=vector(np.round(says[3:] * 4.0) / 4.0),
                    sigma_m=(4.1, 5.1),
                    operator_position_enu_m=None if operator_m is None else vector(operator_m),
                    rssi_dbm=float(round(dbm)),
                )
            )
    return found


def vector(values: FloatArray) -> Vector:
    return float(values[0]), float(values[1]), float(values[2])


def bearings_at(dice: np.random.Generator, broadcasts: list[Broadcast], second: int) -> Scan:
    """Return what the direction finder hears in one second."""
    heard = [broadcast for broadcast in broadcasts if dice.random() < 0.8]
    away_m = np.array([b.sent_from[second, :2] for b in heard]).reshape(-1, 2)
    away_m = away_m - np.array(FINDER.position_enu_m[:2])
    azimuth_rad = np.arctan2(away_m[:, 0], away_m[:, 1]) + np.radians(2.0) * dice.standard_normal(len(heard))
    astray = dice.random(len(heard)) < 0.05
    azimuth_rad = np.where(astray, dice.uniform(0.0, 2 * np.pi, len(heard)), azimuth_rad)
    time_utc_ns = START_UTC_NS + second * NS_PER_S
    return make_scan(
        sensor_id=FINDER.sensor_id,
        sequence=second,
        kind=MeasurementKind.AZIMUTH,
        time_utc_ns=time_utc_ns,
        received_utc_ns=time_utc_ns + NS_PER_S // 5,
        measured=(azimuth_rad % (2 * np.pi))[:, np.newaxis],
        sigma=np.full((len(heard), 1), np.radians(2.0)),
        labels=tuple(broadcast.claimed_id for broadcast in heard),
    )


def picture_at(flights: list[Flight], second: int) -> tuple[Picture, IntArray]:
    """Return the picture of one second, half a second after it, and the flight of each row."""
    seen = [i for i, f in enumerate(flights) if not f.lost_from <= second < f.lost_from + f.lost_for]
    count, now_utc_ns = len(seen), START_UTC_NS + second * NS_PER_S
    state = np.array([flights[i].path[second] + flights[i].error[second] for i in seen]).reshape(-1, 6)
    # What was lost comes back under another number.
    track_id = np.array(
        [i + 1 + (500 if second >= flights[i].lost_from else 0) for i in seen], dtype=np.int64
    )
    order = np.argsort(track_id)
    now, none = np.full(count, now_utc_ns, dtype=np.int64), np.zeros(0, dtype=np.int64)
    sigma = np.diag([9.0, 9.0, 11.0, 0.9, 0.9, 0.7]) ** 2
    picture = Picture(
        time_utc_ns=now_utc_ns,
        track_id=track_id[order],
        status=np.full(count, TrackStatus.CONFIRMED, dtype=np.int64),
        state=state[order],
        covariance=np.broadcast_to(sigma, (count, 6, 6)).copy(),
        existence=np.ones(count),
        born_utc_ns=now,
        last_detected_utc_ns=now,
        hits=np.full(count, 40, dtype=np.int64),
        rcs_dbsm=np.full(count, -15.0),
        rcs_spread_db=np.full(count, 4.0),
        modulation_db=np.full(count, -10.0),
        modulation_looks=np.full(count, 40.0),
        sensor_ids=(),
        support_track_id=none,
        support_sensor=none,
        support_sequence=none,
        support_row=none,
        support_weight=np.zeros(0),
        resumed_own_id=none,
        resumed_track_id=none,
        resumed_gap_ns=none,
    )
    return picture, np.array(seen, dtype=np.int64)[order]
