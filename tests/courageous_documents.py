"""COURAGEOUS documents to test with: one by hand with every location, and any at all."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import strategies as st

from skykeep.wire import courageous as c

START_MS = 1_935_540_600_000
SYSTEM = c.Place(lat_deg=38.5, lon_deg=-40.0, height_amsl_m=12.0)
ALARM = c.Alarm(active=True, certainty=0.7)
LOCATIONS: tuple[c.Location, ...] = (
    c.Arc(from_deg=350.0, to_deg=10.0),
    c.Quad(quad=c.Quadrant.EAST),
    c.Bearing(bearing_deg=90.0),
    c.BearingElevation(bearing_deg=43.5, elevation_deg=2.25),
    c.BearingElevationDistance(bearing_deg=180.0, elevation_deg=30.0, distance_m=1_000.0),
    c.Position2d(lat_deg=38.51, lon_deg=-40.0),
    c.Position3d(lat_deg=38.5, lon_deg=-39.99, height_amsl_m=112.0),
)


def record(
    location: c.Location, seconds: float = 0.0, number: int = 0, kind: c.Classification = c.Classification.UAV
) -> c.TrackRecord:
    return c.TrackRecord(
        time_utc_ms=START_MS + round(seconds * 1000.0),
        record_number=number,
        classification=kind,
        alarm=ALARM,
        location=location,
    )


def document(
    *tracks: c.TrackSet, detection: tuple[c.DetectionSet, ...] = (), system: c.Place = SYSTEM
) -> c.Document:
    return c.Document(
        static_cuas_location=system,
        vendor_name="a maker",
        system_name="a system",
        detection=detection,
        tracks=tracks,
        version="0.4.1",
    )


def track(*records: c.TrackRecord, uas_id: int = 1, name: str | None = None) -> c.TrackSet:
    return c.TrackSet(uas_id=uas_id, records=records, name=name)


EVERYTHING = document(
    track(*(record(location, k, k) for k, location in enumerate(LOCATIONS)), name="108"),
    detection=(
        c.DetectionSet(
            records=(
                c.DetectionRecord(
                    time_utc_ms=START_MS,
                    record_number=100,
                    classification=c.Classification.OTHER,
                    velocity=c.Velocity(east_mps=1.0, north_mps=-2.0, up_mps=0.5),
                    identification="a gull",
                    cuas_location=SYSTEM,
                ),
            ),
            uas_id=7,
            uav_home_location=SYSTEM,
        ),
    ),
)


def _within(name: str) -> Any:
    low, high = c.BOUNDS[name]
    if name in ("time_utc_ms", "record_number", "uas_id"):
        return st.integers(int(low), int(high))
    return st.floats(low, high)


_STRUCTS = (c.Place, c.Velocity, c.Alarm, *c.Location.__args__)


def _any(struct: type[Any]) -> Any:
    members = {}
    for field in msgspec.structs.fields(struct):
        if field.name in c.BOUNDS:
            members[field.name] = _within(field.name)
        else:
            members[field.name] = st.booleans() if field.name == "active" else st.sampled_from(c.Quadrant)
    return st.builds(struct, **members)


places, velocities, alarms = (_any(struct) for struct in _STRUCTS[:3])
locations = st.one_of(*(_any(struct) for struct in _STRUCTS[3:]))
texts = st.none() | st.text(max_size=20)
_common: dict[str, Any] = {
    "time_utc_ms": _within("time_utc_ms"),
    "record_number": _within("record_number"),
    "classification": st.sampled_from(c.Classification),
    "velocity": st.none() | velocities,
    "identification": texts,
    "cuas_location": st.none() | places,
}
detections = st.builds(
    c.DetectionSet,
    records=st.lists(
        st.builds(c.DetectionRecord, **_common, alarm=st.none() | alarms, location=st.none() | locations),
        max_size=3,
    ).map(tuple),
    uas_id=st.none() | _within("uas_id"),
    name=texts,
    uav_home_location=st.none() | places,
)
tracks = st.builds(
    c.TrackSet,
    records=st.lists(st.builds(c.TrackRecord, **_common, alarm=alarms, location=locations), max_size=3).map(
        tuple
    ),
    uas_id=_within("uas_id"),
    name=texts,
    uav_home_location=st.none() | places,
)
documents = st.builds(
    c.Document,
    static_cuas_location=places,
    vendor_name=st.text(max_size=9),
    system_name=st.text(max_size=9),
    detection=st.lists(detections, max_size=2).map(tuple),
    tracks=st.lists(tracks, max_size=2).map(tuple),
    version=st.sampled_from(("0.4.0", "0.4.1")),
)
