"""Labels as evidence: by hand; a wrong one is overruled, a new one is learned."""

from __future__ import annotations

import numpy as np
import pytest

from radar_range import RadarRange, utc_ns
from skykeep.base.compile import FloatArray
from skykeep.domain.sensing import MeasurementKind, Sensor, SensorKind, make_scan
from skykeep.tracking import Tracker, TrackerSettings
from skykeep.tracking.columns import LABEL, LABEL_HEARD, LABEL_OF, LABEL_TELLS, LOOK_VALUES, VALUES
from skykeep.tracking.labels import log_label_ratio, note_label
from skykeep.tracking.source import Source


def a_look(tells: float = 3.0, of: float = 0.0) -> FloatArray:
    look = np.zeros(LOOK_VALUES)
    look[LABEL_TELLS], look[LABEL_OF] = tells, of
    return look


def heard(*codes: float) -> FloatArray:
    value = np.zeros(VALUES)
    for code in codes:
        note_label(value, a_look(), code)
    return value


def test_a_label_heard_thrice_counts_in_full_and_once_a_third() -> None:
    assert log_label_ratio(heard(7.0), a_look(), 7.0) == pytest.approx(1.0)
    assert log_label_ratio(heard(7.0, 7.0, 7.0), a_look(), 7.0) == pytest.approx(3.0)
    assert log_label_ratio(heard(7.0, 7.0, 7.0), a_look(), 8.0) == pytest.approx(-3.0)


def test_nothing_said_is_nothing_told() -> None:
    assert log_label_ratio(heard(7.0), a_look(), np.nan) == 0.0
    assert log_label_ratio(heard(7.0), a_look(tells=0.0), 7.0) == 0.0
    assert log_label_ratio(heard(), a_look(), 7.0) == 0.0


def test_one_wrong_label_changes_nothing_and_many_change_it() -> None:
    assert heard(7.0, 7.0, 7.0, 8.0)[LABEL] == 7.0
    assert heard(7.0, 7.0, 7.0, 8.0, 8.0, 8.0, 8.0)[LABEL] == 8.0


def test_a_family_and_a_serial_are_kept_apart() -> None:
    value = heard(7.0, 7.0)
    note_label(value, a_look(of=1.0), 2.0)
    assert value[LABEL : LABEL + 4].tolist() == [7.0, 2.0, 2.0, 1.0]
    assert LABEL_HEARD == 1


@pytest.mark.parametrize(
    ("kind", "one"),
    [(SensorKind.REMOTE_ID, 0.0), (SensorKind.ADSB, 0.0), (SensorKind.RF_DIRECTION_FINDER, 1.0)],
)
def test_serials_and_addresses_name_one_and_families_many(kind: SensorKind, one: float) -> None:
    look = Source(0, listener(kind), TrackerSettings(), False)._looks[MeasurementKind.POSITION]
    assert look[LABEL_OF] == one
    assert look[LABEL_TELLS] > 0.0


def listener(kind: SensorKind = SensorKind.REMOTE_ID) -> Sensor:
    return Sensor(
        sensor_id="listener",
        name="listener",
        kind=kind,
        measures=MeasurementKind.POSITION,
        position_enu_m=(0.0, 0.0, 0.0),
        coverage_range_m=5000.0,
        sigma=(8.0, 8.0, 10.0),
        clutter_per_scan=0.0,
        independent=False,
    )


def rows_by_label(seed: int, labelled: bool) -> float:
    """Return the part of messages that stay with one track, of two drones that fly 12 m beside each other."""
    site = RadarRange(seed)
    tracker = Tracker((site.radar(), listener()))
    owners: dict[int, list[int]] = {0: [], 1: []}
    for t in range(60):
        pair = [np.array([600.0 - 10.0 * t + 12.0 * k, 900.0, 100.0]) for k in (0, 1)]
        tracker.receive(site.scan(t, pair))
        tracker.receive(
            make_scan(
                sensor_id="listener",
                sequence=t,
                kind=MeasurementKind.POSITION,
                time_utc_ns=utc_ns(t + 0.5),
                received_utc_ns=utc_ns(t + 0.5),
                measured=np.array(pair) + site.dice.normal((-5.0, 0.0, 0.0), 6.0, (2, 3)),
                sigma=np.tile((6.0, 6.0, 6.0), (2, 1)),
                labels=("ONE", "TWO") if labelled else (),
            )
        )
        picture = tracker.picture(utc_ns(t + 0.5))
        for track, sensor, row, weight in zip(
            picture.support_track_id,
            picture.support_sensor,
            picture.support_row,
            picture.support_weight,
            strict=True,
        ):
            if sensor == 1 and weight > 0.5 and t > 15:
                owners[int(row)].append(int(track))
    return float(np.mean([max(map(tracks.count, set(tracks))) / len(tracks) for tracks in owners.values()]))


def test_labels_keep_messages_with_their_tracks() -> None:
    seeds = range(6)
    with_labels = np.mean([rows_by_label(seed, True) for seed in seeds])
    without = np.mean([rows_by_label(seed, False) for seed in seeds])
    assert with_labels > without + 0.05
    assert with_labels > 0.9
