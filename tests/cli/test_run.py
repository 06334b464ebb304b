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

from live_site import (
    HEAD,
    PATIENCE_S,
    Datagrams,
    Flight,
    asterix_plot,
    feed_text,
    free_port,
    sensor_text,
    udp,
    wait_for,
)
from skykeep.app.folder import LOG
from skykeep.domain.record import EntryRole
from skykeep.store.log_reader import LogReader

STARTS_S = 120.0


def site_file(folder: Path, port: int) -> Path:
    file = folder / "site.toml"
    feed = feed_text("asterix", "line", "radar", udp=udp(port), editions='{ "48" = "1.27" }')
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


def flown(port: int, flight: Flight, seconds: float) -> None:
    with Datagrams(port) as line:
        flight.report(line, asterix_plot(), seconds)


def tracks_said(folder: Path) -> list[dict[str, Any]]:
    """What the log says of tracks."""
    entries = LogReader(folder / LOG).entries(role=EntryRole.OUTPUT)
    return [json.loads(entry.payload) for entry in entries if entry.kind == "track"]


def test_a_watch_makes_a_track_ends_by_itself_and_its_log_verifies_and_replays(tmp_path: Path) -> None:
    port, out = free_port(), tmp_path / "night"
    command = ("run", site_file(tmp_path, port), "--out", out, "--port", 0, "--no-browser", "--seconds", 6)
    with running(*command) as (program, url):
        with urllib.request.urlopen(url, timeout=PATIENCE_S) as page:
            assert page.status == 200
        flown(port, Flight(), 4.0)
        _, errors = program.communicate(timeout=PATIENCE_S)
    assert program.returncode == 0, errors
    assert "entries, sealed." in errors
    assert [said["status"] for said in tracks_said(out)][:1] == ["confirmed"]
    code, said = outcome("verify", out)
    assert (code, "verified: every entry" in said) == (0, True), said
    code, said = outcome("replay", out, "--verify")
    assert code == 0, said
    assert said.startswith("Identical: ")


def test_a_watch_that_is_told_to_end_does_so_and_goes_on_where_it_was(tmp_path: Path) -> None:
    port, out, flight = free_port(), tmp_path / "night", Flight()
    command = ("run", site_file(tmp_path, port), "--out", out, "--port", 0, "--no-browser")
    tracks: list[int] = []
    for _ in range(2):
        with running(*command) as (program, _):
            wait_for((out / LOG).exists, "the log")
            # Until it listens nothing is heard: what is sent meanwhile is lost, as with any radar.
            flown(port, flight, 4.0)
            program.send_signal(signal.SIGTERM)
            _, errors = program.communicate(timeout=PATIENCE_S)
        assert program.returncode == 0, errors
        assert "entries, sealed." in errors
        tracks.append(len(tracks_said(out)))
    assert tracks[0] >= 1
    assert tracks[1] > tracks[0]
    kinds = [entry.kind for entry in LogReader(out / LOG).entries(role=EntryRole.INPUT)]
    assert kinds.count("run") == 1
    for words in (("verify", out), ("replay", out, "--verify")):
        code, said = outcome(*words)
        assert code == 0, said


def test_a_site_file_that_is_wrong_ends_with_a_sentence_and_no_log(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(HEAD + feed_text("asterix", "line", "nobody", udp=udp(free_port())))
    code, said = outcome("run", file, "--out", tmp_path / "night", "--port", 0, "--no-browser")
    assert code != 0
    assert "feed 'line' names sensor 'nobody', must be one of none" in said
    assert "Traceback" not in said
    assert not (tmp_path / "night").exists()
