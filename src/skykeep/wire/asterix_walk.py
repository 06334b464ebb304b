"""The kernels that walk ASTERIX records by the tables of wire/asterix_layout.py.

Octets and positions are integers; what a walk returns is the octet behind what was read, or one of the
negative reasons below. Row -1 walks without writing. Nothing is read beyond `end`, and every loop moves on by
an octet or stops. Exact: integers only. Source: EUROCONTROL-SPEC-0149 part 1, as libasterix reads it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from skykeep.base.compile import BoolArray, IntArray, kernel

PARTS, COUNTED, CHAINED, EXPLICIT, COMPOUND = range(5)
"""Kinds of a node in a layout (asterix_layout.py)."""

ByteArray = NDArray[np.uint8]

CUT_SHORT, TOO_LONG, UNDEFINED, ENDLESS, NO_LENGTH = -1, -2, -3, -4, -5


@kernel
def _bits(data: ByteArray, start: int, bit: int, bits: int, signed: int) -> int:
    """Return an integer of up to 63 bits that begins `bit` bits behind octet `start`."""
    value = 0
    last = bit + bits
    for octet in range(bit // 8, (last + 7) // 8):
        have = int(np.int64(data[start + octet]))
        first_bit = octet * 8
        if first_bit < bit:
            have &= 0xFF >> (bit - first_bit)
        if first_bit + 8 > last:
            value = (value << (last - first_bit)) | (have >> (first_bit + 8 - last))
        else:
            value = (value << 8) | have
    if signed and bits < 64 and value >> (bits - 1):
        value -= 1 << bits
    return value


@kernel
def _presence_octets(data: ByteArray, at: int, end: int, most: int) -> int:
    for number in range(most):
        if at + number >= end:
            return CUT_SHORT
        if not data[at + number] & 1:
            return number + 1
    return TOO_LONG


@kernel
def _walk_parts(
    data: ByteArray, at: int, end: int, first: int, count: int, parts: IntArray, leaves: IntArray,
    raw: IntArray, present: BoolArray, row: int,
) -> int:  # fmt: skip
    for number in range(count):
        part = parts[first + number]
        after = at + part[0]
        if after > end:
            return CUT_SHORT
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
                return ENDLESS
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
            return CUT_SHORT
        start, count = at + 1, int(np.int64(data[at]))
        at = start + count * node[5]
        if at > end:
            return CUT_SHORT
    elif kind == CHAINED:
        more = True
        while more:
            at += node[5]
            if at > end:
                return CUT_SHORT
            count += 1
            more = data[at - 1] & 1 == 1
    elif kind == EXPLICIT:
        if at >= end:
            return CUT_SHORT
        if data[at] == 0:
            return NO_LENGTH
        start, count = at + 1, int(np.int64(data[at])) - 1
        at = start + count
        if at > end:
            return CUT_SHORT
    else:
        at = _walk_parts(data, at, end, node[2], node[3], parts, leaves, raw, present, row)
    if row >= 0 and at >= 0:
        raw[row, column] = start
        present[row, column] = True
        if kind in (COUNTED, CHAINED, EXPLICIT):
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
            return UNDEFINED
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
            return UNDEFINED
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
def count_records(
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
def fill_columns(
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
