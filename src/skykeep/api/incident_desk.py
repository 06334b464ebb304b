"""The case at the console: shown as people read it, and changed as people ask.

Called from the server's worker threads while the watch opens incidents in its own; every question is answered
under the case's lock.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any

import msgspec

from skykeep.app.case_desk import CaseDesk
from skykeep.app.incident_acts import item_of_media, put
from skykeep.app.incident_views import IncidentLine, IncidentView, list_incidents, parse_item, view_incident
from skykeep.base.errors import DecodeError, InputError
from skykeep.domain.casework import CaseEntry, Media
from skykeep.domain.incident import (
    CloseIncident,
    Incident,
    ItemKind,
    MergeIncidents,
    NoteOnIncident,
    OpenIncident,
    RemoveFromIncident,
    RenameIncident,
    ReopenIncident,
    SplitIncident,
)
from skykeep.domain.place import Person
from skykeep.store.case_folder import CaseFolder, read_blob
from skykeep.store.case_search import CaseSearch, SearchHit
from skykeep.store.media_file import keep_media

LARGEST_ACT_BYTES = 256 * 1024
LARGEST_UPLOAD_BYTES = 64 * 1024 * 1024
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Ids = Annotated[tuple[Name, ...], msgspec.Meta(max_length=1_000)]


class Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody asks: `act` says which of open, note, remove, merge, split, rename, close, reopen; of the
    rest only what belongs to that is looked at. `items` are as on the command line: `track:12@N-1`.
    """

    act: str
    by: Name
    incident_id: str = ""
    title: str = ""
    reason: str = ""
    text: str = ""
    items: Ids = ()
    incident_ids: Ids = ()


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One incident, with what is known of the files that it holds."""

    view: IncidentView
    media: tuple[Media, ...]


class IncidentDesk:
    """A case, for the people on duty; `now_utc_ns` is the watch's own clock. Files lie in `folder`; a case
    that is not open on a disk is only shown: nothing can be changed in it.
    """

    def __init__(
        self,
        case: CaseDesk,
        people: Iterable[Person],
        now_utc_ns: Callable[[], int],
        folder: Path | None = None,
    ) -> None:
        self._case, self._now_utc_ns = case, now_utc_ns
        self._folder = case.folder if isinstance(case, CaseFolder) else folder
        self._people = {person.person_id for person in people}
        self._search: CaseSearch | None = None
        self._searched = -1
        self._searching = threading.Lock()

    def go_on(self, case: CaseFolder) -> None:
        """Show and change another case from now on: the watch goes on beside that."""
        with self._searching:
            self._case, self._folder = case, case.folder
            self._search, self._searched = None, -1

    def lines(self) -> tuple[IncidentLine, ...]:
        """Return every incident in a line."""
        with self._case.at_once():
            return list_incidents(self._case.book)

    def view(self, incident_id: str) -> Shown:
        """Return one incident whole; InputError where there is none of that number."""
        with self._case.at_once():
            view = view_incident(self._case.book, incident_id)
            files = [moment.item_id for moment in view.timeline if moment.kind == ItemKind.MEDIA]
            media = self._case.book.media
            return Shown(view=view, media=tuple(media[each].media for each in files if each in media))

    def search(self, query: str) -> tuple[SearchHit, ...]:
        """Return what holds the words; the index is made anew where the case has changed."""
        with self._searching:
            with self._case.at_once():
                if self._search is None or self._searched != self._case.book.version:
                    self._search = CaseSearch(self._case.book)
                    self._searched = self._case.book.version
            return self._search.find(query)

    def act(self, data: bytes) -> Incident:
        """Do what somebody asks, as JSON; InputError names what stands in the way."""
        try:
            asked = msgspec.json.decode(data, type=Act)
        except (msgspec.DecodeError, RecursionError) as error:
            raise DecodeError("act", str(error), "an act as the interface describes it") from error
        self._check_person(asked.by)
        case = self._writable()
        with case.at_once():
            done = case.receive(self._entry(asked))
        assert isinstance(done, Incident)
        return done

    def add_media(self, incident_id: str, name: str, data: bytes, by: str, reason: str) -> Incident:
        """Keep a file whole and put it to an incident."""
        self._check_person(by)
        case = self._writable()
        now_utc_ns = self._now_utc_ns()
        with case.at_once():
            case.book.incidents.incident(incident_id)
            media = keep_media(case, name, data, by, now_utc_ns, reason)
            item = item_of_media(media, now_utc_ns)
            return put(case, incident_id, (item,), reason or "Handed in", by, now_utc_ns)

    def file(self, media_id: str) -> bytes:
        """Return a file whole; IntegrityError where it is not what was filed."""
        return self._blob(self._media(media_id).sha256)

    def thumbnail(self, media_id: str) -> bytes:
        """Return the small picture of a file, empty where there is none."""
        sha256 = self._media(media_id).thumbnail_sha256
        return self._blob(sha256) if sha256 else b""

    def _media(self, media_id: str) -> Media:
        with self._case.at_once():
            found = self._case.book.media.get(media_id)
        if found is None:
            raise InputError("media_id", repr(media_id), "a file of this case")
        return found.media

    def _blob(self, sha256: str) -> bytes:
        if self._folder is None:
            raise InputError("media_id", "of a case without a folder", "of one that has its files at hand")
        return read_blob(self._folder, sha256)

    def _writable(self) -> CaseFolder:
        if not isinstance(self._case, CaseFolder):
            raise InputError("case", "only shown here", "opened to be changed: `skykeep replay --case DIR`")
        return self._case

    def _check_person(self, person_id: str) -> None:
        if person_id not in self._people:
            raise InputError("by", repr(person_id), "somebody on duty")

    def _entry(self, asked: Act) -> CaseEntry:
        common: dict[str, Any] = {"by": asked.by, "time_utc_ns": self._now_utc_ns()}
        on = {**common, "incident_id": asked.incident_id}
        keys = tuple(parse_item(each, self._case.book) for each in asked.items)
        match asked.act:
            case "open":
                return OpenIncident(title=asked.title, reason=asked.reason, **common)
            case "note":
                return NoteOnIncident(text=asked.text, **on)
            case "remove":
                return RemoveFromIncident(items=keys, reason=asked.reason, **on)
            case "merge":
                return MergeIncidents(
                    incident_ids=asked.incident_ids, into=asked.incident_id, reason=asked.reason, **common
                )
            case "split":
                return SplitIncident(items=keys, title=asked.title, reason=asked.reason, **on)
            case "rename":
                return RenameIncident(title=asked.title, reason=asked.reason, **on)
            case "close":
                return CloseIncident(reason=asked.reason, **on)
            case "reopen":
                return ReopenIncident(reason=asked.reason, **on)
        must = "one of open, note, remove, merge, split, rename, close, reopen"
        raise InputError("act", repr(asked.act[:40]), must)
