"""What a pipeline's successor has to know of it: what came of late, and what was said last."""

from __future__ import annotations

from collections import deque
from typing import Any

from skykeep.base.clock import NS_PER_S
from skykeep.domain.commands import ChangeRules, SetOccupancy, SetPosture, Tick
from skykeep.domain.registry import RegistryAnswer
from skykeep.domain.sensing import Claim, Report, Scan, SensorStatus
from skykeep.domain.track import Picture
from skykeep.engine.inputs import Input, time_of

# Five turns of a slow radar: as long as it takes to be sure of every track again. While a successor is told
# it, nobody judges what comes in: 7 s of standstill with two minutes and every tick, 2 s with this.
KEPT_NS = 60 * NS_PER_S
TICK_NS = NS_PER_S
MOST_ANSWERS = 20_000
MOST_REPORTS = 1_000


class Lately:
    """Follows one pipeline. `recent` is what came in within the last minute, in order, with a tick a second,
    but for reports and what people said of alerts; `seen` the pictures of the same time, as the tracker made
    them; `reports` (sensor, sequence) of those that came to this very log, the last thousand.
    """

    def __init__(self) -> None:
        self.recent: deque[Input] = deque()
        self.seen: deque[Picture] = deque()
        self.reports: deque[tuple[str, int]] = deque(maxlen=MOST_REPORTS)
        # What was said last of each thing, and what before that: the last may be refused yet.
        self._said: dict[tuple[str, str], tuple[Input, ...]] = {}
        self._answers: dict[str, RegistryAnswer] = {}
        self._last: tuple[str, str] | None = None
        self._ticked_ns = -TICK_NS

    def note(self, record: Input) -> None:
        """Take note of what came in."""
        self._last = None
        match record:
            case Scan() | Claim():
                self._keep(record)
            case Tick() if record.time_utc_ns >= self._ticked_ns + TICK_NS:
                self._ticked_ns = record.time_utc_ns
                self._keep(record)
            case SensorStatus():
                self._say(("sensor", record.sensor_id), record)
            case SetPosture():
                self._say(("posture", ""), record)
            case SetOccupancy():
                self._say(("occupancy", record.asset_id), record)
            case ChangeRules():
                self._say(("rules", ""), record)
            case RegistryAnswer():
                self._keep(record)
                self._answers.pop(record.claimed_id, None)
                self._answers[record.claimed_id] = record
                while len(self._answers) > MOST_ANSWERS:
                    del self._answers[next(iter(self._answers))]
            case Report():
                self.reports.append((record.sensor_id, record.sequence))

    def refused(self) -> None:
        """Take note that what came last was refused."""
        if self._last is not None:
            self.recent.pop()
            self._said[self._last] = self._said[self._last][:-1]

    def picture(self, picture: Picture) -> None:
        """Take note of what the tracker made of it."""
        self.seen.append(picture)
        while self.seen[0].time_utc_ns < picture.time_utc_ns - KEPT_NS:
            self.seen.popleft()

    def said_before(self, time_utc_ns: int) -> tuple[Input, ...]:
        """Return what was said last before `time_utc_ns` and still holds: rules, posture, who is where, what
        sensors said of themselves, and registers of whoever is about.
        """
        about = {record.claimed_id for record in self.recent if isinstance(record, Claim)}
        holds = [said[-1] for said in self._said.values() if said]
        holds += [answer for name, answer in self._answers.items() if name in about]
        return tuple(record for record in holds if time_of(record) < time_utc_ns)

    def _keep(self, record: Any) -> None:
        self.recent.append(record)
        while time_of(self.recent[0]) < time_of(record) - KEPT_NS:
            self.recent.popleft()

    def _say(self, key: tuple[str, str], record: Input) -> None:
        self._keep(record)
        self._said[key] = (*self._said.get(key, ())[-1:], record)
        self._last = key
