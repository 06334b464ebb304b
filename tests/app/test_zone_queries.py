"""Questions about zones out of a file: each wrong one is named by its row and field, with what it must be."""

from __future__ import annotations

import contextlib
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asked_zones import square
from skykeep.app.zone_queries import decode_queries, names_in_force
from skykeep.base.clock import from_iso_utc
from skykeep.base.errors import InputError
from skykeep.domain.zone import ZoneList

GOOD: dict[str, Any] = {
    "lon": 10.02, "lat": 50.02, "height_agl_m": 50, "ground_amsl_m": 0.0, "time": "2026-08-20T12:00:00Z",
}  # fmt: skip


def document(*queries: object) -> bytes:
    return json.dumps({"queries": list(queries)}).encode()


def test_a_file_of_questions() -> None:
    unknown = GOOD | {"height_agl_m": None, "ground_amsl_m": None, "geoid_m": 47.5}
    queries = decode_queries(b"\xef\xbb\xbf" + document(GOOD, unknown))
    assert queries.longitude_deg.tolist() == [10.02, 10.02]
    assert queries.time_utc_ns.tolist() == [from_iso_utc("2026-08-20T12:00:00Z")] * 2
    assert math.isnan(queries.height_agl_m[1])
    assert math.isnan(queries.ground_amsl_m[1])
    assert queries.geoid_m.tolist() == [0.0, 47.5]
    assert len(decode_queries(document()).time_utc_ns) == 0


@pytest.mark.parametrize(
    ("time", "same"),
    [
        ("2026-08-20T12:00:00", "2026-08-20T12:00:00Z"),
        ("2026-08-20T14:00:00+02:00", "2026-08-20T12:00:00Z"),
        ("2026-08-20T12:00:00.250Z", "2026-08-20T12:00:00.250Z"),
        ("2026-08-20", "2026-08-20T00:00:00Z"),
    ],
)
def test_times_are_utc_where_nothing_else_is_said(time: str, same: str) -> None:
    assert decode_queries(document(GOOD | {"time": time})).time_utc_ns[0] == from_iso_utc(same)


@pytest.mark.parametrize(
    ("field", "value", "must"),
    [
        ("lon", 181, "a number from -180 to 180"),
        ("lon", "10", "a number from -180 to 180"),
        ("lon", None, "a number from -180 to 180"),
        ("lon", True, "a number from -180 to 180"),
        ("lat", -90.5, "a number from -90 to 90"),
        ("lat", [50], "a number from -90 to 90"),
        ("height_agl_m", 1e300, "or null where it is not known"),
        ("ground_amsl_m", 20_000, "a number from -12000 to 10000"),
        ("geoid_m", None, "a number from -200 to 200"),
        ("time", "noon", "ISO 8601"),
        ("time", 1_790_000_000, "ISO 8601"),
        ("time", "9999-12-31T23:59:59-12:00", "ISO 8601"),
        ("time", "1600-01-01T00:00:00Z", "from 1900 to 2200"),
        ("time", None, "ISO 8601"),
    ],
)
def test_a_wrong_question_is_named(field: str, value: object, must: str) -> None:
    with pytest.raises(InputError) as caught:
        decode_queries(document(GOOD, GOOD | {field: value}))
    assert caught.value.field == f"queries[1].{field}"
    assert must in caught.value.must


@pytest.mark.parametrize("field", GOOD)
def test_a_missing_field_is_named(field: str) -> None:
    with pytest.raises(InputError, match=rf"queries\[0\]\.{field}: missing"):
        decode_queries(document({name: value for name, value in GOOD.items() if name != field}))


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"null", b'{"queries": {}}', b'{"queries": null}', b"\xff\xfe\x00", b"[" * 100_000,
     b'{"queries": [1]}', b'{"queries": [[]]}', b'{"other": []}', b'{"queries": [{"lon": NaN}]}'],
)  # fmt: skip
def test_what_is_no_file_of_questions_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="must be"):
        decode_queries(data)


@given(st.binary(max_size=200))
def test_any_bytes_decode_or_are_refused(data: bytes) -> None:
    with contextlib.suppress(InputError):
        decode_queries(data)


def test_answers_name_each_zone_once_and_in_order_over_several_files() -> None:
    one = ZoneList(format="a", zones=(square("b"), square("c", ceiling=20)))
    other = ZoneList(format="b", zones=(square("b"), square("a", strictness=1)))
    queries = decode_queries(document(GOOD, GOOD | {"lon": 11}))
    assert names_in_force([one, other], queries, 1013.25) == [["a", "b"], []]
    assert names_in_force([], queries, 1013.25) == [[], []]
