"""A night's case: the folder where its incidents are, and the listener that opens them, made together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from skykeep.app.case_opening import name_case, open_case
from skykeep.app.incident_watch import IncidentWatch
from skykeep.domain.incident import IncidentRule
from skykeep.engine.pipeline import Pipeline
from skykeep.evidence.entry import Salts
from skykeep.store.case_folder import FOLDER
from skykeep.store.log_database import UNNAMED
from skykeep.store.log_reader import LogReader
from skykeep.store.signing_keys import KeyRing


class NightCase:
    """The case in a night's folder, or in `case_folder`, open for writing; `listener` belongs to the night's
    pipeline: see `follow`.
    """

    def __init__(
        self,
        night_folder: Path,
        rule: IncidentRule | None = None,
        say: Callable[[str], None] = lambda _: None,
        case_folder: Path | None = None,
        *,
        origin: str = UNNAMED,
        salts: Salts | None = None,
        ring: KeyRing | None = None,
        keys_folder: Path | None = None,
    ) -> None:
        folder = case_folder or night_folder / FOLDER
        self.folder = open_case(folder, keys_folder, origin=origin, salts=salts, ring=ring)
        if case_folder is None:
            name_case(night_folder, self.folder, None if ring is None else ring.key)
        self.listener = IncidentWatch(self.folder, rule, say)

    def follow(self, pipeline: Pipeline) -> None:
        """Have the listener follow a night from its beginning."""
        self.listener.attach(pipeline)
        pipeline.listeners = (*pipeline.listeners, self.listener)

    def attach_log(self, log: Path) -> None:
        """Take down how the night's log ended, which has to be closed."""
        reader = LogReader(log)
        try:
            note, entries = reader.last_note().decode(), reader.last_checkpoint().entries
        finally:
            reader.close()
        self.listener.over(note, entries)

    def __enter__(self) -> NightCase:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.folder.close()
