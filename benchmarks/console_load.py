"""What 2,000 moving tracks cost the console: `python benchmarks/console_load.py [--tracks N] [--updates N]`.

The real server on the loopback and the real page in Chromium. A second page, in Python, counts the bytes of
every frame as they come off the wire. The browser's share is taken twice: as the page measures itself, and as
Chromium's own trace says, less what the page spends when nothing comes. Exit code 1 when a budget is
exceeded; 2 when there is no Chromium.

Times on our side and Chromium's are CPU time of the thread that worked, so that a neighbour's load does not
count; the page's own clock is the wall's.
"""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import socket
import sys
import threading
import time
import zlib
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from chromium_trace import Second, beyond_idle_ms, seconds_of
from playwright.sync_api import Browser, Page, sync_playwright
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin

from skykeep.api import messages as m
from skykeep.api.application import create_app
from skykeep.api.commands import SourceCommand
from skykeep.api.encode import PictureEncoder, picture_to_msgpack, quantise
from skykeep.api.memory import ConsoleMemory
from skykeep.api.server import Server
from skykeep.api.source import PictureColumns
from skykeep.base.clock import NS_PER_S

# A page under development can be tried before it is built into the package.
WEBUI = Path(os.environ.get("SKYKEEP_WEBUI") or Path(__file__).parents[1] / "src/skykeep/webui")
START_UTC_NS = 1_935_000_000 * NS_PER_S
SPREAD_M, LAT_DEG, LON_DEG = 6000.0, 44.5, -28.0
ENCODE_BUDGET_MS, SNAPSHOT_BUDGET_BYTES, SCRIPT_BUDGET_MS = 2.0, 110_000, 10.0
IDLE_S = 5
CHROMIUM_ARGUMENTS = ["--no-sandbox", "--enable-unsafe-swiftshader"]


class CrowdedSky(ConsoleMemory):
    """A `ConsoleSource` of many tracks that all move every second and change their minds now and then."""

    def __init__(self, tracks: int) -> None:
        self._dice = np.random.default_rng(20310503)
        self._count = tracks
        self._position_m = self._dice.uniform(-SPREAD_M, SPREAD_M, (tracks, 2))
        self._velocity_mps = self._dice.normal(0.0, 12.0, (tracks, 3))
        self._height_m = self._dice.uniform(20.0, 400.0, tracks)
        self._classes = self._dice.integers(0, 5, tracks)
        self._second = -1
        super().__init__(self._make_status())
        self.step()

    def step(self) -> None:
        """Move everything on by one second and show it."""
        self._second += 1
        self._position_m += self._velocity_mps[:, :2]
        self._velocity_mps += self._dice.normal(0.0, 0.5, (self._count, 3))
        self.show_picture(self.picture())
        self.show(self._make_status(), self._make_status().time_utc_ns)

    def picture(self) -> PictureColumns:
        def some(low: float, high: float) -> Any:
            return self._dice.uniform(low, high, self._count)

        return PictureColumns(
            time_utc_ns=START_UTC_NS + self._second * NS_PER_S,
            track_id=np.arange(1, self._count + 1),
            latitude_deg=LAT_DEG + self._position_m[:, 1] / 111_130.0,
            longitude_deg=LON_DEG + self._position_m[:, 0] / 79_300.0,
            height_hae_m=self._height_m + self._velocity_mps[:, 2] * 0.1,
            velocity_enu_mps=self._velocity_mps.copy(),
            class_index=self._classes,
            standing_index=np.arange(self._count) % 5,
            status_index=np.ones(self._count, np.int64),
            class_probability=some(0.4, 1.0),
            sigma_major_m=some(5.0, 60.0),
            sigma_minor_m=some(2.0, 20.0),
            sigma_bearing_rad=some(0.0, np.pi),
            priority=some(0.0, 1.0),
        )

    def _make_status(self) -> m.Status:
        now_utc_ns = START_UTC_NS + max(self._second, 0) * NS_PER_S
        return m.Status(
            time_utc_ns=now_utc_ns,
            mode="SIMULATION",
            playing=True,
            start_utc_ns=START_UTC_NS,
            latest_utc_ns=now_utc_ns,
            counts=m.Counts(tracks=self._count),
        )

    def hello(self) -> m.Hello:
        return m.Hello(
            mode="SIMULATION",
            scenario="a crowded sky",
            start_utc_ns=START_UTC_NS,
            site=m.Site(
                name="A crowded sky",
                origin=m.OriginView(lat_deg=LAT_DEG, lon_deg=LON_DEG, height_hae_m=0.0),
                tiles=m.TilesView(url="/tiles/none.pmtiles", attribution="no map"),
                # The page fits its first view to what is guarded: here, all of the crowd.
                assets=(
                    m.AssetView(
                        id="a",
                        name="Middle",
                        kind="place",
                        lat_deg=LAT_DEG,
                        lon_deg=LON_DEG,
                        rings=(m.RingView(name="all", radius_m=SPREAD_M),),
                    ),
                ),
            ),
            classes=("multirotor", "fixed_wing", "bird", "aircraft", "other"),
            standings=("unknown", "friend", "neutral", "suspect", "hostile"),
            statuses=("tentative", "confirmed", "coasting"),
        )

    def track_details(self, _track_id: int, _time_utc_ns: int | None) -> m.TrackDetails | None:
        return None

    def command(self, _command: SourceCommand) -> None:
        return None

    def dossier_path(self) -> Path | None:
        return None


# --- the server's share ----------------------------------------------------------------------------------


def encode_times_ms(tracks: int, rounds: int = 200) -> tuple[list[float], list[float], list[float]]:
    """Return the times of whole snapshots, of differences where all moved, and of deflating a snapshot."""
    sky, encoder = CrowdedSky(tracks), PictureEncoder()
    whole_ms, difference_ms, deflate_ms = [], [], []
    encoder.update(quantise(sky.picture()))
    for _ in range(rounds):
        sky.step()
        picture = sky.picture()
        begin_s = time.thread_time()
        message = PictureEncoder().update(quantise(picture))
        assert message is not None
        frame = picture_to_msgpack(message)
        whole_ms.append(1e3 * (time.thread_time() - begin_s))
        begin_s = time.thread_time()
        message = encoder.update(quantise(picture))
        assert message is not None
        picture_to_msgpack(message)
        difference_ms.append(1e3 * (time.thread_time() - begin_s))
        begin_s = time.thread_time()
        zlib.compressobj(wbits=-12, memLevel=5).compress(frame)
        deflate_ms.append(1e3 * (time.thread_time() - begin_s))
    return whole_ms, difference_ms, deflate_ms


# --- the wire's share ------------------------------------------------------------------------------------


class CountingSocket(socket.socket):
    """Notes the payload length of every data frame the server sends, as it is on the wire."""

    def __init__(self, port: int) -> None:
        super().__init__(socket.AF_INET, socket.SOCK_STREAM)
        self.frame_bytes: list[int] = []
        self._pending = b""
        self._is_upgraded = False
        self.connect(("127.0.0.1", port))

    def recv(self, size: int, flags: int = 0) -> bytes:
        data = super().recv(size, flags)
        self._pending += data
        self._count()
        return data

    def _count(self) -> None:
        if not self._is_upgraded:
            _, end, rest = self._pending.partition(b"\r\n\r\n")
            if not end:
                return
            self._is_upgraded, self._pending = True, rest
        while len(self._pending) >= 2:
            short = self._pending[1] & 0x7F
            extra = {126: 2, 127: 8}.get(short, 0)
            length = int.from_bytes(self._pending[2 : 2 + extra], "big") if extra else short
            if len(self._pending) < 2 + extra + length:
                return
            if self._pending[0] & 0x0F < 8:
                self.frame_bytes.append(length)
            self._pending = self._pending[2 + extra + length :]


class Witness(threading.Thread):
    """A page in Python: what came for every picture, raw and on the wire."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self._port = port
        self.pictures: list[tuple[bool, int, int]] = []
        self.has_first = threading.Event()

    def run(self) -> None:
        counter = CountingSocket(self._port)
        origin = Origin(f"http://127.0.0.1:{self._port}")
        url = f"ws://127.0.0.1:{self._port}/ws"
        with connect(url, sock=counter, origin=origin, max_size=None, proxy=None) as page:
            for index in itertools.count():
                try:
                    frame = page.recv()
                except ConnectionClosed:
                    return
                assert isinstance(frame, bytes)
                message = msgspec.msgpack.decode(frame)
                if message["type"] == "picture":
                    self.pictures.append((message["full"], len(frame), counter.frame_bytes[index]))
                    self.has_first.set()


# --- the browser's share ---------------------------------------------------------------------------------


def drive(
    browser: Browser, page: Page, sky: CrowdedSky, updates: int
) -> tuple[list[float], list[Second], list[Second]]:
    """Show `updates` seconds to the page; return its own times, Chromium's account, and that when idle."""
    page.wait_for_function("window.__skykeep && window.__skykeep.perf.updates > 0", timeout=60_000)
    # The first seconds compile shaders and warm the code up; a console is looked at all night.
    for _ in range(3):
        sky.step()
        page.wait_for_timeout(1000)
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    page.wait_for_timeout(IDLE_S * 1000)
    idle = seconds_of(browser.stop_tracing(), IDLE_S)
    own_ms: list[float] = []
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    for _ in range(updates):
        seen = page.evaluate("window.__skykeep.perf.updates")
        sky.step()
        page.wait_for_timeout(1000)
        assert page.evaluate("window.__skykeep.perf.updates") == seen + 1, "one picture a second"
        own_ms.append(float(page.evaluate("window.__skykeep.perf.last_ms")))
    return own_ms, seconds_of(browser.stop_tracing(), updates), idle


# --- the table -------------------------------------------------------------------------------------------


class Table:
    """Prints rows as they come, and remembers whether one was over budget."""

    def __init__(self) -> None:
        self.is_within_budget = True
        print(f"{'what':<46}{'median':>10}{'p99':>10}{'budget':>10}  unit")

    def row(
        self, what: str, values: list[float], unit: str, budget: float | None = None, held: str = "p99"
    ) -> None:
        """Print median and 99th percentile, one of which is held against the budget."""
        median, p99 = float(np.median(values)), float(np.percentile(values, 99))
        digits = 2 if unit == "ms" else 0
        limit, verdict = "", ""
        if budget is not None:
            is_within = (median if held == "median" else p99) <= budget
            limit = f"{budget:,.{digits}f}"
            verdict = f"  {held} {'passes' if is_within else 'IS OVER BUDGET'}"
            self.is_within_budget &= is_within
        figures = f"{median:>10,.{digits}f}{p99:>10,.{digits}f}{limit:>10}"
        print(f"{what:<46}{figures}  {unit}{verdict}", flush=True)


def run(chromium: str, tracks: int, updates: int) -> bool:
    table = Table()
    whole_ms, difference_ms, deflate_ms = encode_times_ms(tracks)
    table.row(f"server: encode a snapshot of {tracks:,}", whole_ms, "ms", ENCODE_BUDGET_MS)
    table.row("server: encode a difference, all moved", difference_ms, "ms", ENCODE_BUDGET_MS)
    table.row("server: deflate a snapshot", deflate_ms, "ms")
    sky = CrowdedSky(tracks)
    with Server(create_app(sky, WEBUI)) as server, sync_playwright() as playwright:
        witness = Witness(server.port)
        witness.start()
        witness.has_first.wait(30)
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(server.url)
        own_ms, busy, idle = drive(browser, page, sky, updates)
        browser.close()
    whole = [picture for picture in witness.pictures if picture[0]]
    differences = [picture for picture in witness.pictures if not picture[0]]
    table.row("wire: a snapshot, raw", [float(raw) for _, raw, _ in whole], "bytes")
    table.row(
        "wire: a snapshot, deflated", [float(wire) for *_, wire in whole], "bytes", SNAPSHOT_BUDGET_BYTES
    )
    table.row("wire: a difference, raw", [float(raw) for _, raw, _ in differences], "bytes")
    table.row("wire: a difference, deflated", [float(wire) for *_, wire in differences], "bytes")
    table.row("browser: script per update, the page's clock", own_ms, "ms", SCRIPT_BUDGET_MS, "median")
    beyond_ms = beyond_idle_ms(busy, idle)
    table.row("browser: script per update, Chromium's trace", beyond_ms, "ms", SCRIPT_BUDGET_MS, "median")
    table.row("browser: all script of a second, updating", [second.all_ms for second in busy], "ms")
    table.row("browser: all script of a second, idle", [second.all_ms for second in idle], "ms")
    return table.is_within_budget


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tracks", type=int, default=2000)
    parser.add_argument("--updates", type=int, default=20)
    asked = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print("not run: no Chromium. Debian: `apt-get install chromium`", file=sys.stderr)
        return 2
    return 0 if run(chromium, asked.tracks, asked.updates) else 1


if __name__ == "__main__":
    sys.exit(main())
