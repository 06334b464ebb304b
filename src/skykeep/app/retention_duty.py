"""Retention in a running watch: the rules are kept for the closed nights beside it, whatever one is like."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from skykeep.app.folder import LOG
from skykeep.app.replay import Recording
from skykeep.app.retention import enforce
from skykeep.base.clock import Clock
from skykeep.base.errors import SkykeepError
from skykeep.domain.retention import RetentionRule
from skykeep.store.case_folder import CASE_LOG, FOLDER
from skykeep.store.log_database import is_being_written

EVERY_S = 3_600.0


class RetentionDuty:
    """Keeps the rules for the closed nights of one site that lie in one folder: at once, then hourly and
    whenever it is woken, in a thread of its own. The watch never waits for it.
    """

    def __init__(
        self,
        rules: tuple[RetentionRule, ...],
        site_id: str,
        nights: Path,
        clock: Clock,
        say: Callable[[str], None],
        keys_folder: Path | None = None,
    ) -> None:
        self._keys_folder = keys_folder
        self._rules, self._site_id, self._nights = rules, site_id, nights
        self._clock, self._say = clock, say
        # As each night was when it was looked at, and when something in it falls due next.
        self._looked: dict[Path, tuple[tuple[int, ...], int | None]] = {}
        self._told: dict[Path, set[str]] = {}
        self._stop, self._woken = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="retention", daemon=True)

    def start(self) -> None:
        """Begin; without rules nothing is done."""
        if self._rules:
            self._thread.start()

    def stop(self) -> None:
        """End, once the night at hand is done."""
        self._stop.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join()

    def wake(self) -> None:
        """Look at once: a night was closed."""
        self._woken.set()

    def look(self) -> None:
        """Keep the rules once, for every night that is closed."""
        for folder in sorted(self._nights.iterdir()):
            if self._stop.is_set():
                return
            try:
                self._see_to(folder, self._clock.now_utc_ns())
            except (SkykeepError, OSError) as error:
                self._left(folder, str(error))
            except Exception as error:
                # A fault of our own at one night: the others are seen to all the same, and it is tried again.
                self._left(folder, f"a fault in Skykeep itself, {type(error).__name__}: {error}")
            else:
                self._told.pop(folder, None)

    def _see_to(self, folder: Path, now_utc_ns: int) -> None:
        if not self._is_due(folder, now_utc_ns):
            return
        log = folder / LOG
        if Recording(log).site_as_told.site_id != self._site_id:
            self._looked[folder] = _state_of(folder), None
            return
        # Judging comes first: whoever wants the case of that night again has it made.
        done = enforce(log, self._rules, now_utc_ns, keys_folder=self._keys_folder, remake=False)
        self._looked[folder] = _state_of(folder), done.next_look_utc_ns
        if done.due or done.remade:
            also = f", {len(done.remade)} papers made again or removed" if done.remade else ""
            self._say(f"Retention: {len(done.due)} data taken out of {folder.name}{also}.")

    def _left(self, folder: Path, because: str) -> None:
        """Tell why a night was left as it is: each reason once, however often it is tried again."""
        told = self._told.setdefault(folder, set())
        if because not in told:
            told.add(because)
            self._say(f"Retention: {folder.name} was left as it is: {because}")

    def _is_due(self, folder: Path, now_utc_ns: int) -> bool:
        """Say whether a folder holds a closed night, and one of which something may be due: a year's nights
        are not read anew each hour.
        """
        if not (folder / LOG).is_file() or is_being_written(folder):
            return False
        case = folder / FOLDER
        if case.is_dir() and is_being_written(case):
            return False  # it is being closed, or somebody works on what counts
        before, next_utc_ns = self._looked.get(folder, ((), None))
        return before != _state_of(folder) or (next_utc_ns is not None and next_utc_ns <= now_utc_ns)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._woken.clear()
            try:
                self.look()
            except OSError as error:
                self._say(f"Retention: {error}")
            self._woken.wait(EVERY_S)


def _state_of(folder: Path) -> tuple[int, ...]:
    """Return what is otherwise once a night's log or its case was written to."""
    there = [path.stat() for path in (folder / LOG, folder / FOLDER / CASE_LOG) if path.is_file()]
    return tuple(number for each in there for number in (each.st_mtime_ns, each.st_size))
