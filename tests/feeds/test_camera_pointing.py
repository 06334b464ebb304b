"""Where a head must turn: by hand, then for any place and any mounting against the geodesy."""

from __future__ import annotations

import sys
import types
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contract_house import run_apart
from skykeep.base.errors import InputError, LinkError, SetupError
from skykeep.domain.place import Vector
from skykeep.feeds import onvif_camera
from skykeep.feeds.camera_pointing import Lens, Mount, aim
from skykeep.feeds.onvif_camera import OnvifAddress, OnvifCamera, OnvifHead
from skykeep.geo.frames import LocalFrame

FRAME = LocalFrame(latitude_deg=51.0, longitude_deg=4.0, height_hae_m=40.0)
NORTH = Mount(position_enu_m=(0.0, 0.0, 0.0), heading_rad=0.0)


@pytest.mark.parametrize(
    ("place", "heading_deg", "pan_deg", "tilt_deg"),
    [
        ((0.0, 100.0, 0.0), 0, 0, 0),
        ((100.0, 100.0, 0.0), 0, 45, 0),
        ((-100.0, 0.0, 0.0), 0, -90, 0),
        ((100.0, 0.0, 100.0), 90, 0, 45),
        ((0.0, 100.0, -100.0), 90, -90, -45),
        ((0.0, 0.0, 70.0), 0, 0, 90),
    ],
)
def test_a_place_beside_the_camera(
    place: Vector, heading_deg: float, pan_deg: float, tilt_deg: float
) -> None:
    aimed = aim(Mount(position_enu_m=(0.0, 0.0, 0.0), heading_rad=np.radians(heading_deg)), FRAME, place)

    assert aimed.tilt_deg == pytest.approx(tilt_deg, abs=1e-6)
    assert aimed.range_m == pytest.approx(np.linalg.norm(place))
    if abs(tilt_deg) < 90:
        assert aimed.pan_deg == pytest.approx(pan_deg, abs=1e-6)


def test_a_base_that_was_levelled_badly_is_allowed_for() -> None:
    """Nose up by 2 degrees: what is level ahead is 2 down. Right side down by 3: to the right, 3 up."""
    tipped = Mount(position_enu_m=(0.0, 0.0, 0.0), heading_rad=0.0, pitch_rad=np.radians(2))
    assert aim(tipped, FRAME, (0.0, 500.0, 0.0)).tilt_deg == pytest.approx(-2, abs=1e-6)
    assert aim(
        Mount(position_enu_m=(0.0, 0.0, 0.0), heading_rad=0.0, roll_rad=np.radians(3)), FRAME, (500.0, 0, 0)
    ).tilt_deg == pytest.approx(3, abs=1e-6)


def test_the_earth_falls_away_between_the_camera_and_the_place() -> None:
    """10 km away at the same height, a head stands in a horizon tipped by 10 km over the earth's radius."""
    far = Mount(position_enu_m=(0.0, -10_000.0, 0.0), heading_rad=0.0)
    tilt_deg = aim(far, FRAME, (0.0, 0.0, 0.0)).tilt_deg
    meridian_radius_m = 6_378_137 * (1 - 0.00669438) / (1 - 0.00669438 * np.sin(np.radians(51)) ** 2) ** 1.5
    assert tilt_deg == pytest.approx(-np.degrees(10_000 / meridian_radius_m), abs=2e-5)


metres = st.floats(-25_000, 25_000)
places = st.tuples(metres, metres, st.floats(-200, 5_000))
mounts = st.builds(
    Mount,
    position_enu_m=places,
    heading_rad=st.floats(0, 2 * np.pi),
    pitch_rad=st.floats(-0.3, 0.3),
    roll_rad=st.floats(-0.3, 0.3),
    pan_from_deg=st.sampled_from([-180.0, 0.0, -90.0]),
    pan_to_deg=st.just(360.0),
)


@given(mounts, places)
def test_looking_along_the_aim_meets_the_place(mount: Mount, place: Vector) -> None:
    assume(np.linalg.norm(np.subtract(place, mount.position_enu_m)) > 1.0)
    aimed = aim(mount, FRAME, place)
    pan_rad, tilt_rad = np.radians(aimed.pan_deg), np.radians(aimed.tilt_deg)
    in_head = [np.cos(tilt_rad) * np.cos(pan_rad), np.cos(tilt_rad) * np.sin(pan_rad), np.sin(tilt_rad)]
    horizon = mount.horizon(FRAME)
    met_m = FRAME.to_enu_m(*horizon.to_geodetic(aimed.range_m * (np.array(in_head) @ mount.axes())))

    assert mount.pan_from_deg <= aimed.pan_deg <= mount.pan_to_deg
    assert met_m == pytest.approx(np.array(place), abs=1e-3)


@given(mounts)
def test_the_axes_of_a_head_are_square_and_right_handed(mount: Mount) -> None:
    ahead, right, up = mount.axes()
    assert mount.axes() @ mount.axes().T == pytest.approx(np.eye(3), abs=1e-12)
    assert np.cross(right, ahead) == pytest.approx(up, abs=1e-12)


def test_where_a_head_cannot_turn_is_refused() -> None:
    half = Mount(
        position_enu_m=(0.0, 0.0, 0.0), heading_rad=0.0, pan_from_deg=-90, pan_to_deg=90, tilt_to_deg=30
    )
    with pytest.raises(InputError, match=r"pan_deg: 180\.00, must be -90 to 90"):
        aim(half, FRAME, (0.0, -100.0, 0.0))
    with pytest.raises(InputError, match=r"tilt_deg: 45\.00, must be -90 to 30"):
        aim(half, FRAME, (0.0, 100.0, 100.0))
    with pytest.raises(InputError, match="position_enu_m"):
        aim(half, FRAME, (0.0, 0.0, 0.0))
    with pytest.raises(InputError, match="position_enu_m"):
        aim(half, FRAME, (np.nan, 0.0, 0.0))


def test_a_lens_shows_what_must_be_seen() -> None:
    lens = Lens(zooms=(0.0, 1.0), fields_of_view_deg=(60.0, 2.0))
    assert lens.zoom_for(100.0, 90.0) == 0.0
    assert lens.zoom_for(5_000.0, 1.0) == 1.0
    middle_deg = np.sqrt(60.0 * 2.0)
    assert lens.zoom_for(1_500.0 / np.sin(np.radians(middle_deg / 2)), 1_000.0) == pytest.approx(0.5)
    with pytest.raises(ValueError, match="a lens must"):
        Lens(zooms=(0.0, 1.0), fields_of_view_deg=(2.0, 60.0))


@pytest.mark.parametrize(
    ("head", "x", "y"),
    [
        (OnvifHead(mount=NORTH), 0.25, 0.5),
        (OnvifHead(mount=NORTH, pan_is_clockwise=False, tilt_is_up=False), -0.25, -0.5),
        (OnvifHead(mount=NORTH, space="degrees"), 45.0, 45.0),
    ],
)
def test_a_position_is_named_as_the_camera_names_it(head: OnvifHead, x: float, y: float) -> None:
    aimed = aim(NORTH, FRAME, (100.0, 100.0, 100.0 * np.sqrt(2)))
    position = head.position(aimed, 10.0)
    assert (position["PanTilt"]["x"], position["PanTilt"]["y"]) == pytest.approx((x, y), abs=1e-6)
    assert "Zoom" not in position


class FakeCamera:
    """Of the library only what we call: it keeps what it was asked, or fails."""

    asked: list[dict[str, Any]]
    closed: int
    fails: bool
    profiles: list[Any]

    def __init__(self, host: str, port: int, user: str, password: str) -> None:
        assert (host, port, user, password) == ("camera.example", 80, "", "")

    async def update_xaddrs(self) -> None:
        if self.fails:
            raise OSError("no route to it")

    async def create_media_service(self) -> Any:
        async def profiles() -> list[Any]:
            return self.profiles

        return types.SimpleNamespace(GetProfiles=profiles)

    async def create_ptz_service(self) -> Any:
        async def move(request: dict[str, Any]) -> None:
            self.asked.append(request)

        return types.SimpleNamespace(AbsoluteMove=move)

    async def close(self) -> None:
        type(self).closed += 1


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> type[FakeCamera]:
    FakeCamera.asked, FakeCamera.closed, FakeCamera.fails = [], 0, False
    FakeCamera.profiles = [
        types.SimpleNamespace(token="fixed", PTZConfiguration=None),
        types.SimpleNamespace(token="head", PTZConfiguration=object()),
    ]
    library = types.ModuleType("onvif")
    library.ONVIFCamera = FakeCamera  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "onvif", library)
    return FakeCamera


def camera() -> OnvifCamera:
    lens = Lens(zooms=(0.0, 1.0), fields_of_view_deg=(60.0, 2.0))
    return OnvifCamera(OnvifAddress(host="camera.example"), OnvifHead(mount=NORTH, lens=lens), FRAME)


def test_a_look_is_an_absolute_move_of_the_profile_with_a_head(fake: type[FakeCamera]) -> None:
    aimed = run_apart(camera().look_at((1_000.0, 0.0, 0.0), radius_m=50.0))

    assert aimed.pan_deg == pytest.approx(90.0, abs=1e-6)
    (asked,) = fake.asked
    assert asked["ProfileToken"] == "head"
    assert asked["Position"]["PanTilt"]["x"] == pytest.approx(0.5)
    assert asked["Position"]["PanTilt"]["space"].endswith("PositionGenericSpace")
    assert 0 < asked["Position"]["Zoom"]["x"] < 1


def test_a_camera_that_is_gone_is_a_link_that_is_gone_and_comes_again(fake: type[FakeCamera]) -> None:
    async def looks() -> None:
        one = camera()
        fake.fails = True
        with pytest.raises(LinkError, match=r"camera at camera\.example: OSError no route"):
            await one.look_at((1_000.0, 0.0, 0.0))
        fake.fails = False
        await one.look_at((1_000.0, 0.0, 0.0))
        await one.look_at((0.0, 1_000.0, 0.0))

    run_apart(looks())
    assert (len(fake.asked), fake.closed) == (2, 1)


def test_a_camera_without_a_head_is_a_setup_that_cannot_be(fake: type[FakeCamera]) -> None:
    fake.profiles = fake.profiles[:1]
    with pytest.raises(SetupError, match="no profile with a PTZ head"):
        run_apart(camera().look_at((1_000.0, 0.0, 0.0)))


def test_without_the_library_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "onvif", None)
    with pytest.raises(SetupError, match="onvif-zeep-async"):
        onvif_camera._library()
