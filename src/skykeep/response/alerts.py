"""The life of an alert: raised, heard, given to somebody, put aside, passed upwards, cleared with a sentence.

`AlertBook` is what the desk works with:

* `look` once per picture: follow what is open, raise what is new, bring back, escalate and clear by rule;
* `command` for what a person does with an alert, `changed` for what people should see anew;
* `posture` and `use` when the level of watchfulness or the rules change: they hold from the next look on;
* `cases` are the open alerts with their memory, `alerts` the records, `rate` how much people have to bear.
"""

from __future__ import annotations

import msgspec

from skykeep.base.clock import ns_to_seconds
from skykeep.base.errors import InputError
from skykeep.domain.commands import AlertCommand
from skykeep.domain.orders import NO_ORDERS, OrdersInForce
from skykeep.domain.posture import PostureLevel
from skykeep.domain.response import AlarmRate, Alert, AlertState, AlertStep
from skykeep.domain.rules import EscalationStep, ResponseRules
from skykeep.domain.site import Site
from skykeep.response.alerts_acts import (
    OFF_THE_SHELF,
    UNHEARD,
    act,
    back_from_the_shelf,
    escalate_unheard,
    ladder,
    raise_again,
)
from skykeep.response.alerts_follow import (
    HEARD,
    alert_of_each_track,
    choose_lead,
    count_of,
    describe,
    follow,
    take_over,
    why_clear,
)
from skykeep.response.alerts_groups import home_of, leaving, one_group
from skykeep.response.alerts_raise import Watchlist, patience_of
from skykeep.response.alerts_rate import AlarmMeter
from skykeep.response.alerts_worse import grown_worse, shelf_worse
from skykeep.response.case import Case, Member
from skykeep.response.obey import goes_on, same_object, two_objects
from skykeep.response.sighting import View
from skykeep.response.words import Words


class AlertBook:
    """All alerts of the night: which are open, which are closed, and what may yet become one."""

    def __init__(self, site: Site, words: Words, rules: ResponseRules) -> None:
        self._site = site
        self._words = words
        self._rules = rules
        self._level = PostureLevel(level=0, name="routine")
        self.cases: dict[str, Case] = {}
        self._closed: list[Alert] = []
        self._watched = Watchlist()
        self._meter = AlarmMeter()
        # Each open alert as people last saw it, with how many notes; those cleared that nobody saw yet.
        self._shown: dict[str, tuple[Alert, int]] = {}
        self._just_closed: list[Alert] = []
        self.before = 0  # how many another book raised: numbers go on

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """Open alerts by priority, the unheard first among equals and the shelved after all; then closed
        ones, the latest first.
        """
        opened = sorted(
            (case.alert for case in self.cases.values()),
            key=lambda alert: (
                alert.state is AlertState.SHELVED,
                -alert.priority,
                alert.state in HEARD,
                alert.alert_id,
            ),
        )
        return (*opened, *reversed(self._closed))

    @property
    def rate(self) -> AlarmRate:
        """How much people are asked to bear."""
        return self._meter.rate

    def posture(self, level: PostureLevel) -> None:
        """Be as watchful as a level says: from the next look on alerts are raised at `alert_factor` times
        the priority, and passed upwards after `escalate_factor` times as long.
        """
        self._level = level

    def take_rules(self, rules: ResponseRules) -> None:
        """Go by other rules from the next look on; what is open stays open until they clear it."""
        self._rules = rules

    def look(self, view: View, orders: OrdersInForce = NO_ORDERS) -> AlarmRate | None:
        """Follow what is open as people's orders say, raise what is new, escalate and clear; return the rate
        of alarms when a figure of it is new.
        """
        words, rules, now_utc_ns = self._words, self._rules, view.time_utc_ns
        words.call(orders.names)
        goes_on(self.cases, view, orders)
        for case, because in same_object(self.cases, orders):
            self._clear(case, because, now_utc_ns)
        two_objects(self.cases, orders)
        for case in self.cases.values():
            follow(case, view, words, rules)
        self._watched.supersede(take_over(self.cases, view, orders, words, rules))
        self._regroup(now_utc_ns)
        self._raise(view)
        alert_of_track = alert_of_each_track(self.cases)
        for case in self.cases.values():
            describe(case, words, alert_of_track)
        for case in list(self.cases.values()):
            self._grow_old(case, now_utc_ns)
        return self._meter.look(now_utc_ns, rules.alerts)

    def command(self, command: AlertCommand) -> Alert:
        """Do what a person on duty asks; InputError says which field stands in the way, and why."""
        case = self.cases.get(command.alert_id)
        if case is None:
            cleared = any(alert.alert_id == command.alert_id for alert in self._closed)
            found = f"{command.alert_id}, which was cleared" if cleared else repr(command.alert_id)
            raise InputError("alert_id", found, "an open alert")
        act(case, command, self._site, self._rules.alerts, self._ladder())
        if case.alert.state is AlertState.CLEARED:
            if case.heard is not None:
                self._watched.dismiss(case, case.heard)
            self._close(case)
        else:
            self._shown[case.alert.alert_id] = (case.alert, case.note_count)
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
                turned = len(alert.history) != len(shown.history) or case.note_count != notes
                waited_s = ns_to_seconds(now_utc_ns - shown.changed_utc_ns)
                if same or (not turned and waited_s < self._rules.refresh_s):
                    continue
            self._shown[alert.alert_id] = (alert, case.note_count)
            changed.append(alert)
        return sorted(changed, key=lambda alert: alert.alert_id)

    # --- what becomes of what is open ----------------------------------------------------------------

    def _ladder(self) -> list[EscalationStep]:
        every_s = self._rules.escalate_after_s
        return ladder(self._site, self._rules.alerts, every_s)

    def _regroup(self, now_utc_ns: int) -> None:
        """Part what does not fly together any more, and join what does."""
        rules = self._rules
        for case in list(self.cases.values()):
            parts = leaving(case, self._words, rules, now_utc_ns)
            for part in [] if case.order_open else parts:
                if part[0].sighting.priority >= self._raise_priority:
                    self._part(case, part, now_utc_ns)
        for older, younger in one_group(self.cases, rules, now_utc_ns):
            for track_id, member in younger.members.items():
                if track_id not in older.members:
                    older.join(member)
            younger_id, older_id = younger.alert.alert_id, older.alert.alert_id
            older.note(f"{younger_id} is part of it now: {count_of(list(younger.members.values()))}.")
            if younger.alert.state in UNHEARD and older.alert.state in HEARD:
                raise_again(older, now_utc_ns, f"Nobody had heard {younger_id}, which is part of it now.")
                self._meter.alarm(now_utc_ns)
            self._clear(younger, f"It flies in one group with {older_id} and is followed there.", now_utc_ns)
            choose_lead(older, rules, now_utc_ns)

    def _part(self, case: Case, part: list[Member], now_utc_ns: int) -> None:
        """Give those who left an alert of their own, or let them join that of their group."""
        for member in part:
            case.leave(member.track_id)
        who = count_of(part)
        home = home_of(
            {key: other for key, other in self.cases.items() if other is not case},
            part[0].sighting,
            self._words,
            self._rules,
            flooded=False,
        )
        if home is None:
            home = self._open(part[0], now_utc_ns)
            home.note(f"It left {case.alert.alert_id}: another side, or another asset.")
        for member in part:
            if member.track_id not in home.members:
                home.join(member)
        case.note(
            f"{who[0].upper()}{who[1:]} left it and {'has' if len(part) == 1 else 'have'} "
            f"{home.alert.alert_id}."
        )

    def _raise(self, view: View) -> None:
        """Open an alert for each track that has looked like a threat for long enough, unless its group has
        one already.
        """
        rules, flooded = self._rules, self._meter.rate.flooded
        members = [member for case in self.cases.values() for member in case.members.values()]
        groups = frozenset(member.group_id for member in members if member.group_id)
        followed = {member.track_id for member in members}
        touched = []
        for sighting, enough in self._watched.candidates(
            view, followed, rules, self._raise_priority, self._clear_priority, groups
        ):
            home = home_of(self.cases, sighting, self._words, rules, flooded=flooded and enough)
            if home is not None:
                home.join(Member(sighting))
                home.note(self._words.joined(sighting, len(home.members)))
                touched.append(home)
            elif enough:
                touched.append(self._open(Member(sighting), view.time_utc_ns))
        for case in touched:
            choose_lead(case, rules, view.time_utc_ns)

    def _open(self, member: Member, now_utc_ns: int) -> Case:
        threat, track_id = member.sighting.threat, member.track_id
        if threat is None:
            raise ValueError(f"track {track_id} has no threat to raise an alert for")
        raised = AlertStep(time_utc_ns=now_utc_ns, state=AlertState.RAISED, by="", because="By the rules.")
        alert = Alert(
            alert_id=f"alert-{self.before + len(self.cases) + len(self._closed) + 1:04d}",
            state=AlertState.RAISED,
            title="",
            track_ids=(track_id,),
            members=(track_id,),
            asset_id=threat.asset_id,
            priority=threat.priority,
            raised_utc_ns=now_utc_ns,
            changed_utc_ns=now_utc_ns,
            breach=threat.breach,
            grounds=(),
            history=(raised,),
        )
        case = Case(alert, member)
        before = [old for old in self._closed if track_id in old.track_ids]
        if before:
            case.note(f"{before[-1].alert_id} on this track was cleared: {before[-1].cleared_because}")
        case.patience = patience_of(track_id, self._closed, self._rules, now_utc_ns)
        self.cases[alert.alert_id] = case
        self._meter.alarm(now_utc_ns)
        return case

    def _grow_old(self, case: Case, now_utc_ns: int) -> None:
        """Bring back what must be heard again, pass upwards what nobody hears, clear what is over."""
        because = why_clear(case, self._words, self._rules, self._clear_priority, now_utc_ns)
        if because and not case.order_open:
            self._clear(case, because, now_utc_ns)
            return
        again = ""
        if case.alert.state in HEARD:
            again = grown_worse(case, self._words, self._rules.alerts)
        if case.alert.state is AlertState.SHELVED:
            if case.heard is not None and not case.lost:
                threat, asset_id = case.sighting.threat, case.alert.asset_id
                again = again or shelf_worse(case.heard, threat, asset_id, self._rules, now_utc_ns)
            again = back_from_the_shelf(case, now_utc_ns, again)
        if again:
            raise_again(case, now_utc_ns, again)
            self._meter.alarm(now_utc_ns)
        escalate_unheard(case, self._ladder(), now_utc_ns, self._level.escalate_factor)

    def _clear(self, case: Case, because: str, now_utc_ns: int) -> None:
        """Clear by rule, with a sentence."""
        case.step(AlertState.CLEARED, now_utc_ns, because, cleared_because=because, **OFF_THE_SHELF)
        self._close(case)
        self._just_closed.append(case.alert)

    def _close(self, case: Case) -> None:
        del self.cases[case.alert.alert_id]
        self._shown.pop(case.alert.alert_id, None)
        self._closed.append(case.alert)

    @property
    def _raise_priority(self) -> float:
        return self._rules.raise_priority * self._level.alert_factor

    @property
    def _clear_priority(self) -> float:
        """Below that at which alerts are raised by the same ratio at every level of watchfulness."""
        return self._rules.clear_priority * min(1.0, self._level.alert_factor)
