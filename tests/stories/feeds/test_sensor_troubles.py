"""What goes wrong with sensors, and what a person reads then: real protocols on real sockets, the live watch
behind them. Every watch here ends with its log made again, byte for byte.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from live_senders import (
    DAY_S,
    NODE,
    US,
    Datagrams,
    Flight,
    Line,
    Message,
    SapientLine,
    Stream,
    asterix_plot,
    contract_line,
    ground_station,
    remote_id_line,
    sapient_report,
)
from live_site import (
    feed_text,
    free_port,
    sensor_text,
    udp,
    wait_for,
    watched,
)
from skykeep.base.clock import NS_PER_S
from skykeep.domain.feed import SourceState
from skykeep.tracking import warm_up


class Kind(NamedTuple):
    """A sensor `one` on a feed named `line`: its part of the file, how to dial, what it sends; `close_m` is
    how near its track must be to the truth.
    """

    text: str
    dial: Callable[[], Line]
    message: Message
    close_m: float


def asterix() -> Kind:
    port = free_port()
    text = sensor_text("one") + feed_text(
        "asterix", "line", "one", udp=udp(port), editions='{ "48" = "1.27" }'
    )
    return Kind(text, lambda: Datagrams(port), asterix_plot(), 45.0)


def contract() -> Kind:
    port = free_port(socket.SOCK_STREAM)
    text = sensor_text("one") + feed_text("contract", "line", "one", listen=udp(port))
    return Kind(text, lambda: Stream(port), contract_line("one"), 20.0)


def sapient_text(port: int) -> str:
    nodes = f'[{{ node_id = "{NODE}", sensor = "one", errors_in_metres = true }}]'
    return sensor_text("one") + feed_text(
        "sapient_server", "line", "", node_id=f'"{US}"', port=port, nodes=nodes
    )


def sapient(error_s: float = 0.0) -> Kind:
    port = free_port(socket.SOCK_STREAM)
    return Kind(sapient_text(port), lambda: SapientLine(port, error_s=error_s), sapient_report(), 20.0)


KINDS = {"asterix": asterix, "contract": contract, "sapient": sapient}


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    warm_up()


# --- unplugged ----------------------------------------------------------------------------------------------


def test_a_radar_is_unplugged_and_plugged_in_again(tmp_path: Path) -> None:
    radar, flight = asterix(), Flight()
    with watched(tmp_path, radar.text) as seen, radar.dial() as line:
        wait_for(lambda: flight.report(line, radar.message, 0.3) > 0 and len(seen.tracks()) == 1)
        track = seen.tracks()
        wait_for(lambda: seen.heard("Nothing heard for"))
        assert seen.health("one").state is SourceState.SILENT
        told = r"Nothing heard for \d+ s: is it unplugged, or the line to it down\?"
        assert re.fullmatch(told, seen.says("one")[-1])
        assert seen.tracks() == track
        flight.report(line, radar.message, 1.5)
        wait_for(lambda: seen.heard("It is well again (it was silent)."))
        wait_for(lambda: seen.tracks() == track and flight.error_m(seen.latest()) < radar.close_m)


def test_a_node_that_loses_its_cable_is_said_to_be_gone(tmp_path: Path) -> None:
    node, flight = sapient(), Flight()
    with watched(tmp_path, node.text) as seen, node.dial() as line:
        flight.report(line, node.message, 1.5)
        wait_for(lambda: len(seen.tracks()) == 1)
        line.close()
        wait_for(lambda: "It says of itself: its connection is gone" in seen.health("one").says)
        wait_for(lambda: seen.heard("closed"))
        assert not any("clock" in sentence for sentence in seen.says())


# --- restarted ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["contract", "sapient"])
def test_a_sensor_that_restarts_is_used_again_at_once_and_its_track_goes_on(
    tmp_path: Path, kind: str
) -> None:
    sensor, flight = KINDS[kind](), Flight()
    with watched(tmp_path, sensor.text) as seen, sensor.dial() as line:
        sent = flight.report(line, sensor.message, 1.5)
        wait_for(lambda: len(seen.tracks()) == 1)
        track = seen.tracks()
        line.close()
        flight.restart()
        with sensor.dial() as again:
            sent += flight.report(again, sensor.message, 1.5)
            wait_for(lambda: len(seen.scans()) == sent)
            wait_for(lambda: seen.tracks() == track and flight.error_m(seen.latest()) < sensor.close_m)
        health = seen.health("one")
        assert (health.refused, health.held_back) == (0, 0)
    says = " ".join(seen.says("line"))
    told = {"contract": "closed the connection.", "sapient": "registered as one"}[kind]
    assert told in says, says


# --- a wrong clock ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error_s", [-3.0, 3.0])
@pytest.mark.parametrize("kind", KINDS)
def test_a_clock_three_seconds_wrong_is_said_and_its_track_is_where_the_drone_is(
    tmp_path: Path, kind: str, error_s: float
) -> None:
    """At 30 m/s a clock that is 3 s wrong would draw the drone 90 m off."""
    sensor = sapient(error_s) if kind == "sapient" else KINDS[kind]()
    flight = Flight()
    with watched(tmp_path, sensor.text) as seen, sensor.dial() as line:
        flight.report(line, sensor.message, 4.0, error_s)
        wait_for(lambda: len(seen.tracks()) == 1)
        assert flight.error_m(seen.latest()) < sensor.close_m
        health = seen.health("one")
        assert health.state is SourceState.CLOCK_WRONG
        assert health.clock_offset_s == pytest.approx(-error_s, abs=0.2)
        assert health.held_back == 0
    which = "ahead of ours" if error_s > 0 else "behind ours, or its data take that long"
    (says,) = [sentence for sentence in seen.says("one") if sentence.startswith("Its clock is")]
    # 0.1 s of it may be the way, which is taken to be as usual.
    assert re.fullmatch(rf"Its clock is (2.9|3.0|3.1) s {which}; its times are put right.", says), says
    late_s = [(scan.received_utc_ns - scan.time_utc_ns) / NS_PER_S for scan in seen.scans()[10:]]
    assert np.median(np.abs(late_s)) < 0.5
    assert np.max(np.abs(late_s)) < 1.0


def test_a_clock_that_is_set_while_all_watch_is_followed(tmp_path: Path) -> None:
    sensor, flight = contract(), Flight()
    with watched(tmp_path, sensor.text) as seen, sensor.dial() as line:
        flight.report(line, sensor.message, 1.5)
        flight.report(line, sensor.message, 2.5, 3.0)
        wait_for(lambda: seen.heard("Its clock went forward by"))
        assert flight.error_m(seen.latest()) < sensor.close_m
        flight.report(line, sensor.message, 4.0)
        wait_for(lambda: seen.heard("Its clock went back by"))
        wait_for(lambda: seen.heard("It is well again (it was clock wrong)."))
        wait_for(lambda: len(seen.tracks()) == 1)
        assert flight.error_m(seen.latest()) < sensor.close_m


def test_one_drone_with_a_wrong_clock_does_not_move_another(tmp_path: Path) -> None:
    port, flight = free_port(), Flight()
    text = sensor_text("one", "remote_id") + feed_text("remote_id", "line", "one", udp=udp(port))
    right, wrong = (
        remote_id_line("1ABC2RIGHT", "02:00:00:00:00:01"),
        remote_id_line("1ABC2WRONG", "02:00:00:00:00:02"),
    )
    with watched(tmp_path, text) as seen, Datagrams(port) as line:
        # Nobody hears before the socket is bound.
        wait_for(lambda: flight.report(line, right, 0.1) > 0 and len(seen.claims()) > 0)
        other = threading.Thread(target=flight.report, args=(line, wrong, 2.0, 3.0))
        other.start()
        flight.report(line, right, 2.0)
        other.join()
        wait_for(lambda: len(seen.claims()) > 30)
        assert seen.health("one").state is SourceState.OK
    for claim in seen.claims():
        assert 0.0 <= (claim.received_utc_ns - claim.time_utc_ns) / NS_PER_S + 0.1 < 0.5, claim.claimed_id
    assert {claim.claimed_id for claim in seen.claims()} == {"1ABC2RIGHT", "1ABC2WRONG"}


# --- yesterday ----------------------------------------------------------------------------------------------

YESTERDAY = {
    "asterix": (-5 * 3_600.0, "I048/140: must be within 30 s: is it a recording, or is its clock set wrong?"),
    "contract": (-DAY_S, "its data are 24.0 h old: a recording, or a clock set wrong."),
    "sapient": (-DAY_S, "must be within 60 s: set its clock: is it a recording, or is its clock set wrong?"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_recording_of_yesterday_starts_no_track_and_what_is_of_now_is_used_again(
    tmp_path: Path, kind: str
) -> None:
    """ASTERIX has no date: what is of yesterday at this very hour is of now. So its data are 5 h old."""
    error_s, says = YESTERDAY[kind]
    sensor, flight = KINDS[kind](), Flight()
    with watched(tmp_path, sensor.text) as seen, sensor.dial() as line:
        wait_for(
            lambda: (
                flight.report(line, sensor.message, 0.5, error_s, 0.02) > 0 and seen.heard("In quarantine")
            )
        )
        assert seen.tracks() == []
        assert seen.scans() == []
        told = next(sentence for sentence in seen.says() if sentence.startswith("In quarantine"))
        assert told.endswith(says)
        flight.report(line, sensor.message, 4.0)
        wait_for(lambda: seen.heard("Used again: 20 good messages in a row."))
        wait_for(lambda: len(seen.tracks()) == 1)
        assert flight.error_m(seen.latest()) < sensor.close_m


# --- another edition ----------------------------------------------------------------------------------------


def test_a_ground_station_of_another_edition_is_not_drawn_and_named(tmp_path: Path) -> None:
    port, flight = free_port(), Flight()
    text = sensor_text("one", "adsb") + feed_text(
        "asterix", "line", "one", udp=udp(port), editions='{ "21" = "2.1" }'
    )
    with watched(tmp_path, text) as seen, Datagrams(port) as line:
        wait_for(
            lambda: (
                flight.report(line, ground_station("0.26"), 0.5, 0.0, 0.02) > 0
                and seen.heard("In quarantine")
            )
        )
        assert seen.claims() == []
        assert seen.tracks() == []
        health = seen.health("line")
        assert health.state is SourceState.QUARANTINED
        assert health.refused == health.heard > 0
    (told,) = [sentence for sentence in seen.says() if sentence.startswith("In quarantine")]
    assert told.startswith("In quarantine: 100 % of its messages are refused, mostly for ")
    assert told.endswith("is its edition or format another one?")
    assert any("I021" in sentence or "CAT021" in sentence for sentence in seen.says())


def test_a_contract_of_another_version_is_not_drawn_and_named(tmp_path: Path) -> None:
    sensor, flight = contract(), Flight()
    with watched(tmp_path, sensor.text) as seen, sensor.dial() as line:
        new = contract_line("one", version=2)
        wait_for(lambda: flight.report(line, new, 0.5, 0.0, 0.02) > 0 and seen.heard("In quarantine"))
        assert seen.tracks() == []
        assert seen.scans() == []
    assert any(sentence.startswith("version: 2, must be one of 1") for sentence in seen.says())
    assert any(
        sentence == "In quarantine: 100 % of its messages are refused, mostly for version: must be one of 1: "
        "is its edition or format another one?"
        for sentence in seen.says()
    )


def test_a_node_of_another_version_is_turned_away_and_told_why(tmp_path: Path) -> None:
    port, flight = free_port(socket.SOCK_STREAM), Flight()
    with watched(tmp_path, sapient_text(port)) as seen, SapientLine(port, "BSI Flex 335 v1.0") as line:
        assert not line.answer.acceptance
        assert "BSI Flex 335 v1.0" in " ".join(line.answer.ack_response_reason)
        flight.report(line, sapient_report(), 1.0)
        wait_for(lambda: seen.heard("registration refused"))
        assert seen.tracks() == []
        assert seen.scans() == []
    (told,) = [sentence for sentence in seen.says("line") if "registration refused" in sentence]
    assert "BSI Flex 335 v1.0" in told
