"""Incidents for other programs: as OCSF findings, and as their own tracks and times of a night."""

from __future__ import annotations

from pathlib import Path

import msgspec

from skykeep import __version__
from skykeep.app.case_desk import is_night
from skykeep.app.export import Excerpt, Exported, Progress, export
from skykeep.app.incident_views import span_of, tracks_of
from skykeep.app.replay import Recording
from skykeep.base.clock import seconds_to_ns
from skykeep.base.errors import InputError
from skykeep.domain.encoding import encode_json
from skykeep.evidence.case_book import CaseBook
from skykeep.store.case_folder import find_case, read_case
from skykeep.store.manifest import replace_file
from skykeep.wire.ocsf_incident import incident_finding

AROUND_S = 60.0


def export_ocsf(case: Path, out: Path, incident_id: str = "") -> int:
    """Write the incidents of a case, or one of them, as OCSF Incident Findings, a line each; return how many.
    InputError where there is none of that number.
    """
    book = read_case(find_case(case))
    chosen = (book.incidents.incident(incident_id),) if incident_id else book.incidents.incidents
    site = next((each.night.name for each in book.nights.values()), "a case")
    lines = [encode_json(incident_finding(incident, site, __version__)) for incident in chosen]
    replace_file(out, b"".join(line + b"\n" for line in lines))
    return len(lines)


def export_incident(
    case: Path,
    incident_id: str,
    night: Path,
    kind: str,
    out: Path,
    progress: Progress = lambda _done, _of: None,
) -> Exported:
    """Write an incident's tracks of one night, from `AROUND_S` before its first thing to as long after its
    last, in one of `skykeep.app.export.FORMATS`. InputError where it holds no track of that night.
    """
    excerpt = excerpt_of(read_case(find_case(case)), incident_id, night)
    exported = export(night, kind, out, progress, excerpt)
    if not exported.tracks:
        raise InputError("incident", f"{incident_id}, whose tracks the night does not show", "one it shows")
    return exported


def excerpt_of(book: CaseBook, incident_id: str, night: Path) -> Excerpt:
    """Return which tracks of a night, and what part of it, an incident is about."""
    incident = book.incidents.incident(incident_id)
    recording = Recording(night)
    night_id = next((n.night_id for n in book.nights.values() if is_night(recording, n.night)), None)
    if night_id is None:
        raise InputError("night", str(night), "one that is attached to the case")
    tracks, span = tracks_of(incident, night_id), span_of(incident, night_id)
    if not tracks or span is None:
        raise InputError("incident", f"{incident_id}, with no track of {night_id}", "one that holds some")
    around_ns = seconds_to_ns(AROUND_S)
    return Excerpt(
        name=incident.title,
        track_ids=tracks,
        from_utc_ns=span[0] - around_ns,
        to_utc_ns=span[1] + around_ns,
    )


def export_view(case: Path, incident_id: str, out: Path) -> None:
    """Write one incident whole, with its timeline and what is known of its files, as JSON."""
    from skykeep.app.incident_views import view_incident

    book = read_case(find_case(case))
    view = view_incident(book, incident_id)
    files = {moment.item_id for moment in view.timeline if moment.kind == "media"}
    media = tuple(entry.media for name, entry in book.media.items() if name in files)
    whole = {"view": view, "media": media, "nights": tuple(book.nights.values())}
    replace_file(out, msgspec.json.format(encode_json(whole), indent=1) + b"\n")
