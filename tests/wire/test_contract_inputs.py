"""Messages of the contract as records: where a bearing points in the site's frame, and what is taken once."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mutations import frames_to_try, mutated
from skykeep.base.clock import NS_PER_S, from_iso_utc
from skykeep.domain.feed import Taken
from skykeep.domain.sensing import (
    Claim,
    ClaimKind,
    Credibility,
    MeasurementKind,
    Reliability,
    Report,
    Scan,
    Sensor,
    SensorKind,
    SensorState,
    SensorStatus,
)
from skykeep.geo.frames import LocalFrame
from skykeep.wire.contract_inputs import REMEMBERED_SEQUENCES, ContractInputs

FRAME = LocalFrame(latitude_deg=45.0, longitude_deg=7.0, height_hae_m=300.0)
TIME = "2031-05-03T02:14:07Z"
NOW_UTC_NS = from_iso_utc(TIME) + NS_PER_S // 10


def sensor(**changes: Any) -> Sensor:
    given: dict[str, Any] = {
        "sensor_id": "rf-1",
        "name": "direction finder",
        "kind": SensorKind.RF_DIRECTION_FINDER,
        "measures": MeasurementKind.AZIMUTH,
        "position_enu_m": (0.0, 0.0, 0.0),
        "coverage_range_m": 3_000.0,
    }
    return Sensor(**(given | changes))


def body(kind: str = "detections", **fields: Any) -> bytes:
    return json.dumps({"type": kind, "sensor_id": "rf-1", "sequence": 0, "time_utc": TIME} | fields).encode()


def bearing(bearing_deg: float, **more: Any) -> dict[str, Any]:
    return {"kind": "bearing", "bearing_deg": bearing_deg, "bearing_sigma_deg": 2.0} | more


def one_scan(data: bytes, **configured: Any) -> Scan:
    taken = ContractInputs(sensor(**configured), FRAME).take(data, NOW_UTC_NS)
    assert taken.refusals == ()
    (scan,) = taken.records
    assert isinstance(scan, Scan)
    return scan


def refusal(taken: Taken) -> str:
    (refused,) = taken.refusals
    assert taken.records == ()
    return f"{refused.field}: {refused.found}, must be {refused.must}"


def test_a_bearing_to_the_east_is_a_quarter_turn() -> None:
    scan = one_scan(body(detections=[bearing(90.0, signal={"type": "video", "protocol": "wifi"}, snr_db=9)]))

    assert scan.kind is MeasurementKind.AZIMUTH
    assert scan.measured[0, 0] == pytest.approx(np.pi / 2, abs=1e-12)
    assert np.isnan(scan.measured[0, 1:]).all()
    assert scan.sigma[0, 0] == pytest.approx(np.radians(2.0))
    assert scan.labels == ("wifi",)
    assert scan.snr_db[0] == 9
    assert (scan.sequence, scan.time_utc_ns, scan.received_utc_ns) == (0, from_iso_utc(TIME), NOW_UTC_NS)


@given(
    st.floats(0, 359.99),
    st.floats(-60, 60),
    st.floats(-30_000, 30_000),
    st.floats(-30_000, 30_000),
)
def test_a_direction_leads_to_the_same_place_from_either_frame(
    bearing_deg: float, elevation_deg: float, east_m: float, north_m: float
) -> None:
    """A target is put 2 km along the direction in the sensor's own horizon, by the geodesy alone."""
    scan = one_scan(
        body(detections=[bearing(bearing_deg, elevation_deg=elevation_deg, elevation_sigma_deg=1)]),
        position_enu_m=(east_m, north_m, 0.0),
    )
    latitude, longitude, height = FRAME.to_geodetic(np.array([east_m, north_m, 0.0]))
    own = LocalFrame(latitude_deg=float(latitude), longitude_deg=float(longitude), height_hae_m=float(height))
    level_m = 2_000.0 * np.cos(np.radians(elevation_deg))
    target = own.to_geodetic(
        np.array(
            [
                level_m * np.sin(np.radians(bearing_deg)),
                level_m * np.cos(np.radians(bearing_deg)),
                2_000.0 * np.sin(np.radians(elevation_deg)),
            ]
        )
    )
    away_m = FRAME.to_enu_m(*target) - np.array([east_m, north_m, 0.0])
    azimuth_rad, found_elevation_rad = scan.measured[0, :2]
    found_m = 2_000.0 * np.array(
        [
            np.cos(found_elevation_rad) * np.sin(azimuth_rad),
            np.cos(found_elevation_rad) * np.cos(azimuth_rad),
            np.sin(found_elevation_rad),
        ]
    )

    assert 0.0 <= azimuth_rad < 2 * np.pi
    assert found_m == pytest.approx(away_m, abs=0.02)


def test_meridians_turn_a_bearing_by_what_the_geodesy_says() -> None:
    """10 km east at 45 degrees, north differs by 10 km / 6,388 km x tan 45 deg = 0.0897 deg."""
    scan = one_scan(body(detections=[bearing(0.0)]), position_enu_m=(10_000.0, 0.0, 0.0))

    turned_deg = np.degrees((scan.measured[0, 0] + np.pi) % (2 * np.pi) - np.pi)
    assert turned_deg == pytest.approx(-np.degrees(10_000 / 6_388_838), abs=2e-5)


def test_an_empty_list_is_a_look_that_found_nothing() -> None:
    scan = one_scan(body(detections=[], sector={"from_deg": 350, "to_deg": 20}))

    assert len(scan) == 0
    assert scan.kind is MeasurementKind.AZIMUTH
    assert (scan.azimuth_from_rad, scan.azimuth_to_rad) == pytest.approx((np.radians(350), np.radians(20)))
    (said,) = ContractInputs(sensor(measures=None), FRAME).take(body(detections=[]), NOW_UTC_NS).records
    assert isinstance(said, SensorStatus)
    assert said.says == "nothing detected"


@pytest.mark.parametrize(
    ("sector", "told"), [(None, None), ({"from_deg": 0, "to_deg": 360}, (0.0, 2 * np.pi))]
)
def test_all_round_and_not_said_are_two_things(sector: object, told: tuple[float, float] | None) -> None:
    scan = one_scan(body(detections=[], sector=sector))
    assert scan.azimuth_from_rad == (told and told[0])
    assert scan.azimuth_to_rad == (told and told[1])


PLOT = {
    "kind": "range_bearing",
    "range_m": 800,
    "range_sigma_m": 4,
    "bearing_deg": 10,
    "bearing_sigma_deg": 1,
}


def test_a_plot_without_elevation_is_spread_over_what_the_radar_sees() -> None:
    scan = one_scan(
        body(detections=[PLOT | {"range_rate_mps": -9, "range_rate_sigma_mps": 0.2, "rcs_dbsm": -20}]),
        elevation_min_rad=0.0,
        elevation_max_rad=0.4,
    )

    assert scan.kind is MeasurementKind.RANGE_AZIMUTH_ELEVATION
    assert scan.measured[0] == pytest.approx([800, np.radians(10), 0.2, -9])
    assert scan.sigma[0] == pytest.approx([4, np.radians(1), 0.4 / np.sqrt(12), 0.2])
    assert scan.rcs_dbsm[0] == -20


def test_a_place_becomes_metres_and_one_without_height_is_anywhere_low() -> None:
    place = {"kind": "position", "latitude_deg": 45.0, "longitude_deg": 7.0, "sigma_horizontal_m": 25}
    known = one_scan(body(detections=[place | {"height_hae_m": 420, "sigma_vertical_m": 30}]))
    unknown = one_scan(body(detections=[place]))

    assert known.measured[0, :3] == pytest.approx([0, 0, 120], abs=1e-6)
    assert known.sigma[0, :3].tolist() == [25, 25, 30]
    assert unknown.measured[0, :3] == pytest.approx([0, 0, 60], abs=1e-6)
    assert unknown.sigma[0, :3].tolist() == [25, 25, 100]


def test_a_presence_is_the_half_ball_above_the_sensor() -> None:
    scan = one_scan(body(detections=[{"kind": "presence", "range_max_m": 1_000}]))
    dice = np.random.default_rng(1)
    ball_m = dice.uniform(-1_000, 1_000, (400_000, 3))
    half_m = ball_m[(np.sum(ball_m**2, axis=1) < 1e6) & (ball_m[:, 2] > 0)]

    assert scan.kind is MeasurementKind.POSITION
    assert scan.measured[0, :3] == pytest.approx(half_m.mean(axis=0), abs=5)
    assert scan.sigma[0, :3] == pytest.approx(half_m.std(axis=0), abs=5)


def test_a_controller_is_told_of_but_never_a_target() -> None:
    both = bearing(41.0, controller_bearing_deg=214.0, controller_bearing_sigma_deg=3.0, label="maker-x")
    only = {"kind": "bearing", "controller_bearing_deg": 214.0, "controller_bearing_sigma_deg": 3.0}
    inputs = ContractInputs(sensor(), FRAME)

    scan, said = inputs.take(body(detections=[both, only]), NOW_UTC_NS).records

    assert isinstance(scan, Scan)
    assert scan.measured[:, 0] == pytest.approx([np.radians(41)])
    assert isinstance(said, SensorStatus)
    assert said.state is SensorState.OK
    assert said.says.startswith(
        "a controller of maker-x at a bearing of 214.0 deg (sigma 3.0 deg); a controller"
    )
    assert (scan.sequence, said.sequence) == (0, 1)


def test_a_claim_is_a_claim() -> None:
    claimed = {
        "claimed_id": "1596F1234567",
        "latitude_deg": 45.0,
        "longitude_deg": 7.0,
        "height_hae_m": 380,
        "sigma_horizontal_m": 3,
        "sigma_vertical_m": 10,
        "ground_speed_mps": 8,
        "course_deg": 90,
        "vertical_speed_mps": -1,
        "operator_latitude_deg": 45.001,
        "operator_longitude_deg": 7.0,
        "rssi_dbm": -70,
    }
    (claim,) = ContractInputs(sensor(), FRAME).take(body("claims", claims=[claimed]), NOW_UTC_NS).records

    assert isinstance(claim, Claim)
    assert claim.kind is ClaimKind.REMOTE_ID
    assert claim.position_enu_m == pytest.approx((0, 0, 80), abs=1e-6)
    assert claim.velocity_enu_mps == pytest.approx((8, 0, -1), abs=1e-9)
    assert claim.sigma_m == (3.0, 10.0)
    assert claim.operator_position_enu_m is not None
    assert claim.operator_position_enu_m[1] == pytest.approx(111.14, abs=0.1)


def test_a_person_is_nobody_graded() -> None:
    told = body("report", what="heard", text="Two bangs.", latitude_deg=45.0, longitude_deg=7.0,
                sigma_m=30, bearing_deg=180)  # fmt: skip
    (report,) = (
        ContractInputs(sensor(kind=SensorKind.PEOPLE, measures=None), FRAME).take(told, NOW_UTC_NS).records
    )

    assert isinstance(report, Report)
    assert report.position_enu_m == pytest.approx((0, 0, 0), abs=1e-6)
    assert (report.kind, report.text, report.sigma_m) == ("heard", "Two bangs.", 30)
    assert report.bearing_rad == pytest.approx(np.pi)
    assert (report.reliability, report.credibility) == (
        Reliability.CANNOT_BE_JUDGED,
        Credibility.CANNOT_BE_JUDGED,
    )


def test_a_person_who_does_not_say_where_is_somewhere_in_earshot() -> None:
    told = body("report", what="heard", text="A hum.")
    (report,) = (
        ContractInputs(sensor(kind=SensorKind.PEOPLE, measures=None), FRAME).take(told, NOW_UTC_NS).records
    )

    assert isinstance(report, Report)
    assert (report.position_enu_m, report.sigma_m) == ((0, 0, 0), 3_000)


def test_a_status_says_what_it_says() -> None:
    told = body("status", state="degraded", says="one antenna of four", latency_s=0.4,
                latitude_deg=45.0, longitude_deg=7.0, height_hae_m=310)  # fmt: skip
    (status,) = ContractInputs(sensor(), FRAME).take(told, NOW_UTC_NS).records

    assert isinstance(status, SensorStatus)
    assert (status.state, status.says, status.latency_s) == (SensorState.DEGRADED, "one antenna of four", 0.4)
    assert status.position_enu_m == pytest.approx((0, 0, 10), abs=1e-6)


def at(sequence: int, second: int) -> bytes:
    return body(detections=[], sequence=sequence, time_utc=f"2031-05-03T02:14:{second:02d}Z")


STORIES: dict[str, tuple[list[tuple[int, int]], tuple[int, int], bool]] = {
    "the next": ([(4, 0)], (5, 1), True),
    "some were lost": ([(4, 0)], (50, 1), True),
    "sent twice": ([(4, 0)], (4, 0), False),
    "an older one sent twice": ([(4, 0), (5, 1)], (4, 0), False),
    "late, for the first time": ([(4, 0), (6, 2)], (5, 1), True),
    "late, for the second time": ([(4, 0), (6, 2), (5, 1)], (5, 1), False),
    "restarted": ([(4, 0), (5, 1)], (0, 2), True),
    "goes on after a restart": ([(4, 0), (5, 1), (0, 2)], (1, 3), True),
    "from before the restart, late": ([(4, 0), (6, 1), (0, 2)], (5, 0), True),
    "from before the restart, sent twice": ([(4, 0), (5, 1), (0, 2)], (5, 1), False),
    "after a late one from before the restart": ([(6, 1), (0, 2), (5, 0)], (1, 3), True),
    "two of one moment": ([(4, 0)], (5, 0), True),
    "two of one moment, the wrong way round": ([(5, 0)], (4, 0), True),
    "far too old": ([(4 + REMEMBERED_SEQUENCES, 9)], (4, 0), False),
    "it never counts": ([(0, 0), (0, 1)], (0, 2), True),
}


@pytest.mark.parametrize("story", STORIES)
def test_each_message_is_taken_once(story: str) -> None:
    before, last, is_taken = STORIES[story]
    inputs = ContractInputs(sensor(), FRAME)
    for one in before:
        assert inputs.take(at(*one), NOW_UTC_NS).refusals == ()

    taken = inputs.take(at(*last), NOW_UTC_NS)

    assert bool(taken.records) is is_taken
    if not is_taken:
        assert refusal(taken).startswith(f"sequence: {last[0]} of 2031-05-03T02:14:0{last[1]}.000Z, ")


def test_another_sensors_message_is_refused() -> None:
    taken = ContractInputs(sensor(sensor_id="rf-2"), FRAME).take(body(detections=[]), NOW_UTC_NS)
    assert refusal(taken) == "sensor_id: rf-1, must be rf-2"


def test_a_time_from_next_week_is_refused_and_does_not_stop_the_next() -> None:
    inputs = ContractInputs(sensor(), FRAME)
    ahead = inputs.take(body(detections=[], time_utc="2031-05-10T00:00:00Z"), NOW_UTC_NS)
    assert refusal(ahead).startswith("time_utc: 2031-05-10T00:00:00.000Z, must be at most a day after")
    assert inputs.take(body(detections=[]), NOW_UTC_NS).refusals == ()


def test_damaged_messages_never_raise_and_give_only_what_can_be() -> None:
    whole = [
        body(detections=[bearing(10), bearing(20)], sector={"from_deg": 5, "to_deg": 30}),
        body(detections=[PLOT]),
        body(detections=[{"kind": "presence", "range_max_m": 900}]),
        body("report", what="saw", text="a light", latitude_deg=45, longitude_deg=7, sigma_m=9),
        body("status", state="ok", range_max_m=4_000),
    ]
    taken = 0
    for data in mutated(whole, frames_to_try(), seed=5):
        for record in ContractInputs(sensor(), FRAME).take(data, NOW_UTC_NS).records:
            taken += 1
            assert abs(record.received_utc_ns - NOW_UTC_NS) == 0
            if isinstance(record, Scan) and record.kind is not MeasurementKind.POSITION and len(record):
                column = int(record.kind is MeasurementKind.RANGE_AZIMUTH_ELEVATION)
                assert (record.measured[:, column] >= 0).all()
                assert (record.measured[:, column] < 2 * np.pi).all()
                assert (record.sigma[:, column] > 0).all()
    assert taken > 0
