"""Entries read straight from the pages of a log that SQLite can no longer open, or not to its end.

A table's leaf page (https://www.sqlite.org/fileformat2.html, section 1.6):

| bytes | what |
|---|---|
| 0 | 13 |
| 3..4 | number of cells |
| 8.. | where in the page each cell begins, two bytes each |

and a cell: length of the record (varint), rowid (varint), the record's first bytes, and when it is too long
for the page the number of the page where it goes on. Page 1 begins with 100 bytes of file header. Whatever
does not look like an entry is left out: the walk then says which entries are missing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

from skykeep.domain.record import EntryRole, LogEntry
from skykeep.store.schema import PAGE_BYTES

_TABLE_LEAF = 13
_FILE_HEADER_BYTES = 100
_LARGEST_LOCAL = PAGE_BYTES - 35
_LEAST_LOCAL = (PAGE_BYTES - 12) * 32 // 255 - 23
_INTEGER_BYTES = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}

PAGE_KINDS = {
    2: "an inner page of an index",
    5: "an inner page of a table",
    10: "a page of an index",
    13: "rows",
}


def salvage_entries(path: Path) -> list[LogEntry]:
    """Return every entry that can be read, in order of sequence; one found twice stands once."""
    size = path.stat().st_size
    found: dict[int, LogEntry] = {}
    with path.open("rb") as file:

        def read_page(number: int) -> bytes:
            file.seek((number - 1) * PAGE_BYTES)
            return file.read(PAGE_BYTES)

        for number in range(1, size // PAGE_BYTES + 1):
            for entry in _entries_in(read_page(number), number, read_page):
                found.setdefault(entry.sequence, entry)
    return [found[sequence] for sequence in sorted(found)]


def page_kind(path: Path, number: int) -> str:
    """Say what a page of the log's file holds, as far as its first byte tells."""
    if number == 1:
        return "the file's header and the tables' definitions"
    with path.open("rb") as file:
        file.seek((number - 1) * PAGE_BYTES)
        first = file.read(1)
    return PAGE_KINDS.get(first[0], "the end of a long entry, or nothing") if first else "nothing any more"


def _entries_in(page: bytes, number: int, read_page: Callable[[int], bytes]) -> list[LogEntry]:
    start = _FILE_HEADER_BYTES if number == 1 else 0
    if len(page) < PAGE_BYTES or page[start] != _TABLE_LEAF:
        return []
    entries = []
    cells = int.from_bytes(page[start + 3 : start + 5], "big")
    for index in range(min(cells, PAGE_BYTES // 4)):
        pointer = start + 8 + 2 * index
        try:
            rowid, record = _cell(page, int.from_bytes(page[pointer : pointer + 2], "big"), read_page)
            entries.append(_entry(rowid, record))
        except (IndexError, ValueError):
            continue
    return entries


def _cell(page: bytes, at: int, read_page: Callable[[int], bytes]) -> tuple[int, bytes]:
    """Return rowid and whole record of the cell at byte `at`, following it onto its other pages."""
    size, at = _varint(page, at)
    rowid, at = _varint(page, at)
    if size <= _LARGEST_LOCAL:
        return rowid, page[at : at + size]
    local = _LEAST_LOCAL + (size - _LEAST_LOCAL) % (PAGE_BYTES - 4)
    local = local if local <= _LARGEST_LOCAL else _LEAST_LOCAL
    pieces = [page[at : at + local]]
    missing = size - local
    following = int.from_bytes(page[at + local : at + local + 4], "big")
    while missing > 0 and following > 0:
        other = read_page(following)
        if len(other) < PAGE_BYTES:
            break
        pieces.append(other[4 : 4 + min(missing, PAGE_BYTES - 4)])
        missing -= PAGE_BYTES - 4
        following = int.from_bytes(other[:4], "big")
    return rowid, b"".join(pieces)


def _entry(rowid: int, record: bytes) -> LogEntry:
    """Return the entry in a record of seven columns, the first of which is the rowid."""
    header_size, at = _varint(record, 0)
    serial_types = []
    while at < header_size:
        serial_type, at = _varint(record, at)
        serial_types.append(serial_type)
    if len(serial_types) != 7:
        raise ValueError("no entry")
    values: list[object] = []
    at = header_size
    for serial_type in serial_types:
        value, at = _value(record, at, serial_type)
        values.append(value)
    _, time_utc_ns, role, kind, digest, segments, payload = values
    # What a damaged column holds may be of any type: the walk looks before it trusts.
    return LogEntry(
        sequence=rowid,
        time_utc_ns=cast(int, time_utc_ns),
        role=cast(EntryRole, role),
        kind=cast(str, kind),
        digest=cast(bytes, digest),
        segments=cast(bytes, segments),
        payload=cast(bytes, payload),
    )


def _value(record: bytes, at: int, serial_type: int) -> tuple[object, int]:
    if serial_type in (8, 9):
        return serial_type - 8, at
    if serial_type in _INTEGER_BYTES:
        end = at + _INTEGER_BYTES[serial_type]
        return int.from_bytes(record[at:end], "big", signed=True), end
    if serial_type >= 12:
        end = at + (serial_type - 12) // 2
        data = record[at:end]
        return (data if serial_type % 2 == 0 else data.decode("utf-8", "surrogateescape")), end
    return None, at


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Return a variable-length number and where it ends."""
    value = 0
    for index in range(8):
        byte = data[at + index]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + index + 1
    value = value << 8 | data[at + 8]
    return value - (1 << 64) if value >= 1 << 63 else value, at + 9
