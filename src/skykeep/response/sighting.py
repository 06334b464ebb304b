"""One look at the sky: what is known of each track at one instant, brought together from the other rooms."""

from __future__ import annotations

import msgspec
import numpy as np

from skykeep.base.clock import ns_to_seconds
from skykeep.base.compile import FloatArray
from skykeep.domain.airspace import AirspaceVerdict, Permission
from skykeep.domain.identity import ClaimVerdict, Identification, Standing, TargetClass
from skykeep.domain.place import Asset, Vector
from skykeep.domain.threat import Threat
from skykeep.domain.track import Picture, TrackStatus


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """One track as last seen. `state` (6,): east, north, up in m, then their rates in m/s, in the site frame;
    `covariance` (6, 6). `hits` are its detections so far, `ground_up_m` is the ground beneath it.
    """

    track_id: int
    time_utc_ns: int
    born_utc_ns: int
    last_detected_utc_ns: int
    hits: int
    state: FloatArray
    covariance: FloatArray
    ground_up_m: float
    threat: Threat | None
    identification: Identification | None
    verdict: AirspaceVerdict | None

    def probability(self, target_class: TargetClass) -> float:
        """Return how likely it is of that class; 0 when nothing is known."""
        return self.identification.class_probabilities[target_class] if self.identification else 0.0

    @property
    def drone_probability(self) -> float:
        return self.probability(TargetClass.MULTIROTOR) + self.probability(TargetClass.FIXED_WING)

    @property
    def priority(self) -> float:
        return self.threat.priority if self.threat else 0.0

    @property
    def claim_is_false(self) -> bool:
        """Return whether it claims an identity that a sensor contradicts."""
        claims = self.identification.claims if self.identification else ()
        return any(
            claim.verdict is ClaimVerdict.CONTRADICTED and claim.track_id == self.track_id for claim in claims
        )

    def position_at(self, time_utc_ns: int) -> Vector:
        """Return where it is at a time near this, if it holds its velocity."""
        dt_s = ns_to_seconds(time_utc_ns - self.time_utc_ns)
        east_m, north_m, up_m = (self.state[:3] + dt_s * self.state[3:]).tolist()
        return (east_m, north_m, up_m)

    def covariance_at(self, time_utc_ns: int, manoeuvre_mps2: float) -> FloatArray:
        """Return the covariance (6, 6) at that time, with room for an unknown constant acceleration."""
        dt_s = ns_to_seconds(time_utc_ns - self.time_utc_ns)
        # By blocks and not by a matrix product, which differs in its last digits between processors.
        here, cross, rate = self.covariance[:3, :3], self.covariance[:3, 3:], self.covariance[3:, 3:]
        kick, unit = manoeuvre_mps2**2, np.eye(3)
        moved = np.empty((6, 6))
        moved[:3, :3] = here + dt_s * (cross + cross.T) + dt_s**2 * rate + 0.25 * kick * dt_s**4 * unit
        moved[:3, 3:] = cross + dt_s * rate + 0.5 * kick * dt_s**3 * unit
        moved[3:, :3] = moved[:3, 3:].T
        moved[3:, 3:] = rate + kick * dt_s**2 * unit
        return moved

    def distance_m(self, asset: Asset) -> float:
        """Return how far it is from an asset along the ground."""
        return float(
            np.hypot(self.state[0] - asset.position_enu_m[0], self.state[1] - asset.position_enu_m[1])
        )

    def harmless_because(self, probability: float) -> str:
        """Return why no alert belongs to it, as a sentence, or "" when one may.

        A friend or neutral that is where it is forbidden to be is not harmless; what nobody knows is not
        either.
        """
        bird, aircraft = self.probability(TargetClass.BIRD), self.probability(TargetClass.AIRCRAFT)
        if bird >= probability:
            return f"It is a bird, {100 * bird:.0f} % certain."
        if aircraft >= probability:
            return f"It is a manned aircraft, {100 * aircraft:.0f} % certain."
        if self.verdict is None:
            return ""
        if self.verdict.permission is Permission.ALLOWED:
            return f"It may be where it is: {self.verdict.reason}"
        standing = self.identification.standing if self.identification else Standing.UNKNOWN
        if (
            standing in (Standing.FRIEND, Standing.NEUTRAL)
            and self.verdict.permission is not Permission.FORBIDDEN
        ):
            return f"It is known: {standing.name.lower()}, and no zone forbids it to be there."
        return ""


class View:
    """All that one tick brought, looked up by track."""

    def __init__(
        self,
        time_utc_ns: int,
        picture: Picture,
        identifications: tuple[Identification, ...],
        verdicts: tuple[AirspaceVerdict, ...],
        threats: tuple[Threat, ...],
        height_agl_m: FloatArray,
        *,
        rules_changed: bool = False,
    ) -> None:
        self.time_utc_ns = time_utc_ns
        self.rules_changed = rules_changed
        self._picture = picture
        self._height_agl_m = height_agl_m
        self._row = {
            track_id: row
            for row, (track_id, status) in enumerate(
                zip(picture.track_id.tolist(), picture.status.tolist(), strict=True)
            )
            if status != TrackStatus.ENDED
        }
        self._identification = {record.track_id: record for record in identifications}
        self._verdict = {record.track_id: record for record in verdicts}
        self._threat = {record.track_id: record for record in threats}

    @property
    def track_ids(self) -> tuple[int, ...]:
        """Every track in sight, in order of its id."""
        return tuple(self._row)

    def sighting(self, track_id: int) -> Sighting | None:
        """Return what is known of a track, or None when it is not in sight."""
        row = self._row.get(track_id)
        if row is None:
            return None
        height_m = float(self._height_agl_m[row])
        up_m = float(self._picture.state[row, 2])
        return Sighting(
            track_id=track_id,
            time_utc_ns=self.time_utc_ns,
            born_utc_ns=int(self._picture.born_utc_ns[row]),
            last_detected_utc_ns=int(self._picture.last_detected_utc_ns[row]),
            hits=int(self._picture.hits[row]),
            state=self._picture.state[row].copy(),
            covariance=self._picture.covariance[row].copy(),
            # Where the ground is not known, sea level has to do.
            ground_up_m=up_m - height_m if np.isfinite(height_m) else 0.0,
            threat=self._threat.get(track_id),
            identification=self._identification.get(track_id),
            verdict=self._verdict.get(track_id),
        )

    def born_utc_ns(self, track_id: int) -> int:
        """Return when a track in sight began."""
        return int(self._picture.born_utc_ns[self._row[track_id]])

    def priority(self, track_id: int) -> float:
        """Return a track's priority without building its sighting: most tracks end here."""
        threat = self._threat.get(track_id)
        return threat.priority if threat else 0.0

    def group_id(self, track_id: int) -> str | None:
        """Return the group that a track flies in, None when it flies in none."""
        threat = self._threat.get(track_id)
        return threat.group_id or None if threat else None
