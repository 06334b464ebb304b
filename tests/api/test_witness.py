"""A witness over real sockets: what it signs, what it refuses, and that it never goes back.

The published exchange is that of another witness's own tests (`authorities/signed_notes.json`).
"""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from made_tree import COSIGNER, LOG, ORIGIN, OTHER, PUBLISHED, WITNESS, Leaves
from skykeep.api.server import Server
from skykeep.api.witness_api import Witness, create_witness
from skykeep.evidence.merkle import EMPTY_ROOT, kept_frontier
from skykeep.evidence.signed_note import (
    ED25519,
    VerifierKey,
    open_note,
)
from skykeep.feeds.system_clock import SystemClock
from skykeep.store.witness_book import WitnessBook

PUBLISHED_LOG = VerifierKey(
    name=PUBLISHED["origin"], kind=ED25519, public=bytes.fromhex(PUBLISHED["log_public_hex"])
)


class Posted:
    """The witness's address, and what it answers."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __call__(self, body: bytes) -> tuple[int, bytes, str]:
        asked = urllib.request.Request(f"{self.url}add-checkpoint", body, method="POST")
        try:
            with urllib.request.urlopen(asked, timeout=10) as answer:
                return answer.status, answer.read(), answer.headers["content-type"]
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read(), error.headers["content-type"]


@pytest.fixture
def book(tmp_path: Path) -> Iterator[WitnessBook]:
    kept = WitnessBook(tmp_path / "witness.db")
    yield kept
    kept.close()


@pytest.fixture
def post(book: WitnessBook) -> Iterator[Posted]:
    witness = Witness(WITNESS, [LOG.verifier, PUBLISHED_LOG], book, SystemClock())
    with Server(create_witness(witness)) as server:
        yield Posted(server.url)


def test_a_log_that_grows_is_cosigned_again_and_again(post: Posted, book: WitnessBook) -> None:
    tree = Leaves(100)
    old = 0
    for new in (1, 7, 7, 64, 100):
        status, body, kind = post(tree.request(old, new))
        assert (status, kind) == (200, "text/plain; charset=utf-8"), body
        opened = open_note(tree.note(new) + body, [COSIGNER, LOG.verifier])
        assert [key.name for key, _ in opened.signed_by] == ["watch.example/harbour", "witness.example/w1"]
        old = new
    last = book.last(ORIGIN)
    assert last is not None
    assert (last.size, last.root) == (100, kept_frontier(tree, 100).root())


def test_the_exchange_that_another_witness_published(post: Posted) -> None:
    requests = {name: text.encode() for name, text in PUBLISHED["requests"].items()}
    for name in ("0 to 1", "1 to 5"):
        status, body, _ = post(requests[name])
        assert status == 200, body
        note = requests[name].split(b"\n\n", 1)[1]
        assert len(open_note(note + body, [PUBLISHED_LOG, COSIGNER]).signed_by) == 2
    # The shorter one comes too late: taking it would roll the log back.
    assert post(requests["1 to 3"]) == (409, b"5\n", "text/x.tlog.size")


def test_a_fork_is_never_cosigned_and_is_kept(post: Posted, book: WitnessBook) -> None:
    honest, forked = Leaves(100), Leaves(100, forked_at=20)
    assert post(honest.request(0, 50))[0] == 200

    assert post(forked.request(50, 100))[0] == 422
    assert post(forked.request(50, 50)) == (409, b"50\n", "text/x.tlog.size")
    assert post(forked.request(0, 100)) == (409, b"50\n", "text/x.tlog.size")
    assert post(honest.request(0, 40)) == (409, b"50\n", "text/x.tlog.size")
    assert book.refusals() == 4
    assert post(honest.request(50, 100))[0] == 200


def _with_proof(request: bytes, hashes: int) -> bytes:
    old, rest = request.split(b"\n", 1)
    return old + b"\n" + b"KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n" * hashes + rest


TREE = Leaves(8)
REFUSED = {
    "a log that it does not know": (TREE.request(0, 5, origin="elsewhere.example/log"), 404),
    "a name that only begins alike": (TREE.request(0, 5, origin="watch.example/harbour-2/night"), 404),
    "another's key under the log's name": (TREE.request(0, 5, key=OTHER), 403),
    "text changed after it was signed": (TREE.request(0, 5).replace(b"\n5\n", b"\n6\n"), 403),
    "old beyond new": (b"old 6\n\n" + TREE.note(5), 400),
    "old with a leading zero": (b"old 05\n\n" + TREE.note(5), 400),
    "64 hashes": (_with_proof(TREE.request(0, 5), 64), 400),
    "a proof from nothing": (_with_proof(TREE.request(0, 5), 1), 422),
    "a hash that is no base64": (b"old 0\n!\n\n" + TREE.note(5), 400),
    "no checkpoint": (b"old 0\n\n", 400),
    "nothing": (b"", 400),
    "far too much": (b"old 0\n\n" + b"x" * 70_000, 400),
    "an empty log with a root": (b"old 0\n\n" + LOG.sign(f"{ORIGIN}\n0\n{'A' * 43}=\n".encode()), 422),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused_and_how(what: str, post: Posted, book: WitnessBook) -> None:
    request, status = REFUSED[what]
    found = post(request)
    assert found[0] == status, found
    assert "—".encode() not in found[1]
    assert book.signed() == ()


def test_an_empty_log_may_be_cosigned(post: Posted) -> None:
    import base64

    root = base64.b64encode(EMPTY_ROOT).decode()
    assert post(b"old 0\n\n" + LOG.sign(f"{ORIGIN}\n0\n{root}\n".encode()))[0] == 200
    assert post(TREE.request(0, 5))[0] == 200


def test_what_was_signed_is_remembered_over_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "witness.db"
    for old, new, status in ((0, 5, 200), (0, 8, 409), (5, 8, 200)):
        kept = WitnessBook(path)
        witness = Witness(WITNESS, [LOG.verifier], kept, SystemClock())
        assert witness.add_checkpoint(TREE.request(old, new)).status == status
        kept.close()


def test_of_two_that_race_one_is_signed(post: Posted, book: WitnessBook) -> None:
    one, two = Leaves(64), Leaves(64, forked_at=3)
    assert post(one.request(0, 2))[0] == 200
    found: list[int] = []
    threads = [
        threading.Thread(target=lambda tree=tree, new=new: found.append(post(tree.request(2, new))[0]))
        for tree, new in [(one, 10), (two, 11), (one, 12), (two, 13)]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [200, 409, 409, 409]
    assert book.refusals() == 3
