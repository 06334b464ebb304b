"""Takes the pictures of the console for the documentation: `python design/screenshots.py URL`.

URL is what `skykeep demo` prints. The night is held while the pictures are taken, so that all show one
moment: the first at which a response awaits its decision. Dark, light and night-red at a desk; dark on a
phone; and right to left.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Browser, Page, sync_playwright
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

DESK, PHONE = (1600, 1000), (390, 844)
Picture = tuple[str, tuple[int, int], dict[str, str]]
PICTURES: tuple[Picture, ...] = (
    ("dark", DESK, {"theme": "dark"}),
    ("light", DESK, {"theme": "light"}),
    ("night", DESK, {"theme": "night"}),
    ("phone", PHONE, {"theme": "dark"}),
    ("rtl", DESK, {"theme": "dark", "lang": "ar"}),
)
LONGEST_WAIT_S = 180.0
LONGEST_MAP_MS = 240_000
# "Loaded" may be said of the first, coarse tiles; software WebGL takes half a minute over terrain and a city.
SETTLE_S = 60.0


def open_socket(url: str) -> ClientConnection:
    parts = urlsplit(url)
    page: ClientConnection = connect(
        f"ws://{parts.netloc}/ws?format=json",
        origin=Origin(f"{parts.scheme}://{parts.netloc}"),
        max_size=None,
        proxy=None,
    )
    return page


def hold_at_the_decision(url: str) -> None:
    """Hear every alert until a response awaits its decision, then stop the night there."""
    on_watch = ""
    with open_socket(url) as socket:
        while True:
            message: dict[str, Any] = json.loads(socket.recv(timeout=LONGEST_WAIT_S))
            if message["type"] == "hello":
                on_watch = message["people"][0]["id"]
            if message["type"] == "alerts":
                for alert in message["alerts"]:
                    if alert["state"] in ("raised", "escalated"):
                        heard = {"type": "acknowledge", "alert_id": alert["id"], "by": on_watch}
                        socket.send(json.dumps(heard))
            if message["type"] == "finished":
                sys.exit("the night is over: no response awaits a decision")
            if message["type"] == "proposals" and any(p["state"] == "proposed" for p in message["proposals"]):
                break
        socket.send(json.dumps({"type": "pause"}))
        while message["type"] != "status" or message["playing"]:
            message = json.loads(socket.recv(timeout=LONGEST_WAIT_S))


def go_on(url: str) -> None:
    with open_socket(url) as socket:
        socket.send(json.dumps({"type": "play"}))


def take(browser: Browser, url: str, picture: Picture, out: Path, settle_s: float) -> None:
    """Open the page as asked and write one picture of it."""
    name, size, query = picture
    is_phone = size == PHONE
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        device_scale_factor=2 if is_phone else 1,
        is_mobile=is_phone,
        has_touch=is_phone,
    )
    page: Page = context.new_page()
    page.goto(f"{url}?{urlencode(query)}")
    page.wait_for_function("window.__skykeep && window.__skykeep.perf.updates > 0", timeout=60_000)
    page.locator('[data-testid="map"][data-tiles="loaded"]').wait_for(
        state="attached", timeout=LONGEST_MAP_MS
    )
    page.wait_for_timeout(settle_s * 1000)
    page.screenshot(path=out / f"console-{name}.png")
    context.close()
    print(out / f"console-{name}.png")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="what `skykeep demo` printed")
    parser.add_argument("--out", type=Path, default=Path("docs/screenshots"))
    parser.add_argument(
        "--now", action="store_true", help="take the moment as it is, and do not hold the night"
    )
    parser.add_argument(
        "--settle", type=float, default=SETTLE_S, help="seconds from the last tile to the shutter"
    )
    parser.add_argument("--only", choices=[name for name, *_ in PICTURES], help="take one picture")
    asked = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print("no Chromium. Debian: `apt-get install chromium`", file=sys.stderr)
        return 2
    asked.out.mkdir(parents=True, exist_ok=True)
    if not asked.now:
        hold_at_the_decision(asked.url)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--enable-unsafe-swiftshader"]
        )
        for picture in (picture for picture in PICTURES if asked.only in (None, picture[0])):
            take(browser, asked.url, picture, asked.out, asked.settle)
        browser.close()
    if not asked.now:
        go_on(asked.url)
    return 0


if __name__ == "__main__":
    sys.exit(main())
