"""A live watch whose site names registers: who is asked, what follows from it, and who is not asked again."""

from __future__ import annotations

import json
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import loopback
from live_senders import SPEED_MPS, Datagrams, Flight, Message, contract_line, geodetic
from live_site import HEAD, PATIENCE_S, feed_text, free_port, sensor_text, udp, wait_for
from skykeep.app.folder import LOG
from skykeep.app.replay import verify_replay
from skykeep.cli.live_console import LiveConsole
from skykeep.domain.identity import ClaimCheck, ClaimCheckKind, ClaimVerdict, Identification, Standing
from skykeep.domain.record import EntryRole
from skykeep.store.log_reader import LogReader
from skykeep.tracking import warm_up

SERIAL = "1596F0A12345"


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    warm_up()


class AskedRegister:
    """A register of aircraft on this machine: it knows nobody, or answers nothing that can be used."""

    def __init__(self, code: int) -> None:
        self.asked: list[tuple[str, str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
                token = self.headers.get("authorization", "")
                outer.asked.append((query["kind"][0], query["claimed_id"][0], token))
                self.send_response(code)
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/aircraft"


@contextmanager
def serving(code: int) -> Iterator[AskedRegister]:
    made = AskedRegister(code)
    with loopback.serving(made.server):
        yield made


def register_text(name: str, url: str, more: str = "") -> str:
    return f'\n[[registers]]\nname = "{name}"\naddress = "{url}"\nnetworks = ["127.0.0.0/8"]\n{more}'


def claim_line() -> Message:
    """The drone's own word, true to the metre."""

    def made(k: int, at_utc_ns: int, began_utc_ns: int, shown_utc_ns: int) -> bytes:
        latitude_deg, longitude_deg, height_m = geodetic(at_utc_ns, began_utc_ns)
        claim = {
            "claimed_id": SERIAL,
            "latitude_deg": latitude_deg,
            "longitude_deg": longitude_deg,
            "height_hae_m": height_m,
            "sigma_horizontal_m": 3.0,
            "sigma_vertical_m": 3.0,
            "ground_speed_mps": SPEED_MPS,
            "course_deg": 90.0,
            "vertical_speed_mps": 0.0,
        }
        message = {"type": "claims", "sensor_id": "ear", "sequence": k, "time_utc": shown_utc_ns}
        return json.dumps({**message, "claims": [claim]}).encode() + b"\n"

    return made


class Sky:
    """One drone, seen by a radar and heard by a receiver, over lines to this machine."""

    def __init__(self) -> None:
        self.ports = free_port(), free_port()
        self.text = (
            sensor_text("radar")
            + sensor_text("ear", "remote_id")
            + feed_text("contract", "radar-line", "radar", udp=udp(self.ports[0]))
            + feed_text("contract", "ear-line", "ear", udp=udp(self.ports[1]))
        )
        self._flights = Flight(), Flight()

    @contextmanager
    def flying(self) -> Iterator[None]:
        ended = threading.Event()

        def report(flight: Flight, port: int, message: Message) -> None:
            with Datagrams(port) as line:
                while not ended.is_set():
                    flight.report(line, message, 0.2)

        messages = contract_line("radar"), claim_line()
        threads = [
            threading.Thread(target=report, args=each)
            for each in zip(self._flights, self.ports, messages, strict=True)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            ended.set()
            for thread in threads:
                thread.join(PATIENCE_S)


class Run:
    """A watch as `skykeep run` composes it, and what it said on the terminal."""

    def __init__(self, folder: Path, text: str) -> None:
        file = folder / "site.toml"
        file.write_text(HEAD + text)
        self.said: list[str] = []
        self.console = LiveConsole(file, folder / "night", 0, threading.Event(), self.said.append)

    def drone(self) -> Identification | None:
        """What is thought of the drone, once its claim is its own."""
        judgement = self.console.pipeline.judgement
        found = () if judgement is None else judgement.identifications
        return next((each for each in found if each.claimed_id == SERIAL), None)

    def check(self) -> ClaimCheck | None:
        drone = self.drone()
        checks = () if drone is None else (check for test in drone.claims for check in test.checks)
        return next((check for check in checks if check.kind is ClaimCheckKind.REGISTRY), None)


@contextmanager
def running(folder: Path, text: str, sky: Sky) -> Iterator[Run]:
    """Keep the watch while the drone flies; its log must replay to the same bytes."""
    run = Run(folder, text)
    stop = run.console._stop
    thread = threading.Thread(target=run.console.run, daemon=True)
    thread.start()
    try:
        with sky.flying():
            yield run
    finally:
        stop.set()
        thread.join(PATIENCE_S)
        assert not thread.is_alive()
    report = verify_replay(folder / "night")
    assert report.identical, report.sentence


def logged(folder: Path) -> list[str]:
    """What the log holds of registers' answers, in order."""
    entries = LogReader(folder / "night" / LOG).entries(role=EntryRole.INPUT)
    return [json.loads(each.payload)["status"] for each in entries if each.kind == "registry_answer"]


def test_an_unknown_serial_makes_its_track_suspect_and_is_asked_about_once(tmp_path: Path) -> None:
    sky = Sky()
    (tmp_path / "state.token").write_text("open-sesame\n")
    with serving(404) as state, serving(503) as club:
        # The club's register does not answer: it changes nothing, is counted, and is said once.
        with running(tmp_path, sky.text + register_text("Club", club.url), sky) as run:
            wait_for(lambda: run.check() is not None, "the register's silence")
            drone, check = run.drone(), run.check()
            assert drone is not None
            assert check is not None
            assert drone.standing is Standing.UNKNOWN  # nothing permits it: as without any register
            assert check.verdict is ClaimVerdict.UNTESTED
            assert check.because.startswith(f"Club could not be asked about {SERIAL}.")
        assert "Club does not answer: It answered 503." in run.said
        assert "Registers: 1 asked, 1 unreachable." in run.said
        assert logged(tmp_path) == ["unreachable"]

        # The watch goes on with the state's register beside it, which knows nobody of that name.
        opened = register_text("State", state.url, 'token_file = "state.token"\n')
        both = sky.text + register_text("Club", club.url) + opened
        with running(tmp_path, both, sky) as run:
            wait_for(lambda: (drone := run.drone()) is not None and drone.standing is Standing.SUSPECT)
            check = run.check()
            assert check is not None
            assert check.because.startswith(f"State does not know {SERIAL}.")
        assert state.asked == [("remote_id", SERIAL, "Bearer open-sesame")]
        assert logged(tmp_path).count("not_registered") == 1

        # Started once more, the log is played through: the state is not asked again, nothing is forgotten.
        with running(tmp_path, both, sky) as run:
            drone = run.drone()
            assert drone is not None
            assert drone.standing is Standing.SUSPECT
            before = len(club.asked)
            wait_for(lambda: len(club.asked) > before, "the club being asked again")
        assert len(state.asked) == 1
        assert logged(tmp_path).count("not_registered") == 1
