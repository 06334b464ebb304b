from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from skykeep.base.clock import seconds_to_ns
from skykeep.domain.encoding import encode_json
from skykeep.domain.identity import Identification, Standing
from skykeep.domain.place import Asset, AssetKind, PopulationGrid
from skykeep.domain.response import DebrisFootprint, EffectLayer
from skykeep.domain.rules import HOURS, DebrisRules, ResponseRules
from skykeep.domain.site import Site
from skykeep.geo.frames import LocalFrame
from skykeep.geo.shapes import points_in_polygon, polygon_area_m2
from skykeep.geo.terrain import Terrain
from skykeep.models.debris import FallModel, critical_area_m2
from skykeep.response.footprint import (
    arrival_footprint,
    debris_footprint,
    fixed_wing_share,
    footprint_says,
)
from skykeep.response.population import local_hour, persons_per_m2
from skykeep.response.sighting import Sighting

AUTHORITY = json.loads(
    (Path(__file__).parents[2] / "authorities" / "physics_anchors_used.json").read_text(encoding="utf-8")
)
NOW_UTC_NS = 1_935_540_000_000_000_000
RULES = ResponseRules()
SITE = Site(
    site_id="s",
    name="s",
    origin=LocalFrame(latitude_deg=0.0, longitude_deg=0.0, height_hae_m=0.0),
    assets=(),
    sensors=(),
    zones=(),
    permits=(),
    playbooks=(),
    people=(),
)
# Four cells of a kilometre: nobody in the west, 5,000 and 9,000 in the east; by day ten times as many.
PEOPLE = np.array([[0.0, 5000.0], [0.0, 9000.0]])
GRID = PopulationGrid(
    west_m=-1000.0, south_m=-1000.0, cell_m=1000.0, night_persons=PEOPLE, day_persons=10 * PEOPLE
)


def sighting(
    east_m: float = 500.0,
    north_m: float = -500.0,
    height_m: float = 100.0,
    fixed_wing: float = 0.0,
) -> Sighting:
    return Sighting(
        track_id=4,
        time_utc_ns=NOW_UTC_NS,
        born_utc_ns=NOW_UTC_NS,
        last_detected_utc_ns=NOW_UTC_NS,
        hits=20,
        state=np.array([east_m, north_m, 30.0 + height_m, 10.0, 0.0, 0.0]),
        covariance=np.diag([100.0, 100.0, 100.0, 1.0, 1.0, 1.0]),
        ground_up_m=30.0,
        threat=None,
        identification=Identification(
            track_id=4,
            class_probabilities=(0.9 - fixed_wing, fixed_wing, 0.1, 0.0, 0.0),
            standing=Standing.UNKNOWN,
            set_by="rules",
            claimed_id="",
            claims=(),
            evidence=(),
        ),
        verdict=None,
    )


def footprint(
    seen: Sighting, layer: EffectLayer = EffectLayer.SOFT, site: Site = SITE, delay_s: float = 0.0
) -> DebrisFootprint:
    return debris_footprint(seen, layer, NOW_UTC_NS + seconds_to_ns(delay_s), site, RULES)


def test_density_by_cell_by_night_by_day_and_off_the_grid() -> None:
    points_m = np.array([[-500.0, -500.0], [500.0, -500.0], [500.0, 500.0], [500.0, 5000.0]])
    per_km2 = 1e6 * persons_per_m2(GRID, (1.0, 0.0, 0.0), points_m, 1234.0)
    assert per_km2 == pytest.approx([0.0, 5000.0, 9000.0, 1234.0])
    assert 1e6 * persons_per_m2(GRID, (0.0, 1.0, 0.0), points_m, 1234.0) == pytest.approx(
        [0.0, 50_000.0, 90_000.0, 1234.0]
    )
    assert 1e6 * persons_per_m2(None, (1.0, 0.0, 0.0), points_m, 1234.0) == pytest.approx([1234.0] * 4)


def test_authority_density_times_area_is_the_expectation() -> None:
    case = AUTHORITY["casualty_figure"]
    density = persons_per_m2(None, (1.0, 0.0, 0.0), np.zeros((1, 2)), case["density_per_km2"])[0]
    assert density * case["area_m2"] == pytest.approx(case["expected_persons"])


def test_nobody_lives_there_nobody_is_expected() -> None:
    site = msgspec.structs.replace(SITE, population=GRID)
    assert footprint(sighting(east_m=-500.0), site=site).persons_expected == 0.0


def test_expected_persons_are_density_times_critical_area_and_grow_with_it() -> None:
    site = msgspec.structs.replace(SITE, population=GRID)
    by_night = footprint(sighting(), site=site).persons_expected
    # Steep falls of a body of 0.25 m: between a vertical one and one at 45 degrees.
    least, most = 5e-3 * critical_area_m2(np.full(2, 0.25), np.radians([90.0, 45.0]))
    assert least < by_night < most
    by_day = footprint(sighting(), site=msgspec.structs.replace(site, night=False)).persons_expected
    assert by_day == pytest.approx(10 * by_night, rel=0.006)
    eight_pieces = footprint(sighting(), EffectLayer.HARD, site).persons_expected
    assert by_night < eight_pieces < 8 * by_night


def test_it_falls_ahead_of_where_it_was_stopped_and_the_delay_carries_it_on() -> None:
    at_once, later = footprint(sighting()), footprint(sighting(), delay_s=6.0)
    assert 500.0 < at_once.impact_enu_m[0] < 600.0
    # 60 m further, less what the growing doubt about its speed takes away: air brakes fast ones more.
    assert later.impact_enu_m[0] - at_once.impact_enu_m[0] == pytest.approx(60.0, abs=8.0)
    assert later.time_utc_ns - at_once.time_utc_ns == seconds_to_ns(6.0)
    # And the longer it flies on unwatched, the less is known of where it would fall.
    areas_m2 = [polygon_area_m2(np.array(made.contours[1].ring_enu_m)) for made in (at_once, later)]
    assert areas_m2[1] > 1.5 * areas_m2[0]


@pytest.mark.parametrize("layer", list(EffectLayer))
def test_contours_nest_about_the_impact(layer: EffectLayer) -> None:
    made = footprint(sighting(), layer)
    rings = [np.array(contour.ring_enu_m) for contour in made.contours]
    assert [contour.percent for contour in made.contours] == [50, 95, 99]
    assert points_in_polygon(np.array([made.impact_enu_m]), rings[0]).all()
    assert points_in_polygon(rings[0], rings[1]).all()
    assert points_in_polygon(rings[1], rings[2]).all()
    assert all(len(ring) <= 32 for ring in rings)


def test_wind_moves_the_footprint_downwind() -> None:
    north_wind = msgspec.structs.replace(SITE, wind_enu_mps=(0.0, -8.0))
    still, blown = (
        footprint(sighting(), EffectLayer.HARD),
        footprint(sighting(), EffectLayer.HARD, north_wind),
    )
    assert blown.impact_enu_m[1] < still.impact_enu_m[1] - 15.0


def test_the_higher_the_wider() -> None:
    areas_m2 = [
        polygon_area_m2(np.array(footprint(sighting(height_m=height_m)).contours[1].ring_enu_m))
        for height_m in (30.0, 120.0, 400.0)
    ]
    assert areas_m2 == sorted(areas_m2)


def test_a_small_doubt_about_wings_does_not_blow_up_the_outer_ring() -> None:
    assert fixed_wing_share(sighting(fixed_wing=0.05), RULES) == 0.0
    assert fixed_wing_share(sighting(fixed_wing=0.6), RULES) == pytest.approx(0.6 / 0.9)
    small = np.array(footprint(sighting(fixed_wing=0.05)).contours[2].ring_enu_m)
    large = np.array(footprint(sighting(fixed_wing=0.6)).contours[2].ring_enu_m)
    assert polygon_area_m2(large) > 4.0 * polygon_area_m2(small)


def test_it_says_what_it_rests_on() -> None:
    said = footprint_says(EffectLayer.HARD, SITE, RULES)
    assert "8 pieces of spread masses are assumed; no public model of how a drone breaks up is fitted" in said
    assert "No population is known here: 5000 persons per km² assumed." in said
    assert "not injuries" in said
    assert "No population" not in footprint_says(
        EffectLayer.SOFT, msgspec.structs.replace(SITE, population=GRID), RULES
    )


def test_the_same_twice_and_digits_that_mean_something() -> None:
    once, twice = footprint(sighting()), footprint(sighting())
    assert encode_json(once) == encode_json(twice)
    assert all(
        round(value, 1) == value for ring in once.contours for point in ring.ring_enu_m for value in point
    )
    assert math.isfinite(once.persons_expected)


def test_the_hour_goes_by_the_clocks_there() -> None:
    eve_utc_ns = 22 * 3_600_000_000_000
    assert [local_hour(eve_utc_ns, offset_h) for offset_h in (0.0, 1.0, 2.0, 5.5, -10.0)] == [
        22,
        23,
        0,
        3,
        12,
    ]
    # NOW is 2031-05-02 at 20:00 UTC or so; what counts is the hour that it gives.
    hour = local_hour(NOW_UTC_NS, 0.0)
    at = {
        name: msgspec.structs.replace(SITE, population=GRID, utc_offset_h=float(wanted - hour))
        for name, wanted in (("night", 3), ("day", 11), ("evening", 20))
    }
    persons = {name: footprint(sighting(), site=site).persons_expected for name, site in at.items()}
    assert persons["day"] == pytest.approx(10 * persons["night"], rel=0.006)
    # Nobody said how many there are in the evening: half way.
    assert persons["evening"] == pytest.approx(5.5 * persons["night"], rel=0.006)
    lively = msgspec.structs.replace(GRID, evening_persons=30 * PEOPLE)
    told = footprint(sighting(), site=msgspec.structs.replace(at["evening"], population=lively))
    assert told.persons_expected == pytest.approx(30 * persons["night"], rel=0.006)
    assert any("20 to 21 h: 100 % of the evening's" in said for said in told.rests_on)


def test_it_says_in_figures_what_it_is_made_of() -> None:
    site = msgspec.structs.replace(SITE, population=GRID, wind_enu_mps=(3.0, -4.0))
    for layer in EffectLayer:
        made = footprint(sighting(), layer, site)
        ring = np.array(made.contours[1].ring_enu_m)
        assert made.area_m2 == pytest.approx(polygon_area_m2(ring), rel=0.02)
        assert made.samples == RULES.debris.samples
        assert made.wind_enu_mps == (3.0, -4.0)
        assert 0.0 < made.persons_error < 0.1 * made.persons_expected
        # All of the spread lies in one cell: the persons are its density times the critical area.
        assert made.persons_expected == pytest.approx(5e-3 * made.critical_area_m2, rel=0.1)
        assert "The wind is taken as 5 m/s from 323°, give or take 2 m/s." in made.rests_on
        assert "The ground is taken as level." in made.rests_on


def test_in_a_valley_it_falls_on() -> None:
    valley = Terrain(west_m=-2000.0, south_m=-2000.0, spacing_m=100.0, heights_m=np.full((41, 41), -100.0))
    seen = sighting()
    level = footprint(seen)
    deep = debris_footprint(seen, EffectLayer.SOFT, NOW_UTC_NS, SITE, RULES, valley)
    assert deep.impact_enu_m[0] > level.impact_enu_m[0]
    assert "It falls to the ground as mapped." in deep.rests_on
    hill = Terrain(west_m=-2000.0, south_m=-2000.0, spacing_m=100.0, heights_m=np.full((41, 41), 30.0))
    same = debris_footprint(seen, EffectLayer.SOFT, NOW_UTC_NS, SITE, RULES, hill)
    assert same.impact_enu_m == pytest.approx(level.impact_enu_m, abs=0.2)


ASSET = Asset(
    asset_id="residence",
    name="the Residence",
    kind=AssetKind.RESIDENCE,
    position_enu_m=(-500.0, -500.0, 40.0),
    breach_radius_m=100.0,
    warning_radius_m=500.0,
    occupancy_persons=120,
)


def test_if_nothing_is_done_it_comes_down_at_the_asset() -> None:
    site = msgspec.structs.replace(SITE, population=GRID)
    made = arrival_footprint(sighting(), ASSET, NOW_UTC_NS, site, RULES)
    assert made.at_asset_id == "residence"
    assert made.impact_enu_m == pytest.approx((-500.0, -500.0), abs=1.0)
    # Nobody lives in that cell: those of the asset alone, some falls being off its ground.
    all_there = 120 / (math.pi * 100.0**2) * made.critical_area_m2
    assert 0.6 * all_there < made.persons_expected < all_there
    empty = msgspec.structs.replace(ASSET, occupancy_persons=0)
    assert arrival_footprint(sighting(), empty, NOW_UTC_NS, site, RULES).persons_expected == 0.0
    assert "injur" not in " ".join(made.rests_on)


def test_where_the_population_is_not_known_the_assumed_one_stands_in_and_it_is_said() -> None:
    hole = np.array([[0.0, np.nan], [0.0, 9000.0]])
    holed = msgspec.structs.replace(GRID, night_persons=hole, day_persons=PEOPLE)
    site = msgspec.structs.replace(SITE, population=holed)
    # The map gives 5,000 there and the rules assume as many: not known counts as much, not as nobody.
    known = footprint(sighting(), site=msgspec.structs.replace(SITE, population=GRID))
    made = footprint(sighting(), site=site)
    assert made.persons_expected == known.persons_expected > 0.0
    said = "For 100 % of the falls the population is not known: 5000 persons per km² assumed there."
    assert said in made.rests_on
    assert not any("not known" in each for each in known.rests_on)
    # By day the same ground is known.
    by_day = footprint(sighting(), site=msgspec.structs.replace(site, night=False))
    assert not any("not known" in each for each in by_day.rests_on)
    card = footprint_says(EffectLayer.SOFT, site, RULES)
    assert "The population is not known everywhere here: where it is not, 5000 persons per km²" in card
    off_the_grid = footprint(sighting(east_m=5000.0), site=site)
    assert said in off_the_grid.rests_on


def test_a_crowd_counts_alike_whether_it_is_stopped_above_it_or_nothing_is_done() -> None:
    crowd = msgspec.structs.replace(ASSET, name="the Square", occupancy_persons=20_000)
    site = msgspec.structs.replace(SITE, population=GRID, assets=(crowd,))
    # It flies east at 10 m/s; the fall takes it some 40 m on, to the middle.
    above = sighting(east_m=-540.0)
    density_perm2 = 20_000 / (math.pi * 100.0**2)
    soft, hard = (footprint(above, layer, site) for layer in EffectLayer)
    nothing = arrival_footprint(above, crowd, NOW_UTC_NS, site, RULES)
    for made in (soft, hard, nothing):
        # Nobody lives in that cell, and some falls are off the square.
        assert 0.6 < made.persons_expected / (density_perm2 * made.critical_area_m2) <= 1.01
        assert "20000 persons are taken to be spread over the 100 m around the Square." in made.rests_on
    assert hard.persons_expected > soft.persons_expected > 0.9 * nothing.persons_expected
    away = footprint(sighting(east_m=-900.0), site=site)
    assert away.persons_expected == 0.0
    assert not any("20000" in said for said in away.rests_on)


def test_who_is_at_another_asset_counts_too_when_it_comes_down_at_one() -> None:
    site = msgspec.structs.replace(SITE, population=GRID)
    beside = msgspec.structs.replace(ASSET, asset_id="square", name="the Square", occupancy_persons=1_200)
    alone = arrival_footprint(sighting(), ASSET, NOW_UTC_NS, site, RULES).persons_expected
    # Its own record in the site counts once, not twice.
    both = msgspec.structs.replace(site, assets=(ASSET, beside))
    made = arrival_footprint(sighting(), ASSET, NOW_UTC_NS, both, RULES)
    assert made.persons_expected == pytest.approx(11 * alone, rel=0.01)


def test_what_rules_assume_by_default_is_what_the_physics_does() -> None:
    rules, model = msgspec.structs.asdict(DebrisRules()), msgspec.structs.asdict(FallModel())
    assert rules.pop("hours") == HOURS
    assert rules == model


@pytest.mark.parametrize(
    "fields", [{"hours": ((1.0, 0.0, 0.0),) * 23}, {"hours": ((-1.0, 0.0, 0.0),) * 24}, {"samples": 100}]
)
def test_rules_that_cannot_be_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"debris\."):
        DebrisRules(**fields)
