"""Replay: the inputs of a log through the pipeline again, in order. It cannot tell that it is a replay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from skykeep import __version__
from skykeep.app.folder import demo_world, find_log
from skykeep.app.ground_text import kept_ground
from skykeep.app.log_told import tell
from skykeep.app.night import terrain_sha256
from skykeep.app.pace import Pace
from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import IntegrityError, SetupError
from skykeep.domain.encoding import decode_json
from skykeep.domain.record import EntryRole, LogEntry, Redaction
from skykeep.domain.site import Site
from skykeep.engine.inputs import Input, decode_input, time_of
from skykeep.engine.outputs import RunHeader
from skykeep.engine.pipeline import Listener, Pipeline
from skykeep.engine.ports import Recorder
from skykeep.evidence.entry import is_redacted
from skykeep.evidence.log_walk import REDACTED_KIND
from skykeep.evidence.redacted_entry import readable_payload
from skykeep.geo.terrain import Terrain
from skykeep.sim.world import World
from skykeep.store.log_reader import LogReader
from skykeep.store.recorders import ComparingRecorder, ComparisonReport


class Recording:
    """A log opened for replay: what ran, where, and the inputs that came."""

    def __init__(self, path: Path) -> None:
        self.log = find_log(path)
        self._reader = LogReader(self.log)
        head = list(self._reader.entries(1, 2))
        if [entry.kind for entry in head] != ["run", "site"]:
            raise IntegrityError(f"{self.log}: does not begin with what ran and where", 1)
        said_of_site = readable_payload(head[1])
        if said_of_site is None:
            why = self._who_redacted(head[1].sequence)
            raise RedactedError(2, why, "without its site nothing can be told.")
        try:
            self.header = decode_json(head[0].payload, RunHeader)
            self.site_as_told = decode_json(said_of_site, Site)
        except (msgspec.DecodeError, ValueError) as error:
            raise IntegrityError(f"{self.log}: its beginning cannot be read: {error}", 1) from error
        self._site_entry = head[1]
        self.start_utc_ns = head[0].time_utc_ns
        last = self._reader.last_entry()
        self.end_utc_ns = head[1].time_utc_ns if last is None else last.time_utc_ns

    @property
    def site(self) -> Site:
        """The site as the watch began with it; RedactedError when a part of it was taken out. `site_as_told`
        has it with something in place of each such part.
        """
        self.check_whole(self._site_entry)
        return self.site_as_told

    @property
    def site_is_whole(self) -> bool:
        """Whether nothing was taken out of what the log says of the site."""
        return not is_redacted(self._site_entry)

    def inputs(self) -> Iterator[Input]:
        """Yield what came in, in the order it came."""
        for entry in self._reader.entries(3, role=EntryRole.INPUT):
            yield self.input_of(entry)

    def input_of(self, entry: LogEntry) -> Input:
        """Return the input that an entry holds; RedactedError when a part of it was taken out."""
        self.check_whole(entry)
        return decode_input(entry.kind, entry.payload)

    @property
    def is_redacted(self) -> bool:
        """Whether anything was taken out: then a night made again says what its log no longer does, or cannot
        be made again at all.
        """
        return next(iter(self._reader.entries(kind=REDACTED_KIND)), None) is not None

    def check_whole(self, entry: LogEntry) -> None:
        """Raise RedactedError when a part of an entry was taken out."""
        if is_redacted(entry):
            raise RedactedError(entry.sequence, self._who_redacted(entry.sequence))

    def _who_redacted(self, sequence: int) -> str:
        for entry in self._reader.entries(sequence, kind=REDACTED_KIND):
            redaction = decode_json(entry.payload, Redaction)
            if redaction.sequence == sequence:
                return f"redacted by {redaction.by}: {redaction.because.removesuffix('.')}"
        return "redacted, and nothing says by whom"

    def entries(self) -> Iterator[LogEntry]:
        """Yield every entry."""
        return self._reader.entries()

    def terrain(self, world: World | None = None) -> Terrain | None:
        """Return the ground this log was made over, rebuilt; SetupError when it cannot be."""
        if not self.header.terrain_sha256:
            return None
        terrain = kept_ground(self.log.parent) or (world or demo_world()).terrain
        if terrain_sha256(terrain) != self.header.terrain_sha256:
            raise SetupError(
                f"{self.log}: made over other ground, by Skykeep {self.header.version}; this is {__version__}"
            )
        return terrain

    def pipeline(
        self, recorder: Recorder, listeners: tuple[Listener, ...] = (), world: World | None = None
    ) -> Pipeline:
        """Return a pipeline as it stood when the log began; it has nowhere to send an effect."""
        return Pipeline(
            self.header,
            self.site,
            self.terrain(world),
            recorder,
            None,
            listeners,
            start_utc_ns=self.start_utc_ns,
        )

    def tell(self, listeners: tuple[Listener, ...], world: World | None = None) -> None:
        """Tell listeners what the log says, nothing made again: see `log_told`."""
        tell(self.entries(), self.site_as_told, self.terrain(world), listeners)

    def resumed(
        self, recorder: Recorder, listeners: tuple[Listener, ...] = (), world: World | None = None
    ) -> Pipeline:
        """Return a pipeline with all that the log holds behind it: after a restart, people's orders too."""
        pipeline = self.pipeline(recorder, listeners, world)
        for record in self.inputs():
            pipeline.receive(record)
        return pipeline


class RedactedError(IntegrityError):
    """An entry cannot be read again: a part of it was taken out of the log."""

    def __init__(self, sequence: int, why: str, so: str = "from there on nothing can be made again.") -> None:
        super().__init__(f"entry {sequence} was {why}; {so}", sequence)


class NoRecorder:
    """Writes nothing: for a replay that is only looked at."""

    def __init__(self) -> None:
        self._sequence = 0

    def append(self, time_utc_ns: int, role: EntryRole, kind: str, payload: bytes) -> int:
        del time_utc_ns, role, kind, payload
        self._sequence += 1
        return self._sequence


def verify_replay(
    path: Path, world: World | None = None, listeners: tuple[Listener, ...] = ()
) -> ComparisonReport:
    """Make every decision of a log again, up to the first input of which a part was redacted; IntegrityError
    names the first entry that comes out otherwise.
    """
    recording = Recording(path)
    recorder = ComparingRecorder(recording.entries())
    try:
        pipeline = recording.pipeline(recorder, listeners, world)
        for record in recording.inputs():
            pipeline.receive(record)
    except RedactedError as error:
        return recorder.stopped(str(error))
    return recorder.finish()


def play(recording: Recording, pipeline: Pipeline, pace: Pace, stopped: Callable[[], bool]) -> None:
    """Feed a recording to a pipeline in step with `pace`, until it ends or `stopped` says so."""
    now_utc_ns = recording.start_utc_ns
    for record in recording.inputs():
        due_utc_ns = time_of(record)
        while now_utc_ns < due_utc_ns:
            step_ns = min(due_utc_ns - now_utc_ns, NS_PER_S // 10)
            while not pace.wait(step_ns):
                if stopped():
                    return
            now_utc_ns += step_ns
        if stopped():
            return
        pipeline.receive(record)
