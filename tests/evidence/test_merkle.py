"""The tree: three leaves by hand, the published vectors, and the laws of proofs in trees of any size."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skykeep.base.errors import InputError
from skykeep.evidence.merkle import (
    EMPTY_ROOT,
    WIDTH,
    Frontier,
    consistency_proof,
    inclusion_proof,
    kept_frontier,
    leaf_hash,
    range_root,
    verify_consistency,
    verify_inclusion,
)

PUBLISHED: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "authorities" / "rfc6962_trees.json").read_text(encoding="utf-8")
)


class Kept:
    """What a log keeps of its tree, in memory."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.frontier = Frontier()
        self.levels: dict[int, list[bytes]] = {0: leaves}
        for leaf in leaves:
            for level, node in self.frontier.append(leaf):
                self.levels.setdefault(level, []).append(node)

    def hashes(self, level: int, begin: int, end: int) -> list[bytes]:
        found = self.levels[level][begin:end]
        assert len(found) == end - begin
        return found


def tree_of(size: int) -> Kept:
    return Kept([leaf_hash(b"%d" % n) for n in range(size)])


def by_definition(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + by_definition(leaves[:k]) + by_definition(leaves[k:])).digest()


def test_three_leaves_by_hand() -> None:
    def sha(data: bytes) -> bytes:
        return hashlib.sha256(data).digest()

    a, b, c = sha(b"\0a"), sha(b"\0b"), sha(b"\0c")
    tree = Kept([leaf_hash(b"a"), leaf_hash(b"b"), leaf_hash(b"c")])

    assert tree.frontier.root() == sha(b"\1" + sha(b"\1" + a + b) + c)
    assert inclusion_proof(tree, 0, 3) == [b, c]
    assert consistency_proof(tree, 2, 3) == [c]


def test_roots_are_the_published_ones() -> None:
    frontier = Frontier()
    assert frontier.root().hex() == PUBLISHED["roots"][0]
    for n, data in enumerate(PUBLISHED["leaves"]):
        leaf = leaf_hash(bytes.fromhex(data))
        assert leaf.hex() == PUBLISHED["nodes"][0][n]
        frontier.append(leaf)
        assert frontier.root().hex() == PUBLISHED["roots"][n + 1]


def test_proofs_are_the_published_ones_made_and_verified() -> None:
    tree = Kept([leaf_hash(bytes.fromhex(data)) for data in PUBLISHED["leaves"]])
    for case in PUBLISHED["inclusion"]:
        proof = [b64decode(node) for node in case["proof"]]
        leaf, root = b64decode(case["leafHash"]), b64decode(case["root"])
        assert inclusion_proof(tree, case["leafIdx"], case["treeSize"]) == proof
        assert verify_inclusion(leaf, case["leafIdx"], case["treeSize"], proof, root)
    for case in PUBLISHED["consistency"]:
        proof = [b64decode(node) for node in case["proof"]]
        sizes, roots = (case["size1"], case["size2"]), (b64decode(case["root1"]), b64decode(case["root2"]))
        assert consistency_proof(tree, *sizes) == proof
        assert verify_consistency(*sizes, *roots, proof)


def test_every_proof_of_every_tree_up_to_forty_leaves() -> None:
    tree = tree_of(40)
    roots = [by_definition(tree.levels[0][:size]) for size in range(41)]
    for new in range(41):
        assert range_root(tree, 0, new) == kept_frontier(tree, new).root() == roots[new]
        for index in range(new):
            proof = inclusion_proof(tree, index, new)
            assert verify_inclusion(tree.levels[0][index], index, new, proof, roots[new])
        for old in range(new + 1):
            assert verify_consistency(old, new, roots[old], roots[new], consistency_proof(tree, old, new))


LARGE = tree_of(WIDTH**3 + 700)
sizes = st.integers(1, WIDTH**3 + 700)


@given(sizes, st.data())
@settings(deadline=None)
def test_a_proof_holds_for_its_own_leaf_place_and_tree_only(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    leaf, root = LARGE.levels[0][index], range_root(LARGE, 0, size)
    proof = inclusion_proof(LARGE, index, size)

    assert root == by_definition(LARGE.levels[0][:size])
    assert verify_inclusion(leaf, index, size, proof, root)
    assert len(proof) <= (size - 1).bit_length()
    assert not verify_inclusion(leaf_hash(b"other"), index, size, proof, root)
    assert not verify_inclusion(leaf, index, size, proof, leaf_hash(b"other"))
    assert not verify_inclusion(leaf, size, size, proof, root)
    assert not verify_inclusion(leaf, index, size, [*proof, leaf], root)
    if proof:
        changed = data.draw(st.integers(0, len(proof) - 1))
        assert not verify_inclusion(leaf, index, size, proof[:-1], root)
        assert not verify_inclusion(
            leaf, index, size, [*proof[:changed], leaf_hash(b"x"), *proof[changed + 1 :]], root
        )
        other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index))
        assert not verify_inclusion(leaf, other, size, proof, root)


@given(sizes, sizes, st.data())
@settings(deadline=None)
def test_a_tree_that_was_rewritten_is_not_consistent(one: int, other: int, data: st.DataObject) -> None:
    old, new = sorted((one, other))
    roots = range_root(LARGE, 0, old), range_root(LARGE, 0, new)
    proof = consistency_proof(LARGE, old, new)

    assert verify_consistency(old, new, *roots, proof)
    assert not verify_consistency(old, new, leaf_hash(b"rewritten"), roots[1], proof)
    assert not verify_consistency(old, new, roots[0], leaf_hash(b"rewritten"), proof)
    assert not verify_consistency(old, new, *roots, [*proof, roots[0]])
    assert not verify_consistency(new + 1, new, roots[1], roots[1], proof)
    if proof:
        changed = data.draw(st.integers(0, len(proof) - 1))
        wrong = [*proof[:changed], leaf_hash(b"x"), *proof[changed + 1 :]]
        assert not verify_consistency(old, new, *roots, proof[:-1])
        assert not verify_consistency(old, new, *roots, wrong)


def test_nothing_is_the_beginning_of_everything_and_only_with_its_own_root() -> None:
    assert verify_consistency(0, 8, EMPTY_ROOT, range_root(LARGE, 0, 8), [])
    assert not verify_consistency(0, 8, leaf_hash(b""), range_root(LARGE, 0, 8), [])


def test_what_is_no_place_in_the_tree_is_refused() -> None:
    for index, size in ((3, 3), (-1, 3), (0, 0)):
        with pytest.raises(InputError, match="index"):
            inclusion_proof(LARGE, index, size)
    with pytest.raises(InputError, match="old"):
        consistency_proof(LARGE, 4, 3)
    with pytest.raises(ValueError, match="2 nodes, must be 1"):
        Frontier(4, [b"", b""])
