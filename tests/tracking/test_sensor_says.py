"""What a sensor says of itself: where it stands and looks counts from its next scan on."""

from __future__ import annotations

import numpy as np
import pytest

from radar_range import RadarRange, utc_ns
from skykeep.base.compile import FloatArray
from skykeep.base.errors import InputError
from skykeep.domain.sensing import SensorState, SensorStatus
from skykeep.domain.track import TrackStatus
from skykeep.tracking import Tracker


def still(_: float) -> FloatArray:
    return np.array([400.0, 300.0, 60.0])


def a_status(**says: object) -> SensorStatus:
    settings: dict[str, object] = {
        "sensor_id": "radar",
        "sequence": 1,
        "time_utc_ns": utc_ns(20),
        "received_utc_ns": utc_ns(20),
        "state": SensorState.OK,
    }
    return SensorStatus(**{**settings, **says})  # type: ignore[arg-type]


def followed() -> tuple[Tracker, RadarRange]:
    site = RadarRange()
    tracker = Tracker((site.radar(),))
    for t in range(20):
        tracker.receive(site.scan(t, [still(t)]))
    return tracker, site


@pytest.mark.parametrize(
    "says",
    [{"azimuth_from_rad": np.pi, "azimuth_to_rad": 2 * np.pi}, {"range_max_m": 400.0}],
    ids=["the other half of the sky", "too short a range"],
)
def test_where_it_says_it_does_not_look_it_misses_nothing(says: dict[str, object]) -> None:
    tracker, site = followed()
    tracker.inform(a_status(**says))
    for t in range(20, 32):
        tracker.receive(site.scan(t, []))
    picture = tracker.picture(utc_ns(31))
    assert picture.status.tolist() == [TrackStatus.COASTING]
    assert picture.existence[0] > 0.8


def test_a_sensor_that_moved_is_believed() -> None:
    tracker, site = followed()
    moved_m = np.array([100.0, 0.0, 0.0])
    tracker.inform(a_status(position_enu_m=tuple(moved_m.tolist())))
    for t in range(20, 40):
        tracker.receive(site.scan(t, [still(t) - moved_m]))
    picture = tracker.picture(utc_ns(39))
    assert picture.track_id.tolist() == [1]
    assert np.linalg.norm(picture.state[0, :3] - still(39)) < 10.0


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        ({"sensor_id": "another"}, "sensor_id: 'another', must be a sensor of this site"),
        ({"azimuth_from_rad": np.nan}, "must be finite where it tells anything"),
        ({"position_enu_m": (0.0, np.inf, 0.0)}, "must be finite where it tells anything"),
        ({"range_max_m": 0.0}, "range_max_m: 0, must be positive and finite"),
    ],
)
def test_the_impossible_is_refused(says: dict[str, object], sentence: str) -> None:
    tracker, _ = followed()
    with pytest.raises(InputError, match=sentence):
        tracker.inform(a_status(**says))
