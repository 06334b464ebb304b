"""The vocabulary in which a night's verdicts are expected: each sentence is a test, and says why it failed.

`failures(watch, sentences)` returns one line for each sentence that does not hold. A sentence that nobody
knows is an error of the table, never a pass. X is something that flies: a drone, or all of a swarm or a
flock.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable

from skykeep.domain.identity import TargetClass
from skykeep.domain.response import Alert, AlertState, EffectOrder, Proposal, ProposalState, Task
from story_nights import Sight, Watch

Check = Callable[..., str]
SENTENCES: list[tuple[re.Pattern[str], Check]] = []
# What stands for what in a sentence below: something that flies, a word, some text, a number.
SLOTS = {"X": "([a-z][a-z0-9-]*)", "WORD": "([A-Za-z0-9_-]+)", "TEXT": "(.+)", "#": r"(\d+(?:\.\d+)?)"}

SCANS_REFUSED = "scans are refused"


class UnknownSentenceError(ValueError):
    """A night of the table says something that no expectation says."""


def sentence(pattern: str) -> Callable[[Check], Check]:
    """Make a function the meaning of a sentence; it returns "" where the sentence holds, else why not."""

    def keep(check: Check) -> Check:
        whole = re.sub(r"\b(X|WORD|TEXT)\b|#", lambda match: SLOTS[match[0]], pattern)
        SENTENCES.append((re.compile(f"^{whole}$"), check))
        return check

    return keep


def meaning(said: str) -> tuple[Check, tuple[str, ...]]:
    """Return the check of a sentence and its words."""
    for pattern, check in SENTENCES:
        match = pattern.match(said)
        if match:
            return check, match.groups()
    raise UnknownSentenceError(said)


def failures(watch: Watch, sentences: Iterable[str]) -> list[str]:
    """Return a line for each sentence that does not hold, and for each rule of every night that is broken."""
    found, told = [], tuple(sentences)
    for said in told:
        check, words = meaning(said)
        why = check(watch, *words)
        if why:
            found.append(f"{said}: {why}")
    return found + broken_rules(watch, refused=SCANS_REFUSED in told)


def broken_rules(watch: Watch, *, refused: bool = False) -> list[str]:
    """Return what no night may do, whatever is expected of it; scans are refused only where that is
    expected.
    """
    found = []
    for alert in watch.alerts():
        if alert.state is AlertState.CLEARED and not alert.cleared_because:
            found.append(f"every night: {alert.alert_id} was cleared silently")
        if not alert.grounds:
            found.append(f"every night: {alert.alert_id} says nothing for itself")
    for time_s, event in watch.events:
        match event:
            case EffectOrder() if len({one.by for one in event.approvals}) < 2 or not event.simulated:
                found.append(f"every night: an effect at {time_s} s without two persons")
            case Proposal() if any(not option.debris.contours for option in event.options):
                found.append(f"every night: a proposal at {time_s} s without its footprint")
    # People may be late: what they say of something that is over is refused, and rightly.
    people = {"acknowledge_alert", "approve_response", "complete_task"} | ({"scan"} if refused else set())
    found += [
        f"every night: {one.kind} refused at {time_s} s: {one.because}"
        for time_s, one in watch.rejections
        if one.kind not in people
    ]
    return found


def _alerts(watch: Watch) -> str:
    said = [
        f"{watch.seconds(a.raised_utc_ns):.0f} s {[watch.who(i) for i in a.track_ids]}"
        for a in watch.alerts()
    ]
    return "alerts: " + ("; ".join(said) or "none")


# --- alerts ---------------------------------------------------------------------------------------------


@sentence("alert on X")
def _(watch: Watch, x: str) -> str:
    return "" if watch.alerted(x) else _alerts(watch)


@sentence("alert on X within # s of appearing")
def _(watch: Watch, x: str, most: str) -> str:
    times = watch.alerted(x)
    if not times:
        return _alerts(watch)
    took_s = min(times.values()) - watch.appears_s(x)
    return "" if took_s <= float(most) else f"after {took_s:.1f} s"


@sentence("alert on X at least # s before breach")
def _(watch: Watch, x: str, least: str) -> str:
    times, breach_s = watch.alerted(x), watch.breach_s(x)
    if not times or breach_s is None:
        return f"breach at {breach_s}, {_alerts(watch)}"
    left_s = breach_s - min(times.values())
    return "" if left_s >= float(least) else f"{left_s:.1f} s before"


@sentence("no alert on X")
def _(watch: Watch, x: str) -> str:
    return f"{watch.alerted(x)}" if watch.alerted(x) else ""


@sentence("no alert on X before # s")
def _(watch: Watch, x: str, limit: str) -> str:
    early = {who: at_s for who, at_s in watch.alerted(x).items() if at_s < float(limit)}
    return f"{early}" if early else ""


@sentence("no alert at all")
def _(watch: Watch) -> str:
    return _alerts(watch) if watch.alerts() else ""


@sentence("one alert in all")
def _(watch: Watch) -> str:
    return "" if len(watch.alerts()) == 1 else _alerts(watch)


@sentence("at most # alerts in all")
def _(watch: Watch, most: str) -> str:
    return "" if len(watch.alerts()) <= int(most) else _alerts(watch)


@sentence("X is one alert")
def _(watch: Watch, x: str) -> str:
    return "" if len(watch.alerts_on(x)) == 1 else _alerts(watch)


@sentence("at least # of X in one alert")
def _(watch: Watch, least: str, x: str) -> str:
    wanted = set(watch.members(x))
    most = max((len(wanted & {watch.who(i) for i in a.track_ids}) for a in watch.alerts()), default=0)
    return "" if most >= int(least) else f"at most {most}; {_alerts(watch)}"


@sentence("X and X are different alerts")
def _(watch: Watch, x: str, y: str) -> str:
    ours, theirs = watch.alerts_on(x), watch.alerts_on(y)
    if not ours or not theirs:
        return _alerts(watch)
    return "" if not {a.alert_id for a in ours} & {a.alert_id for a in theirs} else _alerts(watch)


@sentence("alert on X is (raised|escalated|acknowledged|assigned|shelved|cleared)( at the end)?")
def _(watch: Watch, x: str, state: str, at_end: str | None) -> str:
    ids = {alert.alert_id for alert in watch.alerts_on(x)}
    states = [e.state.value for _, e in watch.events if isinstance(e, Alert) and e.alert_id in ids]
    ends = [alert.state.value for alert in watch.alerts_on(x)]
    return "" if state in (ends if at_end else states) else f"was {sorted(set(states))}, ended {ends}"


@sentence("alert on X is never (cleared|escalated|shelved)")
def _(watch: Watch, x: str, state: str) -> str:
    alerts = watch.alerts_on(x)
    ids = {alert.alert_id for alert in alerts}
    for time_s, e in watch.events:
        if isinstance(e, Alert) and e.alert_id in ids and e.state.value == state:
            return f"at {time_s} s: {e.cleared_because or e.notes[-1:]}"
    return "" if alerts else "there is none"


@sentence('grounds of X say "TEXT"')
def _(watch: Watch, x: str, text: str) -> str:
    said = {line for sight in watch.seen(x) if sight.threat for line in sight.threat.grounds}
    said |= {line for alert in watch.alerts_on(x) for line in alert.grounds}
    return "" if any(text.lower() in line.lower() for line in said) else f"{sorted(said)[:12]}"


# --- who and what it is ---------------------------------------------------------------------------------


@sentence("X is tracked within # s of appearing")
def _(watch: Watch, x: str, most: str) -> str:
    seen = watch.seen(x)
    took_s = seen[0].time_s - watch.appears_s(x) if seen else None
    return "" if took_s is not None and took_s <= float(most) else f"after {took_s} s"


@sentence("X keeps its number")
def _(watch: Watch, x: str) -> str:
    numbers = Counter(sight.track_id for sight in watch.seen(x))
    return "" if len(numbers) == 1 else f"{dict(numbers)}"


def _late(sights: list[Sight]) -> list[Sight]:
    """Return the latter half of what was thought: by then there has been time to think."""
    return sights[len(sights) // 2 :]


@sentence("standing of X is (unknown|friend|neutral|suspect|hostile)")
def _(watch: Watch, x: str, wanted: str) -> str:
    found = Counter(sight.identification.standing.name.lower() for sight in _late(watch.seen(x)))
    return "" if found and found.most_common(1)[0][0] == wanted else f"{dict(found)}"


@sentence("standing of X is never (unknown|friend|neutral|suspect|hostile)")
def _(watch: Watch, x: str, wanted: str) -> str:
    found = Counter(sight.identification.standing.name.lower() for sight in watch.seen(x))
    return f"{dict(found)}" if not found or wanted in found else ""


@sentence("X is taken for a (multirotor|fixed_wing|bird|aircraft|other)")
def _(watch: Watch, x: str, wanted: str) -> str:
    found = Counter(
        TargetClass(max(range(5), key=s.identification.class_probabilities.__getitem__)).name.lower()
        for s in _late(watch.seen(x))
    )
    return "" if found and found.most_common(1)[0][0] == wanted else f"{dict(found)}"


@sentence("X is no (bird|aircraft)")
def _(watch: Watch, x: str, wanted: str) -> str:
    which = TargetClass[wanted.upper()]
    found = [s.identification.class_probabilities[which] for s in _late(watch.seen(x))]
    mean = sum(found) / len(found) if found else 1.0
    return "" if mean < 0.5 else f"{mean:.2f} a {wanted}"


@sentence("claim WORD is caught")
def _(watch: Watch, claimed_id: str) -> str:
    found = _claims(watch, claimed_id)
    return "" if found["contradicted"] else f"{dict(found)}"


@sentence("claim WORD is caught by (place|sender|strength|motion|operator|duplicate|registry)")
def _(watch: Watch, claimed_id: str, kind: str) -> str:
    checks = Counter(
        f"{c.kind} {c.verdict}" for t in watch.tests if t.claimed_id == claimed_id for c in t.checks
    )
    return "" if checks[f"{kind} contradicted"] else f"{dict(checks)}"


@sentence("claim WORD agrees with X")
def _(watch: Watch, claimed_id: str, x: str) -> str:
    found = Counter(sight.identification.claimed_id for sight in _late(watch.seen(x)))
    return "" if found and found.most_common(1)[0][0] == claimed_id else f"{dict(found)}"


@sentence("claim WORD is never believed of X")
def _(watch: Watch, claimed_id: str, x: str) -> str:
    found = [sight.time_s for sight in watch.seen(x) if sight.identification.claimed_id == claimed_id]
    return f"from {found[0]} s, {len(found)} looks" if found else ""


def _claims(watch: Watch, claimed_id: str) -> Counter[str]:
    return Counter(test.verdict.value for test in watch.tests if test.claimed_id == claimed_id)


@sentence("claim WORD is told to be on the air twice")
def _(watch: Watch, claimed_id: str) -> str:
    """Where sensors bear both out neither is accused by it; the tracks are (standing)."""
    tests = [test for test in watch.tests if test.claimed_id == claimed_id]
    found = Counter(check.kind.value for test in tests for check in test.checks)
    return "" if found["duplicate"] else f"{dict(found)}"


@sentence("verdict on X is (allowed|forbidden|unknown)")
def _(watch: Watch, x: str, wanted: str) -> str:
    found = Counter(sight.verdict.permission.value for sight in _late(watch.seen(x)))
    return "" if found and found.most_common(1)[0][0] == wanted else f"{dict(found)}"


@sentence("verdict on X is (allowed|forbidden) after # s")
def _(watch: Watch, x: str, wanted: str, after: str) -> str:
    found = Counter(s.verdict.permission.value for s in watch.seen(x) if s.time_s >= float(after))
    return "" if found and found.most_common(1)[0][0] == wanted else f"{dict(found)}"


@sentence("verdict on X is (allowed|forbidden) before # s")
def _(watch: Watch, x: str, wanted: str, before: str) -> str:
    early = [s for s in watch.seen(x) if s.time_s < float(before)]
    found = Counter(s.verdict.permission.value for s in _late(early))
    return "" if found and found.most_common(1)[0][0] == wanted else f"{dict(found)}"


@sentence('verdict on X cites "TEXT"')
def _(watch: Watch, x: str, document: str) -> str:
    found = Counter(sight.verdict.document for sight in watch.seen(x))
    return "" if any(document in each for each in found) else f"{dict(found)}"


@sentence("verdict on X fails by WORD")
def _(watch: Watch, x: str, condition: str) -> str:
    found = Counter(sight.verdict.failing_condition for sight in watch.seen(x))
    return "" if found[condition] else f"{dict(found)}"


# --- what it is after -----------------------------------------------------------------------------------


@sentence("X aims at WORD")
def _(watch: Watch, x: str, asset_id: str) -> str:
    found = Counter(s.threat.asset_id for s in _late(watch.seen(x)) if s.threat)
    return "" if found and found.most_common(1)[0][0] == asset_id else f"{dict(found)}"


@sentence("behaviour of X is WORD")
def _(watch: Watch, x: str, wanted: str) -> str:
    found = Counter(b.value for s in watch.seen(x) if s.threat for b in s.threat.behaviours)
    return "" if found[wanted] else f"{dict(found)}"


@sentence("behaviour of X is never WORD")
def _(watch: Watch, x: str, wanted: str) -> str:
    found = Counter(b.value for s in watch.seen(x) if s.threat for b in s.threat.behaviours)
    return f"{dict(found)}" if found[wanted] else ""


@sentence("at least # of X fly in one group")
def _(watch: Watch, least: str, x: str) -> str:
    groups: Counter[tuple[float, str]] = Counter(
        (s.time_s, s.threat.group_id) for s in watch.seen(x) if s.threat and s.threat.group_id
    )
    most = max(groups.values(), default=0)
    return "" if most >= int(least) else f"at most {most}"


@sentence("X and X are never in one group")
def _(watch: Watch, x: str, y: str) -> str:
    ours = {(s.time_s, s.threat.group_id) for s in watch.seen(x) if s.threat and s.threat.group_id}
    theirs = {(s.time_s, s.threat.group_id) for s in watch.seen(y) if s.threat and s.threat.group_id}
    return f"{sorted(ours & theirs)[:2]}" if ours & theirs else ""


@sentence("X weighs more than X")
def _(watch: Watch, x: str, y: str) -> str:
    ours, theirs = (max((s.threat.priority for s in watch.seen(n) if s.threat), default=0.0) for n in (x, y))
    return "" if ours > theirs else f"{ours:.2f} and {theirs:.2f}"


@sentence("priority of X reaches #")
def _(watch: Watch, x: str, least: str) -> str:
    most = max((s.threat.priority for s in watch.seen(x) if s.threat), default=0.0)
    return "" if most >= float(least) else f"at most {most:.2f}"


@sentence("priority of X stays under #")
def _(watch: Watch, x: str, limit: str) -> str:
    most = max((s.threat.priority for s in watch.seen(x) if s.threat), default=0.0)
    return "" if most < float(limit) else f"reaches {most:.2f}"


@sentence("breach of X is foretold within # s")
def _(watch: Watch, x: str, most: str) -> str:
    """The median of the time to breach, at the first alert on it, against the truth."""
    times, breach_s = watch.alerted(x), watch.breach_s(x)
    if not times or breach_s is None:
        return f"breach at {breach_s}, {_alerts(watch)}"
    first_s = min(times.values())
    said = [s for s in watch.seen(x) if s.threat and s.threat.breach and s.time_s >= first_s]
    if not said or said[0].threat is None or said[0].threat.breach is None:
        return "no time to breach is given"
    off_s = said[0].time_s + said[0].threat.breach.mid_s - breach_s
    return "" if abs(off_s) <= float(most) else f"off by {off_s:.1f} s"


# --- what people are asked, and do ----------------------------------------------------------------------


def _tasks(watch: Watch, key: str) -> dict[str, list[str]]:
    """Return the states of every task of that key; a key is the beginning of what a playbook's task says."""
    assert watch.run is not None
    texts = {t.text for book in watch.run.night.site.playbooks for t in book.tasks if t.task_key == key}
    assert texts, f"no playbook has a task {key}"
    found: dict[str, list[str]] = {}
    for _, event in watch.events:
        if isinstance(event, Task) and event.text in texts:
            found.setdefault(event.task_id, []).append(event.state.value)
    return found


@sentence("task WORD is (open|done|overdue|called_off)")
def _(watch: Watch, key: str, state: str) -> str:
    found = _tasks(watch, key)
    return "" if any(state in states for states in found.values()) else f"{found}"


@sentence("task WORD is never asked")
def _(watch: Watch, key: str) -> str:
    found = _tasks(watch, key)
    return f"{found}" if found else ""


@sentence("task WORD is told to the WORD")
def _(watch: Watch, key: str, role: str) -> str:
    told = {
        e.escalated_to for _, e in watch.events if isinstance(e, Task) and e.task_id in _tasks(watch, key)
    }
    return "" if role in told else f"{told}"


def _proposals(watch: Watch) -> list[Proposal]:
    return [event for _, event in watch.events if isinstance(event, Proposal)]


@sentence("a proposal on X")
def _(watch: Watch, x: str) -> str:
    wanted = set(watch.members(x))
    found = {watch.who(p.track_id) for p in _proposals(watch)}
    return "" if found & wanted else f"{found}"


@sentence("no proposal on X")
def _(watch: Watch, x: str) -> str:
    found = {watch.who(p.track_id) for p in _proposals(watch)} & set(watch.members(x))
    return f"{found}" if found else ""


@sentence("proposals need # approvals")
def _(watch: Watch, needed: str) -> str:
    found = {p.approvals_needed for p in _proposals(watch)}
    return "" if found == {int(needed)} else f"{found}"


@sentence("a proposal is (expired|refused|withdrawn|approved|carried_out)")
def _(watch: Watch, state: str) -> str:
    found = Counter(p.state.value for p in _proposals(watch))
    assert state in {each.value for each in ProposalState}, state
    return "" if found[state] else f"{dict(found)}"


@sentence("no effect is ordered")
def _(watch: Watch) -> str:
    found = [time_s for time_s, event in watch.events if isinstance(event, EffectOrder)]
    return f"at {found}" if found else ""


@sentence("an effect on X by # persons")
def _(watch: Watch, x: str, persons: str) -> str:
    wanted = set(watch.members(x))
    found = [
        len({a.by for a in event.approvals})
        for _, event in watch.events
        if isinstance(event, EffectOrder) and watch.who(event.track_id) in wanted
    ]
    return "" if int(persons) in found else f"{found}"


@sentence("X is (fell|landed|returned|flew_on|breached|left alone)( in truth)?")
def _(watch: Watch, x: str, fate: str, _in_truth: str | None) -> str:
    assert watch.run is not None
    wanted = "" if fate == "left alone" else fate
    found = [t.fate for t in watch.run.night.truth.targets if t.name in watch.members(x)]
    return "" if wanted in found else f"{found}"


@sentence(SCANS_REFUSED)
def _(watch: Watch) -> str:
    found = [time_s for time_s, one in watch.rejections if one.kind == "scan"]
    return "" if found else "none was"


@sentence("posture is WORD at # s")
def _(watch: Watch, name: str, at: str) -> str:
    said = [r for time_s, kind, r in watch.records if kind == "posture" and time_s <= float(at)]
    return "" if said and said[-1].get("name") == name else f"{said[-1:]}"


@sentence('posture says "TEXT"')
def _(watch: Watch, text: str) -> str:
    said = [str(r.get("because")) for _, kind, r in watch.records if kind == "posture"]
    return "" if any(text in because for because in said) else f"{said}"


@sentence("a report arrives by # s")
def _(watch: Watch, at: str) -> str:
    said = [type(record).__name__ for record in watch.inputs]
    reports = [r for r in watch.inputs if type(r).__name__ == "Report"]
    times = [watch.seconds(r.received_utc_ns) for r in reports]  # type: ignore[union-attr]
    return "" if any(time_s <= float(at) for time_s in times) else f"{times} of {len(said)}"
