"""Tracks as other systems are told them: places on the globe, axes at their own place, words kept."""

from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from judged_scenes import SERIAL, START_UTC_NS, identification, picture, site
from skykeep.app.track_reports import track_reports
from skykeep.domain.airspace import AirspaceVerdict, Permission
from skykeep.domain.identity import Standing, TargetClass
from skykeep.domain.orders import OrdersInForce
from skykeep.domain.track import Picture, TrackStatus
from skykeep.engine.outputs import Judgement
from skykeep.geo.frames import LocalFrame

SITE = site()


def verdict(track_id: int, permission: Permission, permit_id: str = "") -> AirspaceVerdict:
    return AirspaceVerdict(
        track_id=track_id,
        permission=permission,
        zone_id="",
        permit_id=permit_id,
        document="",
        failing_condition="",
        reason="",
    )


def judgement(shown: Picture, permission: Permission = Permission.UNKNOWN) -> Judgement:
    track_ids = shown.track_id.tolist()
    return Judgement(
        picture=shown,
        height_agl_m=shown.state[:, 2] - 5.0,
        height_amsl_m=shown.state[:, 2] + 1.0,
        identifications=tuple(
            identification(track_id, standing=Standing.NEUTRAL, claimed_id=SERIAL) for track_id in track_ids
        ),
        verdicts=tuple(verdict(track_id, permission, "P-7") for track_id in track_ids),
        threats=(),
        orders=OrdersInForce(names=((1, "Heron"),)),
    )


def test_a_track_over_the_origin_is_at_the_origin() -> None:
    (report,) = track_reports(judgement(picture(3.0, [[0, 0, 100, 4, -3, 1]])), SITE)
    assert (report.latitude_deg, report.longitude_deg) == pytest.approx((38.5, -40.0), abs=1e-12)
    assert report.height_hae_m == pytest.approx(100.0, abs=1e-6)
    assert (report.height_agl_m, report.height_amsl_m) == (95.0, 101.0)
    assert report.velocity_enu_mps == pytest.approx((4.0, -3.0, 1.0), abs=1e-12)
    assert report.sigma_enu_m == pytest.approx((12.0, 12.0, 12.0))
    assert report.covariance_enu == pytest.approx((144.0, 0.0, 0.0, 144.0, 0.0, 144.0), abs=1e-9)
    assert report.target_class is TargetClass.MULTIROTOR
    assert (report.standing, report.name, report.claimed_id) == (Standing.NEUTRAL, "Heron", SERIAL)
    assert report.time_utc_ns == START_UTC_NS + 3_000_000_000


def test_a_permit_is_told_only_where_it_allows() -> None:
    shown = picture(0.0, [[0, 0, 100, 0, 0, 0]])
    assert track_reports(judgement(shown, Permission.ALLOWED), SITE)[0].permit_id == "P-7"
    assert track_reports(judgement(shown, Permission.FORBIDDEN), SITE)[0].permit_id == ""


def test_sensors_are_those_whose_detections_the_track_took() -> None:
    shown = msgspec.structs.replace(
        picture(0.0, [[0, 0, 100, 0, 0, 0], [9, 0, 100, 0, 0, 0]]),
        sensor_ids=("radar", "finder"),
        support_track_id=np.array([1, 1, 1]),
        support_sensor=np.array([0, 1, 0]),
        support_sequence=np.array([5, 6, 7]),
        support_row=np.array([0, 0, 0]),
        support_weight=np.ones(3),
    )
    first, second = track_reports(judgement(shown), SITE)
    assert first.sensor_ids == ("finder", "radar")
    assert second.sensor_ids == ()


def test_what_ended_is_told_as_ended_and_no_covariance_as_unknown() -> None:
    shown = msgspec.structs.replace(
        picture(0.0, [[0, 0, 100, 0, 0, 0]], sigma_m=0.0, sigma_mps=0.0),
        status=np.array([TrackStatus.ENDED], dtype=np.int64),
    )
    (report,) = track_reports(judgement(shown), SITE)
    assert report.status is TrackStatus.ENDED
    assert all(math.isnan(sigma) for sigma in report.sigma_enu_m)


def test_an_empty_picture_has_no_reports() -> None:
    assert track_reports(judgement(picture(0.0, [])), SITE) == []


@given(
    st.floats(-80_000, 80_000),
    st.floats(-80_000, 80_000),
    st.tuples(st.floats(-90, 90), st.floats(-90, 90), st.floats(-90, 90)),
)
def test_it_stands_where_it_stood_and_flies_as_it_flew(
    east_m: float, north_m: float, velocity_mps: tuple[float, float, float]
) -> None:
    (report,) = track_reports(judgement(picture(0.0, [[east_m, north_m, 300.0, *velocity_mps]])), SITE)
    back = SITE.origin.to_enu_m(report.latitude_deg, report.longitude_deg, report.height_hae_m)
    assert np.allclose(back, [east_m, north_m, 300.0], atol=1e-4)
    # The way it goes is the same in earth-centred axes, whichever frame says it.
    own = LocalFrame(
        latitude_deg=report.latitude_deg, longitude_deg=report.longitude_deg, height_hae_m=report.height_hae_m
    )
    assert np.allclose(
        own.velocity_to_ecef_mps(np.array(report.velocity_enu_mps)),
        SITE.origin.velocity_to_ecef_mps(np.array(velocity_mps)),
        atol=1e-9,
    )
    # A round uncertainty is round from everywhere.
    assert report.sigma_enu_m == pytest.approx((12.0, 12.0, 12.0))
