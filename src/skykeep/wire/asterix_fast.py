"""ASTERIX data blocks to columns: our own reader, compiled, for the categories with a flat layout.

Many blocks of one category and edition become one table: a row per record, a column per field. What it
accepts, what it refuses and every value are those of `decode_block`, which reads through libasterix
(tests/wire/test_asterix_fast.py compares them field by field, on real files, on records made at random and
on damaged ones). A block that cannot be read to its last octet gives no rows and costs no other block
anything. Speed: benchmarks/asterix_fast.py. Source of the layouts: wire/asterix_layout.py.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from skykeep.base.compile import BoolArray, FloatArray, IntArray, kernel
from skykeep.base.errors import DecodeError
from skykeep.wire.asterix import AsterixRecord, Block, decode_block
from skykeep.wire.asterix_editions import Edition
from skykeep.wire.asterix_layout import CHAINED, COMPOUND, COUNTED, EXPLICIT, Layout, layout_of

ByteArray = NDArray[np.uint8]

HEADER_OCTETS = 3
_CUT_SHORT, _TOO_LONG, _UNDEFINED, _ENDLESS, _NO_LENGTH = -1, -2, -3, -4, -5
_REASONS = {
    _CUT_SHORT: "cut short",
    _TOO_LONG: "more presence octets than the edition has",
    _UNDEFINED: "a presence bit for nothing defined",
    _ENDLESS: "an extension beyond the last",
    _NO_LENGTH: "a length of zero",
}


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """Records as columns. `raw` and `present` have shape (rows, columns of the layout); `block` (rows,) says
    which of the blocks a row came in; `errors` names the blocks that could not be read.
    """

    layout: Layout
    edition: Edition
    data: bytes
    raw: IntArray
    present: BoolArray
    block: IntArray
    errors: tuple[tuple[int, DecodeError], ...]

    def __len__(self) -> int:
        return int(self.raw.shape[0])

    def has(self, name: str) -> BoolArray:
        """Return in which rows a field (`040/RHO`) is; never in any when the edition has no such field."""
        column = self.layout.column.get(name)
        return np.zeros(len(self), dtype=np.bool_) if column is None else self.present[:, column]

    def values(self, name: str) -> FloatArray:
        """Return a field in the standard's own unit, NaN where it is absent."""
        column = self.layout.column.get(name)
        if column is None:
            return np.full(len(self), np.nan)
        return np.where(self.present[:, column], self.raw[:, column] * self.layout.scale[column], np.nan)

    def records(self) -> list[AsterixRecord]:
        """Return the rows as `decode_block` would have given them."""
        read, data = self.layout.reader, self.data
        return [
            AsterixRecord(
                category=self.layout.category, edition=self.edition.wanted, items=read(raw, present, data)
            )
            for raw, present in zip(self.raw.tolist(), self.present.tolist(), strict=True)
        ]


def read_columns(blocks: Sequence[Block], edition: Edition) -> Columns | None:
    """Return the records of blocks of one category, None when the edition has no flat layout."""
    layout = layout_of(edition)
    if layout is None:
        return None
    data = b"".join([block.data for block in blocks])
    octets = np.frombuffer(data, dtype=np.uint8)
    ends = np.cumsum(np.array([len(block.data) for block in blocks], dtype=np.int64))
    starts = np.concatenate((np.zeros(1, dtype=np.int64), ends[:-1])) + HEADER_OCTETS
    tables = (layout.nodes, layout.parts, layout.leaves, layout.children)
    found = _count_records(octets, starts, ends, *tables)
    rows = np.where(found[:, 0] > 0, found[:, 0], 0)
    raw = np.zeros((int(rows.sum()), len(layout.names)), dtype=np.int64)
    present = np.zeros(raw.shape, dtype=np.bool_)
    _fill_columns(octets, starts, ends, rows, *tables, raw, present)
    return Columns(
        layout=layout,
        edition=edition,
        data=data,
        raw=raw,
        present=present,
        block=np.repeat(np.arange(len(blocks)), rows),
        errors=tuple(
            (int(number), _error(layout, edition, found[number], int(starts[number])))
            for number in np.flatnonzero(found[:, 0] < 0)
        ),
    )


def read_block(block: Block, edition: Edition) -> list[AsterixRecord]:
    """Return the records of one block, by the fast way where there is one; DecodeError as `decode_block`."""
    columns = read_columns([block], edition)
    if columns is None:
        return decode_block(block, edition)
    for _, error in columns.errors:
        raise error
    return columns.records()


def _error(layout: Layout, edition: Edition, found: IntArray, start: int) -> DecodeError:
    code, node, at = (int(part) for part in found)
    item = layout.node_names[node] or "FSPEC"
    return DecodeError(
        f"CAT{layout.category:03d}",
        f"{item}: {_REASONS[code]} at octet {at - start + HEADER_OCTETS}",
        f"records of edition {edition.wanted}",
    )


# --- kernels: `where` below is the octet behind what was read, or one of the negative reasons ---------------


@kernel
def _bits(data: ByteArray, start: int, bit: int, bits: int, signed: int) -> int:
    """Return an integer of up to 63 bits that begins `bit` bits behind octet `start`."""
    value = 0
    last = bit + bits
    for octet in range(bit // 8, (last + 7) // 8):
        have = np.int64(data[start + octet])
        first_bit = octet * 8
        if first_bit < bit:
            have &= 0xFF >> (bit - first_bit)
        if first_bit + 8 > last:
            value = (value << (last - first_bit)) | (have >> (first_bit + 8 - last))
        else:
            value = (value << 8) | have
    if signed and bits < 64 and value >> (bits - 1):
        value -= np.int64(1) << bits
    return value


@kernel
def _presence_octets(data: ByteArray, at: int, end: int, most: int) -> int:
    for number in range(most):
        if at + number >= end:
            return _CUT_SHORT
        if not data[at + number] & 1:
            return number + 1
    return _TOO_LONG


@kernel
def _walk_parts(
    data: ByteArray, at: int, end: int, first: int, count: int, parts: IntArray, leaves: IntArray,
    raw: IntArray, present: BoolArray, row: int,
) -> int:  # fmt: skip
    for number in range(count):
        part = parts[first + number]
        after = at + part[0]
        if after > end:
            return _CUT_SHORT
        if row >= 0:
            for leaf in range(part[2], part[2] + part[3]):
                column = leaves[leaf, 3]
                raw[row, column] = _bits(data, at, leaves[leaf, 0], leaves[leaf, 1], leaves[leaf, 2])
                present[row, column] = True
        at = after
        if part[1]:
            if not data[at - 1] & 1:
                return at
            if number == count - 1:
                return _ENDLESS
    return at


@kernel
def _walk_item(
    data: ByteArray, at: int, end: int, node: IntArray, parts: IntArray, leaves: IntArray,
    raw: IntArray, present: BoolArray, row: int,
) -> int:  # fmt: skip
    """Walk one item that is no compound; row -1 walks without writing."""
    kind, column, start, count = node[0], node[1], at, 0
    if kind == COUNTED:
        if at >= end:
            return _CUT_SHORT
        start, count = at + 1, np.int64(data[at])
        at = start + count * node[5]
        if at > end:
            return _CUT_SHORT
    elif kind == CHAINED:
        more = True
        while more:
            at += node[5]
            if at > end:
                return _CUT_SHORT
            count += 1
            more = data[at - 1] & 1 == 1
    elif kind == EXPLICIT:
        if at >= end:
            return _CUT_SHORT
        if data[at] == 0:
            return _NO_LENGTH
        start, count = at + 1, np.int64(data[at]) - 1
        at = start + count
        if at > end:
            return _CUT_SHORT
    else:
        at = _walk_parts(data, at, end, node[2], node[3], parts, leaves, raw, present, row)
    if row >= 0 and at >= 0:
        raw[row, column] = start
        present[row, column] = True
        if kind == COUNTED or kind == CHAINED or kind == EXPLICIT:
            raw[row, column + 1] = count
    return at


@kernel
def _walk_compound(
    data: ByteArray, at: int, end: int, number: int, nodes: IntArray, parts: IntArray, leaves: IntArray,
    children: IntArray, raw: IntArray, present: BoolArray, row: int, trouble: IntArray,
) -> int:  # fmt: skip
    """Walk a subitem-carrying item inside a record."""
    node = nodes[number]
    trouble[0], trouble[1] = number, at
    octets = _presence_octets(data, at, end, node[4])
    if octets < 0:
        return octets
    if row >= 0:
        raw[row, node[1]] = at
        present[row, node[1]] = True
    flags, at = at, at + octets
    for place in range(octets * 7):
        if not data[flags + place // 7] >> (7 - place % 7) & 1:
            continue
        child = children[node[2] + place] if place < node[3] else -1
        trouble[0], trouble[1] = number if child < 0 else child, at
        if child < 0:
            return _UNDEFINED
        at = _walk_item(data, at, end, nodes[child], parts, leaves, raw, present, row)
        if at < 0:
            return at
    return at


@kernel
def _walk_record(
    data: ByteArray, at: int, end: int, nodes: IntArray, parts: IntArray, leaves: IntArray,
    children: IntArray, raw: IntArray, present: BoolArray, row: int, trouble: IntArray,
) -> int:  # fmt: skip
    node = nodes[0]
    trouble[0], trouble[1] = 0, at
    octets = _presence_octets(data, at, end, node[4])
    if octets < 0:
        return octets
    flags, at = at, at + octets
    for place in range(octets * 7):
        if not data[flags + place // 7] >> (7 - place % 7) & 1:
            continue
        child = children[node[2] + place] if place < node[3] else -1
        trouble[0], trouble[1] = max(child, 0), at
        if child < 0:
            return _UNDEFINED
        if nodes[child, 0] == COMPOUND:
            at = _walk_compound(
                data, at, end, child, nodes, parts, leaves, children, raw, present, row, trouble
            )
        else:
            at = _walk_item(data, at, end, nodes[child], parts, leaves, raw, present, row)
        if at < 0:
            return at
    return at


@kernel
def _count_records(
    data: ByteArray, starts: IntArray, ends: IntArray, nodes: IntArray, parts: IntArray, leaves: IntArray,
    children: IntArray,
) -> IntArray:  # fmt: skip
    """Return for each block (records, 0, 0), or (reason, node, octet) when it cannot be read whole."""
    found = np.zeros((len(starts), 3), dtype=np.int64)
    trouble = np.zeros(2, dtype=np.int64)
    raw = np.zeros((1, 1), dtype=np.int64)
    present = np.zeros((1, 1), dtype=np.bool_)
    for block in range(len(starts)):
        at = starts[block]
        while 0 <= at < ends[block]:
            at = _walk_record(
                data, at, ends[block], nodes, parts, leaves, children, raw, present, -1, trouble
            )
            found[block, 0] += 1
        if at < 0:
            found[block, 0], found[block, 1], found[block, 2] = at, trouble[0], trouble[1]
    return found


@kernel
def _fill_columns(
    data: ByteArray, starts: IntArray, ends: IntArray, rows: IntArray, nodes: IntArray, parts: IntArray,
    leaves: IntArray, children: IntArray, raw: IntArray, present: BoolArray,
) -> None:  # fmt: skip
    trouble = np.zeros(2, dtype=np.int64)
    row = 0
    for block in range(len(starts)):
        at = starts[block]
        for _ in range(rows[block]):
            at = _walk_record(
                data, at, ends[block], nodes, parts, leaves, children, raw, present, row, trouble
            )
            row += 1
