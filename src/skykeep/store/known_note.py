"""A note as somebody has it: its bytes, and where they are from."""

from __future__ import annotations

import msgspec

from skykeep.evidence.checkpoint import names_files, read_manifest_body
from skykeep.evidence.signed_note import NoteSignature, read_note


class KnownNote(msgspec.Struct, frozen=True, kw_only=True):
    """A checkpoint's bytes, and for sentences where they are from. `within` is the file, if another."""

    name: str
    note: bytes
    within: str = ""

    @property
    def file(self) -> str:
        """Return the file that holds it."""
        return self.within or self.name

    @property
    def text(self) -> bytes:
        """The text that is signed, or that nobody signed."""
        return read_note(self.note).text if b"\n\n" in self.note else self.note

    @property
    def signatures(self) -> tuple[NoteSignature, ...]:
        """The signatures under it."""
        return read_note(self.note).signatures if b"\n\n" in self.note else ()

    @property
    def files(self) -> dict[str, str]:
        """The SHA-256 of each file that it names, where it is a manifest's note too."""
        return read_manifest_body(self.text)[1] if names_files(self.note) else {}
