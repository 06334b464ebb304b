"""A walk along a log's entries: is each as its digest says, are all there, and do they make the tree?

| what is set against what | what it catches | how exactly it is placed |
|---|---|---|
| sequences against counting | entries dropped, put in, moved | the entry |
| each entry against its digest | entries altered, or renumbered | the entry |
| the digests against the hashes kept of the tree | an entry replaced together with its digest | within 16 |
| the tree against checkpoints | the tree made anew | between two checkpoints |
| what was taken out against the redactions on record | alteration dressed up as redaction | the entry |

Nothing is taken on trust, not even types: entries may come from a damaged file. After a fault the walk goes
on from what is stored, so that one changed entry counts once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import msgspec

from skykeep.base.errors import IntegrityError
from skykeep.domain.encoding import decode_json
from skykeep.domain.record import EntryRole, LogEntry, Redaction
from skykeep.evidence.checkpoint import Checkpoint, time_text
from skykeep.evidence.entry import FIRST_SEQUENCE, digest_of, gone_segments, is_redacted
from skykeep.evidence.merkle import WIDTH, Frontier
from skykeep.evidence.part_changed import part_changed
from skykeep.evidence.personal import NEVER_REDACTED

REDACTED_KIND = "redacted"
StoredNode = Callable[[int, int], object]
"""Return the hash kept of the subtree `number` of a level, None when there is none."""

_ROLES = frozenset(role.value for role in EntryRole)
_TYPES: dict[str, tuple[type, str]] = {
    "time_utc_ns": (int, "a whole number"),
    "role": (str, "text"),
    "kind": (str, "text"),
    "digest": (bytes, "bytes"),
    "segments": (bytes, "bytes"),
    "payload": (bytes, "bytes"),
}


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One entry that is not as it must be: which, in what, and a sentence that says so."""

    sequence: int
    field: str
    sentence: str


class WalkReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a walk found. `root` is that of the tree over the entries found, `faults` counts all faults and
    `first_bad` is the one of least sequence; `missing_end` says which entries a checkpoint counted that are
    not there any more.

    `clock_went_back` names the entries whose time is before that of the entry before, with by how much, in
    nanoseconds: no writer of ours writes one, but no digest forbids it, so it is no fault of the entry, and
    `log_check` makes a finding of it. `redactions` are those on record, `still_there` the entries of which
    something is on record as taken out and is there all the same.
    """

    entries: int
    first_bad: Fault | None
    last_sequence: int
    root: bytes
    faults: int = 0
    missing_end: Fault | None = None
    clock_went_back: tuple[tuple[int, int], ...] = ()
    redactions: tuple[Redaction, ...] = ()
    still_there: tuple[int, ...] = ()


def walk_log(
    entries: Iterable[LogEntry],
    *,
    first_sequence: int = FIRST_SEQUENCE,
    frontier: Frontier | None = None,
    stored_node: StoredNode | None = None,
    checkpoints: Iterable[Checkpoint] = (),
    outside: Iterable[Checkpoint] = (),
) -> WalkReport:
    """Walk entries in the order given, from `first_sequence` on, with the tree's `frontier` before it.
    `checkpoints` are the log's own, `outside` those that were kept elsewhere.
    """
    walk = _Walk(first_sequence, frontier or Frontier(), stored_node, checkpoints, outside)
    for entry in entries:
        walk.take(entry)
    return walk.report()


class _Walk:
    def __init__(
        self,
        first_sequence: int,
        frontier: Frontier,
        stored_node: StoredNode | None,
        checkpoints: Iterable[Checkpoint],
        outside: Iterable[Checkpoint],
    ) -> None:
        self._expected = first_sequence
        self._count = 0
        # The tree over what the digests must be, and over what is stored, once that differs.
        self._made = frontier
        self._kept: Frontier | None = None
        self._unbroken = True
        self._stored_node = stored_node
        self._checkpoints: dict[int, list[Checkpoint]] = {}
        self._elsewhere = tuple(outside)
        for checkpoint in (*checkpoints, *self._elsewhere):
            self._checkpoints.setdefault(checkpoint.entries, []).append(checkpoint)
        # What its owner can make anew shows nothing of where others do not fit.
        self._fitted = {True: 0, False: 0}
        self._unsettled: list[tuple[LogEntry, int | None]] = []
        self._kinds: set[str] = set()
        self._faults = 0
        self._first_bad: Fault | None = None
        self._last_bad = 0
        self._went_back: list[tuple[int, int]] = []
        self._last_time_utc_ns: int | None = None
        self._redactions: list[Redaction] = []
        self._gone: dict[int, tuple[str, frozenset[int]]] = {}
        self._look_at_checkpoints()

    def take(self, entry: LogEntry) -> None:
        self._count += 1
        if type(entry.sequence) is not int:
            says = f"entry {self._expected}: its sequence is not a whole number."
            self._fault(self._expected, "sequence", says)
            self._unbroken = False
        elif self._in_its_place(entry):
            self._look_into(entry)
        if type(entry.time_utc_ns) is int:
            if self._last_time_utc_ns is not None and entry.time_utc_ns < self._last_time_utc_ns:
                self._went_back.append((entry.sequence, self._last_time_utc_ns - entry.time_utc_ns))
            self._last_time_utc_ns = entry.time_utc_ns

    def _in_its_place(self, entry: LogEntry) -> bool:
        if entry.sequence < self._expected:
            self._entry_fault(entry, "sequence", f"it stands where entry {self._expected} must be")
            self._unbroken = False
            return False
        if entry.sequence > self._expected:
            says = f"{_missing(self._expected, entry.sequence - 1)}: the next one found is {entry.sequence}."
            self._fault(self._expected, "sequence", says)
            self._unbroken = False
        self._expected = entry.sequence + 1
        return True

    def _look_into(self, entry: LogEntry) -> None:
        must = None
        if (wrong := _type_fault(entry)) is not None:
            self._entry_fault(entry, *wrong)
        else:
            self._kinds.add(entry.kind)
            must = self._digest_of(entry)
            if must is not None and must != entry.digest:
                self._unsettled.append((entry, self._last_time_utc_ns))
            self._look_at_redaction(entry)
        if self._unbroken and isinstance(entry.digest, bytes):
            self._grow(entry.digest if must is None else must, entry.digest)
        else:
            self._unbroken = False
            self._settle("content")

    def _digest_of(self, entry: LogEntry) -> bytes | None:
        try:
            return digest_of(entry)
        except ValueError:
            self._entry_fault(
                entry, "payload", "its payload, or how it is cut, was changed after it was written"
            )
            return None

    def _grow(self, made: bytes, kept: bytes) -> None:
        if made != kept and self._kept is None:
            self._kept = self._made.copy()
        nodes = self._made.append(made)
        kept_nodes = nodes if self._kept is None else self._kept.append(kept)
        if self._stored_node is not None:
            for (level, node), (_, kept_node) in zip(nodes, kept_nodes, strict=True):
                self._look_at_node(level, node, kept_node, self._stored_node)
        self._look_at_checkpoints()

    def _look_at_node(self, level: int, node: bytes, kept_node: bytes, stored_node: StoredNode) -> None:
        last = self._made.size
        first = last - WIDTH**level + 1
        stored = stored_node(level, last // WIDTH**level - 1)
        if stored == node:
            self._settle("digest")
            return
        self._settle("content")
        if stored != kept_node and self._last_bad < first:
            says = "is missing" if stored is None else "does not fit"
            sentence = (
                f"entries {first} to {last}: the hash kept of the tree over them {says}: one of them was "
                "replaced together with its digest, or that hash was changed."
            )
            self._fault(first, "tree", sentence)

    def _look_at_checkpoints(self) -> None:
        size = self._made.size
        for checkpoint in self._checkpoints.get(size, ()):
            own = not any(checkpoint is other for other in self._elsewhere)
            if self._made.root() == checkpoint.root:
                self._settle("digest")
                self._fitted[own] = size
                continue
            self._settle("content")
            fits_digests = self._kept is not None and self._kept.root() == checkpoint.root
            if not fits_digests and not self._faults:
                first = self._fitted[own] + 1
                self._fault(first, "root", _rebuilt(first, checkpoint))

    def _settle(self, field: str) -> None:
        """Say in which field the entries that do not fit their digest were changed."""
        for entry, time_before in self._unsettled:
            found, changed = field, "its digest"
            if field != "digest":
                # Only the first is named, so only of that it is worth the trying.
                tried = self._first_bad is None
                found, changed = part_changed(entry, self._kinds, time_before) if tried else (field, "it")
            self._entry_fault(entry, found, f"{changed} was changed after it was written")
        self._unsettled.clear()

    def _look_at_redaction(self, entry: LogEntry) -> None:
        if entry.kind == REDACTED_KIND:
            try:
                redaction = decode_json(entry.payload, Redaction)
            except (msgspec.DecodeError, ValueError) as error:
                self._entry_fault(entry, "payload", f"it is no redaction: {error}")
            else:
                if redaction.sequence < entry.sequence:
                    self._redactions.append(redaction)
        if is_redacted(entry):
            try:
                self._gone[entry.sequence] = (entry.kind, frozenset(gone_segments(entry)))
            except IntegrityError:
                return  # said already

    def report(self) -> WalkReport:
        self._settle("content")
        named: dict[int, set[int]] = {}
        for redaction in self._redactions:
            named.setdefault(redaction.sequence, set()).update(redaction.segments)
        for sequence, (kind, gone) in self._gone.items():
            if kind in NEVER_REDACTED or not gone <= named.get(sequence, set()):
                says = "a part of it is gone, and no entry says who took it out and why"
                self._fault(sequence, "payload", f"entry {sequence}: {says}.")
        there = (s for s, numbers in named.items() if not numbers <= self._gone.get(s, ("", frozenset()))[1])
        return WalkReport(
            entries=self._count,
            first_bad=self._first_bad,
            last_sequence=self._expected - 1,
            root=self._made.root(),
            faults=self._faults,
            missing_end=self._missing_end(),
            clock_went_back=tuple(self._went_back),
            redactions=tuple(self._redactions),
            still_there=tuple(sorted(there)),
        )

    def _missing_end(self) -> Fault | None:
        last, most = self._expected - 1, max(self._checkpoints, default=0)
        if most <= last:
            return None
        says = f"{_missing(last + 1, most)}: a checkpoint counted {most} entries, the log holds {last}."
        return Fault(sequence=last + 1, field="sequence", sentence=says)

    def _entry_fault(self, entry: LogEntry, field: str, says: str) -> None:
        self._fault(entry.sequence, field, f"entry {entry.sequence}: {says}.")

    def _fault(self, sequence: int, field: str, sentence: str) -> None:
        self._faults += 1
        self._last_bad = max(self._last_bad, sequence)
        if self._first_bad is None or sequence < self._first_bad.sequence:
            self._first_bad = Fault(sequence=sequence, field=field, sentence=sentence)


def _missing(first: int, last: int) -> str:
    return f"entry {first} is missing" if first == last else f"entries {first} to {last} are missing"


def _rebuilt(first: int, checkpoint: Checkpoint) -> str:
    return (
        f"entries {first} to {checkpoint.entries}: the checkpoint of {time_text(checkpoint.time_utc_ns)} was "
        "made over others: something among them was replaced, dropped or put in, and the tree made anew."
    )


def _type_fault(entry: LogEntry) -> tuple[str, str] | None:
    for field, (wanted, says) in _TYPES.items():
        if not isinstance(getattr(entry, field), wanted):
            return field, f"its {field} is not {says}"
    if entry.role not in _ROLES:
        return "role", f"its role is {str(entry.role)!r}, must be one of {', '.join(sorted(_ROLES))}"
    return None
