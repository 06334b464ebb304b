"""Looks at a place with an ONVIF camera: absolute moves of a PTZ head, through `onvif-zeep-async`.

The library is an extra (`pip install skykeep[onvif]`), since it brings 30 MB that a site without such a
camera does not need. ONVIF knows two ways to name a position: *generic*, from -1 to 1 over the range of the
head, and *degrees*, which few cameras have. Source: ONVIF PTZ Service Specification, its spaces for absolute
positions and AbsoluteMove.
"""

from __future__ import annotations

import asyncio
import importlib
from typing import Any, Literal

import msgspec

from skykeep.base.errors import LinkError, SetupError
from skykeep.domain.place import Vector
from skykeep.feeds.camera_pointing import Aim, Lens, Mount, aim
from skykeep.geo.frames import LocalFrame

_SPACES = "http://www.onvif.org/ver10/tptz/"
PAN_TILT_SPACES = {
    "generic": _SPACES + "PanTiltSpaces/PositionGenericSpace",
    "degrees": _SPACES + "PanTiltSpaces/SphericalPositionSpaceDegrees",
}
ZOOM_SPACE = _SPACES + "ZoomSpaces/PositionGenericSpace"
TIMEOUT_S = 10.0


class OnvifAddress(msgspec.Struct, frozen=True, kw_only=True):
    """Where a camera is. Of its media profiles the first that has a PTZ head is used, or the one named."""

    host: str
    port: int = 80
    user: str = ""
    password: str = ""
    profile_token: str = ""


class OnvifHead(msgspec.Struct, frozen=True, kw_only=True):
    """How a camera names its positions. Of a head that counts pan to the left, or tilt downwards, the sign is
    turned.
    """

    mount: Mount
    space: Literal["generic", "degrees"] = "generic"
    pan_is_clockwise: bool = True
    tilt_is_up: bool = True
    lens: Lens | None = None

    def position(self, aimed: Aim, radius_m: float) -> dict[str, Any]:
        """Return the `Position` of an AbsoluteMove."""
        x, y = aimed.pan_deg, aimed.tilt_deg
        if self.space == "generic":
            x = _share(x, self.mount.pan_from_deg, self.mount.pan_to_deg)
            y = _share(y, self.mount.tilt_from_deg, self.mount.tilt_to_deg)
        pan_tilt = {
            "x": x if self.pan_is_clockwise else -x,
            "y": y if self.tilt_is_up else -y,
            "space": PAN_TILT_SPACES[self.space],
        }
        if self.lens is None:
            return {"PanTilt": pan_tilt}
        zoom = self.lens.zoom_for(aimed.range_m, radius_m)
        return {"PanTilt": pan_tilt, "Zoom": {"x": zoom, "space": ZOOM_SPACE}}


class OnvifCamera:
    """One camera with a head, connected at the first look."""

    def __init__(self, address: OnvifAddress, head: OnvifHead, frame: LocalFrame) -> None:
        self._address = address
        self._head = head
        self._frame = frame
        self._onvif = _library()
        self._camera: Any = None
        self._ptz: Any = None
        self._profile_token = address.profile_token

    async def look_at(self, position_enu_m: Vector, radius_m: float = 10.0) -> Aim:
        """Turn to a place, with so much around it in the picture, and return where that is.

        InputError where the head cannot turn there, LinkError where the camera does not answer.
        """
        aimed = aim(self._head.mount, self._frame, position_enu_m)
        request = {"Position": self._head.position(aimed, radius_m)}
        try:
            async with asyncio.timeout(TIMEOUT_S):
                if self._ptz is None:
                    await self._connect()
                await self._ptz.AbsoluteMove({"ProfileToken": self._profile_token, **request})
        except SetupError:
            await self.close()
            raise
        except Exception as error:  # the library lets through what its own four libraries raise
            await self.close()
            raise LinkError(f"camera at {self._address.host}: {type(error).__name__} {error}") from error
        return aimed

    async def close(self) -> None:
        """Let go of the connection; the next look makes a new one."""
        camera, self._camera, self._ptz = self._camera, None, None
        if camera is not None:
            await camera.close()

    async def _connect(self) -> None:
        where = self._address
        self._camera = self._onvif.ONVIFCamera(where.host, where.port, where.user, where.password)
        await self._camera.update_xaddrs()
        if not self._profile_token:
            media = await self._camera.create_media_service()
            profiles = await media.GetProfiles()
            with_head = [profile for profile in profiles if profile.PTZConfiguration is not None]
            if not with_head:
                raise SetupError(f"camera at {where.host} has no profile with a PTZ head, must have one")
            self._profile_token = with_head[0].token
        self._ptz = await self._camera.create_ptz_service()


def _share(value: float, least: float, most: float) -> float:
    """Return a value as a share of its range, from -1 to 1."""
    return 2.0 * (value - least) / (most - least) - 1.0


def _library() -> Any:
    try:
        return importlib.import_module("onvif")
    except ImportError as error:
        raise SetupError(
            "an ONVIF camera needs the library onvif-zeep-async: pip install 'skykeep[onvif]'"
        ) from error
