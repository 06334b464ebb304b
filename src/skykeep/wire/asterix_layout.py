"""How an ASTERIX record is laid out, as integer tables that a kernel can walk.

Made once per edition out of libasterix's tables, so that both ways of reading share one source of truth. A
record is a compound of items; an item is of one of five kinds, nested at most once more:

| kind | octets |
|---|---|
| parts | one fixed part, or parts that each end in a bit (FX) which says whether another follows |
| counted | one octet of repetitions, then that many elements |
| chained | elements, each ending in an FX bit |
| explicit | one octet of length, itself included, then what only the sender knows |
| compound | presence bits, seven an octet and an FX bit, then the subitems they name |

Not laid out: categories whose records differ by content (001, 007), with items in random order (002, 008),
or wider than 63 bits in one element (150, 240). Those are read by libasterix alone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec
import numpy as np

from skykeep.base.compile import FloatArray, IntArray
from skykeep.wire.asterix_editions import Edition, tables_of
from skykeep.wire.asterix_walk import CHAINED, COMPOUND, COUNTED, EXPLICIT, PARTS

WIDEST_BITS = 63

# One record: raw integers and presence by column, and the octets it came in.
Row = tuple[list[int], list[bool], bytes]
# Reads a value out of a row: what libasterix would have given.
Reader = Callable[[Row], Any]
Convert = Callable[[int], Any]


class NotLaidOutError(Exception):
    """This category has no flat layout."""


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """The tables of one edition.

    `nodes` (n, 6): kind, column, first part or child, how many, most presence octets, octets of an element;
    node 0 is the record. `parts` (n, 4): octets, whether FX ends it, first leaf, leaves. `leaves` (n, 4):
    first bit, bits, whether signed, column. `children`: node numbers, -1 where none is defined. `names` and
    `scale` (k,) are of the columns: a leaf is named `item` or `item/subitem`; a node's column, `names` of
    its own, holds the octet where it starts, and the column after a repeated or explicit one its count.
    """

    category: int
    nodes: IntArray
    parts: IntArray
    leaves: IntArray
    children: IntArray
    names: tuple[str, ...]
    node_names: tuple[str, ...]
    scale: FloatArray
    column: dict[str, int]
    reader: Reader


@lru_cache(maxsize=64)
def layout_of(edition: Edition) -> Layout | None:
    """Return the layout of an edition, None when it has none (see the head of this file)."""
    tables = tables_of(edition)
    if not hasattr(tables, "cv_record"):
        return None
    try:
        return _Maker().make(edition.category, tables.cv_record)
    except NotLaidOutError:
        return None


class _Maker:
    """Walks libasterix's classes once and writes the tables down."""

    def __init__(self) -> None:
        self.nodes: list[list[int]] = []
        self.parts: list[list[int]] = []
        self.leaves: list[list[int]] = []
        self.children: list[int] = []
        self.names: list[str] = []
        self.node_names: list[str] = []
        self.scale: list[float] = []

    def make(self, category: int, record: Any) -> Layout:
        from asterix import base

        subitems: list[Any] = []
        for item in record.cv_items_list:
            if issubclass(item, base.UapItemRFS):
                raise NotLaidOutError
            subitems.append(item.cv_non_spare if issubclass(item, base.UapItem) else None)
        reader = self._compound("", subitems, record.cv_fspec_max_bytes)
        return Layout(
            category=category,
            nodes=np.array(self.nodes, dtype=np.int64),
            parts=np.array(self.parts, dtype=np.int64).reshape(-1, 4),
            leaves=np.array(self.leaves, dtype=np.int64).reshape(-1, 4),
            children=np.array(self.children, dtype=np.int64),
            names=tuple(self.names),
            node_names=tuple(self.node_names),
            scale=np.array(self.scale, dtype=np.float64),
            column={name: number for number, name in enumerate(self.names) if not name.startswith("@")},
            reader=reader,
        )

    def _column(self, name: str, scale: float = 1.0) -> int:
        self.names.append(name)
        self.scale.append(scale)
        return len(self.names) - 1

    def _node(self, name: str, kind: int) -> list[int]:
        node = [kind, self._column(f"@{name}"), 0, 0, 0, 0]
        self.nodes.append(node)
        self.node_names.append(name)
        return node

    def _compound(self, name: str, subitems: list[Any], most_octets: int) -> Reader:
        node = self._node(name, COMPOUND)
        node[2], node[3], node[4] = len(self.children), len(subitems), most_octets
        self.children.extend([-1] * len(subitems))
        readers: list[tuple[str, int, Reader]] = []
        for place, subitem in enumerate(subitems):
            if subitem is None:
                continue
            self.children[node[2] + place] = number = len(self.nodes)
            path = f"{name}/{subitem.cv_name}" if name else subitem.cv_name
            reader = self._item(path, _variation(subitem.cv_rule))
            readers.append((subitem.cv_name, self.nodes[number][1], reader))
        # In the order of item numbers, as `decode_block` gives them; subitems as they are sent.
        order = sorted(readers, key=lambda entry: entry[0]) if not name else readers

        def read(row: Row) -> Any:
            present = row[1]
            return {key: one(row) for key, column, one in order if present[column]}

        return read

    def _item(self, name: str, variation: Any) -> Reader:
        from asterix import base

        if issubclass(variation, base.Compound):
            return self._compound(name, variation.cv_items_list, variation.cv_fspec_max_bytes)
        if issubclass(variation, base.Repetitive):
            return self._repeated(name, variation)
        if issubclass(variation, base.Explicit):
            node = self._node(name, EXPLICIT)
            start, length = node[1], self._column(f"@{name}/octets")
            return lambda row: row[2][row[0][start] : row[0][start] + row[0][length]].hex()
        return self._in_parts(name, variation)

    def _in_parts(self, name: str, variation: Any) -> Reader:
        from asterix import base

        node = self._node(name, PARTS)
        node[2] = len(self.parts)
        if not issubclass(variation, base.Extended):
            first = len(self.leaves)
            leaf, bits = self._fixed(name, variation, 0)
            self._part(bits, 0, len(self.leaves) - first)
            node[3] = 1
            return leaf
        readers: list[tuple[str, int, Reader]] = []
        for part in variation.cv_items_list:
            first, at = len(self.leaves), 0
            for entry in part:
                if entry is None:
                    at += 1
                    continue
                item, bits = entry
                if issubclass(item, base.Item):
                    key, probe = item.cv_non_spare.cv_name, len(self.leaves)
                    reader, _ = self._fixed(f"{name}/{key}", _variation(item.cv_non_spare.cv_rule), at)
                    readers.append((key, self.leaves[probe][3], reader))
                at += bits
            self._part(at, int(part[-1] is None), len(self.leaves) - first)
        node[3] = len(variation.cv_items_list)

        def read(row: Row) -> Any:
            present = row[1]
            return {key: one(row) for key, column, one in readers if present[column]}

        return read

    def _part(self, bits: int, ends_in_fx: int, leaves: int) -> None:
        if bits % 8:
            raise NotLaidOutError
        self.parts.append([bits // 8, ends_in_fx, len(self.leaves) - leaves, leaves])

    def _fixed(self, name: str, variation: Any, at: int) -> tuple[Reader, int]:
        """Write down the leaves of an element or a group; return its reader and how many bits it has."""
        from asterix import base

        if issubclass(variation, base.Element):
            bits = variation.cv_bit_size
            if bits > WIDEST_BITS:
                raise NotLaidOutError
            convert, signed, scale = _conversion(variation)
            column = self._column(name, scale)
            self.leaves.append([at, bits, int(signed), column])
            if convert is None:
                return (lambda row: row[0][column]), bits
            if convert is _SCALED:
                return (lambda row: row[0][column] * scale), bits
            return (lambda row: convert(row[0][column])), bits
        if not issubclass(variation, base.Group):
            raise NotLaidOutError
        readers: list[tuple[str, Reader]] = []
        start = at
        for item, bits in variation.cv_items_list:
            if issubclass(item, base.Item):
                key = item.cv_non_spare.cv_name
                reader, _ = self._fixed(f"{name}/{key}", _variation(item.cv_non_spare.cv_rule), at)
                readers.append((key, reader))
            at += bits
        return (lambda row: {key: one(row) for key, one in readers}), at - start

    def _repeated(self, name: str, variation: Any) -> Reader:
        chained = variation.cv_rep_bytes is None
        if not chained and variation.cv_rep_bytes != 1:
            raise NotLaidOutError
        read_element, bits = _element_reader(variation.cv_variation, 0)
        bits += int(chained)
        if bits % 8:
            raise NotLaidOutError
        node = self._node(name, CHAINED if chained else COUNTED)
        start, count, octets = node[1], self._column(f"@{name}/count"), bits // 8
        node[5] = octets

        def read(row: Row) -> Any:
            raw, _, data = row
            first = raw[start]
            return [
                read_element(int.from_bytes(data[at : at + octets], "big"), bits)
                for at in range(first, first + octets * raw[count], octets)
            ]

        return read


def _element_reader(variation: Any, at: int) -> tuple[Callable[[int, int], Any], int]:
    """Return a reader of one repetition, out of its octets as one integer of so many bits."""
    from asterix import base

    if issubclass(variation, base.Element):
        bits = variation.cv_bit_size
        convert, signed, scale = _conversion(variation)
        mask, half = (1 << bits) - 1, 1 << (bits - 1)

        def read_one(whole: int, width: int) -> Any:
            value = (whole >> (width - at - bits)) & mask
            if signed and value >= half:
                value -= mask + 1
            return value if convert is None else value * scale if convert is _SCALED else convert(value)

        return read_one, bits
    if not issubclass(variation, base.Group):
        raise NotLaidOutError
    readers, start = [], at
    for item, bits in variation.cv_items_list:
        if issubclass(item, base.Item):
            readers.append(
                (item.cv_non_spare.cv_name, _element_reader(_variation(item.cv_non_spare.cv_rule), at)[0])
            )
        at += bits
    return (lambda whole, width: {key: one(whole, width) for key, one in readers}), at - start


def _variation(rule: Any) -> Any:
    if not hasattr(rule, "cv_variation"):
        raise NotLaidOutError  # its meaning depends on another item
    return rule.cv_variation


def _SCALED(value: int) -> Any:  # noqa: N802 - a mark, told apart by identity
    raise AssertionError(value)


def _conversion(element: Any) -> tuple[Convert | None, bool, float]:
    """Return how a raw integer becomes a value (None: as it is), whether it is signed, and its step."""
    from asterix import base

    content = getattr(element.cv_rule, "cv_content", None)
    signed = getattr(content, "cv_signedness", None) is base.Signed
    if content is not None and issubclass(content, base.ContentQuantity):
        return _SCALED, signed, content.cv_lsb
    if content is not None and issubclass(content, base.ContentString):
        return _text(content.cv_string_type, element.cv_bit_size), False, 1.0
    return None, signed, 1.0


def _text(string_type: Any, bits: int) -> Convert:
    width = string_type.cv_bits_per_char
    alphabet = [string_type.to_char(code) for code in range(1 << width)]
    shifts = range(width * (bits // width - 1), -1, -width)
    mask = (1 << width) - 1
    return lambda raw: "".join([alphabet[(raw >> shift) & mask] for shift in shifts]).rstrip()
