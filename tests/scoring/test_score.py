"""All figures of a picture: by hand, by law, and against an evaluator written by others and Stone Soup."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scored_air
from skykeep.base.errors import InputError
from skykeep.scoring import Figure, Settings, score, together, tracks_of, truth_of
from skykeep.scoring.honesty import ELLIPSOID_90, anees_bounds, chi_square_quantile, nees
from skykeep.scoring.score import Score
from skykeep.scoring.together import spread

AUTHORITIES = Path(__file__).parents[2] / "authorities"
EVALUATOR = json.loads((AUTHORITIES / "evaluator_figures.json").read_text())["figures"]
STONE_SOUP = json.loads((AUTHORITIES / "stone_soup_metrics.json").read_text())
# What the other evaluator calls them, and where we have them.
SAME = {
    "gospa_rms": ("sets", "gospa_m"),
    "gospa_mean": ("sets", "gospa_mean_m"),
    "gospa_loc": ("sets", "gospa_localisation_m"),
    "gospa_missed": ("sets", "gospa_missed_m"),
    "gospa_false": ("sets", "gospa_false_m"),
    "gospa_per_target": ("sets", "gospa_per_target_m"),
    "missed_mean": ("sets", "missed_at_a_moment"),
    "false_mean": ("sets", "false_at_a_moment"),
    "ospa_mean": ("sets", "ospa_mean_m"),
    "ospa2_mean": ("sets", "ospa2_mean_m"),
    "siap_completeness": ("siap", "completeness"),
    "siap_ambiguity": ("siap", "ambiguity"),
    "siap_spuriousness": ("siap", "spuriousness"),
    "id_switches": ("continuity", "switches"),
    "fragments": ("continuity", "fragments"),
    "purity": ("continuity", "purity"),
    "longest_segment": ("continuity", "longest_segment"),
    "false_tracks": ("continuity", "false_tracks"),
    "confirm_median_s": ("continuity", "confirm_median_s"),
    "confirm_p90_s": ("continuity", "confirm_90_percent_s"),
    "confirm_mean_s": ("continuity", "confirm_mean_s"),
    "never_confirmed": ("continuity", "never_confirmed"),
    "rmse_pos": ("errors", "position_rmse_m"),
    "rmse_h": ("errors", "position_horizontal_rmse_m"),
    "rmse_v": ("errors", "position_vertical_rmse_m"),
    "rmse_vel": ("errors", "velocity_rmse_mps"),
    "anees": ("honesty", "anees"),
}


def table(names: str, *rows: tuple[Any, ...]) -> scored_air.Columns:
    return {
        name: np.array(column) for name, column in zip(names.split(), zip(*rows, strict=True), strict=True)
    }


def small(shift_m: float = 3.0) -> tuple[scored_air.Columns, scored_air.Columns]:
    """Return truth and tracks: one target for 4 s, its track from 2 s on, `shift_m` north of it."""
    truth = table("t id x y z vx vy vz", *((float(t), 7, 10.0 * t, 0, 50, 10, 0, 0) for t in range(1, 5)))
    tracks = table(
        "t track_id x y z vx vy vz pxx pxy pxz pyy pyz pzz coasting",
        *((float(t), 1, 10.0 * t, shift_m, 50, 10, 4, 0, 9, 0, 0, 9, 0, 9, t == 4) for t in range(2, 5)),
    )
    return truth, tracks


def scored(truth: scored_air.Columns, tracks: scored_air.Columns, **settings: Any) -> Score:
    return score(truth_of(truth), tracks_of(tracks), Settings(**settings))


@pytest.fixture(scope="module")
def air() -> Score:
    return scored(scored_air.truth(), scored_air.tracks(), from_s=5.0)


def test_one_target_found_after_a_second_and_3_m_off() -> None:
    found = scored(*small())
    values = {name: figure.value for group in (found.siap, found.continuity, found.errors, found.honesty)
              for name, figure in group.items()}  # fmt: skip
    expected = {
        "completeness": 0.75,
        "ambiguity": 1.0,
        "spuriousness": 0.0,
        "longest_track_segment": 0.75,
        "position_error_m": 3.0,
        "velocity_error_mps": 4.0,
        "switches": 0.0,
        "longest_segment": 0.75,
        "confirm_median_s": 1.0,
        "position_rmse_m": 3.0,
        "position_vertical_rmse_m": 0.0,
        "velocity_rmse_mps": 4.0,
        # NEES is 3^2 / 9 = 1 of 3 expected.
        "anees": 1 / 3,
        "coverage_of_90_percent_ellipsoid": 1.0,
        "pairs_with_covariance": 3.0,
        "coasting_pairs_with_covariance": 1.0,
        "coasting_coverage_of_90_percent_ellipsoid": 1.0,
    }
    assert {name: values[name] for name in expected} == pytest.approx(expected)
    # One moment missed of four: (2500 / 2 + 3 * 9) / 4.
    assert found.sets["gospa_m"].value == pytest.approx(math.sqrt((1_250.0 + 27.0) / 4))


def test_outside_the_ellipsoid_is_not_covered() -> None:
    # 3 dimensions: the ellipsoid of 90 % reaches to sqrt(6.251) = 2.5003 standard deviations of 3 m.
    for shift_m, share in ((7.49, 1.0), (7.51, 0.0)):
        covered = scored(*small(shift_m)).honesty["coverage_of_90_percent_ellipsoid"]
        assert covered.value == share


def test_a_target_out_of_coverage_is_neither_asked_for_nor_blamed_for() -> None:
    truth, tracks = small()
    found = scored(truth | {"in_cov": np.array([False, False, True, True])}, tracks)
    assert found.sets["missed_at_a_moment"].value == found.sets["false_at_a_moment"].value == 0.0
    assert found.extent["positions_set_aside"] == 1


def test_an_empty_picture_misses_everything_and_has_no_errors() -> None:
    truth, tracks = small()
    found = scored(truth, {name: column[:0] for name, column in tracks.items()})
    assert found.siap["completeness"].value == 0.0
    assert found.siap["spuriousness"].value is None
    assert found.errors["position_rmse_m"].value is None
    assert found.honesty == {}
    assert found.continuity["confirm_median_s"].value is None


@pytest.mark.parametrize("name", SAME)
def test_agrees_with_an_evaluator_written_by_others(air: Score, name: str) -> None:
    group, ours = SAME[name]
    assert getattr(air, group)[ours].value == pytest.approx(EVALUATOR[name], rel=1e-9)


def test_agrees_with_it_kind_by_kind(air: Score) -> None:
    found = {kind: figures["matched_share"].value for kind, figures in air.kinds.items()}
    assert found == pytest.approx(EVALUATOR["completeness_by_class"], rel=1e-9)


def test_agrees_with_stone_soup_on_siap() -> None:
    truth, tracks = scored_air.truth(), scored_air.tracks()
    tracks["track_id"][(tracks["track_id"] == 8) & (tracks["t"] > 20)] = 808
    there = np.isin(truth["id"], [4, 6, 8, 10, 11])
    said = np.isin(tracks["track_id"], [4, 6, 8, 10, 204]) | (tracks["track_id"] >= 300)
    found = scored(
        {name: column[there] for name, column in truth.items()},
        {name: column[said] for name, column in tracks.items()},
        from_s=5.0,
    )
    ours = {name: found.siap[name].value for name in STONE_SOUP["siap"]}
    assert ours == pytest.approx(STONE_SOUP["siap"], rel=1e-9)


@settings(max_examples=5)
@given(st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_a_name_changes_a_figure(dice: Any) -> None:
    truth, tracks = scored_air.truth(), scored_air.tracks()
    order = list(range(len(tracks["t"])))
    dice.shuffle(order)
    mixed = {name: column[order] for name, column in tracks.items()}
    mixed["track_id"] = np.array([f"T{number:03}" for number in mixed["track_id"]], dtype=object)
    assert scored(truth, mixed, from_s=30.0) == scored(truth, tracks, from_s=30.0)


def test_every_figure_lies_within_its_interval(air: Score) -> None:
    groups = [air.sets, air.siap, air.continuity, air.errors, *air.kinds.values()]
    told = [figure for group in groups for figure in group.values() if figure.low is not None]
    assert len(told) > 20
    for figure in told:
        assert figure.value is not None
        assert figure.high is not None
        assert figure.low is not None
        assert figure.low <= figure.value <= figure.high


@pytest.mark.parametrize(
    ("share", "degrees", "quantile"), [(0.9, 3, 6.251), (0.5, 3, 2.366), (0.95, 1, 3.841)]
)
def test_quantiles_are_those_of_the_printed_tables(share: float, degrees: int, quantile: float) -> None:
    assert chi_square_quantile(share, degrees) == pytest.approx(quantile, abs=5e-4)


def test_honest_errors_have_an_honest_nees() -> None:
    dice = np.random.default_rng(5)
    factor = np.array([[6.0, 0, 0], [2, 5, 0], [-1, 1.5, 8]])
    found = nees(dice.normal(size=(4_000, 3)) @ factor.T, np.tile(factor @ factor.T, (4_000, 1, 1)))
    low, high = anees_bounds(4_000, share=0.999)
    assert low < found.mean() / 3 < high
    assert np.mean(found <= ELLIPSOID_90) == pytest.approx(0.9, abs=0.02)


def test_a_covariance_that_was_not_told_has_no_nees() -> None:
    assert np.isnan(nees(np.ones((1, 3)), np.full((1, 3, 3), np.nan))).all()


def test_several_runs_have_a_mean_and_a_spread() -> None:
    found = spread([Figure(value=1.0), Figure(value=3.0), Figure(value=None), Figure(value=5.0)])
    assert (found.mean, found.deviation, found.least, found.most, found.runs) == (3.0, 2.0, 1.0, 5.0, 3)
    assert spread([Figure(value=None)]).mean is None
    assert spread([Figure(value=2.0)]).deviation is None


def test_several_pictures_are_scored_together(air: Score) -> None:
    other = scored(*small())
    found = together([air, other])
    assert found.siap["completeness"].mean == pytest.approx((0.885 + 0.75) / 2)
    assert found.kinds["bird"]["targets"].runs == 1


def spoiled(of: str, **columns: Any) -> tuple[scored_air.Columns, scored_air.Columns]:
    truth, tracks = small()
    (truth if of == "truth" else tracks).update(columns)
    return truth, tracks


def cut(of: str, *names: str) -> tuple[scored_air.Columns, scored_air.Columns]:
    truth, tracks = small()
    for name in names:
        del (truth if of == "truth" else tracks)[name]
    return truth, tracks


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        (cut("truth", "vx"), "truth: columns .*, must be a table that has also vx"),
        (cut("tracks", "track_id"), "tracks: .* has also track_id"),
        (cut("tracks", "pxz"), "tracks: covariance: only pxx, pxy, pyy, pyz, pzz, must be all of"),
        (spoiled("truth", x=np.array([1.0, np.nan, 1, 1])), "truth: x: nan in row 1, must be from -1e.08 to"),
        (spoiled("tracks", vz=np.array([0.0, 2e5, 3e5])), r"tracks: vz: 200000.0 in row 1 \(and 1 more\)"),
        (spoiled("tracks", pyy=np.array([9.0, 9, 0])), "tracks: pyy: 0.0 in row 2, must be above 0 m.2"),
        (spoiled("tracks", pxy=np.array([9.0, 0, 0])), "tracks: pxx: .* row 0, must be of a covariance"),
        (spoiled("tracks", coasting=np.array([0, 2, 1])), "tracks: coasting: 2 in row 1, must be true or"),
        (spoiled("truth", in_cov=np.array(["yes"] * 4)), "truth: in_cov: yes in row 0"),
        (spoiled("tracks", t=np.array([2.0, 2.0, 4.0])), "tracks: track_id: 1 is there twice at t = 2 s"),
        (spoiled("tracks", track_id=np.array([1.0, 1.5, 1])), "tracks: track_id: 1.5 in row 1, must be a"),
        (spoiled("truth", y=np.array(["a"] * 4)), "truth: y: .*a.* in row 0, must be a number"),
        (spoiled("truth", y=np.zeros(3)), "truth: columns of .* rows, must be columns of one length"),
        (spoiled("tracks", t=np.array([90.0, 91, 92])), "t: truth from 1 to 4 s and tracks from 90 to 92 s"),
        (spoiled("tracks", t=np.array([2.5, 3.5, 4.5])), "truth: t: nothing at .* beside its own"),
        (spoiled("truth", t=np.array([1.0, 2, 3, 1e9])), "t: .* moments from 1 to 1e.09 s, must be at most"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(tables: tuple[scored_air.Columns, scored_air.Columns], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        scored(*tables)


def test_a_truth_without_a_row_is_none() -> None:
    truth, tracks = small()
    with pytest.raises(InputError, match="truth: no rows"):
        scored({name: column[:0] for name, column in truth.items()}, tracks)


def test_errors_cannot_count_from_after_the_end() -> None:
    with pytest.raises(InputError, match="from: 9 s, where the last moment compared is at 4 s"):
        scored(*small(), from_s=9.0)
