"""`skykeep doctor SITE.toml`, as a person runs it: a source that is well, one of another edition, one that is
not there.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from live_senders import (
    Datagrams,
    Flight,
    asterix_plot,
    ground_station,
)
from live_site import (
    HEAD,
    feed_text,
    free_port,
    sensor_text,
    udp,
)
from skykeep.store.register import open_register

STARTS_S = 120.0


def doctor(*words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from skykeep.cli import main; main()", "doctor", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=STARTS_S, check=False)


@pytest.fixture
def site(tmp_path: Path) -> tuple[Path, int, int]:
    """A site's file and the ports of its radar and its ground station; a third source is never heard."""
    radar, station, nobody = free_port(), free_port(), free_port()
    text = (
        sensor_text("radar")
        + sensor_text("station", "adsb")
        + sensor_text("absent")
        + feed_text("asterix", "radar", "radar", udp=udp(radar), editions='{ "48" = "1.27" }')
        + feed_text("asterix", "station-line", "station", udp=udp(station), editions='{ "21" = "2.1" }')
        + feed_text("asterix", "absent-line", "absent", udp=udp(nobody))
    )
    file = tmp_path / "site.toml"
    file.write_text(HEAD + text)
    return file, radar, station


def test_the_doctor_tells_the_good_source_from_the_wrong_and_the_absent_one(
    site: tuple[Path, int, int],
) -> None:
    file, radar, station = site
    ended = threading.Event()

    def send(port: int, edition: str | None) -> None:
        message = asterix_plot() if edition is None else ground_station(edition)
        flight = Flight()
        with Datagrams(port) as line:
            while not ended.is_set():
                flight.report(line, message, 0.2)

    senders = [threading.Thread(target=send, args=to) for to in ((radar, None), (station, "0.26"))]
    for sender in senders:
        sender.start()
    try:
        ran = doctor(file, "--seconds", 7, "--json")
    finally:
        ended.set()
        for sender in senders:
            sender.join()
    found: dict[str, dict[str, Any]] = {each["what"]: each for each in json.loads(ran.stdout)}
    assert ran.returncode == 1
    assert found["Place"]["says"] == "3 sensors, 3 feeds, 0 guarded places."
    assert found["radar"]["verdict"] == "ok", found["radar"]
    assert "0 refused, 0 lost." in found["radar"]["says"]
    wrong = found["station-line"]
    assert wrong["verdict"] == "bad"
    assert "is its edition or format another one?" in wrong["says"]
    assert " 0 records," in wrong["says"]
    assert found["absent-line"]["verdict"] == "bad"
    assert found["absent-line"]["says"].startswith("Nothing was heard of it yet.")
    assert found["absent"]["says"] == "No feed has brought anything of it."


def test_the_doctor_names_a_port_that_is_taken(site: tuple[Path, int, int]) -> None:
    import socket

    file, radar, _ = site
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taking:
        taking.bind(("127.0.0.1", radar))
        ran = doctor(file, "--seconds", 1)
    assert ran.returncode == 1
    (line,) = [line for line in ran.stdout.splitlines() if line.startswith("bad  radar:")]
    assert f"cannot listen on 127.0.0.1 port {radar}: Address already in use" in line
    assert "Traceback" not in ran.stderr


def test_the_doctor_looks_at_the_register(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    doors = '[register.doors]\nissuer = "i"\naudiences = ["a"]\nkey_files = ["keys.json"]\n'
    file.write_text(HEAD + '[register]\nauthority = "city"\n')
    (found,) = (each for each in told(file) if each["what"] == "register")
    assert (found["verdict"], "not there yet" in found["says"]) == ("ok", True)

    with open_register(tmp_path / "register.db"):
        pass
    file.write_text(HEAD + '[register]\nauthority = "city"\n' + doors)
    (found,) = (each for each in told(file) if each["what"] == "register")
    assert found["verdict"] == "bad"
    assert "0 permits granted, 0 restrictions in force" in found["says"]
    assert "Keys that are not there: keys.json." in found["says"]

    (tmp_path / "register.db").write_bytes(b"something else, and long enough to be looked into" * 9)
    (found,) = (each for each in told(file) if each["what"] == "register")
    assert (found["verdict"], "must be a Skykeep register" in found["says"]) == ("bad", True)


def told(file: Path) -> list[dict[str, Any]]:
    findings: list[dict[str, Any]] = json.loads(doctor(file, "--seconds", "0.1", "--json").stdout)
    return findings


def test_the_doctor_says_that_a_watch_would_not_start_and_looks_at_people_all_the_same(
    tmp_path: Path,
) -> None:
    file = tmp_path / "site.toml"
    calendar = '[[calendar]]\nid = "a"\nname = "A"\nlevel = "no such"\n'
    calendar += "start = 2031-05-09T10:00:00\nend = 2031-05-09T14:00:00\n"
    file.write_text(HEAD + calendar)
    found = {each["what"]: each for each in told(file)}
    assert found["site's file"]["verdict"] == "bad"
    assert found["site's file"]["says"].startswith("The watch would not start: calendar")
    assert found["notices"]["says"] == "Nobody outside is told of anything: there is no [[notices.to]]."
    assert found["people"]["verdict"] == "note"
