"""Whatever the sky and people do, in any order: no illegal step, nothing lost, no change without author."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from alert_sky import DRONE, GULL, START_UTC_NS, Flight, Watch
from skykeep.base.errors import InputError
from skykeep.domain.commands import (
    AcknowledgeAlert,
    AlertCommand,
    AssignAlert,
    ClearAlert,
    EscalateAlert,
    ShelveAlert,
    UnshelveAlert,
)
from skykeep.domain.response import Alert, AlertState
from skykeep.domain.rules import AlertRules, ResponseRules

PEOPLE = ("op", "ada", "ben")
TRACKS = st.integers(1, 5)
NUMBERS = st.sampled_from([1, 1, 1, 2, 2, 3])
# Mostly such as can be carried out: what is refused changes nothing.
REASONS = st.sampled_from(["Ours", "Ours", "Ours", ""])
# What may follow what, written out here again on purpose: a slip in the book's own table would show.
# Of each state: where people may bring it, and where the rules may.
BY_PEOPLE = {
    "raised": {"acknowledged", "assigned", "shelved", "escalated", "cleared"},
    "escalated": {"acknowledged", "assigned", "shelved", "escalated", "cleared"},
    "acknowledged": {"assigned", "shelved", "escalated", "cleared"},
    "assigned": {"assigned", "shelved", "escalated", "cleared"},
    "shelved": {"acknowledged", "assigned", "escalated", "cleared"},
    "cleared": set(),
}
BY_RULES = {
    "raised": {"escalated", "cleared"},
    "escalated": {"escalated", "cleared", "raised"},
    "acknowledged": {"raised", "cleared"},
    "assigned": {"raised", "cleared"},
    "shelved": {"raised", "cleared"},
    "cleared": set(),
}
# Short enough for everything to happen within one run.
RULES = ResponseRules(
    lost_clear_after_s=60.0,
    alerts=AlertRules(split_after_s=3.0, merge_after_s=2.0, lead_after_s=2.0, dismissed_for_s=20.0),
)


class Alerts(RuleBasedStateMachine):
    """Five flights in two groups that come, go, part, join, turn harmless and turn back."""

    @initialize(count=st.integers(1, 5))
    def begin(self, count: int) -> None:
        flights = [
            Flight(track_id=k, north_m=60.0 * k, group_id=f"group-{1 + k % 2}") for k in range(1, count + 1)
        ]
        self.watch = Watch(*flights, rules=RULES)
        self.hidden: list[Flight] = []
        self.last: dict[str, Alert] = {}
        # For how many looks each flight has been a threat without a break.
        self.held: dict[int, int] = {}
        self.look(4, 1.0)

    @rule()
    def a_moment_passes(self) -> None:
        self.look(3, 1.0)

    @rule(times=st.integers(1, 8), step_s=st.sampled_from([0.5, 1.0, 1.0, 6.0]))
    def look(self, times: int, step_s: float) -> None:
        for _ in range(times):
            self.watch.look(1, step_s)
            self.held = {
                flight.track_id: self.held.get(flight.track_id, 0) + 1
                for flight in self.watch.flights
                if flight.priority >= RULES.raise_priority and flight.classes == DRONE
            }
            self._check_steps(by="")

    @rule(number=TRACKS, priority=st.sampled_from([0.1, 0.4, 0.6, 0.8, 0.98]))
    def matters(self, number: int, priority: float) -> None:
        for flight in self._flights(number):
            flight.priority = priority

    @rule(number=TRACKS, gull=st.booleans())
    def looks_like(self, number: int, gull: bool) -> None:
        for flight in self._flights(number):
            flight.classes = GULL if gull else DRONE

    @rule(
        number=TRACKS,
        group_id=st.sampled_from(["", "group-1", "group-2"]),
        east_m=st.sampled_from([3000.0, -3000.0]),
    )
    def flies_with(self, number: int, group_id: str, east_m: float) -> None:
        for flight in self._flights(number):
            flight.group_id, flight.east_m = group_id, east_m

    @rule(together=st.booleans())
    def all_fly_in_one_group_or_in_two(self, together: bool) -> None:
        for flight in (*self.watch.flights, *self.hidden):
            flight.group_id = "group-1" if together else f"group-{1 + flight.track_id % 2}"

    @rule(
        number=TRACKS,
        asset_id=st.sampled_from(["house", "stadium"]),
        breach_s=st.sampled_from([None, 10.0, 120.0]),
    )
    def aims(self, number: int, asset_id: str, breach_s: float | None) -> None:
        for flight in self._flights(number):
            flight.asset_id, flight.breach_s = asset_id, breach_s
            flight.consequence = 1.0 if asset_id == "house" else 0.5

    @rule(number=TRACKS)
    def goes_out_of_sight_or_comes_back(self, number: int) -> None:
        here = [flight for flight in self.watch.flights if flight.track_id == number]
        back = [flight for flight in self.hidden if flight.track_id == number]
        self.watch.flights = [f for f in self.watch.flights if f not in here] + back
        self.hidden = [f for f in self.hidden if f not in back] + here

    @rule(by=st.sampled_from(PEOPLE), number=NUMBERS)
    def acknowledge(self, by: str, number: int) -> None:
        self._ask(AcknowledgeAlert(**self._on(number, by)))

    @rule(by=st.sampled_from(PEOPLE), to=st.sampled_from([*PEOPLE, *PEOPLE, "stranger"]), number=NUMBERS)
    def assign(self, by: str, to: str, number: int) -> None:
        self._ask(AssignAlert(to=to, **self._on(number, by)))

    @rule(
        by=st.sampled_from(PEOPLE),
        number=NUMBERS,
        for_s=st.sampled_from([5.0, 5.0, 30.0, 0.0]),
        reason=REASONS,
    )
    def shelve(self, by: str, number: int, for_s: float, reason: str) -> None:
        self._ask(ShelveAlert(for_s=for_s, reason=reason, **self._on(number, by)))

    @rule(by=st.sampled_from(PEOPLE), number=NUMBERS)
    def unshelve(self, by: str, number: int) -> None:
        self._ask(UnshelveAlert(**self._on(number, by)))

    @rule(by=st.sampled_from(PEOPLE), number=NUMBERS, reason=REASONS)
    def escalate(self, by: str, number: int, reason: str) -> None:
        self._ask(EscalateAlert(reason=reason, **self._on(number, by)))

    @rule(by=st.sampled_from(PEOPLE), number=NUMBERS, reason=REASONS)
    def clear(self, by: str, number: int, reason: str) -> None:
        self._ask(ClearAlert(reason=reason, **self._on(number, by)))

    @rule(number=NUMBERS, under_way=st.booleans())
    def an_effect_is_under_way(self, number: int, under_way: bool) -> None:
        case = self.watch.book.cases.get(f"alert-{number:04d}")
        if case is not None:
            case.order_open = under_way

    # --- what must hold ------------------------------------------------------------------------------

    @invariant()
    def no_alert_leaves_without_a_sentence(self) -> None:
        numbers = [alert.alert_id for alert in self.watch.book.alerts]
        assert set(self.last) <= set(numbers), "an alert was lost"
        assert len(numbers) == len(set(numbers))
        for alert in self.watch.book.alerts:
            assert (alert.state is AlertState.CLEARED) == bool(alert.cleared_because)
            assert (alert.state is AlertState.SHELVED) == bool(alert.shelved_by)
            assert (alert.state is AlertState.SHELVED) == (alert.shelved_until_utc_ns is not None)
            assert alert.state not in (AlertState.ACKNOWLEDGED, AlertState.ASSIGNED) or alert.acknowledged_by
            assert alert.state is not AlertState.ASSIGNED or alert.assigned_to in PEOPLE
            until_utc_ns = alert.shelved_until_utc_ns
            assert until_utc_ns is None or until_utc_ns > self.watch.time_utc_ns

    @invariant()
    def every_track_is_in_one_alert_at_most_and_every_member_is_in_its_record(self) -> None:
        cases = self.watch.book.cases.values()
        everybody = [track_id for case in cases for track_id in case.members]
        assert len(everybody) == len(set(everybody))
        for case in cases:
            assert set(case.alert.members) == set(case.members)
            assert case.alert.members[-1] == case.alert.track_ids[-1] == case.track_id
            assert set(case.members) <= set(case.alert.track_ids)

    @invariant()
    def what_is_a_threat_has_an_alert_or_somebodys_word(self) -> None:
        """Nothing that is a threat slips through: it is followed, or a person called it over."""
        followed = {track_id for case in self.watch.book.cases.values() for track_id in case.members}
        dismissed = {
            track_id for alert in self.watch.book.alerts if alert.cleared_by for track_id in alert.track_ids
        }
        steady = {track_id for track_id, looks in self.held.items() if looks >= 4}
        assert steady <= followed | dismissed

    @invariant()
    def histories_only_grow_and_what_was_shown_stands(self) -> None:
        shown = {alert.alert_id: alert for alert in self.watch.shown}
        for alert in self.watch.book.alerts:
            assert shown[alert.alert_id].history == alert.history
            assert [step.time_utc_ns for step in alert.history] == sorted(
                step.time_utc_ns for step in alert.history
            )
            assert all(step.because for step in alert.history)

    def _check_steps(self, by: str) -> None:
        """Check every step taken since, by whom, against what may follow what."""
        for alert in self.watch.book.alerts:
            before = self.last.get(alert.alert_id)
            known = len(before.history) if before else 0
            assert before is None or alert.history[:known] == before.history
            for earlier, later in itertools.pairwise(alert.history[max(0, known - 1) :]):
                assert later.by == by
                legal = BY_PEOPLE if later.by else BY_RULES
                assert later.state.value in legal[earlier.state.value]
            assert alert.history[0].state is AlertState.RAISED
            assert alert.history[-1].state is alert.state
            assert alert.raised_utc_ns >= START_UTC_NS
            self.last[alert.alert_id] = alert

    def _ask(self, command: AlertCommand) -> None:
        """Give a command; where it is refused nothing may have changed."""
        book = self.watch.book
        before = book.alerts
        refused: InputError | None = None
        try:
            self.watch.shown.append(book.command(command))
        except InputError as error:
            refused = error
        if refused is not None:
            assert refused.field
            assert refused.found
            assert refused.must
            assert book.alerts == before
            return
        alert = self.watch.alert(command.alert_id)
        assert alert.history[-1].by == command.by
        self._check_steps(by=command.by)

    def _on(self, number: int, by: str) -> dict[str, Any]:
        return {"alert_id": f"alert-{number:04d}", "by": by, "time_utc_ns": self.watch.time_utc_ns}

    def _flights(self, number: int) -> list[Flight]:
        return [flight for flight in (*self.watch.flights, *self.hidden) if flight.track_id == number]


Alerts.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
TestAlerts = Alerts.TestCase
