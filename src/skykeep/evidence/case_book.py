"""A case as a pure fold over its log: nights, incidents, files, documents and what people made of them."""

from __future__ import annotations

from msgspec.structs import replace

from skykeep.base.errors import InputError
from skykeep.domain.casework import (
    CASE_KINDS,
    AddDocument,
    AddMedia,
    AttachedNight,
    AttachNight,
    CaseEntry,
    CaseState,
    DescribeDocument,
    ProposeAssertions,
    Refusal,
)
from skykeep.domain.incident import (
    LONGEST_ID,
    LONGEST_NAME,
    LONGEST_REASON,
    Incident,
    IncidentCommand,
    ItemKey,
    ItemKind,
)
from skykeep.domain.statement import Assertion, Passage, Review, ReviewState, SourceDocument
from skykeep.evidence.case_bounds import check_text, check_time, check_who_and_when
from skykeep.evidence.incident_book import IncidentBook

MOST_MEDIA, MOST_DOCUMENTS, MOST_ASSERTIONS_AT_ONCE = 10_000, 10_000, 10_000
_HEX = frozenset("0123456789abcdef")


class CaseBook:
    """How a case stands. `apply` follows one entry; the same entries always give the same state. `version`
    counts them.
    """

    def __init__(self) -> None:
        self.incidents = IncidentBook(self._knows)
        self.nights: dict[str, AttachedNight] = {}
        self.media: dict[str, AddMedia] = {}
        self.documents: dict[str, SourceDocument] = {}
        self.assertions: dict[str, Assertion] = {}
        self.reviews: list[Review] = []
        self.refusals: list[Refusal] = []
        self.version = 0

    def apply(self, entry: CaseEntry) -> Incident | AttachedNight | None:
        """Follow one entry; return the incident or the night that it made or changed.

        InputError refuses it: the refusal is kept, nothing else has changed.
        """
        self.version += 1
        try:
            return self._apply(entry)
        except InputError as error:
            self.refusals.append(refusal_of(entry, error))
            raise

    def state(self) -> CaseState:
        """Return how the case stands, to be shown or compared."""
        return CaseState(
            nights=tuple(self.nights.values()),
            incidents=self.incidents.incidents,
            media=tuple(self.media.values()),
            documents=tuple(self.documents.values()),
            assertions=tuple(self.assertions.values()),
            reviews=tuple(self.reviews),
            refusals=tuple(self.refusals),
        )

    def blobs(self) -> dict[str, str]:
        """Return the SHA-256 of every file that the case must have, with the name it was handed in under."""
        named = {each.sha256: each.name for each in self.documents.values()}
        for each in self.media.values():
            named[each.media.sha256] = each.media.name
            if each.media.thumbnail_sha256:
                named[each.media.thumbnail_sha256] = f"thumbnail of {each.media.name}"
        return named

    def _apply(self, entry: CaseEntry) -> Incident | AttachedNight | None:
        match entry:
            case AttachNight():
                return self._attach(entry)
            case AddMedia():
                self._add_media(entry)
            case AddDocument():
                self._add_document(entry)
            case DescribeDocument():
                self._describe(entry)
            case ProposeAssertions():
                self._propose(entry)
            case Review():
                self._review(entry)
            case _ if isinstance(entry, IncidentCommand):
                return self.incidents.apply(entry)
        return None

    def _knows(self, key: ItemKey) -> bool:
        if key.kind is ItemKind.MEDIA:
            return key.item_id in self.media
        if key.kind is ItemKind.STATEMENT:
            return key.item_id in self.documents
        return key.night_id in self.nights

    def _attach(self, entry: AttachNight) -> AttachedNight:
        check_who_and_when(entry.by, entry.time_utc_ns)
        check_text("name", entry.name, LONGEST_ID)
        _check_sha256("begins_with", entry.begins_with)
        if entry.entries < 0:
            raise InputError("entries", str(entry.entries), "0 or more")
        same = next((n for n in self.nights.values() if n.night.begins_with == entry.begins_with), None)
        if same is not None and entry.entries < same.night.entries:
            must = f"at least the {same.night.entries} of the checkpoint it was attached with"
            raise InputError("entries", str(entry.entries), must)
        night_id = f"N-{len(self.nights) + 1}" if same is None else same.night_id
        self.nights[night_id] = AttachedNight(night_id=night_id, night=entry)
        return self.nights[night_id]

    def _add_media(self, entry: AddMedia) -> None:
        check_who_and_when(entry.by, entry.time_utc_ns)
        media = entry.media
        check_text("media_id", media.media_id, LONGEST_ID)
        check_text("name", media.name, LONGEST_ID)
        _check_sha256("sha256", media.sha256)
        if media.media_id in self.media:
            raise InputError("media_id", media.media_id, "one that no other file of the case has")
        twin = next((m.media.media_id for m in self.media.values() if m.media.sha256 == media.sha256), None)
        if twin is not None:
            raise InputError("sha256", f"the same file as {twin}", "another file")
        _check_room("media", len(self.media), MOST_MEDIA)
        self.media[media.media_id] = entry

    def _add_document(self, entry: AddDocument) -> None:
        check_who_and_when(entry.by, entry.time_utc_ns)
        document = entry.document
        check_text("document_id", document.document_id, LONGEST_ID)
        check_text("name", document.name, LONGEST_ID)
        check_time("retrieved_utc_ns", document.retrieved_utc_ns)
        _check_sha256("sha256", document.sha256)
        if document.document_id in self.documents:
            raise InputError("document_id", document.document_id, "one that no other document has")
        if document.published_words is not None:
            _check_span("published_words", *document.published_words, document)
        _check_room("documents", len(self.documents), MOST_DOCUMENTS)
        self.documents[document.document_id] = document

    def _describe(self, entry: DescribeDocument) -> None:
        check_who_and_when(entry.by, entry.time_utc_ns)
        check_text("reason", entry.reason, LONGEST_REASON)
        before = self._document(entry.document_id)
        if entry.publisher:
            check_text("publisher", entry.publisher, LONGEST_ID)
        if entry.published:
            check_text("published", entry.published, LONGEST_NAME)
        now = replace(before, publisher=entry.publisher, published=entry.published, published_from="person")
        self.documents[entry.document_id] = replace(now, published_words=None)

    def _propose(self, entry: ProposeAssertions) -> None:
        """Take proposals in; one that is there already word for word is the same once more."""
        check_who_and_when(entry.by, entry.time_utc_ns)
        self._document(entry.document_id)
        if len(entry.assertions) > MOST_ASSERTIONS_AT_ONCE:
            must = f"at most {MOST_ASSERTIONS_AT_ONCE}"
            raise InputError("assertions", f"{len(entry.assertions)} of them", must)
        for assertion in entry.assertions:
            self._check_assertion("assertions", assertion)
            if assertion.passage.document_id != entry.document_id:
                found = f"{assertion.assertion_id} is of {assertion.passage.document_id}"
                raise InputError("assertions", found, f"of {entry.document_id}")
            known = self.assertions.get(assertion.assertion_id)
            if known is not None and known != assertion:
                must = "one that no other assertion has"
                raise InputError("assertions.assertion_id", assertion.assertion_id, must)
        self.assertions.update((each.assertion_id, each) for each in entry.assertions)

    def _review(self, review: Review) -> None:
        check_who_and_when(review.by, review.time_utc_ns)
        if review.assertion_id not in self.assertions:
            raise InputError("assertion_id", repr(review.assertion_id), "of an assertion that was proposed")
        if (review.state is ReviewState.CORRECTED) != (review.corrected is not None):
            found = "one" if review.corrected is not None else "none"
            raise InputError("corrected", found, "given exactly where the state is corrected")
        if review.reason:
            check_text("reason", review.reason, LONGEST_REASON)
        if review.corrected is not None:
            self._check_assertion("corrected", review.corrected)
            if review.corrected.assertion_id != review.assertion_id:
                raise InputError("corrected.assertion_id", review.corrected.assertion_id, review.assertion_id)
        self.reviews.append(review)

    def _document(self, document_id: str) -> SourceDocument:
        found = self.documents.get(document_id)
        if found is None:
            raise InputError("document_id", repr(document_id), "a document of this case")
        return found

    def _check_assertion(self, field: str, assertion: Assertion) -> None:
        check_text(f"{field}.assertion_id", assertion.assertion_id, LONGEST_ID)
        for passage in (assertion.passage, assertion.speaker_passage):
            if passage is not None:
                self._check_passage(field, passage)

    def _check_passage(self, field: str, passage: Passage) -> None:
        _check_span(f"{field}.passage", passage.start, passage.end, self._document(passage.document_id))


def refusal_of(entry: CaseEntry, error: InputError) -> Refusal:
    """Return what is written down of an entry that was refused."""
    return Refusal(
        kind=CASE_KINDS[type(entry)],
        field=error.field,
        found=error.found,
        must=error.must,
        by=entry.by,
        time_utc_ns=entry.time_utc_ns,
    )


def _check_sha256(field: str, sha256: str) -> None:
    if len(sha256) != 64 or not _HEX.issuperset(sha256):
        raise InputError(field, repr(sha256[:80]), "64 hex digits, small letters")


def _check_span(field: str, start: int, end: int, document: SourceDocument) -> None:
    if not 0 <= start < end <= len(document.text):
        must = f"inside the {len(document.text)} characters of {document.document_id}, and not empty"
        raise InputError(field, f"{start} to {end}", must)


def _check_room(field: str, there: int, most: int) -> None:
    if there >= most:
        raise InputError(field, f"{there + 1} of them", f"at most {most}")
