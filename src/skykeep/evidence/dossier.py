"""The dossier: a case set as a document that a stranger can read, and check.

The document says what was logged and nothing more: no adjective is added, and what is empty is said to be
empty. The same case at the same level gives the same document.
"""

from __future__ import annotations

from skykeep.base.clock import iso_utc
from skykeep.evidence import dossier_annexes as annexes
from skykeep.evidence import dossier_parts as parts
from skykeep.evidence.case import Case
from skykeep.evidence.dossier_incidents import incidents
from skykeep.evidence.dossier_known import known_pages
from skykeep.evidence.dossier_matrix import statements
from skykeep.evidence.dossier_timeline import timeline
from skykeep.evidence.levels import Level
from skykeep.evidence.map_figure import map_svg
from skykeep.evidence.paper import (
    Attachment,
    Block,
    Document,
    Figure,
    Front,
    Heading,
    moment,
    nothing,
    sentences,
    span,
    table,
)


def dossier(
    case: Case,
    level: Level = Level.FULL,
    attachments: tuple[Attachment, ...] = (),
    code: Block | None = None,
) -> Document:
    """Return the whole document. `case` is as its level shows it (`levels.at_level`); `code` is a figure of
    the checkpoint to be scanned.
    """
    blocks: list[Block] = [
        _front(case, level),
        Heading("Summary"),
        sentences(case.summary, "No summary was given."),
        *timeline(case),
        *_map(case),
        *parts.stories(case),
        *known_pages(case),
        *parts.decisions(case),
        *parts.track_orders(case),
        *parts.tasks(case),
        *parts.proposals(case),
        *parts.effects(case),
        *annexes.authorised(case),
        *annexes.sensors(case),
        *annexes.reports(case),
        *incidents(case),
        *statements(case),
        Heading("What is not known"),
        sentences(case.not_known, "Nothing was named as not known. Treat that with doubt."),
        *annexes.method(case),
        *annexes.verification(case, attachments, code),
        *_withheld(case, level),
        *annexes.alerts_annex(case),
    ]
    return Document(
        title=case.title,
        case_id=case.case_id,
        simulated=case.simulated,
        level=level.value,
        dated_utc_ns=case.end_utc_ns,
        blocks=tuple(blocks),
        attachments=attachments,
    )


def _front(case: Case, level: Level) -> Block:
    start, end = moment(case.start_utc_ns), moment(case.end_utc_ns)
    until = end[11:] if end[:10] == start[:10] else end
    alerted = sum(story.alerted_utc_ns is not None for story in case.stories)
    persons = sum(footprint.persons_expected for footprint in case.footprints) if case.footprints else None
    return Front(
        kind="Case file" + (" of a simulated night" if case.simulated else ""),
        title=case.title,
        place=case.site.name,
        when=f"{start} to {until} ({span(case.start_utc_ns, case.end_utc_ns)})",
        figures=(
            (str(len(case.stories)), "intruders"),
            (str(alerted), "of them alerted"),
            _least_warning(case),
            (str(sum(len(p.approvals) for p in case.proposals)), "approvals by named persons"),
            (
                "none" if persons is None else f"{persons:.4f}",
                "persons expected under falling pieces, in all",
            ),
        ),
        level_says=level.says_of(case),
    )


def _least_warning(case: Case) -> tuple[str, str]:
    """The truth where it is known, else what was estimated when each alert was raised."""
    if case.truth_known:
        warnings = [story.warning_s for story in case.stories if story.warning_s is not None]
        says = "least warning before a breach"
    else:
        breaches = [story.breach_when_alerted for story in case.stories]
        warnings = [breach.mid_s for breach in breaches if breach is not None]
        says = "least time to a breach, as estimated when alerted"
    return (f"{min(warnings):.0f} s" if warnings else "none", says)


def _map(case: Case) -> tuple[Block, ...]:
    tracks = ", ".join(f"{track.label} ({track.looks})" for track in case.map.tracks) or "no tracks"
    caption = (
        f"{case.site.name}, {iso_utc(case.start_utc_ns)[:10]}. Tracks as estimated at the time, ticks in UTC."
    )
    alternative = f"Map of {case.site.name} with tracks: {tracks}."
    drawn = map_svg(case)
    figure = Figure(svg=drawn.svg, alternative=alternative, caption=drawn.captioned(caption))
    return (Heading("Map of the night"), figure)


def _withheld(case: Case, level: Level) -> tuple[Block, ...]:
    if level is Level.FULL and not case.withheld:
        return (Heading("What is withheld"), nothing("Nothing: this is the whole case."))
    body = ((each.path, each.why, f"{each.count}", f"{each.from_level}") for each in case.withheld)
    columns = (("Field", None), ("Withheld because", 36), ("Times", 18), ("Shown from level", 32))
    rows = table("What is withheld", columns, body, "Nothing had to be withheld.")
    return (Heading("What is withheld"), rows)
