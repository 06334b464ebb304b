"""`aircraft.json` and traces: documents by hand, what is refused of them, and anything at all."""

from __future__ import annotations

import contextlib
import json
import math
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adsb_frames import SITE, START_NS, S, receiver
from mutations import frames_to_try, mutated
from recordings import RECORDINGS, needs_recordings
from skykeep.base.errors import DecodeError
from skykeep.domain.feed import Taken
from skykeep.domain.sensing import Claim
from skykeep.wire.aircraft_json import AircraftEntry, decode_aircraft_json, decode_trace
from skykeep.wire.aircraft_json_inputs import AircraftJsonInputs

NOW_S = START_NS / 1e9
READSB: dict[str, Any] = {
    "hex": "4840d6",
    "type": "adsb_icao",
    "flight": "KLM1023 ",
    "alt_baro": 3_000,
    "alt_geom": 3_200,
    "gs": 200.0,
    "track": 90.0,
    "baro_rate": 640,
    "category": "A3",
    "lat": 52.1,
    "lon": 4.6,
    "nic": 8,
    "rc": 186,
    "seen_pos": 0.4,
    "version": 2,
    "nac_p": 9,
    "nac_v": 2,
    "sil": 3,
    "gva": 2,
    "mlat": [],
    "tisb": [],
    "seen": 0.1,
    "rssi": -20.1,
    "a key of next year": {"any": ["thing"]},
}
DUMP1090: dict[str, Any] = {
    "hex": "4840d6",
    "flight": "KLM1023 ",
    "lat": 52.1,
    "lon": 4.6,
    "nucp": 7,
    "seen_pos": 2.0,
    "altitude": 3_000,
    "vert_rate": 640,
    "track": 90,
    "speed": 200,
    "mlat": [],
    "tisb": [],
    "messages": 9,
    "seen": 0.5,
    "rssi": -20.1,
}


def document(*aircraft: Any, now_s: float = NOW_S) -> bytes:
    return json.dumps({"now": now_s, "messages": 1, "aircraft": list(aircraft)}).encode()


def taken(*aircraft: Any) -> Taken:
    return AircraftJsonInputs(receiver(), SITE).take(document(*aircraft), START_NS + S)


def one_claim(*aircraft: Any) -> Claim:
    result = taken(*aircraft)
    assert result.refusals == ()
    (claim,) = result.records
    assert isinstance(claim, Claim)
    return claim


def test_an_aircraft_of_readsb_is_a_claim() -> None:
    claim = one_claim(READSB)
    latitude_deg, longitude_deg, height_m = SITE.to_geodetic(np.array(claim.position_enu_m))
    assert (float(latitude_deg), float(longitude_deg)) == pytest.approx((52.1, 4.6), abs=1e-9)
    assert float(height_m) == pytest.approx(3_200 * 0.3048, abs=1e-4)
    assert claim.time_utc_ns == START_NS - 400_000_000
    assert claim.velocity_enu_mps == pytest.approx((102.889, 0.0, 3.2512), abs=1e-3)
    assert claim.sigma_m[0] == pytest.approx(math.hypot(12.256, 102.889 * 0.34641, 1.472), abs=0.01)
    assert claim.sigma_m[1] == pytest.approx(22.96, abs=0.01)
    assert (claim.claimed_id, claim.aircraft_category) == ("4840d6", "A3 KLM1023")


def test_an_aircraft_of_dump1090_has_its_older_names() -> None:
    claim = one_claim(DUMP1090)
    assert claim.velocity_enu_mps == pytest.approx((102.889, 0.0, 3.2512), abs=1e-3)
    assert claim.sigma_m[0] == pytest.approx(math.hypot(92.6 / 2.4477, 102.889 * 0.34641, 1.472), rel=1e-3)
    assert claim.sigma_m[1] == pytest.approx(math.hypot(90.0, 0.03 * 914.4), rel=1e-6)


def test_on_the_ground_is_a_word_in_the_place_of_an_altitude() -> None:
    claim = one_claim({"hex": "4840d6", "lat": 52.1, "lon": 4.6, "alt_baro": "ground", "nac_p": 10})
    assert claim.aircraft_category == "on the ground"
    assert claim.sigma_m[1] >= 100.0


NOT_DRAWN = {
    "no place": ({"hex": "4840d6", "alt_baro": 3_000}, "without_place"),
    "multilateration": (READSB | {"type": "mlat"}, "not_of_itself"),
    "a place by multilateration": (READSB | {"mlat": ["lat", "lon"]}, "not_of_itself"),
    "traffic information": (READSB | {"type": "tisb_icao"}, "not_of_itself"),
    "an old place": (READSB | {"seen_pos": 15.1}, "old_places"),
}


@pytest.mark.parametrize(("aircraft", "counted"), NOT_DRAWN.values(), ids=NOT_DRAWN)
def test_what_is_not_drawn_is_counted(aircraft: dict[str, Any], counted: str) -> None:
    source = AircraftJsonInputs(receiver(), SITE)
    assert source.take(document(aircraft), START_NS) == Taken()
    assert source.counts[counted] == 1


REFUSED = {
    "past the pole": (READSB | {"lat": 91}, "lat", "91"),
    "a text for a number": (READSB | {"lon": "4.6"}, "lon", "'4.6'"),
    "true for a number": (READSB | {"gs": True}, "gs", "True"),
    "one coordinate": ({"hex": "4840d6", "lat": 52.1}, "lat, lon", "one of them"),
    "no address": (READSB | {"hex": "12345"}, "hex", "'12345'"),
    "a category of accuracy that is none": (READSB | {"nac_p": 99}, "nac_p", "99"),
    "in orbit": (READSB | {"alt_geom": 129_000}, "height", "39,319 m"),
    "another word for an altitude": (READSB | {"alt_baro": "high"}, "alt_baro", "'high'"),
    "not an object": (7, "aircraft", "7"),
    "no fix": (READSB | {"lat": 0, "lon": 0}, "position", "0, 0 degrees"),
}


@pytest.mark.parametrize(("aircraft", "field", "found"), REFUSED.values(), ids=REFUSED)
def test_one_bad_aircraft_is_refused_by_name_and_costs_no_other(
    aircraft: Any, field: str, found: str
) -> None:
    result = taken(aircraft, READSB | {"hex": "4840d7"})
    assert [record.claimed_id for record in result.records if isinstance(record, Claim)] == ["4840d7"]
    (refusal,) = result.refusals
    assert (refusal.field, refusal.found) == (field, found)


DOCUMENTS = {
    "cut short": (document(READSB)[:-9], "document"),
    "a list": (b"[]", "document"),
    "no time": (b'{"aircraft": []}', "now"),
    "no aircraft": (b'{"now": 1700000000.0}', "aircraft"),
    "yesterday's": (document(now_s=NOW_S - 86_400.0), "now"),
    "nested without end": (b"[" * 100_000, "document"),
    "not a number that is": (b'{"now": NaN, "aircraft": []}', "document"),
}


@pytest.mark.parametrize(("data", "field"), DOCUMENTS.values(), ids=DOCUMENTS)
def test_a_document_is_refused_whole(data: bytes, field: str) -> None:
    result = AircraftJsonInputs(receiver(), SITE).take(data, START_NS)
    assert result.records == ()
    assert [refusal.field for refusal in result.refusals] == [field]


def test_each_place_is_told_once_however_often_it_is_asked_for() -> None:
    source = AircraftJsonInputs(receiver(), SITE)
    told = []
    for k in range(6):
        # A new place every second asking; in between it is the same, a second older.
        aircraft = READSB | {"lat": 52.1 + 0.001 * (k // 2), "seen_pos": 0.4 + k % 2}
        result = source.take(document(aircraft, now_s=NOW_S + k), START_NS + k * S)
        assert result.refusals == ()
        told.append(len(result.records))
    assert told == [1, 0, 1, 0, 1, 0]
    assert source.counts["places_unchanged"] == 3


def test_an_aircraft_that_stands_still_is_told_again() -> None:
    source = AircraftJsonInputs(receiver(), SITE)
    for k in range(3):
        assert len(source.take(document(READSB, now_s=NOW_S + k), START_NS + k * S).records) == 1


def test_a_document_from_before_the_last_is_refused_and_the_same_again_is_nothing() -> None:
    source = AircraftJsonInputs(receiver(), SITE)
    source.take(document(READSB), START_NS)
    assert source.take(document(READSB), START_NS + S) == Taken()
    (refusal,) = source.take(document(READSB, now_s=NOW_S - 2.0), START_NS + S).refusals
    assert (refusal.field, refusal.found) == ("now", "2.0 s before the last")


def test_a_trace_is_one_aircraft_at_many_times() -> None:
    details = {"type": "adsb_icao", "flight": "KLM1023 ", "nac_p": 10, "alt_geom": 1}
    rows = [
        [0.0, 52.1, 4.6, 3_000, 200.0, 90.0, 0, 640, details, "adsb_icao", 3_200, None, None, None],
        [9.5, 52.1, 4.7, "ground", 20.0, 90.0, 0, None, None],
        [19.5, 99.0, 4.7, 0, 20.0, 90.0, 0, None, None],
        [29.5, 52.1, 4.8, 3_300, None, None, 8, None, None],
    ]
    trace = decode_trace(json.dumps({"icao": "4840d6", "timestamp": NOW_S, "trace": rows}).encode())
    first, second, third = trace.aircraft
    assert (first.time_s, first.alt_baro, first.alt_geom, first.baro_rate) == (NOW_S, 3_000, 3_200, 640)
    assert (second.time_s, second.on_ground, second.alt_baro, second.flight) == (
        NOW_S + 9.5,
        True,
        None,
        "KLM1023",
    )
    assert (third.alt_geom, third.alt_baro, third.gs) == (3_300, None, None)
    ((error, _),) = trace.refused
    assert error.field == "lat"


def assert_possible(entry: AircraftEntry) -> None:
    assert entry.lat is None or abs(entry.lat) <= 90.0
    assert entry.lon is None or abs(entry.lon) <= 180.0
    assert (entry.lat is None) == (entry.lon is None)
    assert entry.alt_baro is None or -2_000 <= entry.alt_baro <= 130_000
    assert entry.gs is None or 0.0 <= entry.gs <= 4_096.0


def test_damaged_documents_give_possible_aircraft_or_refusals() -> None:
    whole = [
        document(READSB, DUMP1090 | {"hex": "4840d7"}),
        document(DUMP1090),
        document(READSB | {"lat": 52.2}),
    ]
    source = AircraftJsonInputs(receiver(), SITE)
    read = 0
    for k, data in enumerate(mutated(whole, frames_to_try(), seed=14)):
        received_ns = START_NS + k * 1_000_000
        for record in source.take(data, received_ns).records:
            assert isinstance(record, Claim)
            assert math.hypot(*record.position_enu_m) < 600_000.0
        with contextlib.suppress(DecodeError):
            for entry in decode_aircraft_json(data).aircraft:
                assert_possible(entry)
                read += 1
    assert read > 1_000


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*READSB, *DUMP1090]), json_values))
def test_any_object_is_an_aircraft_or_refused(each: dict[str, Any]) -> None:
    data = msgspec.json.encode({"now": NOW_S, "aircraft": [{"hex": "4840d6"} | each]})
    read = decode_aircraft_json(data)
    assert len(read.aircraft) + len(read.refused) == 1
    for entry in read.aircraft:
        assert_possible(entry)


@given(st.binary(max_size=60))
def test_any_octets_are_a_document_or_refused(data: bytes) -> None:
    for decode in (decode_aircraft_json, decode_trace):
        with contextlib.suppress(DecodeError):
            decode(data)


@needs_recordings
@pytest.mark.recordings
def test_a_real_trace_is_read_to_the_last_row() -> None:
    trace = decode_trace((RECORDINGS / "adsb" / "traffic" / "trace_full_ac671b.json").read_bytes())
    assert (len(trace.aircraft), trace.refused) == (2_500, ())
    assert sum(entry.on_ground for entry in trace.aircraft) == 394
    assert {entry.hex for entry in trace.aircraft} == {"ac671b"}
