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

from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.base.errors import DecodeError
from skykeep.wire.asterix import AsterixRecord, Block, decode_block
from skykeep.wire.asterix_editions import Edition, choose_edition
from skykeep.wire.asterix_layout import Layout, layout_of
from skykeep.wire.asterix_walk import (
    CUT_SHORT,
    ENDLESS,
    NO_LENGTH,
    TOO_LONG,
    UNDEFINED,
    count_records,
    fill_columns,
)

HEADER_OCTETS = 3
_REASONS = {
    CUT_SHORT: "cut short",
    TOO_LONG: "more presence octets than the edition has",
    UNDEFINED: "a presence bit for nothing defined",
    ENDLESS: "an extension beyond the last",
    NO_LENGTH: "a length of zero",
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
                category=self.layout.category, edition=self.edition.wanted, items=read((raw, present, data))
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
    found = count_records(octets, starts, ends, *tables)
    rows = np.where(found[:, 0] > 0, found[:, 0], 0)
    raw = np.zeros((int(rows.sum()), len(layout.names)), dtype=np.int64)
    present = np.zeros(raw.shape, dtype=np.bool_)
    fill_columns(octets, starts, ends, rows, *tables, raw, present)
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


def warm_up_reader() -> None:
    """Read one block of one made-up record, so that what has to be compiled is."""
    block = Block(category=48, data=bytes.fromhex("300010f019c9708000a00a002000"))
    read_columns([block], choose_edition(48))
