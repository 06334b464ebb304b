"""The dossier: a case set as a document that a stranger can read, and check.

`dossier_source` returns typst source; `skykeep.store.dossier_file` makes the PDF. The document says what was
logged and nothing more: no adjective is added, and what is empty is said to be empty. Every word that came
from outside passes through `quoted`, so that a serial number cannot become markup.
"""

from __future__ import annotations

from datetime import UTC, datetime

from skykeep.base.clock import NS_PER_S, iso_utc
from skykeep.evidence import dossier_annexes as annexes
from skykeep.evidence import dossier_parts as parts
from skykeep.evidence.case import Case
from skykeep.evidence.dossier_style import STYLE
from skykeep.evidence.map_figure import map_svg
from skykeep.evidence.printable import quoted
from skykeep.evidence.typst_parts import call, heading, moment, sentences, span_s


def dossier_source(case: Case) -> str:
    """Return the whole document as typst source, the same for the same case."""
    printed = datetime.fromtimestamp(case.end_utc_ns // NS_PER_S, UTC)
    show = (
        f"#show: dossier.with(title: {quoted(case.title)}, case-id: {quoted(case.case_id)}, "
        f"simulated: {'true' if case.simulated else 'false'}, printed: datetime(year: {printed.year}, "
        f"month: {printed.month}, day: {printed.day}, hour: {printed.hour}, minute: {printed.minute}, "
        f"second: {printed.second}))\n"
    )
    return "".join(
        (
            STYLE,
            show,
            _front(case),
            parts.timeline(case),
            _map(case),
            parts.stories(case),
            parts.decisions(case),
            parts.track_orders(case),
            parts.tasks(case),
            parts.proposals(case),
            parts.effects(case),
            annexes.authorised(case),
            annexes.sensors(case),
            annexes.reports_and_statements(case),
            heading("What is not known"),
            sentences(case.not_known, "Nothing was named as not known. Treat that with doubt."),
            annexes.method(case),
            annexes.alerts_annex(case),
        )
    )


def _front(case: Case) -> str:
    start, end = moment(case.start_utc_ns), moment(case.end_utc_ns)
    until = end[11:] if end[:10] == start[:10] else end
    when = f"{start} to {until} ({span_s(case.start_utc_ns, case.end_utc_ns)})"
    alerted = sum(story.alerted_utc_ns is not None for story in case.stories)
    warnings = [story.warning_s for story in case.stories if story.warning_s is not None]
    persons = sum(footprint.persons_expected for footprint in case.footprints) if case.footprints else None
    figures = (
        (str(len(case.stories)), "intruders"),
        (str(alerted), "of them alerted"),
        (f"{min(warnings):.0f} s" if warnings else "none", "least warning before a breach"),
        (str(sum(len(p.approvals) for p in case.proposals)), "approvals by named persons"),
        ("none" if persons is None else f"{persons:.4f}", "persons expected under falling pieces, in all"),
    )
    return "".join(
        (
            call(
                "title-block",
                quoted("Case file" + (" of a simulated night" if case.simulated else "")),
                quoted(case.title),
                quoted(case.site.name),
                quoted(when),
            ),
            call("figures", *(f"({quoted(number)}, {quoted(says)})" for number, says in figures)),
            heading("Summary"),
            sentences(case.summary, "No summary was given."),
        )
    )


def _map(case: Case) -> str:
    tracks = ", ".join(f"{track.label} ({track.looks})" for track in case.map.tracks) or "no tracks"
    caption = (
        f"{case.site.name}, {iso_utc(case.start_utc_ns)[:10]}. Tracks as estimated at the time, ticks in UTC."
    )
    # The figure's own text went through `printable`; as a typst string it needs its quotes kept only.
    svg = '"' + map_svg(case).replace("\\", "\\\\").replace('"', '\\"') + '"'
    return heading("Map of the night") + call(
        "map-figure", svg, quoted(f"Map of {case.site.name} with tracks: {tracks}."), quoted(caption)
    )
