"""The simulated night as a whole: one seed one night, truth on the side only, one thing's dice its own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import msgspec
import numpy as np
import pytest

from skykeep.base.clock import NS_PER_S
from skykeep.domain.commands import Tick
from skykeep.domain.encoding import encode_json
from skykeep.domain.response import EffectLayer, EffectOrder, EffectOutcome
from skykeep.domain.sensing import Claim, ClaimKind, Report, Scan
from skykeep.engine.inputs import INPUT_KINDS, time_of
from skykeep.sim import Scenario, SimulatedNight
from skykeep.sim.night import Arrival
from skykeep.sim.paths import STEP_S
from skykeep.sim.world.model import World

STEP_NS = NS_PER_S // 2


def run(night: SimulatedNight, until_s: float = 60.0) -> list[Arrival]:
    arrivals: list[Arrival] = []
    now_utc_ns = night.start_utc_ns
    while now_utc_ns < night.start_utc_ns + until_s * NS_PER_S:
        now_utc_ns += STEP_NS
        arrivals += night.advance(now_utc_ns)
    return arrivals


def in_bytes(arrivals: Sequence[Arrival]) -> bytes:
    return b"\n".join(encode_json(arrival) for arrival in arrivals)


def order_at(night: SimulatedNight, name: str, at_s: float, layer: EffectLayer) -> EffectOrder:
    """Return an order aimed at where the named target is then."""
    target = next(target for target in night.truth.targets if target.name == name)
    time_utc_ns = night.start_utc_ns + round(at_s * NS_PER_S)
    truth_ids, states = night.truth.states_at(time_utc_ns)
    east_m, north_m, up_m = states[truth_ids == target.truth_id][0, :3]
    return EffectOrder(
        order_id="order-1",
        proposal_id="proposal-1",
        track_id=7,
        layer=layer,
        time_utc_ns=time_utc_ns,
        aim_enu_m=(float(east_m), float(north_m), float(up_m)),
        approvals=(),
    )


def rows_of(arrivals: list[Arrival]) -> set[bytes]:
    """Return every detection by itself: sensor, scan and what was measured."""
    scans = [arrival for arrival in arrivals if isinstance(arrival, Scan)]
    return {
        encode_json((scan.sensor_id, scan.sequence, row)) for scan in scans for row in scan.measured.tolist()
    }


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(scenario: Scenario, world: World) -> None:
    first = in_bytes(run(SimulatedNight(scenario, 7, world), 20.0))
    assert in_bytes(run(SimulatedNight(scenario, 7, world), 20.0)) == first
    assert in_bytes(run(SimulatedNight(scenario, 8, world), 20.0)) != first


def test_how_time_is_cut_changes_nothing(scenario: Scenario, world: World) -> None:
    night = SimulatedNight(scenario, 7, world)
    at_once = night.advance(night.start_utc_ns + 20 * NS_PER_S)
    assert in_bytes(at_once) == in_bytes(run(SimulatedNight(scenario, 7, world), 20.0))


def test_shuffled_truth_ids_leave_every_byte_as_it_was(scenario: Scenario, world: World) -> None:
    night = SimulatedNight(scenario, 7, world)
    count = len(night.truth.targets)
    shuffled = [int(i) + 100 for i in np.random.default_rng(1).permutation(count)]
    other = SimulatedNight(scenario, 7, world, truth_ids=shuffled)
    assert {target.truth_id for target in other.truth.targets} == set(shuffled)
    assert in_bytes(run(other, 30.0)) == in_bytes(run(night, 30.0))


def test_another_order_in_the_file_leaves_every_byte_as_it_was(scenario: Scenario, world: World) -> None:
    turned = msgspec.structs.replace(
        scenario,
        intruders=scenario.intruders[::-1],
        permitted=scenario.permitted[::-1],
        birds=scenario.birds[::-1],
    )
    assert in_bytes(run(SimulatedNight(turned, 7, world), 30.0)) == in_bytes(
        run(SimulatedNight(scenario, 7, world), 30.0)
    )


def test_one_bird_less_moves_nobody_else(scenario: Scenario, world: World) -> None:
    fewer = msgspec.structs.replace(scenario, birds=scenario.birds[1:])

    all_birds, fewer_birds = (run(SimulatedNight(of, 7, world), 30.0) for of in (scenario, fewer))
    claims, fewer_claims = (
        [arrival for arrival in arrivals if isinstance(arrival, Claim)]
        for arrivals in (all_birds, fewer_birds)
    )
    assert in_bytes(fewer_claims) == in_bytes(claims)
    assert rows_of(fewer_birds) < rows_of(all_birds)


def test_names_and_truth_are_nowhere_in_what_arrives(scenario: Scenario, world: World) -> None:
    night = SimulatedNight(scenario, 7, world)
    text = in_bytes(run(night, 30.0)) + encode_json(night.site)
    names = {target.name.encode() for target in night.truth.targets} - {b"police", b"survey"}
    for word in names | {b"truth", b"intruder", b"gull", b"failsafe"}:
        assert word not in text


def test_what_arrives_is_records_of_the_domain_in_order_of_arrival(scenario: Scenario, world: World) -> None:
    arrivals = run(SimulatedNight(scenario, 7, world), 30.0)
    assert {type(arrival) for arrival in arrivals} == {Scan, Claim, Tick}
    assert all(type(arrival) in INPUT_KINDS for arrival in arrivals)
    times = [time_of(arrival) for arrival in arrivals]
    assert times == sorted(times)
    scans = [arrival for arrival in arrivals if isinstance(arrival, Scan)]
    assert all(scan.received_utc_ns > scan.time_utc_ns for scan in scans)
    for radar in ("radar-3d", "radar-turning"):
        sequences = [scan.sequence for scan in scans if scan.sensor_id == radar]
        assert len(set(sequences)) == len(sequences)
    # A late scan arrives after one that was measured later.
    assert any(early.time_utc_ns > late.time_utc_ns for early, late in pairwise(scans))


def test_rows_stand_in_an_order_that_the_measurement_itself_gives(scenario: Scenario, world: World) -> None:
    for arrival in run(SimulatedNight(scenario, 7, world), 10.0):
        if isinstance(arrival, Scan):
            assert np.all(np.diff(arrival.measured[:, 0]) >= 0.0)


@pytest.mark.parametrize("seed", range(12))
def test_the_raid_begins_at_once_and_would_breach_in_time(
    seed: int, scenario: Scenario, world: World
) -> None:
    night = SimulatedNight(scenario, seed, world)
    truth_ids, _ = night.truth.states_at(night.start_utc_ns + 3 * NS_PER_S)
    for intruder in night.truth.intruders:
        assert intruder.truth_id in truth_ids
        assert intruder.breach_utc_ns is not None
        breach_s = (intruder.breach_utc_ns - night.start_utc_ns) / NS_PER_S
        assert 140.0 <= breach_s <= 230.0
        assert intruder.breached_utc_ns == intruder.breach_utc_ns
    assert night.end_utc_ns <= night.start_utc_ns + scenario.night.duration_s * NS_PER_S


def test_targets_keep_to_their_speeds_and_heights(scenario: Scenario, world: World) -> None:
    fastest = {"intruder": 26.0, "permitted": 13.0, "aircraft": 75.0, "bird": 30.0}
    for seed in range(5):
        night = SimulatedNight(scenario, seed, world)
        for target in night.truth.targets:
            path, aloft = night.truth.path_of(target.truth_id)
            speed_mps = np.hypot(path[aloft, 3], path[aloft, 4])
            height_m = path[aloft, 2] - world.terrain.up_m(path[aloft, 0], path[aloft, 1])
            assert speed_mps.max() < fastest[target.kind], target.name
            assert height_m.min() > 1.0, target.name
            # What the rates say is how the place changes.
            moved_m = np.diff(path[:, :3], axis=0)
            assert np.allclose(moved_m, 0.05 * (path[1:, 3:] + path[:-1, 3:]), atol=0.6)


def test_permitted_flights_stay_inside_their_permits(scenario: Scenario, world: World) -> None:
    from skykeep.domain.outline import rings_enu_m
    from skykeep.domain.zone import limit_m
    from skykeep.geo.shapes import points_in_polygon

    for seed in range(5):
        night = SimulatedNight(scenario, seed, world)
        for flight in scenario.permitted:
            permit = next(p for p in night.site.permits if p.permit_id == flight.permit_id)
            truth = next(target for target in night.truth.targets if target.name == flight.name)
            path, _ = night.truth.path_of(truth.truth_id)
            assert points_in_polygon(
                path, rings_enu_m(permit.scope.volumes[0].volume.outline, night.site.origin)[0]
            ).all()
            height_m = path[:, 2] - world.terrain.up_m(path[:, 0], path[:, 1])
            assert height_m.max() < (limit_m(permit.scope.volumes[0].volume.ceiling) or 0.0)


def test_each_false_identity_comes_up_and_lies_as_it_says(scenario: Scenario, world: World) -> None:
    found = {}
    for seed in range(20):
        night = SimulatedNight(scenario, seed, world)
        liar = next(target for target in night.truth.targets if target.false_identity)
        found[liar.false_identity] = (night, liar)
    assert set(found) == {"copied", "displaced", "unknown"}
    for lie, (night, liar) in found.items():
        claims = [
            arrival
            for arrival in run(night, 60.0)
            if isinstance(arrival, Claim)
            and arrival.kind is ClaimKind.REMOTE_ID
            and arrival.claimed_id == liar.claimed_id
        ]
        near = far = 0
        for claim in claims:
            path, _ = night.truth.path_of(liar.truth_id)
            own_m = path[round((claim.time_utc_ns - night.start_utc_ns) / NS_PER_S / STEP_S), :3]
            away_m = float(np.linalg.norm(own_m - np.array(claim.position_enu_m)))
            near, far = near + (away_m < 40.0), far + (away_m > 400.0)
        serials = {serial for permit in night.site.permits for serial in permit.scope.serials}
        assert (liar.claimed_id in serials) == (lie != "unknown")
        assert (near > 0) == (lie != "displaced")
        assert (far > 0) == (lie != "unknown")


def test_claims_carry_the_steps_of_their_messages(scenario: Scenario, world: World) -> None:
    seen = set()
    for claim in run(SimulatedNight(scenario, 7, world), 30.0):
        if not isinstance(claim, Claim):
            continue
        latitude_deg, longitude_deg, height_m = (
            float(value) for value in world.origin.to_geodetic(np.array(claim.position_enu_m))
        )
        assert claim.velocity_enu_mps is not None
        speed_mps = float(np.hypot(*claim.velocity_enu_mps[:2]))
        if claim.kind is ClaimKind.REMOTE_ID:
            steps = ((latitude_deg, 1e-7), (longitude_deg, 1e-7), (height_m, 0.5), (speed_mps, 0.25))
            assert claim.time_utc_ns % (NS_PER_S // 10) == 0
        else:
            knot_mps = 1852.0 / 3600.0
            steps = (
                (latitude_deg, 6.0 / 2**17),
                (longitude_deg, 360.0 / 46 / 2**17),
                (height_m, 7.62),
                (claim.velocity_enu_mps[0], knot_mps),
            )
        for value, step in steps:
            assert abs(value / step - round(value / step)) < 0.01
        seen.add(claim.kind)
    assert seen == {ClaimKind.REMOTE_ID, ClaimKind.ADSB}


@pytest.mark.parametrize("layer", list(EffectLayer))
def test_an_effect_moves_only_what_it_was_aimed_at(
    layer: EffectLayer, scenario: Scenario, world: World
) -> None:
    plain, struck = (SimulatedNight(scenario, 1, world) for _ in range(2))
    before_plain, before_struck = run(plain, 30.0), run(struck, 30.0)
    struck.carry_out(order_at(struck, "intruder-city", 30.0, layer))
    assert in_bytes(before_plain) == in_bytes(before_struck)
    for target, other in zip(plain.truth.targets, struck.truth.targets, strict=True):
        path, aloft = plain.truth.path_of(target.truth_id)
        other_path, other_aloft = struck.truth.path_of(other.truth_id)
        if target.name != "intruder-city":
            assert np.array_equal(path, other_path)
            assert np.array_equal(aloft, other_aloft)
        assert other.breach_utc_ns == target.breach_utc_ns
        # The past stays as it was.
        assert np.array_equal(path[:300], other_path[:300])
    after_plain = rows_of(plain.advance(plain.start_utc_ns + 60 * NS_PER_S))
    after_struck = rows_of(struck.advance(struck.start_utc_ns + 60 * NS_PER_S))
    # What all sensors say of everything else is the same to the last bit: only few rows may differ.
    assert 0 < len(after_plain - after_struck) < 0.05 * len(after_plain)
    assert len(after_struck - after_plain) < 0.05 * len(after_plain)


def test_a_strike_falls_with_two_bangs_and_residents_report(quiet_scenario: Scenario, world: World) -> None:
    fell = 0
    for seed in range(8):
        night = SimulatedNight(quiet_scenario, seed, world)
        run(night, 100.0)
        order = order_at(night, "intruder-sea", 100.0, EffectLayer.HARD)
        night.carry_out(order)
        arrivals = night.advance(night.start_utc_ns + 160 * NS_PER_S)
        outcome = next(arrival for arrival in arrivals if isinstance(arrival, EffectOutcome))
        assert outcome.simulated is True
        assert outcome.time_utc_ns >= order.time_utc_ns + 7 * NS_PER_S
        reports = [arrival for arrival in arrivals if isinstance(arrival, Report)]
        assert {report.sensor_id for report in reports} == {"resident-1", "resident-2"}
        assert len({report.text for report in reports}) == 2
        for report in reports:
            assert "two bangs" in report.text.lower() or "two loud bangs" in report.text.lower()
            assert report.heard_utc_ns <= report.received_utc_ns
        struck = night.truth.targets[0]
        if outcome.result == "fell":
            fell += 1
            path, aloft = night.truth.path_of(struck.truth_id)
            last = int(np.flatnonzero(aloft)[-1])
            pieces_m = night.truth.pieces_enu_m["intruder-sea"]
            ground_m = world.terrain.up_m(pieces_m[:, 0], pieces_m[:, 1])
            assert np.allclose(pieces_m[:, 2], ground_m)
            assert path[last, 2] - ground_m[0] < 10.0
            assert struck.fate == "fell"
            assert struck.breached_utc_ns is None
            assert night.end_utc_ns < night.start_utc_ns + 290 * NS_PER_S
        else:
            assert outcome.result == "flew_on"
            assert struck.breached_utc_ns == struck.breach_utc_ns
    assert 4 <= fell <= 8


def test_soft_effects_end_as_the_failsafe_says(quiet_scenario: Scenario, world: World) -> None:
    results = set()
    for failsafe, wanted in {"return": "returned", "land": "landed", "hover": "hovered"}.items():
        sure = msgspec.structs.replace(
            quiet_scenario,
            intruders=tuple(
                msgspec.structs.replace(plan, failsafe_shares={failsafe: 1.0})
                for plan in quiet_scenario.intruders
            ),
            playbooks=tuple(
                msgspec.structs.replace(
                    book,
                    effects=tuple(
                        msgspec.structs.replace(effect, success_probability=1.0) for effect in book.effects
                    ),
                )
                for book in quiet_scenario.playbooks
            ),
        )
        night = SimulatedNight(sure, 3, world)
        run(night, 90.0)
        night.carry_out(order_at(night, "intruder-city", 90.0, EffectLayer.SOFT))
        arrivals = night.advance(night.start_utc_ns + 160 * NS_PER_S)
        outcome = next(arrival for arrival in arrivals if isinstance(arrival, EffectOutcome))
        assert outcome.result == wanted
        target = next(target for target in night.truth.targets if target.name == "intruder-city")
        assert target.breached_utc_ns is None
        path, aloft = night.truth.path_of(target.truth_id)
        assert np.hypot(path[:, 3], path[:, 4])[1000:].max() < 23.0
        assert aloft[-1] == (failsafe == "return")
        results.add(outcome.result)
    assert results == {"returned", "landed", "hovered"}


def test_an_order_at_nothing_changes_nothing(scenario: Scenario, world: World) -> None:
    night = SimulatedNight(scenario, 3, world)
    run(night, 10.0)
    order = order_at(night, "survey", 10.0, EffectLayer.HARD)
    aside = msgspec.structs.replace(order, aim_enu_m=(order.aim_enu_m[0], order.aim_enu_m[1], 1_500.0))
    night.carry_out(aside)
    arrivals = night.advance(night.start_utc_ns + 40 * NS_PER_S)
    outcomes = [arrival for arrival in arrivals if isinstance(arrival, EffectOutcome)]
    assert [outcome.result for outcome in outcomes] == ["flew_on"]
    assert not any(isinstance(arrival, Report) for arrival in arrivals)
    assert not night.truth.pieces_enu_m


def test_the_night_may_not_be_turned_back(scenario: Scenario, world: World) -> None:
    night = SimulatedNight(scenario, 3, world)
    night.advance(night.start_utc_ns + NS_PER_S)
    with pytest.raises(ValueError, match="set back"):
        night.advance(night.start_utc_ns)
