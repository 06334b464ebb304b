"""ASTERIX data blocks to plain records, faithful to the standard, through libasterix; and what may not be
believed.

A block is category (1 octet), length (2 octets, itself included), records. A datagram holds blocks one
after the other; recorders add wrappers (2-octet length and 4-octet time before each block) and trailers
behind the last. One bad block never costs its datagram's other blocks. `items` follows the standard's own
item numbers and names; quantities are in the standard's own units. A record that parses is still refused
when it says what cannot be: wire/asterix_gates.py. Source: EUROCONTROL-SPEC-0149 parts
1, 2a, 4, 9; libasterix for the tables.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from skykeep.base.errors import DecodeError
from skykeep.wire.asterix_editions import Edition, tables_of

DAY_S = 86_400.0
SMALLEST_BLOCK_BYTES = 4
WRAPPER_BYTES = 6  # a 2-octet length and a 4-octet time before each block
FINAL_TRAILER_BYTES = 10  # of a FINAL recording, behind each block


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """One data block as it came, header included."""

    category: int
    data: bytes


class AsterixRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One record: `items` maps item number to a value, a mapping of named subitems, or a list of
    repetitions.
    """

    category: int
    edition: str
    items: dict[str, Any]


def split_blocks(
    payload: bytes, is_known: Callable[[int], bool]
) -> tuple[list[Block], list[tuple[str, bytes]]]:
    """Return the blocks of a datagram or a recording, and what is left over, each piece with the reason.

    Blocks of categories that are not `is_known` are left over as `category_NNN`. Between blocks up to 16
    octets of a recorder's framing are stepped over (a 2-octet length and 4-octet time, a 10-octet trailer),
    and a run of one repeated octet before the first (the header of a FINAL recording).
    """
    blocks: list[Block] = []
    left: list[tuple[str, bytes]] = []
    at = _repeated_octets(payload)
    while at < len(payload):
        start = _next_block(payload, at, is_known)
        if start is None:
            left.append(("trailer" if blocks else "no_block", payload[at:]))
            break
        if start > at:
            left.append(("framing", payload[at:start]))
        end = start + _length_at(payload, start)
        if is_known(payload[start]):
            blocks.append(Block(category=payload[start], data=payload[start:end]))
        else:
            left.append((f"category_{payload[start]:03d}", payload[start:end]))
        at = end
    return blocks, left


def _repeated_octets(payload: bytes) -> int:
    same = len(payload) - len(payload.lstrip(payload[:1]))
    return same if same >= 64 else 0


def _length_at(payload: bytes, at: int) -> int:
    return int.from_bytes(payload[at + 1 : at + 3], "big")


def _is_block(payload: bytes, at: int) -> bool:
    if at + SMALLEST_BLOCK_BYTES > len(payload) or payload[at] == 0:
        return False
    return SMALLEST_BLOCK_BYTES <= _length_at(payload, at) <= len(payload) - at


def _next_block(payload: bytes, at: int, is_known: Callable[[int], bool]) -> int | None:
    """Return where the next block begins: here, or behind the framing of a recorder that we know."""
    if _is_block(payload, at) and (is_known(payload[at]) or _goes_on(payload, at)):
        return at
    for start in (at + WRAPPER_BYTES, at + FINAL_TRAILER_BYTES):
        if _is_block(payload, start) and is_known(payload[start]):
            return start
    return None


def _goes_on(payload: bytes, start: int) -> bool:
    """Return whether the payload ends, or another block begins, right after the block at `start`."""
    end = start + _length_at(payload, start)
    return end == len(payload) or _is_block(payload, end)


def decode_block(block: Block, edition: Edition) -> list[AsterixRecord]:
    """Return the records of a block; DecodeError when libasterix cannot read it to its last octet."""
    from asterix.base import Bits, RawDatablock

    tables = tables_of(edition)
    try:
        parsed = RawDatablock.parse(Bits.from_bytes(block.data))
        if isinstance(parsed, ValueError):
            raise parsed
        records = [
            AsterixRecord(
                category=block.category,
                edition=edition.wanted,
                items={number: _plain(item) for number, item in sorted(record.items_regular.items())},
            )
            for record in _parse_records(tables, parsed[0].get_raw_records())
        ]
    except (ValueError, IndexError, TypeError, RecursionError, AssertionError) as error:
        raise DecodeError(
            f"CAT{block.category:03d}",
            str(error) or type(error).__name__,
            f"records of edition {edition.wanted}",
        ) from error
    return records


def _parse_records(tables: Any, bits: Any) -> list[Any]:
    if hasattr(tables, "cv_record"):
        found = tables.cv_uap.parse(bits)
        if isinstance(found, ValueError):
            raise found
        return list(found)
    # CAT001 has one layout for plots and one for tracks; only item 020 can say which.
    ways = tables.cv_uap.parse_any_uap(bits, 64)
    if isinstance(ways, ValueError):
        raise ways
    for way in ways:
        if all(_layout_agrees(tables, record) for record in way):
            return list(way)
    raise ValueError("no layout fits")


def _layout_agrees(tables: Any, record: Any) -> bool:
    path, choices = tables.cv_uap.cv_selector
    item = record.items_regular.get(path[0])
    for name in path[1:]:
        item = item.variation.get_item(name) if item is not None else None
    return item is not None and tables.cv_uap.cv_uaps[choices[item.as_uint()]] is type(record)


def _plain(item: Any) -> Any:
    """Return the value of a libasterix item as numbers, texts, mappings and lists."""
    return _plain_variation(item.arg if not hasattr(item, "variation") else item.variation)


def _plain_variation(variation: Any) -> Any:
    from asterix import base

    match variation:
        case base.RuleVariationContextFree():
            return _plain_variation(variation.arg)
        case base.Element():
            return _plain_content(variation)
        case base.Group():
            return {i.cv_non_spare.cv_name: _plain(i.arg) for i in variation.arg if isinstance(i, base.Item)}
        case base.Extended():
            items = [i for group in variation.arg for i in group if isinstance(i, base.Item)]
            return {i.cv_non_spare.cv_name: _plain(i.arg) for i in items}
        case base.Repetitive():
            return [_plain_variation(one) for one in variation.arg]
        case base.Compound():
            return {name: _plain(one) for name, one in variation.arg.items()}
        case base.Explicit():
            return variation.get_bytes().hex()
    bits: str = variation.bs.to_bytes().hex()  # depends on another item: as it came
    return bits


def _plain_content(element: Any) -> Any:
    from asterix import base

    rule = element.cv_rule
    content = rule.cv_content(element.bs) if hasattr(rule, "cv_content") else None
    match content:
        case base.ContentQuantity():
            return content._as_quantity()
        case base.ContentString():
            return content.as_string().rstrip()
        case base.ContentInteger():
            return content.as_integer()
    return element.as_uint()
