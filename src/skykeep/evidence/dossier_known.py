"""What did we know then? A page for a moment: the picture, alerts and orders as the log held them by then,
and what came in later about that moment, marked as late.
"""

from __future__ import annotations

from collections.abc import Iterable

from skykeep.base.clock import iso_utc
from skykeep.evidence.case import Case, KnownThen, KnownTrack, LateItem, LateRedacted
from skykeep.evidence.map_known import known_svg
from skykeep.evidence.naming import sensor_name, time_to_breach, who, words
from skykeep.evidence.paper import (
    Block,
    Cell,
    Facts,
    Figure,
    Heading,
    Look,
    Paragraph,
    Run,
    clock,
    grouped,
    moment,
    sentences,
    span,
    table,
)


def known_pages(case: Case) -> Iterable[Block]:
    """What was known at each moment of the case."""
    for known in case.known:
        when = clock(known.at_utc_ns, case.start_utc_ns).text
        yield Heading(f"What did we know at {when}?")
        yield from _page(case, known)


def _page(case: Case, known: KnownThen) -> Iterable[Block]:
    picture = (
        "no picture yet"
        if known.picture_utc_ns is None
        else f"of {iso_utc(known.picture_utc_ns)[11:23]}, {len(known.tracks)} tracks"
    )
    posture = "not said" if known.posture is None else f"{known.posture.name}: {known.posture.because}"
    yield Facts(
        (
            ("Moment", f"{moment(known.at_utc_ns)}: {known.because}"),
            ("The log held", f"{grouped(known.entries)} entries by then; this page is made of these alone"),
            ("Picture", picture),
            ("Posture", posture),
        )
    )
    drawn = known_svg(case, known)
    yield Figure(
        svg=drawn.svg,
        alternative=f"The picture as known at {moment(known.at_utc_ns)}: {_in_words(known.tracks)}.",
        caption=drawn.captioned(f"The picture as known at {moment(known.at_utc_ns)}."),
        share=0.56,
    )
    yield from _alerts(case, known)
    yield Heading("Late: what came in afterwards about that moment", 2)
    yield from _late(case, known)
    yield from _judged(known)


def _in_words(tracks: tuple[KnownTrack, ...]) -> str:
    return ", ".join(f"track {track.track_id} ({track.looks})" for track in tracks) or "no tracks"


def _alerts(case: Case, known: KnownThen) -> Iterable[Block]:
    yield Heading("Alerts and orders, as they stood", 2)
    yield table(
        "Alerts as they stood",
        (("Alert", 30), ("State", 26), ("Title", None), ("Time to breach", 40)),
        (
            (alert.alert_id, alert.state.value, alert.title, time_to_breach(alert.breach))
            for alert in known.alerts
        ),
        "No alert stood.",
    )
    said: list[str] = []
    for proposal in known.proposals:
        yes = ", ".join(who(case, approval.by) for approval in proposal.approvals) or "nobody"
        said.append(
            f"{proposal.proposal_id} on track {proposal.track_id}: {words(proposal.state)}; said yes: {yes}."
        )
    said += [
        f"{order.order_id}: {words(order.layer)} effect on track {order.track_id}, ordered at "
        f"{iso_utc(order.time_utc_ns)[11:19]} (SIMULATED)."
        for order in known.effect_orders
    ]
    said += [f"{task.task_id}: {task.text}: {words(task.state)}." for task in known.tasks]
    said += [f"{order.order_id}: {order.says}" for order in known.track_orders]
    yield sentences(said, "No task, proposal or order stood.")


def _judged(known: KnownThen) -> Iterable[Block]:
    """Tracks with a priority or a standing that asks for care in a table, the most urgent first; the rest in
    a sentence.
    """
    quiet = [track for track in known.tracks if track.looks == "neutral" and track.priority is None]
    cared_for = [track for track in known.tracks if track not in quiet]
    ordered = sorted(cared_for, key=lambda track: (-(track.priority or 0.0), track.track_id))
    yield Heading("Tracks and verdicts", 2)
    yield table(
        "Tracks and verdicts",
        (
            ("Track", 12),
            ("Taken for", 40),
            ("Standing", 19),
            ("May it be there?", None),
            ("Speed", 16),
            ("Priority", 16),
            ("Breach in", 20),
        ),
        (
            (
                str(track.track_id),
                f"{words(track.target_class)}, about {track.percent} %",
                track.looks,
                f"{track.permission}: {track.document}" if track.document else track.permission,
                f"{track.speed_mps:.0f} m/s",
                "-" if track.priority is None else f"{track.priority:.2f}",
                "-" if track.breach is None else f"{track.breach.mid_s:.0f} s",
            )
            for track in ordered
        ),
        "No track asked for care.",
    )
    if quiet:
        listed = ", ".join(f"{track.track_id} ({words(track.target_class)})" for track in quiet)
        yield Paragraph(f"Neutral, and of no priority: tracks {listed}.")


def _late(case: Case, known: KnownThen) -> Iterable[Block]:
    rows: list[tuple[Cell, ...]] = [
        (
            clock(item.event_utc_ns, case.start_utc_ns),
            clock(item.received_utc_ns, case.start_utc_ns),
            Run(f"LATE {_delay(item)}", Look.LATE),
            sensor_name(case, item.source),
            item.says,
        )
        for item in known.late
    ]
    rows += [
        (
            "not known",
            clock(gone.first_received_utc_ns, case.start_utc_ns),
            Run("LATE, redacted", Look.LATE),
            "not known",
            _gone(case, gone),
        )
        for gone in known.late_redacted
    ]
    yield table(
        "What came late",
        (("Of", 18), ("Came", 18), ("Late by", 24), ("From", 40), ("What", None)),
        rows,
        "Nothing: no message of that moment or the minute before it came in afterwards.",
    )
    if rows:
        yield Paragraph("None of this was known then: it must not be read into the decision.")


def _gone(case: Case, gone: LateRedacted) -> str:
    if gone.count == 1:
        return f"1 message ({gone.kind}), redacted whole: whether it was about that moment is gone with it."
    last = clock(gone.last_received_utc_ns, case.start_utc_ns).text
    return (
        f"{gone.count} messages ({gone.kind}), the last at {last}, redacted whole: whether they were about "
        "that moment is gone with them."
    )


def _delay(item: LateItem) -> str:
    seconds = (item.received_utc_ns - item.event_utc_ns) / 1e9
    return f"{seconds:.1f} s" if seconds < 60.0 else span(item.event_utc_ns, item.received_utc_ns)
