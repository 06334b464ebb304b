"""A watch and its register as people start them: programs of their own, killed where it hurts most."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from live_senders import Datagrams, Flight, contract_line
from live_site import HEAD, PATIENCE_S, feed_text, free_port, sensor_text, udp, wait_for
from loopback import serving
from skykeep.app.folder import LOG
from skykeep.store.log_reader import LogReader
from skykeep.tracking import warm_up

STARTS_S = 120.0
BAN = """
title = "City-wide ban"
reason = "stray flights obstruct the police"
template = "city-wide ban"
[[volumes]]
circle = { longitude_deg = 20.0, latitude_deg = 10.0, radius_m = 9000.0 }
"""


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    warm_up()


class Subscriber:
    """A webhook that keeps what it was told."""

    def __init__(self) -> None:
        outer = self
        self.told: list[dict[str, Any]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                outer.told.append(body)
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def of(self, kind: str) -> list[str]:
        return [body["subject"] for body in self.told if body["kind"] == kind]


@pytest.fixture
def subscriber() -> Iterator[Subscriber]:
    made = Subscriber()
    with serving(made.server):
        yield made


def command(*words: object) -> list[str]:
    return [sys.executable, "-c", "from skykeep.cli import main; main()", *map(str, words)]


def asked(folder: Path, *words: object, by: str = "chief") -> Any:
    """Return what a command of the office answers."""
    known = ("--register", folder / "register.db", "--as", by, "--role", "officer", "--authority", "city")
    ran = subprocess.run(
        command(*words, *known, "--json"), capture_output=True, text=True, timeout=STARTS_S, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@contextmanager
def watching(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Keep the watch over the folder's site; killed, if it still runs, when the block ends."""
    words = ("run", folder / "site.toml", "--out", folder / "night", "--port", 0, "--no-browser")
    program = subprocess.Popen(
        command(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    late = threading.Timer(STARTS_S, program.kill)
    late.start()
    try:
        assert program.stdout is not None
        first = program.stdout.readline()
        assert first.startswith("Skykeep console: http://"), first
        yield program
    finally:
        late.cancel()
        if program.poll() is None:
            program.kill()
        program.communicate(timeout=PATIENCE_S)


@contextmanager
def flying(port: int) -> Iterator[None]:
    ended, flight = threading.Event(), Flight()

    def report() -> None:
        with Datagrams(port) as line:
            while not ended.is_set():
                flight.report(line, contract_line("radar"), 0.2)

    reporting = threading.Thread(target=report)
    reporting.start()
    try:
        yield
    finally:
        ended.set()
        reporting.join(PATIENCE_S)


def site(folder: Path) -> int:
    port = free_port()
    feed = feed_text("contract", "line", "radar", udp=udp(port))
    register = '\n[register]\nauthority = "city"\ntell_hosts = ["127.0.0.1"]\n'
    (folder / "site.toml").write_text(HEAD + sensor_text("radar") + feed + register)
    return port


def verdicts(folder: Path) -> list[dict[str, Any]]:
    log = folder / "night" / LOG
    entries = LogReader(log).entries(kind="verdict") if log.exists() else iter(())
    return [json.loads(entry.payload) for entry in entries]


def changes(folder: Path) -> list[int]:
    return [entry.sequence for entry in LogReader(folder / "night" / LOG).entries(kind="airspace_change")]


def test_signed_while_nobody_watches_it_is_told_once_and_killed_after_it_is_not_told_again(
    tmp_path: Path, subscriber: Subscriber
) -> None:
    site(tmp_path)
    (tmp_path / "ban.toml").write_text(BAN)
    asked(tmp_path, "subscriptions", "add", "webhook", subscriber.url)
    ((drawn),) = asked(tmp_path, "restrictions", "draw", tmp_path / "ban.toml")
    name = drawn["restriction_id"]
    asked(tmp_path, "restrictions", "sign", name)
    asked(tmp_path, "restrictions", "sign", name, by="deputy")
    assert subscriber.told == []

    for _ in range(2):
        with watching(tmp_path) as program:
            wait_for(lambda: subscriber.of("restriction.published") == [name], "the notice")
            wait_for(lambda: bool(changes(tmp_path)), "the change in the log")
            program.send_signal(signal.SIGKILL)
            program.wait(PATIENCE_S)
    assert subscriber.of("restriction.published") == [name]


def test_a_ban_signed_in_another_program_turns_a_live_track_and_its_end_turns_it_back(
    tmp_path: Path, subscriber: Subscriber
) -> None:
    port = site(tmp_path)
    (tmp_path / "ban.toml").write_text(BAN)
    asked(tmp_path, "subscriptions", "add", "webhook", subscriber.url)
    with watching(tmp_path) as program, flying(port):
        wait_for(lambda: bool(verdicts(tmp_path)), "a verdict")
        assert verdicts(tmp_path)[-1]["permission"] == "unknown"
        ((drawn),) = asked(tmp_path, "restrictions", "draw", tmp_path / "ban.toml")
        name = drawn["restriction_id"]
        asked(tmp_path, "restrictions", "sign", name)
        asked(tmp_path, "restrictions", "sign", name, by="deputy")
        wait_for(lambda: verdicts(tmp_path)[-1]["zone_id"] == name, "the ban on the track")
        assert verdicts(tmp_path)[-1]["permission"] == "forbidden"
        asked(tmp_path, "restrictions", "cancel", name, "--reason", "it is over")
        wait_for(lambda: verdicts(tmp_path)[-1]["permission"] == "unknown", "the track let go")
        wait_for(lambda: subscriber.of("restriction.cancelled") == [name], "the notice of the end")
        program.send_signal(signal.SIGTERM)
        _, errors = program.communicate(timeout=PATIENCE_S)
    assert program.returncode == 0, errors
    said = subprocess.run(
        command("replay", tmp_path / "night", "--verify"),
        capture_output=True,
        text=True,
        timeout=STARTS_S,
        check=False,
    )
    assert (said.returncode, said.stdout.startswith("Identical: ")) == (0, True), said.stdout + said.stderr
