"""Our tracks as Cursor on Target events: never more than we know.

| type | from |
|---|---|
| `a-X-A-M-H-Q` | multirotor, at `SURE_ENOUGH` or more; the symbol of an unmanned rotary wing |
| `a-X-A-M-F-Q` | fixed-wing drone, likewise |
| `a-X-A` | aircraft, birds, anything else and anything doubtful: the symbol set has no bird |
| X | p tentative, else u unknown, f friend, n neutral, s suspect, h hostile |
| `t-x-d-d` | an ended track: clients take the symbol off the map |

`how` is `m-f` where two or more sensors agree, `m-p` while nothing is seen, else `m`. ce is the 1-sigma of
the horizontal position along its worst direction, le of the height. Speed is in three dimensions and slope
given with it, as the track schema says. Sources: MITRE types.txt and track schema (public release).
"""

from __future__ import annotations

import math

import numpy as np

from skykeep.base.errors import DecodeError
from skykeep.domain.identity import TARGET_CLASS_NAMES, Standing, TargetClass
from skykeep.domain.track import TrackReport, TrackStatus
from skykeep.wire.cot import UNKNOWN_TOO, CotEvent, CotPoint, Element, checked
from skykeep.wire.cot_source import CotSource, element

SURE_ENOUGH = 0.5
DELETE_STALE_S = 60.0
_AFFILIATION = {
    Standing.UNKNOWN: "u",
    Standing.FRIEND: "f",
    Standing.NEUTRAL: "n",
    Standing.SUSPECT: "s",
    Standing.HOSTILE: "h",
}
_FUNCTION = {TargetClass.MULTIROTOR: "-M-H-Q", TargetClass.FIXED_WING: "-M-F-Q"}


def track_uid(source: CotSource, track_id: int) -> str:
    """Return the uid of a track of ours, the same for as long as it lives."""
    return source.uid_of("track", track_id)


def track_type(report: TrackReport) -> str:
    """Return the type that says what we know of a track."""
    affiliation = "p" if report.status == TrackStatus.TENTATIVE else _AFFILIATION[report.standing]
    sure = report.class_probabilities[report.target_class] >= SURE_ENOUGH
    return f"a-{affiliation}-A{_FUNCTION.get(report.target_class, '') if sure else ''}"


def track_event(report: TrackReport, source: CotSource) -> CotEvent:
    """Return a track as an event, or its deletion once it has ended.

    DecodeError where the report holds a place that cannot be.
    """
    if report.status == TrackStatus.ENDED:
        return deletion_event(
            track_uid(source, report.track_id), track_type(report), report.time_utc_ns, source
        )
    stale = source.stale
    stale_s = {
        TrackStatus.TENTATIVE: stale.tentative_s,
        TrackStatus.CONFIRMED: stale.confirmed_s,
        TrackStatus.COASTING: stale.coasting_s,
    }[report.status]
    return checked(
        source.event(
            uid=track_uid(source, report.track_id),
            type=track_type(report),
            time_utc_ns=report.time_utc_ns,
            stale_s=stale_s,
            how=_how(report),
            point=_point(report),
            detail=_detail(report, source),
        )
    )


def deletion_event(uid: str, type: str, time_utc_ns: int, source: CotSource) -> CotEvent:
    """Return the event that takes a thing of ours off every map."""
    # Not under our own uid: servers take that for our own farewell.
    return source.event(
        uid=f"{uid}.end",
        type="t-x-d-d",
        time_utc_ns=time_utc_ns,
        stale_s=DELETE_STALE_S,
        how="m-g",
        point=CotPoint(latitude_deg=0.0, longitude_deg=0.0),
        detail=(
            element("link", uid=uid, type=type, relation="p-p"),
            element("__forcedelete"),
        ),
    )


def _how(report: TrackReport) -> str:
    if report.status == TrackStatus.COASTING:
        return "m-p"
    return "m-f" if len(set(report.sensor_ids)) > 1 else "m"


def _point(report: TrackReport) -> CotPoint:
    for name in ("latitude_deg", "longitude_deg", "height_hae_m"):
        if not math.isfinite(getattr(report, name)):
            raise DecodeError(name, str(getattr(report, name)), "a finite number")
    east, east_north, _, north, _, up = report.covariance_enu
    return CotPoint(
        latitude_deg=round(report.latitude_deg, 7),
        longitude_deg=round(report.longitude_deg, 7),
        height_hae_m=round(report.height_hae_m, 2),
        circular_error_m=_error_m(worst_variance(east, north, east_north)),
        linear_error_m=_error_m(up),
    )


def worst_variance(east: float, north: float, east_north: float) -> float:
    """Return the variance along the worst horizontal direction."""
    half = 0.5 * (east + north)
    return half + math.hypot(0.5 * (east - north), east_north)


def _error_m(variance: float) -> float | None:
    if not 0.0 <= variance < UNKNOWN_TOO**2:
        return None
    # Rounded up: never surer than we are.
    return math.ceil(math.sqrt(variance) * 100.0) / 100.0


def _detail(report: TrackReport, source: CotSource) -> tuple[Element, ...]:
    parts = [element("contact", callsign=report.name or f"Track {report.track_id}")]
    parts += _motion(report)
    parts += [source.link(), element("remarks", _remarks(report)), _ours(report)]
    return tuple(parts)


def _motion(report: TrackReport) -> list[Element]:
    east, north, up = report.velocity_enu_mps
    speed_mps = math.sqrt(east**2 + north**2 + up**2)
    if not math.isfinite(speed_mps):
        return []
    course_deg = round(math.degrees(math.atan2(east, north)) % 360.0, 1) % 360.0
    slope_deg = math.degrees(math.atan2(up, math.hypot(east, north)))
    return [element("track", course=f"{course_deg:.1f}", speed=f"{speed_mps:.2f}", slope=f"{slope_deg:.1f}")]


def _remarks(report: TrackReport) -> str:
    order = np.argsort(-np.asarray(report.class_probabilities), kind="stable")
    likely = [
        f"{TARGET_CLASS_NAMES[k].replace('_', ' ')} {100 * report.class_probabilities[k]:.0f} %"
        for k in order[:3]
        if report.class_probabilities[k] >= 0.01
    ]
    said = [
        f"{report.status.name.capitalize()} track {report.track_id}, {report.standing.name.lower()}",
        "probably " + ", ".join(likely) if likely else "class not known",
    ]
    if math.isfinite(report.height_agl_m):
        said.append(f"{report.height_agl_m:.0f} m above ground")
    said.append(
        f"identity agreed by sensors: {report.claimed_id}" if report.claimed_id else "no agreed identity"
    )
    if report.permit_id:
        said.append(f"permit {report.permit_id}")
    if report.sensor_ids:
        said.append("seen by " + ", ".join(report.sensor_ids))
    return "; ".join(said)


def _ours(report: TrackReport) -> Element:
    """Return what another Skykeep may read, number by number."""
    attributes = {
        "track": str(report.track_id),
        "status": report.status.name.lower(),
        "standing": report.standing.name.lower(),
        "existence": f"{report.existence:.3f}",
    }
    for name, probability in zip(TARGET_CLASS_NAMES, report.class_probabilities, strict=True):
        attributes[name] = f"{probability:.3f}"
    if report.claimed_id:
        attributes["claimed_id"] = report.claimed_id
    if report.permit_id:
        attributes["permit_id"] = report.permit_id
    return element("_skykeep", **attributes)
