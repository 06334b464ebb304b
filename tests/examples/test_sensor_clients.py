"""The example clients, in a Python of their own, against the real server on the loopback."""

from __future__ import annotations

import ast
import re
import socketserver
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

import loopback
from contract_house import FRAME, LONGEST_WAIT_S, KeepingOutlet, sensor, watching
from skykeep.api.intake import create_intake
from skykeep.api.sensor_api import Tokens
from skykeep.api.server import Server
from skykeep.domain.sensing import Claim, MeasurementKind, Report, Scan, SensorKind
from skykeep.feeds.contract_door import Door, DoorFeed
from skykeep.wire.contract_codec import LineFramer
from skykeep.wire.contract_inputs import ContractInputs

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
CLIENTS = ("rf_direction_finder", "camera", "acoustic_array", "small_radar", "remote_id_receiver", "person")
PAGE = ROOT / "docs" / "sensors" / "bring_your_own.md"
TOKEN = "a-token-of-twenty-characters"
MOST_LINES = 20


@contextmanager
def serving(
    sensor_id: str, kind: SensorKind, measures: MeasurementKind | None
) -> Iterator[tuple[str, KeepingOutlet]]:
    """Serve one sensor over HTTP; yield the address and its outlet."""
    door, outlet = Door(), KeepingOutlet()
    feed = DoorFeed(door, sensor_id, ContractInputs(sensor(sensor_id, kind, measures), FRAME))
    with Server(create_intake(door, Tokens({sensor_id: TOKEN}))) as server, watching([(feed, outlet)]):
        yield f"127.0.0.1:{server.port}", outlet


def run(client: str, *arguments: str, lines: str = "", expect: int = 0) -> str:
    """Run a client to its end with these lines as its input; return what it complained of."""
    done = subprocess.run(
        [sys.executable, "-I", EXAMPLES / f"{client}.py", *arguments],
        input=lines,
        capture_output=True,
        text=True,
        timeout=LONGEST_WAIT_S,
        check=False,
    )
    assert done.returncode == expect, done.stderr
    return done.stderr


def scans(outlet: KeepingOutlet) -> list[Scan]:
    assert outlet.refusals == []
    return [record for record in outlet.records if isinstance(record, Scan)]


def test_rf_direction_finder() -> None:
    with serving("rf-1", SensorKind.RF_DIRECTION_FINDER, MeasurementKind.AZIMUTH) as (address, outlet):
        run("rf_direction_finder", address, "rf-1", TOKEN, lines="41.5 2 -71 wifi\n42 2 -70 ocusync\n")

    one, two = scans(outlet)
    assert one.measured[0, 0] == pytest.approx(np.radians(41.5))
    assert (one.labels, two.labels) == (("wifi",), ("ocusync",))


def test_a_client_that_sends_nonsense_is_told_the_field() -> None:
    with serving("rf-1", SensorKind.RF_DIRECTION_FINDER, MeasurementKind.AZIMUTH) as (address, outlet):
        said = run("rf_direction_finder", address, "rf-1", TOKEN, lines="361 2 -71 wifi\n", expect=1)
        refused = run("rf_direction_finder", address, "rf-1", "not-its-token", lines="1 2 3 wifi\n", expect=1)

    assert '"field":"detections[0].bearing_deg","found":"361.0"' in said
    assert '"field":"authorization"' in refused
    assert outlet.records == []


def test_camera() -> None:
    with serving("camera-1", SensorKind.CAMERA, MeasurementKind.AZIMUTH_ELEVATION) as (address, outlet):
        run("camera", address, "camera-1", TOKEN, "350", lines="960,540 1920,0\n\n")

    seen, nothing = scans(outlet)
    # The middle of the picture is where the camera looks; a corner is as far as the lens makes it.
    assert seen.measured[0, :2] == pytest.approx([np.radians(350), 0.0])
    right, up = 960 / 2400, 540 / 2400
    assert seen.measured[1, 0] == pytest.approx(np.radians(350) + np.arctan(right) - 2 * np.pi)
    assert seen.measured[1, 1] == pytest.approx(np.arcsin(up / np.sqrt(1 + right**2 + up**2)))
    assert (nothing.kind, len(nothing)) == (MeasurementKind.AZIMUTH_ELEVATION, 0)


def test_acoustic_array() -> None:
    lines = "".join(f"{1_790_000_000_000_000_000 + n} {n % 360} 6 8\n" for n in range(250))
    with serving("ears-1", SensorKind.ACOUSTIC, MeasurementKind.AZIMUTH) as (address, outlet):
        run("acoustic_array", address, "ears-1", TOKEN, lines=lines)

    heard = scans(outlet)
    assert [scan.time_utc_ns - 1_790_000_000_000_000_000 for scan in heard] == list(range(250))
    assert heard[90].measured[0, 0] == pytest.approx(np.pi / 2)
    assert heard[90].snr_db[0] == 8


def test_small_radar() -> None:
    inputs = ContractInputs(
        sensor("radar-1", SensorKind.RADAR, MeasurementKind.RANGE_AZIMUTH_ELEVATION), FRAME
    )
    outlet, framer = KeepingOutlet(), LineFramer()

    class Link(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while data := self.request.recv(4_096):
                for line in framer.feed(data):
                    outlet.put(inputs.take(line, outlet.now_utc_ns()))

    server = socketserver.TCPServer(("127.0.0.1", 0), Link)
    with loopback.serving(server):
        run("small_radar", "127.0.0.1", str(server.server_address[1]), "radar-1",
            lines="1200 90 4 -12.5\n800 10 2 3\n\n\n")  # fmt: skip
        outlet.wait_for(records=2)

    turn, empty = scans(outlet)
    assert turn.measured == pytest.approx(
        np.array([[1_200, np.pi / 2, np.radians(4), -12.5], [800, np.radians(10), np.radians(2), 3]])
    )
    assert (empty.kind, len(empty)) == (MeasurementKind.RANGE_AZIMUTH_ELEVATION, 0)


def test_remote_id_receiver() -> None:
    with serving("rid-1", SensorKind.REMOTE_ID, None) as (address, outlet):
        run("remote_id_receiver", address, "rid-1", TOKEN, lines="1596F123 44.501 -28 140 8 90 -66\n")

    (claim,) = outlet.records
    assert isinstance(claim, Claim)
    assert claim.claimed_id == "1596F123"
    assert claim.position_enu_m == pytest.approx((0, 111.1, 80), abs=0.1)


def test_person() -> None:
    with serving("guards", SensorKind.PEOPLE, None) as (address, outlet):
        run("person", address, "guards", TOKEN, "heard", "44.501", "-28", "Two bangs, then nothing.")

    (report,) = outlet.records
    assert isinstance(report, Report)
    assert (report.kind, report.text) == ("heard", "Two bangs, then nothing.")


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_is_twenty_lines_of_plain_python(client: str) -> None:
    source = (EXAMPLES / f"{client}.py").read_text()
    tree = ast.parse(source)
    code = source.split('"""', 2)[2]
    lines = [line for line in code.splitlines() if line.strip() and not line.startswith("import ")]
    assert len(lines) <= MOST_LINES
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert {name.name.partition(".")[0] for name in node.names} <= sys.stdlib_module_names


def test_every_client_is_an_example_and_every_example_a_client() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.py")} >= set(CLIENTS)


@pytest.mark.parametrize("client", CLIENTS)
def test_the_page_shows_the_client_as_it_is(client: str) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert (EXAMPLES / f"{client}.py").read_text() in blocks
