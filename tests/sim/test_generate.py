"""Generated nights: the same again from the same seed, of every kind, and true to what they say."""

from __future__ import annotations

import numpy as np
import pytest

from skykeep.sim.checks import first_problem
from skykeep.sim.generate import LIES, WAYS, GeneratedNight, generate_night, is_quiet
from skykeep.sim.generate_facts import Lie, Role, Way
from skykeep.sim.paths import sample_count

SEEDS = range(1, 31)


@pytest.fixture(scope="module")
def nights() -> dict[int, GeneratedNight]:
    return {seed: generate_night(seed, quiet_s=120.0) for seed in SEEDS}


def test_the_same_seed_makes_the_same_night(nights: dict[int, GeneratedNight]) -> None:
    for seed in (3, 12):
        again = generate_night(seed)
        assert again.scenario == nights[seed].scenario
        assert again.outages == nights[seed].outages
        for one, other in zip(again.targets, nights[seed].targets, strict=True):
            assert one.name == other.name
            assert one.identity is None or (other.identity is not None)
            np.testing.assert_array_equal(one.planned, other.planned)


def test_other_seeds_make_other_nights(nights: dict[int, GeneratedNight]) -> None:
    assert len({night.scenario.wind for night in nights.values()}) == len(nights)


def test_one_night_in_five_is_quiet(nights: dict[int, GeneratedNight]) -> None:
    for seed, night in nights.items():
        coming = [flight for flight in night.flights.values() if flight.role is Role.INTRUDER]
        assert bool(coming) is not is_quiet(seed)
    assert sum(map(is_quiet, range(1, 201))) == 40


def test_every_way_comes_up_equally_often() -> None:
    loud = [seed for seed in range(1, 201) if not is_quiet(seed)]
    ways = [WAYS[(seed - seed // 5 - 1) % len(WAYS)] for seed in loud]
    assert {way: ways.count(way) for way in WAYS} == dict.fromkeys(WAYS, 16)


def test_every_scenario_is_one_that_a_file_could_say(nights: dict[int, GeneratedNight]) -> None:
    for night in nights.values():
        assert first_problem(night.scenario) is None


def test_every_path_lasts_as_long_as_its_night(nights: dict[int, GeneratedNight]) -> None:
    for night in nights.values():
        count = sample_count(night.scenario.night.duration_s)
        assert {len(target.planned) for target in night.targets} == {count}
        assert all(np.isfinite(target.planned).all() for target in night.targets)
        assert [target.name for target in night.targets] == list(night.flights)


def test_intruders_arrive_and_watchers_do_not(nights: dict[int, GeneratedNight]) -> None:
    for night in nights.values():
        assets = {asset.asset_id: asset for asset in night.scenario.assets}
        for target in night.targets:
            flight = night.flights[target.name]
            if flight.role is not Role.INTRUDER:
                continue
            place = night.world.place(flight.asset_id)
            away_m = np.hypot(*(target.planned[:, :2] - [place.east_m, place.north_m]).T)
            nearest_m = float(away_m[target.planned_aloft].min())
            watches = flight.way is Way.LOITERER
            assert (nearest_m > assets[flight.asset_id].breach_radius_m) is watches, (night.seed, flight.name)


def test_permitted_flights_keep_to_their_permits_unless_they_stray(nights: dict[int, GeneratedNight]) -> None:
    shares = [
        float(flight.covered.mean())
        for night in nights.values()
        for flight in night.flights.values()
        if flight.covered is not None
    ]
    assert len(shares) > 40
    assert np.mean(np.array(shares) > 0.95) > 0.8
    assert min(shares) < 0.8


def test_nobody_flies_under_ground(nights: dict[int, GeneratedNight]) -> None:
    for night in nights.values():
        for target in night.targets:
            path = target.planned[target.planned_aloft]
            above_m = path[:, 2] - night.world.terrain.up_m(path[:, 0], path[:, 1])
            assert above_m.min() > -0.5, (night.seed, target.name)


def test_what_is_told_falsely_is_false() -> None:
    seen: set[Lie] = set()
    for seed in (12, 24, 37, 49, 62, *range(1, 60, 11)):
        night = generate_night(seed, quiet_s=120.0)
        serials = {serial for permit in night.scenario.permits for serial in permit.serials}
        for target in night.targets:
            flight = night.flights[target.name]
            if flight.lie is None:
                continue
            seen.add(flight.lie)
            assert target.identity is not None
            assert target.identity.claimed_id == flight.claimed_id
            assert flight.claimed_id in serials
            told_m = target.identity.claimed_place_m
            assert (told_m is None) is (flight.lie in (Lie.COPIED, Lie.BORROWED))
            if told_m is not None:
                off_m = np.hypot(*(told_m[:, :2] - target.planned[:, :2]).T)
                assert np.median(off_m) > 200.0
            owners = [
                other
                for other in night.flights.values()
                if other.claimed_id == flight.claimed_id and other.lie is None
            ]
            assert bool(owners) is (flight.lie is Lie.COPIED)
    assert seen == set(LIES)
