"""Messages that Foxglove shows without plug-ins, as JSON: a scene in 3D, a map, fixes and a log.

| message | shown in |
|---|---|
| `foxglove.SceneUpdate` | 3D panel: bodies that replace those of the same `id`, and deletions |
| `foxglove.GeoJSON` | map panel |
| `foxglove.LocationFix` | map panel, with its uncertainty |
| `foxglove.Log` | log panel |
| `foxglove.FrameTransform` | 3D panel: where a frame stands in another |

Lengths are metres in a frame whose x, y, z are east, north, up; times are `sec` and `nsec` since 1970 UTC;
colours 0 to 1; a pose's quaternion turns +x to where an arrow points. The schemas here hold the members that
we write, and only what Foxglove reads of JSON Schema: no references, no alternatives of type.
Source: field names and meanings from the Foxglove schemas (github.com/foxglove/foxglove-sdk, MIT).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from skykeep.base.clock import NS_PER_S
from skykeep.domain.place import Vector
from skykeep.domain.track import TrackReport
from skykeep.wire.outgoing import has_sigma

Json = dict[str, Any]
Colour = tuple[float, float, float, float]

DEBUG, INFO, WARNING, ERROR, FATAL = 1, 2, 3, 4, 5
COVARIANCE_UNKNOWN, COVARIANCE_KNOWN = 0, 3
LINE_STRIP, LINE_LOOP = 0, 1


def time_of(time_utc_ns: int) -> Json:
    return {"sec": time_utc_ns // NS_PER_S, "nsec": time_utc_ns % NS_PER_S}


def location_fix(report: TrackReport) -> Json:
    """Return where a track is; a fix's covariance is along its own east, north and up."""
    xx, xy, xz, yy, yz, zz = report.covariance_enu
    known = has_sigma(report)
    return {
        "timestamp": time_of(report.time_utc_ns),
        "frame_id": f"track-{report.track_id}",
        "latitude": report.latitude_deg,
        "longitude": report.longitude_deg,
        "altitude": report.height_hae_m,
        "position_covariance": [xx, xy, xz, xy, yy, yz, xz, yz, zz] if known else [0.0] * 9,
        "position_covariance_type": COVARIANCE_KNOWN if known else COVARIANCE_UNKNOWN,
    }


def log(time_utc_ns: int, level: int, message: str, name: str) -> Json:
    return {
        "timestamp": time_of(time_utc_ns),
        "level": level,
        "message": message,
        "name": name,
        "file": "",
        "line": 0,
    }


def frame_transform(time_utc_ns: int, parent: str, child: str) -> Json:
    """Return that two frames are one and the same."""
    return {
        "timestamp": time_of(time_utc_ns),
        "parent_frame_id": parent,
        "child_frame_id": child,
        "translation": vector((0.0, 0.0, 0.0)),
        "rotation": {"x": 0.0, "y": 0.0, "z": 0.0, "w": 1.0},
    }


def scene_update(entities: Sequence[Json], gone: Sequence[str], time_utc_ns: int) -> Json:
    """Return a scene's change: `gone` are the ids of bodies to take away."""
    return {
        "deletions": [{"timestamp": time_of(time_utc_ns), "type": 0, "id": body} for body in gone],
        "entities": list(entities),
    }


def entity(time_utc_ns: int, frame_id: str, body: str, metadata: dict[str, str], **primitives: Any) -> Json:
    """Return a body made of primitives (`arrows`, `cubes`, `spheres`, `lines`, `texts`)."""
    unknown = primitives.keys() - set(PRIMITIVES)
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))}: must be of {', '.join(PRIMITIVES)}")
    return {
        "timestamp": time_of(time_utc_ns),
        "frame_id": frame_id,
        "id": body,
        "lifetime": {"sec": 0, "nsec": 0},
        "frame_locked": True,
        "metadata": [{"key": key, "value": value} for key, value in metadata.items()],
        **{name: primitives.get(name, []) for name in PRIMITIVES},
    }


def arrow(tail_m: Vector, along: Vector, length_m: float, width_m: float, colour: Colour) -> Json:
    """Return an arrow from `tail_m` along a direction."""
    return {
        "pose": {"position": vector(tail_m), "orientation": _towards(along)},
        "shaft_length": 0.8 * length_m,
        "shaft_diameter": width_m,
        "head_length": 0.2 * length_m,
        "head_diameter": 2.5 * width_m,
        "color": rgba(colour),
    }


def sphere(at_m: Vector, diameters_m: Vector, colour: Colour) -> Json:
    return {"pose": _pose(at_m), "size": vector(diameters_m), "color": rgba(colour)}


def cube(at_m: Vector, size_m: Vector, colour: Colour) -> Json:
    return {"pose": _pose(at_m), "size": vector(size_m), "color": rgba(colour)}


def line(points_m: Sequence[Vector], kind: int, width_px: float, colour: Colour) -> Json:
    """Return a line as wide as that many pixels, however near."""
    return {
        "type": kind,
        "pose": _pose((0.0, 0.0, 0.0)),
        "thickness": width_px,
        "scale_invariant": True,
        "points": [vector(point) for point in points_m],
        "color": rgba(colour),
        "colors": [],
        "indices": [],
    }


def text(at_m: Vector, words: str, size_px: float, colour: Colour) -> Json:
    """Return words that face whoever looks, of one size however near."""
    return {
        "pose": _pose(at_m),
        "billboard": True,
        "font_size": size_px,
        "scale_invariant": True,
        "color": rgba(colour),
        "text": words,
    }


def vector(value: Vector) -> Json:
    """Return a length along each axis, to the millimetre."""
    return {"x": round(value[0], 3), "y": round(value[1], 3), "z": round(value[2], 3)}


def rgba(colour: Colour) -> Json:
    return {"r": colour[0], "g": colour[1], "b": colour[2], "a": colour[3]}


def _pose(at_m: Vector) -> Json:
    return {"position": vector(at_m), "orientation": {"x": 0.0, "y": 0.0, "z": 0.0, "w": 1.0}}


def _towards(along: Vector) -> Json:
    """Return the quaternion that turns +x to a direction: up first, then round."""
    yaw_rad = math.atan2(along[1], along[0])
    pitch_rad = -math.atan2(along[2], math.hypot(along[0], along[1]))
    sin_yaw, cos_yaw = math.sin(yaw_rad / 2), math.cos(yaw_rad / 2)
    sin_pitch, cos_pitch = math.sin(pitch_rad / 2), math.cos(pitch_rad / 2)
    return {
        "x": -sin_yaw * sin_pitch,
        "y": cos_yaw * sin_pitch,
        "z": sin_yaw * cos_pitch,
        "w": cos_yaw * cos_pitch,
    }


def _object(title: str, **properties: Json) -> Json:
    named = {"title": title} if title else {}
    return {**named, "type": "object", "properties": properties, "required": list(properties)}


def _array(items: Json) -> Json:
    return {"type": "array", "items": items}


def _numbers(*names: str) -> dict[str, Json]:
    return {name: {"type": "number"} for name in names}


_TEXT, _NUMBER, _BOOLEAN = {"type": "string"}, {"type": "number"}, {"type": "boolean"}
_WHOLE = {"type": "integer", "minimum": 0}
_NSEC = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
_TIME = _object("time", sec=_WHOLE, nsec=_NSEC)
_DURATION = _object("duration", sec={"type": "integer"}, nsec=_NSEC)
_VECTOR = _object("foxglove.Vector3", **_numbers("x", "y", "z"))
_POINT = _object("foxglove.Point3", **_numbers("x", "y", "z"))
_QUATERNION = _object("foxglove.Quaternion", **_numbers("x", "y", "z", "w"))
_POSE = _object("foxglove.Pose", position=_VECTOR, orientation=_QUATERNION)
_COLOR = _object("foxglove.Color", **_numbers("r", "g", "b", "a"))
_BODY = {"pose": _POSE, "size": _VECTOR, "color": _COLOR}


def _one_of(title: str, **values: int) -> Json:
    return {"title": title, "oneOf": [{"title": name, "const": value} for name, value in values.items()]}


PRIMITIVES: dict[str, Json] = {
    "arrows": _object(
        "foxglove.ArrowPrimitive",
        pose=_POSE,
        **_numbers("shaft_length", "shaft_diameter", "head_length", "head_diameter"),
        color=_COLOR,
    ),
    "cubes": _object("foxglove.CubePrimitive", **_BODY),
    "spheres": _object("foxglove.SpherePrimitive", **_BODY),
    "lines": _object(
        "foxglove.LinePrimitive",
        type=_one_of("foxglove.LineType", LINE_STRIP=0, LINE_LOOP=1, LINE_LIST=2),
        pose=_POSE,
        thickness=_NUMBER,
        scale_invariant=_BOOLEAN,
        points=_array(_POINT),
        color=_COLOR,
        colors=_array(_COLOR),
        indices=_array(_WHOLE),
    ),
    "texts": _object(
        "foxglove.TextPrimitive",
        pose=_POSE,
        billboard=_BOOLEAN,
        font_size=_NUMBER,
        scale_invariant=_BOOLEAN,
        color=_COLOR,
        text=_TEXT,
    ),
}
_ENTITY = _object(
    "foxglove.SceneEntity",
    timestamp=_TIME,
    frame_id=_TEXT,
    id=_TEXT,
    lifetime=_DURATION,
    frame_locked=_BOOLEAN,
    metadata=_array(_object("foxglove.KeyValuePair", key=_TEXT, value=_TEXT)),
    **{name: _array(primitive) for name, primitive in PRIMITIVES.items()},
)
_DELETION = _object(
    "foxglove.SceneEntityDeletion",
    timestamp=_TIME,
    type=_one_of("foxglove.SceneEntityDeletionType", MATCHING_ID=0, ALL=1),
    id=_TEXT,
)

SCHEMAS: dict[str, Json] = {
    "foxglove.SceneUpdate": _object(
        "foxglove.SceneUpdate", deletions=_array(_DELETION), entities=_array(_ENTITY)
    ),
    "foxglove.GeoJSON": _object("foxglove.GeoJSON", geojson=_TEXT),
    "foxglove.LocationFix": _object(
        "foxglove.LocationFix",
        timestamp=_TIME,
        frame_id=_TEXT,
        **_numbers("latitude", "longitude", "altitude"),
        position_covariance={**_array(_NUMBER), "minItems": 9, "maxItems": 9},
        position_covariance_type=_one_of(
            "foxglove.PositionCovarianceType", UNKNOWN=0, APPROXIMATED=1, DIAGONAL_KNOWN=2, KNOWN=3
        ),
    ),
    "foxglove.Log": _object(
        "foxglove.Log",
        timestamp=_TIME,
        level=_one_of("foxglove.LogLevel", UNKNOWN=0, DEBUG=1, INFO=2, WARNING=3, ERROR=4, FATAL=5),
        message=_TEXT,
        name=_TEXT,
        file=_TEXT,
        line=_WHOLE,
    ),
    "foxglove.FrameTransform": _object(
        "foxglove.FrameTransform",
        timestamp=_TIME,
        parent_frame_id=_TEXT,
        child_frame_id=_TEXT,
        translation=_VECTOR,
        rotation=_QUATERNION,
    ),
}
