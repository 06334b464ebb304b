"""Stories of messages that are wrong: serials exchanged in flight, and yesterday's data sent again."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np
import pytest

from followed_scenes import alive, follow, names, places
from skykeep.base.errors import InputError
from skykeep.domain.encoding import encode_json
from skykeep.domain.sensing import Scan
from skykeep.tracking import Tracker
from tracking_scenes import Body, camera, observe, radar, remote_id, straight

DAY_NS = 86_400_000_000_000


def test_two_serials_exchanged_in_flight_move_no_track() -> None:
    """The officer expects each track to stay with its own drone when two drones exchange what they call
    themselves, 60 m apart or as they cross.
    """
    kept, far_m, seeds = 0, list[float](), 20
    for seed in range(seeds):
        dice = np.random.default_rng((seed, 21))
        apart_m = 60.0 if seed % 2 else 10.0
        where = np.array([dice.uniform(-200.0, 200.0), dice.uniform(500.0, 700.0), 90.0])
        north = np.array([dice.uniform(-4.0, 4.0), -12.0, 0.0])
        south = np.array([dice.uniform(-4.0, 4.0), 12.0, 0.0])
        bodies = (
            Body(straight(where, north, 30.0), serial=lambda t: "ONE" if t < 30.0 else "TWO"),
            Body(
                straight(where + np.array([apart_m, 0.0, 0.0]), south, 30.0),
                serial=lambda t: "TWO" if t < 30.0 else "ONE",
            ),
        )
        sensors = (radar(), remote_id())
        times_s = np.arange(15.0, 50.0)
        pictures = follow(sensors, observe(bodies, sensors, 50.0, seed), times_s)
        called = names(bodies, pictures, times_s)
        kept += bool((called >= 0).all() and (called == called[0]).all())
        # Nor is one pulled towards the other.
        for picture, time_s in zip(pictures, times_s, strict=True):
            shown, truth = picture.state[alive(picture), None, :3], places(bodies, time_s)
            far_m += np.linalg.norm(shown - truth, axis=2).min(axis=1).tolist()
    assert kept / seeds >= 0.9, f"each with its own drone at every second in {kept} of {seeds}"
    assert np.quantile(far_m, 0.95) < 15.0, f"95 % within {np.quantile(far_m, 0.95):.1f} m"


def yesterday(scan: Scan) -> Scan:
    return msgspec.structs.replace(
        scan, time_utc_ns=scan.time_utc_ns - DAY_NS, received_utc_ns=scan.received_utc_ns - DAY_NS
    )


def told_again(scan: Scan) -> Scan:
    return scan


def sent_again(scan: Scan) -> Scan:
    """Return yesterday's data as a recorder would send it today: new numbers, today's arrival."""
    return msgspec.structs.replace(
        scan, sequence=scan.sequence + 100_000, time_utc_ns=scan.time_utc_ns - DAY_NS
    )


def tomorrow(scan: Scan) -> Scan:
    """Return a scan of a sensor whose clock is a day ahead."""
    return msgspec.structs.replace(
        scan, sequence=scan.sequence + 200_000, time_utc_ns=scan.time_utc_ns + DAY_NS
    )


@pytest.mark.parametrize("copied", [yesterday, told_again, sent_again, tomorrow])
def test_a_copy_of_yesterdays_data_changes_nothing(copied: Callable[[Scan], Scan]) -> None:
    """The officer expects every copy to be refused in words, and the picture to be the same to the bit."""
    for seed in range(5):
        dice = np.random.default_rng((seed, 22))
        bodies = [
            Body(straight((*dice.uniform(-900.0, 900.0, 2), 90.0), (*dice.uniform(-12.0, 12.0, 2), 0.0)))
            for _ in range(3)
        ]
        sensors = (radar(), camera())
        scans = observe(bodies, sensors, 40.0, seed)
        clean, disturbed = Tracker(sensors), Tracker(sensors)
        refused, sent = 0, 0
        for k, scan in enumerate(scans):
            clean.receive(scan)
            disturbed.receive(scan)
            if k >= 20:
                sent += 1
                # What was recorded a little earlier comes once more, between the new.
                with pytest.raises(InputError, match=r"sequence|time_utc_ns"):
                    disturbed.receive(copied(scans[k - 7]))
                refused += 1
            if k % 10 == 0:
                assert as_bytes(disturbed, scan) == as_bytes(clean, scan)
        assert refused == sent > 50
        assert len(clean.picture(scans[-1].received_utc_ns)) == 3


def as_bytes(tracker: Tracker, scan: Scan) -> bytes:
    return encode_json(tracker.picture(scan.received_utc_ns))
