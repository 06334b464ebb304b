"""Retention: what the site's rules no longer let be kept of persons is taken out of closed nights.

| datum | stands in |
|---|---|
| `pilot_position`, `pilot_id`, `claimed_id` | what aircraft broadcast, and what was made and said of it |
| `report_text`, `report_place` | what people reported, and from where |
| `permit_holder` | permits that the log began with and those that came, with whom to call |

What was refused is kept as it came and may hold any of it but permits: each of those rules takes it out.

A broadcast belongs to an incident where its identity was set against one of the incident's tracks; a report
where the incident holds it, or it came within `REPORT_NEAR_S` of the incident. A log that is being written is
left alone: a watch that was cut off could not be gone on with without what came in.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from skykeep.app.case_desk import is_night
from skykeep.app.folder import find_log
from skykeep.app.incident_views import span_of, tracks_of
from skykeep.app.record_duty import signer_of
from skykeep.app.replay import Recording
from skykeep.app.taking_out import Wanted, take_out
from skykeep.base.clock import seconds_to_ns
from skykeep.base.errors import IntegrityError
from skykeep.domain.incident import ItemKey, ItemKind
from skykeep.domain.record import LogEntry
from skykeep.domain.retention import BY, DueDatum, PersonalDatum, RetentionReport, RetentionRule
from skykeep.evidence.case_book import CaseBook
from skykeep.evidence.entry import segments_in, shown_payload
from skykeep.evidence.personal import personal_spans
from skykeep.store.case_folder import CASE_LOG, FOLDER, read_case
from skykeep.store.log_reader import LogReader
from skykeep.store.redaction import Taking

REPORT_NEAR_S = 1_800.0

# Sentences that may name an identity or a holder.
_SENTENCES = (("verdict", "failing_condition"), ("threat", "grounds"), ("alert", "grounds|notes"))


def _permits(fields: str) -> tuple[tuple[str, str], ...]:
    """Return where these fields of permits stand: as they came, and those the log began with."""
    return ("airspace_change", rf".*\.({fields})"), ("site", rf"permits\[\d+\]\.(.*\.)?({fields})")


# What was refused is kept as it came, and may hold any of what was to come that way.
_REFUSED = ("source_event", r"data")
_WHERE: dict[PersonalDatum, tuple[tuple[str, str], ...]] = {
    PersonalDatum.PILOT_POSITION: (
        ("claim", r"operator_position_enu_m"),
        *_permits(r"pilot_position"),
        _REFUSED,
    ),
    PersonalDatum.PILOT_ID: (
        ("claim", r"operator_id"),
        ("registry_answer", r"operator_id|says"),
        *_permits(r"pilots|operator_ids"),
        _REFUSED,
    ),
    PersonalDatum.CLAIMED_ID: (
        ("claim", r"claimed_id"),
        ("registry_answer", r"claimed_id"),
        ("identification", r"claimed_id|claims"),
        *_permits(r"serials"),
        *_SENTENCES,
        _REFUSED,
    ),
    PersonalDatum.REPORT_TEXT: (("report", r"text"), _REFUSED),
    PersonalDatum.REPORT_PLACE: (("report", r"position_enu_m"), _REFUSED),
    PersonalDatum.PERMIT_HOLDER: (
        *_permits(r"holder|owner|contact"),
        *_SENTENCES,
    ),
}


class InIncidents:
    """What of one night belongs to incidents of its case."""

    def __init__(self, log: Path, book: CaseBook | None) -> None:
        self._names: set[str] = set()
        self._tracks: frozenset[int] = frozenset()
        self._reports: set[str] = set()
        self._spans: list[tuple[int, int]] = []
        night_id = "" if book is None else _night_in(book, log)
        if book is None or not night_id:
            return
        near_ns = seconds_to_ns(REPORT_NEAR_S)
        for incident in book.incidents.incidents:
            self._tracks |= tracks_of(incident, night_id)
            span = span_of(incident, night_id)
            if span is not None:
                self._spans.append((span[0] - near_ns, span[1] + near_ns))
            keys: Iterable[ItemKey] = (held.item.key for held in incident.items)
            self._reports |= {k.item_id for k in keys if k.kind is ItemKind.REPORT and k.night_id == night_id}
        with _reading(log) as reader:
            for entry in reader.entries(kind="identification"):
                said = _fields(entry)
                if said.get("track_id") in self._tracks:
                    self._names |= {str(said.get("claimed_id", "")), *_claimed(said.get("claims"))}
        self._names.discard("")

    def holds(self, entry: LogEntry) -> bool:
        """Say whether what an entry holds belongs to an incident."""
        said = _fields(entry)
        if entry.kind == "report":
            name = f"{said.get('sensor_id')} {said.get('sequence')}"
            near = any(first <= entry.time_utc_ns <= last for first, last in self._spans)
            return near or name in self._reports
        if entry.kind in ("identification", "verdict", "threat"):
            return said.get("track_id") in self._tracks
        if entry.kind == "alert":
            return not self._tracks.isdisjoint(said.get("track_ids", ()))
        if entry.kind in ("airspace_change", "site"):
            return bool(self._spans)
        if entry.kind == "source_event":
            return False  # what could not be read cannot be set against a track
        return said.get("claimed_id") in self._names


def due(
    night: Path, rules: Iterable[RetentionRule], now_utc_ns: int, book: CaseBook | None = None
) -> RetentionReport:
    """Return what the rules no longer let be kept of a night; `book` is the case whose incidents count, that
    in the night's own folder by default. IntegrityError where log or case cannot be read.
    """
    log = find_log(night)
    if book is None and (log.parent / FOLDER / CASE_LOG).is_file():
        book = read_case(log.parent / FOLDER)
    incidents = InIncidents(log, book)
    found: dict[tuple[int, str], DueDatum] = {}
    later: list[int] = []
    kept = 0
    with _reading(log) as reader:
        for rule in rules:
            keep_ns = seconds_to_ns(rule.keep_h * 3_600.0)
            for kind, pattern in _WHERE[rule.datum]:
                for entry in reader.entries(kind=kind):
                    if entry.time_utc_ns + keep_ns > now_utc_ns:
                        later.append(entry.time_utc_ns + keep_ns)
                        break
                    for path in _there(entry, pattern):
                        if rule.except_incidents and incidents.holds(entry):
                            kept += 1
                        elif (entry.sequence, path) not in found:
                            found[entry.sequence, path] = DueDatum(
                                rule_id=rule.rule_id,
                                datum=rule.datum,
                                sequence=entry.sequence,
                                path=path,
                                time_utc_ns=entry.time_utc_ns,
                            )
    ordered = tuple(found[key] for key in sorted(found))
    next_utc_ns = min(later, default=None)
    return RetentionReport(night=str(log), due=ordered, kept_for_incidents=kept, next_look_utc_ns=next_utc_ns)


def enforce(
    night: Path,
    rules: Iterable[RetentionRule],
    now_utc_ns: int,
    by: str = BY,
    book: CaseBook | None = None,
    keys_folder: Path | None = None,
    *,
    remake: bool = True,
) -> RetentionReport:
    """Take out of a closed night what is due; each act is in its log with rule and reason. Papers sealed with
    it that say the same are made again, or removed (`app.papers`), all of them without `remake`. A log that
    was signed is signed anew, with the key in `keys_folder`, the user's own by default.

    SetupError while the log is being written, or without its key; IntegrityError where it is not as it was
    written.
    """
    known = {rule.rule_id: rule for rule in rules}
    log = find_log(night)
    signer = signer_of(log.parent, keys_folder)
    report = due(night, known.values(), now_utc_ns, book)
    wanted = [
        Wanted(takings=takings, because=rule.reason, rule=rule.rule_id)
        for rule in known.values()
        if (takings := [_taking(due_datum) for due_datum in report.due if due_datum.rule_id == rule.rule_id])
    ]
    done = take_out(log, wanted, by=by, now_utc_ns=now_utc_ns, signer=signer, remake=remake)
    return msgspec.structs.replace(report, remade=done.remade, papers=done.papers)


def _taking(due_datum: DueDatum) -> Taking:
    return Taking(sequence=due_datum.sequence, path=due_datum.path)


def _night_in(book: CaseBook, log: Path) -> str:
    recording = Recording(log)
    return next((n.night_id for n in book.nights.values() if is_night(recording, n.night)), "")


def _there(entry: LogEntry, pattern: str) -> Iterator[str]:
    """Yield the paths of an entry's personal parts that match and have not been taken out yet."""
    segments = segments_in(entry)
    for number, span in enumerate(personal_spans(entry.kind, shown_payload(entry))):
        if re.fullmatch(pattern, span.path) and segments[2 * number + 1].data:
            yield span.path


def _fields(entry: LogEntry) -> dict[str, Any]:
    try:
        said = msgspec.json.decode(shown_payload(entry))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise IntegrityError(
            f"entry {entry.sequence}: {error}, must be JSON as it was written", entry.sequence
        ) from error
    return said if isinstance(said, dict) else {}


def _claimed(claims: Any) -> set[str]:
    return {str(each[0]) for each in claims if each} if isinstance(claims, list) else set()


@contextlib.contextmanager
def _reading(log: Path) -> Iterator[LogReader]:
    reader = LogReader(log)
    try:
        yield reader
    finally:
        reader.close()
