"""What people do with a case that takes more than one entry."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from skykeep.app.case_desk import is_night
from skykeep.app.folder import LOG
from skykeep.app.incident_views import parse_item
from skykeep.app.night_case import NightCase
from skykeep.app.night_things import thing_of
from skykeep.app.replay import NoRecorder, Recording, RedactedError
from skykeep.base.errors import InputError
from skykeep.domain.casework import AttachedNight, Media
from skykeep.domain.incident import AddToIncident, Incident, Item, ItemKey, ItemKind
from skykeep.store.case_folder import CaseFolder
from skykeep.store.media_file import keep_media, read_media_file


def add_to_incident(
    case: CaseFolder,
    incident_id: str,
    files: Iterable[Path],
    items: Iterable[str],
    reason: str,
    by: str,
    time_utc_ns: int,
) -> Incident:
    """Put files, and things named as `parse_item` reads them, to an incident; InputError where it cannot."""
    case.book.incidents.incident(incident_id)
    wanted = [_named(parse_item(item, case.book), case, time_utc_ns) for item in items]
    for path in files:
        media = keep_media(case, path.name, read_media_file(path), by, time_utc_ns, reason)
        wanted.append(item_of_media(media, time_utc_ns))
    return put(case, incident_id, tuple(wanted), reason, by, time_utc_ns)


def put(
    case: CaseFolder, incident_id: str, items: tuple[Item, ...], reason: str, by: str, time_utc_ns: int
) -> Incident:
    """Put things to an incident; InputError where it cannot be done."""
    done = case.receive(
        AddToIncident(incident_id=incident_id, items=items, reason=reason, by=by, time_utc_ns=time_utc_ns)
    )
    assert isinstance(done, Incident)
    return done


def item_of_media(media: Media, now_utc_ns: int) -> Item:
    """Return a file as an item: at the time it gives for itself, where that is known, else now."""
    taken = f", taken {media.taken} by its own word" if media.taken else ""
    at_utc_ns = now_utc_ns if media.taken_utc_ns is None else media.taken_utc_ns
    key = ItemKey(kind=ItemKind.MEDIA, item_id=media.media_id)
    return Item(key=key, time_utc_ns=at_utc_ns, says=f"{media.name} ({media.media_type}{taken})")


def _named(key: ItemKey, case: CaseFolder, now_utc_ns: int) -> Item:
    """Return an item that somebody names, as the case knows it already where it does, else as the night's log
    tells it; InputError where neither has it.
    """
    book = case.book
    for incident in book.incidents.incidents:
        held = incident.held(key)
        if held is not None:
            return held.item
    if key.kind is ItemKind.MEDIA and key.item_id in book.media:
        return item_of_media(book.media[key.item_id].media, now_utc_ns)
    if key.kind is ItemKind.STATEMENT and key.item_id in book.documents:
        document = book.documents[key.item_id]
        says = f"{document.publisher or 'unknown publisher'}: {document.name}"
        return Item(key=key, time_utc_ns=document.retrieved_utc_ns, says=says)
    if key.night_id not in book.nights:
        raise InputError("item", f"{key.kind} {key.item_id}", "something that the case has")
    recording = _night_beside(case, key.night_id)
    told = None if recording is None else thing_of(recording, key)
    return told or Item(key=key, time_utc_ns=now_utc_ns, says=f"{key.kind.capitalize()} {key.item_id}")


def _night_beside(case: CaseFolder, night_id: str) -> Recording | None:
    """Return the night beside the case, None where that is another or tells nothing any more: a night that is
    elsewhere cannot be asked.
    """
    log = case.folder.resolve().parent / LOG
    if not log.is_file():
        return None
    try:
        recording = Recording(log)
    except RedactedError:
        return None
    return recording if is_night(recording, case.book.nights[night_id].night) else None


def attach_night(night: Path, case_folder: Path, keys_folder: Path | None = None) -> AttachedNight:
    """Put a night to the case in a folder, with the incidents that its alerts open there."""
    recording = Recording(night)
    with NightCase(recording.log.parent, case_folder=case_folder, keys_folder=keys_folder) as case:
        pipeline = recording.pipeline(NoRecorder())
        case.follow(pipeline)
        for record in recording.inputs():
            pipeline.receive(record)
        case.attach_log(recording.log)
        if case.listener.failed is not None:
            raise case.listener.failed
        nights = case.folder.book.nights.values()
        return next(n for n in nights if n.night.begins_with == case.listener.begins_with)
