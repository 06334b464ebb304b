"""Estimates of moving things: the picture, as columns, one row per track."""

from __future__ import annotations

import enum

import msgspec

from skykeep.base.compile import FloatArray, IntArray
from skykeep.domain.identity import Standing, TargetClass
from skykeep.domain.place import Vector


class TrackStatus(enum.IntEnum):
    """Where a track is in its life. `ENDED` rows appear in one picture only, the first after the end."""

    TENTATIVE = 0
    CONFIRMED = 1
    COASTING = 2
    ENDED = 3


TRACK_STATUS_NAMES = tuple(status.name.lower() for status in TrackStatus)


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """All confirmed and coasting tracks, predicted to one instant; n rows, in order of `track_id`.

    `state` (n, 6): east, north, up in m, then their rates in m/s, in the site frame. `covariance` (n, 6, 6).
    `existence` (n,): probability that something is there. `rcs_dbsm`, `rcs_spread_db`, `modulation_db` (n,):
    running mean radar cross-section, its standard deviation and mean rotor modulation, NaN where no sensor
    told; `modulation_looks` (n,): over how many clear looks, a weak echo counting for less than one. `hits`
    (n,): detections used so far. The support columns say on which detections the tracks rest
    that changed since the last picture: `support_track_id[k]` used detection
    (`sensor_ids[support_sensor[k]]`, `support_sequence[k]`, `support_row[k]`) and `support_weight[k]` is how
    likely that detection was its own; several tracks may share one. `resumed_track_id` names tracks that
    ended and, since the last picture, were taken up again after `resumed_gap_ns` unseen; `resumed_own_id` is
    the number that the later part was given for itself. No other track ever has it: whoever doubts that the
    two parts are one calls the later one by it.
    """

    time_utc_ns: int
    track_id: IntArray
    status: IntArray
    state: FloatArray
    covariance: FloatArray
    existence: FloatArray
    born_utc_ns: IntArray
    last_detected_utc_ns: IntArray
    hits: IntArray
    rcs_dbsm: FloatArray
    rcs_spread_db: FloatArray
    modulation_db: FloatArray
    modulation_looks: FloatArray
    sensor_ids: tuple[str, ...]
    support_track_id: IntArray
    support_sensor: IntArray
    support_sequence: IntArray
    support_row: IntArray
    support_weight: FloatArray
    resumed_track_id: IntArray
    resumed_gap_ns: IntArray
    resumed_own_id: IntArray

    def __len__(self) -> int:
        return int(self.track_id.shape[0])


class TrackReport(msgspec.Struct, frozen=True, kw_only=True):
    """One track as it is told to other systems, on the globe and in plain units.

    `sigma_enu_m` are the 1-sigma of its position along east, north and up at its own place, `covariance_enu`
    the upper triangle (xx, xy, xz, yy, yz, zz; m2) of the same; `velocity_enu_mps` is at its own place too.
    `claimed_id` is the identity that sensors agree with, "" if none; `permit_id` the permit it flies under.
    """

    track_id: int
    time_utc_ns: int
    status: TrackStatus
    latitude_deg: float
    longitude_deg: float
    height_hae_m: float
    height_amsl_m: float
    height_agl_m: float
    velocity_enu_mps: Vector
    sigma_enu_m: Vector
    covariance_enu: tuple[float, float, float, float, float, float]
    existence: float
    target_class: TargetClass
    class_probabilities: tuple[float, float, float, float, float]
    standing: Standing
    name: str
    claimed_id: str = ""
    permit_id: str = ""
    sensor_ids: tuple[str, ...] = ()
    born_utc_ns: int = 0
    last_detected_utc_ns: int = 0
