"""Publishing by itself: what fails is tried again and counted, and keeps nothing else waiting."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from made_tree import WITNESS, Leaves
from skykeep.app.publishing import CheckpointPublisher
from skykeep.base.clock import NS_PER_S, ManualClock
from skykeep.base.errors import LinkError
from skykeep.feeds.checkpoint_places import Prove

TREE = Leaves(100)


class Heard:
    """A place that keeps what it is given, or fails; with `signs` it cosigns."""

    def __init__(self, name: str, *, signs: bool = False) -> None:
        self.name, self.signs, self.fails, self.taken = name, signs, "", list[bytes]()
        self.got = threading.Event()

    def publish(self, note: bytes, prove: Prove, now_utc_ns: int) -> bytes:
        self.got.set()
        if self.fails == "bug":
            raise ZeroDivisionError("ours")
        if self.fails:
            raise LinkError(self.fails)
        self.taken.append(note)
        return note + WITNESS.cosign(note.split(b"\n\n")[0] + b"\n", 9) if self.signs else note


def publisher(
    tmp_path: Path, clock: ManualClock, said: list[str], *places: Heard, size: int = 50
) -> CheckpointPublisher:
    return CheckpointPublisher(
        places, lambda: TREE.note(size), TREE.prove, tmp_path, clock, every_s=600.0, say=said.append
    )


def test_every_place_is_told_and_a_cosigned_one_is_kept(tmp_path: Path) -> None:
    plain, witness = Heard("plain"), Heard("witness", signs=True)
    made = publisher(tmp_path, ManualClock(5 * NS_PER_S), [], plain, witness)

    assert made.publish_all() == 2
    assert plain.taken == witness.taken == [TREE.note(50)]
    (kept,) = (tmp_path / "cosigned").iterdir()
    assert kept.name == "000000000050-2.note"
    assert kept.read_bytes().count("—".encode()) == 2
    assert [(one.entries, one.published, one.failures) for one in made.health] == [(50, 1, 0), (50, 1, 0)]


@pytest.mark.parametrize("fails", ["no route", "bug"])
def test_what_fails_is_counted_said_once_and_said_when_it_is_well_again(fails: str, tmp_path: Path) -> None:
    place, other, said = Heard("there"), Heard("elsewhere"), list[str]()
    made = publisher(tmp_path, ManualClock(), said, place, other)
    place.fails = fails
    for _ in range(3):
        made.publish_all()
    health = made.health[0]
    assert (health.failures, health.failures_since, health.last_utc_ns) == (3, 3, None)
    assert ("no route" in health.says) == (fails == "no route")
    assert "took nothing yet; failed 3 times, the last 3 in a row" in health.says
    assert made.health[1].failures == 0
    assert len(said) == 1
    place.fails = ""
    made.publish_all()
    assert (made.health[0].failures, made.health[0].failures_since) == (3, 0)
    assert said[1:] == ["checkpoints are published again to there"]


def test_it_runs_by_itself_every_so_often_and_after_a_failure_sooner(tmp_path: Path) -> None:
    clock, place = ManualClock(NS_PER_S), Heard("there")
    made = publisher(tmp_path, clock, [], place)
    stop = threading.Event()
    thread = threading.Thread(target=made.run, args=(stop,))
    thread.start()

    def heard_after(seconds: float, wait_s: float = 10.0) -> bool:
        place.got.clear()
        clock.set_utc_ns(clock.now_utc_ns() + round(seconds * NS_PER_S))
        made.wake()
        return place.got.wait(wait_s)

    try:
        assert place.got.wait(10)
        while not made.health[0].published:
            pass
        assert not heard_after(599.0, 0.6)
        place.fails = "no route"
        assert heard_after(1.5)
        while not made.health[0].failures:
            pass
        place.fails = ""
        assert heard_after(5.5)
    finally:
        stop.set()
        made.wake()
        thread.join(10)
    assert not thread.is_alive()
    assert len(place.taken) == 2
