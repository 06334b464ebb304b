"""The figures of many generated nights in one table, each beside its bound.

Shares carry Wilson's 95 % interval; what is taken every few seconds of one flight (coverage, Brier scores)
carries the bootstrap's over flights, since a flight's moments are no independent trials. A bound without a
single trial is neither kept nor missed: it is not shown, and then the table as a whole does not hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from skykeep.models.intervals import bootstrap_ratio, wilson_interval
from skykeep.planning.generated_night import NightFigures
from skykeep.sim.generate_facts import Lie
from skykeep.sim.score_forecasts import Moment, best_softened, brier, score_forecasts

RECALL, FALSE_PER_HOUR, ACCUSED = 0.97, 0.05, 0.005
CAUGHT, DOUBTED = 0.95, 0.01
COVERAGE = (0.85, 0.95)
NO_TRIAL = "none"
BRIER, LEAST = "destination, Brier score", "the least"
FORECASTERS = ("nearest asset", "constant velocity")


class Row(NamedTuple):
    """One line of the table; `kept` is None where there is no bound, or no trial of it."""

    name: str
    figure: str
    bound: str
    kept: bool | None

    @property
    def verdict(self) -> str:
        """What is said of the bound; empty where there is none."""
        if not self.bound:
            return ""
        return "not shown" if self.kept is None else "kept" if self.kept else "MISSED"


def summary(nights: Sequence[NightFigures]) -> list[Row]:
    """Return the table's rows; a figure without a single trial is "none"."""
    return [*_alert_rows(nights), *_claim_rows(nights), *_forecast_rows(nights)]


def holds(rows: Iterable[Row]) -> bool:
    """Return whether every bound was shown to be kept."""
    return all(row.kept is True for row in rows if row.bound)


def _bounded(name: str, figure: str, bound: str, trials: float, *, kept: bool) -> Row:
    return Row(name, figure, bound, kept) if trials else Row(name, NO_TRIAL, bound, None)


def _share(part: int, whole: int) -> str:
    if not whole:
        return NO_TRIAL
    low, high = wilson_interval(part, whole)
    return f"{part} of {whole} = {100 * part / whole:.1f} % ({100 * low:.1f} to {100 * high:.1f})"


def _alert_rows(nights: Sequence[NightFigures]) -> list[Row]:
    alerts = [one.alerts for one in nights]
    intruders = sum(one.intruders for one in alerts)
    found = intruders - sum(len(one.missed) for one in alerts)
    quiet = [one for one in nights if not one.alerts.intruders]
    hours = sum(one.hours for one in quiet)
    wrong = sum(len(one.alerts.false_alerts) for one in quiet)
    per_hour = wrong / hours if hours else 0.0
    everywhere = sum(len(one.false_alerts) for one in alerts)
    all_hours = sum(one.hours for one in nights)
    flown, accused = sum(one.authorised for one in alerts), sum(len(one.accused) for one in alerts)
    crewed = sum(one.aircraft for one in alerts)
    crewed_accused = sum(len(one.aircraft_accused) for one in alerts)
    warnings = [seconds for one in alerts for seconds in one.warnings_s]
    warned = NO_TRIAL
    if warnings:
        warned = f"median {np.median(warnings):.0f} s, 5 % under {np.quantile(warnings, 0.05):.0f} s"
    return [
        _bounded(
            "intruders alerted in time",
            _share(found, intruders),
            ">= 97 %",
            intruders,
            kept=found >= RECALL * intruders,
        ),
        Row("warning before the breach", warned, "", None),
        _bounded(
            "false alerts per quiet hour",
            f"{wrong} in {hours:.1f} h = {per_hour:.2f}",
            "<= 0.05",
            hours,
            kept=per_hour <= FALSE_PER_HOUR,
        ),
        Row("false alerts in all nights", f"{everywhere} in {all_hours:.1f} h", "", None),
        _bounded(
            "authorised flights accused",
            _share(accused, flown),
            "<= 0.5 %",
            flown,
            kept=accused <= ACCUSED * flown,
        ),
        Row("crewed aircraft accused", _share(crewed_accused, crewed), "", None),
    ]


def _claim_rows(nights: Sequence[NightFigures]) -> list[Row]:
    claims = [one.claims for one in nights]
    lies = [lie for one in claims for lie in one.lies]
    caught = sum(bool(why) for _, _, why in lies)
    honest, doubted = sum(one.honest for one in claims), sum(len(one.doubted) for one in claims)
    rows = [
        _bounded(
            "spoofed claims caught",
            _share(caught, len(lies)),
            ">= 95 %",
            len(lies),
            kept=caught >= CAUGHT * len(lies),
        ),
        _bounded(
            "true claims doubted",
            _share(doubted, honest),
            "<= 1 %",
            honest,
            kept=doubted <= DOUBTED * honest,
        ),
    ]
    for kind in Lie:
        those = [bool(why) for _, what, why in lies if what is kind]
        rows.append(Row(f"  {kind.value}", f"{sum(those)} of {len(those)}", "", None))
    owners = sum(one.copied_owners for one in claims)
    beside = sum(one.copied_owners_doubted for one in claims)
    rows.append(Row("  owners of copied serials doubted", f"{beside} of {owners}", "", None))
    return rows


def _forecast_rows(nights: Sequence[NightFigures]) -> list[Row]:
    moments = [(night, one) for night in nights for one in night.forecasts.moments]
    figures = score_forecasts([one for _, one in moments])
    coverage = figures.covered / figures.with_interval if figures.with_interval else 0.0
    by_flight: dict[tuple[int, str], list[Moment]] = {}
    for night, one in moments:
        by_flight.setdefault((night.seed, one.name), []).append(one)
    scored = [score_forecasts(ones) for ones in by_flight.values()]
    spread = bootstrap_ratio(
        np.array([float(one.covered) for one in scored]),
        np.array([float(one.with_interval) for one in scored]),
    )
    rows = [
        _bounded(
            "90 % time-to-breach interval covers",
            f"{figures.covered} of {figures.with_interval} = {100 * coverage:.1f} %{_between(spread)}",
            "85 to 95 %",
            figures.with_interval,
            kept=COVERAGE[0] <= coverage <= COVERAGE[1],
        ),
        Row("  came sooner, later", f"{figures.sooner}, {figures.later}", "", None),
        Row("  moments without it", f"{len(moments) - figures.with_interval} of {len(moments)}", "", None),
    ]
    return [*rows, *_brier_rows(moments)]


def _brier_rows(moments: Sequence[tuple[NightFigures, Moment]]) -> list[Row]:
    """Return the score of where it goes beside those of two simple forecasters."""
    if not moments:
        return [Row(BRIER, NO_TRIAL, LEAST, None)]
    ours = [brier(one.said, one.asset_id) for _, one in moments]
    mean = float(np.mean(ours))
    picks = [
        [one.nearest == one.asset_id for _, one in moments],
        [one.constant_velocity == one.asset_id for _, one in moments],
    ]
    others = round(float(np.mean([night.assets for night, _ in moments])))
    rivals = [
        (2.0 * (1.0 - float(np.mean(hits))), best_softened(sum(hits), len(hits), others)) for hits in picks
    ]
    return [
        Row(BRIER, f"{mean:.3f}", LEAST, bool(mean < min(map(min, rivals)))),
        *(
            Row(f"  {name}", f"{sure:.3f}; with the best one confidence {softened:.3f}", "", None)
            for name, (sure, softened) in zip(FORECASTERS, rivals, strict=True)
        ),
    ]


def _between(interval: tuple[float, float] | None) -> str:
    return "" if interval is None else f" ({100 * interval[0]:.1f} to {100 * interval[1]:.1f})"


def by_way(nights: Sequence[NightFigures]) -> list[str]:
    """Return a line for each way in which intruders came, after a line of headings."""
    lines = [
        f"{'way':<12}{'nights':>7}{'intruders':>10}{'missed':>7}{'false':>6}{'alerts':>7}{'covered':>9}{'of':>6}"
    ]
    for way in dict.fromkeys(one.way for one in nights):
        those = [one for one in nights if one.way == way]
        counts = (
            len(those),
            sum(one.alerts.intruders for one in those),
            sum(len(one.alerts.missed) for one in those),
            sum(len(one.alerts.false_alerts) for one in those),
            sum(one.alerts.alerts for one in those),
            sum(one.forecasts.covered for one in those),
            sum(one.forecasts.with_interval for one in those),
        )
        lines.append(
            f"{way:<12}" + "".join(f"{n:>{w}}" for n, w in zip(counts, (7, 10, 7, 6, 7, 9, 6), strict=True))
        )
    return lines


def faults(nights: Iterable[NightFigures]) -> list[str]:
    """Return a line for each thing that went wrong, with its seed: what to look at first."""
    lines = []
    for night in nights:
        said = [f"missed {name}" for name in night.alerts.missed]
        said += [f"false {alert_id} about {whom}" for alert_id, whom in night.alerts.false_alerts]
        said += [f"accused {name}" for name in night.alerts.accused]
        said += [f"accused aircraft {name}" for name in night.alerts.aircraft_accused]
        said += [f"not caught {name} ({lie.value})" for name, lie, why in night.claims.lies if not why]
        said += [f"doubted {name} ({why})" for name, why in night.claims.doubted]
        lines += [f"{night.seed:>6} {night.way:<10} {one}" for one in said]
    return lines
