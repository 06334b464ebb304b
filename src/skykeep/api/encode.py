"""Turns a picture into the integer columns of the protocol, and into the difference from what a socket has.

| column | type | unit | saturates |
|---|---|---|---|
| id | int32 | | |
| lon_e7, lat_e7 | int32 | 1e-7 degree: 11 mm of latitude | |
| height_dm | int32 | decimetre above the ellipsoid | |
| course_cdeg | uint16 | 0.01 degree, 0-35,999 | |
| speed_cmps | uint16 | cm/s over the ground | 655.35 m/s |
| climb_cmps | int16 | cm/s | 327.67 m/s |
| class_index, standing_index, status_index | uint8 | | |
| class_percent, priority_percent | uint8 | 0-100 | |
| sigma_major_dm, sigma_minor_dm | uint16 | decimetre, 1 sigma | 6,553.5 m, which is also *unknown* |
| sigma_bearing_deg | uint8 | degree, 0-179 | |

32 bytes a row: 2,000 tracks are 64 kB before deflate. Only NumPy here, never a loop over tracks.
"""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from skykeep.api.source import PictureColumns
from skykeep.base.compile import FloatArray

Column = NDArray[Any]
Columns = dict[str, Column]

COLUMN_TYPES: dict[str, str] = {
    "id": "<i4",
    "lon_e7": "<i4",
    "lat_e7": "<i4",
    "height_dm": "<i4",
    "course_cdeg": "<u2",
    "speed_cmps": "<u2",
    "climb_cmps": "<i2",
    "class_index": "u1",
    "standing_index": "u1",
    "status_index": "u1",
    "class_percent": "u1",
    "sigma_major_dm": "<u2",
    "sigma_minor_dm": "<u2",
    "sigma_bearing_deg": "u1",
    "priority_percent": "u1",
}


class WirePicture(msgspec.Struct, frozen=True, kw_only=True):
    """A whole picture in the protocol's integers, rows in order of id. Made once, shared by every socket."""

    time_utc_ns: int
    columns: Columns


class PictureMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One `picture` message before it becomes bytes: the rows that changed and the ids that are gone."""

    time_utc_ns: int
    full: bool
    gone: Column
    columns: Columns


def quantise(picture: PictureColumns) -> WirePicture:
    """Return the picture in wire integers; rows whose position is not finite are left off."""
    position_is_known = np.isfinite(picture.latitude_deg + picture.longitude_deg + picture.height_hae_m)
    order = np.argsort(picture.track_id, kind="stable")
    rows = order[position_is_known[order]]
    east_mps, north_mps, up_mps = picture.velocity_enu_mps[rows].T
    course_deg = np.degrees(np.arctan2(east_mps, north_mps)) % 360.0
    sigma_bearing_deg = np.degrees(picture.sigma_bearing_rad[rows]) % 180.0
    scaled: dict[str, FloatArray] = {
        "lon_e7": picture.longitude_deg[rows] * 1e7,
        "lat_e7": picture.latitude_deg[rows] * 1e7,
        "height_dm": picture.height_hae_m[rows] * 10.0,
        # Rounding may reach the full circle, which is zero again.
        "course_cdeg": np.rint(course_deg * 100.0) % 36_000.0,
        "speed_cmps": np.hypot(east_mps, north_mps) * 100.0,
        "climb_cmps": up_mps * 100.0,
        "class_percent": np.clip(picture.class_probability[rows], 0.0, 1.0) * 100.0,
        # An uncertainty that is not known is not small.
        "sigma_major_dm": np.nan_to_num(picture.sigma_major_m[rows] * 10.0, nan=np.inf),
        "sigma_minor_dm": np.nan_to_num(picture.sigma_minor_m[rows] * 10.0, nan=np.inf),
        "sigma_bearing_deg": np.rint(sigma_bearing_deg) % 180.0,
        "priority_percent": np.clip(picture.priority[rows], 0.0, 1.0) * 100.0,
    }
    columns: Columns = {"id": picture.track_id[rows].astype("<i4")}
    for name in COLUMN_TYPES:
        if name in scaled:
            columns[name] = _saturate(scaled[name], COLUMN_TYPES[name])
        elif name != "id":
            columns[name] = getattr(picture, name)[rows].astype("u1")
    return WirePicture(time_utc_ns=picture.time_utc_ns, columns=columns)


class PictureEncoder:
    """Knows what one socket was last sent, and says what to send next."""

    def __init__(self) -> None:
        self._sent: WirePicture | None = None

    def reset(self) -> None:
        """Make the next message a full one: the view has jumped."""
        self._sent = None

    def update(self, picture: WirePicture) -> PictureMessage | None:
        """Return the message that brings the socket to `picture`; None when it is there already."""
        sent, self._sent = self._sent, picture
        if sent is None:
            return PictureMessage(
                time_utc_ns=picture.time_utc_ns, full=True, gone=np.empty(0, "<i4"), columns=picture.columns
            )
        if sent is picture:
            return None
        changed = _changed_rows(sent.columns, picture.columns)
        gone = sent.columns["id"][~_is_member(sent.columns["id"], picture.columns["id"])]
        if not changed.any() and not gone.size and sent.time_utc_ns == picture.time_utc_ns:
            return None
        return PictureMessage(
            time_utc_ns=picture.time_utc_ns,
            full=False,
            gone=gone,
            columns={name: column[changed] for name, column in picture.columns.items()},
        )


def picture_to_msgpack(message: PictureMessage) -> bytes:
    """Return the binary frame: every column a `bin` of little-endian integers."""
    return msgspec.msgpack.encode(
        {
            "type": "picture",
            "time_utc_ns": message.time_utc_ns,
            "full": message.full,
            "gone": message.gone.tobytes(),
            "columns": {name: column.tobytes() for name, column in message.columns.items()},
        }
    )


def picture_to_json(message: PictureMessage) -> str:
    """Return the text frame: every column an array of numbers."""
    return msgspec.json.encode(
        {
            "type": "picture",
            "time_utc_ns": str(message.time_utc_ns),
            "full": message.full,
            "gone": message.gone.tolist(),
            "columns": {name: column.tolist() for name, column in message.columns.items()},
        }
    ).decode()


def _saturate(values: FloatArray, dtype: str) -> Column:
    """Round to nearest and hold within the type; NaN becomes zero."""
    limits = np.iinfo(dtype)
    finite = np.nan_to_num(values, posinf=limits.max, neginf=limits.min)
    return np.clip(np.rint(finite), limits.min, limits.max).astype(dtype)


def _is_member(values: Column, sorted_values: Column) -> NDArray[np.bool_]:
    """Return which `values` are in `sorted_values`; np.isin would sort both again."""
    if not sorted_values.size:
        return np.zeros(values.shape, np.bool_)
    place = np.minimum(np.searchsorted(sorted_values, values), sorted_values.size - 1)
    return np.asarray(sorted_values[place] == values)


def _changed_rows(sent: Columns, now: Columns) -> NDArray[np.bool_]:
    """Return which rows of `now` differ from the row of the same id in `sent`, or are new."""
    known = _is_member(now["id"], sent["id"])
    place = np.searchsorted(sent["id"], now["id"][known])
    differs = np.zeros(place.shape, np.bool_)
    for name, column in now.items():
        differs |= column[known] != sent[name][place]
    changed = ~known
    changed[known] = differs
    return changed
