"""What a case tells of each track, kept as a night goes by.

Little is kept of each moment, so that a long watch over many tracks fits into memory: when a track was there,
what it was taken for at the surest, how it stood, the last test of each claim, verdicts where they changed,
and every fourth place for the map.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable

import numpy as np

from skykeep.domain.airspace import AirspaceVerdict, Permission
from skykeep.domain.identity import ClaimTest, Identification, Standing, TargetClass
from skykeep.domain.place import Point
from skykeep.domain.sensing import ClaimKind
from skykeep.engine.outputs import Judgement

PLACE_STEP = 4
# Of a track that is there for longer every second place goes, and from then on only every second is kept.
MOST_PLACES = 4_096

# Which judgement of the night, and which row of its picture: the order in which things were said.
_At = tuple[int, int]


class TrackTold:
    """One track, from its first judgement on."""

    __slots__ = (
        "_east_m",
        "_north_m",
        "_offered",
        "_step",
        "_times_utc_ns",
        "claims",
        "first_utc_ns",
        "last_at",
        "last_utc_ns",
        "probability",
        "standing",
        "standings",
        "surest_at",
        "target_class",
        "verdicts",
    )

    def __init__(self, first_utc_ns: int) -> None:
        self.first_utc_ns = self.last_utc_ns = first_utc_ns
        self.last_at: _At = (0, 0)
        self.surest_at: _At = (0, 0)
        self.probability = -1.0
        self.target_class = int(TargetClass.OTHER)
        self.standing = Standing.UNKNOWN
        self.standings: set[Standing] = set()
        self.claims: dict[tuple[ClaimKind, str], tuple[_At, ClaimTest]] = {}
        self.verdicts: list[tuple[_At, int, AirspaceVerdict]] = []
        self._times_utc_ns, self._east_m, self._north_m = array("q"), array("d"), array("d")
        self._step, self._offered = 1, 0

    def judged(self, at: _At, time_utc_ns: int, who: Identification, verdict: AirspaceVerdict) -> None:
        """Take note of one judgement."""
        self.last_utc_ns, self.last_at = time_utc_ns, at
        probability = max(who.class_probabilities)
        if probability > self.probability:
            self.probability, self.surest_at = probability, at
            self.target_class = int(np.argmax(who.class_probabilities))
        self.standing = who.standing
        self.standings.add(who.standing)
        for test in who.claims:
            self.claims[test.kind, test.claimed_id] = (at, test)
        if not self.verdicts or said_of(self.verdicts[-1][2]) != said_of(verdict):
            self.verdicts.append((at, time_utc_ns, verdict))

    def was_at(self, time_utc_ns: int, east_m: float, north_m: float) -> None:
        """Take note of a place."""
        number, self._offered = self._offered, self._offered + 1
        if number % self._step:
            return
        if len(self._times_utc_ns) >= MOST_PLACES:
            del self._times_utc_ns[1::2], self._east_m[1::2], self._north_m[1::2]
            self._step *= 2
        self._times_utc_ns.append(time_utc_ns)
        self._east_m.append(east_m)
        self._north_m.append(north_m)

    @property
    def times_utc_ns(self) -> tuple[int, ...]:
        """When it was where `points_enu_m` says."""
        return tuple(self._times_utc_ns)

    @property
    def points_enu_m(self) -> tuple[Point, ...]:
        """Where it was, metres east and north to ten centimetres."""
        pairs = zip(self._east_m, self._north_m, strict=True)
        return tuple((round(east_m, 1), round(north_m, 1)) for east_m, north_m in pairs)


class TracksTold:
    """Every track of a night, and who flew by leave of which permit."""

    def __init__(self) -> None:
        self._tracks: dict[int, TrackTold] = {}
        self._judgements = 0
        self.flown: dict[str, set[int]] = {}
        self.end_utc_ns: int | None = None

    def of(self, track_ids: Iterable[int]) -> list[TrackTold]:
        """Return those of these tracks that were ever in a picture."""
        return [self._tracks[track_id] for track_id in track_ids if track_id in self._tracks]

    def take(self, judgement: Judgement) -> None:
        """Take note of what is said of every track."""
        picture, k = judgement.picture, self._judgements
        time_utc_ns = self.end_utc_ns = picture.time_utc_ns
        places = picture.state[:, :2].tolist() if k % PLACE_STEP == 0 else None
        for row, track_id in enumerate(picture.track_id.tolist()):
            told = self._tracks.get(track_id)
            if told is None:
                told = self._tracks[track_id] = TrackTold(time_utc_ns)
            verdict = judgement.verdicts[row]
            told.judged((k, row), time_utc_ns, judgement.identifications[row], verdict)
            if places is not None:
                told.was_at(time_utc_ns, *places[row])
            if verdict.permit_id and verdict.permission is Permission.ALLOWED:
                self.flown.setdefault(verdict.permit_id, set()).add(verdict.track_id)
        self._judgements += 1


def said_of(verdict: AirspaceVerdict) -> tuple[Permission, str, str]:
    """Return what makes a verdict another than the one before it."""
    return verdict.permission, verdict.document, verdict.failing_condition
