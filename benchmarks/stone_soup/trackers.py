"""Stone Soup's trackers put together as its documentation does, with favours so that they show their best.

The favours, each said in docs/peers.md: every sensor keeps its own detection probability and clutter density,
as its looks come; a track is only asked about looks that could have seen it; detections that cannot be in a
gate are kept from the hypothesiser (`coarse`), which it would else try one by one.

State: x, vx, y, vy, z, vz (m, m/s), east-north-up. Stone Soup's bearing turns anticlockwise from east.
"""

# mypy: disable-error-code="import-not-found,misc,no-untyped-call,no-untyped-def"
from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from scene_looks import FloatArray, Look, Scene
from stonesoup.base import Property
from stonesoup.dataassociator import DataAssociator
from stonesoup.dataassociator.neighbour import GNNWith2DAssignment
from stonesoup.dataassociator.probability import JPDA
from stonesoup.deleter import Deleter
from stonesoup.deleter.error import CovarianceBasedDeleter
from stonesoup.deleter.multi import CompositeDeleter
from stonesoup.hypothesiser import Hypothesiser
from stonesoup.hypothesiser.distance import DistanceHypothesiser
from stonesoup.hypothesiser.probability import PDAHypothesiser
from stonesoup.initiator import Initiator
from stonesoup.initiator.simple import MultiMeasurementInitiator
from stonesoup.measures import Mahalanobis
from stonesoup.models.measurement.linear import LinearGaussian
from stonesoup.models.measurement.nonlinear import (
    Cartesian2DToBearing,
    CartesianToElevationBearing,
    CartesianToElevationBearingRange,
)
from stonesoup.models.transition.linear import CombinedLinearGaussianTransitionModel, ConstantVelocity
from stonesoup.plugins.pyehm import JPDAWithEHM2
from stonesoup.predictor.kalman import KalmanPredictor
from stonesoup.tracker.simple import MultiTargetMixtureTracker, MultiTargetTracker
from stonesoup.types.array import StateVector
from stonesoup.types.detection import Detection
from stonesoup.types.state import GaussianState
from stonesoup.types.update import Update
from stonesoup.updater.kalman import ExtendedKalmanUpdater

START = datetime(2030, 1, 1)
POSITION, VELOCITY = (0, 2, 4), (1, 3, 5)
HALF_TURN, TURN = math.pi, 2 * math.pi


@dataclass(frozen=True, kw_only=True)
class Tuning:
    """What can be set; the defaults are the best found for all scenes together (docs/peers.md)."""

    process_noise: float = 10.0  # acceleration's spectral density, m^2/s^3
    gate_sigmas: float = 3.5  # GNN and the start of tracks
    gate_probability: float = 0.99  # JPDA
    start_points: int = 4  # detections before a track is released
    start_gate_sigmas: float = 3.0
    start_speed_mps: float = 12.0
    holding_s: float = 2.5  # how long a track in the making lives without a detection
    stale_s: float = 2.5  # and a released one
    widest_m: float = 60.0  # sigma of position at which a track is given up
    hold_s: float = 0.15
    kinds: tuple[str, ...] = ("radar3d", "remote_id", "camera")
    coarse: bool = True
    birth_rate: float = 0.05  # GM-PHD: new targets per second
    extraction: float = 0.15
    phd_gate_sigmas: float = 4.0
    survival_per_s: float = 0.99
    prune: float = 1e-5  # below the weight a birth has among 500 false detections
    merge: float = 9.0
    components: int = 2000


def moment(seconds: float) -> datetime:
    """Return Stone Soup's time of a second of the scene."""
    return START + timedelta(seconds=seconds)


def motion(process_noise: float) -> Any:
    """Return nearly constant velocity on all three axes; height is calmer."""
    rates = (process_noise, process_noise, process_noise / 4)
    return CombinedLinearGaussianTransitionModel([ConstantVelocity(rate) for rate in rates])


def to_bearing_rad(azimuth_rad: float) -> float:
    """Return clockwise from north as anticlockwise from east."""
    return (math.pi / 2 - azimuth_rad + HALF_TURN) % TURN - HALF_TURN


def detections_of(look: Look, sensor: dict[str, Any], linear: bool = False) -> set[Any]:
    """Return one look as Stone Soup's detections, each with its own model and, as metadata, its place."""
    place = StateVector(sensor["pos_enu"])
    common: dict[str, Any] = {"timestamp": moment(look.measured_s)}
    found = set()
    for v, s in zip(look.measured, look.sigma, strict=True):
        point, spread_m2 = None, 0.0
        if sensor["kind"] == "radar3d":
            point, covariance = to_position(v, s, np.asarray(sensor["pos_enu"], dtype=float))
            spread_m2 = float(np.trace(covariance))
            if linear:
                model, vector = LinearGaussian(6, POSITION, covariance), StateVector(point)
            else:
                noise = np.diag([s[2] ** 2, s[1] ** 2, s[0] ** 2])
                model = CartesianToElevationBearingRange(6, POSITION, noise, translation_offset=place)
                vector = StateVector([v[2], to_bearing_rad(v[1]), v[0]])
        elif sensor["kind"] == "remote_id":
            point, spread_m2 = v[:3], float(np.sum(s[:3] ** 2))
            model, vector = LinearGaussian(6, POSITION, np.diag(s[:3] ** 2)), StateVector(point)
        elif sensor["kind"] == "camera":
            noise = np.diag([s[1] ** 2, s[0] ** 2])
            model = CartesianToElevationBearing(6, POSITION, noise, translation_offset=place)
            vector = StateVector([v[1], to_bearing_rad(v[0])])
        else:
            model = Cartesian2DToBearing(6, POSITION[:2], np.diag([s[0] ** 2]), translation_offset=place[:2])
            vector = StateVector([to_bearing_rad(v[0])])
        known = {"point": point, "spread_m2": spread_m2}
        found.add(Detection(vector, measurement_model=model, metadata=known, **common))
    return found


def to_position(v: FloatArray, s: FloatArray, place_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return a radar's detection as a position and its covariance (first order)."""
    range_m, azimuth, elevation = v[:3]
    sin_a, cos_a, sin_e, cos_e = np.sin(azimuth), np.cos(azimuth), np.sin(elevation), np.cos(elevation)
    along = np.array([cos_e * sin_a, cos_e * cos_a, sin_e])
    aside = np.array([cos_a, -sin_a, 0.0])
    upward = np.array([-sin_e * sin_a, -sin_e * cos_a, cos_e])
    axes = np.column_stack((along, aside, upward))
    sigma_m = np.array([s[0], s[1] * range_m * cos_e, s[2] * range_m])
    return place_m + range_m * along, axes @ np.diag(sigma_m**2) @ axes.T


def could_see(look: Look, sensor: dict[str, Any], state: Any, margin_rad: float = 0.06) -> bool:
    """Return whether a state, moved on to the look, lies where the look looked."""
    x = state.state_vector[:, 0]
    ahead_s = (moment(look.measured_s) - state.timestamp).total_seconds()
    axes = zip(POSITION, VELOCITY, sensor["pos_enu"], strict=True)
    east, north, up = (float(x[p] + ahead_s * x[v]) - o for p, v, o in axes)
    fov = sensor["fov"]
    away_m = math.hypot(east, north, up)
    if not fov["range_min_m"] <= away_m <= fov["range_max_m"]:
        return False
    from_rad, to_rad = look.azimuth_from_rad, look.azimuth_to_rad
    if math.isnan(from_rad):
        if fov["az_from_rad"] is None:
            return True
        from_rad, to_rad = fov["az_from_rad"], fov["az_to_rad"]
    width_rad = (to_rad - from_rad) % TURN or TURN
    return bool((math.atan2(east, north) - from_rad + margin_rad) % TURN <= width_rad + 2 * margin_rad)


class NearbyHypothesiser(Hypothesiser):
    """Gives another hypothesiser only the detections that could pass its gate: distance^2 <= gate^2 trace."""

    inner: Hypothesiser = Property()
    gate_sigmas: float = Property()

    def hypothesise(self, track, detections, timestamp, **kwargs):
        """Return the inner one's hypotheses."""
        x, covariance = track.state_vector[:, 0], track.covar
        ahead_s = (timestamp - track.timestamp).total_seconds()
        here = [float(x[p] + ahead_s * x[v]) for p, v in zip(POSITION, VELOCITY, strict=True)]
        spread_m2 = sum(covariance[p, p] for p in POSITION) + 50.0 * ahead_s**2
        spread_m2 += ahead_s**2 * sum(covariance[v, v] for v in VELOCITY)
        shared = sum(abs(covariance[p, v]) for p, v in zip(POSITION, VELOCITY, strict=True))
        spread_m2 += 2.0 * abs(ahead_s) * shared
        near = set()
        for detection in detections:
            point = detection.metadata["point"]
            reach_m2 = self.gate_sigmas**2 * (spread_m2 + detection.metadata["spread_m2"])
            if point is None or sum((a - b) ** 2 for a, b in zip(here, point, strict=True)) <= reach_m2:
                near.add(detection)
        return self.inner.hypothesise(track, near, timestamp, **kwargs)


class InViewAssociator(DataAssociator):
    """Leaves alone the tracks that the look could not have seen."""

    inner: DataAssociator = Property()
    sensor: dict[str, Any] = Property()
    look: Any = Property(default=None)

    def associate(self, tracks, detections, timestamp, **kwargs):
        """Return associations of the tracks in view."""
        seen = {track for track in tracks if could_see(self.look, self.sensor, track.state)}
        return self.inner.associate(seen, detections, timestamp, **kwargs) if seen else {}


class StaleDeleter(Deleter):
    """As UpdateTimeDeleter, but by the look's time, not the track's, and stops at the last update."""

    seconds: float = Property()
    now: datetime = Property(default=START)

    def check_for_deletion(self, track, **_):
        """Return whether the last update is too long ago."""
        for state in reversed(track.states):
            if isinstance(state, Update) and state.hypothesis:
                return (self.now - state.timestamp).total_seconds() > self.seconds
        return True


class NoInitiator(Initiator):
    """Starts nothing: a bearing is no place."""

    def initiate(self, detections, timestamp, **_):  # noqa: ARG002
        """Return no track."""
        return set()


class TrackTracker:
    """GNN, JPDA or JPDA by EHM2: one tracker whose associator changes with the sensor that looks."""

    def __init__(self, scene: Scene, method: str, tuning: Tuning) -> None:
        self.sensors, self.tuning = scene.sensors, tuning
        self.predictor = KalmanPredictor(motion(tuning.process_noise))
        self.updater = ExtendedKalmanUpdater(None)
        self.stale = StaleDeleter(tuning.stale_s)
        self.holding_stale = StaleDeleter(tuning.holding_s)
        wide = CovarianceBasedDeleter(tuning.widest_m**2, mapping=list(POSITION))
        deleter = CompositeDeleter([self.stale, wide], intersect=False)
        speed = tuning.start_speed_mps
        prior = GaussianState([0] * 6, np.diag([0, speed**2, 0, speed**2, 0, (speed / 3) ** 2]))
        self.starts = {
            key: self._gnn(record, tuning.start_gate_sigmas) for key, record in self.sensors.items()
        }
        self.initiator = MultiMeasurementInitiator(
            prior_state=prior,
            deleter=self.holding_stale,
            data_associator=next(iter(self.starts.values())),
            updater=self.updater,
            min_points=tuning.start_points,
        )
        self.nothing = NoInitiator()
        if method == "gnn":
            kind, self.associators = (
                MultiTargetTracker,
                {key: self._gnn(record, tuning.gate_sigmas) for key, record in self.sensors.items()},
            )
        else:
            joint = {"jpda": JPDA, "ehm2": JPDAWithEHM2}[method]
            kind, self.associators = (
                MultiTargetMixtureTracker,
                {key: self._jpda(record, joint) for key, record in self.sensors.items()},
            )
        self.tracker = kind(
            initiator=self.initiator,
            deleter=deleter,
            detector=None,
            data_associator=next(iter(self.associators.values())),
            updater=self.updater,
        )
        self.numbers: dict[str, int] = {}

    def _nearby(self, inner: Any, gate_sigmas: float) -> Any:
        return NearbyHypothesiser(inner, gate_sigmas) if self.tuning.coarse else inner

    @staticmethod
    def _in_view(inner: Any, sensor: dict[str, Any]) -> Any:
        return InViewAssociator(hypothesiser=inner.hypothesiser, inner=inner, sensor=sensor)

    def _gnn(self, sensor: dict[str, Any], gate_sigmas: float) -> Any:
        inner = DistanceHypothesiser(self.predictor, self.updater, Mahalanobis(), missed_distance=gate_sigmas)
        return self._in_view(GNNWith2DAssignment(self._nearby(inner, gate_sigmas)), sensor)

    def _jpda(self, sensor: dict[str, Any], joint: Any) -> Any:
        inner = PDAHypothesiser(
            self.predictor,
            self.updater,
            clutter_spatial_density=clutter_density(sensor),
            prob_detect=sensor["pd_nominal"],
            prob_gate=self.tuning.gate_probability,
        )
        return self._in_view(joint(self._nearby(inner, 4.5)), sensor)

    def prepare(self, look: Look) -> set[Any]:
        """Return the look as Stone Soup's detections; not timed."""
        return detections_of(look, self.sensors[look.sensor_id])

    def receive(self, look: Look, detections: set[Any]) -> None:
        """Track one look."""
        sensor = self.sensors[look.sensor_id]
        starts, now = sensor["kind"] in ("radar3d", "remote_id"), moment(look.measured_s)
        self.stale.now = self.holding_stale.now = now
        self.tracker.data_associator = self.associators[look.sensor_id]
        self.tracker.data_associator.look = self.starts[look.sensor_id].look = look
        self.initiator.data_associator = self.starts[look.sensor_id]
        self.tracker.initiator = self.initiator if starts else self.nothing
        self.tracker.update_tracker(now, detections)

    def picture(self, moment_s: float) -> list[tuple[int, FloatArray, FloatArray]]:
        """Return (number, state, covariance) of each track, predicted to the moment."""
        rows = []
        for track in self.tracker.tracks:
            state = self.predictor.predict(track.state, timestamp=moment(moment_s))
            number = self.numbers.setdefault(track.id, len(self.numbers) + 1)
            rows.append((number, np.asarray(state.state_vector[:, 0], dtype=float), np.asarray(state.covar)))
        return rows


def clutter_density(sensor: dict[str, Any]) -> float:
    """Return false detections per unit of the space measured in; cooperative reports have hardly any."""
    return max(float(sensor["clutter_density"]), 1e-9)
