"""The life of an alert: raised, acknowledged or escalated, cleared with a sentence; one per intruder."""

from __future__ import annotations

import msgspec
import numpy as np

from skykeep.base.clock import ns_to_seconds, seconds_to_ns
from skykeep.base.errors import InputError
from skykeep.domain.commands import AcknowledgeAlert
from skykeep.domain.orders import NO_ORDERS, OrdersInForce
from skykeep.domain.response import Alert, AlertState
from skykeep.domain.rules import ResponseRules
from skykeep.response.case import Case, breach_of, left_of
from skykeep.response.obey import goes_on, same_object, two_objects
from skykeep.response.sighting import Sighting, View
from skykeep.response.words import Words


class AlertBook:
    """All alerts of the night: which are open, which are closed, and what may yet become one."""

    def __init__(self, words: Words, rules: ResponseRules) -> None:
        self._words = words
        self._rules = rules
        self.cases: dict[str, Case] = {}
        self._closed: list[Alert] = []
        # Tracks that look like an alert but not for long enough: since when, and how often.
        self._pending: dict[int, tuple[int, int]] = {}
        # Tracks that another has taken the place of, with when they were last detected: what is left of
        # them coasts on for a while and is nobody new, unless it is detected again.
        self._superseded: dict[int, int] = {}
        # Each open alert as people last saw it, with how many notes; those cleared that nobody saw yet.
        self._shown: dict[str, tuple[Alert, int]] = {}
        self._just_closed: list[Alert] = []

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """Open alerts by priority, the unheard first among equals; then closed ones, the latest first."""
        opened = sorted(
            (case.alert for case in self.cases.values()),
            key=lambda alert: (-alert.priority, alert.state is AlertState.ACKNOWLEDGED, alert.alert_id),
        )
        return (*opened, *reversed(self._closed))

    def take_rules(self, rules: ResponseRules) -> None:
        """Go by other rules from the next look on."""
        self._rules = rules

    def look(self, view: View, orders: OrdersInForce = NO_ORDERS) -> None:
        """Follow what is open as people's orders say, raise what is new, escalate and clear."""
        self._words.call(orders.names)
        goes_on(self.cases, view, orders)
        for case, because in same_object(self.cases, orders):
            self._clear(case, because, view.time_utc_ns)
        two_objects(self.cases, orders)
        for case in self.cases.values():
            self._follow(case, view)
        self._take_over(view, orders)
        self._raise(view)
        for case in list(self.cases.values()):
            self._grow_old(case, view)

    def acknowledge(self, command: AcknowledgeAlert) -> Alert:
        case = self.cases.get(command.alert_id)
        if case is None:
            cleared = any(alert.alert_id == command.alert_id for alert in self._closed)
            found = f"{command.alert_id}, which was cleared" if cleared else repr(command.alert_id)
            raise InputError("alert_id", found, "an open alert")
        if case.alert.state is AlertState.ACKNOWLEDGED:
            found = f"{command.alert_id}, acknowledged by {case.alert.acknowledged_by}"
            raise InputError("alert_id", found, "an alert that nobody has acknowledged")
        before_utc_ns = case.alert.changed_utc_ns
        changed_utc_ns = max(before_utc_ns, command.time_utc_ns)
        case.change(
            state=AlertState.ACKNOWLEDGED,
            acknowledged_by=command.by,
            breach=left_of(case.alert.breach, before_utc_ns, changed_utc_ns),
            changed_utc_ns=changed_utc_ns,
        )
        self._shown[case.alert.alert_id] = (case.alert, len(case.notes))
        return case.alert

    def changed(self, now_utc_ns: int) -> list[Alert]:
        """Return what people should see anew: a turn of events at once, mere numbers once a second."""
        changed = self._just_closed
        self._just_closed = []
        for case in self.cases.values():
            alert = case.alert
            if alert.alert_id in self._shown:
                shown, notes = self._shown[alert.alert_id]
                same = msgspec.structs.replace(alert, changed_utc_ns=shown.changed_utc_ns) == shown
                turned = alert.state is not shown.state or len(case.notes) != notes
                waited_s = ns_to_seconds(now_utc_ns - shown.changed_utc_ns)
                if same or (not turned and waited_s < self._rules.refresh_s):
                    continue
            self._shown[alert.alert_id] = (alert, len(case.notes))
            changed.append(alert)
        return sorted(changed, key=lambda alert: alert.alert_id)

    def _follow(self, case: Case, view: View) -> None:
        """Bring a case up to what is seen now, or note that it is not seen."""
        sighting = view.sighting(case.track_id)
        if sighting is None:
            if case.lost_utc_ns is None:
                case.lost_utc_ns = view.time_utc_ns
                case.note(self._words.lost(case.sighting, case.alert.asset_id))
            breach = left_of(breach_of(case), case.sighting.time_utc_ns, view.time_utc_ns)
            case.change(breach=breach, changed_utc_ns=view.time_utc_ns)
            return
        if case.lost_utc_ns is not None:
            away_s = ns_to_seconds(view.time_utc_ns - case.lost_utc_ns)
            case.note(f"Track {case.track_id} is seen again after {away_s:.0f} s.")
            case.lost_utc_ns = None
        case.sighting = sighting
        self._retarget(case, view)
        self._describe(case)

    def _describe(self, case: Case) -> None:
        """Say anew what it is and why it matters, from what is seen now."""
        alert_of_track = {
            track_id: other.alert.alert_id
            for other in self.cases.values()
            for track_id in other.alert.track_ids
        }
        case.change(
            title=self._words.title(case.sighting, case.alert.asset_id),
            priority=case.sighting.priority,
            breach=breach_of(case),
            grounds=(*self._words.grounds(case.sighting, alert_of_track), *case.notes),
            changed_utc_ns=case.sighting.time_utc_ns,
        )

    def _retarget(self, case: Case, view: View) -> None:
        """Follow a change of aim once it has lasted."""
        threat = case.sighting.threat
        aim = threat.asset_id if threat else case.alert.asset_id
        for reason in [key for key in case.since_utc_ns if key.startswith("aims:") and key != f"aims:{aim}"]:
            del case.since_utc_ns[reason]
        elsewhere = aim != case.alert.asset_id
        held_s = case.held_s(f"aims:{aim}", elsewhere, view.time_utc_ns)
        if held_s is not None and held_s >= self._rules.retarget_after_s:
            case.note(self._words.retargeted(case.alert.asset_id, aim))
            case.change(asset_id=aim)

    def _take_over(self, view: View, orders: OrdersInForce) -> None:
        """Let new tracks that continue lost ones take over their alerts, the best fit first."""
        silent_ns = seconds_to_ns(self._rules.takeover_silent_s)
        lost = [
            case
            for case in self.cases.values()
            if not case.ended_because
            and (case.lost or view.time_utc_ns - case.sighting.last_detected_utc_ns >= silent_ns)
        ]
        if not lost:
            return
        followed = {case.track_id for case in self.cases.values()}
        # Building a sighting costs; most of a busy sky is older than anything that was just lost.
        earliest_utc_ns = min(case.sighting.last_detected_utc_ns for case in lost) - silent_ns
        fits = []
        for track_id in view.track_ids:
            if track_id in followed or view.born_utc_ns(track_id) < earliest_utc_ns:
                continue
            fresh = view.sighting(track_id)
            if fresh is None or fresh.harmless_because(self._rules.harmless_probability):
                continue
            for case in lost:
                if not all(orders.may_join(track_id, old) for old in case.alert.track_ids):
                    continue
                distance_m, misfit = _continues(case.sighting, fresh, self._rules)
                if misfit <= self._rules.takeover_gate and distance_m <= self._rules.takeover_within_m:
                    fits.append((misfit, case.alert.alert_id, track_id, distance_m))
        continued: list[str] = []
        for _, alert_id, track_id, distance_m in sorted(fits):
            case, taken = self.cases[alert_id], view.sighting(track_id)
            if alert_id in continued or track_id in followed or taken is None:
                continue
            continued.append(alert_id)
            self._superseded[case.track_id] = case.sighting.last_detected_utc_ns
            case.note(self._words.taken_over(case.sighting, taken, distance_m))
            case.lost_utc_ns = None
            case.sighting = taken
            case.change(track_ids=(*(old for old in case.alert.track_ids if old != track_id), track_id))
            followed.add(track_id)
            self._pending.pop(track_id, None)
            self._describe(case)

    def _raise(self, view: View) -> None:
        """Open an alert for each track that has looked like a threat for long enough."""
        rules = self._rules
        followed = {case.track_id for case in self.cases.values()}
        pending: dict[int, tuple[int, int]] = {}
        for track_id in view.track_ids:
            if track_id in followed or view.priority(track_id) < rules.clear_priority:
                continue
            sighting = view.sighting(track_id)
            if sighting is None or sighting.harmless_because(rules.harmless_probability):
                continue
            if sighting.last_detected_utc_ns <= self._superseded.get(track_id, -1):
                continue
            since_utc_ns, looks = self._pending.get(track_id, (view.time_utc_ns, 0))
            if view.rules_changed and sighting.born_utc_ns <= since_utc_ns:
                # What is new is the rule, not the track: one that was followed all along waits for nothing.
                since_utc_ns, looks = sighting.born_utc_ns, rules.raise_after_ticks
            # Between the two thresholds a look neither counts nor is what came before forgotten.
            looks += sighting.priority >= rules.raise_priority
            pending[track_id] = (since_utc_ns, looks)
            if sighting.priority >= rules.raise_priority and self._enough(
                sighting, ns_to_seconds(view.time_utc_ns - since_utc_ns), looks
            ):
                del pending[track_id]
                self._open(sighting)
        self._pending = pending

    def _enough(self, sighting: Sighting, for_s: float, looks: int) -> bool:
        """Return whether it has looked like a threat for long enough, and like a drone enough."""
        rules = self._rules
        drone = sighting.drone_probability
        breach = sighting.threat.breach if sighting.threat else None
        if sighting.identification is None:
            # Nobody has said what it is: not a drone, but not harmless either.
            drone = rules.imminent_drone_probability
        if (
            breach is not None
            and breach.low_s <= rules.imminent_s
            and drone >= rules.imminent_drone_probability
        ):
            return looks >= rules.imminent_ticks
        return (
            drone >= rules.drone_probability
            and looks >= rules.raise_after_ticks
            and for_s >= rules.raise_after_s
        )

    def _open(self, sighting: Sighting) -> None:
        threat = sighting.threat
        if threat is None:
            raise ValueError(f"track {sighting.track_id} has no threat to raise an alert for")
        number = len(self.cases) + len(self._closed) + 1
        alert = Alert(
            alert_id=f"alert-{number:04d}",
            state=AlertState.RAISED,
            title="",
            track_ids=(sighting.track_id,),
            asset_id=threat.asset_id,
            priority=threat.priority,
            raised_utc_ns=sighting.time_utc_ns,
            changed_utc_ns=sighting.time_utc_ns,
            breach=threat.breach,
            grounds=(),
        )
        case = Case(alert, sighting)
        before = [old for old in self._closed if sighting.track_id in old.track_ids]
        if before:
            case.note(f"{before[-1].alert_id} on this track was cleared: {before[-1].cleared_because}")
        self.cases[alert.alert_id] = case
        self._describe(case)

    def _grow_old(self, case: Case, view: View) -> None:
        """Escalate what nobody acknowledges; clear what has a reason to be cleared."""
        now_utc_ns = view.time_utc_ns
        unheard_s = ns_to_seconds(now_utc_ns - case.alert.raised_utc_ns)
        if case.alert.state is AlertState.RAISED and unheard_s >= self._rules.escalate_after_s:
            case.note(f"Nobody acknowledged this alert for {unheard_s:.0f} s.")
            case.change(state=AlertState.ESCALATED, changed_utc_ns=now_utc_ns)
        because = self._why_clear(case, now_utc_ns)
        if because and not case.order_open:
            self._clear(case, because, now_utc_ns)

    def _clear(self, case: Case, because: str, now_utc_ns: int) -> None:
        case.change(state=AlertState.CLEARED, cleared_because=because, changed_utc_ns=now_utc_ns)
        del self.cases[case.alert.alert_id]
        self._shown.pop(case.alert.alert_id, None)
        self._closed.append(case.alert)
        self._just_closed.append(case.alert)

    def _why_clear(self, case: Case, now_utc_ns: int) -> str:
        rules = self._rules
        if case.lost_utc_ns is not None:
            if case.ended_because:
                return f"{case.ended_because} Its track has ended."
            lost_s = ns_to_seconds(now_utc_ns - case.lost_utc_ns)
            heard = case.alert.state is AlertState.ACKNOWLEDGED
            if heard and lost_s >= rules.lost_clear_after_s:
                last = self._words.lost(case.sighting, case.alert.asset_id)
                return f"It was not seen again for {lost_s:.0f} s. {last}"
            return ""
        known = case.sighting.harmless_because(rules.clear_harmless_probability)
        known_s = case.held_s("known", bool(known), now_utc_ns)
        if known_s is not None and known_s >= rules.clear_known_after_s:
            return known
        low_s = case.held_s("low", case.sighting.priority < rules.clear_priority, now_utc_ns)
        if low_s is not None and low_s >= rules.clear_after_s:
            return self._words.faded(case.sighting, case.alert.asset_id, rules.clear_priority, low_s)
        return ""


def _continues(old: Sighting, fresh: Sighting, rules: ResponseRules) -> tuple[float, float]:
    """Return how far a new track is from where a lost one would be, in metres and squared deviations.

    Infinite when the old one was still detected beside it, or it comes too late.
    """
    gap_s = ns_to_seconds(fresh.time_utc_ns - old.time_utc_ns)
    early_s = ns_to_seconds(old.last_detected_utc_ns - fresh.born_utc_ns)
    if gap_s > rules.takeover_within_s or early_s > rules.takeover_silent_s:
        return np.inf, np.inf
    offset_m = fresh.state[:3] - np.array(old.position_at(fresh.time_utc_ns))
    spread = old.covariance_at(fresh.time_utc_ns, rules.manoeuvre_mps2)[:3, :3] + fresh.covariance[:3, :3]
    # Metres of room keep a track that claims to know its place exactly from being refused.
    misfit = float(offset_m @ np.linalg.solve(spread + np.eye(3), offset_m))
    return float(np.hypot(offset_m[0], offset_m[1])), misfit
