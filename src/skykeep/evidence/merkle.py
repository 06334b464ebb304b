"""The Merkle tree over a log's entries: roots, and proofs that a stranger can check with a few hashes.

Hashing is that of RFC 6962, section 2.1 (the same in RFC 9162), with SHA-256:

| what | hash |
|---|---|
| a leaf | SHA-256(0x00, data) |
| two halves | SHA-256(0x01, left, right); left is the largest power of two below the whole |
| nothing | SHA-256() |

Leaves are counted from 0: the entry of sequence n is leaf n - 1. A log keeps the hash of every leaf, and of
every whole subtree of 16, 256, 4096, ... leaves as it is completed (*level* 1, 2, 3, ...). So a proof over
10 million leaves reads some 15 hashes of each level, and whoever looks for the one entry that was exchanged,
its own hash with it, finds it within 16. All hashes are 32 bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Protocol

from skykeep.base.errors import InputError

EMPTY_ROOT = hashlib.sha256(b"").digest()
HASH_BYTES = 32
WIDTH = 16
HEIGHT = 4

_NOTHING: tuple[tuple[int, bytes], ...] = ()


class TreeHashes(Protocol):
    """Where the hashes of a tree are kept."""

    def hashes(self, level: int, begin: int, end: int) -> list[bytes]:
        """Return the hashes of the subtrees `begin` to before `end`, each of 16**`level` leaves."""
        ...


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two halves."""
    return hashlib.sha256(b"\1" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: one hash for each bit that is set in its size, the largest first."""

    def __init__(self, size: int = 0, nodes: Sequence[bytes] = ()) -> None:
        if size.bit_count() != len(nodes):
            raise ValueError(f"{len(nodes)} nodes, must be {size.bit_count()} for a tree of {size} leaves")
        self.size = size
        self._nodes = list(nodes)

    def append(self, leaf: bytes) -> Sequence[tuple[int, bytes]]:
        """Add a leaf's hash; return level and hash of each subtree that it completed and that is kept."""
        node, size, height = leaf, self.size, 0
        completed: list[tuple[int, bytes]] | None = None
        while size & 1:
            node = hashlib.sha256(b"\1" + self._nodes.pop() + node).digest()
            size >>= 1
            height += 1
            if height % HEIGHT == 0:
                completed = completed or []
                completed.append((height // HEIGHT, node))
        self._nodes.append(node)
        self.size += 1
        return completed or _NOTHING

    def root(self) -> bytes:
        """Return the root of the tree as it stands."""
        return _fold(self._nodes)

    def copy(self) -> Frontier:
        """Return one that grows on by itself."""
        return Frontier(self.size, self._nodes)


def kept_frontier(tree: TreeHashes, size: int) -> Frontier:
    """Return the frontier of the first `size` leaves of a tree."""
    nodes = []
    begin = 0
    for height in reversed(range(size.bit_length())):
        if size >> height & 1:
            nodes.append(range_root(tree, begin, begin + (1 << height)))
            begin += 1 << height
    return Frontier(size, nodes)


def range_root(tree: TreeHashes, begin: int, end: int) -> bytes:
    """Return the root over leaves `begin` to before `end`, a range that the tree's own halving gives: `begin`
    is 0 or a multiple of a power of two that is no less than its length.
    """
    if begin == end:
        return EMPTY_ROOT
    level = 0
    while WIDTH ** (level + 1) <= end - begin:
        level += 1
    span = WIDTH**level
    whole = (end - begin) // span
    nodes = tree.hashes(level, begin // span, begin // span + whole)
    frontier = Frontier()
    for node in nodes:
        frontier.append(node)
    rest = begin + whole * span
    if rest < end:
        frontier.append(range_root(tree, rest, end))
    return frontier.root()


def inclusion_proof(tree: TreeHashes, index: int, size: int) -> list[bytes]:
    """Return the audit path of leaf `index` in the tree of the first `size` leaves (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        raise InputError("index", str(index), f"from 0 to {size - 1}")
    path = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append(range_root(tree, middle, end))
            end = middle
        else:
            path.append(range_root(tree, begin, middle))
            begin = middle
    return path[::-1]


def consistency_proof(tree: TreeHashes, old: int, new: int) -> list[bytes]:
    """Return the proof that the first `old` leaves of a tree of `new` leaves are as they were (2.1.4.1)."""
    if not 0 <= old <= new:
        raise InputError("old", str(old), f"from 0 to {new}")
    if old in (0, new):
        return []
    path = []
    begin, end = 0, new
    while old != end:
        middle = begin + _split(end - begin)
        if old <= middle:
            path.append(range_root(tree, middle, end))
            end = middle
        else:
            path.append(range_root(tree, begin, middle))
            begin = middle
    if begin:
        path.append(range_root(tree, begin, end))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Say whether the leaf of hash `leaf` is number `index` of the tree of that size and root (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    place, last, found = index, size - 1, leaf
    for node in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(node, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, node)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Say whether the tree of size `old` is the beginning of that of size `new` (2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    path = [old_root, *proof] if old.bit_count() == 1 else list(proof)
    if not proof or not path:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    found_old = found_new = path[0]
    for node in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            found_old, found_new = node_hash(node, found_old), node_hash(node, found_new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found_new = node_hash(found_new, node)
        place, last = place >> 1, last >> 1
    return last == 0 and (found_old, found_new) == (old_root, new_root)


def _split(size: int) -> int:
    """Return the largest power of two below `size`, which is 2 or more."""
    return 1 << (size - 1).bit_length() - 1


def _fold(nodes: Sequence[bytes]) -> bytes:
    if not nodes:
        return EMPTY_ROOT
    root = nodes[-1]
    for node in reversed(nodes[:-1]):
        root = node_hash(node, root)
    return root
