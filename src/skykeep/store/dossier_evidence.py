"""The evidence inside a dossier, taken out as a reader of PDFs finds it, and proven.

The stand-alone verifier looks at every stream of a PDF and takes what is evidence. Here the way is the one
that a reader goes: table, catalogue, names, files. So a file that was laid over the evidence, or put beside
it under its name, is found. Only what our press prints is taken: one table, no object twice, nothing put
behind the end.
"""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import Any

import msgspec

from skykeep.base.errors import InputError
from skykeep.evidence.excerpt import FILE_NAME, FORMAT
from skykeep.store import standalone_verifier


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What a dossier brings: the note of the checkpoint under which each entry that it cites was proven, how
    many entries that counts, their root, and the entries as they are told.
    """

    note: bytes
    size: int
    root: bytes
    entries: tuple[dict[str, Any], ...]


def evidence_of(path: Path) -> Evidence | None:
    """Return the evidence in a dossier, None where it holds none; InputError where it was changed, or an
    entry that it cites is not in the log that its checkpoint is of.
    """
    data = path.read_bytes()
    if FILE_NAME.encode() not in data:
        return None
    try:
        held = attached(data, path.name).get(FILE_NAME)
        if held is None or FORMAT.encode() not in held:
            return None
        if standalone_verifier.evidence_in(data, path.name) != [held]:
            raise standalone_verifier.Wrong("it holds evidence more than once")
        note, said = standalone_verifier.proven(held, path.name)
    except (zlib.error, ValueError, LookupError, TypeError, AttributeError) as error:
        raise InputError(path.name, f"{error}", "a dossier as Skykeep printed it") from error
    return Evidence(note=note.data, size=note.size, root=note.root, entries=tuple(said["entries"]))


def attached(data: bytes, name: str) -> dict[str, bytes]:
    """Return the files in a PDF; ValueError where it is not as our press prints it."""

    def only(pattern: bytes, where: bytes) -> Any:
        found = re.findall(pattern, where, re.DOTALL)
        if len(found) != 1:
            raise ValueError(f"{name} was changed after it was printed, or Skykeep did not print it")
        return found[0]

    def at(number: bytes) -> tuple[bytes, bytes]:
        """Return an object up to its end or its stream, and what follows."""
        start = data[places[int(number)] :]
        head, rest = only(rb"\A%d 0 obj\s(.*?)(?:endobj|stream\r?\n)(.*)" % int(number), start)
        return head, rest

    numbers = re.findall(rb"[\r\n](\d+) \d+ obj\b", data)
    for mark in (b"startxref", b"%%EOF", b"/EmbeddedFiles"):
        only(mark, data if len(numbers) == len(set(numbers)) else b"")
    table = int(only(rb"startxref\s+(\d+)\s+%%EOF\s*\Z", data))
    rows, trailer = only(rb"\Axref\s+0 \d+\s+?((?:\d{10} \d{5} [fn]\s\s)+)trailer(.*)", data[table:])
    places = [int(rows[k : k + 10]) for k in range(0, len(rows), 20)]
    root = only(rb"/Root (\d+) 0 R", b"" if b"/Prev" in trailer else trailer)
    found: dict[str, bytes] = {}
    listed = only(rb"/EmbeddedFiles<</Names ?\[((?:\([^()\\]*\) ?\d+ 0 R ?)*)\]", at(root)[0])
    for title, number in re.findall(rb"\(([^()]*)\) ?(\d+) 0 R", listed):
        about = at(number)[0]
        (stream,) = set(re.findall(rb"/(?:U?F) (\d+) 0 R", about))
        head, rest = at(stream)
        only(rb"/EmbeddedFile\b", head if about.count(b"(" + title + b")") == 2 else b"")
        held = rest[: int(only(rb"/Length (\d+)", head))]
        if title.decode("latin-1") in found:
            raise ValueError(f"{name}: {title.decode('latin-1')} is attached twice")
        found[title.decode("latin-1")] = zlib.decompress(held) if b"/Filter" in head else held
    return found
