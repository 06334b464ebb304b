"""Groups with a number of their own, which lasts while members come, go, part and join.

Each tick the tracks that fly together are chained into parts (`company`); those of one group stay together a
little longer than strangers take to become one, so that nothing flickers at the edge. Then every group of
before looks for its heir, the part with most of its members, of two as large the one with the oldest track:

| what happened | the number |
|---|---|
| a part is heir to one group | stays |
| a part is heir to several (they merged) | of the oldest; the others are named in `merged` |
| a part has members of a group and is not its heir (it split) | new; the old one is named in `split_from` |
| a part of strangers | new |
| a group has no part left | kept for a while: who comes together again in that time is the same group |

Track numbers only grow, so the oldest track is the one with the lowest.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np

from skykeep.assessment.company import chained, neighbours
from skykeep.base.clock import seconds_to_ns
from skykeep.base.compile import FloatArray
from skykeep.domain.rules import ThreatRules


class Part(NamedTuple):
    """One group as it is now. `track_ids` in order."""

    group_id: str
    track_ids: tuple[int, ...]
    since_utc_ns: int
    split_from: str
    merged: tuple[str, ...]


class GroupBook:
    """All groups of one watch. Forgets a group once none of its members has flown in it for a while."""

    def __init__(self) -> None:
        self._made = 0
        self._part: dict[str, Part] = {}
        # For each track that flies or lately flew in a group: which, and when last.
        self._last: dict[int, tuple[str, int]] = {}

    @property
    def parts(self) -> tuple[Part, ...]:
        """The groups of the last update, the oldest first."""
        now = [part for part in self._part.values() if part.track_ids]
        return tuple(sorted(now, key=_age))

    def update(
        self,
        time_utc_ns: int,
        track_ids: list[int],
        place_m: FloatArray,
        rate_mps: FloatArray,
        rules: ThreatRules,
    ) -> dict[int, Part]:
        """Take in where tracks are, `place_m` and `rate_mps` (n, 3); return who flies in which group."""
        patience_ns = seconds_to_ns(rules.group_patience_s)
        self._last = {
            track: (group_id, last)
            for track, (group_id, last) in self._last.items()
            if time_utc_ns - last <= patience_ns
        }
        parts = self._chain(track_ids, place_m, rate_mps, rules)
        heirs: dict[int, list[str]] = {}
        split: dict[int, str] = {}
        shared = self._shares(parts)
        for group_id in sorted(shared, key=lambda one: _age(self._part[one])):
            shares = shared[group_id]
            heirs.setdefault(max(shares)[2], []).append(group_id)
            for _, _, which in shares:
                split.setdefault(which, group_id)
        found = {}
        for which, members in enumerate(parts):
            found.update(
                dict.fromkeys(
                    members, self._settle(time_utc_ns, members, heirs.get(which, []), split.get(which, ""))
                )
            )
        kept = {group_id for group_id, _ in self._last.values()}
        now = {part.group_id for part in found.values()}
        self._part = {
            group_id: part if group_id in now else part._replace(track_ids=())
            for group_id, part in self._part.items()
            if group_id in kept
        }
        return found

    def _chain(
        self, track_ids: list[int], place_m: FloatArray, rate_mps: FloatArray, rules: ThreatRules
    ) -> list[tuple[int, ...]]:
        """Return who flies together now, each part in order of track, parts in order of their first."""
        points = np.hstack((place_m / rules.company_m, rate_mps / rules.company_mps))
        pairs, apart = neighbours(points, max(1.0, rules.company_leave))
        home = np.zeros(len(track_ids), dtype=np.int64)
        near = np.unique(pairs)
        home[near] = [_number(self._last.get(track_ids[row])) for row in near.tolist()]
        together = (home[pairs[:, 0]] == home[pairs[:, 1]]) & (home[pairs[:, 0]] > 0)
        number = chained(len(track_ids), pairs[(apart <= 1.0) | together]).tolist()
        members: dict[int, list[int]] = {}
        for track, part in zip(track_ids, number, strict=True):
            if part >= 0:
                members.setdefault(part, []).append(track)
        return sorted(tuple(sorted(part)) for part in members.values())

    def _shares(self, parts: list[tuple[int, ...]]) -> dict[str, list[tuple[int, int, int]]]:
        """Return of each group of before, part by part, how many of its members are there; the part's first
        track, negative, and its place in `parts` stand beside, so that the greatest is the heir.
        """
        found: dict[str, list[tuple[int, int, int]]] = {}
        for which, members in enumerate(parts):
            before = [self._last[track][0] for track in members if track in self._last]
            for group_id, count in Counter(before).items():
                found.setdefault(group_id, []).append((count, -members[0], which))
        return found

    def _settle(
        self, time_utc_ns: int, members: tuple[int, ...], heir_to: list[str], split_from: str
    ) -> Part:
        """Return the group that these are from now on; `heir_to` is in order of age."""
        if heir_to:
            old, gone = self._part[heir_to[0]], heir_to[1:]
            part = old._replace(track_ids=members, merged=old.merged + tuple(gone))
            # Whoever is out of sight for a moment belongs to what their group has become.
            for track, (group_id, last) in self._last.items():
                if group_id in gone:
                    self._last[track] = (part.group_id, last)
        else:
            self._made += 1
            part = Part(f"G-{self._made}", members, time_utc_ns, split_from, ())
        self._part[part.group_id] = part
        self._last.update(dict.fromkeys(members, (part.group_id, time_utc_ns)))
        return part


def _number(last: tuple[str, int] | None) -> int:
    return int(last[0][2:]) if last else 0


def _age(part: Part) -> tuple[int, int]:
    return part.since_utc_ns, int(part.group_id[2:])
