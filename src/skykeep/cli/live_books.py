"""The books of a live watch: its signed log and the case beside it, in one folder after another."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

from skykeep.app.days import latest_folder, next_folder, numbers_in
from skykeep.app.dossier import keep_case
from skykeep.app.folder import LOG
from skykeep.app.new_folder import NewFolderDuty, rule_of
from skykeep.app.night_case import NightCase
from skykeep.app.record_duty import RecordDuty
from skykeep.app.retention_duty import RetentionDuty
from skykeep.app.retention_text import rules_of
from skykeep.app.site_text import SiteFile
from skykeep.app.watchers import NightMemory
from skykeep.base.clock import Clock
from skykeep.base.errors import SkykeepError
from skykeep.domain.days import WatchContinued, WatchTakenOver, WatchWentOn
from skykeep.domain.site import Site
from skykeep.engine.hand_over import handed_over
from skykeep.engine.inputs import Input
from skykeep.engine.pipeline import Pipeline


class LiveBook:
    """Log and case in one folder, open from the beginning; `memory` listens to what goes into them. `close`
    them in good order, or `abandon` them where the watch cannot begin.
    """

    def __init__(
        self,
        found: SiteFile,
        site: Site,
        site_folder: Path,
        folder: Path,
        clock: Clock,
        tell: Callable[[str], None],
    ) -> None:
        self.folder, self._path, self._tell = folder, folder / LOG, tell
        self.memory = NightMemory()
        record = self.record = RecordDuty(found.record, site_folder, site.site_id, site.name, clock, tell)
        self.log = record.open(self._path)
        origin = f"{self.log.head().origin}/case"
        try:
            self.case = NightCase(folder, found.incidents.rule(), tell, origin=origin, ring=record.ring)
        except BaseException:
            self.log.close()
            raise

    def abandon(self) -> None:
        """Let go of everything; what was written stays."""
        self.record.end()
        self.log.close()
        self.case.folder.close()

    def close(self, *, watching: bool = False) -> None:
        """Seal the log, take down in the case how it ended, bring the last checkpoint out of the house, and
        leave what the dossier is printed from: not while a watch goes on, which needs the processor.
        """
        ring = self.record.ring
        try:
            self.record.end()
            self.log.close()
            self.case.attach_log(self._path)
            self.record.seal()
            # Making the case may take minutes, and a checkpoint does not wait for it; what it adds follows.
            key = None if ring is None else ring.key
            if not watching and keep_case(self._path, key, self._tell, self.memory):
                self.record.seal()
        finally:
            self.case.folder.close()


# Makes a pipeline that writes to a book, from what it is told again.
Begin = Callable[[LiveBook, Iterable[Input]], Pipeline]


class LiveBooks:
    """The books of one watch, one after another; `book` is that of now. What the site's rules of retention
    ask for is done for those that are closed. What `show` is given belongs at the console, too.
    """

    def __init__(
        self,
        found: SiteFile,
        site: Site,
        site_folder: Path,
        folder: Path,
        clock: Clock,
        tell: Callable[[str], None],
        show: Callable[[str], None],
    ) -> None:
        self._clock, self._tell, self._show = clock, tell, show
        self._rule = rule_of(found)
        self._due = NewFolderDuty(self._rule)
        self._said: tuple[str, ...] = ()
        self._closing: list[threading.Thread] = []

        def opened(there: Path) -> LiveBook:
            return LiveBook(found, site, site_folder, there, clock, tell)

        self._open = opened
        folder, self._left = latest_folder(folder)
        self.book = opened(folder)
        rules, keys = rules_of(found.retention), self.book.record.keys_folder
        self.retention = RetentionDuty(rules, site.site_id, folder.parent, clock, tell, keys)

    def begin(self, begin: Begin) -> Pipeline:
        """Begin the watch in its book, or go on with what is in it; `begin` makes each pipeline."""
        self._begin = begin
        pipeline = begin(self.book, () if self._left is None else self._after(self._left))
        begun_utc_ns = pipeline.start_utc_ns if pipeline.begun_utc_ns is None else pipeline.begun_utc_ns
        self._due.begin(self.book.folder, begun_utc_ns)
        return pipeline

    def go_on(
        self, pipeline: Pipeline, now_utc_ns: int, meanwhile: Callable[[], None] = lambda: None
    ) -> Pipeline:
        """Return the pipeline that takes over where a new folder is begun, else the same; `meanwhile` is
        called again and again while that takes its time.
        """
        turn = self._due.look(pipeline, now_utc_ns)
        self._say_waiting()
        if turn is None:
            return pipeline
        before = self.book
        try:
            book = self._open(next_folder(before.folder, now_utc_ns, self._rule.zone))
        except (SkykeepError, OSError) as error:
            self._due.put_off(now_utc_ns)
            self._show(f"No new folder could be begun; tried again in ten minutes: {error}")
            return pipeline
        went_on = WatchWentOn(
            folder=book.folder.name,
            origin=book.log.head().origin,
            by=turn.asked.by,
            because=turn.asked.because,
            time_utc_ns=now_utc_ns,
            still_open=turn.still_open,
        )
        pipeline.receive(went_on)
        before.log.flush()
        name, note = before.folder.name, before.log.note()
        again = handed_over(pipeline, note, name, turn.still_open, now_utc_ns, meanwhile)
        self.book = book
        try:
            taken_over = self._begin(book, again)
            book.log.flush()
        finally:
            closing = threading.Thread(target=self._close, args=(before,), name="closing a book")
            closing.start()
            self._closing.append(closing)
        self._due.begin(book.folder, now_utc_ns)
        self._show(f"The watch goes on in {book.folder.name}.")
        return taken_over

    def close(self) -> None:
        """Close the book of now, once those before it are."""
        for closing in self._closing:
            closing.join()
        self.book.close()

    def _close(self, book: LiveBook) -> None:
        try:
            book.close(watching=True)
        except (SkykeepError, OSError) as error:
            self._tell(f"{book.folder.name} was not closed in good order: {error}")
        self.retention.wake()

    def _say_waiting(self) -> None:
        waits_for = self._due.waits_for
        # What it waits for first is told once; how much else there is comes and goes.
        if waits_for and waits_for[:1] != self._said:
            more = f", and {len(waits_for) - 1} more" if len(waits_for) > 1 else ""
            self._show(f"A new folder is due and waits: {waits_for[0]}{more}.")
        self._said = waits_for[:1]

    def _after(self, left: Path) -> Iterable[Input]:
        """Yield what a log begins with whose watch was broken off before it was handed anything: the log
        before is closed, and only its numbers go on.
        """
        before = self._open(left.parent)
        note = before.log.note()
        with contextlib.closing(before):
            now_utc_ns = self._clock.now_utc_ns()
            yield WatchContinued(
                time_utc_ns=now_utc_ns,
                begun_utc_ns=now_utc_ns,
                note=note.decode(),
                folder=left.parent.name,
                numbers=numbers_in(left),
                still_open=("the watch was broken off between the two",),
            )
            yield WatchTakenOver(time_utc_ns=now_utc_ns)
