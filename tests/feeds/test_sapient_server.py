"""Skykeep as fusion node, on loopback, against a peer made of the published bindings alone."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sapient_peer import LAT_LNG, Peer, built, detection, registration, some_uuid, status
from sapient_world import (
    CAMERA,
    FRAME,
    NODES,
    RADAR,
    US,
    Authority,
    KeepingOutlet,
    peer_context,
    serving,
    settings,
)
from skykeep.base.errors import InputError, SetupError
from skykeep.domain.sensing import Scan, SensorStatus
from skykeep.feeds.sapient_server import SapientServer
from skykeep.wire.sapient_task import (
    ChangeMode,
    LookAlong,
    LookAt,
    RequestRegistration,
    RequestStatus,
    SensingTask,
)

PLACE = detection(location={"x": 7.42, "y": 43.73, "z": 150.0, **LAT_LNG})


def run(story: Coroutine[Any, Any, None]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(60.0):
            await story

    asyncio.run(bounded())


def now(content: dict[str, Any], node_id: str = RADAR) -> Any:
    return built(node_id, time.time_ns(), content, US)


async def registered(port: int, node_id: str = RADAR, *kinds: str) -> Peer:
    peer = await Peer.connect(port)
    await peer.send(now(registration(*kinds), node_id))
    ack = await peer.receive()
    assert ack.registration_ack.acceptance, ack
    assert (ack.node_id, ack.destination_id) == (US, node_id)
    return peer


def test_a_node_registers_reports_how_it_is_and_then_what_it_sees() -> None:
    async def story() -> None:
        outlet, server = KeepingOutlet(), SapientServer(settings(), FRAME)
        async with serving(server, outlet) as port:
            peer = await registered(port)
            await peer.send(now(status(nodeLocation={"x": 7.42, "y": 43.73, "z": 60.0, **LAT_LNG})))
            for _ in range(20):
                await peer.send(now(PLACE))
            await outlet.until_records(21)
            told, *scans = outlet.records
            assert isinstance(told, SensorStatus)
            assert (told.sensor_id, told.latency_s) == ("radar-1", 0.25)
            assert all(isinstance(scan, Scan) and scan.sensor_id == "radar-1" for scan in scans)
            assert [scan.sequence for scan in scans if isinstance(scan, Scan)] == list(range(1, 21))
            assert outlet.refusals == []
            assert outlet.heard("R1 (radar) registered as North radar")
            assert server.registrations[RADAR].capabilities[0].value == "5000"
            assert server.counts(RADAR)["detection_report"] == 20
            await peer.close()
            await outlet.until_heard("connection closed")
            await outlet.until_records(22)
            gone = outlet.records[-1]
            assert isinstance(gone, SensorStatus)
            assert (gone.state, gone.says, gone.sequence) == ("failed", "its connection is gone", 21)

    run(story())


def test_a_node_that_says_goodbye_is_off_and_a_silent_one_is_gone() -> None:
    async def story() -> None:
        outlet, server = KeepingOutlet(), SapientServer(settings(least_silence_s=0.05), FRAME)
        async with serving(server, outlet) as port:
            leaving = await registered(port)
            await leaving.send(now(status(system="SYSTEM_GOODBYE")))
            await leaving.close()
            await outlet.until_records(2)
            hasty = registration()
            hasty["registration"]["statusDefinition"]["statusInterval"]["value"] = 0.01
            silent = await Peer.connect(port)
            await silent.send(now(hasty, CAMERA))
            assert await silent.is_closed()
            await outlet.until_records(3)
            await silent.close()
        assert [
            (told.sensor_id, told.state) for told in outlet.records if isinstance(told, SensorStatus)
        ] == [
            ("radar-1", "off"),
            ("radar-1", "off"),
            ("camera-1", "failed"),
        ]
        assert outlet.heard("silent for")

    run(story())


def test_a_node_that_is_not_configured_is_refused_and_told_so() -> None:
    async def story() -> None:
        outlet = KeepingOutlet()
        stranger = some_uuid()
        async with serving(SapientServer(settings(), FRAME), outlet) as port:
            peer = await Peer.connect(port)
            await peer.send(now(registration(), stranger))
            ack = await peer.receive()
            assert not ack.registration_ack.acceptance
            assert list(ack.registration_ack.ack_response_reason) == [
                f"node {stranger} is not configured here"
            ]
            assert await peer.is_closed()
            await peer.close()
        assert [refusal.field for refusal in outlet.refusals] == ["node_id"]

    run(story())


REFUSED_AT_REGISTRATION = {
    "a jammer": (registration("NODE_TYPE_RADAR", "NODE_TYPE_JAMMER"), "sensors only"),
    "a weapon": (registration("NODE_TYPE_KINETIC"), "sensors only"),
    "another version": (registration(version="BSI Flex 335 v1.0"), "only BSI Flex 335 v2.0"),
    "no capabilities": (
        {"registration": {**registration()["registration"], "capabilities": []}},
        "registration.capabilities: absent",
    ),
}


@pytest.mark.parametrize(("content", "reason"), REFUSED_AT_REGISTRATION.values(), ids=REFUSED_AT_REGISTRATION)
def test_a_registration_is_refused_with_its_reason(content: dict[str, Any], reason: str) -> None:
    async def story() -> None:
        outlet = KeepingOutlet()
        async with serving(SapientServer(settings(), FRAME), outlet) as port:
            peer = await Peer.connect(port)
            await peer.send(now(content))
            ack = await peer.receive_kind("registration_ack")
            assert not ack.registration_ack.acceptance
            assert reason in ack.registration_ack.ack_response_reason[0]
            assert reason in (await peer.receive_kind("error")).error.error_message[0]
            await peer.send(now(PLACE))
            assert "a registration, before" in (await peer.receive_kind("error")).error.error_message[0]
            assert outlet.records == []
            await peer.close()

    run(story())


def test_a_bad_message_gets_an_error_that_names_every_field_and_the_next_is_taken() -> None:
    async def story() -> None:
        outlet, server = KeepingOutlet(), SapientServer(settings(), FRAME)
        async with serving(server, outlet) as port:
            peer = await registered(port)
            bad = now(PLACE)
            bad.detection_report.object_id = "thing"
            bad.detection_report.location.y = 97.0
            await peer.send(bad)
            error = (await peer.receive_kind("error")).error
            assert error.packet == bad.SerializeToString()
            assert [text.split(":")[0] for text in error.error_message] == [
                "detection_report.object_id",
                "detection_report.location.y",
            ]
            await peer.send_octets(b"\xff" * 1_000_000)
            assert len((await peer.receive()).error.packet) == 65_536
            await peer.send_octets(b"\xff\xff\xff")
            assert "3 bytes that protobuf cannot read" in (await peer.receive()).error.error_message[0]
            await peer.send(built(RADAR, time.time_ns() - 3_600_000_000_000, PLACE))
            assert "before its receipt" in (await peer.receive()).error.error_message[0]
            await peer.send(now({"error": {"packet": "", "errorMessage": ["yours was bad"]}}))
            await peer.send(now(PLACE))
            await outlet.until_records(1)
            await outlet.until_heard("could not use what we sent: yours was bad")
            assert server.counts(RADAR)["refused"] == 4
            assert len(outlet.refusals) == 5
            await peer.close()

    run(story())


def test_an_alert_is_acknowledged() -> None:
    async def story() -> None:
        outlet = KeepingOutlet()
        async with serving(SapientServer(settings(), FRAME), outlet) as port:
            peer = await registered(port)
            alert = {
                "alertId": "01H4R63D7NVN8444Z5M77WEBY7",
                "description": "lens\n\x1b[2Jcovered" + "!" * 400,
            }
            await peer.send(now({"alert": alert}))
            ack = (await peer.receive()).alert_ack
            assert (ack.alert_id, ack.alert_ack_status) == (alert["alertId"], 1)
            await outlet.until_heard("warns: lens [2Jcovered!")
            assert max(map(len, outlet.sentences)) < 400
            await peer.close()

    run(story())


TASKS: dict[str, tuple[SensingTask, str]] = {
    "look at": (LookAt(latitude_deg=43.74, longitude_deg=7.43, height_hae_m=120.0), "look_at"),
    "look along": (LookAlong(azimuth_rad=-0.5, elevation_rad=0.1), "look_at"),
    "request status": (RequestStatus(), "request"),
    "request registration": (RequestRegistration(), "request"),
    "change mode": (ChangeMode(mode="Stare"), "mode_change"),
}


@pytest.mark.parametrize(("asked", "command"), TASKS.values(), ids=TASKS)
def test_a_sensing_task_is_sent_and_its_answer_comes_back(asked: SensingTask, command: str) -> None:
    async def story() -> None:
        outlet, server = KeepingOutlet(), SapientServer(settings(), FRAME)
        async with serving(server, outlet) as port:
            peer = await registered(port)
            answer = asyncio.ensure_future(server.ask(RADAR, asked))
            task = (await peer.receive_kind("task")).task
            assert task.command.WhichOneof("command") == command
            await peer.send(now({"taskAck": {"taskId": task.task_id, "taskStatus": "TASK_STATUS_ACCEPTED"}}))
            told = await answer
            assert (told.task_id, told.accepted) == (task.task_id, True)
            done = {"taskId": task.task_id, "taskStatus": "TASK_STATUS_FAILED", "reason": ["motor stuck"]}
            await peer.send(now({"taskAck": done}))
            await outlet.until_heard("failed motor stuck")
            await peer.close()

    run(story())


def test_a_rejected_task_comes_back_with_its_reasons() -> None:
    async def story() -> None:
        server = SapientServer(settings(), FRAME)
        async with serving(server, KeepingOutlet()) as port:
            peer = await registered(port)
            answer = asyncio.ensure_future(server.ask(RADAR, RequestStatus()))
            task = (await peer.receive_kind("task")).task
            no = {"taskId": task.task_id, "taskStatus": "TASK_STATUS_REJECTED", "reason": ["busy"]}
            await peer.send(now({"taskAck": no}))
            told = await answer
            assert (told.accepted, told.reasons) == (False, ("busy",))
            await peer.close()

    run(story())


def test_no_task_goes_to_who_may_act_or_is_not_here_or_offers_it_not() -> None:
    async def story() -> None:
        server = SapientServer(settings(), FRAME)
        async with serving(server, KeepingOutlet()) as port:
            peer = await registered(port, RADAR, "NODE_TYPE_CYBER")
            with pytest.raises(InputError, match="cyber node: Skykeep tasks sensors only"):
                await server.ask(RADAR, RequestStatus())
            with pytest.raises(InputError, match="not connected"):
                await server.ask(CAMERA, RequestStatus())
            camera = await registered(port, CAMERA, "NODE_TYPE_CAMERA")
            with pytest.raises(InputError, match="the node registered Watch, Stare"):
                await server.ask(CAMERA, ChangeMode(mode="Fire"))
            with pytest.raises(InputError, match=r"no answer in 0\.05 s"):
                await server.ask(CAMERA, RequestStatus(), timeout_s=0.05)
            await peer.close()
            await camera.close()

    run(story())


def test_two_nodes_at_once_and_a_second_connection_replaces_the_first() -> None:
    async def story() -> None:
        outlet, server = KeepingOutlet(), SapientServer(settings(), FRAME)
        async with serving(server, outlet) as port:
            first, camera = await registered(port), await registered(port, CAMERA)
            await first.send(now(PLACE))
            await outlet.until_records(1)
            waiting = asyncio.ensure_future(server.ask(RADAR, RequestStatus()))
            await first.receive_kind("task")
            second = await registered(port)
            assert await first.is_closed()
            with pytest.raises(InputError, match="replaced by a newer connection"):
                await waiting
            assert outlet.heard("connected again")
            await second.send(now(PLACE))
            await camera.send(now(PLACE, CAMERA))
            await outlet.until_records(3)
            seen = sorted((s.sensor_id, s.sequence) for s in outlet.records if isinstance(s, Scan))
            assert seen == [("camera-1", 0), ("radar-1", 0), ("radar-1", 1)]
            assert set(server.registrations) == {RADAR, CAMERA}
            for peer in (first, second, camera):
                await peer.close()

    run(story())


def test_a_flooding_node_is_held_to_its_rate_and_the_other_is_heard() -> None:
    async def story() -> None:
        outlet, server = KeepingOutlet(), SapientServer(settings(messages_per_s=10.0), FRAME)
        async with serving(server, outlet) as port:
            flood, camera = await registered(port), await registered(port, CAMERA)
            for _ in range(400):
                await flood.send(now(PLACE))
            await camera.send(now(PLACE, CAMERA))
            await outlet.until_heard("North radar: dropped")
            async with asyncio.timeout(10.0):
                while not any(isinstance(s, Scan) and s.sensor_id == "camera-1" for s in outlet.records):
                    await outlet.until_records(len(outlet.records) + 1)
            await flood.close()
            await camera.close()
            await outlet.until_heard("connection closed")
        taken = server.counts(RADAR)["detection_report"]
        dropped = sum(
            int(sentence.split("dropped ")[1].split()[0])
            for sentence in outlet.sentences
            if sentence.startswith("North radar: dropped")
        )
        assert taken + dropped == 400
        assert dropped > 200

    run(story())


def test_a_stream_that_cannot_be_followed_is_closed() -> None:
    async def story() -> None:
        outlet = KeepingOutlet()
        async with serving(SapientServer(settings(), FRAME), outlet) as port:
            peer = await registered(port)
            peer.writer.write(b"GET / HTTP/1.1\r\n\r\n")
            assert "length: 542393671 bytes" in (await peer.receive_kind("error")).error.error_message[0]
            assert await peer.is_closed()
            await peer.close()
        assert [refusal.field for refusal in outlet.refusals] == ["length"]

    run(story())


def test_who_says_nothing_is_closed() -> None:
    async def story() -> None:
        outlet = KeepingOutlet()
        async with serving(SapientServer(settings(register_s=0.05), FRAME), outlet) as port:
            peer = await Peer.connect(port)
            assert await peer.is_closed()
            assert outlet.heard("did not register in")
            await peer.close()

    run(story())


def test_connections_over_the_most_are_turned_away_and_counted() -> None:
    async def story() -> None:
        outlet = KeepingOutlet()
        async with serving(SapientServer(settings(most_connections=1), FRAME), outlet) as port:
            first = await registered(port)
            second = await Peer.connect(port)
            assert await second.is_closed()
            assert outlet.heard("sapient: dropped 1 connections over 1 at once")
            await first.close()
            await second.close()

    run(story())


def test_plain_is_for_loopback_only() -> None:
    for address in ("0.0.0.0", "192.0.2.1", "::", "example.org"):
        with pytest.raises(SetupError, match="without TLS"):
            SapientServer(settings(address=address), FRAME)


def test_missing_or_wrong_tls_files_are_a_sentence(tmp_path: Path) -> None:
    async def story() -> None:
        files = Authority(tmp_path, "ours").files("localhost")
        for name in ("certificate", "key", "authorities"):
            gone = msgspec.structs.replace(files, **{name: tmp_path / "gone"})
            with pytest.raises(SetupError, match="no such file"):
                await SapientServer(settings(tls=gone), FRAME).run(KeepingOutlet())
        wrong = msgspec.structs.replace(files, authorities=files.key)
        with pytest.raises(SetupError, match="TLS files"):
            await SapientServer(settings(tls=wrong), FRAME).run(KeepingOutlet())

    run(story())


async def turned_away(port: int, context: ssl.SSLContext) -> bool:
    """Return whether a client gets no answer: by TLS 1.3 it may learn only at its first read."""
    try:
        stranger = await Peer.connect(port, context)
    except OSError:
        return True
    try:
        await stranger.send(now(registration()))
        await stranger.receive()
    except (OSError, EOFError):
        return True
    finally:
        await stranger.close()
    return False


def test_tls_accepts_a_node_with_a_certificate_of_ours_and_refuses_all_others(tmp_path: Path) -> None:
    async def story() -> None:
        ours, theirs = Authority(tmp_path, "ours"), Authority(tmp_path, "theirs")
        named = msgspec.structs.replace(NODES[0], certificate_name="radar-one")
        outlet = KeepingOutlet()
        server = SapientServer(settings(tls=ours.files("localhost"), nodes=(named,)), FRAME)
        async with serving(server, outlet) as port:
            peer = await Peer.connect(port, peer_context(ours.files("radar-one")))
            await peer.send(now(registration()))
            assert (await peer.receive()).registration_ack.acceptance
            await peer.send(now(PLACE))
            await outlet.until_records(1)

            for context in (
                peer_context(ours.files("radar-two"), with_certificate=False),
                peer_context(theirs.files("radar-one", trusting=ours)),
            ):
                sentences = len(outlet.sentences)
                assert await turned_away(port, context)
                await outlet.until_sentences(sentences + 1)
                assert "a TLS client was refused" in outlet.sentences[-1]

            other = await Peer.connect(port, peer_context(ours.files("radar-two")))
            await other.send(now(registration()))
            ack = (await other.receive()).registration_ack
            assert not ack.acceptance
            assert "certificate of radar-two is not that of radar-one" in ack.ack_response_reason[0]
            await other.close()
            await peer.send(now(PLACE))
            await outlet.until_records(2)
            await peer.close()

    run(story())
