"""The register beside a watch: what is due is done, what changed is told to the watch, and notices go out.

It has threads of its own, so that a database which does not answer, or a subscriber, never holds up the
watch. While the register cannot be reached the rules stay as they were, and it is said once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Protocol

from skykeep.app.notices import NoticeRunner
from skykeep.app.rules_watch import RulesWatch
from skykeep.base.clock import Clock, seconds_to_ns
from skykeep.base.errors import LinkError
from skykeep.domain.airspace import AirspaceChange
from skykeep.domain.permit import Permit
from skykeep.domain.zone import Zone

LOOK_EVERY_S = 0.1
DUE_EVERY_S = 1.0


class Judge(Protocol):
    """The pipeline's airspace: what it knows is read from another thread, whole tuples at a time."""

    @property
    def zones(self) -> tuple[Zone, ...]: ...

    @property
    def permits(self) -> dict[str, Permit]: ...


class RulesThread:
    """Follows the register for one watch. `start` and `stop` it; `wake` it after a change of our own."""

    def __init__(
        self,
        rules: RulesWatch,
        judge: Judge,
        clock: Clock,
        give: Callable[[AirspaceChange], None],
        *,
        expire_due: Callable[[], object],
        on_change: Callable[[], None] = lambda: None,
        notices: NoticeRunner | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._rules, self._judge, self._clock, self._give = rules, judge, clock, give
        self._expire_due, self._on_change, self._notices, self._say = expire_due, on_change, notices, say
        self._woken = threading.Event()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._reachable = True
        self._to_show = True
        self._due_ns = 0

    def go_on(self, judge: Judge) -> None:
        """Follow the register for another pipeline of the same watch, which took over with all its rules."""
        self._judge = judge

    def wake(self) -> None:
        """Look at once; from any thread."""
        self._woken.set()
        if self._notices is not None:
            self._notices.wake()

    def show(self) -> None:
        """Have what there is shown once more; from any thread."""
        self._to_show = True
        self._woken.set()

    def look(self) -> None:
        """Do what is due and tell the watch what changed."""
        now_ns = self._clock.now_utc_ns()
        try:
            if now_ns >= self._due_ns:
                self._due_ns = now_ns + seconds_to_ns(DUE_EVERY_S)
                self._expire_due()
            seen = self._rules.seen
            change = self._rules.look(self._judge.zones, self._judge.permits.values(), now_ns)
        except LinkError as error:
            self._tell_link(f"The register cannot be reached, the rules stay as they were: {error}")
            return
        self._tell_link("")
        if self._rules.seen != seen:
            # Also what no track is judged by, such as an application, is shown and told.
            self._to_show = True
            if self._notices is not None:
                self._notices.wake()
        if change is not None:
            self._give(change)

    def start(self) -> None:
        """Follow from now on."""
        runs: Iterable[tuple[str, Callable[[], None]]] = [("rules", self._run)]
        if self._notices is not None:
            notices = self._notices
            runs = [*runs, ("notices", lambda: notices.run(self._stop))]
        for name, run in runs:
            thread = threading.Thread(target=run, name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Follow no more, and wait until nothing runs."""
        self._stop.set()
        self.wake()
        for thread in self._threads:
            thread.join()
        self._threads.clear()

    def _run(self) -> None:
        while not self._stop.is_set():
            self.look()
            if self._to_show:
                self._to_show = False
                self._on_change()
            self._woken.wait(LOOK_EVERY_S)
            self._woken.clear()

    def _tell_link(self, trouble: str) -> None:
        if bool(trouble) == self._reachable:
            self._reachable = not trouble
            self._say(trouble or "The register is reached again.")
