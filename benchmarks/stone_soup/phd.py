"""Stone Soup's GM-PHD filter on positions: a radar's detections turned into places, as in its tutorial.

A single birth component over the whole scene, as the tracker takes only one, cannot be updated by a range and
angles to first order; by a place it can. Only radars are used. Components out of a look's view are set aside
while it is used, for the updater knows one detection probability.
"""

# mypy: disable-error-code="import-not-found,no-untyped-call"
from __future__ import annotations

import math
from typing import Any

import numpy as np
from scene_looks import FloatArray, Look, Scene
from stonesoup.hypothesiser.distance import DistanceHypothesiser
from stonesoup.hypothesiser.gaussianmixture import GaussianMixtureHypothesiser
from stonesoup.measures import Mahalanobis
from stonesoup.mixturereducer.gaussianmixture import GaussianMixtureReducer
from stonesoup.predictor.kalman import KalmanPredictor
from stonesoup.tracker.pointprocess import PointProcessMultiTargetTracker
from stonesoup.types.mixture import GaussianMixture
from stonesoup.types.state import TaggedWeightedGaussianState
from stonesoup.updater.kalman import KalmanUpdater
from stonesoup.updater.pointprocess import PHDUpdater
from trackers import START, NearbyHypothesiser, Tuning, could_see, detections_of, moment, motion


class PhdTracker:
    """The GM-PHD filter; a track is a component's tag."""

    def __init__(self, scene: Scene, tuning: Tuning) -> None:
        self.sensors, self.tuning = scene.sensors, tuning
        self.predictor = KalmanPredictor(motion(tuning.process_noise))
        updater = KalmanUpdater(None)
        inner: Any = DistanceHypothesiser(
            self.predictor, updater, Mahalanobis(), missed_distance=tuning.phd_gate_sigmas
        )
        if tuning.coarse:
            inner = NearbyHypothesiser(inner, tuning.phd_gate_sigmas)
        reach_m = max(r["fov"]["range_max_m"] for r in scene.sensors.values() if r["kind"] == "radar3d")
        speed = tuning.start_speed_mps
        wide = [(reach_m / 2) ** 2, speed**2] * 2 + [(reach_m / 10) ** 2, (speed / 3) ** 2]
        self.volume_m3 = (2 * math.pi) ** 1.5 * (reach_m / 2) ** 2 * (reach_m / 10)
        birth = TaggedWeightedGaussianState(
            [0, 0, 0, 0, reach_m / 20, 0],
            np.diag(wide),
            weight=tuning.birth_rate,
            tag=TaggedWeightedGaussianState.BIRTH,
            timestamp=START,
        )
        self.tracker = PointProcessMultiTargetTracker(
            detector=None,
            updater=PHDUpdater(updater, prob_survival=1.0),
            hypothesiser=GaussianMixtureHypothesiser(inner, order_by_detection=True),
            reducer=GaussianMixtureReducer(
                prune_threshold=tuning.prune,
                merge_threshold=tuning.merge,
                max_number_components=tuning.components,
                kdtree_max_distance=100.0,
            ),
            extraction_threshold=tuning.extraction,
            birth_component=birth,
        )
        self.last_look_s = 0.0
        self.numbers: dict[str, int] = {}

    def prepare(self, look: Look) -> set[Any]:
        """Return the look as Stone Soup's detections of places; not timed."""
        found: set[Any] = detections_of(look, self.sensors[look.sensor_id], linear=True)
        return found

    def receive(self, look: Look, detections: set[Any]) -> None:
        """Filter one look."""
        sensor, tracker, tuning = self.sensors[look.sensor_id], self.tracker, self.tuning
        # A miss halves a weight, and a target that reports nothing is missed by position reports for ever.
        if sensor["kind"] != "radar3d":
            return
        passed_s = look.measured_s - self.last_look_s
        self.last_look_s = look.measured_s
        tracker.updater.prob_detection = sensor["pd_nominal"]
        tracker.updater.prob_survival = tuning.survival_per_s ** min(passed_s, sensor["period_s"])
        tracker.updater.clutter_spatial_density = max(sensor["clutter_per_scan"], 1e-3) / self.volume_m3
        sectors = int(sensor.get("sectors") or 1)
        tracker.birth_component.weight = tuning.birth_rate * sensor["period_s"] / sectors
        seen: list[Any] = []
        unseen: list[Any] = []
        for component in tracker.gaussian_mixture.components:
            (seen if could_see(look, sensor, component) else unseen).append(component)
        tracker.gaussian_mixture = GaussianMixture(seen)
        tracker.update_tracker(moment(look.measured_s), detections)
        tracker.gaussian_mixture = GaussianMixture([*tracker.gaussian_mixture.components, *unseen])

    def picture(self, moment_s: float) -> list[tuple[int, FloatArray, FloatArray]]:
        """Return (number, state, covariance) of each component above the extraction threshold."""
        rows = []
        for component in self.tracker.extracted_target_states:
            state = self.predictor.predict(component, timestamp=moment(moment_s))
            number = self.numbers.setdefault(component.tag, len(self.numbers) + 1)
            rows.append((number, np.asarray(state.state_vector[:, 0], dtype=float), np.asarray(state.covar)))
        return rows
