"""The stand-alone verifier against outside truth: it must not be wrong in the same way as we are."""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from made_tree import PUBLISHED, WITNESS, Leaves
from skykeep.evidence.merkle import Frontier, inclusion_proof, leaf_hash
from skykeep.store import standalone_verifier as plain

ROOT = Path(__file__).parents[2]
NOTES: dict[str, Any] = json.loads((ROOT / "authorities/signed_notes.json").read_text(encoding="utf-8"))
# RFC 8032, section 7.1: public key, message, signature.
RFC_8032 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), RFC_8032)
def test_it_verifies_the_signatures_of_rfc_8032(public: str, message: str, signature: str) -> None:
    key, text, signed = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert plain.is_signed(key, text, signed)
    assert not plain.is_signed(key, text + b"!", signed)
    for at in (0, 31, 32, 63):
        bent = signed[:at] + bytes([signed[at] ^ 1]) + signed[at + 1 :]
        assert not plain.is_signed(key, text, bent)
    # The same signature with S + order: RFC 8032 forbids it, lest one message have two.
    s = int.from_bytes(signed[32:], "little") + plain.ORDER
    assert not plain.is_signed(key, text, signed[:32] + s.to_bytes(32, "little"))


@settings(max_examples=25)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=100))
def test_it_agrees_with_the_library(seed: bytes, message: bytes) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    public = private.public_key().public_bytes_raw()
    assert plain.is_signed(public, message, private.sign(message))
    assert not plain.is_signed(public, message, private.sign(message + b"."))


def test_it_reads_the_published_keys_and_notes() -> None:
    for who in ("peter", "enoch"):
        data = (NOTES["text"] + "\n" + NOTES[who]["signature"]).encode()
        note = plain.Note(data, "published", of_log=False)
        assert note.signed_by(plain.Key(NOTES[who]["verifier"])) == 0
    for text in NOTES["bad_keys"]:
        with pytest.raises(ValueError):  # noqa: PT011
            plain.Key(text)
    for request in PUBLISHED["requests"].values():
        found = plain.Note(request.split("\n\n", 1)[1].encode(), "published")
        assert found.origin == PUBLISHED["origin"]


def test_it_reads_a_cosignature_and_its_time() -> None:
    body = Leaves(50).note(50)
    text = body.split(b"\n\n")[0] + b"\n"
    note = plain.Note(body + WITNESS.cosign(text, 1_700_000_000), "made")
    assert note.signed_by(plain.Key(WITNESS.verifier.as_kind(4).text)) == 1_700_000_000
    assert note.signed_by(plain.Key(WITNESS.verifier.text)) is None


def test_roots_and_proofs_are_those_of_rfc_6962() -> None:
    vectors = json.loads((ROOT / "authorities/rfc6962_trees.json").read_text(encoding="utf-8"))
    tree = plain.Tree()
    for leaf, root in zip(vectors["leaves"], vectors["roots"][1:], strict=True):
        tree.add(plain.sha256(b"\0", bytes.fromhex(leaf)))
        assert tree.root().hex() == root


@given(st.integers(1, 200), st.data())
def test_a_proof_leads_to_the_root_and_no_other_does(size: int, data: st.DataObject) -> None:
    leaves = Leaves(size)
    index = data.draw(st.integers(0, size - 1))
    frontier = Frontier()
    for leaf in leaves.leaves:
        frontier.append(leaf)
    proof = inclusion_proof(leaves, index, size)
    assert plain.root_by_proof(leaves.leaves[index], index, size, proof) == frontier.root()
    assert plain.root_by_proof(leaf_hash(b"other"), index, size, proof) != frontier.root()


def test_it_needs_nothing_but_plain_python_3_9() -> None:
    source = Path(plain.__file__).read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 9))
    named = {
        alias.name if isinstance(node, ast.Import) else node.module or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert named <= sys.stdlib_module_names
    assert "urllib" not in named
    assert "socket" not in named
