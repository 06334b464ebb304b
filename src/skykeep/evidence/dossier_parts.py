"""The chapters of a dossier, each from the case alone."""

from __future__ import annotations

from skykeep.domain.response import EffectLayer, EffectOption, Proposal
from skykeep.evidence.case import Case, Story
from skykeep.evidence.checkpoint import Checkpoint, checkpoint_text
from skykeep.evidence.printable import quoted
from skykeep.evidence.typst_parts import (
    Code,
    call,
    clock,
    facts,
    grouped,
    heading,
    moment,
    nothing,
    paragraph,
    rows,
    sentences,
    span_s,
)

_HOW_TO_VERIFY = (
    "To verify: put this document and its log side by side as they were handed over and run “skykeep verify "
    "FOLDER”. It walks the chain of all entries, compares every file with the hash taken when it was sealed, "
    "and names the first entry that is not as it was written. “skykeep replay FOLDER --verify” makes every "
    "decision again from what came in and compares each byte. The last digest that verify prints must be the "
    "one above. A chain kept by one party shows that nothing was changed after a checkpoint was handed over; "
    "that nothing was left out before, it cannot show."
)


def timeline(case: Case) -> str:
    """Everything that has a time, in its order; where two share one, in the order of the chapters."""
    lines: list[tuple[int, str, Code]] = [
        (story.first_seen_utc_ns, f"{story.name} first seen, by {_sensor(case, story)}.", "")
        for story in case.stories
    ]
    lines += [(alert.raised_utc_ns, f"Alert {alert.alert_id}: {alert.title}", "") for alert in case.alerts]
    for proposal in case.proposals:
        says = f"Proposal {proposal.proposal_id}: {len(proposal.options)} options put to people."
        lines.append((proposal.proposed_utc_ns, says, ""))
    lines += [
        (d.time_utc_ns, f"{_who(case, d.by)} ({d.role}): {d.decided} [{_what(case, d.on)}]", "")
        for d in case.decisions
    ]
    lines += [
        (o.time_utc_ns, f"Order {o.order_id}: {_words(o.result)}. {o.says}", "simulated-mark")
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


def _who(case: Case, person_id: str) -> str:
    """Return the name of a person on duty; somebody else is shown as they were logged."""
    return next((person.name for person in case.site.people if person.person_id == person_id), person_id)


def _what(case: Case, about: str) -> str:
    """Return a task's words in place of its number; alerts and proposals have chapters under theirs."""
    return next((f"{task.task_id}: {task.text}" for task in case.tasks if task.task_id == about), about)


def _sensor(case: Case, story: Story) -> str:
    names = {sensor.sensor_id: sensor.name for sensor in case.site.sensors}
    return names.get(story.first_seen_by, story.first_seen_by or "an unnamed sensor")


def _words(name: str) -> str:
    return name.replace("_", " ")


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
    seen = f"{moment(story.first_seen_utc_ns)}, by {_sensor(case, story)}"
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
                ("Tracks", quoted(", ".join(str(track) for track in story.track_ids))),
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


def decisions(case: Case) -> str:
    """Who decided what, when."""
    body = [
        (
            clock(d.time_utc_ns),
            quoted(_who(case, d.by)),
            quoted(d.role),
            quoted(d.decided),
            quoted(_what(case, d.on)),
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


def tasks(case: Case) -> str:
    """What people were asked to do."""
    body = [
        (
            clock(t.due_utc_ns),
            quoted(t.text),
            quoted(t.owner_role),
            quoted(t.state),
            quoted(_who(case, t.done_by) or "nobody"),
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
            quoted(f"{option.debris.persons_expected:.3f}"),
            quoted(option.says),
        )
        for option in proposal.options
    ]
    approvals = [
        f"{moment(yes.time_utc_ns)}: {_who(case, yes.by)} ({yes.role}) approved "
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
                ("State", f"{quoted(_words(proposal.state))} + [ ] + {_mark(case)}"),
                ("Outcome", quoted(proposal.outcome or "none recorded")),
            ),
            rows(
                ("36mm", "14mm", "18mm", "20mm", "1fr"),
                ("Option", "Layer", "Works in", "Persons", "What was said of it"),
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
            f"{quoted(_words(o.result))} + [ ] + simulated-mark",
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
            quoted(f"{f.persons_expected:.3f}"),
        )
        for f in case.footprints
    ]
    debris = rows(
        ("18mm", "16mm", "1fr", "30mm", "34mm"),
        ("UTC", "Track", "Middle of the fall, from the site's origin", "Contours drawn", "Persons expected"),
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


def authorised(case: Case) -> str:
    """Flights that had leave, so that nobody asks in vain why they were let be."""
    body = [
        (
            quoted(story.name),
            quoted(story.target_class),
            clock(story.first_seen_utc_ns),
            clock(story.last_seen_utc_ns),
            quoted(", ".join(sorted({v.document for _, v in story.verdicts if v.document})) or "none cited"),
            quoted(story.outcome),
        )
        for story in case.authorised
    ]
    table = rows(
        ("32mm", "20mm", "17mm", "17mm", "46mm", "1fr"),
        ("Flight", "Taken for", "From", "To", "Document", "What we did"),
        body,
        "No flight with leave was seen.",
    )
    permits = [
        (
            quoted(p.permit_id),
            quoted(p.holder),
            quoted(p.priority),
            quoted(p.document),
            quoted("in force" if p.revoked_utc_ns is None else f"revoked {moment(p.revoked_utc_ns)}"),
        )
        for p in case.permits_used
    ]
    used = rows(
        ("30mm", "1fr", "24mm", "44mm", "34mm"),
        ("Permit", "Holder", "Priority", "Document", "State"),
        permits,
        "No permit was relied on.",
    )
    return "".join((heading("Flights that had leave"), table, heading("Permits relied on", 2), used))


def sensors(case: Case) -> str:
    """What the sensors sent, and what was wrong with them."""
    body = [
        (
            quoted(h.sensor.name),
            quoted(_words(h.sensor.kind)),
            quoted(grouped(h.messages)),
            quoted(grouped(h.detections)),
            quoted(grouped(h.rejected)),
            quoted("-" if h.longest_silence_s is None else f"{h.longest_silence_s:.1f} s"),
            quoted(h.says or "nothing wrong was noticed"),
        )
        for h in case.sensors
    ]
    table = rows(
        ("36mm", "24mm", "18mm", "20mm", "16mm", "20mm", "1fr"),
        ("Sensor", "Kind", "Messages", "Detections", "Refused", "Longest silence", "Health"),
        body,
        "No sensor was configured.",
    )
    return heading("Sensors") + table


def reports_and_statements(case: Case) -> str:
    """What people said, each in their own words."""
    told = [heading("What people reported and stated"), heading("Reports", 2)]
    for report in case.reports:
        who = f"{report.kind}, heard {moment(report.heard_utc_ns)}, received {moment(report.received_utc_ns)}"
        told.append(call("said", quoted(f"“{report.text}”"), quoted(who)))
    told += [] if case.reports else [nothing("No person reported anything.")]
    told.append(heading("Statements", 2))
    for statement in case.statements:
        who = f"{statement.speaker}, in {statement.source}, {moment(statement.published_utc_ns)}"
        told.append(
            call("said", quoted(f"“{statement.text}”"), quoted(f"{who}. SHA-256 {statement.sha256[:16]}…"))
        )
    told += [] if case.statements else [nothing("No statement was filed.")]
    return "".join(told)


def method(case: Case) -> str:
    """How it was made, and how a stranger checks it."""
    log = case.log
    replay = {True: "Yes: every byte came out the same.", False: "No: see the log.", None: "Not done."}
    checkpoint = Checkpoint(entries=log.entries, last_digest=log.last_digest, sealed=True)
    return "".join(
        (
            heading("Method, and how to verify"),
            sentences(case.method, "No method was described."),
            facts(
                ("Made by", quoted(f"Skykeep {case.version}")),
                ("Rests on", quoted(f"{log.file}, {grouped(log.entries)} entries")),
                ("Chain verified", quoted("Yes, when this was printed." if log.verified else "NO.")),
                ("Decisions made again", quoted(replay[log.replay_identical])),
            ),
            paragraph(
                "The log ended with this checkpoint. Keep a copy of it where the log's owner cannot reach it:"
            ),
            call("digest", *(quoted(line) for line in checkpoint_text(checkpoint).splitlines())),
            paragraph(_HOW_TO_VERIFY),
        )
    )


def alerts_annex(case: Case) -> str:
    """Every alert word for word, as it last stood."""
    told = [heading("Annex: alerts, word for word")]
    for alert in case.alerts:
        breach = alert.breach
        left = (
            "none"
            if breach is None
            else f"{breach.low_s:.0f} to {breach.high_s:.0f} s, most likely {breach.mid_s:.0f} s"
        )
        told += [
            heading(f"{alert.alert_id}: {alert.title}", 2),
            facts(
                ("Raised", quoted(moment(alert.raised_utc_ns))),
                ("State", quoted(f"{alert.state}, since {moment(alert.changed_utc_ns)}")),
                ("Tracks", quoted(", ".join(str(track) for track in alert.track_ids))),
                ("Time to breach", quoted(left)),
                ("Priority", quoted(f"{alert.priority:.2f}")),
                ("Acknowledged by", quoted(_who(case, alert.acknowledged_by) or "nobody")),
                ("Cleared because", quoted(alert.cleared_because or "not cleared")),
            ),
            sentences(alert.grounds, "No grounds were given."),
        ]
    told += [] if case.alerts else [nothing("No alert was raised.")]
    return "".join(told)
