"""ASTERIX live: what each category becomes, what is refused and why, and what no damage can do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from made_asterix import block_of, made_block
from mutations import frames_to_try, mutated
from recordings import RECORDINGS, needs_recordings
from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import DecodeError, SetupError
from skykeep.domain.feed import Taken
from skykeep.domain.sensing import (
    Claim,
    ClaimKind,
    MeasurementKind,
    Scan,
    Sensor,
    SensorKind,
    SensorState,
    SensorStatus,
)
from skykeep.geo.frames import LocalFrame
from skykeep.wire.asterix_editions import Edition, EditionRegistry, choose_edition, known_categories
from skykeep.wire.asterix_inputs import AsterixFramer, AsterixSource, AsterixTranslator
from skykeep.wire.asterix_layout import layout_of

FRAME = LocalFrame(latitude_deg=50.0, longitude_deg=10.0, height_hae_m=100.0)
NOON_NS = 20_000 * 86_400 * NS_PER_S + 43_200 * NS_PER_S
NOON_S = 43_200.0
WHO = (("SAC", 25), ("SIC", 201))


def sensor(sensor_id: str = "radar", position_enu_m: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Sensor:
    return Sensor(
        sensor_id=sensor_id,
        name=sensor_id,
        kind=SensorKind.RADAR,
        measures=None,
        position_enu_m=position_enu_m,
        coverage_range_m=100_000.0,
    )


def translator(**keywords: Any) -> AsterixTranslator:
    keywords.setdefault("sources", [AsterixSource(sensor=sensor())])
    return AsterixTranslator(frame=FRAME, **keywords)


def made(category: int, items: dict[str, Any], edition: str | None = None) -> bytes:
    return block_of(choose_edition(category, edition), {"010": WHO, **items})


def plot(
    more: dict[str, Any] | None = None,
    rho_nm: float = 10.0,
    theta_deg: float = 90.0,
    time_s: float = NOON_S,
) -> bytes:
    place = (("RHO", rho_nm), ("THETA", theta_deg))
    return made(48, {"140": time_s, "040": place, **(more or {})})


def only(taken: Taken) -> Any:
    assert taken.refusals == ()
    (record,) = taken.records
    return record


def test_a_plot_east_of_the_radar_at_level_100() -> None:
    scan = only(translator().take(plot({"090": (0, 0, ("FL", 100.0)), "220": 0x3C660C}), NOON_NS + 5))
    assert (scan.sensor_id, scan.sequence, len(scan)) == ("radar", 1, 1)
    assert (scan.time_utc_ns, scan.received_utc_ns) == (NOON_NS, NOON_NS + 5)
    assert scan.kind is MeasurementKind.RANGE_AZIMUTH_ELEVATION
    assert scan.labels == ("3C660C",)
    assert scan.measured[0, :2] == pytest.approx([18_520.0, np.pi / 2])
    # 3,048 m less the radar's 100 m and the fall of the earth over 10 NM, 26.9 m.
    assert 18_520.0 * np.sin(scan.measured[0, 2]) == pytest.approx(2_921.1, abs=0.5)


def test_a_level_below_the_sea_keeps_its_sign() -> None:
    """Until edition 1.31 the tables call the 14 bits unsigned."""
    scan = only(translator().take(plot({"090": (0, 0, 0x4000 - 12)}), NOON_NS))
    assert 18_520.0 * np.sin(scan.measured[0, 2]) == pytest.approx(-91.44 - 100.0 - 26.9, abs=0.5)
    (refusal,) = translator().take(plot({"090": (0, 0, 0x4000 - 100)}), NOON_NS).refusals
    assert (refusal.field, refusal.found, refusal.must) == ("I048/090/FL", "-25", "in -15..1000")


def test_a_plot_of_a_far_radar_is_turned_into_the_sites_axes() -> None:
    """100 km east the meridians lean by 1.1 degrees: a plot straight north of the radar is not straight
    north on the site's map.
    """
    far = AsterixSource(sensor=sensor(position_enu_m=(100_000.0, 0.0, -784.0)))
    level_with_the_radar = {"090": (0, 0, ("FL", 4.25))}
    scan = only(translator(sources=[far]).take(plot(level_with_the_radar, theta_deg=0.0), NOON_NS))
    azimuth_rad = (scan.measured[0, 1] + np.pi) % (2 * np.pi) - np.pi
    assert np.degrees(azimuth_rad) == pytest.approx(-1.07, abs=0.05)
    latitude_deg, longitude_deg, _ = FRAME.to_geodetic(
        np.array([100_000.0, 0.0, -784.0])
        + 18_520.0 * np.array([np.sin(azimuth_rad), np.cos(azimuth_rad), 0.0])
    )
    own_longitude_deg = FRAME.to_geodetic(np.array([100_000.0, 0.0, -784.0]))[1]
    assert longitude_deg == pytest.approx(own_longitude_deg, abs=2e-3)
    assert latitude_deg > 50.1


def test_a_system_track_is_a_position_with_the_accuracy_it_tells() -> None:
    items = {
        "070": NOON_S,
        "105": (("LAT", 50.1), ("LON", 10.0)),
        "130": 3_280.84,
        "060": (0, 0, 0, 0, 0o7000),
        "500": {"APC": (("X", 20.0), ("Y", 30.0)), "AGA": 100.0},
    }
    scan = only(translator().take(made(62, items), NOON_NS))
    assert scan.kind is MeasurementKind.POSITION
    assert scan.measured[0, :3] == pytest.approx(FRAME.to_enu_m(50.1, 10.0, 1_000.0), abs=2.0)
    assert scan.sigma[0, :3] == pytest.approx([20.0, 30.0, 30.48])
    assert scan.labels == ("A7000",)


SURFACE = (1, 0, 0, 0, 0, 0, 0, None)
PLACES: dict[str, tuple[int, dict[str, Any], float, float]] = {
    "surface radar, polar": (10, {"000": 1, "140": NOON_S, "040": (("RHO", 500), ("TH", 90.0))}, 500.0, 0.0),
    "surface radar, Cartesian": (
        10,
        {"000": 1, "140": NOON_S, "042": (("X", 300), ("Y", -400))},
        300.0,
        -400.0,
    ),
    "surface, on the globe": (10, {"000": 1, "140": NOON_S, "041": (("LAT", 50.0), ("LON", 10.0))}, 0.0, 0.0),
    "multilateration, Cartesian": (20, {"140": NOON_S, "042": (("X", 300.0), ("Y", -400.0))}, 300.0, -400.0),
    "multilateration, on the globe": (20, {"140": NOON_S, "041": (("LAT", 50.0), ("LON", 10.0))}, 0.0, 0.0),
}


@pytest.mark.parametrize(("category", "items", "east_m", "north_m"), PLACES.values(), ids=PLACES)
def test_a_place_is_read_from(category: int, items: dict[str, Any], east_m: float, north_m: float) -> None:
    scan = only(translator().take(made(category, items), NOON_NS))
    assert scan.kind is MeasurementKind.POSITION
    assert scan.measured[0, :2] == pytest.approx([east_m, north_m], abs=0.5)
    assert (scan.sigma[0, :3] > 0.0).all()


def test_a_surface_target_without_height_stands_on_the_ground() -> None:
    scan = only(translator().take(made(*PLACES["surface radar, polar"][:2]), NOON_NS))
    assert scan.measured[0, 2] == pytest.approx(0.0, abs=0.1)
    assert scan.sigma[0, :3].tolist() == [7.5, 7.5, 50.0]


HEIGHTS = {
    "CAT010, above its own reference": (
        10,
        {"140": NOON_S, "042": (("X", 0), ("Y", 0)), "091": 328.125},
        100.0,
    ),
    "CAT020, above its own reference": (
        20,
        {"140": NOON_S, "042": (("X", 0), ("Y", 0)), "110": 328.125},
        100.0,
    ),
    "CAT020, above the ellipsoid": (20, {"140": NOON_S, "042": (("X", 0), ("Y", 0)), "105": 328.125}, 0.0),
}


@pytest.mark.parametrize(("category", "items", "up_m"), HEIGHTS.values(), ids=HEIGHTS)
def test_a_height_is_read_from(category: int, items: dict[str, Any], up_m: float) -> None:
    """The sensor stands at the site's origin, 100 m above the ellipsoid; a step is 1.9 m."""
    scan = only(translator().take(made(category, items), NOON_NS))
    assert scan.measured[0, 2] == pytest.approx(up_m, abs=1.0)


def test_multilateration_tells_its_own_deviations() -> None:
    items = {
        **PLACES["multilateration, Cartesian"][1],
        "105": 328.084,
        "500": {"SDP": (3.0, 4.0, 0), "SDH": 9.0},
    }
    scan = only(translator().take(made(20, items), NOON_NS))
    assert scan.sigma[0, :3].tolist() == [3.0, 4.0, 9.0]
    assert scan.measured[0, 2] == pytest.approx(0.0, abs=2.0)


def test_a_non_cooperative_sensor_gives_range_angles_and_rate() -> None:
    items = {
        "000": (1, 0),
        "020": ((("MOMU", 0), 0, 0, 0, None),),
        "145": NOON_S,
        "625": {"R": 2_000.0, "SDR": 5.0, "RR": -12.5},
        "627": {"AZ": 180.0, "SDASZ": 0.5},
        "628": {"EL": 3.0, "SDEL": 0.5},
    }
    scan = only(translator().take(made(15, items), NOON_NS))
    assert scan.measured[0] == pytest.approx([2_000.0, np.pi, np.radians(3.0), -12.5], abs=1e-3)
    assert scan.sigma[0, :3] == pytest.approx([5.0, np.radians(0.5), np.radians(0.5)], rel=0.01)


def test_a_non_cooperative_sensor_may_give_a_place() -> None:
    items = {
        "000": (1, 0),
        "145": NOON_S,
        "600": {"P84": (("LATITUDE", 50.0), ("LONGITUDE", 10.0)), "HPP": (4.0, 6.0, 0)},
        "601": {"GH": 150.0, "SDGH": 7.0},
    }
    scan = only(translator().take(made(15, items), NOON_NS))
    assert scan.measured[0, :3] == pytest.approx([0.0, 0.0, 50.0], abs=0.1)
    assert scan.sigma[0, :3] == pytest.approx([4.0, 6.0, 7.0], rel=0.1)


def ads_b(
    version: int = 2, nacp: int = 9, nucp: int = 5, more: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "080": 0x3C660C,
        "073": NOON_S,
        "131": (("LAT", 50.0), ("LON", 10.0)),
        "140": 3_280.84,
        "160": (0, ("GS", 100.0 / 1_852.0), ("TA", 90.0)),
        "157": (0, ("GVR", 1_968.75)),
        "020": 13,
        "210": (0, 0, ("VN", version), 2),
        "090": ((0, ("NUCPNIC", nucp), None), (0, 0, ("NACP", nacp), None)),
        **(more or {}),
    }


def test_a_report_of_ads_b_is_a_claim_and_no_scan() -> None:
    claim = only(translator().take(made(21, ads_b()), NOON_NS))
    assert isinstance(claim, Claim)
    assert (claim.kind, claim.claimed_id, claim.aircraft_category) == (ClaimKind.ADSB, "3C660C", "unmanned")
    assert claim.position_enu_m == pytest.approx((0.0, 0.0, 900.0), abs=1.0)
    assert claim.velocity_enu_mps == pytest.approx((100.0, 0.0, 10.0), abs=0.1)
    assert claim.sigma_m[0] == pytest.approx(30.0 / 2.4477, rel=1e-4)


ACCURACIES = {
    "version 2, NACp 11": (ads_b(nacp=11), "2.4", 3.0),
    "version 2, NACp unknown": (ads_b(nacp=0, nucp=8), "2.4", 18_520.0),
    "version 0, NUCp 7": (ads_b(version=0, nucp=7), "2.4", 92.6),
    "nothing said": (ads_b(more={"090": None}), "2.4", 18_520.0),
}


@pytest.mark.parametrize(("items", "edition", "radius_m"), ACCURACIES.values(), ids=ACCURACIES)
def test_how_sure_a_claim_is_of_its_place(items: dict[str, Any], edition: str, radius_m: float) -> None:
    claim = only(translator(editions={21: edition}).take(made(21, items, edition), NOON_NS))
    assert claim.sigma_m[0] == pytest.approx(radius_m / 2.4477, rel=1e-4)


COMMON = ("RDPC", 0), ("RDPR", 0)
STATUS: dict[str, tuple[int, dict[str, Any], SensorState, str]] = {
    "a radar that works": (
        34,
        {"000": 1, "030": NOON_S, "050": {"COM": (0, 0, 0, 0, 0, 0, 0, 0)}},
        SensorState.OK,
        "operational",
    ),
    "a radar under inhibition": (
        34,
        {"000": 1, "030": NOON_S, "050": {"COM": (("NOGO", 1), 0, 0, 0, 0, 0, 0, 0)}},
        SensorState.FAILED,
        "not released for operational use",
    ),
    "a radar whose clock is wrong": (
        34,
        {"000": 1, "030": NOON_S, "050": {"COM": (0, 0, 0, 0, 0, 0, ("TSV", 1), 0)}},
        SensorState.DEGRADED,
        "degraded; its time source is not valid",
    ),
    "a north marker alone": (34, {"000": 1, "030": NOON_S}, SensorState.OK, "turns"),
    "a jammed radar": (
        34,
        {
            "000": 4,
            "030": NOON_S,
            "100": (0, 0, ("THETAST", 90.0), ("THETAEND", 101.25)),
        },
        SensorState.DEGRADED,
        "jammed between 90 and 101 degrees",
    ),
    "an old radar's north marker": (2, {"000": 1, "030": NOON_S}, SensorState.OK, "turns"),
    "an old radar's blind zone": (
        2,
        {"000": 8, "030": NOON_S},
        SensorState.DEGRADED,
        "blind zone filtering is on",
    ),
    "a tracker at half power": (
        65,
        {"000": 1, "015": 1, "030": NOON_S, "040": (("NOGO", 1), 0, 0, 0, 0, 0)},
        SensorState.DEGRADED,
        "degraded",
    ),
    "a surface radar out of order": (
        10,
        {"000": 3, "140": NOON_S, "550": (("NOGO", 2), 0, 0, 0, 0, 0)},
        SensorState.FAILED,
        "not released for operational use",
    ),
}


@pytest.mark.parametrize(("category", "items", "state", "says"), STATUS.values(), ids=STATUS)
def test_a_service_message_tells_of(
    category: int, items: dict[str, Any], state: SensorState, says: str
) -> None:
    status = only(translator().take(made(category, items), NOON_NS))
    assert isinstance(status, SensorStatus)
    assert (status.state, status.says, status.time_utc_ns) == (state, says, NOON_NS)


def test_a_system_tells_of_each_of_its_sensors() -> None:
    sources = [
        AsterixSource(sensor=sensor("tracker"), code=(25, 201)),
        AsterixSource(sensor=sensor("north radar"), code=(25, 12)),
    ]
    items = {"015": 1, "030": NOON_S, "050": (25, 12), "060": ((("CON", 3), 0, 0, 0, 0, 0, None),)}
    status = only(translator(sources=sources).take(made(63, items), NOON_NS))
    assert (status.sensor_id, status.state, status.says) == ("north radar", SensorState.OFF, "not connected")


REFUSED = {
    "a time past midnight": (plot(time_s=90_000.0), "I048/140", "90000.0 s", "under 86400"),
    "yesterday's recording": (
        plot(time_s=NOON_S - 600.0),
        "I048/140",
        "-600 s from its receipt",
        "within 30 s",
    ),
    "a place off the globe": (
        made(62, {"070": NOON_S, "105": (("LAT", 95.0), ("LON", 10.0))}),
        "I062/105/LAT",
        "95",
        "in -90..90",
    ),
    "a level above the sky": (plot({"090": (0, 0, 6_000)}), "I048/090/FL", "1500", "in -15..1000"),
    "a speed nobody flies": (
        plot({"200": (("GSP", 2.0), 0)}),
        "I048/200/GSP",
        "2",
        "in 0..1.1",
    ),
    "Mach 60": (made(62, {"070": NOON_S, "380": {"MAC": 60.0}}), "I062/380/MAC", "60", "in 0..6"),
    "half a record": (b"\x30\0\x0c" + plot()[3:12], "CAT048", None, "records of edition 1.27"),
    "a category nobody reads": (b"\xfc\0\x05\1\2", "block", "category 252", "a block of a known category"),
    "no block at all": (b"\0\0\0\0", "block", "no block", "a block of a known category"),
}


@pytest.mark.parametrize(("data", "field", "found", "must"), REFUSED.values(), ids=REFUSED)
def test_is_refused(data: bytes, field: str, found: str | None, must: str) -> None:
    taken = translator().take(data, NOON_NS)
    assert taken.records == ()
    (refusal,) = taken.refusals
    assert (refusal.field, refusal.must) == (field, must)
    assert found is None or refusal.found == found
    assert refusal.data


def test_a_radar_nobody_configured_is_refused_by_its_code() -> None:
    known = [AsterixSource(sensor=sensor(), code=(25, 12))]
    (refusal,) = translator(sources=known).take(plot(), NOON_NS).refusals
    assert (refusal.field, refusal.found, refusal.must) == ("I048/010", "25/201", "a source of this feed")


ASIDE = {
    "a simulated target": (plot({"020": ((1, ("SIM", 1), 0, 0, 0, None),)}), "CAT048: simulated"),
    "a plot that is only extrapolated": (plot({"020": ((0, 0, 0, 0, 0, None),)}), "CAT048: no detection"),
    "a track without a place": (made(62, {"070": NOON_S}), "CAT062: no place"),
    "a sector crossing": (made(34, {"000": 2, "030": NOON_S, "020": 90.0}), "CAT034: no target report"),
    "an aircraft without an address": (made(21, ads_b(more={"080": 0})), "CAT021: no address or no place"),
}


@pytest.mark.parametrize(("data", "name"), ASIDE.values(), ids=ASIDE)
def test_is_counted_but_no_detection(data: bytes, name: str) -> None:
    one = translator()
    assert one.take(data, NOON_NS) == Taken()
    assert one.counts == {name: 1}


def test_a_record_made_before_midnight_and_received_after_belongs_to_yesterday() -> None:
    midnight_ns = NOON_NS + 43_200 * NS_PER_S
    early = only(translator().take(plot(time_s=86_399.0), midnight_ns + NS_PER_S))
    assert early.time_utc_ns == midnight_ns - NS_PER_S
    # A radar whose clock runs ahead may already be in tomorrow.
    late = only(translator().take(plot(time_s=0.5), midnight_ns - NS_PER_S))
    assert late.time_utc_ns == midnight_ns + NS_PER_S // 2


@given(st.integers(0, 86_400 * 128 - 1), st.floats(-29.0, 29.0))
def test_the_date_is_recovered_at_any_time_of_day(ticks: int, apart_s: float) -> None:
    true_utc_ns = NOON_NS - 43_200 * NS_PER_S + ticks * NS_PER_S // 128
    scan = only(translator().take(plot(time_s=ticks / 128), true_utc_ns + round(apart_s * NS_PER_S)))
    assert abs(scan.time_utc_ns - true_utc_ns) <= 1


def test_the_truncated_time_of_an_old_radar_is_put_beside_its_receipt() -> None:
    items = {
        "020": ((0, 0, ("SSRPSR", 1), 0, 0, 0, None),),
        "040": (("RHO", 10.0), ("THETA", 0.0)),
        "141": 10.0,
    }
    received_ns = NOON_NS + 203 * NS_PER_S  # 43,403 s of day, 395 s into a period of 512 s
    scan = only(translator().take(made(1, items), received_ns + 128 * NS_PER_S))
    assert (scan.time_utc_ns - received_ns) / NS_PER_S == pytest.approx(127.0)


def test_a_repeated_block_is_refused_and_another_is_not() -> None:
    one = translator()
    assert len(one.take(plot(), NOON_NS).records) == 1
    taken = one.take(plot() + plot(theta_deg=91.0), NOON_NS + 200_000_000)
    assert len(taken.records) == 1
    (refusal,) = taken.refusals
    assert (refusal.field, refusal.found, refusal.must) == ("CAT048", "came 0.2 s before", "new")


def test_one_bad_block_costs_the_others_nothing() -> None:
    torn = b"\x30\0\x0c" + plot()[3:12]
    taken = translator().take(plot() + torn + plot(theta_deg=91.0), NOON_NS)
    assert [scan.sequence for scan in taken.records] == [1, 2]
    assert [refusal.field for refusal in taken.refusals] == ["CAT048"]


FRAMING = {
    "wrapped in a length and a time": lambda a, b: b"\0\x20\0\0\1\2" + a + b"\0\x20\0\0\1\3" + b,
    "with the trailers of a FINAL recording": lambda a, b: a + b"\x11\xd2\x8f\x0a\0\0\0\1\x17\0" + b,
    "with a trailer behind the last": lambda a, b: a + b + b"\0\0\0",
}


@pytest.mark.parametrize("frame", FRAMING.values(), ids=FRAMING)
def test_two_blocks_are_found(frame: Any) -> None:
    one = translator()
    taken = one.take(frame(plot(), plot(theta_deg=91.0)), NOON_NS)
    assert (len(taken.records), taken.refusals) == (2, ())
    assert sum(number for name, number in one.counts.items() if name.startswith("octets of")) > 0


def test_each_source_is_read_with_its_own_edition() -> None:
    """The flight level is signed since 1.32, so the same octets differ; and 0.26 is no 2.4."""
    registry = EditionRegistry({48: "1.32"}, {(25, 12): {48: "1.21", 21: "0.26"}})
    assert registry.of(48, (25, 201)).used == "1.32"
    assert (registry.of(48, (25, 12)).wanted, registry.of(48, (25, 12)).used) == ("1.21", "1.27")
    assert registry.of(21, (25, 12)).used == "0.26"
    old = made(21, {"130": (("LAT", 50.0), ("LON", 10.0)), "080": 0x3C660C, "030": NOON_S}, "0.26")
    source = AsterixSource(sensor=sensor(), code=(25, 201), editions={21: "0.26"})
    assert isinstance(only(translator(sources=[source]).take(old, NOON_NS)), Claim)
    assert translator().take(old, NOON_NS).records == ()


@pytest.mark.parametrize(
    ("by_category", "sources"), [({48: "9.9"}, {}), ({}, {(1, 2): {48: "9.9"}}), ({3: "1.0"}, {})]
)
def test_an_edition_nobody_has_refuses_to_start(by_category: Any, sources: Any) -> None:
    with pytest.raises(SetupError):
        EditionRegistry(by_category, sources)


def test_a_feed_without_sources_refuses_to_start() -> None:
    with pytest.raises(SetupError, match="sources"):
        translator(sources=[])


@given(st.lists(st.integers(1, 40), max_size=30))
def test_a_stream_gives_its_blocks_however_it_is_cut(cuts: list[int]) -> None:
    blocks = [plot(), plot(theta_deg=91.0), made(34, {"000": 1, "030": NOON_S})]
    stream, framer, found = b"".join(blocks), AsterixFramer(), []
    for cut in cuts:
        found += framer.feed(stream[:cut])
        stream = stream[cut:]
    found += framer.feed(stream)
    assert found == blocks


@pytest.mark.parametrize("header", [b"\0\0\x10", b"\x30\0\x03"])
def test_a_stream_that_cannot_be_followed_says_so(header: bytes) -> None:
    with pytest.raises(DecodeError, match="at least 4 octets"):
        AsterixFramer().feed(plot() + header)


# --- damage ------------------------------------------------------------------------------------------------


def assert_possible(taken: Iterable[Any], slack_s: float = 260.0) -> None:
    """Whatever was accepted is a thing that can be."""
    for record in taken:
        if isinstance(record, Scan):
            assert np.isfinite(record.measured[:, :3]).all()
            assert (record.sigma[:, :3] > 0.0).all()
            if record.kind is MeasurementKind.POSITION:
                assert (np.abs(record.measured[:, :3]) < 13_000_000.0).all()
            else:
                assert ((record.measured[:, 0] > 0.0) & (record.measured[:, 0] <= 500_000.0)).all()
                assert (np.abs(record.measured[:, 2]) <= np.pi / 2).all()
        elif isinstance(record, Claim):
            assert len(record.claimed_id) == 6
            assert record.sigma_m[0] > 0.0
            assert record.velocity_enu_mps is None or np.linalg.norm(record.velocity_enu_mps) < 2_100.0
        assert abs(record.time_utc_ns - record.received_utc_ns) <= slack_s * NS_PER_S


READABLE = [choose_edition(c) for c in known_categories() if layout_of(choose_edition(c)) is not None]


@given(st.sampled_from(READABLE), st.randoms(use_true_random=False), st.floats(0.1, 1.0))
def test_no_record_of_any_category_stops_the_feed(edition: Edition, dice: Any, chance: float) -> None:
    """Some name their sender in another way, or not at all."""
    taken = translator(clock_slack_s=50_000.0).take(made_block(edition, 2, dice, chance).data, NOON_NS)
    assert_possible(taken.records, slack_s=50_000.0)


GOOD = [
    plot({"090": (0, 0, ("FL", 100.0)), "220": 0x3C660C, "200": (("GSP", 0.1), ("HDG", 30.0))}),
    made(62, {"070": NOON_S, "105": (("LAT", 50.1), ("LON", 10.0)), "130": 3_280.84, "185": (10.0, -20.0)}),
    made(21, ads_b()),
    *(made(category, items) for category, items, _, _ in PLACES.values()),
    *(made(category, items) for category, items, _, _ in STATUS.values()),
]


def test_damaged_blocks_give_refusals_or_what_can_be() -> None:
    one, accepted, refused = translator(), 0, 0
    for number, data in enumerate(mutated(GOOD, frames_to_try() // 2, seed=48)):
        taken = one.take(data, NOON_NS + number)
        assert_possible(taken.records)
        accepted, refused = accepted + len(taken.records), refused + len(taken.refusals)
    assert min(accepted, refused) > frames_to_try() // 50


@needs_recordings
@pytest.mark.recordings
def test_damaged_recordings_give_refusals_or_what_can_be() -> None:
    originals = [path.read_bytes() for path in sorted((RECORDINGS / "asterix").rglob("*.bin"))]
    originals += [path.read_bytes() for path in sorted((RECORDINGS / "asterix").rglob("*.raw"))]
    one, accepted, refused = translator(clock_slack_s=50_000.0), 0, 0
    for number, data in enumerate(mutated(originals, frames_to_try() // 2, seed=62)):
        taken = one.take(data, NOON_NS + number)
        assert_possible(taken.records, slack_s=50_000.0)
        accepted, refused = accepted + len(taken.records), refused + len(taken.refusals)
    assert min(accepted, refused) > frames_to_try() // 50


@needs_recordings
@pytest.mark.recordings
@pytest.mark.parametrize(("name", "wrong"), [("cat021ed0.26.bin", "2.4"), ("cat021ed2.1.bin", "0.26")])
def test_a_real_report_read_with_another_edition_gives_nothing_to_believe(name: str, wrong: str) -> None:
    data = (RECORDINGS / "asterix" / "jasterix" / name).read_bytes()
    taken = translator(editions={21: wrong}, clock_slack_s=86_400.0).take(data, NOON_NS)
    assert taken.records == ()
    assert taken.refusals
    right = name.removeprefix("cat021ed").removesuffix(".bin")
    taken = translator(editions={21: right}, clock_slack_s=86_400.0).take(data, NOON_NS)
    assert isinstance(only(taken), Claim)
