"""A document in a file, watched: taken when it changes, each record once, and gone when it is gone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from courageous_documents import LOCATIONS, document, record, track
from skykeep.base.errors import LinkError
from skykeep.domain.feed import Taken
from skykeep.domain.sensing import MeasurementKind, Sensor, SensorKind
from skykeep.feeds.courageous_feed import CourageousFeed
from skykeep.geo.frames import LocalFrame
from skykeep.wire import courageous as c
from skykeep.wire.courageous_inputs import CourageousInputs

SENSOR = Sensor(
    sensor_id="trial",
    name="Trial",
    kind=SensorKind.RADAR,
    measures=MeasurementKind.POSITION,
    position_enu_m=(0.0, 0.0, 12.0),
    coverage_range_m=5_000.0,
)
FRAME = LocalFrame(latitude_deg=38.5, longitude_deg=-40.0, height_hae_m=0.0)


class Kept:
    """An outlet that keeps what it is given."""

    def __init__(self, *, room: bool = True) -> None:
        self.taken: list[Taken] = []
        self.sentences: list[str] = []
        self._room = room

    def now_utc_ns(self) -> int:
        return 1_935_540_700_000_000_000

    def pause_s(self) -> float:
        return 0.0

    def lost(self, messages: int) -> None: ...

    def admit(self, messages: int = 1) -> bool:
        return self._room

    def put(self, taken: Taken) -> None:
        self.taken.append(taken)

    def said(self, sentence: str) -> None:
        self.sentences.append(sentence)


def written(*seconds: float) -> bytes:
    return c.encode(document(track(*(record(LOCATIONS[6], s) for s in seconds))))


def run(path: Path, steps: list[Callable[[], object]], kept: Kept) -> None:
    """Run the feed with one step between looks, until there are none left."""
    todo = iter(steps)

    async def pause() -> None:
        step = next(todo, None)
        if step is None:
            raise asyncio.CancelledError
        step()

    feed = CourageousFeed("trial", path, CourageousInputs(SENSOR, FRAME), pause)

    async def go() -> None:
        await asyncio.wait_for(feed.run(kept), timeout=20.0)

    with pytest.raises((asyncio.CancelledError, LinkError)) as caught:
        asyncio.run(go())
    if isinstance(caught.value, LinkError):
        raise caught.value


def test_it_is_read_when_it_changes_and_each_record_is_taken_once(tmp_path: Path) -> None:
    path, kept = tmp_path / "run.json", Kept()
    path.write_bytes(written(0.0, 1.0))
    run(path, [lambda: None, lambda: path.write_bytes(written(0.0, 1.0, 2.0)), lambda: None], kept)
    assert [len(taken.records) for taken in kept.taken] == [2, 1]
    assert kept.taken[0].records[0].received_utc_ns == kept.now_utc_ns()
    assert kept.sentences == ["run.json was read: 2 new records.", "run.json was read: 1 new records."]


def test_a_document_half_written_is_refused_and_read_again_once_whole(tmp_path: Path) -> None:
    path, kept = tmp_path / "run.json", Kept()
    path.write_bytes(written(0.0)[:-20])
    run(path, [lambda: path.write_bytes(written(0.0))], kept)
    assert [(len(t.records), len(t.refusals)) for t in kept.taken] == [(0, 1), (1, 0)]


def test_without_room_nothing_is_decoded(tmp_path: Path) -> None:
    path, kept = tmp_path / "run.json", Kept(room=False)
    path.write_bytes(written(0.0))
    run(path, [], kept)
    assert kept.taken == []


def test_a_file_that_is_gone_is_a_link_that_is_gone(tmp_path: Path) -> None:
    path, kept = tmp_path / "run.json", Kept()
    path.write_bytes(written(0.0))
    with pytest.raises(LinkError, match="No such file"):
        run(path, [path.unlink], kept)
