"""Who signed this record, and does what came from elsewhere agree? What `log_check` leaves to keys.

| what is set against what | what it catches |
|---|---|
| every checkpoint, in the log and beside it, against the log's keys | one forged, or signed by another |
| each change of key against both keys | a key that was slipped in |
| cosignatures against witnesses' keys | one that was forged, or moved from another checkpoint |
| `manifest.note` against the manifest | files that were changed together with their hashes |
| a manifest's note from elsewhere against the files | files that the key's owner changed and sealed anew |
| papers against what the log says of them | one that was changed after it was made again for retention |
| timestamps against the notes that they are over | one that was forged, swapped, or another authority's |
| the evidence inside a dossier against the log | a dossier of another log, or one that was altered |
| `blobs/` against their names | media that were swapped |
| checkpoints from elsewhere against the log's keys | one that somebody made up |

A key that lies beside the log shows nothing by itself: its maker can have made the key too. So a key that the
reader knows otherwise goes before all others, and what hangs on no such key is said to.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec
from cryptography import x509

from skykeep.base.clock import iso_utc
from skykeep.base.errors import InputError, IntegrityError, SetupError
from skykeep.domain.encoding import decode_json
from skykeep.domain.record import KeyChanged
from skykeep.evidence.key_change import KIND, ROTATED, KeyChange, KeyHistory, history, read_change
from skykeep.evidence.signed_note import ED25519, NoteSignature, VerifierKey, open_note
from skykeep.evidence.simulation_key import PROVES_NOTHING, SIMULATION_NAME
from skykeep.evidence.timestamp import check_timestamp, read_certificates
from skykeep.evidence.witnessing import read_tree_head
from skykeep.store import manifest, standalone_verifier
from skykeep.store.dossier_evidence import evidence_of
from skykeep.store.keys_file import read_keys
from skykeep.store.known_note import KnownNote
from skykeep.store.log_check import Finding
from skykeep.store.log_contents import rows_of
from skykeep.store.log_parts import parts_that_differ
from skykeep.store.papers_told import against_log, against_note, read_told

_ENDS = 3
"""Lines of a checkpoint that say how long which log is: origin, size, root."""
BLOBS, TIMESTAMPED, WITNESS = "blobs", "timestamped", "witness"
COSIGNED = manifest.COSIGNED


class RecordReport(msgspec.Struct, frozen=True, kw_only=True):
    """What keys and signatures say of a record."""

    findings: tuple[Finding, ...]
    notes: tuple[str, ...]


def check_record(
    log: Path,
    outside: Iterable[KnownNote] = (),
    known: Iterable[VerifierKey] = (),
    authorities: Iterable[x509.Certificate] = (),
) -> RecordReport:
    """Check signatures in and beside a log. `outside` are checkpoints from elsewhere, or manifests' notes,
    `known` keys that the reader knows otherwise, of the log or of witnesses, `authorities` certificates of
    those who timestamp.
    """
    checking = _Checking(log, tuple(outside), tuple(known), tuple(authorities))
    try:
        checking.run()
    except (IntegrityError, InputError) as error:
        checking.wrong(log.name, f"{error}.")
    return RecordReport(findings=tuple(checking.findings), notes=tuple(checking.notes))


class _Checking:
    def __init__(
        self,
        log: Path,
        outside: tuple[KnownNote, ...],
        known: tuple[VerifierKey, ...],
        authorities: tuple[x509.Certificate, ...],
    ) -> None:
        self.log, self.folder = log, log.parent
        self.outside, self.known, self.authorities = outside, known, authorities
        self.findings: list[Finding] = []
        self.notes: list[str] = []

    def wrong(self, file: str, sentence: str) -> None:
        self.findings.append(Finding(file=file, entry=None, field="signature", sentence=sentence))

    def run(self) -> None:
        stored, changes = read_signed(self.log)
        named = read_keys(self.folder)
        notes = (*stored, *_notes_beside(self.folder), *self.outside)
        given = [key for key in self.known if key.kind == ED25519]
        # Of several keys that the reader knows, one that is named here goes first.
        mine = [key for key in named if key.public in {one.public for one in given}]
        first = next((key for key in (*mine, *given, *named) if key.kind == ED25519), None)
        signer = first or (changes[0][1].old if changes else None)
        keys = None if signer is None else history(signer, changes)
        for each in notes:
            self._check_signer(each, keys)
        self._say_once()
        roots = {head.size: head.root for head in (read_tree_head(each.text) for each in stored)}
        self._check_evidence(keys, roots)
        self._check_timestamps(roots)
        self._check_manifest(keys, stored)
        self._check_papers()
        self._check_blobs()
        self._say_keys(keys, given, notes)
        for sequence, change in changes:
            how = "the old key handed over"
            if change.because != ROTATED:
                how = "the old key is LOST and only their word joins the two"
            self.notes.append(f"entry {sequence}: new key, {how} ({change.time}, {change.by}: {change.why}).")
        for key in {key.text: key for key in (*self.known, *named) if key.kind != ED25519}.values():
            self._check_witness(key, notes)

    def _say_once(self) -> None:
        """One forged log has hundreds of checkpoints that do not fit: keep those of the log itself to one."""
        of_log = [finding for finding in self.findings if finding.file == self.log.name]
        if len(of_log) > 1:
            more = f"{of_log[0].sentence} So are {len(of_log) - 1} more."
            self.findings = [finding for finding in self.findings if finding.file != self.log.name]
            self.findings.insert(0, msgspec.structs.replace(of_log[0], sentence=more))

    def _check_signer(self, each: KnownNote, keys: KeyHistory | None) -> None:
        """Find fault unless a key that may have signed at the checkpoint's size did."""
        try:
            signatures, size = each.signatures, read_tree_head(each.text).size
        except InputError as error:
            self.wrong(each.file, f"{each.name} is no checkpoint: {error}.")
            return
        self._check_signature(each, signatures, () if keys is None else keys.signers_of(size))

    def _check_signature(
        self, each: KnownNote, signatures: tuple[NoteSignature, ...], may: tuple[VerifierKey, ...]
    ) -> None:
        by = ", ".join(f"{one.name}+{one.key_id.hex()}" for one in signatures) or "nobody"
        ids = {(key.name, key.key_id) for key in may}
        if not any((one.name, one.key_id) in ids for one in signatures):
            if may or signatures:
                must = may[0].text if may else "a key that is here"
                self.wrong(each.file, f"{each.name} is signed by {by}, must be by {must}.")
            return
        try:
            open_note(each.note, may)
        except InputError:
            self.wrong(each.file, f"{each.name}: the signature of {by} does not fit; forged or changed.")

    def _check_evidence(self, keys: KeyHistory | None, roots: dict[int, bytes]) -> None:
        for path in sorted(self.folder.glob("*.pdf")):
            what = f"the evidence in {path.name}"
            try:
                found = evidence_of(path)
            except InputError as error:
                self.wrong(path.name, f"{error.found}.")
                continue
            if found is None:
                self.notes.append(f"{path.name} carries no evidence of its own.")
                continue
            if roots.get(found.size) != found.root:
                self.wrong(path.name, f"{what} is not of this log as it stands.")
            for sequence, part in parts_that_differ(self.log, found.entries):
                says = f"entry {sequence}: {part} is not what {what} proves that it was."
                self.findings.append(Finding(file=self.log.name, entry=sequence, field=part, sentence=says))
            self._check_signer(KnownNote(name=what, note=found.note, within=path.name), keys)

    def _check_manifest(self, keys: KeyHistory | None, stored: list[KnownNote]) -> None:
        path, there = self.folder / manifest.MANIFEST_NOTE, (self.folder / manifest.MANIFEST).is_file()
        if not path.is_file():
            if keys is not None and there:
                self.wrong(path.name, f"{path.name} is missing: nobody signed what the other files were.")
            return
        note = KnownNote(name=path.name, note=path.read_bytes())
        if not manifest.is_signed_over(self.folder, note.text):
            self.wrong(path.name, f"{manifest.MANIFEST} is not the one over which {path.name} was signed.")
        self._check_signature(note, note.signatures, () if keys is None else keys.keys)
        end = stored[-1].text if stored else b""
        was_closed = b"\nstate sealed\n" in end and there and not manifest.is_sealed(self.log)
        # Cut off while it was closed or opened again, its manifest was signed of that very end.
        if was_closed and note.text.split(b"\n")[:_ENDS] != end.split(b"\n")[:_ENDS]:
            says = f"the log was closed in good order, and {path.name} is older: its seal is gone."
            self.wrong(path.name, says)

    def _check_papers(self) -> None:
        """Set the files beside the log against what it says of them, and notes that left the house."""
        told = read_told(self.log)
        for found in (
            against_log(self.folder, told),
            *(against_note(self.folder, each, told) for each in self.outside),
        ):
            self.findings += found.findings
            self.notes += found.notes

    def _check_timestamps(self, roots: dict[int, bytes]) -> None:
        for path in sorted((self.folder / TIMESTAMPED).glob("*.tsr")):
            name, over = f"{TIMESTAMPED}/{path.name}", path.with_suffix(".note")
            if not over.is_file():
                self.wrong(name, f"{name} is a timestamp over {over.name}, which is missing.")
                continue
            note = over.read_bytes()
            try:
                head = read_tree_head(KnownNote(name=over.name, note=note).text)
                if roots.get(head.size) != head.root:
                    self.wrong(name, f"{name} is over a checkpoint that is not of this log as it stands.")
                pem = path.with_suffix(".pem")
                brought = read_certificates(pem.read_bytes()) if pem.is_file() else ()
                stamped = check_timestamp(path.read_bytes(), note, self.authorities or brought)
            except InputError as error:
                self.wrong(name, f"{name} shows nothing; it was forged or swapped: {error}.")
                continue
            except SetupError as error:
                how = standalone_verifier.HOW_TO_CHECK.format(f"{TIMESTAMPED}/{path.stem}")
                self.notes.append(f"{name} was not looked at: {error}. {how}")
                continue
            whose = "no certificate is here to look at its signature with: give one with --tsa-certificate"
            if brought:
                whose = "its certificate came with the record: whoever made the record can have made it"
            if self.authorities:
                whose = "you gave a certificate that stands behind it"
            when = f"before {iso_utc(stamped.time_utc_ns)}"
            self.notes.append(f"{head.size} entries were there {when}, says {stamped.name} ({whose}).")

    def _check_blobs(self) -> None:
        for path in sorted((self.folder / BLOBS).glob("[!.]*")):
            if manifest.hash_file(path).sha256 != path.name:
                self.wrong(f"{BLOBS}/{path.name}", f"{BLOBS}/{path.name} was swapped or changed.")

    def _say_keys(
        self, keys: KeyHistory | None, given: list[VerifierKey], notes: tuple[KnownNote, ...]
    ) -> None:
        if keys is None:
            self.notes.append("nobody signed this log: only checkpoints from elsewhere can speak for it.")
            return
        shown = {key.text for mine in given for key in keys.shown_by(mine)}
        if given and not shown:
            self.wrong(manifest.KEYS, "the log is signed by none of the keys that you gave.")
        reach = {key.text: reach_of(key, notes) for key in keys.keys}
        if shown and keys.keys[-1].text not in shown:
            known = max(reach[text] for text in shown)
            if known > 0:
                says = f"from entry {known + 1} on no key that you know stands behind the log."
                found = Finding(file=self.log.name, entry=known + 1, field="signature", sentence=says)
                self.findings.append(msgspec.structs.replace(found, missing=True))
            else:
                lost = "another took its place, saying that it was lost"
                says = f"the key that you gave signed nothing here: {lost}. Nothing is shown by it."
                self.wrong(manifest.KEYS, says)
        for key in keys.keys:
            if reach[key.text] < 0:
                self.notes.append(f"{key.text} is named here and signed nothing here.")
                continue
            whose = "which came with the record: whoever made the record can have made it."
            if key.text in shown:
                mine = any(key.public == one.public for one in given)
                whose = "which you gave." if mine else "joined by rotation to one that you gave."
            if key.name == SIMULATION_NAME:
                whose = PROVES_NOTHING
            self.notes.append(f"signed by {key.text}, {whose}")

    def _check_witness(self, key: VerifierKey, notes: tuple[KnownNote, ...]) -> None:
        seen: dict[int, int] = {}
        for each in notes:
            for one in each.signatures:
                if (one.name, one.key_id) != (key.name, key.key_id):
                    continue
                if key.fits(each.text, one.signature):
                    seen[read_tree_head(each.text).size] = one.time_s or 0
                else:
                    says = f"{each.name}: the cosignature of {key.name} does not fit; forged, or moved here."
                    self.wrong(each.file, says)
        whose = "you gave its key" if key in self.known else "its key came with the record"
        says = f"witness {key.name} ({whose}) signed nothing here."
        if not seen and key in self.known:
            lacks = Finding(file=COSIGNED, entry=None, field=WITNESS, sentence=says, missing=True)
            self.findings.append(lacks)
        elif not seen:
            self.notes.append(says)
        if seen:
            at = f"{max(seen)} entries at {seen[max(seen)]} s after 1970"
            self.notes.append(f"witness {key.name} ({whose}) saw {at}.")


def reach_of(key: VerifierKey, notes: Iterable[KnownNote]) -> int:
    """Return the size of the largest checkpoint that a key signed, -1 where it signed none."""
    sizes = [
        read_tree_head(each.text).size
        for each in notes
        for one in each.signatures
        if (one.name, one.key_id) == (key.name, key.key_id) and key.fits(each.text, one.signature)
    ]
    return max(sizes, default=-1)


def read_signed(log: Path) -> tuple[list[KnownNote], list[tuple[int, KeyChange]]]:
    """Return the checkpoints in a log and the changes of key, straight from its rows; IntegrityError where
    they cannot be read.
    """
    with rows_of(log) as rows:
        notes = [
            KnownNote(
                name=f"checkpoint {number} of {log.name}",
                note=str(note).encode("utf-8", "surrogateescape"),
                within=log.name,
            )
            for number, note in rows.execute("SELECT number, note FROM checkpoint ORDER BY number")
        ]
        query = "SELECT sequence, payload FROM entry WHERE kind = ? ORDER BY sequence"
        return notes, [_change(*row) for row in rows.execute(query, (KIND,))]


def _change(sequence: int, payload: bytes) -> tuple[int, KeyChange]:
    try:
        return sequence, read_change(decode_json(payload, KeyChanged).note.encode())
    except (InputError, msgspec.DecodeError) as error:
        raise IntegrityError(f"entry {sequence} is no change of key: {error}", sequence) from error


def _notes_beside(folder: Path) -> list[KnownNote]:
    kept = (*(folder / COSIGNED).glob("*.note"), *(folder / TIMESTAMPED).glob("*.note"))
    paths = [folder / manifest.CHECKPOINT, *sorted(kept)]
    return [
        KnownNote(name=path.relative_to(folder).as_posix(), note=path.read_bytes())
        for path in paths
        if path.is_file()
    ]
