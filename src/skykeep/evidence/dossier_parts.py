"""The first chapters of a dossier: what happened, who flew, who decided, what came of it."""

from __future__ import annotations

from skykeep.domain.orders import StandingOrder
from skykeep.domain.response import EffectLayer, EffectOption, Proposal
from skykeep.evidence.case import Case, Story
from skykeep.evidence.naming import about, first_sensor, who, words
from skykeep.evidence.printable import quoted
from skykeep.evidence.typst_parts import (
    Code,
    clock,
    facts,
    heading,
    moment,
    nothing,
    paragraph,
    rows,
    sentences,
    span_s,
)


def timeline(case: Case) -> str:
    """Everything that has a time, in its order; where two share one, in the order of the chapters."""
    lines: list[tuple[int, str, Code]] = [
        (story.first_seen_utc_ns, f"{story.name} first seen, by {first_sensor(case, story)}.", "")
        for story in case.stories
    ]
    lines += [(alert.raised_utc_ns, f"Alert {alert.alert_id}: {alert.title}", "") for alert in case.alerts]
    for proposal in case.proposals:
        says = f"Proposal {proposal.proposal_id}: {len(proposal.options)} options put to people."
        lines.append((proposal.proposed_utc_ns, says, ""))
    lines += [
        (d.time_utc_ns, f"{who(case, d.by)} ({d.role}): {d.decided} [{about(case, d.on)}]", "")
        for d in case.decisions
    ]
    lines += [
        (o.time_utc_ns, f"Order {o.order_id}: {words(o.result)}. {o.says}", "simulated-mark")
        for o in case.outcomes
    ]
    for report in case.reports:
        says = f"Report of a person ({report.kind}): “{report.text}”"
        late = report.received_utc_ns - report.heard_utc_ns
        late_says = f" Heard {span_s(0, late)} before it came in." if late >= 2_000_000_000 else ""
        lines.append((report.received_utc_ns, says + late_says, ""))
    lines.sort(key=lambda line: line[0])
    body = [
        (clock(time), f"{quoted(says)} + [ ] + {mark}" if mark else quoted(says))
        for time, says, mark in lines
    ]
    return heading("Timeline") + rows(("18mm", "1fr"), ("UTC", "What happened"), body, "Nothing happened.")


def stories(case: Case) -> str:
    """Each intruder's story."""
    told = [heading("The intruders")]
    told += [_story(case, story) for story in case.stories] or [nothing("No intruder was found.")]
    return "".join(told)


def _story(case: Case, story: Story) -> str:
    warning = (
        "no alert, or no breach was to come"
        if story.warning_s is None
        else f"{story.warning_s:.0f} s before the breach"
    )
    alerted = "never" if story.alerted_utc_ns is None else f"{moment(story.alerted_utc_ns)} ({warning})"
    claims = [
        (
            quoted(f"{claim.kind}: {claim.claimed_id}"),
            quoted(claim.verdict),
            quoted("" if claim.residual_m is None else f"{claim.residual_m:.0f} m"),
            quoted("" if claim.p_value is None else f"{claim.p_value:.2g}"),
            quoted(claim.because),
        )
        for claim in story.claims
    ]
    verdicts = [
        (clock(time), quoted(verdict.permission), quoted(verdict.document or "none"), quoted(verdict.reason))
        for time, verdict in story.verdicts
    ]
    seen = f"{moment(story.first_seen_utc_ns)}, by {first_sensor(case, story)}"
    return "".join(
        (
            heading(story.name, 2),
            facts(
                ("First seen", quoted(seen)),
                ("Last seen", quoted(moment(story.last_seen_utc_ns))),
                (
                    "Taken for",
                    quoted(
                        f"{story.target_class} (probability {story.class_probability:.2f}), {story.looks}"
                    ),
                ),
                ("Tracks", quoted(_tracks(case, story))),
                ("First alert", quoted(alerted)),
                ("End", quoted(story.outcome)),
            ),
            heading("Grounds, as shown to the operator", 3),
            sentences(story.grounds, "No grounds were shown."),
            heading("What it said of itself, and whether that was true", 3),
            rows(
                ("32mm", "24mm", "16mm", "14mm", "1fr"),
                ("Claim", "Verdict", "Off by", "p", "Because"),
                claims,
                "It broadcast no claim that was received.",
            ),
            heading("Might it be there?", 3),
            rows(
                ("18mm", "20mm", "40mm", "1fr"),
                ("UTC", "Verdict", "Document", "Reason"),
                verdicts,
                "No verdict was reached.",
            ),
        )
    )


def _tracks(case: Case, story: Story) -> str:
    """The tracks of a story, each with the last name that a person gave it."""
    names = {order.track_id: order.name for order in case.track_orders if order.name}
    return ", ".join(
        f"{track} “{names[track]}”" if track in names else f"{track}" for track in story.track_ids
    )


def decisions(case: Case) -> str:
    """Who decided what, when."""
    body = [
        (
            clock(d.time_utc_ns),
            quoted(who(case, d.by)),
            quoted(d.role),
            quoted(d.decided),
            quoted(about(case, d.on)),
        )
        for d in case.decisions
    ]
    table = rows(
        ("18mm", "36mm", "30mm", "44mm", "1fr"),
        ("UTC", "Who", "Role", "Decided", "On"),
        body,
        "Nobody decided anything.",
    )
    return heading("Who decided") + table


def track_orders(case: Case) -> str:
    """What people told the machine about tracks, and when it held."""
    body = [
        (
            clock(order.time_utc_ns),
            quoted(order.order_id),
            quoted(who(case, order.by)),
            quoted(f"{order.says} {order.reason}".strip()),
            quoted("to the end" if order.lifted_utc_ns is None else _lifted(case, order)),
        )
        for order in case.track_orders
    ]
    table = rows(
        ("18mm", "22mm", "32mm", "1fr", "36mm"),
        ("From", "Order", "Who", "Says", "Held until"),
        body,
        "Nobody overruled the machine on a track.",
    )
    return heading("Tracks correlated and named by people") + table


def _lifted(case: Case, order: StandingOrder) -> str:
    return f"{moment(order.lifted_utc_ns or 0)}, lifted by {who(case, order.lifted_by)}"


def tasks(case: Case) -> str:
    """What people were asked to do."""
    body = [
        (
            clock(t.due_utc_ns),
            quoted(t.text),
            quoted(t.owner_role),
            quoted(t.state),
            quoted(who(case, t.done_by) or "nobody"),
        )
        for t in case.tasks
    ]
    table = rows(
        ("18mm", "1fr", "34mm", "18mm", "34mm"),
        ("Due", "Task", "For", "State", "Done by"),
        body,
        "No task was opened.",
    )
    return heading("Tasks for people") + table


def proposals(case: Case) -> str:
    """What was put to people, with what they were told, and who said yes."""
    told = [_proposal(case, proposal) for proposal in case.proposals] or [nothing("Nothing was proposed.")]
    return heading("Proposals and approvals") + "".join(told)


def _proposal(case: Case, proposal: Proposal) -> str:
    options = [
        (
            quoted(option.name + (" (chosen)" if option.option_id == proposal.chosen_option_id else "")),
            quoted(_layer(option)),
            quoted(f"{option.success_probability:.0%}"),
            quoted(f"{option.debris.persons_expected:.4f}"),
            quoted(option.says),
        )
        for option in proposal.options
    ]
    approvals = [
        f"{moment(yes.time_utc_ns)}: {who(case, yes.by)} ({yes.role}) approved "
        f"{_option_name(proposal, yes.option_id)}."
        for yes in proposal.approvals
    ]
    return "".join(
        (
            heading(f"Proposal {proposal.proposal_id} on track {proposal.track_id}", 2),
            facts(
                (
                    "Put to people",
                    quoted(f"{moment(proposal.proposed_utc_ns)}, to lapse {moment(proposal.expires_utc_ns)}"),
                ),
                ("If nothing is done", quoted(proposal.if_nothing)),
                ("Authority", quoted(proposal.authority or "none cited")),
                ("State", f"{quoted(words(proposal.state))} + [ ] + {_mark(case)}"),
                ("Outcome", quoted(proposal.outcome or "none recorded")),
            ),
            rows(
                ("36mm", "14mm", "18mm", "20mm", "1fr"),
                ("Option", "Layer", "Chance", "Persons", "What was said of it"),
                options,
                "No option was offered.",
            ),
            sentences(approvals, f"Nobody approved; {proposal.approvals_needed} different persons must."),
        )
    )


def _layer(option: EffectOption) -> str:
    return "soft" if option.layer is EffectLayer.SOFT else "hard"


def _option_name(proposal: Proposal, option_id: str) -> str:
    return next((option.name for option in proposal.options if option.option_id == option_id), option_id)


def _mark(case: Case) -> Code:
    return "simulated-mark" if case.simulated else "[]"


def effects(case: Case) -> str:
    """What came of the orders, in the simulated world, and where pieces would have fallen."""
    body = [
        (
            clock(o.time_utc_ns),
            quoted(o.order_id),
            f"{quoted(words(o.result))} + [ ] + simulated-mark",
            quoted(o.says),
        )
        for o in case.outcomes
    ]
    table = rows(
        ("18mm", "26mm", "40mm", "1fr"),
        ("UTC", "Order", "Result", "What the simulation says"),
        body,
        "No effect was used.",
    )
    footprints = [
        (
            clock(f.time_utc_ns),
            quoted(str(f.track_id)),
            quoted(f"{f.impact_enu_m[0]:.0f} m east, {f.impact_enu_m[1]:.0f} m north"),
            quoted(", ".join(f"{contour.percent} %" for contour in f.contours)),
            quoted(f"{f.persons_expected:.4f}"),
        )
        for f in case.footprints
    ]
    debris = rows(
        ("24mm", "16mm", "1fr", "30mm", "30mm"),
        (
            "If stopped at",
            "Track",
            "Middle of the fall, from the site's origin",
            "Contours drawn",
            "Persons expected",
        ),
        footprints,
        "No footprint was computed.",
    )
    note = paragraph(
        "Persons expected are persons within the critical area of a falling piece, weighted by where pieces "
        "fall; they are not injuries. The footprints were shown before the approvals."
    )
    return "".join(
        (heading("Effects, in simulation only"), table, heading("Debris footprints", 2), debris, note)
    )
