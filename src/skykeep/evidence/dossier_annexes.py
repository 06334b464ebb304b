"""The later chapters of a dossier: flights with leave, sensors, what people said, method, alerts."""

from __future__ import annotations

from skykeep.evidence.case import Case
from skykeep.evidence.naming import who, words
from skykeep.evidence.printable import quoted
from skykeep.evidence.typst_parts import (
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
)

_HOW_TO_VERIFY = (
    "To verify: put this document and its log side by side as they were handed over and run “skykeep verify "
    "FOLDER”. It makes the tree of all entries anew, compares every file with the hash taken when it was "
    "sealed, and names the first entry that is not as it was written. “skykeep replay FOLDER --verify” makes "
    "every decision again from what came in and compares each byte. The root that verify prints must be the "
    "third line above. A log kept by one party shows that nothing was changed after a checkpoint was handed "
    "over; that nothing was left out before, it cannot show."
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
            quoted(p.state.value.replace("_", " ")),
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
            quoted(words(h.sensor.kind)),
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
        who += f", graded {report.reliability}{report.credibility.value}"
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
    return "".join(
        (
            heading("Method, and how to verify"),
            sentences(case.method, "No method was described."),
            facts(
                ("Made by", quoted(f"Skykeep {case.version}")),
                ("Rests on", quoted(f"{log.file}, {grouped(log.entries)} entries")),
                ("Log verified", quoted("Yes, when this was printed." if log.verified else "NO.")),
                ("Decisions made again", quoted(replay[log.replay_identical])),
            ),
            paragraph(
                "The log ended with this checkpoint. Keep a copy of it where the log's owner cannot reach it:"
            ),
            call("digest", *(quoted(line) for line in log.note.splitlines() if line)),
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
                ("Acknowledged by", quoted(who(case, alert.acknowledged_by) or "nobody")),
                ("Cleared because", quoted(alert.cleared_because or "not cleared")),
            ),
            sentences(alert.grounds, "No grounds were given."),
        ]
    told += [] if case.alerts else [nothing("No alert was raised.")]
    return "".join(told)
