"""Flights that a scenario leads by the hand, and what happens at its time: by hand first, then what must
always hold.
"""

from __future__ import annotations

from importlib import resources

import msgspec
import numpy as np
import pytest

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import SetupError
from skykeep.domain.airspace import AirspaceChange
from skykeep.domain.commands import SetOccupancy, SetPosture
from skykeep.domain.encoding import encode_json
from skykeep.domain.registry import RegistryAnswer
from skykeep.domain.sensing import Claim, Report, Scan, SensorState, SensorStatus
from skykeep.sim import SimulatedNight, load_scenario
from skykeep.sim.loading import parse_scenario
from skykeep.sim.night import Arrival
from skykeep.sim.paths import STEP_S
from skykeep.sim.plan_events import AnyEventPlan
from skykeep.sim.plan_flights import FlightPlan
from skykeep.sim.plan_sensors import RainPlan
from skykeep.sim.world import World

HERE = {"place": "residence"}
RADAR = "radar-3d"
THE_NIGHT = (resources.files("skykeep.sim") / "scenarios" / "the-night.toml").read_text(encoding="utf-8")


def off(distance_m: float, bearing_deg: float = 180.0) -> dict[str, object]:
    return {"place": "residence", "distance_m": distance_m, "bearing_deg": bearing_deg}


def flight(**said: object) -> FlightPlan:
    whole = {
        "name": "it",
        "kind": "intruder",
        "asset_id": "residence",
        "start": off(1000.0),
        "speed_mps": 10.0,
    }
    return msgspec.convert(whole | said, FlightPlan)


def night_of(
    world: World, *flights: FlightPlan, events: list[dict[str, object]] | None = None
) -> SimulatedNight:
    base = load_scenario("the-night")
    scenario = msgspec.structs.replace(
        base,
        wind=msgspec.structs.replace(base.wind, gust_mps=0.0),
        intruders=(),
        permitted=(),
        aircraft=(),
        birds=(),
        flights=flights,
        events=msgspec.convert(events or [], tuple[AnyEventPlan, ...]),
    )
    return SimulatedNight(scenario, 3, world)


def flown(night: SimulatedNight, truth_id: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return places from the Residence, east, north and height over the ground, while it is in the air."""
    path, aloft = night.truth.path_of(truth_id)
    rows = np.flatnonzero(aloft)
    asset_m = np.array(night.site.assets[0].position_enu_m)
    away_m = path[rows, :3] - asset_m
    away_m[:, 2] = path[rows, 2] - night.terrain.up_m(path[rows, 0], path[rows, 1])
    return rows * STEP_S, away_m


def heard(night: SimulatedNight, seconds: float) -> list[Arrival]:
    return night.advance(night.start_utc_ns + round(seconds * NS_PER_S))


def test_a_straight_leg_takes_its_length_over_its_speed(world: World) -> None:
    time_s, away_m = flown(night_of(world, flight(start_s=[5.0, 5.0], legs=[{"at": off(200.0)}])))
    assert (time_s[0], time_s[-1]) == (5.0, pytest.approx(85.0, abs=0.2))
    assert away_m[0, :2] == pytest.approx([0.0, -1000.0], abs=1.0)
    assert away_m[-1, :2] == pytest.approx([0.0, -200.0], abs=1.0)
    assert away_m[400, 1] == pytest.approx(-600.0, abs=2.0)


def test_it_stays_where_it_holds_and_circles_at_its_radius(world: World) -> None:
    hold = {"do": "hold", "for_s": 20.0, "height_agl_m": 60.0}
    ring = {"do": "circle", "at": HERE, "radius_m": 500.0, "for_s": 40.0}
    time_s, away_m = flown(night_of(world, flight(height_agl_m=4.0, legs=[hold, ring])))
    held = away_m[(time_s > 3.0) & (time_s < 17.0)]
    assert np.ptp(held[:, :2], axis=0).max() < 1.0
    assert held[0, 2] < 20.0 < 45.0 < away_m[200, 2]
    # 50 s from 1,000 m in to 500 m, then round.
    circled = away_m[(time_s > 74.0) & (time_s < 105.0)]
    assert np.hypot(*circled[:, :2].T) == pytest.approx(500.0, abs=4.0)


def test_a_swarm_keeps_together_splits_and_joins(world: World) -> None:
    ways = [[{"at": off(800.0, bearing)}, {"at": off(200.0)}] for bearing in (150.0, 210.0)]
    night = night_of(world, flight(count=6, spread_m=50.0, legs=[{"at": off(900.0)}], branches=ways))
    assert [target.name for target in night.truth.targets] == [f"it-{i}" for i in range(1, 7)]
    paths = np.array([night.truth.path_of(i)[0][:, :2] for i in range(1, 7)])
    spread_m = np.linalg.norm(paths - paths.mean(axis=0), axis=2).max(axis=0)
    assert spread_m[50] < 75.0
    assert spread_m[400] > 250.0
    assert spread_m[-1] < 75.0
    apart_m = np.linalg.norm(paths[:, None, 50] - paths[None, :, 50], axis=2) + 1e9 * np.eye(6)
    assert apart_m.min() > 5.0


def test_a_ghost_is_nowhere_and_is_claimed_to_fly(world: World) -> None:
    says = {"serial": "QVTX9H3K81ZZ0P", "sent_from": {"place": "stadium"}, "false_as": "ghost"}
    night = night_of(world, flight(kind="bystander", speed_mps=15.0, legs=[{"at": HERE}], broadcast=says))
    claims = [record for record in heard(night, 40.0) if isinstance(record, Claim)]
    path, _ = night.truth.path_of(1)
    assert np.ptp(path[:, :3], axis=0).max() == 0.0
    assert np.hypot(*(np.array(claims[-1].position_enu_m) - claims[0].position_enu_m)[:2]) > 300.0
    assert night.truth.targets[0].false_identity == "ghost"


def test_a_claim_may_be_shifted_and_end(world: World) -> None:
    says = {"serial": "QVTX9H3K81ZZ0P", "shift_m": 700.0, "shift_deg": 90.0, "until_s": 20.0}
    night = night_of(world, flight(legs=[{"do": "hold", "for_s": 60.0}], broadcast=says))
    claims = [record for record in heard(night, 50.0) if isinstance(record, Claim)]
    assert claims
    start_m = night.truth.path_of(1)[0][0]
    for claim in claims:
        assert claim.received_utc_ns < night.start_utc_ns + 21 * NS_PER_S
        assert claim.position_enu_m[0] - start_m[0] == pytest.approx(700.0, abs=15.0)


def test_an_outage_is_silent_and_said_and_changes_nothing_else(world: World) -> None:
    plan = flight(legs=[{"do": "hold", "for_s": 60.0}])
    out = {"do": "outage", "sensor_id": RADAR, "at_s": 10.0, "for_s": 8.0}
    plain = heard(night_of(world, plan), 30.0)
    broken = heard(night_of(world, plan, events=[out]), 30.0)
    states = [record.state for record in broken if isinstance(record, SensorStatus)]
    assert states == [SensorState.FAILED, SensorState.OK]
    ours = [r for r in broken if isinstance(r, Scan) and r.sensor_id == RADAR]
    start = night_of(world, plan).start_utc_ns
    assert not [r for r in ours if 10.0 <= (r.time_utc_ns - start) / NS_PER_S < 18.0]
    kept = [encode_json(r) for r in broken if not isinstance(r, SensorStatus)]
    assert set(kept) <= {encode_json(r) for r in plain}
    assert len(plain) - len(kept) == 8


def test_a_clock_jumps_and_comes_back(world: World) -> None:
    jump = {"do": "clock_jump", "sensor_id": RADAR, "at_s": 10.0, "for_s": 5.0, "jump_s": 20.0}
    night = night_of(world, flight(legs=[{"do": "hold", "for_s": 60.0}]), events=[jump])
    ahead = [r for r in heard(night, 30.0) if isinstance(r, Scan) and r.time_utc_ns > r.received_utc_ns]
    assert len(ahead) == 5
    assert {r.sensor_id for r in ahead} == {RADAR}


def test_what_people_and_registers_say_arrives_at_its_time(world: World) -> None:
    resident = {"do": "report", "at_s": 3.0, "sensor_id": "resident-1", "at": off(500.0), "says": "It hums."}
    events: list[dict[str, object]] = [
        resident,
        {
            "do": "occupancy",
            "at_s": 4.0,
            "asset_id": "residence",
            "by": "commander",
            "principal_present": True,
        },
        {"do": "posture", "at_s": 5.0, "by": "commander", "level": 2, "because": "A call"},
        {"do": "registry", "at_s": 6.0, "claimed_id": "X", "status": "stolen", "source": "register"},
        {"do": "revoke", "at_s": 7.0, "by": "commander", "because": "Over", "permit_id": "P-2031-0417"},
    ]
    night = night_of(world, flight(legs=[{"do": "hold", "for_s": 60.0}]), events=events)
    wanted = (Report, SetOccupancy, SetPosture, RegistryAnswer, AirspaceChange)
    told = [record for record in heard(night, 10.0) if isinstance(record, wanted)]
    assert [type(record) for record in told] == list(wanted)


def test_rain_echoes_where_it_falls_and_moves_no_other_dice(world: World) -> None:
    base = load_scenario("the-night")
    shower = msgspec.convert({"at": off(1500.0), "radius_m": 400.0, "echoes_per_scan": 40.0}, RainPlan)
    wet = SimulatedNight(msgspec.structs.replace(base, rain=shower), 3, world)
    dry = SimulatedNight(base, 3, world)
    more = 0
    for one, other in zip(heard(dry, 15.0), heard(wet, 15.0), strict=True):
        if isinstance(one, Scan) and isinstance(other, Scan) and one.sensor_id == RADAR:
            kept = {row.tobytes() for row in other.measured}
            assert all(row.tobytes() in kept for row in one.measured)
            more += len(other) - len(one)
    assert more > 200


@pytest.mark.parametrize(
    ("said", "key", "must"),
    [
        (
            'legs = [{ at = { place = "residence" } }]\nasset_id = "palace"',
            "flights[1].asset_id",
            "must be one of",
        ),
        ("legs = []", "flights[1].legs", "at least one"),
        ('legs = [{ do = "to" }]', "flights[1].legs[1].do", "must say where"),
        ('legs = [{ do = "circle", for_s = 5.0 }]', "flights[1].legs[1].do", "radius_m"),
        ('legs = [{ do = "survey", for_s = 5.0 }]', "flights[1].legs[1].do", "spacing_m"),
        ('legs = [{ do = "hold" }]', "flights[1].legs[1].do", "for_s"),
        ('legs = [{ do = "loop" }]', "flights[1].legs[1].do", "circle"),
        (
            'legs = [{ do = "hold", for_s = 5.0 }]\nbroadcast = {}',
            "flights[1].broadcast",
            "serial or an address",
        ),
    ],
)
def test_a_flight_that_cannot_be_is_refused(said: str, key: str, must: str) -> None:
    table = f'\n[[flights]]\nname = "it"\nkind = "stray"\nstart = {{ place = "residence" }}\n{said}\n'
    with pytest.raises(SetupError) as caught:
        parse_scenario(THE_NIGHT + table, "own.toml")
    assert key in str(caught.value)
    assert must in str(caught.value)


def test_an_event_of_what_is_not_there_is_refused() -> None:
    table = '\n[[events]]\ndo = "outage"\nat_s = 1.0\nsensor_id = "sonar"\nfor_s = 3.0\n'
    with pytest.raises(SetupError, match=r"events\[1\]\.sensor_id is 'sonar'"):
        parse_scenario(THE_NIGHT + table, "own.toml")


def test_the_same_seed_draws_the_same_swarm(world: World) -> None:
    plan = flight(count=4, spread_m=40.0, legs=[{"at": HERE}])
    ones, others = (night_of(world, plan) for _ in range(2))
    for i in range(1, 5):
        assert np.array_equal(ones.truth.path_of(i)[0], others.truth.path_of(i)[0])
