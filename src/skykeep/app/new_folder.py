"""When a live watch begins a new folder: at an hour of the site's, or when somebody asks; once it is quiet.

Quiet is when nothing would be cut in two: no open alert, no proposal that waits, no task with a running
deadline, no track left that an alert was about, which would be raised anew, and none that is about to raise
one, which would come later. Until then it waits and says for what; `within_s` after it was due it waits no
longer.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Protocol

import msgspec

from skykeep.app.clock_text import zone_of
from skykeep.app.site_text import SiteFile
from skykeep.base.clock import NS_PER_S, seconds_to_ns
from skykeep.base.errors import InputError, SetupError
from skykeep.domain.encoding import decode_json, encode_json
from skykeep.domain.response import Alert, AlertState, Proposal, ProposalState, Task, TaskState
from skykeep.engine.outputs import Judgement
from skykeep.engine.pipeline import Pipeline
from skykeep.store.log_database import is_being_written
from skykeep.store.manifest import replace_file

AT_BY_DEFAULT = "04:00"
NEVER = "never"
ASKED = "new-folder.ask"
LONGEST_TEXT = 300
AGAIN_NS = seconds_to_ns(600.0)
# The day on which clocks go back.
LONGEST_DAY_H = 25.0
RETENTION_EVERY_H = 1.0


class NewFolderRule(msgspec.Struct, frozen=True, kw_only=True):
    """At which minute after local midnight, None for never, and how long it may wait for quiet."""

    at_min: int | None
    within_s: float
    zone: dt.tzinfo = dt.UTC

    def next_due_utc_ns(self, after_utc_ns: int) -> int | None:
        """Return the first moment after another at which a new folder is due."""
        if self.at_min is None:
            return None
        local = dt.datetime.fromtimestamp(after_utc_ns // NS_PER_S, self.zone)
        clock = dt.time(self.at_min // 60, self.at_min % 60)
        for days in range(3):
            day = local.date() + dt.timedelta(days=days)
            due_utc_ns = int(dt.datetime.combine(day, clock, self.zone).timestamp()) * NS_PER_S
            if due_utc_ns > after_utc_ns:
                return due_utc_ns
        raise ValueError(f"no {clock} within two days")

    def longest_h(self, keep_h: float) -> float | None:
        """Return after how many hours at the latest a running watch has forgotten what a rule of retention
        lets be kept for `keep_h`; None where it never begins a new folder by itself.
        """
        if self.at_min is None:
            return None
        return max(keep_h, LONGEST_DAY_H + self.within_s / 3_600.0) + RETENTION_EVERY_H


def rule_of(found: SiteFile) -> NewFolderRule:
    """Return the rule of a site: where its file says nothing, daily if it has rules of retention, which only
    a closed log can keep, and else never.
    """
    text = found.record
    at = "" if text is None else text.new_folder_at
    at = at or (AT_BY_DEFAULT if found.retention else NEVER)
    hour, _, minute = at.partition(":")
    return NewFolderRule(
        at_min=None if at == NEVER else int(hour) * 60 + int(minute),
        within_s=60.0 * (240.0 if text is None else text.new_folder_within_min),
        zone=zone_of(found.site.time_zone, found.site.utc_offset_h) or dt.UTC,
    )


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who asks for a new folder, "" for the clock, and why."""

    by: str
    because: str


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """A new folder is to be begun now; `still_open` says what could not be waited for."""

    asked: Asked
    still_open: tuple[str, ...]


class Desk(Protocol):
    """What people are asked at the moment."""

    @property
    def alerts(self) -> tuple[Alert, ...]: ...

    @property
    def tasks(self) -> tuple[Task, ...]: ...

    @property
    def proposals(self) -> tuple[Proposal, ...]: ...


def why_not_quiet(desk: Desk, judgement: Judgement | None, threat_from: float) -> tuple[str, ...]:
    """Return what stands open, in sentences; nothing where a watch may be cut in two. From the priority
    `threat_from` on a track may be about to raise an alert.
    """
    over = [alert for alert in desk.alerts if alert.state is AlertState.CLEARED]
    about = {track: alert.alert_id for alert in over for track in alert.track_ids}
    there = () if judgement is None else judgement.picture.track_id.tolist()
    threats = () if judgement is None else judgement.threats
    return (
        *(f"{one.alert_id} is open" for one in desk.alerts if one.state is not AlertState.CLEARED),
        *(
            f"{one.proposal_id} waits for a decision"
            for one in desk.proposals
            if one.state is ProposalState.PROPOSED
        ),
        *(
            f"{one.task_id} is to be done yet"
            for one in desk.tasks
            if one.state in (TaskState.OPEN, TaskState.TAKEN)
        ),
        *(f"track {one}, of {about[one]}, is still there" for one in there if one in about),
        *(f"track {one.track_id} looks like a threat" for one in threats if one.priority >= threat_from),
    )


def ask(folder: Path, by: str, because: str) -> None:
    """Ask the watch that writes in `folder` for a new one. InputError where who or why is missing or too
    long, SetupError where no watch runs there.
    """
    for field, said in (("by", by), ("because", because)):
        if not said.strip() or len(said) > LONGEST_TEXT:
            raise InputError(field, repr(said[:40]), f"1 to {LONGEST_TEXT} characters: it stands in the log")
    if not folder.is_dir() or not is_being_written(folder):
        raise SetupError(f"{folder}: no watch is writing there")
    replace_file(folder / ASKED, encode_json(Asked(by=by, because=because)))


class NewFolderDuty:
    """Says when it is time: `look` once a second, with the clock's time; `begin` each time a folder is."""

    def __init__(self, rule: NewFolderRule) -> None:
        self._rule = rule
        self._folder = Path()
        self._due_utc_ns: int | None = None
        self._asked: Asked | None = None
        self._latest_utc_ns = self._not_before_utc_ns = 0
        self.waits_for: tuple[str, ...] = ()

    def begin(self, folder: Path, begun_utc_ns: int) -> None:
        """Take note that the watch goes on in `folder`, which was begun then."""
        self._folder, self._asked, self.waits_for = folder, None, ()
        self._due_utc_ns = self._rule.next_due_utc_ns(begun_utc_ns)
        (folder / ASKED).unlink(missing_ok=True)

    def put_off(self, now_utc_ns: int) -> None:
        """Try again in ten minutes: a new folder could not be begun."""
        self._not_before_utc_ns = now_utc_ns + AGAIN_NS

    def look(self, pipeline: Pipeline, now_utc_ns: int) -> Turn | None:
        """Return what is to be done now; `waits_for` says what stands in the way of what is due."""
        if self._asked is None:
            self._ask(now_utc_ns)
        if self._asked is None or now_utc_ns < self._not_before_utc_ns:
            return None
        # By the same factor alerts are raised sooner where people are most watchful.
        threat_from = pipeline.rules.response.raise_priority * pipeline.duty.situation.level.alert_factor
        self.waits_for = why_not_quiet(pipeline.desk, pipeline.judgement, threat_from)
        if self.waits_for and now_utc_ns < self._latest_utc_ns:
            return None
        return Turn(asked=self._asked, still_open=self.waits_for)

    def _ask(self, now_utc_ns: int) -> None:
        path, since_utc_ns = self._folder / ASKED, now_utc_ns
        if path.exists():
            try:
                self._asked = decode_json(path.read_bytes(), Asked)
            except (OSError, msgspec.MsgspecError):
                self._asked = None  # nobody of ours wrote it
            path.unlink(missing_ok=True)
        elif self._due_utc_ns is not None and now_utc_ns >= self._due_utc_ns:
            since_utc_ns = self._due_utc_ns
            self._asked = Asked(by="", because="A new folder is begun every day at this hour.")
        self._latest_utc_ns = since_utc_ns + seconds_to_ns(self._rule.within_s)
