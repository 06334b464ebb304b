"""The picture's columns: a row by hand, then the laws of a difference, then both forms alike."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_page import Page, read_msgpack, whole
from skykeep.api.encode import (
    PictureEncoder,
    PictureMessage,
    picture_to_json,
    picture_to_msgpack,
    quantise,
)
from skykeep.api.source import PictureColumns


def picture_of(rows: dict[int, dict[str, Any]], time_utc_ns: int = 0) -> PictureColumns:
    """Return a picture with one row per id; what a row does not say is zero."""

    def column(name: str) -> Any:
        return np.array([row.get(name, 0.0) for row in rows.values()], dtype=np.float64)

    def indices(name: str) -> Any:
        return np.array([row.get(name, 0) for row in rows.values()], dtype=np.int64)

    velocity = [row.get("velocity_enu_mps", (0.0, 0.0, 0.0)) for row in rows.values()]
    return PictureColumns(
        time_utc_ns=time_utc_ns,
        track_id=np.array(list(rows), dtype=np.int64),
        latitude_deg=column("latitude_deg"),
        longitude_deg=column("longitude_deg"),
        height_hae_m=column("height_hae_m"),
        velocity_enu_mps=np.array(velocity, dtype=np.float64).reshape(len(rows), 3),
        class_index=indices("class_index"),
        standing_index=indices("standing_index"),
        status_index=indices("status_index"),
        class_probability=column("class_probability"),
        sigma_major_m=column("sigma_major_m"),
        sigma_minor_m=column("sigma_minor_m"),
        sigma_bearing_rad=column("sigma_bearing_rad"),
        priority=column("priority"),
    )


def row_of(picture: PictureColumns) -> dict[str, int]:
    return {name: int(column[0]) for name, column in quantise(picture).columns.items()}


ONE = {
    "latitude_deg": 44.5,
    "longitude_deg": -28.123_456_78,
    "height_hae_m": 123.44,
    "velocity_enu_mps": (-3.0, 4.0, -1.5),
    "class_index": 2,
    "standing_index": 4,
    "status_index": 1,
    "class_probability": 0.876,
    "sigma_major_m": 25.04,
    "sigma_minor_m": 8.0,
    "sigma_bearing_rad": np.radians(190.0),
    "priority": 1.0,
}


def test_one_row_by_hand() -> None:
    assert row_of(picture_of({7: ONE})) == {
        "id": 7,
        "lon_e7": -281_234_568,
        "lat_e7": 445_000_000,
        "height_dm": 1234,
        "course_cdeg": 32_313,  # north-west by north: atan2(-3, 4) is -36.87 degrees
        "speed_cmps": 500,
        "climb_cmps": -150,
        "class_index": 2,
        "standing_index": 4,
        "status_index": 1,
        "class_percent": 88,
        "sigma_major_dm": 250,
        "sigma_minor_dm": 80,
        "sigma_bearing_deg": 10,  # an axis has no front and no back
        "priority_percent": 100,
    }


@pytest.mark.parametrize(
    ("change", "column", "must"),
    [
        ({"velocity_enu_mps": (1000.0, 0.0, 0.0)}, "speed_cmps", 65_535),
        ({"velocity_enu_mps": (0.0, 0.0, -900.0)}, "climb_cmps", -32_768),
        ({"velocity_enu_mps": (-1e-9, 1.0, 0.0)}, "course_cdeg", 0),
        ({"velocity_enu_mps": (np.nan, np.nan, np.nan)}, "speed_cmps", 0),
        ({"sigma_major_m": np.inf}, "sigma_major_dm", 65_535),
        ({"sigma_minor_m": np.nan}, "sigma_minor_dm", 65_535),
        ({"sigma_bearing_rad": np.radians(179.7)}, "sigma_bearing_deg", 0),
        ({"class_probability": np.nan}, "class_percent", 0),
        ({"priority": 1.7}, "priority_percent", 100),
        ({"height_hae_m": -430.0}, "height_dm", -4300),
        ({"longitude_deg": 180.0}, "lon_e7", 1_800_000_000),
    ],
)
def test_what_does_not_fit_is_held_at_the_edge(change: dict[str, Any], column: str, must: int) -> None:
    assert row_of(picture_of({7: ONE | change}))[column] == must


@pytest.mark.parametrize("unknown", ["latitude_deg", "longitude_deg", "height_hae_m"])
def test_a_track_without_a_position_leaves_the_others_on_the_picture(unknown: str) -> None:
    columns = quantise(picture_of({1: ONE, 2: ONE | {unknown: np.nan}, 3: ONE})).columns

    assert columns["id"].tolist() == [1, 3]


def test_one_track_named_twice_is_our_own_mistake() -> None:
    good = picture_of({1: ONE, 2: ONE})
    with pytest.raises(ValueError, match="twice"):
        msgspec.structs.replace(good, track_id=np.array([5, 5]))
    with pytest.raises(ValueError, match="shape"):
        msgspec.structs.replace(good, priority=np.zeros(3))
    with pytest.raises(ValueError, match="outside"):
        msgspec.structs.replace(good, track_id=np.array([5, 2**31]))


# --- laws ------------------------------------------------------------------------------------------------

rows = st.fixed_dictionaries(
    {
        "latitude_deg": st.sampled_from([10.0, 10.000_000_04, 10.5, np.nan]),
        "longitude_deg": st.floats(-180.0, 180.0),
        "velocity_enu_mps": st.tuples(*[st.floats(-700.0, 700.0)] * 3),
        "standing_index": st.integers(0, 4),
        "sigma_major_m": st.floats(0.0, 1e5),
        "priority": st.floats(0.0, 1.0),
    }
)
nights = st.lists(st.dictionaries(st.integers(0, 12), rows, max_size=8), min_size=1, max_size=6)


@given(nights, st.data())
def test_differences_add_up_to_the_whole(night: list[dict[int, dict[str, Any]]], data: st.DataObject) -> None:
    encoder, page = PictureEncoder(), Page()
    for second, tracks in enumerate(night):
        if data.draw(st.booleans(), label="jump"):
            encoder.reset()
        picture = picture_of(tracks, time_utc_ns=second)
        message = encoder.update(quantise(picture))
        if message is not None:
            page.take(read_msgpack(picture_to_msgpack(message)))
        assert page.rows == whole(picture)


@given(nights)
def test_only_what_changed_is_sent(night: list[dict[int, dict[str, Any]]]) -> None:
    encoder, before = PictureEncoder(), dict[int, tuple[int, ...]]()
    for second, tracks in enumerate(night):
        picture = picture_of(tracks, time_utc_ns=second)
        message = encoder.update(quantise(picture))
        now = whole(picture)
        assert message is not None
        assert message.full == (second == 0)
        assert set(message.columns["id"].tolist()) == {
            track for track in now if now[track] != before.get(track)
        }
        assert set(message.gone.tolist()) == set(before) - set(now)
        before = now


@given(st.dictionaries(st.integers(0, 2**31 - 1), rows, max_size=8), st.integers(0, 2**62))
def test_json_says_what_msgpack_says(tracks: dict[int, dict[str, Any]], time_utc_ns: int) -> None:
    message = PictureEncoder().update(quantise(picture_of(tracks, time_utc_ns)))
    assert isinstance(message, PictureMessage)
    from_json = json.loads(picture_to_json(message))
    from_json["time_utc_ns"] = int(from_json["time_utc_ns"])

    assert from_json == read_msgpack(picture_to_msgpack(message))


def test_nothing_new_is_nothing_sent() -> None:
    encoder, wire = PictureEncoder(), quantise(picture_of({1: ONE}))
    assert encoder.update(wire) is not None
    assert encoder.update(wire) is None
    assert encoder.update(quantise(picture_of({1: ONE}))) is None
    later = encoder.update(quantise(picture_of({1: ONE}, time_utc_ns=1)))
    assert later is not None, "a later moment with the same rows still moves the page's clock"
    assert later.columns["id"].size == 0
