"""Timestamps of `openssl ts` are taken, and what a lying authority answers is not."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from made_tree import Leaves
from skykeep.app.publishing import CheckpointPublisher
from skykeep.base.clock import ManualClock
from skykeep.base.errors import LinkError
from skykeep.evidence.timestamp import check_timestamp, read_certificates
from skykeep.feeds import checkpoint_places
from skykeep.feeds.allowed_hosts import Hosts
from skykeep.feeds.checkpoint_places import TimestampPlace
from timestamp_authority import Authority, openssl, serving

HERE = Hosts(("127.0.0.1",))
TREE = Leaves(200)
LIES = {
    "refuses": "status rejection",
    "another hash": "one over another hash",
    "an old answer": "the number of another request",
    "another's certificate": "behind it stands none of the certificates given",
    "bent": "a signature that does not fit",
    "cut": "what cannot be read",
    "garbage": "what cannot be read",
    "too big": "answered more than 65536 bytes",
    "is down": "answered 503 text/plain come back later, must be 200",
    "a page": "answered 200 text/html",
    "is slow": "timed out",
    "drips": "not done answering after",
}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / "one")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Somebody who makes certificates of the very same names."""
    return Authority(tmp_path_factory.mktemp("tsa") / "other")


@pytest.mark.parametrize("how", ["", "the whole chain"])
@pytest.mark.parametrize("given", [True, False])
def test_an_authority_says_that_the_note_was_there_before_now(
    how: str, given: bool, authority: Authority
) -> None:
    roots = read_certificates(authority.root.read_bytes()) if given else ()
    before_utc_ns = time.time_ns() // 10**9 * 10**9
    with serving(authority) as served:
        served.lie = how
        found = TimestampPlace(served.url, HERE, roots).publish(TREE.note(50), TREE.prove, 0)
    stamped = check_timestamp(found.answer, TREE.note(50), read_certificates(authority.root.read_bytes()))
    assert before_utc_ns <= stamped.time_utc_ns <= time.time_ns()
    assert stamped.name == authority.name
    assert found.certificates == (authority.root.read_bytes() if given else b"")

    (authority.folder / "note").write_bytes(TREE.note(50))
    (authority.folder / "it.tsr").write_bytes(found.answer)
    by_openssl = openssl(
        authority.folder, *("ts", "-verify", "-data", "note", "-in", "it.tsr", "-CAfile", "root.pem")
    )
    assert by_openssl.returncode == 0, by_openssl.stderr


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_is_refused_counted_and_asked_again(
    lie: str, authority: Authority, other: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint_places, "PATIENCE_S", 0.4)
    monkeypatch.setattr(checkpoint_places, "LONGEST_ANSWER_S", 0.4)
    with serving(authority, other) as served:
        place = TimestampPlace(served.url, HERE, read_certificates(authority.root.read_bytes()))
        served.first = authority.answer(_query_of(authority))
        publisher = CheckpointPublisher(
            [place], lambda: TREE.note(50), TREE.prove, tmp_path, ManualClock(), every_s=600.0
        )
        served.lie = lie
        with pytest.raises(LinkError, match=LIES[lie]):
            place.publish(TREE.note(50), TREE.prove, 0)
        assert publisher.publish_all() == 0
        assert not (tmp_path / "timestamped").exists()
        served.lie = ""
        monkeypatch.setattr(checkpoint_places, "PATIENCE_S", 10.0)
        monkeypatch.setattr(checkpoint_places, "LONGEST_ANSWER_S", 10.0)
        assert publisher.publish_all() == 1
        assert served.asked == 3
    (health,) = publisher.health
    assert (health.failures, health.published, health.entries) == (1, 1, 50)
    kept = sorted(path.name for path in (tmp_path / "timestamped").iterdir())
    assert [name[:13] + name[25:] for name in kept] == [
        f"000000000050-.{ending}" for ending in ("note", "pem", "tsr")
    ]


def _query_of(authority: Authority) -> bytes:
    (authority.folder / "note").write_bytes(TREE.note(50))
    ran = openssl(authority.folder, *("ts", "-query", "-data", "note", "-sha256", "-cert"))
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_it_is_asked_only_where_it_may_be() -> None:
    for address, says in (("ftp://127.0.0.1/x", "http or https"), ("http://other.example/", "not among")):
        with pytest.raises(LinkError, match=says):
            TimestampPlace(address, HERE).publish(TREE.note(50), TREE.prove, 0)
