"""When things leave: alerts at once, pictures every 50 ms, to a slow page the newest. Time is virtual."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Awaitable, Callable
from contextlib import nullcontext, suppress
from itertools import pairwise
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from fake_night import START_UTC_NS, FakeNight, picture
from fake_page import Page, read_msgpack, whole
from skykeep.api import commands as c
from skykeep.api import messages as m
from skykeep.api.desk import Desk
from skykeep.api.encode import picture_to_msgpack
from skykeep.api.outbox import Outbox
from skykeep.api.session import PICTURE_INTERVAL_S, Session
from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import InputError


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop that never waits: when nothing is left to do now, it is later."""

    def __init__(self) -> None:
        self._now_s = 0.0
        super().__init__(_Impatient(self))

    def time(self) -> float:
        return self._now_s

    def pass_over(self, wait_s: float) -> None:
        # A hair more than asked: rounding must not leave a timer forever about to be due.
        self._now_s += wait_s + 1e-9


class _Impatient(selectors.DefaultSelector):
    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> Any:
        found = super().select(0)
        assert found or timeout is not None, "nothing will ever happen again"
        if not found and timeout is not None:
            self._loop.pass_over(timeout)
        return found


class Wire:
    """A WebSocket that takes `slow_s` for every frame and notes when it took each."""

    def __init__(self, slow_s: float = 0.0) -> None:
        self.slow_s = slow_s
        self.sent: list[tuple[float, dict[str, Any]]] = []

    async def send_bytes(self, frame: bytes) -> None:
        await asyncio.sleep(self.slow_s)
        self.sent.append((asyncio.get_running_loop().time(), msgspec.msgpack.decode(frame)))

    async def receive(self) -> dict[str, Any]:
        await asyncio.sleep(1e9)
        raise AssertionError

    def times_of(self, kind: str) -> list[float]:
        return [time_s for time_s, message in self.sent if message["type"] == kind]


def watch(wire: Wire, story: Callable[[FakeNight], Awaitable[None]]) -> FakeNight:
    """Let a session serve `wire` while a story is told."""
    night = FakeNight()

    async def tell() -> None:
        outbox = Outbox()
        desk = Desk(night, night.hello(), outbox)
        night.subscribe(desk.deliver, desk.picture_changed)
        session = Session(wire, "msgpack", desk, outbox)  # type: ignore[arg-type]
        serving = asyncio.create_task(session.run(night.hello()))
        await story(night)
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)

    loop = VirtualLoop()
    try:
        loop.run_until_complete(tell())
    finally:
        loop.close()
    return night


async def thousand_pictures(night: FakeNight) -> None:
    """Show a new picture every millisecond for a second, and an alert in the middle of two pictures."""
    for k in range(1, 1001):
        await asyncio.sleep(0.001)
        night.show_picture(picture(k / 10))
        if k == 777:
            night.show(m.Alerts(time_utc_ns=777), 777)
    await asyncio.sleep(0.1)


def test_pictures_are_paced_and_alerts_are_not() -> None:
    wire = Wire()
    watch(wire, thousand_pictures)
    times_s = wire.times_of("picture")

    assert 20 <= len(times_s) <= 22
    gaps_s = [after - before for before, after in pairwise(times_s)]
    assert min(gaps_s) >= PICTURE_INTERVAL_S - 1e-9
    assert [message for _, message in wire.sent if message["type"] == "picture"][-1]["time_utc_ns"] == (
        START_UTC_NS + 100 * NS_PER_S
    )
    alerts_s = [time_s for time_s, message in wire.sent if message.get("time_utc_ns") == 777]
    assert len(alerts_s) == 1
    assert abs(alerts_s[0] - 0.777) < 1e-4, "an alert leaves in the instant it is raised"


def test_a_slow_page_gets_the_newest_and_the_alert_next() -> None:
    wire = Wire(slow_s=0.2)
    watch(wire, thousand_pictures)
    sent = [message for _, message in wire.sent]
    place = next(i for i, message in enumerate(sent) if message.get("time_utc_ns") == 777)

    assert len(wire.times_of("picture")) <= 4
    assert wire.sent[place][0] <= 0.777 + 2 * 0.2, "only the frame that was on its way is before it"


def test_a_page_hears_of_the_system_every_second() -> None:
    wire = Wire()

    async def idle(_: FakeNight) -> None:
        await asyncio.sleep(10.5)

    watch(wire, idle)
    times_s = wire.times_of("status")[1:]
    assert [round(time_s) for time_s in times_s] == list(range(1, 11))


# --- one law for all of it -------------------------------------------------------------------------------

actions = st.one_of(
    st.builds(lambda s: c.Seek(time_utc_ns=START_UTC_NS + s * NS_PER_S // 2), st.integers(-4, 150)),
    st.sampled_from([c.Follow(), c.Play(), c.Pause(), c.Select(track_id=1), c.Select(track_id=99)]),
    st.builds(c.Speed, factor=st.sampled_from([0.25, 1.0, 32.0])),
    st.sampled_from([0.1, 0.5, 3.0]),
    st.just("a second of the night"),
)


@given(st.lists(actions, max_size=25), st.integers(0, 30))
def test_the_page_shows_the_moment_it_looks_at_whatever_was_asked(
    asked: list[c.Command | float | str], begin_s: int
) -> None:
    async def tell() -> None:
        night, page = FakeNight(), Page()
        night.advance_to(begin_s)
        outbox = Outbox()
        desk = Desk(night, night.hello(), outbox)
        night.subscribe(desk.deliver, desk.picture_changed)
        desk.open()
        status, alerts = night.status(), m.Alerts()
        for action in asked:
            if isinstance(action, str):
                night.advance_to(night.time_s + 1)
            elif isinstance(action, float):
                await desk.advance(action)
            else:
                # Only a track that is not there may be refused.
                with suppress(InputError) if isinstance(action, c.Select) else nullcontext():
                    await desk.obey(action)
            while (message := outbox.take()) is not None:
                status = message if isinstance(message, m.Status) else status
                alerts = message if isinstance(message, m.Alerts) else alerts
            if outbox.picture_is_due:
                outbox.picture_is_due = False
                update = await desk.next_picture()
                if update is not None:
                    page.take(read_msgpack(picture_to_msgpack(update)))
            shown = night.picture_at(status.time_utc_ns)
            assert shown is not None
            assert page.rows == whole(shown)
            assert alerts == night.lists_at(status.time_utc_ns).alerts

    asyncio.run(tell())
