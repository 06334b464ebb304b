"""tlog and DataFlash: logs written by hand, then damage, then what becomes a claim."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mavlink_frames import FLYING, NOON_UTC_NS, SITE, BinLog, flown_bin, frame, message, timed
from mutations import frames_to_try, mutated
from recordings import RECORDINGS, needs_recordings
from skykeep.base.clock import iso_utc
from skykeep.base.errors import DecodeError
from skykeep.domain.sensing import Claim
from skykeep.wire.dataflash import MAGIC, DataflashReader, LogMessage, is_dataflash
from skykeep.wire.flight_fix import FlightFix, Sender, claim_of_fix
from skykeep.wire.flight_log_inputs import (
    ClaimMaker,
    DataflashClaims,
    UlogTable,
    gps_time_utc_ns,
    ulog_claims,
)
from skykeep.wire.mavlink import Frame
from skykeep.wire.mavlink_tlog import is_tlog, read_tlog

S = 1_000_000_000
HEARTBEAT = message("HEARTBEAT", {"type": 2})
TWO = timed(NOON_UTC_NS, HEARTBEAT) + timed(
    NOON_UTC_NS + S, message("GLOBAL_POSITION_INT", FLYING, version=1)
)


def frames_of(data: bytes) -> list[tuple[int, int]]:
    return [
        ((one.received_utc_ns - NOON_UTC_NS) // S, one.found.message_id)
        for one in read_tlog(data)
        if isinstance(one.found, Frame)
    ]


def test_a_tlog_by_hand() -> None:
    assert is_tlog(TWO)
    assert frames_of(TWO) == [(0, 0), (1, 33)]


@given(st.binary(max_size=40))
def test_a_tlog_goes_on_behind_damage(rubbish: bytes) -> None:
    found = list(read_tlog(TWO + rubbish + TWO))
    assert frames_of(TWO + rubbish + TWO)[-1] == (1, 33)
    lost = sum(len(one.octets) for one in found if isinstance(one.found, DecodeError))
    whole = sum(len(one.octets) + 8 for one in found if isinstance(one.found, Frame))
    assert lost + whole == len(TWO + rubbish + TWO)


def test_a_frame_that_cannot_be_checked_needs_company_in_a_tlog() -> None:
    unknown = timed(NOON_UTC_NS, frame(60_001, b"unknown to all"))
    assert frames_of(TWO + unknown + TWO) == [(0, 0), (1, 33), (0, 60_001), (0, 0), (1, 33)]
    assert frames_of(b"\0" + unknown + b"\0") == []


@given(st.binary(max_size=300))
def test_any_octets_are_a_tlog_or_refused(data: bytes) -> None:
    for one in read_tlog(data):
        assert isinstance(one.found, Frame | DecodeError)


def read_bin(data: bytes) -> tuple[list[LogMessage], DataflashReader, Counter[str]]:
    counts: Counter[str] = Counter()
    reader = DataflashReader(data, counts)
    return list(reader.messages()), reader, counts


def test_a_dataflash_log_by_hand() -> None:
    messages, reader, counts = read_bin(flown_bin().data)
    position = messages[-1]
    assert (position.name, position.fields["TimeUS"], position.fields["Lat"]) == (
        "POS",
        2_200_000,
        60.0008977,
    )
    assert counts["FMT"] == 8
    assert counts["GPS"] == 2
    assert reader.refusals == []
    assert reader.units("POS")["TimeUS"] == ("s", 1e-6)
    assert [one.fields["HAcc"] for one in messages if one.name == "GPA"] == [1.5]


def test_every_letter_of_a_format() -> None:
    log = BinLog()
    letters, codes = (
        "abBhHiIqQfgdnNZcCeELM",
        "32h b B h H i I q Q f e d 4s 16s 64s h H i I i B".replace(" ", ""),
    )
    log.describe(9, "ALL", letters[:16], ",".join(letters[:16]), codes[: codes.index("hHiIiB")] + "h")
    log.describe(10, "REST", "CeELM", "C,e,E,L,M", "HiIiB")
    log.write(
        "ALL",
        *range(32),
        -1,
        255,
        -2,
        65_535,
        -3,
        4_294_967_295,
        -4,
        5,
        0.5,
        0.25,
        0.125,
        b"n\0x",
        b"N",
        b"Z\xff",
        -150,
    )
    log.write("REST", 150, -250, 250, -1_234_567_890, 7)
    every, rest = (one.fields for one in read_bin(log.data)[0] if one.name in ("ALL", "REST"))
    assert every == {
        "a": tuple(range(32)),
    } | dict(zip("bBhHiIqQ", (-1, 255, -2, 65_535, -3, 4_294_967_295, -4, 5), strict=True)) | {
        "f": 0.5,
        "g": 0.25,
        "d": 0.125,
        "n": "n",
        "N": "N",
        "Z": "Z\\xff",
        "c": -1.5,
    }
    assert rest == {"C": 1.5, "e": -2.5, "E": 2.5, "L": -123.456789, "M": 7}


BAD_DESCRIPTIONS = {
    "a length that lies": (9, 20, "BAD", "Q", "TimeUS"),
    "letters nobody knows": (9, 11, "BAD", "?", "TimeUS"),
    "more columns than letters": (9, 11, "BAD", "Q", "TimeUS,X"),
    "a column twice": (9, 19, "BAD", "QQ", "TimeUS,TimeUS"),
    "nothing in it": (9, 3, "BAD", "", ""),
}


@pytest.mark.parametrize("description", BAD_DESCRIPTIONS.values(), ids=BAD_DESCRIPTIONS)
def test_a_description_that_makes_no_sense_is_refused(description: tuple[int, int, str, str, str]) -> None:
    data = flown_bin().data + BinLog._fmt(*description) + MAGIC + b"\x09" + bytes(20)
    messages, reader, counts = read_bin(data)
    assert counts["rejected: description"] == 1
    assert counts["rejected: octets between messages"] == 23
    assert "BAD" in reader.refusals[0][0].field
    assert counts["BAD"] == 0
    assert len(messages) == len(read_bin(flown_bin().data)[0]) + 1


@given(st.binary(max_size=200))
def test_any_octets_are_read_or_refused(data: bytes) -> None:
    if not is_dataflash(data):
        with pytest.raises(DecodeError, match="must be a39580"):
            DataflashReader(data, Counter())
    read_bin(flown_bin().data + data)


def maker(**serials: str) -> ClaimMaker:
    return ClaimMaker("own-drones", {int(k[1:]): v for k, v in serials.items()}, SITE, None)


def claims_of_bin(data: bytes, of: ClaimMaker) -> tuple[list[Claim], list[str]]:
    claims = DataflashClaims(of)
    records: list[Claim] = []
    refused: list[str] = []
    for one in read_bin(data)[0]:
        gave = claims.take(one)
        records += [record for record in gave.records if isinstance(record, Claim)]
        refused += [f"{refusal.field}: {refusal.found}" for refusal in gave.refusals]
    return records, refused


def test_a_log_becomes_claims_by_hand() -> None:
    (fix, position), refused = claims_of_bin(flown_bin().data, maker(_1="1ABCD234"))
    assert refused == ["GPS.Status: 1"]
    # The receiver's own place counts before the filter's first. Of the 86,418 s 18 are leap seconds.
    assert iso_utc(fix.time_utc_ns) == "2022-11-28T00:00:00.000Z"
    assert fix.sigma_m[0] == pytest.approx(3.0 * 0.70)  # its accuracy comes in the next message
    assert position.time_utc_ns - fix.time_utc_ns == S // 5
    assert position.claimed_id == "1ABCD234"
    assert position.aircraft_category == "multirotor"
    # 70 m above the sea, and the receiver says that the ellipsoid lies 17 m above it there.
    assert position.position_enu_m == pytest.approx((2.0, 100.0, 67.0), abs=0.05)
    assert position.velocity_enu_mps == pytest.approx((10.0, 0.0, 1.0), abs=1e-3)
    assert position.sigma_m == (1.5, 2.5)


def test_a_log_that_knows_its_system_id_takes_no_other_vehicle_s_serial() -> None:
    log = flown_bin()
    log.describe(8, "PARM", "QNf", "TimeUS,Name,Value", "Q16sf")
    log.write("PARM", 2_300_000, b"SYSID_THISMAV", 5.0)
    log.write("POS", 2_400_000, 600_008_977, 250_000_360, 70.0, 50.0, 50.0)
    assert claims_of_bin(log.data, maker(_1="1ABCD234"))[0][-1].claimed_id == "mavlink-5"
    assert claims_of_bin(log.data, maker(_1="1ABCD234", _5="5XYZ"))[0][-1].claimed_id == "5XYZ"


def test_a_column_of_the_wrong_kind_is_refused() -> None:
    log = BinLog()
    log.describe(1, "POS", "QNLfff", "TimeUS,Lat,Lng,Alt,RelHomeAlt,RelOriginAlt", "Q16sifff")
    log.describe(2, "GPS", "N", "Status", "16s")
    log.write("GPS", b"three")
    log.write("POS", 1, b"sixty", 0, 0.0, 0.0, 0.0)
    assert [one.split(":")[0] for one in claims_of_bin(log.data, maker())[1]] == ["GPS", "POS.TimeUS"]


# The first moments of a UTC day are as many seconds into a GPS day as there are leap seconds.
DATES = {
    (2_238, 86_418_000): "2022-11-28T00:00:00.000Z",
    (1_933, 18_000): "2017-01-22T00:00:00.000Z",
    (1_900, 17_000): "2016-06-05T00:00:00.000Z",
    (1_851, 259_215_999): "2015-06-30T23:59:59.999Z",
    (1_851, 259_217_000): "2015-07-01T00:00:00.000Z",
    (1_800, 16_000): "2014-07-06T00:00:00.000Z",
    (1_600, 15_000): "2010-09-05T00:00:00.000Z",
}


@pytest.mark.parametrize(("moment", "utc"), DATES.items(), ids=DATES.values())
def test_gps_time_is_ahead_by_the_leap_seconds(moment: tuple[int, int], utc: str) -> None:
    assert iso_utc(gps_time_utc_ns(*moment)) == utc


def test_weeks_that_are_no_date_are_refused() -> None:
    for week, millisecond in ((0, 0), (1_355, 0), (5_000, 0), (2_238, 604_800_000), (2_238, -1)):
        with pytest.raises(DecodeError):
            gps_time_utc_ns(week, millisecond)


BASE = FlightFix(
    says="POS",
    latitude_deg=60.0,
    longitude_deg=25.0,
    altitude_msl_m=50.0,
    height_hae_m=None,
    velocity_ned_mps=(1.0, 2.0, 3.0),
    sigma_m=(1.0, 2.0),
)
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "past the pole": ({"latitude_deg": 90.001}, "POS latitude"),
    "no longitude": ({"longitude_deg": math.nan}, "POS longitude"),
    "0/0": ({"latitude_deg": 0.0, "longitude_deg": 0.0}, "POS position"),
    "no height": ({"altitude_msl_m": None}, "POS height"),
    "in space": ({"altitude_msl_m": 1e6}, "POS height"),
    "faster than sound": ({"velocity_ned_mps": (400.0, 0.0, 0.0)}, "POS velocity"),
    "exact": ({"sigma_m": (0.0, 1.0)}, "POS accuracy"),
    "no idea where": ({"sigma_m": (6_553.5, 1.0)}, "POS accuracy"),
}


@pytest.mark.parametrize(("wrong", "field"), WRONG.values(), ids=WRONG)
def test_one_gate_for_all_logs(wrong: dict[str, Any], field: str) -> None:
    fix = FlightFix(**{**{name: getattr(BASE, name) for name in BASE.__struct_fields__}, **wrong})
    with pytest.raises(DecodeError) as caught:
        claim_of_fix(fix, Sender(sensor_id="s", claimed_id="x"), 0, 0, 0, SITE, None)
    assert caught.value.field == field


def ulog_table(topic: str, **columns: list[Any]) -> UlogTable:
    return UlogTable(topic=topic, instance=0, columns={name: np.array(v) for name, v in columns.items()})


RECEIVER = ulog_table(
    "vehicle_gps_position",
    timestamp=[1_000_000, 2_000_000],
    time_utc_usec=[0, NOON_UTC_NS // 1_000],
    fix_type=[1, 3],
    lat=[0, 600_008_977],
    lon=[0, 250_000_000],
    alt=[0, 70_000],
    alt_ellipsoid=[0, 87_000],
    eph=[99.0, 1.5],
    epv=[99.0, 2.5],
    vel_n_m_s=[0.0, 0.0],
    vel_e_m_s=[0.0, 10.0],
    vel_d_m_s=[0.0, -1.0],
    vel_ned_valid=[0, 1],
)
FILTER = ulog_table(
    "vehicle_global_position",
    timestamp=[1_500_000, 2_100_000, 2_200_000],
    lat=[60.0, 60.0008977, 60.0008977],
    lon=[25.0, 25.0, 25.0],
    alt=[70.0, 70.0, 70.0],
    eph=[0.5, 0.5, 0.5],
    epv=[0.8, 0.8, 0.8],
    dead_reckoning=[0, 0, 1],
)


def test_ulog_tables_become_claims_by_hand() -> None:
    refused, taken = ulog_claims([RECEIVER], maker())
    assert [one.field for one in refused.refusals] == ["vehicle_gps_position fix_type"]
    (claim,) = taken.records
    assert isinstance(claim, Claim)
    assert claim.time_utc_ns == NOON_UTC_NS
    assert claim.position_enu_m == pytest.approx((0.0, 100.0, 67.0), abs=0.05)
    assert claim.velocity_enu_mps == pytest.approx((10.0, 0.0, 1.0), abs=1e-3)
    assert claim.sigma_m == (1.5, 2.5)


def test_the_filter_counts_before_the_receiver_and_not_when_it_guesses() -> None:
    gave = list(ulog_claims([FILTER, RECEIVER], maker()))
    assert [len(one.records) for one in gave] == [0, 1, 0]
    (claim,) = gave[1].records
    assert isinstance(claim, Claim)
    assert claim.time_utc_ns == NOON_UTC_NS + S // 10
    assert claim.sigma_m == pytest.approx((0.5, math.hypot(0.8, 30.0)))
    assert gave[2].refusals[0].field == "vehicle_global_position dead_reckoning"


def test_a_ulog_without_a_date_gives_no_claims() -> None:
    (gave,) = ulog_claims([FILTER], maker())
    assert gave.refusals[0].field == "ULog"


def assert_sound(claims: list[Claim]) -> None:
    for claim in claims:
        assert all(math.isfinite(value) for value in claim.position_enu_m)
        assert math.hypot(*claim.position_enu_m) < 13_000_000.0
        assert all(0.0 < sigma_m <= 1_001.0 for sigma_m in claim.sigma_m)
        assert all(abs(speed_mps) <= 610.0 for speed_mps in claim.velocity_enu_mps or ())


def test_damaged_made_logs_give_claims_that_can_be() -> None:
    accepted = 0
    for data in mutated([flown_bin().data], frames_to_try() // 4, seed=3):
        if is_dataflash(data):
            claims, _ = claims_of_bin(data, maker())
            assert_sound(claims)
            accepted += len(claims)
    assert accepted > 100


@pytest.mark.slow
@needs_recordings
def test_damaged_real_dataflash_gives_claims_that_can_be() -> None:
    whole = (RECORDINGS / "mavlink" / "pyflightcoach" / "pilot_0004.BIN").read_bytes()
    messages, reader, _ = read_bin(whole)
    wanted = {"FMT", "GPS", "GPA", "POS", "MSG"}
    lengths = {form.name: form.length for form in reader.formats.values()}
    cuts: dict[str, list[bytes]] = {name: [] for name in wanted}
    at = 0
    for one in messages:
        if one.name in wanted:
            cuts[one.name].append(whole[at : at + lengths[one.name]])
        at += lengths[one.name]
    formats = [cut for cut in cuts["FMT"] if any(name.encode() in cut[5:9] for name in wanted)]
    flight = [
        cut
        for trio in zip(cuts["GPS"][-40:], cuts["GPA"][-40:], cuts["POS"][-40:], strict=True)
        for cut in trio
    ]
    logs = [b"".join(formats + flight[start : start + 9]) for start in range(0, 90, 9)]
    accepted = 0
    for data in mutated(logs, frames_to_try(), seed=4):
        if is_dataflash(data):
            claims, _ = claims_of_bin(data, maker())
            assert_sound(claims)
            accepted += len(claims)
    assert accepted > 100


@needs_recordings
def test_damaged_real_tlogs_are_read_or_refused() -> None:
    whole = (RECORDINGS / "mavlink" / "uavlogviewer" / "vtol.tlog").read_bytes()
    starts = list(range(0, 40_000, 400))
    pieces = [whole[start : start + 400] for start in starts]
    frames = 0
    for data in mutated(pieces, frames_to_try(), seed=5):
        found = list(read_tlog(data))
        frames += sum(isinstance(one.found, Frame) for one in found)
        assert sum(len(one.octets) for one in found) <= len(data)
    assert frames > 1_000
