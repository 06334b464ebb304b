"""Notices of one watch, composed: what is to be told, the ways of telling, and a thread that tells."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from skykeep.app.notice_text import NoticesText, recipients_of, senders_of
from skykeep.app.notices import NoticeRunner
from skykeep.app.watch_notices import WatchNotices
from skykeep.base.clock import Clock
from skykeep.domain.notification import NoticeSettled
from skykeep.domain.site import Site


class NoticeDuty:
    """`waiting` listens to the pipeline from its first input on; `start` telling once that is live."""

    def __init__(
        self, text: NoticesText, site: Site, folder: Path, clock: Clock, say: Callable[[str], None]
    ) -> None:
        recipients = recipients_of(text, folder)
        self.waiting = WatchNotices(site, recipients, self._settle)
        senders = senders_of(text, recipients, folder, site.name)
        self._runner = NoticeRunner(self.waiting, senders, clock, say)
        self._give: Callable[[NoticeSettled], None] = lambda _: None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def _settle(self, settled: NoticeSettled) -> None:
        self._give(settled)

    def start(self, give: Callable[[NoticeSettled], None]) -> None:
        """Tell from now on; `give` takes what became of each notice to the pipeline."""
        self._give = give
        self._thread = threading.Thread(
            target=self._runner.run, args=(self._stop,), name="watch notices", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Tell no more, and wait until nothing runs: what is left is told after the next start."""
        self._stop.set()
        self._runner.wake()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
