from __future__ import annotations

import json
import math
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtri

from skykeep.base.compile import FloatArray
from skykeep.geo.shapes import points_in_polygon, polygon_area_m2
from skykeep.geo.terrain import Terrain
from skykeep.models import debris
from skykeep.models.debris import (
    PERSON_HEIGHT_M,
    PERSON_RADIUS_M,
    Bodies,
    FallModel,
    critical_area_m2,
    impact_angle_rad,
    landed_states,
    mean_and_error,
    middle_m,
    order_by_depth,
    ring_holding,
    struck_bodies,
    whole_bodies,
)
from skykeep.models.low_discrepancy import sobol_points

AUTHORITY = json.loads(
    (Path(__file__).parents[2] / "authorities" / "physics_anchors_used.json").read_text(encoding="utf-8")
)
CERTAIN = FallModel(
    drag_per_m=0.0,
    drag_sigma_ln=0.0,
    failure_shares=(1.0, 0.0, 0.0),
    wind_sigma_mps=0.0,
)
STATE = np.array([1000.0, 800.0, 120.0, -15.0, -12.0, 0.0])
COVARIANCE = np.diag([20.0, 20.0, 15.0, 2.0, 2.0, 1.0]) ** 2
WIND_MPS = (3.0, 1.0)
GROUND_UP_M = 20.0


def bodies_of(kind: str, fixed_wing_share: float = 0.0, model: FallModel | None = None) -> Bodies:
    model = model or FallModel()
    if kind == "struck":
        return struck_bodies(STATE, COVARIANCE, WIND_MPS, GROUND_UP_M, model)
    return whole_bodies(STATE, COVARIANCE, WIND_MPS, GROUND_UP_M, fixed_wing_share, model)


def test_without_air_and_doubt_every_body_falls_on_one_spot() -> None:
    bodies = whole_bodies(
        np.array([0.0, 0.0, 19.62, 10.0, 0.0, 0.0]), np.zeros((6, 6)), (0.0, 0.0), 0.0, 0.0, CERTAIN
    )
    places_m = landed_states(bodies, 0.0)[:, :2]
    assert places_m == pytest.approx(np.tile([20.0, 0.0], (len(places_m), 1)), abs=1e-9)
    depth = order_by_depth(places_m)
    assert middle_m(depth) == pytest.approx((20.0, 0.0), abs=1e-9)
    ring_m = ring_holding(depth, 0.95, 0.25)
    assert np.hypot(ring_m[:, 0] - 20.0, ring_m[:, 1]) == pytest.approx(0.25, abs=0.01)


def test_a_vertical_fall_endangers_the_disc_in_which_one_would_be_touched() -> None:
    area_m2 = critical_area_m2(np.array([0.25]), np.array([math.pi / 2]))
    assert area_m2[0] == pytest.approx(math.pi * 0.55**2)


def test_the_flatter_the_fall_the_more_ground_down_to_ten_degrees() -> None:
    area_m2 = critical_area_m2(np.full(4, 0.25), np.radians([80.0, 45.0, 10.0, 2.0]))
    assert area_m2[0] < area_m2[1] < area_m2[2] == area_m2[3]


def test_authority_critical_area_differs_by_the_other_half_disc() -> None:
    case = AUTHORITY["critical_area"]
    radius_m = case["width_m"] / 2
    ours_m2 = float(critical_area_m2(np.array([radius_m]), np.radians([case["angle_deg"]]))[0])
    half_disc_m2 = 0.5 * math.pi * (PERSON_RADIUS_M + radius_m) ** 2
    assert ours_m2 - half_disc_m2 == pytest.approx(case["expect_m2"], rel=1e-3)
    assert ours_m2 > case["expect_m2"]


def test_critical_area_counts_who_is_met() -> None:
    """People stand on a fine grid; count those that a ball, drawn on its straight last way, comes across."""
    radius_m, angle_rad = 0.25, math.radians(50.0)
    spacing_m = 0.02
    east_m, north_m = np.meshgrid(np.arange(-2.0, 3.5, spacing_m), np.arange(-1.0, 1.0, spacing_m))
    met = np.zeros(east_m.shape, dtype=np.bool_)
    for height_m in np.linspace(0.0, PERSON_HEIGHT_M, 200):
        ahead_m = (PERSON_HEIGHT_M - height_m) / math.tan(angle_rad)
        met |= np.hypot(east_m - ahead_m, north_m) <= PERSON_RADIUS_M + radius_m
    counted_m2 = met.sum() * spacing_m**2
    assert critical_area_m2(np.array([radius_m]), np.array([angle_rad]))[0] == pytest.approx(
        counted_m2, rel=0.01
    )


@pytest.mark.parametrize("kind", ["whole", "struck"])
@pytest.mark.parametrize("fixed_wing_share", [0.0, 0.9])
def test_rings_hold_of_other_falls_what_they_say(
    kind: str, fixed_wing_share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    depth = order_by_depth(landed_states(bodies_of(kind, fixed_wing_share), GROUND_UP_M)[:, :2])
    generator = np.random.default_rng(7)
    monkeypatch.setattr(
        debris, "_drawn", lambda count, dimensions, key: generator.random((count, dimensions))
    )
    many = FallModel(samples=40_000)
    others_m = landed_states(bodies_of(kind, fixed_wing_share, many), GROUND_UP_M)[:, :2]
    for share, tolerance in [(0.5, 0.03), (0.95, 0.012), (0.99, 0.007)]:
        held = points_in_polygon(others_m, ring_holding(depth, share, 0.25)).mean()
        assert held == pytest.approx(share, abs=tolerance)


def test_rings_of_a_known_pattern_are_its_ellipses() -> None:
    sigma_m = np.array([40.0, 15.0])
    points = sobol_points(1024, 2)
    points_m = ndtri(points) * sigma_m
    for share in (0.5, 0.95):
        ring_m = ring_holding(order_by_depth(points_m), share, 0.0)
        expected_m2 = -2.0 * math.log(1.0 - share) * math.pi * sigma_m[0] * sigma_m[1]
        # Cut with straight edges, and one rank further out than the points: somewhat larger, never smaller.
        assert 1.0 <= polygon_area_m2(ring_m) / expected_m2 <= 1.08


def cross(ring_m: FloatArray) -> FloatArray:
    """The turn at every corner."""
    edge_m = np.roll(ring_m, -1, axis=0) - ring_m
    after_m = np.roll(edge_m, -1, axis=0)
    return np.asarray(edge_m[:, 0] * after_m[:, 1] - edge_m[:, 1] * after_m[:, 0])


@given(st.integers(0, 10_000), st.integers(1, 60), st.floats(0.1, 300.0))
@settings(max_examples=60)
def test_laws_of_every_ring(seed: int, count: int, spread_m: float) -> None:
    generator = np.random.default_rng(seed)
    points_m = generator.standard_t(2.0, (count, 2)) * spread_m + generator.uniform(-1e4, 1e4, 2)
    depth = order_by_depth(points_m)
    inner_m, outer_m = ring_holding(depth, 0.5, 0.25), ring_holding(depth, 0.95, 0.25)
    assert polygon_area_m2(inner_m) > 0.0
    assert (cross(outer_m) >= -1e-6 * spread_m**2).all()
    # Each holds its share of the points, and the inner lies in the outer.
    assert points_in_polygon(points_m, inner_m).mean() >= 0.5
    assert points_in_polygon(points_m, outer_m).mean() >= 0.95
    middle = np.array(middle_m(depth))
    shrunk_m = middle + (inner_m - middle) * (1.0 - 1e-6)
    assert points_in_polygon(shrunk_m, outer_m).all()


def test_pieces_share_one_mass_and_light_ones_are_braked_more() -> None:
    model = FallModel(piece_drag_sigma_ln=0.0)
    bodies = bodies_of("struck", model=model)
    size = bodies.radius_m / model.radius_m
    assert bodies.per_stop == 8
    assert np.mean(size**3) == pytest.approx(1 / 8, rel=0.03)
    assert bodies.drag_per_m * size == pytest.approx(model.drag_per_m)


def test_ways_down_have_their_shares() -> None:
    bodies = bodies_of("whole")
    assert np.mean(bodies.thrust_share > 0.0) == pytest.approx(0.25, abs=0.002)
    assert np.mean(bodies.drag_per_m > 0.09) == pytest.approx(0.15, abs=0.01)


def test_windmilling_sinks_as_fast_as_said() -> None:
    model = FallModel(failure_shares=(0.0, 0.0, 1.0), windmilling_sink_mps=(7.0, 7.0), wind_sigma_mps=0.0)
    landed = landed_states(bodies_of("whole", model=model), GROUND_UP_M)
    assert landed[:, 5] == pytest.approx(-7.0, abs=0.01)
    assert landed[:, 3:5] == pytest.approx(np.tile(WIND_MPS, (len(landed), 1)), abs=0.01)


def test_a_fixed_wing_may_glide_far() -> None:
    stays_m = np.abs(landed_states(bodies_of("whole"), GROUND_UP_M)[:, :2] - STATE[:2]).max()
    glides_m = np.abs(landed_states(bodies_of("whole", 1.0), GROUND_UP_M)[:, :2] - STATE[:2]).max()
    assert glides_m > 2.0 * stays_m


def test_no_body_starts_under_the_ground() -> None:
    unsure = COVARIANCE.copy()
    unsure[2, 2] = 300.0**2
    bodies = whole_bodies(STATE, unsure, WIND_MPS, GROUND_UP_M, 0.0, FallModel())
    assert bodies.start[:, 2].min() == GROUND_UP_M + 1.0
    assert np.isfinite(landed_states(bodies, GROUND_UP_M)).all()


def test_steeper_than_level_and_never_up() -> None:
    landed = landed_states(bodies_of("struck"), GROUND_UP_M)
    angle_rad = impact_angle_rad(landed)
    assert ((angle_rad > 0.0) & (angle_rad <= math.pi / 2)).all()


def test_the_middle_does_not_follow_a_few_far_pieces() -> None:
    points_m = ndtri(sobol_points(1024, 2)) * 10.0
    points_m[:40] += 5000.0
    assert np.hypot(*middle_m(order_by_depth(points_m))) < 2.0


def test_a_model_is_data() -> None:
    assert msgspec.json.decode(msgspec.json.encode(FallModel()), type=FallModel) == FallModel()


def test_the_same_ids_give_the_same_falls_and_others_give_others() -> None:
    def drawn(key: tuple[int, int]) -> FloatArray:
        return struck_bodies(STATE, COVARIANCE, WIND_MPS, GROUND_UP_M, FallModel(), key).start

    assert np.array_equal(drawn((4, 1)), drawn((4, 1)))
    assert not np.array_equal(drawn((4, 1)), drawn((5, 1)))
    assert not np.array_equal(drawn((4, 1)), drawn((4, 2)))


def test_the_error_that_is_said_is_the_error_that_is_made() -> None:
    """Means under many ids scatter as the error of each says, and about the mean of all of them."""
    found = []
    for ident in range(60):
        bodies = struck_bodies(STATE, COVARIANCE, WIND_MPS, GROUND_UP_M, FallModel(samples=512), (ident, 0))
        found.append(mean_and_error(landed_states(bodies, GROUND_UP_M)[:, 0]))
    means, errors = np.array(found).T
    # The spread of 60 means is known to 9 %, the mean of their errors (7 degrees of freedom) to 3 %.
    assert means.std(ddof=1) == pytest.approx(math.sqrt(np.mean(errors**2)), rel=0.3)
    # And less than half of what dice would make of as many falls: the points are even.
    assert errors.mean() < 0.5 * landed_states(bodies, GROUND_UP_M)[:, 0].std() / math.sqrt(512)


def test_mapped_ground_that_is_level_is_level_ground() -> None:
    flat = Terrain(
        west_m=-3000.0, south_m=-3000.0, spacing_m=50.0, heights_m=np.full((121, 121), GROUND_UP_M)
    )
    bodies = bodies_of("struck")
    level, mapped = landed_states(bodies, GROUND_UP_M), landed_states(bodies, flat)
    # A kilometre out the earth lies 0.13 m lower; falls are steep.
    assert np.abs(mapped[:, :2] - level[:, :2]).max() < 0.3
    assert mapped[:, 2] == pytest.approx(flat.up_m(mapped[:, 0], mapped[:, 1]), abs=1e-6)


def test_a_deeper_valley_is_reached_later_and_a_cliff_is_met_first() -> None:
    east_m = np.arange(-3000.0, 3001.0, 50.0)
    cliff = np.where(east_m < 900.0, 100.0, 0.0)
    steep = Terrain(
        west_m=-3000.0, south_m=-3000.0, spacing_m=50.0, heights_m=np.tile(cliff, (len(east_m), 1))
    )
    start = np.array([[1000.0, 0.0, 110.0, -40.0, 0.0, 0.0]])
    bodies = Bodies(
        start=start,
        drag_per_m=np.zeros(1),
        thrust_share=np.zeros(1),
        wind_mps=np.zeros((1, 2)),
        radius_m=np.ones(1),
        per_stop=1,
    )
    landed = landed_states(bodies, steep)[0]
    # Without the cliff it would fly 189 m to 811 m; the slope between 900 and 850 m stops it.
    assert 850.0 < landed[0] < 900.0
    assert landed[2] == pytest.approx(float(steep.up_m(landed[0], landed[1])), abs=1e-5)
    assert landed[6] == pytest.approx((1000.0 - landed[0]) / 40.0, abs=1e-9)
    assert landed_states(bodies, 0.0)[0, 0] == pytest.approx(1000.0 - 40.0 * math.sqrt(2 * 110.0 / 9.81))
