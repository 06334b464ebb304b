"""A track that is lost and found again keeps its number, when there is no doubt."""

from __future__ import annotations

import numpy as np
import pytest

from radar_range import RadarRange, utc_ns
from skykeep.base.compile import FloatArray
from skykeep.domain.track import Picture, TrackStatus
from skykeep.tracking import Tracker, TrackerSettings


def course(time_s: float, north_m: float = 1200.0) -> FloatArray:
    return np.array([-900.0 + 12.0 * time_s, north_m, 90.0])


def watch(tracker: Tracker, site: RadarRange, seconds: range, *targets_north_m: float) -> list[Picture]:
    pictures = []
    for t in seconds:
        tracker.receive(site.scan(t, [course(t, north_m) for north_m in targets_north_m]))
        pictures.append(tracker.picture(utc_ns(t)))
    return pictures


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_what_was_hidden_for_fourteen_seconds_is_the_same(seed: int) -> None:
    site = RadarRange(seed)
    tracker = Tracker((site.radar(),))
    watch(tracker, site, range(30), 1200.0)
    hidden = watch(tracker, site, range(30, 44))
    found = watch(tracker, site, range(44, 60), 1200.0)
    assert any((p.status == TrackStatus.ENDED).any() for p in hidden)
    assert found[-1].track_id.tolist() == [1]
    told = [(t, g) for p in found for t, g in zip(p.resumed_track_id, p.resumed_gap_ns, strict=True)]
    assert told == [(1, 15_000_000_000)]
    # What it was for itself is told, and nobody else ever is that: a person may say that these are two.
    (own_id,) = (int(own_id) for p in found for own_id in p.resumed_own_id)
    later = watch(tracker, site, range(60, 80), 1200.0, 1800.0, 600.0)
    assert own_id not in {int(t) for p in (*found, *later) for t in p.track_id}
    assert len(later[-1]) == 3


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_another_that_comes_elsewhere_is_another(seed: int) -> None:
    site = RadarRange(seed)
    tracker = Tracker((site.radar(),))
    watch(tracker, site, range(30), 1200.0)
    watch(tracker, site, range(30, 44))
    found = watch(tracker, site, range(44, 60), 1800.0)
    assert 1 not in found[-1].track_id
    assert len(found[-1]) == 1
    assert not any(len(p.resumed_track_id) for p in found)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_where_two_may_be_meant_neither_is_taken(seed: int) -> None:
    site = RadarRange(seed)
    tracker = Tracker((site.radar(),))
    watch(tracker, site, range(30), 1185.0, 1215.0)
    watch(tracker, site, range(30, 44))
    found = watch(tracker, site, range(44, 60), 1200.0)
    assert found[-1].track_id.min() > 2


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_landed_is_the_same_when_it_takes_off_minutes_later(seed: int) -> None:
    site = RadarRange(seed)
    tracker = Tracker((site.radar(),), TrackerSettings(ground_up_m=0.0))

    def height_m(t: float) -> float:
        if t < 30:
            return 60.0
        if t < 50:
            return 60.0 - 3.0 * (t - 30)
        return max(0.0, 3.0 * (t - 200))

    pictures = []
    for t in range(225):
        up = height_m(t)
        seen = [np.array([300.0, 500.0, up])] if up > 2.0 else []
        tracker.receive(site.scan(t, seen))
        pictures.append(tracker.picture(utc_ns(t)))
    assert all(len(p) == 0 for p in pictures[90:200])
    assert pictures[-1].track_id.tolist() == [1]
    gaps = [int(g) for p in pictures for g in p.resumed_gap_ns]
    assert len(gaps) == 1
    assert 145e9 < gaps[0] < 165e9
