"""The books of a live watch: its signed log, the case beside it, and what is forgotten by rule."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from skykeep.app.dossier import keep_case
from skykeep.app.folder import LOG
from skykeep.app.night_case import NightCase
from skykeep.app.record_duty import RecordDuty
from skykeep.app.retention import RetentionDuty
from skykeep.app.retention_text import rules_of
from skykeep.app.site_text import SiteFile
from skykeep.base.clock import Clock
from skykeep.domain.site import Site


class LiveBooks:
    """Open from the beginning; `close` them in good order, or `abandon` them where the watch cannot begin."""

    def __init__(
        self,
        found: SiteFile,
        site: Site,
        site_folder: Path,
        folder: Path,
        clock: Clock,
        tell: Callable[[str], None],
    ) -> None:
        self._path, self._tell = folder / LOG, tell
        record = self.record = RecordDuty(found.record, site_folder, site.site_id, site.name, clock, tell)
        rules = rules_of(found.retention)
        self.retention = RetentionDuty(rules, site.site_id, folder, clock, tell, record.keys_folder)
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

    def close(self) -> None:
        """Seal the log, take down in the case how it ended, bring the last checkpoint out of the house, and
        leave what the dossier is printed from.
        """
        try:
            self.record.end()
            self.log.close()
            self.case.attach_log(self._path)
            self.record.seal()
            keep_case(self._path, self.record.key, self._tell)
        finally:
            self.case.folder.close()
