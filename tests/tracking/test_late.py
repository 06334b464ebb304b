"""Scans that come late count as if they had come in time."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from radar_range import RadarRange, utc_ns
from skykeep.base.compile import FloatArray
from skykeep.domain.sensing import Scan
from skykeep.domain.track import Picture
from skykeep.tracking import Tracker


def flown(t: float) -> FloatArray:
    return np.array([1500.0 - 12.0 * t, 900.0, 100.0 + 0.5 * t])


def picture_after(site: RadarRange, scans: list[Scan], time_s: float) -> Picture:
    tracker = Tracker((site.radar(),))
    for scan in scans:
        tracker.receive(scan)
    return tracker.picture(utc_ns(time_s))


@pytest.mark.parametrize("late", [1, 2, 5, 10])
@pytest.mark.parametrize("which", [0, 1, 4, 12])
def test_one_late_scan_leaves_the_same_estimate(which: int, late: int) -> None:
    """Also the very first: then the track began without it, and begins anew."""
    site = RadarRange()
    scans = [site.scan(t, [flown(t)], arrives_s=20.0) for t in range(20)]
    shuffled = (
        scans[:which] + scans[which + 1 : which + 1 + late] + [scans[which]] + scans[which + 1 + late :]
    )
    in_order, disordered = picture_after(site, scans, 19), picture_after(site, shuffled, 19)

    assert disordered.track_id.tolist() == [1]
    np.testing.assert_allclose(disordered.state, in_order.state, rtol=1e-9)
    np.testing.assert_allclose(disordered.covariance, in_order.covariance, rtol=1e-7, atol=1e-9)
    assert disordered.born_utc_ns == in_order.born_utc_ns
    assert disordered.hits == in_order.hits


def test_every_order_of_the_last_four_scans_leaves_the_same_estimate() -> None:
    site = RadarRange()
    scans = [site.scan(t, [flown(t)], arrives_s=12.0) for t in range(12)]
    in_order = picture_after(site, scans, 12)
    for order in itertools.permutations(scans[8:]):
        disordered = picture_after(site, scans[:8] + list(order), 12)
        np.testing.assert_allclose(disordered.state, in_order.state, rtol=1e-9)


def test_late_scans_are_better_used_than_dropped() -> None:
    errors: dict[str, list[float]] = {"used": [], "dropped": []}
    for seed in range(20):
        site = RadarRange(seed)
        scans = [site.scan(t, [flown(t)], arrives_s=30.0) for t in range(30)]
        # Every third scan comes two scans late.
        order = sorted(range(30), key=lambda t: t + (2.5 if t % 3 == 0 else 0.0))
        used = picture_after(site, [scans[k] for k in order], 29)
        dropped = picture_after(site, [scans[k] for k in order if k % 3], 29)
        for name, picture in (("used", used), ("dropped", dropped)):
            errors[name].append(float(np.linalg.norm(picture.state[0, :3] - flown(29)) ** 2))
    assert np.mean(errors["used"]) < np.mean(errors["dropped"])


def test_a_detection_older_than_the_memory_is_counted_not_filtered() -> None:
    site = RadarRange()
    tracker = Tracker((site.radar(),))
    scans = [site.scan(t * 0.25, [flown(t * 0.25)], arrives_s=15.0) for t in range(60)]
    for k, scan in enumerate(scans):
        if k != 3:
            tracker.receive(scan)
    before = tracker.picture(utc_ns(15.0))
    tracker.receive(scans[3])
    after = tracker.picture(utc_ns(15.0))

    assert np.array_equal(after.state, before.state)
