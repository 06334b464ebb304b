"""Incidents: what people put together after the night, who did it and why, and the files kept with it."""

from __future__ import annotations

from collections.abc import Iterable

from skykeep.domain.incident import Incident
from skykeep.domain.response import MACHINE
from skykeep.evidence.case import Case
from skykeep.evidence.naming import none_of, who, words
from skykeep.evidence.paper import (
    Block,
    Facts,
    Heading,
    Look,
    Paragraph,
    Quote,
    Run,
    clock,
    grouped,
    moment,
    nothing,
    table,
)


def incidents(case: Case) -> Iterable[Block]:
    """The whole chapter."""
    yield Heading("Incidents")
    for incident in case.incidents:
        yield from _incident(case, incident)
    if not case.incidents:
        yield nothing(none_of(case, "incidents", "No incident was opened."))
    yield Heading("Files kept with it", 2)
    yield table(
        "Files",
        (("File", None), ("Type", 28), ("Bytes", 22), ("Taken", 40), ("SHA-256", 44)),
        (
            (
                one.media.name,
                one.media.media_type,
                grouped(one.media.size_bytes),
                one.media.taken or "it does not say",
                Run(f"{one.media.sha256[:20]}…", Look.MONO),
            )
            for one in case.media
        ),
        "No file was handed in.",
    )


def _incident(case: Case, incident: Incident) -> Iterable[Block]:
    yield Heading(f"{incident.incident_id}: {incident.title}", 2)
    opened = who(case, incident.opened_by) + (f" (rule {incident.rule})" if incident.rule else "")
    state = incident.state.value + (f" into {incident.merged_into}" if incident.merged_into else "")
    yield Facts(
        (
            ("State", state),
            ("Opened", f"{moment(incident.opened_utc_ns)}, by {opened}"),
            ("Because", incident.because or "no reason was given"),
        )
    )
    yield table(
        f"What {incident.incident_id} holds",
        (("UTC", 18), ("What", 26), ("Says", None)),
        (
            (clock(held.item.time_utc_ns, case.start_utc_ns), words(held.item.key.kind), held.item.says)
            for held in sorted(incident.items, key=lambda held: held.item.time_utc_ns)
        ),
        "It holds nothing.",
    )
    # What a rule gathers is listed above; one by one it would drown what people did.
    gathered = [step for step in incident.history if step.what == "added" and step.by == MACHINE]
    if gathered:
        count = f"{len(gathered)} times a rule added something"
        yield Paragraph(f"{count}, the last at {moment(gathered[-1].time_utc_ns)}.")
    yield table(
        f"What was done with {incident.incident_id}",
        (("When", 40), ("What", 40), ("By", 34), ("Because", None)),
        (
            (moment(step.time_utc_ns), step.what, who(case, step.by), step.because or "-")
            for step in incident.history
            if step not in gathered
        ),
        "Nothing was done with it.",
    )
    for note in incident.notes:
        yield Quote(words=note.text, who=f"{who(case, note.by)}, {moment(note.time_utc_ns)}")
