"""What the doors ask of a live watch: our own permitted flights, and what is thought of a track.

A listener of one pipeline. Only tracks that a permit allows are kept as flights, for as long as network
Remote ID tells them back; whatever is thought of a track is answered from the newest judgement.
"""

from __future__ import annotations

import hashlib
import math
import threading
from collections import deque
from collections.abc import Callable, Iterable

import numpy as np

from skykeep.api.register_api_more import PermitMatch, TrackVerdict
from skykeep.api.rid_flights import RETENTION_NS, FlightState, OwnFlight
from skykeep.app.watchers import Quiet
from skykeep.base.clock import NS_PER_S
from skykeep.base.compile import FloatArray
from skykeep.domain.airspace import AirspaceVerdict, Permission
from skykeep.domain.permit import Permit
from skykeep.domain.site import Site
from skykeep.engine.outputs import Judgement

# Remote ID is told once a second; a picture comes more often.
EVERY_NS = NS_PER_S
_ALLOWED = {Permission.ALLOWED: True, Permission.FORBIDDEN: False, Permission.UNKNOWN: None}


class OwnFlights(Quiet):
    """A `FlightSource` and a `VerdictSource`. `permits` are those that the watch judges by."""

    def __init__(self, site: Site, permits: Callable[[], dict[str, Permit]], *, simulated: bool) -> None:
        self._site, self._permits, self._simulated = site, permits, simulated
        self._lock = threading.Lock()
        self._judgement: Judgement | None = None
        self._states: dict[tuple[str, int], deque[FlightState]] = {}

    def on_judgement(self, judgement: Judgement) -> None:
        """Take what is thought now."""
        now_ns = judgement.picture.time_utc_ns
        rows = [
            (row, verdict)
            for row, verdict in enumerate(judgement.verdicts)
            if verdict.permission is Permission.ALLOWED and verdict.permit_id
        ]
        with self._lock:
            self._judgement = judgement
            for row, verdict in rows:
                states = self._states.setdefault((verdict.permit_id, verdict.track_id), deque())
                if not states or now_ns - states[-1].time_utc_ns >= EVERY_NS:
                    states.append(self._state(judgement, row))
            for key, states in list(self._states.items()):
                while states and now_ns - states[0].time_utc_ns > RETENTION_NS:
                    states.popleft()
                if not states:
                    del self._states[key]

    def flights(self, now_utc_ns: int) -> Iterable[OwnFlight]:
        """Return the permitted flights seen in the last 60 s."""
        permits = self._permits()
        with self._lock:
            found = [
                (permits[permit_id], track_id, tuple(states))
                for (permit_id, track_id), states in self._states.items()
                if permit_id in permits and now_utc_ns - states[-1].time_utc_ns <= RETENTION_NS
            ]
        return [self._flight(permit, track_id, states) for permit, track_id, states in found]

    def verdict(self, track: str) -> TrackVerdict | None:
        """Return what is thought of a track; None where there is none of that number."""
        with self._lock:
            judgement = self._judgement
        if judgement is None or not track.isdecimal() or len(track) > 18:
            return None
        rows = np.flatnonzero(judgement.picture.track_id == int(track))
        if not len(rows):
            return None
        verdict, permits = judgement.verdicts[int(rows[0])], self._permits()
        cited = permits.get(verdict.permit_id)
        return TrackVerdict(
            track=track,
            time_utc_ns=judgement.picture.time_utc_ns,
            allowed=_ALLOWED[verdict.permission],
            says=verdict.reason,
            document=verdict.document,
            failing=verdict.failing_condition,
            zones=(verdict.zone_id,) if verdict.zone_id else (),
            matches=tuple(_matches(verdict, permits)),
            private=cited is not None and cited.private,
            owner="" if cited is None else cited.owner,
        )

    def _state(self, judgement: Judgement, row: int) -> FlightState:
        picture = judgement.picture
        lat_deg, lon_deg, hae_m = self._site.origin.to_geodetic(picture.state[row, :3])
        east_mps, north_mps, up_mps = picture.state[row, 3:6].tolist()
        sigma = np.sqrt(np.diagonal(picture.covariance[row]))
        return FlightState(
            time_utc_ns=picture.time_utc_ns,
            latitude_deg=float(lat_deg),
            longitude_deg=float(lon_deg),
            height_hae_m=float(hae_m),
            height_agl_m=_known(judgement.height_agl_m, row),
            course_deg=math.degrees(math.atan2(east_mps, north_mps)) % 360.0,
            speed_mps=math.hypot(east_mps, north_mps),
            climb_mps=up_mps,
            horizontal_sigma_m=float(max(sigma[0], sigma[1])),
            vertical_sigma_m=float(sigma[2]),
            speed_sigma_mps=float(max(sigma[3], sigma[4])),
        )

    def _flight(self, permit: Permit, track_id: int, states: tuple[FlightState, ...]) -> OwnFlight:
        scope, filed = permit.scope, permit.scope.flight
        # The same for as long as the track is the flight, and tells neither permit nor track.
        named = f"{self._site.site_id} {permit.permit_id} {track_id}".encode()
        return OwnFlight(
            flight_id=hashlib.sha256(named).hexdigest()[:32],
            permit_id=permit.permit_id,
            states=states,
            private=permit.private,
            owner=permit.owner,
            serial=scope.serials[0] if len(scope.serials) == 1 else "",
            operator_id=scope.operator_ids[0] if len(scope.operator_ids) == 1 else "",
            pilot_position=filed.pilot_position,
            purpose=filed.purpose,
            category=filed.operation_category,
            uas_class=filed.uas_class,
            simulated=self._simulated,
        )


def _matches(verdict: AirspaceVerdict, permits: dict[str, Permit]) -> Iterable[PermitMatch]:
    for permit_id, probability in verdict.candidates:
        permit = permits.get(permit_id)
        if permit is not None:
            yield PermitMatch(
                permit_id=permit_id, probability=probability, private=permit.private, owner=permit.owner
            )


def _known(column: FloatArray, row: int) -> float | None:
    value = float(column[row])
    return value if math.isfinite(value) else None
