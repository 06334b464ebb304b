"""ASTERIX records made at random by the standard's own tables: any item, any value, always well formed."""

from __future__ import annotations

import random
from typing import Any

from asterix import base

from skykeep.wire.asterix import Block
from skykeep.wire.asterix_editions import Edition, tables_of


def made_block(edition: Edition, records: int, dice: random.Random, chance: float = 0.4) -> Block:
    """Return a block of so many records, each item in it with this chance, every free bit by the dice."""
    body = b"".join(_record(tables_of(edition).cv_record, dice, chance) for _ in range(records))
    length = (3 + len(body)).to_bytes(2, "big")
    return Block(category=edition.category, data=bytes([edition.category]) + length + body)


def _record(record: Any, dice: random.Random, chance: float) -> bytes:
    items = [item.cv_non_spare if issubclass(item, base.UapItem) else None for item in record.cv_items_list]
    return _compound(items, dice, chance, 0)


def _compound(items: list[Any], dice: random.Random, chance: float, least: int) -> bytes:
    chosen = [item is not None and dice.random() < chance for item in items]
    if least and not any(chosen):
        chosen[next(place for place, item in enumerate(items) if item is not None)] = True
    body = b"".join(
        _variation(item.cv_rule.cv_variation, dice, chance)
        for item, taken in zip(items, chosen, strict=True)
        if taken
    )
    last = max((place for place, taken in enumerate(chosen) if taken), default=0)
    octets = bytearray()
    for first in range(0, last + 1, 7):
        flags = sum(taken << (7 - place) for place, taken in enumerate(chosen[first : first + 7]))
        octets.append(flags | (first + 7 <= last))
    return bytes(octets) + body


def _variation(variation: Any, dice: random.Random, chance: float) -> bytes:
    if issubclass(variation, base.Element | base.Group):
        return dice.randbytes(variation.cv_bit_size // 8)
    if issubclass(variation, base.Compound):
        return _compound(variation.cv_items_list, dice, chance, 1)
    if issubclass(variation, base.Explicit):
        inside = dice.randbytes(dice.randrange(1, 9))
        return bytes([len(inside) + 1]) + inside
    if issubclass(variation, base.Repetitive):
        count = dice.randrange(1, 4)
        bits = variation.cv_variation.cv_bit_size
        if variation.cv_rep_bytes is not None:
            return bytes([count]) + dice.randbytes(count * bits // 8)
        return b"".join(_ending_in_fx((bits + 1) // 8, at < count - 1, dice) for at in range(count))
    return _extended(variation, dice)


def _extended(variation: Any, dice: random.Random) -> bytes:
    parts = variation.cv_items_list
    wanted, out = dice.randrange(1, len(parts) + 1), b""
    for number, part in enumerate(parts[:wanted]):
        octets = sum(1 if entry is None else entry[1] for entry in part) // 8
        if part[-1] is None:
            out += _ending_in_fx(octets, number < wanted - 1, dice)
        else:
            out += dice.randbytes(octets)
    return out


def _ending_in_fx(octets: int, more: bool, dice: random.Random) -> bytes:
    data = dice.randbytes(octets)
    return data[:-1] + bytes([data[-1] & 0xFE | more])


def block_of(edition: Edition, *records: dict[str, Any]) -> bytes:
    """Return a block with these items, encoded by libasterix; CAT001 records are plots."""
    tables = tables_of(edition)
    kind = tables.cv_record if hasattr(tables, "cv_record") else tables.cv_uap.cv_uaps["plot"]
    data: bytes = tables.create([kind.create(dict(items)) for items in records]).unparse().to_bytes()
    return data
