"""Papers beside a log against what the log says of them, and against a manifest's note that left the house.

Where something was taken out of the log, an entry says which papers were made again or removed since, with
the hash of each before and after, by whom and why. So a paper that is another than when a note was signed may
be lawfully so: where such entries, written after the note, lead from the hash in the note to what is there.
A paper that is neither what its last entry says nor what it was before that is another's work.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from skykeep.base.errors import IntegrityError
from skykeep.domain.encoding import decode_json
from skykeep.domain.record import Paper, PapersRemade
from skykeep.evidence.checkpoint import read_manifest_body
from skykeep.store import manifest
from skykeep.store.known_note import KnownNote
from skykeep.store.log_check import Finding
from skykeep.store.log_contents import rows_of

_KIND = "papers_remade"


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What entry `sequence` says of one paper."""

    sequence: int
    paper: Paper
    by: str
    because: str

    @property
    def sentence(self) -> str:
        """Say what became of it, by whom and why."""
        what = "made again" if self.paper.sha256_after else "removed"
        return f"{what} by {self.by} because {self.because} (entry {self.sequence})"


class Against(msgspec.Struct, frozen=True, kw_only=True):
    """What was found wrong, and what is only to be known."""

    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


def read_told(log: Path) -> tuple[Told, ...]:
    """Return what a log says of the papers beside it, in order; IntegrityError where it cannot be read."""
    query = "SELECT sequence, payload FROM entry WHERE kind = ? ORDER BY sequence"
    with rows_of(log) as rows:
        return tuple(one for row in rows.execute(query, (_KIND,)) for one in _told(*row))


def against_log(folder: Path, told: Iterable[Told]) -> Against:
    """Set papers against the last that the log says of each."""
    findings, notes = [], []
    for name, last in {one.paper.name: one for one in told}.items():
        now, at = _sha256(folder / name), f"entry {last.sequence}"
        if now == last.paper.sha256_after:
            continue
        if now == last.paper.sha256_before:
            notes.append(f"{name} is on record as {last.sentence}, and still stands as before.")
        elif not now:
            says = f"{name} is missing; {at} says that it was made again."
            findings.append(_finding(name, says, missing=True))
        elif last.paper.sha256_after:
            says = (
                f"{name} is not the one of which {at} says that it was made again: it was changed after that"
            )
            findings.append(_finding(name, f"{says}, and may have been sealed anew."))
        else:
            notes.append(f"{name} was {last.sentence}; the one that is here is of later.")
    return Against(findings=tuple(findings), notes=tuple(notes))


def against_note(folder: Path, note: KnownNote, told: Sequence[Told]) -> Against:
    """Set the files beside a log against a manifest's note that left the house."""
    if not note.files:
        return Against(findings=(), notes=())
    since, findings, notes = read_manifest_body(note.text)[0].entries, [], []
    for name, sha256 in note.files.items():
        now = _sha256(folder / name)
        leads_to = sha256
        because: list[str] = []
        for one in told:
            if one.paper.name == name and one.sequence > since and one.paper.sha256_before == leads_to:
                leads_to, because = one.paper.sha256_after, [*because, one.sentence]
        if now == sha256:
            continue
        if now == leads_to:
            says = f"{name} is not the one over which {note.name}, from you, was signed: since then it was"
            notes.append(f"{says} {', then '.join(because)}.")
        elif not now:
            says = f"{name} is missing; it was there when {note.name}, from you, was signed."
            findings.append(_finding(name, says, missing=True))
        else:
            says = "it was changed after that, and may have been sealed anew"
            findings.append(
                _finding(name, f"{name} is not the one over which {note.name} was signed: {says}.")
            )
    notes.append(f"{note.name}, from you, speaks for {', '.join(note.files)}.")
    return Against(findings=tuple(findings), notes=tuple(notes))


def _told(sequence: int, payload: bytes) -> list[Told]:
    try:
        said = decode_json(payload, PapersRemade)
    except msgspec.DecodeError as error:
        raise IntegrityError(f"entry {sequence} does not say which papers: {error}", sequence) from error
    return [Told(sequence=sequence, paper=each, by=said.by, because=said.because) for each in said.papers]


def _finding(name: str, sentence: str, *, missing: bool = False) -> Finding:
    return Finding(
        file=name, entry=None, field="" if missing else "signature", sentence=sentence, missing=missing
    )


def _sha256(path: Path) -> str:
    return manifest.hash_file(path).sha256 if path.is_file() else ""
