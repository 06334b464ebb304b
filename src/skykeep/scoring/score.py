"""All figures of one picture against its truth.

Distances between sets are over moments; their intervals are a bootstrap over blocks of time, for a set does
not fall apart into targets, and one moment resembles the next. Everything about targets (errors, honesty,
completeness, delay) is a bootstrap over targets, and what is about tracks over tracks: the moments of one
target share its fate. Shares of targets and of tracks themselves are Wilson's. All 95 %.
"""

from __future__ import annotations

import msgspec
import numpy as np

from skykeep.base.compile import BoolArray, FloatArray, IntArray
from skykeep.scoring import honesty, siap
from skykeep.scoring.continuity import Continuity, delays_s, follow
from skykeep.scoring.figures import Figure, over_time, quantiles_of_delay, ratio, root, share
from skykeep.scoring.match import Pairs
from skykeep.scoring.run import Run, Settings, start
from skykeep.scoring.sets import gospa_of_match, match_within, ospa_of_match
from skykeep.scoring.tables import Tracks, Truth
from skykeep.scoring.window import ospa2


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """Every figure, by group, and what it was made of. The meaning of each is in docs/evaluate.md."""

    extent: dict[str, float | int]
    settings: Settings
    sets: dict[str, Figure]
    siap: dict[str, Figure]
    continuity: dict[str, Figure]
    errors: dict[str, Figure]
    honesty: dict[str, Figure]
    kinds: dict[str, dict[str, Figure]]


def score(truth: Truth, tracks: Tracks, settings: Settings | None = None) -> Score:
    """Return every figure of `tracks` against `truth`; InputError where they cannot be compared."""
    settings = settings or Settings()
    run = start(truth, tracks, settings)
    followed = follow(run.present, run.near, settings.gate_m, run.targets, run.names)
    errors, honest = _errors(run, followed)
    return Score(
        extent={
            "first_s": float(run.grid.time_s[0]),
            "from_s": run.moments[run.counted[0]].time_s,
            "to_s": float(run.grid.time_s[-1]),
            "step_s": run.grid.step_s,
            "moments": len(run.counted),
            "targets": int((followed.present > 0).sum()),
            "tracks": len(np.unique(np.concatenate([*run.stated, np.zeros(0, dtype=np.int64)]))),
            "positions_true": sum(map(len, run.present)),
            "positions_stated": sum(map(len, run.stated)),
            "positions_set_aside": sum(moment.set_aside for moment in run.moments),
        },
        settings=settings,
        sets=_sets(run),
        siap=_siap(run),
        continuity=_continuity(run, followed),
        errors=errors,
        honesty=honest,
        kinds=_kinds(run, followed),
    )


def window_series_m(run: Run) -> FloatArray:
    """Return OSPA(2) of each whole window of counted moments; of all of them where they are fewer."""
    counted, wide = run.counted, run.settings.window
    cutoff_m, order = run.settings.cutoff_m, run.settings.order
    near = [pairs.only(pairs.distance_m < cutoff_m) for pairs in run.near]
    values = []
    for end in range(min(wide, len(counted)), len(counted) + 1):
        window = counted[max(end - wide, 0) : end]
        values.append(
            ospa2(
                [near[k] for k in window],
                [run.present[k] for k in window],
                [run.stated[k] for k in window],
                cutoff_m,
                order,
            )
        )
    return np.array(values)


def _sets(run: Run) -> dict[str, Figure]:
    c, p = run.settings.cutoff_m, run.settings.order
    parts, ospa_m = [], []
    for k in run.counted:
        d = match_within(run.near[k], c, p).distance_m
        sizes = len(run.present[k]), len(run.stated[k])
        parts.append(gospa_of_match(d, *sizes, c, p))
        ospa_m.append(ospa_of_match(d, *sizes, c, p))
    distance, localisation, missed, false, missed_count, false_count = np.array(parts, dtype=np.float64).T
    truths = np.array([len(run.present[k]) for k in run.counted], dtype=np.float64)
    return {
        "gospa_m": root(over_time(distance**p), p),
        "gospa_localisation_m": root(over_time(localisation), p),
        "gospa_missed_m": root(over_time(missed), p),
        "gospa_false_m": root(over_time(false), p),
        "gospa_per_target_m": root(over_time(distance**p, truths), p),
        "gospa_mean_m": over_time(distance),
        "missed_at_a_moment": over_time(missed_count),
        "false_at_a_moment": over_time(false_count),
        "ospa_mean_m": over_time(np.array(ospa_m)),
        "ospa2_mean_m": over_time(window_series_m(run)),
    }


def _siap(run: Run) -> dict[str, Figure]:
    counted, s = run.counted, run.grid.step_s
    owned = [siap.nearest(run.near[k], run.settings.gate_m) for k in counted]
    present, stated = [run.present[k] for k in counted], [run.stated[k] for k in counted]
    t = siap.tally(present, stated, owned, run.targets, run.names)
    target, position, velocity = _differences(run, owned)

    def mean(error: FloatArray) -> Figure:
        summed = _sum(target, np.linalg.norm(error, axis=1), run.targets)
        return ratio(summed, _count([target], run.targets))

    return {
        "completeness": ratio(t.seen, t.time),
        "ambiguity": ratio(t.belonging, t.seen),
        "spuriousness": ratio(t.track_spurious, t.track_time),
        "track_number_changes_per_s": ratio(t.changes, t.seen * s),
        "longest_track_segment": ratio(t.longest, t.time),
        "position_error_m": mean(position),
        "velocity_error_mps": mean(velocity),
    }


def _continuity(run: Run, followed: Continuity) -> dict[str, Figure]:
    there = followed.present > 0
    time = followed.present[there].astype(np.float64)
    switches = followed.switches[there].astype(np.float64)
    delay_s = delays_s(followed, run.grid.step_s)
    confirmed = np.isfinite(delay_s)
    owned = [siap.nearest(pairs, run.settings.gate_m) for pairs in run.near]
    track = np.concatenate([pairs.second for pairs in owned])
    ever_stated = len(np.unique(np.concatenate(run.stated)))
    key, together = np.unique(
        track * run.targets + np.concatenate([pairs.first for pairs in owned]), return_counts=True
    )
    mostly = np.zeros(run.names)
    np.maximum.at(mostly, key // run.targets, together)
    on_target = np.bincount(track, minlength=run.names).astype(np.float64)
    false_tracks = ever_stated - int(np.count_nonzero(on_target))
    return {
        "switches": Figure(value=float(switches.sum())),
        "switches_per_target_minute": ratio(switches, time * run.grid.step_s / 60.0),
        "fragments": Figure(value=float(followed.fragments.sum())),
        "longest_segment": ratio(followed.longest[there] / time, np.ones(len(time))),
        "purity": ratio(mostly, on_target),
        "false_tracks": Figure(value=float(false_tracks)),
        "false_track_share": share(false_tracks, ever_stated),
        "confirmed_share": share(int(confirmed.sum()), len(delay_s)),
        "never_confirmed": Figure(value=float((~confirmed).sum())),
        **quantiles_of_delay(delay_s),
    }


def _errors(run: Run, followed: Continuity) -> tuple[dict[str, Figure], dict[str, Figure]]:
    """Return the errors of matched pairs and what their covariances were worth."""
    matched = [followed.matched[k] for k in run.counted]
    target, position, velocity = _differences(run, matched)
    track_row = _rows(run, matched)[2]

    def rms(error: FloatArray) -> Figure:
        squared = _sum(target, np.sum(error**2, axis=1), run.targets)
        return root(ratio(squared, _count([target], run.targets)), 2.0)

    errors = {
        "position_rmse_m": rms(position),
        "position_horizontal_rmse_m": rms(position[:, :2]),
        "position_vertical_rmse_m": rms(position[:, 2:]),
        "velocity_rmse_mps": rms(velocity),
        "velocity_horizontal_rmse_mps": rms(velocity[:, :2]),
        "velocity_vertical_rmse_mps": rms(velocity[:, 2:]),
    }
    return errors, _honesty(
        run, target, track_row, honesty.nees(position, run.tracks.covariance_m2[track_row])
    )


def _honesty(run: Run, target: IntArray, track_row: IntArray, nees: FloatArray) -> dict[str, Figure]:
    """Return what the covariances of matched pairs were worth; of those in coasting also by themselves."""
    told = np.isfinite(nees)
    if not told.any():
        return {}
    low, high = honesty.anees_bounds(int(told.sum()))
    out = {
        "anees": _anees(run, target[told], nees[told]),
        "anees_if_honest": Figure(value=1.0, low=low, high=high),
        "nees_median_ratio": Figure(value=float(np.median(nees[told])) / honesty.MEDIAN_NEES),
        "coverage_of_90_percent_ellipsoid": _coverage(run, target[told], nees[told]),
        "pairs_with_covariance": Figure(value=float(told.sum())),
    }
    if run.tracks.coasting is None:
        return out
    told &= run.tracks.coasting[track_row]
    return out | {
        "coasting_anees": _anees(run, target[told], nees[told]),
        "coasting_coverage_of_90_percent_ellipsoid": _coverage(run, target[told], nees[told]),
        "coasting_pairs_with_covariance": Figure(value=float(told.sum())),
    }


def _anees(run: Run, target: IntArray, nees: FloatArray) -> Figure:
    total = _sum(target, nees, run.targets)
    return ratio(total / honesty.DIMENSIONS, _count([target], run.targets))


def _coverage(run: Run, target: IntArray, nees: FloatArray) -> Figure:
    inside = _count([target[nees <= honesty.ELLIPSOID_90]], run.targets)
    return ratio(inside, _count([target], run.targets))


def _differences(run: Run, pairs: list[Pairs]) -> tuple[IntArray, FloatArray, FloatArray]:
    """Return, per pair of a counted moment, the target and the errors of position and of velocity."""
    target, true_row, track_row = _rows(run, pairs)
    truth, tracks = run.truth.states, run.tracks.states
    position = tracks.position_m[track_row] - truth.position_m[true_row]
    return target, position, tracks.velocity_mps[track_row] - truth.velocity_mps[true_row]


def _rows(run: Run, pairs: list[Pairs]) -> tuple[IntArray, IntArray, IntArray]:
    """Return, per pair of a counted moment, the target, its row of truth and its row of tracks."""
    found: list[tuple[IntArray, IntArray, IntArray]] = []
    true_row = np.zeros(run.targets, dtype=np.int64)
    track_row = np.zeros(run.names, dtype=np.int64)
    for k, here in zip(run.counted, pairs, strict=True):
        true_row[run.present[k]] = run.moments[k].truth_rows
        track_row[run.stated[k]] = run.moments[k].track_rows
        found.append((here.first, true_row[here.first], track_row[here.second]))
    target, true, stated = (np.concatenate(column) for column in zip(*found, strict=True))
    return target, true, stated


def _kinds(run: Run, followed: Continuity) -> dict[str, dict[str, Figure]]:
    """Return, for each kind of target, how many, how completely matched and how soon."""
    kind_of = np.zeros(run.targets, dtype=np.int64)
    kind_of[run.truth.states.number] = run.truth.kind
    there = followed.present > 0
    counted = run.counted
    time = _count([run.present[k] for k in counted], run.targets)
    matched = _count([followed.matched[k].first for k in counted], run.targets)
    delay_s = np.full(run.targets, np.inf)
    delay_s[there] = delays_s(followed, run.grid.step_s)
    out = {}
    for number, name in enumerate(run.truth.kinds):
        mine: BoolArray = there & (kind_of == number)
        if mine.any():
            out[name] = {
                "targets": Figure(value=float(mine.sum())),
                "matched_share": ratio(matched[mine], time[mine]),
                **quantiles_of_delay(delay_s[mine]),
            }
    return out


def _count(numbers: list[IntArray], size: int) -> FloatArray:
    return np.bincount(np.concatenate(numbers), minlength=size).astype(np.float64)


def _sum(numbers: IntArray, values: FloatArray, size: int) -> FloatArray:
    return np.bincount(numbers, weights=values, minlength=size).astype(np.float64)
