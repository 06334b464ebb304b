"""Whether the right ones were alerted, in time, and nobody else: figures of one generated night.

*An intruder is alerted* if, before its deadline, an alert named a track that was it. The deadline is the
moment it enters its asset's keep-out circle; of one that never does (it only watches), `WATCHER_S` after it
first was inside the asset's warning ring.
*A false alert* is an alert that never named a track that was, just then, a flight without leave: an intruder,
a stranger, or a permitted flight outside its permit. A *false alert in a quiet night* counts per hour.
*An authorised flight is accused* if an alert named it while it had been where its permit lets it be for
`SETTLED_S`; its other seconds count for nobody. Crewed aircraft are counted apart.
Which track was whom is said by `Owners`: at the alert, the target it was nearest to for most of the last
`LOOK_BACK_S`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from skykeep.sim.generate_facts import Flight, Role

WATCHER_S = 60.0
SETTLED_S = 8.0
LEAST_COVERED_S = 30.0
LOOK_BACK_S, LOOK_ON_S = 6.0, 1.5
NOTHING = ""


class Owners:
    """Which target each track was, moment by moment."""

    def __init__(self) -> None:
        self._seen: dict[int, list[tuple[float, str]]] = {}

    def add(self, time_s: float, track_id: int, name: str) -> None:
        """Note that a track is nearest to a target now."""
        self._seen.setdefault(track_id, []).append((time_s, name))

    def at(self, time_s: float, track_id: int) -> str:
        """Return whom a track was about then, `NOTHING` when it was near nobody."""
        near = [
            name
            for seen_s, name in self._seen.get(track_id, [])
            if time_s - LOOK_BACK_S <= seen_s <= time_s + LOOK_ON_S
        ]
        # On a tie it is the one seen last.
        counts = Counter(near)
        last = {name: which for which, name in enumerate(near)}
        return max(counts, key=lambda name: (counts[name], last[name])) if counts else NOTHING


class Called(NamedTuple):
    """An alert named a track for the first time: when, which alert, and which target the track was."""

    time_s: float
    alert_id: str
    name: str


class Fate(NamedTuple):
    """When an intruder entered its asset's warning ring and its keep-out circle; None when never."""

    warning_s: float | None
    breach_s: float | None

    @property
    def deadline_s(self) -> float:
        if self.breach_s is not None:
            return self.breach_s
        return float("inf") if self.warning_s is None else self.warning_s + WATCHER_S


class AlertFigures(NamedTuple):
    """One night's. `missed` and `accused` hold names; `false_alerts` alert ids with whom they were about."""

    intruders: int
    missed: tuple[str, ...]
    warnings_s: tuple[float, ...]
    false_alerts: tuple[tuple[str, str], ...]
    authorised: int
    accused: tuple[str, ...]
    aircraft: int
    aircraft_accused: tuple[str, ...]
    alerts: int


def score_alerts(
    flights: Mapping[str, Flight], fates: Mapping[str, Fate], called: Iterable[Called]
) -> AlertFigures:
    """Return the figures of a night from all that its alerts named, in order of time."""
    called = sorted(called)
    intruders = [flight.name for flight in flights.values() if flight.role is Role.INTRUDER]
    first = {name: _first_s(called, name) for name in intruders}
    missed = tuple(name for name in intruders if first[name] > fates[name].deadline_s)
    breaches = {name: fates[name].breach_s for name in intruders}
    accused = {one.name for one in called if _was_settled(flights.get(one.name), one.time_s)}
    flown = [flight for flight in flights.values() if _covered_s(flight) >= LEAST_COVERED_S]
    aircraft = [flight.name for flight in flights.values() if flight.role is Role.AIRCRAFT]
    named: dict[str, list[Called]] = {}
    for one in called:
        named.setdefault(one.alert_id, []).append(one)
    false_alerts = tuple(
        (alert_id, ",".join(sorted({one.name or "nothing" for one in ones})))
        for alert_id, ones in named.items()
        if not any(_without_leave(flights.get(one.name), one.time_s) for one in ones)
    )
    return AlertFigures(
        intruders=len(intruders),
        missed=missed,
        warnings_s=tuple(
            round(breach_s - first[name], 1)
            for name, breach_s in breaches.items()
            if breach_s is not None and name not in missed
        ),
        false_alerts=false_alerts,
        authorised=len(flown),
        accused=tuple(sorted(accused & {flight.name for flight in flown})),
        aircraft=len(aircraft),
        aircraft_accused=tuple(sorted({one.name for one in called} & set(aircraft))),
        alerts=len(named),
    )


def _first_s(called: Iterable[Called], name: str) -> float:
    return min((one.time_s for one in called if one.name == name), default=float("inf"))


def _covered_s(flight: Flight) -> float:
    return 0.0 if flight.covered is None else float(flight.covered.sum()) * 0.1


def _without_leave(flight: Flight | None, time_s: float) -> bool:
    if flight is None:
        return False
    if flight.role is Role.PERMITTED:
        # What has just come back inside may still be named.
        return not _was_settled(flight, time_s)
    return flight.role in (Role.INTRUDER, Role.STRANGER)


def _was_settled(flight: Flight | None, time_s: float) -> bool:
    """Return whether it is a permitted flight that has been inside its permit for a while."""
    if flight is None or flight.role is not Role.PERMITTED:
        return False
    return all(flight.is_covered(time_s - 0.5 * k) for k in range(int(2 * SETTLED_S) + 1))
