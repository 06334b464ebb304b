"""All that is ever written in a case: what people do after a night or beside it, and what is filed.

The log of a case holds these as inputs, in order; how the case stands is a fold over them.
"""

from __future__ import annotations

import msgspec

from skykeep.domain.incident import (
    AddToIncident,
    CloseIncident,
    Incident,
    IncidentCommand,
    MergeIncidents,
    NoteOnIncident,
    OpenIncident,
    RemoveFromIncident,
    RenameIncident,
    ReopenIncident,
    SplitIncident,
)
from skykeep.domain.statement import Assertion, Review, SourceDocument


class AttachNight(msgspec.Struct, frozen=True, kw_only=True):
    """A night's log belongs to this case. `begins_with` is the SHA-256 of its first two payloads (what ran,
    and where): it tells nights apart. `checkpoint` is the text of its last checkpoint, "" while the night
    goes on; `entries` how many entries that counts.
    """

    name: str
    begins_with: str
    mode: str
    simulated: bool
    start_utc_ns: int
    entries: int
    checkpoint: str
    by: str
    time_utc_ns: int
    reason: str = ""


class MediaFact(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a file says of itself, in its own words; nobody has checked it."""

    name: str
    value: str


class Media(msgspec.Struct, frozen=True, kw_only=True):
    """A file kept whole. `media_type` is told from its content; `name` and `facts` are what was said of it.

    `taken` is the time the file gives for itself, as it spells it; `taken_utc_ns` the same in UTC, None where
    it names no zone. `place_deg` is latitude and longitude, degrees on WGS 84, as the file says.
    `thumbnail_sha256` is of a small picture of it in the case's blobs, "" where none was made.
    """

    media_id: str
    name: str
    media_type: str
    sha256: str
    size_bytes: int
    facts: tuple[MediaFact, ...] = ()
    taken: str = ""
    taken_utc_ns: int | None = None
    place_deg: tuple[float, float] | None = None
    width_px: int | None = None
    height_px: int | None = None
    duration_s: float | None = None
    thumbnail_sha256: str = ""


class AddMedia(msgspec.Struct, frozen=True, kw_only=True):
    """A file is handed in: by whom, and from where they have it."""

    media: Media
    by: str
    time_utc_ns: int
    reason: str = ""


class AddDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A document of what others say is handed in."""

    document: SourceDocument
    by: str
    time_utc_ns: int
    reason: str = ""


class DescribeDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A person says who published a document, and when (an ISO date or date-time, "" for not known)."""

    document_id: str
    publisher: str
    published: str
    by: str
    time_utc_ns: int
    reason: str


class ProposeAssertions(msgspec.Struct, frozen=True, kw_only=True):
    """Rules or a plug-in propose what a document says; `by` is whoever had them look."""

    document_id: str
    assertions: tuple[Assertion, ...]
    by: str
    time_utc_ns: int


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was asked and could not be done: kept for the record, and explained."""

    kind: str
    field: str
    found: str
    must: str
    by: str
    time_utc_ns: int


class AttachedNight(msgspec.Struct, frozen=True, kw_only=True):
    """A night of the case, under the number it has there, as it was attached last."""

    night_id: str
    night: AttachNight


CaseEntry = (
    IncidentCommand | AttachNight | AddMedia | AddDocument | DescribeDocument | ProposeAssertions | Review
)

CASE_KINDS: dict[type, str] = {
    OpenIncident: "open_incident",
    AddToIncident: "add_to_incident",
    RemoveFromIncident: "remove_from_incident",
    MergeIncidents: "merge_incidents",
    SplitIncident: "split_incident",
    RenameIncident: "rename_incident",
    CloseIncident: "close_incident",
    ReopenIncident: "reopen_incident",
    NoteOnIncident: "note_on_incident",
    AttachNight: "night_attached",
    AddMedia: "add_media",
    AddDocument: "add_document",
    DescribeDocument: "describe_document",
    ProposeAssertions: "propose_assertions",
    Review: "review",
}


class CaseState(msgspec.Struct, frozen=True, kw_only=True):
    """How a case stands. Everything is in the order in which it came; of `reviews` the last on an assertion
    holds.
    """

    nights: tuple[AttachedNight, ...]
    incidents: tuple[Incident, ...]
    media: tuple[AddMedia, ...]
    documents: tuple[SourceDocument, ...]
    assertions: tuple[Assertion, ...]
    reviews: tuple[Review, ...]
    refusals: tuple[Refusal, ...]
