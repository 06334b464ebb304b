"""Stories of tracks: found, kept, lost, told apart; and what the tracker refuses."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from radar_range import RadarRange, utc_ns
from skykeep.app.workers import Threads
from skykeep.base.compile import FloatArray
from skykeep.base.errors import InputError
from skykeep.domain.encoding import encode_json
from skykeep.domain.sensing import MeasurementKind, Scan, Sensor, SensorKind, make_scan
from skykeep.domain.track import Picture, TrackStatus
from skykeep.tracking import Tracker, TrackerSettings
from skykeep.tracking.settings import MotionModel

HOVER = np.array([600.0, 800.0, 100.0])


def straight(time_s: float) -> FloatArray:
    """Return where a drone is that comes in from the north-east at 15 m/s."""
    return np.array([1500.0 - 12.0 * time_s, 1200.0 - 9.0 * time_s, 100.0])


def follow(tracker: Tracker, site: RadarRange, seconds: int, clutter: int = 0) -> Picture:
    for t in range(seconds):
        tracker.receive(site.scan(t, [straight(t)], clutter=clutter))
    return tracker.picture(utc_ns(seconds - 1))


def test_one_target_at_one_look_a_second_is_one_track_that_converges() -> None:
    site = RadarRange()
    picture = follow(Tracker((site.radar(),)), site, 20)

    assert picture.track_id.tolist() == [1]
    assert picture.status.tolist() == [TrackStatus.CONFIRMED]
    assert picture.hits.tolist() == [20]
    assert picture.existence[0] > 0.99
    np.testing.assert_allclose(picture.state[0, :3], straight(19), atol=15.0)
    np.testing.assert_allclose(picture.state[0, 3:], [-12.0, -9.0, 0.0], atol=3.0)
    assert np.sqrt(picture.covariance[0, 0, 0]) < 15.0


def test_the_picture_is_predicted_to_the_asked_time_and_changes_nothing() -> None:
    site = RadarRange()
    tracker = Tracker((site.radar(),), TrackerSettings(motion=(MotionModel(noise_m2ps3=1.0),)))
    now = follow(tracker, site, 20)
    later = tracker.picture(utc_ns(22.0))
    again = tracker.picture(utc_ns(19.0))

    np.testing.assert_allclose(later.state[0, :3], now.state[0, :3] + 3.0 * now.state[0, 3:])
    assert later.covariance[0, 0, 0] > now.covariance[0, 0, 0]
    assert np.array_equal(again.state, now.state)
    assert np.array_equal(again.covariance, now.covariance)


def test_a_target_that_vanishes_coasts_then_ends_once() -> None:
    site = RadarRange()
    tracker = Tracker((site.radar(),))
    follow(tracker, site, 20)
    statuses: list[TrackStatus] = []
    for t in range(20, 40):
        tracker.receive(site.scan(t, []))
        statuses += [TrackStatus(s) for s in tracker.picture(utc_ns(t)).status]

    assert statuses[0] is TrackStatus.CONFIRMED
    assert statuses[1] is TrackStatus.COASTING
    assert statuses[-1] is TrackStatus.ENDED
    assert statuses.count(TrackStatus.ENDED) == 1
    assert 4 <= len(statuses) <= 8


def test_two_missed_looks_are_bridged() -> None:
    site = RadarRange()
    tracker = Tracker((site.radar(),))
    follow(tracker, site, 20)
    for t in range(20, 30):
        tracker.receive(site.scan(t, [] if t in (21, 22) else [straight(t)]))
    picture = tracker.picture(utc_ns(29))

    assert picture.track_id.tolist() == [1]
    assert picture.status.tolist() == [TrackStatus.CONFIRMED]


def test_looks_elsewhere_are_not_misses() -> None:
    site = RadarRange()
    tracker = Tracker((site.radar(),))
    follow(tracker, site, 20)
    # The target stands at about 53 degrees; the radar turns to the other half of the sky.
    for t in range(20, 32):
        tracker.receive(site.scan(t, [], azimuth_from_rad=np.pi, azimuth_to_rad=2 * np.pi))
    picture = tracker.picture(utc_ns(31))
    assert picture.status.tolist() == [TrackStatus.COASTING]
    assert picture.existence[0] > 0.8


def test_two_that_cross_keep_their_names() -> None:
    site = RadarRange()
    tracker = Tracker((site.radar(),))
    for t in range(40):
        one = np.array([400.0 + 15.0 * (t - 20), 700.0, 100.0])
        other = np.array([400.0 - 15.0 * (t - 20), 715.0, 110.0])
        tracker.receive(site.scan(t, [one, other]))
        if t == 10:
            early = tracker.picture(utc_ns(t))
    late = tracker.picture(utc_ns(39))

    assert late.track_id.tolist() == early.track_id.tolist() == [1, 2]
    assert np.array_equal(np.sign(late.state[:, 3]), np.sign(early.state[:, 3]))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_clutter_alone_starts_nothing(seed: int) -> None:
    site = RadarRange(seed)
    tracker = Tracker((site.radar(clutter_per_scan=50.0),))
    for t in range(60):
        tracker.receive(site.scan(t, [], clutter=50))
    assert len(tracker.picture(utc_ns(59))) == 0


def test_a_target_in_clutter_is_the_only_track() -> None:
    site = RadarRange()
    picture = follow(Tracker((site.radar(clutter_per_scan=50.0),)), site, 30, clutter=50)
    assert len(picture) == 1
    np.testing.assert_allclose(picture.state[0, :3], straight(29), atol=25.0)


def test_where_a_radar_is_fooled_again_and_again_few_tracks_stay() -> None:
    """A tree that returns twice per scan begins as a track, as it must; within minutes the place is known."""
    shown = []
    for seed in (1, 2, 3):
        site = RadarRange(seed)
        tracker = Tracker((site.radar(clutter_per_scan=5.0),))
        for t in range(300):
            tree = [HOVER + site.dice.normal(0.0, 12.0, 3) for _ in range(site.dice.poisson(2.0))]
            tracker.receive(site.scan(t, tree))
            picture = tracker.picture(utc_ns(t))
            if t >= 200:
                shown.append(len(picture) > 0)
    assert np.mean(shown) < 0.15


def test_a_hovering_drone_is_not_taken_for_clutter() -> None:
    site = RadarRange()
    tracker = Tracker((site.radar(),))
    for t in range(120):
        tracker.receive(site.scan(t, [HOVER]))
    picture = tracker.picture(utc_ns(119))
    assert picture.track_id.tolist() == [1]
    assert np.linalg.norm(picture.state[0, 3:5]) < 3.0


def test_a_bearing_helps_a_track_but_starts_none() -> None:
    site = RadarRange()
    finder = Sensor(
        sensor_id="df",
        name="df",
        kind=SensorKind.RF_DIRECTION_FINDER,
        measures=MeasurementKind.AZIMUTH,
        position_enu_m=(0.0, 0.0, 0.0),
        coverage_range_m=5000.0,
        clutter_per_scan=0.5,
    )

    def bearing(time_s: float, azimuth_rad: float) -> Scan:
        return make_scan(
            sensor_id="df",
            sequence=int(time_s * 10),
            kind=MeasurementKind.AZIMUTH,
            time_utc_ns=utc_ns(time_s),
            received_utc_ns=utc_ns(time_s),
            measured=np.array([[azimuth_rad]]),
            sigma=np.array([[0.005]]),
        )

    tracker = Tracker((site.radar(), finder))
    for t in range(5):
        tracker.receive(bearing(t, 1.0))
    assert len(tracker.picture(utc_ns(5))) == 0
    assert tracker.unassociated_bearings == 5

    for t in range(10, 30):
        tracker.receive(site.scan(t, [HOVER]))
    before = tracker.picture(utc_ns(29.5))
    tracker.receive(bearing(29.5, float(np.arctan2(HOVER[0], HOVER[1]))))
    after = tracker.picture(utc_ns(29.5))
    assert after.hits[0] == before.hits[0] + 1
    assert np.linalg.det(after.covariance[0, :2, :2]) < np.linalg.det(before.covariance[0, :2, :2])


def test_what_a_target_says_of_itself_starts_no_track() -> None:
    sensor = Sensor(
        sensor_id="rid",
        name="rid",
        kind=SensorKind.REMOTE_ID,
        measures=MeasurementKind.POSITION,
        position_enu_m=(0.0, 0.0, 0.0),
        coverage_range_m=5000.0,
        independent=False,
    )
    tracker = Tracker((sensor,))
    for t in range(20):
        tracker.receive(
            make_scan(
                sensor_id="rid",
                sequence=t,
                kind=MeasurementKind.POSITION,
                time_utc_ns=utc_ns(t),
                received_utc_ns=utc_ns(t),
                measured=np.array([HOVER]),
                sigma=np.full((1, 3), 5.0),
            )
        )
    assert len(tracker.picture(utc_ns(19))) == 0


def test_a_track_names_each_detection_it_rests_on_once() -> None:
    site = RadarRange()
    tracker = Tracker((site.radar(),))
    told: list[tuple[int, int, int]] = []
    for t in range(12):
        scan = site.scan(t, [straight(t)], clutter=3)
        tracker.receive(scan)
        picture = tracker.picture(utc_ns(t))
        told += zip(
            picture.support_track_id.tolist(),
            picture.support_sequence.tolist(),
            picture.support_row.tolist(),
            strict=True,
        )
    # The target is row 0 of every scan; what came before confirmation is told at confirmation.
    assert told == [(1, sequence, 0) for sequence in range(1, 13)]


def test_the_signature_is_the_mean_and_spread_of_the_detections() -> None:
    site = RadarRange()
    tracker = Tracker((site.radar(),))
    shown = site.dice.normal(-18.0, 3.0, 25)
    for t in range(25):
        tracker.receive(site.scan(t, [straight(t)], rcs_dbsm=shown[t : t + 1]))
    picture = tracker.picture(utc_ns(24))

    assert picture.rcs_dbsm[0] == pytest.approx(shown.mean())
    assert picture.rcs_spread_db[0] == pytest.approx(shown.std(ddof=1))
    assert np.isnan(picture.modulation_db[0])


def test_modulation_is_told_by_clear_echoes_and_hardly_by_weak_ones() -> None:
    """Noise beside an echo of 8 dB looks like rotors: such looks count for 1 in 250."""
    site = RadarRange()
    tracker = Tracker((site.radar(),))
    for t in range(24):
        clear = t % 2 == 0
        scan = msgspec.structs.replace(
            site.scan(t, [straight(t)]),
            snr_db=np.array([30.0 if clear else 8.0]),
            modulation_db=np.array([-20.0 if clear else -8.0]),
        )
        tracker.receive(scan)
    picture = tracker.picture(utc_ns(23))

    clear_share, weak_share = (power**2 / (power**2 + 100.0**2) for power in (10.0**3, 10.0**0.8))
    assert picture.modulation_looks[0] == pytest.approx(12 * (clear_share + weak_share))
    assert picture.modulation_db[0] == pytest.approx(
        (-20.0 * clear_share - 8.0 * weak_share) / (clear_share + weak_share)
    )
    assert picture.modulation_db[0] < -19.9


def test_unknown_sensors_copies_and_yesterday_are_refused() -> None:
    site = RadarRange()
    tracker = Tracker((site.radar(),))
    scan = site.scan(100.0, [HOVER])
    tracker.receive(scan)

    with pytest.raises(InputError, match="sensor_id: 'other'"):
        tracker.receive(site.scan(101.0, [HOVER], sensor="other"))
    with pytest.raises(InputError, match="sequence: 1 of radar again"):
        tracker.receive(scan)
    yesterday = msgspec.structs.replace(scan, sequence=7, time_utc_ns=scan.time_utc_ns - 86_400_000_000_000)
    with pytest.raises(InputError, match="86400"):
        tracker.receive(yesterday)
    tomorrow = msgspec.structs.replace(scan, sequence=8, time_utc_ns=scan.time_utc_ns + 86_400_000_000_000)
    with pytest.raises(InputError, match="in the future"):
        tracker.receive(tomorrow)
    # None of that left a trace.
    tracker.receive(msgspec.structs.replace(scan, sequence=7, time_utc_ns=utc_ns(101.0)))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("column", [0, 1, 2])
def test_rows_that_are_not_numbers_are_counted_and_the_rest_used(bad: float, column: int) -> None:
    site = RadarRange()
    tracker = Tracker((site.radar(),))
    for t in range(10):
        scan = site.scan(t, [straight(t), straight(t)])
        scan.measured[1, column] = bad
        tracker.receive(scan)
    assert tracker.refused_rows == 10
    assert tracker.picture(utc_ns(9)).hits.tolist() == [10]


def test_a_missing_sigma_falls_back_on_the_sensors_own() -> None:
    site = RadarRange()
    tracker = Tracker((site.radar(),))
    for t in range(10):
        scan = site.scan(t, [straight(t)])
        scan.sigma[:, 1] = np.nan
        tracker.receive(scan)
    assert tracker.refused_rows == 0
    assert len(tracker.picture(utc_ns(9))) == 1


def run(seed: int, shuffle_seed: int | None) -> list[Picture]:
    site = RadarRange(seed)
    shuffle = np.random.default_rng(shuffle_seed)
    tracker = Tracker((site.radar(clutter_per_scan=20.0),))
    pictures = []
    for t in range(15):
        scan = site.scan(t, [straight(t), HOVER], clutter=20)
        if shuffle_seed is not None:
            order = shuffle.permutation(len(scan))
            columns = ("measured", "sigma", "snr_db", "rcs_dbsm", "modulation_db")
            scan = msgspec.structs.replace(scan, **{c: getattr(scan, c)[order] for c in columns})
        tracker.receive(scan)
        pictures.append(tracker.picture(utc_ns(t)))
    return pictures


@given(st.integers(0, 1000), st.integers(0, 1000))
@hypothesis_settings(max_examples=15)
def test_the_order_of_rows_changes_nothing_but_their_references(seed: int, shuffle_seed: int) -> None:
    empty = np.empty(0, dtype=np.int64)
    no_support = {"support_track_id": empty, "support_sensor": empty, "support_sequence": empty}
    for plain, shuffled in zip(run(seed, None), run(seed, shuffle_seed), strict=True):
        a, b = (msgspec.structs.replace(p, **no_support, support_row=empty) for p in (plain, shuffled))
        assert encode_json(a) == encode_json(b)
        for name in no_support:
            assert sorted(getattr(plain, name)) == sorted(getattr(shuffled, name))


@pytest.mark.parametrize("threads", [2, 3])
def test_however_many_threads_the_same_bytes(threads: int) -> None:
    """Two hundred targets in clutter, so that the work is divided, and not evenly by three."""
    place = np.random.default_rng(3).uniform((-3000.0, -3000.0, 30.0), (3000.0, 3000.0, 400.0), (200, 3))

    def pictures(workers: Threads | None) -> list[bytes]:
        site = RadarRange(11)
        tracker = Tracker((site.radar(clutter_per_scan=50.0),), TrackerSettings(), workers)
        out = []
        for t in range(12):
            now = place + np.array([9.0 * t, -5.0 * t, 0.0])
            seen = [p for p in now if site.dice.random() < 0.9]
            tracker.receive(site.scan(t, seen, clutter=50))
            out.append(encode_json(tracker.picture(utc_ns(t))))
        return out

    workers = Threads(threads)
    assert pictures(workers) == pictures(None)
    workers.close()


def test_same_scans_same_bytes() -> None:
    assert [encode_json(p) for p in run(5, None)] == [encode_json(p) for p in run(5, None)]


@given(st.integers(0, 10_000))
@hypothesis_settings(max_examples=25)
def test_no_scan_however_odd_brings_it_down(seed: int) -> None:
    dice = np.random.default_rng(seed)
    site = RadarRange(seed)
    tracker = Tracker((site.radar(),))
    kinds = list(MeasurementKind)
    for t in range(12):
        n = int(dice.integers(0, 6))
        odd = np.array([0.0, -1.0, 1e-9, 1.0, 1e3, 1e9, 1e300, np.nan, np.inf])
        scan = make_scan(
            sensor_id="radar",
            sequence=1000 + t,
            kind=kinds[int(dice.integers(0, 4))],
            time_utc_ns=utc_ns(float(dice.uniform(-3, 3)) + t),
            received_utc_ns=utc_ns(t),
            measured=np.where(
                dice.random((n, 4)) < 0.5, dice.choice(odd, (n, 4)), dice.normal(0, 500, (n, 4))
            ),
            sigma=np.where(dice.random((n, 4)) < 0.3, dice.choice(odd, (n, 4)), dice.random((n, 4)) * 10),
        )
        tracker.receive(scan)
        tracker.receive(site.scan(t, [straight(t)], arrives_s=t))
        tracker.picture(utc_ns(t))


def test_a_report_nobody_makes_up_is_a_track_at_once() -> None:
    site = RadarRange()
    settings = TrackerSettings(confirm_hits=1, confirm_existence=0.9, births_per_scan=1.0)
    tracker = Tracker((site.radar(clutter_per_scan=1e-6),), settings)
    tracker.receive(site.scan(0, [HOVER]))
    assert tracker.picture(utc_ns(0)).status.tolist() == [TrackStatus.CONFIRMED]
