"""Skykeep as edge node, on loopback, under a parent made of the published bindings alone; and its pacing."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sapient_peer import PATIENCE_S, Peer, built
from sapient_world import RADAR, US, Authority, KeepingOutlet, peer_context
from skykeep.base.errors import LinkError, SetupError
from skykeep.domain.identity import Standing, TargetClass
from skykeep.domain.track import TrackReport, TrackStatus
from skykeep.feeds.sapient_client import WARNING, SapientClient, SapientClientSettings
from skykeep.feeds.sapient_pace import Bucket, TrackQueue
from skykeep.wire.sapient_ids import ulid_time_utc_ns
from skykeep.wire.sapient_tell import Self

PARENT = "c8654cdf-4328-47de-81fa-c495589e30c9"
S = 1_000_000_000
BORN_UTC_NS = 1_930_000_000_000_000_000
ME = Self(
    node_id=US,
    name="Skykeep at the harbour",
    short_name="Harbour",
    software_version="0.1.0",
    latitude_deg=43.73,
    longitude_deg=7.42,
    height_hae_m=50.0,
    reach_m=5_000.0,
    dependent_nodes=(RADAR,),
)
TRACK = TrackReport(
    track_id=7,
    time_utc_ns=BORN_UTC_NS + 20 * S,
    status=TrackStatus.CONFIRMED,
    latitude_deg=43.74,
    longitude_deg=7.43,
    height_hae_m=160.0,
    height_amsl_m=112.0,
    height_agl_m=90.0,
    velocity_enu_mps=(3.0, -4.0, 0.5),
    sigma_enu_m=(5.0, 6.0, 9.0),
    covariance_enu=(25.0, 0.0, 0.0, 36.0, 0.0, 81.0),
    existence=0.97,
    target_class=TargetClass.MULTIROTOR,
    class_probabilities=(0.8, 0.1, 0.06, 0.03, 0.01),
    standing=Standing.SUSPECT,
    name="T7",
    claimed_id="1581F4ABC",
    born_utc_ns=BORN_UTC_NS,
)


def track(track_id: int, time_utc_ns: int) -> TrackReport:
    return msgspec.structs.replace(TRACK, track_id=track_id, time_utc_ns=time_utc_ns)


def run(story: Coroutine[Any, Any, None]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(60.0):
            await story

    asyncio.run(bounded())


@asynccontextmanager
async def parent(context: ssl.SSLContext | None = None) -> AsyncIterator[tuple[int, asyncio.Queue[Peer]]]:
    """Listen as a parent, and hand over each connection as a peer."""
    peers: asyncio.Queue[Peer] = asyncio.Queue()

    async def arrived(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await peers.put(Peer(reader, writer))

    server = await asyncio.start_server(arrived, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1], peers
    finally:
        server.close()


def client(port: int, **more: Any) -> SapientClient:
    address = "localhost" if "tls" in more else "127.0.0.1"
    usual = {"source_id": "parent", "address": address, "port": port, "me": ME}
    return SapientClient(SapientClientSettings(**{**usual, **more}))


@asynccontextmanager
async def running(one: SapientClient, outlet: KeepingOutlet) -> AsyncIterator[asyncio.Future[None]]:
    task = asyncio.ensure_future(one.run(outlet))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def accept(peers: asyncio.Queue[Peer]) -> tuple[Peer, Any]:
    peer = await asyncio.wait_for(peers.get(), PATIENCE_S)
    registration = await peer.receive()
    assert registration.WhichOneof("content") == "registration"
    await peer.send(built(PARENT, time.time_ns(), {"registrationAck": {"acceptance": True}}, US))
    return peer, registration


def test_it_registers_reports_its_state_and_sends_tracks() -> None:
    async def story() -> None:
        outlet = KeepingOutlet()
        async with parent() as (port, peers):
            one = client(port)
            async with running(one, outlet):
                peer, registration = await accept(peers)
                told = registration.registration
                assert (registration.node_id, told.icd_version) == (US, "BSI Flex 335 v2.0")
                assert [definition.node_type for definition in told.node_definition] == [20]
                assert list(told.dependent_nodes) == [RADAR]
                status = await peer.receive_kind("status_report")
                assert (status.destination_id, status.status_report.system) == (PARENT, 1)
                place = status.status_report.node_location
                assert (place.x, place.y, place.z) == (7.42, 43.73, 50.0)
                now_utc_ns = time.time_ns()
                one.offer([track(7, now_utc_ns)])
                first = await peer.receive_kind("detection_report")
                one.offer([track(7, now_utc_ns + 1)])
                second = (await peer.receive_kind("detection_report")).detection_report
                check_track(first, now_utc_ns)
                assert second.object_id == first.detection_report.object_id
                assert second.report_id != first.detection_report.report_id
                one.set_health(WARNING, "one radar is silent")
                warned = (await peer.receive_kind("status_report")).status_report
                assert (warned.system, warned.status[0].status_value) == (2, "one radar is silent")
            assert (await peer.receive_kind("status_report")).status_report.system == 5  # goodbye
            await peer.close()

    run(story())


def check_track(message: Any, time_utc_ns: int) -> None:
    assert message.timestamp.ToNanoseconds() == time_utc_ns
    told = message.detection_report
    assert ulid_time_utc_ns(told.object_id) == BORN_UTC_NS
    place, velocity = told.location, told.enu_velocity
    assert (place.x, place.y, place.z) == (7.43, 43.74, 160.0)
    # One sigma of 5 m east and 6 m north, in degrees at 43.74 N.
    assert place.x_error == pytest.approx(5.0 / 80_343.0, rel=1e-3)
    assert place.y_error == pytest.approx(6.0 / 111_195.0, rel=1e-3)
    assert (velocity.east_rate, velocity.north_rate, velocity.up_rate) == (3.0, -4.0, 0.5)
    shares = {one.type: one.confidence for one in told.classification}
    assert shares == pytest.approx({"Air vehicle": 0.93, "Animal": 0.06, "Other": 0.01})
    assert [(sub.type, sub.level) for sub in told.classification[0].sub_class] == [
        ("UAV rotary wing", 1),
        ("UAV fixed wing", 1),
        ("Manned fixed wing", 1),
    ]
    assert told.detection_confidence == pytest.approx(0.97)
    assert (told.id, told.state) == ("1581F4ABC", "confirmed")
    assert [(info.type, info.value) for info in told.object_info] == [("standing", "suspect")]


TASKS: dict[str, tuple[dict[str, Any], str]] = {
    "look at": (
        {
            "command": {
                "lookAt": {
                    "rangeBearing": {
                        "azimuth": 3.0,
                        "coordinateSystem": "RANGE_BEARING_COORDINATE_SYSTEM_DEGREES_M",
                        "datum": "RANGE_BEARING_DATUM_TRUE",
                    }
                }
            }
        },
        "look_at: Skykeep reports tracks and does nothing else by order",
    ),
    "reset": ({"command": {"request": "Reset"}}, "request 'Reset'"),
    "another mode": ({"command": {"modeChange": "Attack"}}, "mode 'Attack': Default is the only one"),
    "stop": ({"control": "CONTROL_STOP"}, "tasks here can only be started"),
    "nothing": ({}, "a task without a command"),
}


@pytest.mark.parametrize(("asked", "reason"), TASKS.values(), ids=TASKS)
def test_a_task_it_does_not_do_is_refused_with_the_reason(asked: dict[str, Any], reason: str) -> None:
    async def story() -> None:
        outlet = KeepingOutlet()
        async with parent() as (port, peers), running(client(port), outlet):
            peer, _ = await accept(peers)
            task = {"taskId": "01H4R63D7NVN8444Z5M77WEBY8", "control": "CONTROL_START", **asked}
            await peer.send(built(PARENT, time.time_ns(), {"task": task}, US))
            ack = (await peer.receive_kind("task_ack")).task_ack
            assert (ack.task_id, ack.task_status) == (task["taskId"], 2)
            assert reason in ack.reason[0]
            await peer.close()

    run(story())


def test_requests_it_knows_are_accepted_and_done() -> None:
    async def story() -> None:
        async with parent() as (port, peers), running(client(port), KeepingOutlet()):
            peer, _ = await accept(peers)
            await peer.receive_kind("status_report")
            for asked, answer in (("Status", "status_report"), ("Registration", "registration")):
                task = {
                    "taskId": "01H4R63D7NVN8444Z5M77WEBY8",
                    "control": "CONTROL_START",
                    "command": {"request": asked},
                }
                await peer.send(built(PARENT, time.time_ns(), {"task": task}, US))
                assert (await peer.receive_kind("task_ack")).task_ack.task_status == 1
                await peer.receive_kind(answer)
            await peer.close()

    run(story())


def test_a_parent_that_refuses_it_is_a_broken_link_with_the_reason() -> None:
    async def story() -> None:
        async with parent() as (port, peers), running(client(port), KeepingOutlet()) as task:
            peer = await asyncio.wait_for(peers.get(), PATIENCE_S)
            await peer.receive()
            no = {"acceptance": False, "ackResponseReason": ["unknown node"]}
            await peer.send(built(PARENT, time.time_ns(), {"registrationAck": no}, US))
            with pytest.raises(LinkError, match="refuses us: unknown node"):
                await task
            await peer.close()

    run(story())


def test_a_lost_parent_is_a_broken_link_and_run_again_it_registers_again() -> None:
    async def story() -> None:
        outlet = KeepingOutlet()
        async with parent() as (port, peers):
            one = client(port)
            async with running(one, outlet) as task:
                peer, _ = await accept(peers)
                await peer.receive_kind("status_report")
                await peer.close()
                with pytest.raises(LinkError, match="connection closed"):
                    await task
            one.offer([track(9, time.time_ns())])
            async with running(one, outlet):
                peer, _ = await accept(peers)
                await peer.receive_kind("detection_report")
                await peer.close()
        with pytest.raises(LinkError):
            await one.run(outlet)

    run(story())


def test_a_bad_message_from_the_parent_gets_an_error_and_a_runaway_track_does_not_go_out() -> None:
    async def story() -> None:
        outlet = KeepingOutlet()
        async with parent() as (port, peers):
            one = client(port)
            async with running(one, outlet):
                peer, _ = await accept(peers)
                await peer.send(built(PARENT, time.time_ns(), {"task": {"control": "CONTROL_START"}}, US))
                error = (await peer.receive_kind("error")).error
                assert error.error_message[0].startswith("task.task_id: absent")
                now_utc_ns = time.time_ns()
                away = msgspec.structs.replace(track(1, now_utc_ns), height_hae_m=2e6)
                one.offer([away, track(2, now_utc_ns)])
                assert (await peer.receive_kind("detection_report")).detection_report.location.z == 160.0
                assert one.queue.counts["held back: a state that cannot be"] == 1
                await peer.close()

    run(story())


def test_tls_shows_our_certificate_and_asks_for_the_parents(tmp_path: Path) -> None:
    async def story() -> None:
        ours, theirs = Authority(tmp_path, "ours"), Authority(tmp_path, "theirs")
        files = theirs.files("localhost", trusting=ours)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(files.authorities))
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_cert_chain(files.certificate, files.key)
        async with parent(context) as (port, peers):
            good = client(port, tls=ours.files("harbour", trusting=theirs))
            async with running(good, KeepingOutlet()):
                peer, _ = await accept(peers)
                names = dict(part[0] for part in peer.writer.get_extra_info("peercert")["subject"])
                assert names["commonName"] == "harbour"
                await peer.close()
            mistrusting = client(port, tls=ours.files("harbour"))
            with pytest.raises(LinkError):
                await mistrusting.run(KeepingOutlet())

    run(story())
    assert peer_context(Authority(tmp_path, "spare").files("x")).verify_mode is ssl.CERT_REQUIRED


def test_plain_is_for_loopback_only_and_ids_are_checked() -> None:
    with pytest.raises(SetupError, match="without TLS"):
        client(1, address="192.0.2.7")
    with pytest.raises(SetupError, match="UUID of version 4"):
        client(1, parent_id="parent")
    with pytest.raises(SetupError, match="over 0"):
        client(1, detections_per_s=0.0)


def test_the_queue_sends_twelve_and_a_half_a_second_in_turn_and_the_newest_state() -> None:
    queue = TrackQueue()
    sent: list[tuple[int, int, int]] = []
    for ms in range(0, 4_000, 10):
        now_utc_ns = BORN_UTC_NS + ms * 1_000_000
        if ms % 1_000 == 0:
            queue.offer(track(track_id, now_utc_ns) for track_id in range(20))
        report = queue.take(now_utc_ns)
        if report is not None:
            sent.append((ms, report.track_id, (now_utc_ns - report.time_utc_ns) // 1_000_000))
    times_ms = [ms for ms, _, _ in sent]
    assert all(after - before >= 80 for before, after in pairwise(times_ms))
    assert 4 * 12 <= len(sent) <= 50
    assert max(age_ms for _, _, age_ms in sent) <= 900
    # 20 tracks share 12 places a second: in four seconds each had its turn twice at least.
    assert min(sum(one == track_id for _, one, _ in sent) for track_id in range(20)) >= 2
    assert queue.take(BORN_UTC_NS + 3_600 * S) is None
    assert queue.held_back == 80 - len(sent)


@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.integers(0, 4), st.integers(-1_500, 100)), min_size=1, max_size=80
    )
)
def test_what_is_sent_is_paced_fresh_and_in_order_and_the_rest_is_counted(
    steps: list[tuple[int, int, int]],
) -> None:
    queue = TrackQueue()
    now_utc_ns, offered, last_sent_utc_ns, last_state_utc_ns, sent = BORN_UTC_NS, 0, 0, 0, 0
    for wait_ms, track_id, age_ms in steps:
        now_utc_ns += wait_ms * 1_000_000
        queue.offer([track(track_id, now_utc_ns + age_ms * 1_000_000)])
        offered += 1
        report = queue.take(now_utc_ns)
        if report is not None:
            assert now_utc_ns - last_sent_utc_ns >= 80_000_000
            assert now_utc_ns - report.time_utc_ns <= 900_000_000
            assert report.time_utc_ns >= last_state_utc_ns
            last_sent_utc_ns, last_state_utc_ns, sent = now_utc_ns, report.time_utc_ns, sent + 1
    queue.take(now_utc_ns)
    assert queue.take(now_utc_ns + 3_600 * S) is None  # whatever still waited has grown old
    assert queue.counts["sent"] + queue.held_back == offered
    assert queue.counts["sent"] in (sent, sent + 1)


def test_a_bucket_lets_its_burst_through_and_then_its_rate() -> None:
    bucket = Bucket(10.0, 5.0)
    assert sum(bucket.take(BORN_UTC_NS) for _ in range(20)) == 5
    assert sum(bucket.take(BORN_UTC_NS + S // 5) for _ in range(20)) == 2
    assert bucket.take(BORN_UTC_NS) is False  # a clock set back gives nothing
