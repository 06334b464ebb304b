"""A signed log, composed: its key, the changes of key in it, and a thread that brings checkpoints out.

What is simulated is signed with the published key of simulations, and brought nowhere.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from skykeep.app.folder import live_origin
from skykeep.app.publishing import CheckpointPublisher, PlaceHealth
from skykeep.app.record_text import RecordText, keep_health, key_ring_of, places_of, witness_keys_of
from skykeep.base.clock import Clock
from skykeep.domain.encoding import decode_json
from skykeep.domain.record import KeyChanged
from skykeep.evidence.entry import Salts
from skykeep.evidence.key_change import KIND
from skykeep.evidence.signed_note import ED25519, SigningKey
from skykeep.evidence.simulation_key import SIMULATION_KEY, SIMULATION_NAME
from skykeep.store.keys_file import add_keys, read_keys
from skykeep.store.log_database import LogDatabase
from skykeep.store.log_reader import LogReader
from skykeep.store.manifest import note_of_files
from skykeep.store.signing_keys import KeyRing, load_key

SIMULATION_RING = KeyRing(key=SIMULATION_KEY, changes=())


def open_simulated_log(
    path: Path,
    origin: str,
    salts: Salts | None = None,
    on_acknowledged: Callable[[int], None] | None = None,
) -> LogDatabase:
    """Open or begin the log of a simulation, signed with the published key."""
    log = LogDatabase.open(
        path, origin=origin, salts=salts, signer=SIMULATION_KEY, on_acknowledged=on_acknowledged
    )
    add_keys(path.parent, SIMULATION_KEY.verifier)
    return log


def signer_of(folder: Path, keys_folder: Path | None = None) -> SigningKey | None:
    """Return who signs for a closed log, by the keys beside it, None where nobody did; SetupError where that
    key is not kept here.
    """
    ring = ring_of(folder, keys_folder)
    return None if ring is None else ring.key


def ring_of(folder: Path, keys_folder: Path | None = None) -> KeyRing | None:
    """Return the same with the changes of that key."""
    names = [key.name for key in read_keys(folder) if key.kind == ED25519]
    if not names:
        return None
    if names[-1] == SIMULATION_NAME:
        return SIMULATION_RING
    return load_key(names[-1], keys_folder)


class RecordDuty:
    """The record of one watch: `open` its log, `begin` once its first entries are written, `end` before the
    log is closed, `seal` after.
    """

    def __init__(
        self,
        text: RecordText | None,
        site_folder: Path,
        site_id: str,
        site_name: str,
        clock: Clock,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._text, self._folder, self._site_id = text or RecordText(), site_folder, site_id
        self._clock = clock
        self._ring = key_ring_of(self._text, site_folder)
        self._places = places_of(self._text, site_folder, site_name)
        self._say = say
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._publisher: CheckpointPublisher | None = None
        self._reader: LogReader | None = None
        self._path = Path()

    @property
    def ring(self) -> KeyRing | None:
        """Whose key signs, and how it came to be; None where nobody's does."""
        return self._ring

    @property
    def keys_folder(self) -> Path | None:
        """Where keys are kept, None for the user's own place."""
        return self._folder / self._text.keys_folder if self._text.keys_folder else None

    @property
    def health(self) -> tuple[PlaceHealth, ...]:
        """How each place fares that checkpoints go to."""
        return () if self._publisher is None else self._publisher.health

    def open(self, path: Path) -> LogDatabase:
        """Open or begin the log; its public keys are put beside it."""
        name = "" if self._ring is None else self._ring.key.name
        origin = live_origin(self._site_id, self._clock.now_utc_ns(), name)
        log = LogDatabase.open(path, origin=origin, signer=None if self._ring is None else self._ring.key)
        self._path = path
        if self._ring is not None:
            add_keys(path.parent, self._ring.key.verifier, *witness_keys_of(self._text))
        return log

    def begin(self, log: LogDatabase, receive: Callable[[KeyChanged], object]) -> None:
        """Have the pipeline take the changes of key that are not in the log yet, and bring checkpoints out
        from now on.
        """
        self._tell_changes(log, receive)
        if not self._places:
            return
        self._reader = LogReader(self._path)
        self._publisher = CheckpointPublisher(
            self._places,
            lambda: self._open_reader().last_note(),
            lambda old, new: tuple(self._open_reader().consistency_proof(old, new)),
            self._path.parent,
            self._clock,
            every_s=self._text.every_min * 60.0,
            say=self._say,
            keep=lambda health: keep_health(self._text, self._folder, health),
        )
        self._thread = threading.Thread(
            target=self._publisher.run, args=(self._stop,), name="checkpoints", daemon=True
        )
        self._thread.start()

    def end(self) -> None:
        """Bring nothing out any more, and let go of the log."""
        self._stop.set()
        if self._publisher is not None:
            self._publisher.wake()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def seal(self) -> None:
        """Bring the last checkpoint, of the closed log, to every place, and the note of the manifest."""
        if self._publisher is None:
            return
        self._reader = LogReader(self._path)
        took = self._publisher.publish_all(*note_of_files(self._path.parent))
        self._reader.close()
        self._say(f"The last checkpoint went to {took} of {len(self._places)} places.")

    def _open_reader(self) -> LogReader:
        assert self._reader is not None
        return self._reader

    def _tell_changes(self, log: LogDatabase, receive: Callable[[KeyChanged], object]) -> None:
        if self._ring is None or not self._ring.changes:
            return
        log.flush()
        there = {decode_json(entry.payload, KeyChanged).note for entry in log.entries(kind=KIND)}
        for statement in self._ring.changes:
            if statement.decode() not in there:
                receive(KeyChanged(note=statement.decode(), time_utc_ns=self._clock.now_utc_ns()))
