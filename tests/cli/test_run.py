"""`skykeep run` as a person starts it: a program of its own, a radar over UDP, an orderly end."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from live_senders import (
    Datagrams,
    Flight,
    contract_line,
)
from live_site import (
    HEAD,
    PATIENCE_S,
    feed_text,
    free_port,
    sensor_text,
    udp,
    wait_for,
)
from skykeep.app.folder import LOG
from skykeep.base.errors import SetupError
from skykeep.domain.record import EntryRole
from skykeep.store.log_reader import LogReader
from skykeep.tracking import warm_up

STARTS_S = 120.0


@pytest.fixture(scope="module", autouse=True)
def _compiled() -> None:
    """Compile here what the programs would, so that none of their time goes into it."""
    warm_up()


def site_file(folder: Path, port: int) -> Path:
    file = folder / "site.toml"
    feed = feed_text("contract", "line", "radar", udp=udp(port))
    file.write_text(HEAD + sensor_text("radar") + feed)
    return file


def skykeep(*words: object) -> list[str]:
    return [sys.executable, "-c", "from skykeep.cli import main; main()", *map(str, words)]


def outcome(*words: object) -> tuple[int, str]:
    """Return the exit code of a command, and what it said."""
    ran = subprocess.run(skykeep(*words), capture_output=True, text=True, timeout=STARTS_S, check=False)
    return ran.returncode, ran.stdout + ran.stderr


@contextmanager
def running(*words: object) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a command beside us and give its console's address; killed if it does not end."""
    program = subprocess.Popen(
        skykeep(*words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    late = threading.Timer(STARTS_S, program.kill)
    late.start()
    try:
        assert program.stdout is not None
        first = program.stdout.readline()
        assert first.startswith("Skykeep console: http://"), first
        yield program, first.split()[-1]
    finally:
        late.cancel()
        if program.poll() is None:
            program.kill()
        program.communicate(timeout=PATIENCE_S)


@contextmanager
def flying(port: int, flight: Flight) -> Iterator[None]:
    """Report the drone until the block ends; what comes before anyone listens is lost, as with any radar."""
    ended = threading.Event()

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


def tracks_said(folder: Path) -> list[dict[str, Any]]:
    """What the log says of tracks, in order."""
    entries = LogReader(folder / LOG).entries(role=EntryRole.OUTPUT)
    return [json.loads(entry.payload) for entry in entries if entry.kind == "track"]


def inputs(folder: Path) -> list[str]:
    """The kinds of what came, in order."""
    return [entry.kind for entry in LogReader(folder / LOG).entries(role=EntryRole.INPUT)]


def must_verify_and_replay(folder: Path) -> None:
    code, said = outcome("verify", folder)
    assert (code, "verified: every entry" in said) == (0, True), said
    code, said = outcome("replay", folder, "--verify")
    assert (code, said.startswith("Identical: ")) == (0, True), said


def test_a_watch_makes_a_track_ends_by_itself_and_its_log_verifies_and_replays(tmp_path: Path) -> None:
    port, out = free_port(), tmp_path / "night"
    command = ("run", site_file(tmp_path, port), "--out", out, "--port", 0, "--no-browser", "--seconds", 15)
    with running(*command) as (program, url), flying(port, Flight()):
        with urllib.request.urlopen(url, timeout=PATIENCE_S) as page:
            assert page.status == 200
        _, errors = program.communicate(timeout=STARTS_S)
    assert program.returncode == 0, errors
    assert "entries, sealed." in errors
    assert [(said["track_id"], said["status"]) for said in tracks_said(out)] == [(1, "confirmed")]
    must_verify_and_replay(out)


def test_a_watch_that_is_told_to_end_does_so_and_goes_on_where_it_was(tmp_path: Path) -> None:
    port, out, flight = free_port(), tmp_path / "night", Flight()
    command = ("run", site_file(tmp_path, port), "--out", out, "--port", 0, "--no-browser")
    scans = 0
    for _ in range(2):
        with running(*command) as (program, _), flying(port, flight):
            wait_for(lambda before=scans: inputs(out).count("scan") > before + 10, "scans")  # type: ignore[misc]
            wait_for(lambda: bool(tracks_said(out)), "a track")
            program.send_signal(signal.SIGTERM)
            _, errors = program.communicate(timeout=PATIENCE_S)
        assert program.returncode == 0, errors
        assert "entries, sealed." in errors
        scans = inputs(out).count("scan")
    assert inputs(out).count("run") == 1
    assert {said["track_id"] for said in tracks_said(out)} == {1}
    must_verify_and_replay(out)


def test_a_site_file_that_is_wrong_ends_with_a_sentence_and_no_log(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(HEAD + feed_text("asterix", "line", "nobody", udp=udp(free_port())))
    code, said = outcome("run", file, "--out", tmp_path / "night", "--port", 0, "--no-browser")
    assert code != 0
    assert "feed 'line' names sensor 'nobody', must be one of none" in said
    assert "Traceback" not in said
    assert not (tmp_path / "night").exists()


def begun(folder: Path) -> bool:
    """Whether a log is there and its tables are made."""
    try:
        LogReader(folder / LOG).close()
    except SetupError:
        return False
    return True


def scans(folder: Path, after: str = "site") -> list[int]:
    """The sequence of each scan that came after the last entry of a kind."""
    found: list[int] = []
    for entry in LogReader(folder / LOG).entries(role=EntryRole.INPUT):
        if entry.kind == "scan":
            found.append(json.loads(entry.payload)["sequence"])
        elif entry.kind == after:
            found.clear()
    return found


def test_a_watch_goes_on_in_a_new_folder_and_no_scan_is_lost_or_told_twice(tmp_path: Path) -> None:
    port, out = free_port(), tmp_path / "nights" / "night"
    command = ("run", site_file(tmp_path, port), "--out", out, "--port", 0, "--no-browser")
    with running(*command) as (program, url), flying(port, Flight()):
        wait_for(lambda: begun(out) and bool(tracks_said(out)), "a track")
        code, said = outcome("rollover", out, "--by", "K. Berg", "--because", "the guests have left")
        assert code == 0, said
        wait_for(lambda: any(map(begun, out.parent.glob("night-*"))), "a new folder")
        (later,) = out.parent.glob("night-*")
        wait_for(lambda: len(scans(later, "watch_taken_over")) > 20, "scans there")
        with urllib.request.urlopen(url, timeout=PATIENCE_S) as page:
            assert page.status == 200
        program.send_signal(signal.SIGTERM)
        _, errors = program.communicate(timeout=PATIENCE_S)
    assert program.returncode == 0, errors
    assert f"The watch goes on in {later.name}." in errors
    assert errors.count("Watching.") == 1
    before, fresh = scans(out), scans(later, "watch_taken_over")
    assert fresh[0] == before[-1] + 1, "none is lost, none is told twice"
    assert fresh == list(range(fresh[0], fresh[-1] + 1))
    assert scans(later, "watch_continued")[-len(fresh) - 1] == before[-1], "the last before is told again"
    assert {said["track_id"] for said in tracks_said(out) + tracks_said(later)} == {1}
    for folder in (out, later):
        must_verify_and_replay(folder)
    code, said = outcome("verify", out.parent)
    assert (code, "2 nights; they hang together" in said) == (0, True), said
