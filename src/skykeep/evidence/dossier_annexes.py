"""The later chapters of a dossier: flights with leave, sensors, what people said, method, alerts."""

from __future__ import annotations

from collections.abc import Iterable

from skykeep.domain.response import Alert, AlertState
from skykeep.evidence.case import Case
from skykeep.evidence.naming import none_of, sensor_name, time_to_breach, who, words
from skykeep.evidence.paper import (
    Attachment,
    Block,
    Facts,
    Heading,
    Lines,
    Look,
    Paragraph,
    Quote,
    Run,
    clock,
    grouped,
    moment,
    nothing,
    sentences,
    span,
    table,
)

_HOW_TO_VERIFY = (
    "With this document alone: save verify.py, which is attached, read it, and run “python3 -I verify.py "
    "DOSSIER.pdf --checkpoint FILE”, FILE being a checkpoint that you had from elsewhere. It proves that the "
    "entries cited here are in the log that was signed. It needs Python, and nothing of Skykeep.",
    "With the folder as it was handed over: “skykeep verify FOLDER” looks at every entry, compares every "
    "file with the hash taken when it was sealed, and names the first entry that is not as it was written.",
    "The checkpoint that verify prints must be the one below.",
)
_REPLAY = (
    "“skykeep replay FOLDER --verify” makes every decision again from what came in and compares each byte."
)
_REPLAY_REDACTED = (
    "“skykeep replay FOLDER --verify” makes decisions again as far as that can be done of a log of which "
    "something was redacted: how far is said above, under “Decisions made again”."
)
_HEARD = (AlertState.ACKNOWLEDGED, AlertState.ASSIGNED, AlertState.SHELVED)
_TO_BE_HEARD = (AlertState.RAISED, AlertState.ESCALATED)
_NOT_SHOWN = (
    "That nothing was left out before it was logged: a log shows what was written, not what was not.",
    "That what sensors and people said is true: it shows that they said it, and when we had it.",
    "Who kept the log, beyond that they held its key; and, without a checkpoint that somebody else keeps, "
    "that its owner did not write all of it anew.",
)


def authorised(case: Case) -> Iterable[Block]:
    """Flights that had leave, so that nobody asks in vain why they were let be."""
    yield Heading("Flights that had leave")
    yield table(
        "Flights that had leave",
        (
            ("Flight", 32),
            ("Taken for", 22),
            ("From", 17),
            ("To", 17),
            ("Document", 44),
            ("What we did", None),
        ),
        (
            (
                story.name,
                words(story.target_class),
                clock(story.first_seen_utc_ns, case.start_utc_ns),
                clock(story.last_seen_utc_ns, case.start_utc_ns),
                ", ".join(sorted({v.document for _, v in story.verdicts if v.document})) or "none cited",
                story.outcome,
            )
            for story in case.authorised
        ),
        none_of(case, "authorised", "No flight with leave was seen."),
    )
    yield Heading("Permits relied on", 2)
    yield table(
        "Permits relied on",
        (("Permit", 30), ("Holder", None), ("Priority", 24), ("Document", 44), ("State", 28)),
        (
            (p.permit_id, p.holder, p.priority.value, p.document, words(p.state.value))
            for p in case.permits_used
        ),
        none_of(case, "permits_used", "No permit was relied on."),
    )


def sensors(case: Case) -> Iterable[Block]:
    """What the sensors sent, and what was wrong with them."""
    yield Heading("Sensors")
    yield table(
        "Sensors and their health",
        (
            ("Sensor", 36),
            ("Kind", 24),
            ("Messages", 19),
            ("Detections", 21),
            ("Refused", 17),
            ("Longest silence", 20),
            ("Health", None),
        ),
        (
            (
                h.sensor.name,
                words(h.sensor.kind),
                grouped(h.messages),
                grouped(h.detections),
                grouped(h.rejected),
                "-" if h.longest_silence_s is None else f"{h.longest_silence_s:.1f} s",
                h.says or "no fault noticed",
            )
            for h in case.sensors
        ),
        "No sensor was configured.",
    )


def reports(case: Case) -> Iterable[Block]:
    """What people reported to the watch, each in their own words."""
    yield Heading("What people reported")
    for report in case.reports:
        from_whom = sensor_name(case, report.sensor_id)
        late = report.received_utc_ns - report.heard_utc_ns
        yield Quote(
            words=f"“{report.text}”",
            who=(
                Run(
                    f"{from_whom}: {report.kind}, of {moment(report.heard_utc_ns)}, received "
                    f"{moment(report.received_utc_ns)}, graded {report.reliability}{report.credibility.value}"
                ),
                *((Run(f" LATE by {span(0, late)}", Look.LATE),) if late >= 2_000_000_000 else ()),
            ),
        )
    if not case.reports:
        yield nothing(none_of(case, "reports", "No person reported anything."))


def method(case: Case) -> Iterable[Block]:
    """How it was made: method, configuration, software."""
    yield Heading("Method and versions")
    yield sentences(case.method, "No method was described.")
    said = case.log.replay_says
    some = "" if said else "Not all of them."
    came_out = {True: "Yes: every byte came out the same.", False: "Not the same.", None: some}
    again = f"{came_out[case.log.replay_identical]} {said[:1].upper()}{said[1:]}".strip()
    yield Facts(
        (
            ("Made by", f"Skykeep {case.version}"),
            ("Rests on", f"{case.log.file}, {grouped(case.log.entries)} entries"),
            ("Log verified", "Yes, when this case was made." if case.log.verified else "NO."),
            (
                "Decisions made again",
                again,
            ),
        )
    )
    yield Heading("Configuration", 2)
    yield from _facts(
        case.configuration, none_of(case, "configuration", "The configuration was not described.")
    )
    yield Heading("Software", 2)
    yield from _facts(case.software, "The software was not described.")


def _facts(pairs: tuple[tuple[str, str], ...], otherwise: str) -> Iterable[Block]:
    yield Facts(tuple(pairs)) if pairs else nothing(otherwise)


def verification(case: Case, attachments: tuple[Attachment, ...], code: Block | None) -> Iterable[Block]:
    """How a stranger checks it, and what that does not show. `code` is the checkpoint as a square to scan."""
    yield Heading("How to verify")
    replay = _REPLAY_REDACTED if case.told_from_log else _REPLAY
    yield sentences((*_HOW_TO_VERIFY[:-1], replay, _HOW_TO_VERIFY[-1]), "")
    yield Paragraph(
        "The log ended with this checkpoint. Keep a copy of it where the log's owner cannot reach it:"
    )
    yield Lines(tuple(line for line in case.log.note.splitlines() if line))
    if code is not None:
        yield code
    signed = ", ".join(case.log.signed_by)
    yield Facts((("Signed with", Run(signed, Look.MONO) if signed else "no key: it is unsigned"),))
    yield Heading("What that does not show", 2)
    yield sentences(_NOT_SHOWN, "")
    yield Heading("What goes with this document", 2)
    yield table(
        "Attached files",
        (("File", 34), ("Type", 36), ("Bytes", 22), ("What it is", None)),
        ((each.name, each.media_type, grouped(len(each.data)), each.says) for each in attachments),
        "Nothing is attached.",
    )


def alerts_annex(case: Case) -> Iterable[Block]:
    """Every alert word for word, as it last stood."""
    yield Heading("Annex: alerts, word for word")
    for alert in case.alerts:
        yield Heading(f"{alert.alert_id}: {alert.title}", 2)
        yield Facts(
            (
                ("Raised", moment(alert.raised_utc_ns)),
                ("State", f"{alert.state.value}, since {moment(alert.changed_utc_ns)}"),
                ("Tracks", ", ".join(str(track) for track in alert.track_ids)),
                ("Time to breach", time_to_breach(alert.breach)),
                ("Priority", f"{alert.priority:.2f}"),
                ("Acknowledged by", _heard_by(case, alert)),
                ("Cleared because", alert.cleared_because or "not cleared"),
            )
        )
        yield sentences(alert.grounds, "No grounds were given.")
        again = [step.time_utc_ns for step in alert.history[1:] if step.state is AlertState.RAISED]
        if again:
            yield Paragraph(
                f"It was raised again, the last time at {moment(again[-1])}. For how long nobody "
                "acknowledged it is counted from when it was last raised."
            )
    if not case.alerts:
        yield nothing(none_of(case, "alerts", "No alert was raised."))


def _heard_by(case: Case, alert: Alert) -> str:
    """Return who heard an alert first, and how that stands: what was raised again has to be heard again."""
    heard = [step for step in alert.history if step.by and step.state in _HEARD]
    if not heard:
        return who(case, alert.acknowledged_by) or "nobody"
    first = f"{who(case, heard[0].by)}, at {moment(heard[0].time_utc_ns)}"
    if alert.acknowledged_by:
        last = heard[-1]
        again = f"; last by {who(case, last.by)}, at {moment(last.time_utc_ns)}"
        return first + (again if last is not heard[0] else "")
    since = [s for s in alert.history if s.state in _TO_BE_HEARD and s.time_utc_ns >= heard[-1].time_utc_ns]
    if not since:
        return first
    word = "raised again" if since[0].state is AlertState.RAISED else "passed upwards"
    return f"{first}; {word} at {moment(since[0].time_utc_ns)}, not acknowledged since"
