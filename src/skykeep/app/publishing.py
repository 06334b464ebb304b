"""Brings checkpoints out of the house every so often, to every place by itself, and counts what fails.

A place that does not answer keeps no other waiting and is tried again ever more seldom, always with the
newest checkpoint: it contains the older ones. Nothing here can hold up the watch or write to its log.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import msgspec

from skykeep.base.clock import Clock, iso_utc, ns_to_seconds, seconds_to_ns
from skykeep.base.errors import LinkError
from skykeep.evidence.checkpoint import names_files
from skykeep.evidence.timestamp import Timestamp
from skykeep.feeds.checkpoint_places import Place, Prove, head_of
from skykeep.store.manifest import replace_file
from skykeep.store.record_check import COSIGNED, TIMESTAMPED

LOOK_EVERY_S = 0.25
SHORTEST_WAIT_S, LONGEST_WAIT_S = 5.0, 900.0
_LOG = logging.getLogger(__name__)


class PlaceHealth(msgspec.Struct, frozen=True, kw_only=True):
    """How one place fares: what it took last, how often it failed, in all and since then, and why."""

    name: str
    published: int = 0
    entries: int = 0
    last_utc_ns: int | None = None
    failures: int = 0
    failures_since: int = 0
    because: str = ""

    @property
    def says(self) -> str:
        """Say it in a sentence."""
        took = (
            "nothing yet"
            if self.last_utc_ns is None
            else f"{self.entries} entries at {iso_utc(self.last_utc_ns)}"
        )
        failed = f"; failed {self.failures} times" if self.failures else ""
        now = f", the last {self.failures_since} in a row: {self.because}" if self.failures_since else ""
        return f"{self.name}: took {took}{failed}{now}"


class CheckpointPublisher:
    """`newest` gives the newest signed checkpoint, `prove` a consistency proof of the same log. What comes
    back with a cosignature is kept under `cosigned/` in the night's `folder`, a timestamp with the note that
    it is over under `timestamped/`.
    """

    def __init__(
        self,
        places: Iterable[Place],
        newest: Callable[[], bytes],
        prove: Prove,
        folder: Path,
        clock: Clock,
        *,
        every_s: float,
        say: Callable[[str], None] = lambda _: None,
        keep: Callable[[tuple[PlaceHealth, ...]], None] = lambda _: None,
    ) -> None:
        self._places = tuple(places)
        self._newest, self._prove, self._folder, self._clock = newest, prove, folder, clock
        self._every_ns, self._say = seconds_to_ns(every_s), say
        self._keep_health = keep
        self._health = {place.name: PlaceHealth(name=place.name) for place in self._places}
        self._due_ns = {place.name: 0 for place in self._places}
        self._lock = threading.Lock()
        self._woken = threading.Event()

    @property
    def health(self) -> tuple[PlaceHealth, ...]:
        """How each place fares, in the order in which they were given."""
        with self._lock:
            return tuple(self._health.values())

    def run(self, stop: threading.Event) -> None:
        """Publish what is due until `stop` is set; `publish_all` once the log is sealed is the caller's."""
        with ThreadPoolExecutor(max(len(self._places), 1), thread_name_prefix="checkpoints") as pool:
            under_way: dict[str, Future[bool]] = {}
            while not stop.is_set():
                now_ns = self._clock.now_utc_ns()
                for place in self._places:
                    busy = place.name in under_way and not under_way[place.name].done()
                    if not busy and now_ns >= self._due_ns[place.name]:
                        under_way[place.name] = pool.submit(self._publish, place)
                self._woken.wait(LOOK_EVERY_S)
                self._woken.clear()

    def wake(self) -> None:
        """Look at once; from any thread."""
        self._woken.set()

    def publish_all(self, *more: bytes) -> int:
        """Publish to every place once, now, beside one another, and then what is `more` of the same log, such
        as its manifest's note; return how many took it all.
        """
        with ThreadPoolExecutor(max(len(self._places), 1), thread_name_prefix="checkpoints") as pool:
            return sum(pool.map(lambda place: self._publish(place, *more), self._places))

    def _publish(self, place: Place, *more: bytes) -> bool:
        now_ns = self._clock.now_utc_ns()
        because = ""
        entries = 0
        try:
            for note in (self._newest(), *more):
                entries = head_of(note).size
                self._keep(place, entries, note, place.publish(note, self._prove, now_ns))
        except LinkError as error:
            because = str(error)
        except Exception as error:
            # A fault of our own: the other places must still be told, and it is tried again like any failure.
            _LOG.exception("publishing to %s", place.name)
            because = f"a fault of ours, {type(error).__name__}: {error}"
        self._note(place.name, entries, because, now_ns)
        return not because

    def _keep(self, place: Place, entries: int, note: bytes, back: bytes | Timestamp) -> None:
        if isinstance(back, Timestamp):
            kept = self._folder / TIMESTAMPED
            kept.mkdir(exist_ok=True)
            # Never over an older one: the older shows more.
            path = kept / f"{entries:012d}-{hashlib.sha256(back.answer).hexdigest()[:12]}"
            replace_file(path.with_suffix(".note"), note)
            replace_file(path.with_suffix(".tsr"), back.answer)
            if back.certificates:
                replace_file(path.with_suffix(".pem"), back.certificates)
        elif back != note:
            kept = self._folder / COSIGNED
            kept.mkdir(exist_ok=True)
            number = 1 + next(k for k, each in enumerate(self._places) if each is place)
            of_files = "-files" if names_files(note) else ""
            path = kept / f"{entries:012d}-{number}{of_files}.note"
            if path.exists():
                # Never over an older one: that shows more, and the seal may name it.
                path = kept / f"{entries:012d}-{hashlib.sha256(back).hexdigest()[:12]}{of_files}.note"
            replace_file(path, back)

    def _note(self, name: str, entries: int, because: str, now_ns: int) -> None:
        with self._lock:
            was = self._health[name]
            if because:
                now = msgspec.structs.replace(
                    was, failures=was.failures + 1, failures_since=was.failures_since + 1, because=because
                )
                wait_s = min(SHORTEST_WAIT_S * 2.0 ** min(was.failures_since, 20), LONGEST_WAIT_S)
                wait_s = min(wait_s, max(ns_to_seconds(self._every_ns), SHORTEST_WAIT_S))
                self._due_ns[name] = now_ns + seconds_to_ns(wait_s)
            else:
                now = PlaceHealth(
                    name=name,
                    published=was.published + 1,
                    entries=entries,
                    last_utc_ns=now_ns,
                    failures=was.failures,
                )
                self._due_ns[name] = now_ns + self._every_ns
            self._health[name] = now
            with contextlib.suppress(OSError):
                self._keep_health(tuple(self._health.values()))
        if because and not was.failures_since:
            self._say(f"checkpoint not published to {name}: {because}")
        elif was.failures_since and not because:
            self._say(f"checkpoints are published again to {name}")
