"""The timeline of a dossier: everything that has a time, each as it was said then and not as it ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from skykeep.base.clock import iso_utc
from skykeep.domain.response import Alert, AlertState, AlertStep, EffectOrder
from skykeep.domain.sensing import Report
from skykeep.evidence.case import Case
from skykeep.evidence.naming import about, by_whom, first_sensor, words
from skykeep.evidence.paper import (
    SIMULATED,
    Block,
    Cell,
    Heading,
    Look,
    Paragraph,
    Run,
    clock,
    span,
    table,
)

_LATE_NS = 2_000_000_000
_MOST_NAMED = 6
# The steps of an alert that are told, and by which command a person takes one: then the decision is told.
_STEPS = {
    AlertState.RAISED: ("raised again", ""),
    AlertState.ESCALATED: ("escalated", "escalate_alert"),
    AlertState.CLEARED: ("cleared", "clear_alert"),
}

_Line = tuple[int, Cell]


def timeline(case: Case) -> Iterable[Block]:
    """Everything that has a time, in its order; where two share one, what came of an effect is told before
    what that led to, then in the order of the chapters.
    """
    lines: list[_Line] = [
        (done.time_utc_ns, (Run(f"Order {done.order_id}: {words(done.result)}. {done.says} "), SIMULATED))
        for done in case.outcomes
    ]
    lines += [
        (story.first_seen_utc_ns, f"{story.name} first seen, by {first_sensor(case, story)}.")
        for story in case.stories
    ]
    for alert in case.alerts:
        lines += _alert(case, alert)
    lines += _tasks(case)
    for proposal in case.proposals:
        says = f"Proposal {proposal.proposal_id}: {len(proposal.options)} options put to people."
        lines.append((proposal.proposed_utc_ns, says))
    lines += [
        (d.time_utc_ns, f"{by_whom(case, d.by, d.role)}: {d.decided} [{about(case, d.on)}]")
        for d in case.decisions
    ]
    lines += map(_order, case.effect_orders)
    lines += map(_report, case.reports)
    lines.sort(key=lambda line: line[0])
    body = [(clock(time, case.start_utc_ns), says) for time, says in lines]
    yield Heading("Timeline")
    if any("+" in time.text for time, _ in body):
        yield Paragraph(f"+1 behind a time: on the day after {iso_utc(case.start_utc_ns)[:10]}, in UTC.")
    yield table("Timeline", (("UTC", 18), ("What happened", None)), body, _nothing_happened(case))


def _alert(case: Case, alert: Alert) -> Iterator[_Line]:
    """What an alert was called when it was raised, each other title from when it bore it, and its steps."""
    name = f"Alert {alert.alert_id}"
    titles = [said for said in case.alert_titles if said.alert_id == alert.alert_id]
    if titles and titles[0].from_utc_ns <= alert.raised_utc_ns:
        yield alert.raised_utc_ns, f"{name} raised: {titles.pop(0).title}"
    elif titles:
        yield alert.raised_utc_ns, f"{name} raised; what it was called then is not known."
    else:
        yield alert.raised_utc_ns, f"{name} raised; at the end it was called: {alert.title}"
    for said in titles:
        yield said.from_utc_ns, f"{name} is called from now on: {said.title}"
    for step in alert.history[1:]:
        if step.state in _STEPS and not _decided(case, alert, step):
            yield step.time_utc_ns, f"{name} {_STEPS[step.state][0]}: {step.because}"


def _decided(case: Case, alert: Alert, step: AlertStep) -> bool:
    kind = _STEPS[step.state][1]
    return any((d.by, d.on, d.kind) == (step.by, alert.alert_id, kind) for d in case.decisions)


def _tasks(case: Case) -> Iterator[_Line]:
    """Tasks that were opened at one time in one line: their words are in their own chapter."""
    opened: dict[int, list[str]] = {}
    for task in case.tasks:
        # 0 in what was logged before it was kept.
        if task.opened_utc_ns:
            opened.setdefault(task.opened_utc_ns, []).append(task.task_id)
    for time, ids in opened.items():
        more = f" and {len(ids) - _MOST_NAMED} more" if len(ids) > _MOST_NAMED else ""
        word = "Task" if len(ids) == 1 else "Tasks"
        yield time, f"{word} opened for people: {', '.join(ids[:_MOST_NAMED])}{more}."


def _order(order: EffectOrder) -> _Line:
    says = f"Order {order.order_id}: {words(order.layer)} effect on track {order.track_id} ordered. "
    return order.time_utc_ns, (Run(says), SIMULATED)


def _report(report: Report) -> _Line:
    says = f"Report of a person ({report.kind}): “{report.text}”"
    late_ns = report.received_utc_ns - report.heard_utc_ns
    late = (Run(f" LATE: it is about {span(0, late_ns)} before.", Look.LATE),)
    return report.received_utc_ns, (Run(says), *(late if late_ns >= _LATE_NS else ()))


def _nothing_happened(case: Case) -> str:
    return "Nothing that can still be read." if case.withheld else "Nothing happened."
