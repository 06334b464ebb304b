"""The dossier of a night, from its folder: the case made again from the log alone, and printed.

Making the case replays the log, which takes about as long as judging it did. So the case of a sealed log is
kept: beside it by whoever ran the night (`case.json`, sealed with the rest), else in the cache of whoever
asked. It is taken up again only where it was made from this log, as its last checkpoint says, by this
version.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from skykeep import __version__
from skykeep.app.folder import CASE, cache_dir, find_log, log_note
from skykeep.app.known_then import Moment, known_at
from skykeep.base.errors import InputError
from skykeep.evidence.case import Case
from skykeep.evidence.case_json import case_json, read_case_json
from skykeep.evidence.dossier import dossier
from skykeep.evidence.levels import Level, at_level
from skykeep.evidence.paper import Attachment, Document
from skykeep.evidence.paper_html import html_page
from skykeep.store.log_reader import LogReader
from skykeep.store.manifest import hash_file, read_manifest, replace_file

FORMATS = ("pdf", "html", "json")

Say = Callable[[str], None]


def night_case(path: Path, *, fresh: bool = False, say: Say = lambda _: None) -> Case:
    """Return the case of a night's folder or log, kept or made anew; with `fresh` always anew."""
    log = find_log(path)
    kept = None if fresh else _kept(log)
    if kept is not None:
        return kept
    # Whoever prints what was kept need not wait for what replays.
    from skykeep.app.case_of_log import case_of_log

    say("Making every decision again from the log: this takes about as long as it took then ...")
    case = case_of_log(log)
    if LogReader(log).last_checkpoint().sealed:
        place = _cached(log)
        # Where nothing can be kept it is made again next time.
        with contextlib.suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            replace_file(place, case_json(case, Level.FULL))
    return case


def known_moments(log: Path, times_utc_ns: Sequence[int], case: Case) -> Case:
    """Return the case with pages for these moments too."""
    asked = [Moment(time_utc_ns=time, because="asked for") for time in times_utc_ns]
    pages = (*case.known, *known_at(LogReader(log).entries(), asked))
    return msgspec.structs.replace(case, known=tuple(sorted(pages, key=lambda page: page.at_utc_ns)))


def printed(case: Case, level: Level, kind: str, attached: Sequence[Attachment] = ()) -> bytes:
    """Return the dossier of a whole case at a level, as one of `FORMATS`; `attached` goes into the PDF beside
    the case itself, and must hold nothing that the level does not show.
    """
    shown = at_level(case, level)
    if kind == "json":
        return case_json(shown, level)
    if kind == "html":
        return html_page(dossier(shown, level)).encode()
    from skykeep.store.dossier_file import dossier_pdf

    return dossier_pdf(_document(shown, level, attached))


def _document(shown: Case, level: Level, attached: Sequence[Attachment]) -> Document:
    own = Attachment(
        name=CASE,
        media_type="application/json",
        relationship="data",
        says=f"The case that this document prints, for programs; level {level.value}.",
        data=case_json(shown, level),
    )
    return dossier(shown, level, (own, *attached))


def _kept(log: Path) -> Case | None:
    """Return the case that was kept of this log, None where there is none that fits."""
    for place in (_beside(log), _cached(log)):
        if place is None or not place.is_file():
            continue
        with contextlib.suppress(InputError):
            case = read_case_json(place.read_bytes())
            if case.version == __version__ and case.log.note == log_note(log):
                return case
    return None


def _beside(log: Path) -> Path | None:
    """Return the case that lies beside a log, if it is as it was sealed there."""
    place = log.with_name(CASE)
    manifest = read_manifest(log.parent)
    sealed = manifest.file(CASE) if manifest is not None else None
    if sealed is None or not place.is_file() or hash_file(place).sha256 != sealed.sha256:
        return None
    return place


def _cached(log: Path) -> Path:
    key = hashlib.sha256(f"{__version__}\n{log_note(log)}".encode()).hexdigest()
    return cache_dir() / "cases" / f"{key}.json"
