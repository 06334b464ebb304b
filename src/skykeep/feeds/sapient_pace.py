"""How fast SAPIENT messages may come and go: a bucket for what comes, a queue of tracks for what goes.

Common middleware drops detections that come faster than 12.5 a second from one node or are older than 0.9 s.
The queue keeps to that: of each track only its newest state waits, the track that waited longest goes first,
and what is held back is counted, never silently lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from skykeep.base.clock import NS_PER_S
from skykeep.domain.track import TrackReport

PER_S = 12.5
OLDEST_S = 0.9


class Bucket:
    """Holds up to `burst` tokens, refilled at `per_s`; each message takes one."""

    def __init__(self, per_s: float, burst: float) -> None:
        self._per_s, self._burst = per_s, burst
        self._tokens, self._since_utc_ns = burst, 0

    def take(self, now_utc_ns: int) -> bool:
        """Return whether one more may pass now."""
        passed_s = max(0, now_utc_ns - self._since_utc_ns) / NS_PER_S
        self._tokens = min(self._burst, self._tokens + passed_s * self._per_s)
        self._since_utc_ns = now_utc_ns
        if self._tokens < 1.0:
            return False
        self._tokens -= 1.0
        return True


class TrackQueue:
    """Tracks that wait to be sent, paced at `per_s` and never older than `oldest_s`.

    Times sent never go back: a state older than one already sent is held back too. `counts` says what
    became of each state offered: sent, or held back and why.
    """

    def __init__(self, per_s: float = PER_S, oldest_s: float = OLDEST_S) -> None:
        self.counts: Counter[str] = Counter()
        self._gap_ns = round(NS_PER_S / per_s)
        self._oldest_ns = round(oldest_s * NS_PER_S)
        self._waiting: dict[int, TrackReport] = {}
        self._sent_utc_ns: dict[int, int] = {}
        self._next_utc_ns = 0
        self._latest_utc_ns = 0

    def offer(self, reports: Iterable[TrackReport]) -> None:
        """Let new states wait in place of older ones of the same tracks."""
        newest_utc_ns = 0
        for report in reports:
            if report.track_id in self._waiting:
                self.counts["held back: a newer state came first"] += 1
            self._waiting[report.track_id] = report
            newest_utc_ns = max(newest_utc_ns, report.time_utc_ns)
        # Nobody may be taking: without a parent, what waits must not grow for ever.
        self._drop_before(newest_utc_ns - self._oldest_ns)

    def take(self, now_utc_ns: int) -> TrackReport | None:
        """Return the track to send now, None when none waits or it is too soon."""
        if self._latest_utc_ns > now_utc_ns + NS_PER_S:
            self._latest_utc_ns = 0  # the clock was set back: what was sent no longer says what is old
        self._next_utc_ns = min(self._next_utc_ns, now_utc_ns + self._gap_ns)
        self._drop_old(now_utc_ns)
        if not self._waiting or now_utc_ns < self._next_utc_ns:
            return None
        track_id = min(self._waiting, key=lambda one: (self._sent_utc_ns.get(one, 0), one))
        report = self._waiting.pop(track_id)
        self._sent_utc_ns[track_id] = now_utc_ns
        self._latest_utc_ns = report.time_utc_ns
        self._next_utc_ns = now_utc_ns + self._gap_ns
        self.counts["sent"] += 1
        self._forget(now_utc_ns)
        return report

    def wait_s(self, now_utc_ns: int) -> float | None:
        """Return how long until the next may go; None when nothing waits."""
        return max(0, self._next_utc_ns - now_utc_ns) / NS_PER_S if self._waiting else None

    def _drop_old(self, now_utc_ns: int) -> None:
        self._drop_before(now_utc_ns - self._oldest_ns)
        for track_id, report in list(self._waiting.items()):
            if report.time_utc_ns < self._latest_utc_ns:
                self.counts["held back: older than one already sent"] += 1
                del self._waiting[track_id]

    def _drop_before(self, time_utc_ns: int) -> None:
        for track_id, report in list(self._waiting.items()):
            if report.time_utc_ns < time_utc_ns:
                self.counts["held back: too old before its turn"] += 1
                del self._waiting[track_id]

    def _forget(self, now_utc_ns: int) -> None:
        long_ago_ns = now_utc_ns - 600 * NS_PER_S
        if len(self._sent_utc_ns) > 10_000:
            self._sent_utc_ns = {k: v for k, v in self._sent_utc_ns.items() if v > long_ago_ns}

    @property
    def held_back(self) -> int:
        """How many states were not sent."""
        return self.counts.total() - self.counts["sent"]
