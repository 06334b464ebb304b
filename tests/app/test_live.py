"""The live watch: sources on real sockets, the real pipeline, a log that can be replayed."""

from __future__ import annotations

import asyncio
import socket
import threading
from pathlib import Path

import msgspec
import numpy as np
import pytest

from live_peers import NumberTranslator
from live_watch import PATIENCE_S, fly, live, state_of, wait_for
from skykeep.app.feed_runner import FeedPlan
from skykeep.app.live import LiveWatch
from skykeep.app.replay import verify_replay
from skykeep.base.errors import InputError, LinkError, SetupError
from skykeep.domain.commands import LiftQuarantine
from skykeep.domain.feed import Refusal, SourceState, Taken
from skykeep.domain.sensing import MeasurementKind, make_scan
from skykeep.engine.pipeline import Pipeline
from skykeep.feeds.care import CareRules
from skykeep.feeds.feed import Outlet
from skykeep.feeds.inbox import ROOM
from skykeep.feeds.udp import UdpFeed
from skykeep.tracking import warm_up


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    warm_up()


def test_datagrams_become_a_track_and_the_log_replays_to_the_same_bytes(tmp_path: Path) -> None:
    radar = UdpFeed("radar", NumberTranslator("radar"), 0, "127.0.0.1")
    with live(tmp_path, [FeedPlan(radar)], "radar") as (_, watching):
        fly(radar)
        wait_for(lambda: watching.judgement is not None and len(watching.judgement.picture) == 1)
        assert watching.judgement is not None
        velocity = watching.judgement.picture.state[0, 3:5]
        assert np.hypot(*(velocity - [15.0, 0.0])) < 6.0
    report = verify_replay(tmp_path)
    assert report.identical, report.sentence


class BreakingFeed:
    """Loses its link at once, the first two times."""

    source_id = "breaking"

    def __init__(self, error: Exception) -> None:
        self.runs, self._error = 0, error

    async def run(self, outlet: Outlet) -> None:
        self.runs += 1
        if self.runs < 3:
            raise self._error
        outlet.put(Taken())
        await asyncio.get_running_loop().create_future()


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (
            LinkError("the radar does not answer"),
            "the radar does not answer; tried again",
        ),
        (ZeroDivisionError("oh"), "a fault in Skykeep itself, ZeroDivisionError: oh; tried again."),
    ],
)
def test_a_feed_that_fails_is_run_again_and_the_others_do_not_notice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, says: str
) -> None:
    monkeypatch.setattr("skykeep.app.feed_runner.RETRY_FROM_S", 0.01)
    breaking, radar = BreakingFeed(error), UdpFeed("radar", NumberTranslator("radar"), 0, "127.0.0.1")
    with live(tmp_path, [FeedPlan(breaking), FeedPlan(radar)], "radar") as (_, watching):
        wait_for(lambda: breaking.runs == 3)
        fly(radar)
        wait_for(lambda: watching.judgement is not None and len(watching.judgement.picture) == 1)
    assert any(sentence.startswith(says) for sentence in watching.says)


def test_a_feed_that_can_never_work_is_said_and_left(tmp_path: Path) -> None:
    class Hopeless:
        source_id = "hopeless"

        async def run(self, outlet: Outlet) -> None:
            raise SetupError("hopeless: cannot listen on 127.0.0.1 port 1: Permission denied")

    with live(tmp_path, [FeedPlan(Hopeless())]) as (watch, watching):
        wait_for(lambda: "hopeless" in watch.feeds.broken)
    assert "It cannot work: hopeless: cannot listen on 127.0.0.1 port 1: Permission denied." in watching.says


def test_two_feeds_of_one_name_are_refused(tmp_path: Path) -> None:
    feeds = [FeedPlan(UdpFeed("a", NumberTranslator("a"), 0)) for _ in range(2)]
    with pytest.raises(SetupError, match="two feeds have one name"), live(tmp_path, feeds, "a"):
        pass


def test_a_flooded_source_is_held_back_and_every_datagram_is_accounted_for(tmp_path: Path) -> None:
    flooded, quieter = (UdpFeed(name, NumberTranslator(name), 0, "127.0.0.1") for name in ("flood", "quiet"))
    sent, plans = 20_000, [FeedPlan(flooded, {}, 200.0, 100), FeedPlan(quieter)]
    with live(tmp_path, plans, "flood", "quiet") as (watch, watching):
        address = flooded.listening.result(PATIENCE_S)
        flyer = threading.Thread(target=fly, args=(quieter, 2.0))
        flyer.start()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for k in range(sent):
                sender.sendto(b"%d %d 4000" % (k, 3000 + k % 977), address)
        wait_for(lambda: state_of(watch, "flood") is SourceState.FLOODING)
        flyer.join()
        wait_for(lambda: accounted(watch, "flood") == sent)
        quiet = watch.feeds.spouts["quiet"].health()[0]
        assert (quiet.dropped_rate, quiet.dropped_kernel, quiet.dropped_full, quiet.refused) == (0, 0, 0, 0)
        assert quiet.heard == quiet.records > 10
        wait_for(lambda: watching.judgement is not None and len(watching.judgement.picture) >= 1)
    assert any("It sends faster than can be taken" in sentence for sentence in watching.says)


def accounted(watch: LiveWatch, source_id: str) -> int:
    health = watch.feeds.spouts[source_id].health()[0]
    return health.heard + health.dropped_kernel


def test_a_scan_of_a_sensor_that_the_site_does_not_have_is_refused_and_said(tmp_path: Path) -> None:
    class Stranger:
        source_id = "stranger"

        async def run(self, outlet: Outlet) -> None:
            now = outlet.now_utc_ns()
            scan = make_scan(
                sensor_id="stranger",
                sequence=1,
                kind=MeasurementKind.POSITION,
                time_utc_ns=now,
                received_utc_ns=now,
                measured=np.zeros((1, 3)),
                sigma=np.ones((1, 3)),
            )
            outlet.put(Taken(records=(scan,)))
            await asyncio.get_running_loop().create_future()

    with live(tmp_path, [FeedPlan(Stranger())], "radar") as (watch, _):
        wait_for(lambda: watch.pipeline.counts["rejected"] == 1)


def test_a_source_that_is_unplugged_is_said_to_be_silent(tmp_path: Path) -> None:
    radar = UdpFeed("radar", NumberTranslator("radar"), 0, "127.0.0.1")
    plan = FeedPlan(radar, {"radar": CareRules(period_s=0.1)})
    with live(tmp_path, [plan], "radar") as (watch, watching):
        fly(radar, 0.5)
        wait_for(lambda: state_of(watch, "radar") is SourceState.SILENT)
        wait_for(lambda: any("Nothing heard for" in sentence for sentence in watching.says))
        assert watch.latency_ms("radar", 0.5) is not None


def test_after_a_restart_the_tracks_are_there_and_the_log_goes_on(tmp_path: Path) -> None:
    for attempt in range(2):
        radar = UdpFeed("radar", NumberTranslator("radar"), 0, "127.0.0.1")
        with live(tmp_path, [FeedPlan(radar)], "radar") as (watch, watching):
            before = watch.pipeline.judgement
            assert (before is None) == (attempt == 0)
            used = watch.pipeline.counts["detections"]
            fly(radar, 1.5)
            wait_for(lambda: watching.judgement is not None and len(watching.judgement.picture) >= 1)
            assert watch.pipeline.counts["detections"] > used + 10
            assert watch.pipeline.counts["rejected"] == 0
    report = verify_replay(tmp_path)
    assert report.identical, report.sentence


def test_a_log_of_another_site_is_not_gone_on_with(tmp_path: Path) -> None:
    with live(tmp_path, [], "radar"):
        pass
    with pytest.raises(SetupError, match="another site"), live(tmp_path, [], "another"):
        pass


class BadThenGood:
    """Sixty refusals at once, and nothing more."""

    source_id = "odd"

    async def run(self, outlet: Outlet) -> None:
        bad = Taken(refusals=(Refusal(field="azimuth", found="400", must="below 360"),))
        for _ in range(60):
            outlet.admit()
            outlet.put(bad)
        await asyncio.get_running_loop().create_future()


def test_a_person_lifts_a_quarantine_and_nobody_else_does(tmp_path: Path) -> None:
    with live(tmp_path, [FeedPlan(BadThenGood())], "radar") as (watch, watching):
        wait_for(lambda: state_of(watch, "odd") is SourceState.QUARANTINED)
        lift = LiftQuarantine(source_id="odd", reason="set right", by="amara", time_utc_ns=1)
        with pytest.raises(InputError, match="source_id: nothing, must be a source of this watch"):
            watch.desk.decide(msgspec.structs.replace(lift, source_id="nothing"))
        with pytest.raises(InputError, match="by: stranger, must be somebody on duty"):
            watch.desk.decide(msgspec.structs.replace(lift, by="stranger"))
        assert state_of(watch, "odd") is SourceState.QUARANTINED
        watch.desk.decide(lift)
        assert state_of(watch, "odd") is not SourceState.QUARANTINED
        wait_for(lambda: "Used again: amara says: set right" in watching.says)
    assert verify_replay(tmp_path).identical


def test_while_another_pipeline_takes_over_nothing_is_dropped_and_nothing_overtakes(tmp_path: Path) -> None:
    many, turns = 3_000, list[int]()
    assert many > ROOM
    with live(tmp_path, [], "radar") as (watch, watching):

        def go_on(pipeline: Pipeline, now_utc_ns: int) -> Pipeline:
            """Take so long that more comes in than the inbox has room for."""
            if watching.judgement is not None and not turns:
                turns.append(now_utc_ns)
                for k in range(many):
                    at = np.array([[500.0 + k, 0.0, 100.0]])
                    scan = make_scan(
                        sensor_id="radar",
                        sequence=k,
                        kind=MeasurementKind.POSITION,
                        time_utc_ns=now_utc_ns + k,
                        received_utc_ns=now_utc_ns + k,
                        measured=at,
                        sigma=np.full((1, 3), 5.0),
                    )
                    watch.inbox.put("radar", [scan])
                    if k % 500 == 0:
                        watch.hold()
            return pipeline

        watch._go_on = go_on
        wait_for(lambda: len(watching.scans) == many)
        assert watch.inbox.dropped == {}
        assert watching.scans == list(range(many))
