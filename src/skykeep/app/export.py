"""A night, a table of tracks or a COURAGEOUS document, written for other programs.

Of a log every judgement is made again, exactly as it was made then; where a part is redacted that would say
again what the log forgot, if it could be done, and the log's own word is taken (`log_told`). A table was
never judged: its tracks have no standing. Its heights above ground are not known, and its sea is taken to lie
on the ellipsoid.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import msgspec
import numpy as np

import skykeep
from skykeep.app.archive_replay import ArchiveReplay
from skykeep.app.replay import NoRecorder, Recording
from skykeep.app.rules_told import RulesTold
from skykeep.app.track_reports import track_reports
from skykeep.app.watchers import Quiet, Steps
from skykeep.base.errors import InputError, SetupError
from skykeep.domain.airspace import AirspaceChange
from skykeep.domain.response import Alert, AlertState
from skykeep.domain.site import Site
from skykeep.domain.track import TrackReport
from skykeep.engine.inputs import Input, time_of
from skykeep.engine.outputs import Judgement, Rejection
from skykeep.response import ResponseEvent
from skykeep.store.manifest import replace_file
from skykeep.store.mcap_recording import McapRecording
from skykeep.store.table_file import write_table
from skykeep.wire import courageous_out, czml_out, geojson_out, kml_out
from skykeep.wire.outgoing import Alarmed, Outgoing, by_track
from skykeep.wire.table_out import csv_lines

FORMATS = ("courageous", "geojson", "kml", "czml", "csv", "parquet", "mcap")

AS_TOLD = (
    "A part of the log is redacted, so nothing was made again: this is what the log says, places to the "
    "millimetre, and of the classes only the likeliest, to ten per cent."
)
_PARTS = 1_000

Progress = Callable[[int, int], None]


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What was written. `left_out` counts reports that the format cannot hold, by what forbids it.
    `as_told` where nothing was made again, because a part of the log is redacted.
    """

    tracks: int
    reports: int
    bytes: int
    left_out: dict[str, int]
    as_told: bool

    @property
    def notes(self) -> tuple[str, ...]:
        """What whoever asked for it must know of it, in sentences."""
        left_out = (
            f"{number:>9,}  left out: {field} cannot be told in this format"
            for field, number in sorted(self.left_out.items())
        )
        return (*((AS_TOLD,) if self.as_told else ()), *left_out)


class Excerpt(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a night: some tracks of it, from one moment to another, under a name of its own."""

    name: str
    track_ids: frozenset[int]
    from_utc_ns: int
    to_utc_ns: int

    def of(self, outgoing: Outgoing) -> Outgoing:
        """Return what this leaves of a night."""
        inside = (
            tuple(r for r in track if self.from_utc_ns <= r.time_utc_ns <= self.to_utc_ns)
            for track in outgoing.tracks
            if track[0].track_id in self.track_ids
        )
        return msgspec.structs.replace(
            outgoing,
            name=self.name,
            tracks=tuple(track for track in inside if track),
            alarmed=tuple(each for each in outgoing.alarmed if each.track_id in self.track_ids),
        )


def export(
    source: Path,
    kind: str,
    out: Path,
    progress: Progress = lambda _done, _of: None,
    excerpt: Excerpt | None = None,
) -> Exported:
    """Write `source`, or an excerpt of it, to `out` in one of `FORMATS`; `progress` is told how much is done,
    of how much. InputError where the format knows no excerpts.
    """
    if excerpt is not None and kind == "mcap":
        raise InputError("format", "mcap", "another: it is written as the night goes by, whole")
    with ExitStack() as stack:
        if source.is_file() and source.suffix.lower() == ".parquet":
            outgoing = _from_table(source, kind, out, stack, progress)
        else:
            outgoing = _from_log(source, kind, out, stack, progress)
    if excerpt is not None:
        outgoing = excerpt.of(outgoing)
    left_out: Counter[str] = Counter()
    _write(outgoing, kind, out, left_out)
    return Exported(
        tracks=len(outgoing.tracks),
        reports=sum(len(track) for track in outgoing.tracks),
        bytes=out.stat().st_size,
        left_out=dict(left_out),
        as_told=outgoing.as_told,
    )


def _write(outgoing: Outgoing, kind: str, out: Path, left_out: Counter[str]) -> None:
    if kind == "mcap":
        return  # written as the night went by
    if kind == "parquet":
        write_table(out, outgoing)
        return
    if kind == "csv":
        replace_file(out, "".join(csv_lines(outgoing)).encode())
        return
    if kind == "courageous":
        replace_file(out, courageous_out.encode(outgoing, left_out))
        return
    encode = {"geojson": geojson_out.encode, "kml": kml_out.encode, "czml": czml_out.encode}
    replace_file(out, encode[kind](outgoing))


def _from_log(source: Path, kind: str, out: Path, stack: ExitStack, progress: Progress) -> Outgoing:
    recording = Recording(source)
    header, site = recording.header, recording.site_as_told
    outgoing = Outgoing(
        name=header.scenario or site.name,
        site=site,
        tracks=(),
        simulated=header.simulated,
        version=skykeep.__version__,
    )
    mcap = None
    if kind == "mcap":
        mcap = stack.enter_context(McapRecording(out, outgoing, recording.start_utc_ns))
    gathering = _Gathering(site, mcap)
    steps = Steps(
        recording.start_utc_ns, recording.end_utc_ns, lambda share: progress(round(share * _PARTS), _PARTS)
    )
    if recording.is_redacted:
        recording.tell((gathering, steps))
    else:
        pipeline = recording.pipeline(NoRecorder(), (gathering, steps))
        for record in recording.inputs():
            pipeline.receive(record)
    return msgspec.structs.replace(
        outgoing,
        as_told=recording.is_redacted,
        site=gathering.rules.site(),
        tracks=by_track(gathering.reports),
        alarmed=gathering.alarmed(),
    )


def _from_table(source: Path, kind: str, out: Path, stack: ExitStack, progress: Progress) -> Outgoing:
    replay = ArchiveReplay(source)
    outgoing = Outgoing(
        name=replay.header.name,
        site=replay.site,
        tracks=(),
        simulated=replay.header.simulated,
        version=skykeep.__version__,
    )
    mcap = None
    if kind == "mcap":
        mcap = stack.enter_context(McapRecording(out, outgoing, replay.start_utc_ns))
    gathering = _Gathering(replay.site, mcap)
    length_ns = max(replay.end_utc_ns - replay.start_utc_ns, 1)
    for judgement in replay.judgements():
        unknown = np.full(len(judgement.picture), np.nan)
        gathering.on_judgement(msgspec.structs.replace(judgement, height_agl_m=unknown))
        progress(min(judgement.picture.time_utc_ns - replay.start_utc_ns, length_ns), length_ns)
    if not gathering.reports:
        raise SetupError(f"{source}: holds no tracks")
    return msgspec.structs.replace(outgoing, tracks=by_track(gathering.reports))


class _Gathering(Quiet):
    """Listens to a night: keeps every report, and when alerts stood on which tracks."""

    def __init__(self, site: Site, mcap: McapRecording | None) -> None:
        self.reports: list[TrackReport] = []
        self.rules = RulesTold(site)
        self._site = site
        self._mcap = mcap
        self._open: dict[tuple[str, int], int] = {}
        self._stood: list[Alarmed] = []

    def on_input(self, record: Input) -> None:
        if isinstance(record, AirspaceChange):
            self.rules.take(record)
        if self._mcap is not None:
            self._mcap.input(record, time_of(record))

    def on_judgement(self, judgement: Judgement) -> None:
        reports = track_reports(judgement, self._site)
        self.reports += reports
        if self._mcap is not None:
            self._mcap.judgement(judgement, reports)

    def on_response(self, event: ResponseEvent, time_utc_ns: int) -> None:
        if not isinstance(event, Alert):
            return
        if self._mcap is not None:
            self._mcap.alert(event, time_utc_ns)
        cleared = event.state is AlertState.CLEARED
        for track_id in event.track_ids:
            if not cleared:
                self._open.setdefault((event.alert_id, track_id), time_utc_ns)
        for alert_id, track_id in [key for key in self._open if key[0] == event.alert_id]:
            if cleared or track_id not in event.track_ids:
                self._close(alert_id, track_id, time_utc_ns)

    def on_rejection(self, rejection: Rejection, time_utc_ns: int) -> None:
        if self._mcap is not None:
            self._mcap.rejection(rejection, time_utc_ns)

    def alarmed(self) -> tuple[Alarmed, ...]:
        """Return when alerts stood, those that still do without an end."""
        still = (Alarmed(track_id=key[1], from_utc_ns=since) for key, since in self._open.items())
        return (*self._stood, *still)

    def _close(self, alert_id: str, track_id: int, time_utc_ns: int) -> None:
        since = self._open.pop((alert_id, track_id))
        self._stood.append(Alarmed(track_id=track_id, from_utc_ns=since, to_utc_ns=time_utc_ns))
