"""What is kept in mind about one source: what came, what was refused, what its clock shows, how it is.

It stands between a source's translator and the watch. Times are put right, what cannot be believed is held
back, and whatever changes is said in a sentence for the log and the screen. It is given the time and reads no
clock, so that a test can let a night pass in a moment.

| state | when |
|---|---|
| waiting | nothing was heard of it yet |
| silent | nothing for five of its periods, and three seconds at least |
| flooding | it sends faster than it may, within the last five seconds |
| noisy | of its last 100 messages more than a fifth were refused |
| stuck | the same detections, to the last digit, five scans in a row |
| swamped | for three scans on end eight times as many detections as are usual: perhaps it is jammed |
| clock_wrong | its clock is wrong by more than the tolerance; its times are put right |
| quarantined | of its last 50 messages more than half were refused, or its times are hours off |

Of a source in quarantine nothing is used until 20 messages in a row are good again, or a person lifts it. A
single record that is hours off is held back too.

What drones and people's devices say of themselves carries each one's own time: one clock is kept in mind for
each name, so that a single wrong one does not shift the others. Records that bring no time of their own, but
that of their receipt, tell nothing of any clock.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator

import msgspec
import numpy as np

from skykeep.base.clock import NS_PER_S, seconds_to_ns
from skykeep.domain.feed import Received, Refusal, SourceEvent, SourceHealth, SourceState, Taken
from skykeep.domain.sensing import Claim, ClaimKind, Report, Scan, SensorStatus
from skykeep.feeds.care_rules import CareRules as CareRules
from skykeep.feeds.clock_watch import LARGEST_OFFSET_S, ClockWatch
from skykeep.feeds.wording import absurd_says, clock_says, jump_says, refused_says, silent_says

SILENT_PERIODS, SILENT_AT_LEAST_S = 5.0, 3.0
FLOODING_FOR_S = 5.0
NOISY_OF, NOISY_SHARE = 100, 0.2
QUARANTINE_OF, QUARANTINE_SHARE, GOOD_IN_A_ROW = 50, 0.5, 20
STUCK_SCANS = 5
SWAMPED_SCANS, SWAMPED_TIMES, SWAMPED_AT_LEAST, USUAL_OF = 3, 8.0, 20, 120
KEPT_PER_MINUTE = 10
RATE_OVER_S = 5
MOST_REASONS, MOST_OF_A_FIELD = 64, 4
MOST_CLAIMANTS = 256


class SourceCare:
    """One source."""

    def __init__(self, source_id: str, rules: CareRules = CareRules()) -> None:  # noqa: B008
        self.source_id = source_id
        self._rules = rules
        self.clock = self._new_clock()
        self._claimants: dict[str, ClockWatch] = {}
        self._counts: Counter[str] = Counter()
        self._because: Counter[str] = Counter()
        self._heard: deque[int] = deque(maxlen=4_096)
        self._last_utc_ns: int | None = None
        self._good: deque[bool] = deque(maxlen=NOISY_OF)
        self._flooded_utc_ns = -(1 << 62)
        self._same, self._last_scan = 0, b""
        self._usual: deque[int] = deque(maxlen=USUAL_OF)
        self._many = 0
        self._quarantine = ""
        self._good_in_a_row = 0
        self._sensor_says, self._link = "", ""
        self._events: list[SourceEvent] = []
        self._kept_minute, self._kept = -1, 0
        self._state = SourceState.WAITING

    # --- what happens ------------------------------------------------------------------------------------

    def heard(self, now_utc_ns: int, messages: int = 1) -> None:
        """Take note that messages arrived, whatever becomes of them."""
        self._counts["heard"] += messages
        self._link = ""
        self._heard.append(now_utc_ns)
        self._last_utc_ns = now_utc_ns

    def dropped(self, messages: int, where: str, now_utc_ns: int) -> None:
        """Take note of what could not be read or taken: `where` is `rate`, `kernel` or `full`."""
        if messages > 0:
            self._counts[f"dropped_{where}"] += messages
            self._flooded_utc_ns = now_utc_ns

    def take(self, taken: Taken, now_utc_ns: int, told: bool = False) -> tuple[Received, ...]:
        """Return which records may go on to the watch, with their times put right. `told`: the refusals are
        in the log already, by another name.
        """
        self._counts["refused"] += bool(taken.refusals)
        for refusal in taken.refusals:
            self._refuse(refusal, now_utc_ns, told)
        if taken.records or taken.refusals:
            self._weigh(not taken.refusals, now_utc_ns)
        going_on = []
        for record in taken.records:
            self._counts["records"] += 1
            placed = self._look_at(record, now_utc_ns)
            if self._quarantine or placed is None:
                self._counts["held_back"] += 1
            else:
                going_on.append(placed)
        self._settle(now_utc_ns)
        return tuple(going_on)

    def good(self, now_utc_ns: int) -> None:
        """Take note of a good message, whose records are kept in mind elsewhere."""
        self._weigh(True, now_utc_ns)
        self._settle(now_utc_ns)

    def say(self, sentence: str, now_utc_ns: int, kind: str = "note") -> None:
        """Keep a sentence about this source for the log."""
        self._events.append(
            SourceEvent(source_id=self.source_id, time_utc_ns=now_utc_ns, kind=kind, says=sentence)
        )

    def link_lost(self, sentence: str, now_utc_ns: int) -> None:
        """Take note that the line to it is down, until something is heard of it again."""
        self._link = sentence
        self.say(sentence, now_utc_ns, "link")

    def quarantine(self, because: str, now_utc_ns: int) -> None:
        """Use nothing more of it, and say why."""
        if not self._quarantine:
            self._quarantine, self._good_in_a_row = because, 0
            self.say(f"In quarantine: {because}", now_utc_ns, "quarantine")

    def lift(self, because: str, now_utc_ns: int) -> None:
        """Use it again."""
        if self._quarantine:
            self._quarantine = ""
            self._good.clear()
            self.say(f"Used again: {because}", now_utc_ns, "quarantine_lifted")

    def pass_time(self, now_utc_ns: int) -> None:
        """Look up, also where nothing came."""
        self._settle(now_utc_ns)

    def events(self) -> tuple[SourceEvent, ...]:
        """Return what happened since this was last asked."""
        told, self._events = tuple(self._events), []
        return told

    # --- how it is ---------------------------------------------------------------------------------------

    def health(self, now_utc_ns: int) -> SourceHealth:
        """Return how it is now."""
        says = tuple(sentence for _, sentence in self._findings(now_utc_ns))
        recent = sum(now_utc_ns - at <= RATE_OVER_S * NS_PER_S for at in self._heard)
        counts = self._counts
        return SourceHealth(
            source_id=self.source_id,
            state=self._worst(now_utc_ns),
            says=says,
            last_utc_ns=self._last_utc_ns,
            per_s=round(recent / RATE_OVER_S, 1),
            heard=counts["heard"],
            records=counts["records"],
            refused=counts["refused"],
            dropped_rate=counts["dropped_rate"],
            dropped_kernel=counts["dropped_kernel"],
            dropped_full=counts["dropped_full"],
            held_back=counts["held_back"],
            refused_because=dict(self._because),
            clock_offset_s=None if not self.clock.known else round(self.clock.offset_s, 3),
            latency_s=None if self.clock.way_s is None else round(self.clock.way_s, 3),
            drift_ppm=None if self.clock.drift_ppm is None else round(self.clock.drift_ppm, 1),
        )

    def _findings(self, now_utc_ns: int) -> Iterator[tuple[SourceState, str]]:
        """Yield what is wrong, the worst first."""
        if self._quarantine:
            yield SourceState.QUARANTINED, f"In quarantine: {self._quarantine}"
        if self._link:
            yield SourceState.SILENT, self._link
        if self._last_utc_ns is None:
            if self._rules.hears:
                yield SourceState.WAITING, "Nothing was heard of it yet."
        elif self._is_silent(now_utc_ns):
            yield SourceState.SILENT, silent_says((now_utc_ns - self._last_utc_ns) / NS_PER_S)
        if self._same >= STUCK_SCANS:
            yield SourceState.STUCK, "Its last detections are the same to the last digit: it repeats itself."
        if now_utc_ns - self._flooded_utc_ns <= FLOODING_FOR_S * NS_PER_S:
            lost = sum(self._counts[name] for name in ("dropped_rate", "dropped_kernel", "dropped_full"))
            yield SourceState.FLOODING, f"It sends faster than can be taken: {lost:,} lost so far."
        if self._many >= SWAMPED_SCANS:
            yield SourceState.SWAMPED, "It reports far more than usual: weather, birds, or it is jammed."
        if self._bad_share() > NOISY_SHARE and len(self._good) >= QUARANTINE_OF and not self._quarantine:
            yield SourceState.NOISY, refused_says(self._bad_share(), self._because)
        if self.clock.offset_s != 0.0:
            yield SourceState.CLOCK_WRONG, clock_says(self.clock.offset_s)
        if self._sensor_says:
            yield SourceState.OK, self._sensor_says

    def _worst(self, now_utc_ns: int) -> SourceState:
        order = list(SourceState)
        states = [state for state, _ in self._findings(now_utc_ns)]
        return max(states, key=order.index, default=SourceState.OK)

    def _is_silent(self, now_utc_ns: int) -> bool:
        if self._rules.period_s <= 0.0 or self._last_utc_ns is None:
            return False
        limit_s = max(SILENT_AT_LEAST_S, SILENT_PERIODS * self._rules.period_s)
        return now_utc_ns - self._last_utc_ns > seconds_to_ns(limit_s)

    def _bad_share(self) -> float:
        return 1.0 - sum(self._good) / len(self._good) if self._good else 0.0

    # --- inside ------------------------------------------------------------------------------------------

    def _refuse(self, refusal: Refusal, now_utc_ns: int, told: bool) -> None:
        self._because[self._reason(refusal)] += 1
        if told:
            return
        minute = now_utc_ns // (60 * NS_PER_S)
        if minute != self._kept_minute:
            self._kept_minute, self._kept = minute, 0
        self._kept += 1
        if self._kept <= KEPT_PER_MINUTE:
            says = f"{refusal.field}: {refusal.found}, must be {refusal.must}"
            event = SourceEvent(
                source_id=self.source_id,
                time_utc_ns=now_utc_ns,
                kind="refused",
                says=says,
                data=refusal.data,
            )
            self._events.append(event)

    def _reason(self, refusal: Refusal) -> str:
        """Return what a refusal is counted under: some bounds are another one each time."""
        reason = f"{refusal.field}: must be {refusal.must}"
        if reason in self._because:
            return reason
        if sum(known.startswith(f"{refusal.field}: ") for known in self._because) >= MOST_OF_A_FIELD:
            reason = refusal.field
        full = reason not in self._because and len(self._because) >= MOST_REASONS
        return "other reasons" if full else reason

    def _weigh(self, good: bool, now_utc_ns: int) -> None:
        self._good.append(good)
        self._good_in_a_row = self._good_in_a_row + 1 if good else 0
        last = list(self._good)[-QUARANTINE_OF:]
        if not self._quarantine and len(last) == QUARANTINE_OF:
            share = 1.0 - sum(last) / len(last)
            if share > QUARANTINE_SHARE:
                self.quarantine(refused_says(share, self._because), now_utc_ns)
        if self._quarantine and self._good_in_a_row >= GOOD_IN_A_ROW:
            self.lift(f"{self._good_in_a_row} good messages in a row.", now_utc_ns)

    def _look_at(self, record: Received, now_utc_ns: int) -> Received | None:
        """Return a record with its time put right, None when that cannot be of now."""
        if isinstance(record, Report):
            return record
        if isinstance(record, SensorStatus):
            self._sensor_says = "" if record.state == "ok" else f"It says of itself: {record.says}"
            if record.latency_s is not None:
                self.clock.expect_way(record.latency_s)
        if isinstance(record, Scan):
            self._look_at_scan(record)
        if record.time_utc_ns == record.received_utc_ns:
            return record
        clock = self._clock_of(record)
        clock.note(record.time_utc_ns, record.received_utc_ns)
        if clock is self.clock:
            self._look_at_clock(now_utc_ns)
        if abs(record.received_utc_ns - record.time_utc_ns) > LARGEST_OFFSET_S * NS_PER_S:
            return None
        add_ns = seconds_to_ns(clock.add_s)
        return msgspec.structs.replace(record, time_utc_ns=record.time_utc_ns + add_ns) if add_ns else record

    def _look_at_clock(self, now_utc_ns: int) -> None:
        if self.clock.absurd:
            self.quarantine(absurd_says(self.clock.apart_s or 0.0), now_utc_ns)
            self._good_in_a_row = 0
        elif self.clock.jumped_s is not None:
            self.say(jump_says(self.clock.jumped_s), now_utc_ns, "clock")

    def _clock_of(self, record: Scan | Claim | SensorStatus) -> ClockWatch:
        """Return the clock that a record's time is of: the source's, or that of whoever claims."""
        if not isinstance(record, Claim) or record.kind is ClaimKind.ADSB:
            return self.clock
        clock = self._claimants.pop(record.claimed_id, None) or self._new_clock()
        self._claimants[record.claimed_id] = clock  # last: the first is the one longest silent
        if len(self._claimants) > MOST_CLAIMANTS:
            del self._claimants[next(iter(self._claimants))]
        return clock

    def _new_clock(self) -> ClockWatch:
        rules = self._rules
        return ClockWatch(rules.usual_way_s, rules.clock_tolerance_s, rules.clock_disciplined)

    def _look_at_scan(self, scan: Scan) -> None:
        content = scan.measured.tobytes() + scan.snr_db.tobytes()
        # An empty scan is like the last one for a good reason.
        self._same = self._same + 1 if len(scan) and content == self._last_scan else 0
        self._last_scan = content
        usual = float(np.median(self._usual)) if len(self._usual) >= USUAL_OF // 4 else np.inf
        if len(scan) > max(SWAMPED_AT_LEAST, SWAMPED_TIMES * usual):
            self._many += 1
        else:
            self._many = 0
            self._usual.append(len(scan))

    def _settle(self, now_utc_ns: int) -> None:
        """Say when its state has changed."""
        state = self._worst(now_utc_ns)
        if state is self._state:
            return
        was, self._state = self._state, state
        if state is SourceState.OK:
            if was is not SourceState.WAITING:
                self.say(f"It is well again (it was {was.value.replace('_', ' ')}).", now_utc_ns, "state")
        elif state is not SourceState.QUARANTINED:
            self.say(next(self._findings(now_utc_ns))[1], now_utc_ns, "state")
