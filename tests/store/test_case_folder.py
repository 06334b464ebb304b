"""A case on a disk: what was done is there again when it is opened, and a file is as it was handed in."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from skykeep.base.errors import InputError, IntegrityError, SetupError
from skykeep.domain.casework import (
    AddMedia,
    AttachNight,
    CaseEntry,
    DescribeDocument,
    Media,
    ProposeAssertions,
)
from skykeep.domain.incident import (
    AddToIncident,
    CloseIncident,
    Item,
    ItemKey,
    ItemKind,
    MergeIncidents,
    NoteOnIncident,
    OpenIncident,
)
from skykeep.domain.record import EntryRole
from skykeep.domain.statement import (
    Assertion,
    Passage,
    Review,
    ReviewState,
    Slot,
    SourceDocument,
    SpeechAct,
)
from skykeep.store.case_folder import CASE_LOG, CaseFolder, blob_faults, find_case, read_blob, read_case
from skykeep.store.log_database import LogDatabase
from skykeep.store.log_reader import LogReader
from skykeep.store.redaction import Taking, redact

T0 = 1_900_000_000_000_000_000
TEXT = "Two aircraft came over the harbour, a spokesman said."
WORDS = TEXT.encode()


def document(document_id: str = "D-1", data: bytes = WORDS) -> SourceDocument:
    return SourceDocument(
        document_id=document_id,
        name="a.txt",
        media_type="text/plain",
        sha256=hashlib.sha256(data).hexdigest(),
        size_bytes=len(data),
        text=TEXT,
        publisher="Harbour Wire",
        published="",
        published_from="",
        published_words=None,
        retrieved_utc_ns=T0,
    )


def assertion(assertion_id: str = "S-1", start: int = 0, end: int = 12) -> Assertion:
    return Assertion(
        assertion_id=assertion_id,
        passage=Passage(document_id="D-1", start=start, end=end),
        slot=Slot.AIRCRAFT_COUNT,
        value="2",
        speaker="a spokesman",
        speaker_passage=None,
        via=(),
        act=SpeechAct.CLAIMS,
        is_direct=False,
        is_hedged=False,
        proposed_by="rules",
    )


def night(entries: int = 0, begins_with: str = "0" * 64) -> AttachNight:
    return AttachNight(
        name="the-night-1",
        begins_with=begins_with,
        mode="SIMULATION",
        simulated=True,
        start_utc_ns=T0,
        entries=entries,
        checkpoint="",
        by="op",
        time_utc_ns=T0,
    )


def opening(title: str = "Two drones") -> OpenIncident:
    return OpenIncident(title=title, reason="They came", by="op", time_utc_ns=T0)


def review(state: ReviewState = ReviewState.CONFIRMED, assertion_id: str = "S-1") -> Review:
    return Review(assertion_id=assertion_id, state=state, by="ada", time_utc_ns=T0 + 4)


def test_a_case_opened_again_stands_as_it_was_left(tmp_path: Path) -> None:
    with CaseFolder.open(tmp_path) as case:
        case.receive(night())
        case.receive(opening())
        track = Item(
            key=ItemKey(kind=ItemKind.TRACK, item_id="7", night_id="N-1"), time_utc_ns=T0, says="Track 7"
        )
        case.receive(
            AddToIncident(incident_id="I-1", items=(track,), reason="Seen", by="op", time_utc_ns=T0 + 1)
        )
        case.add_document(document(), WORDS, "ada", T0 + 2)
        case.receive(
            ProposeAssertions(document_id="D-1", assertions=(assertion(),), by="ada", time_utc_ns=T0 + 3)
        )
        case.receive(review())
        with pytest.raises(InputError, match="incident_id: 'I-5'"):
            case.receive(CloseIncident(incident_id="I-5", reason="Done", by="op", time_utc_ns=T0 + 5))
        left = case.book.state()

    assert len(left.refusals) == 1
    assert read_case(tmp_path).state() == left
    with CaseFolder.open(tmp_path) as again:
        assert again.book.state() == left
    assert blob_faults(tmp_path, read_case(tmp_path)) == ()


def test_what_was_refused_is_written_with_field_and_bound_behind_what_was_asked(tmp_path: Path) -> None:
    with CaseFolder.open(tmp_path) as case, pytest.raises(InputError):
        case.receive(opening(""))

    entries = list(LogReader(tmp_path / CASE_LOG).entries())

    assert [(entry.role.value, entry.kind) for entry in entries] == [
        ("input", "case"),
        ("input", "open_incident"),
        ("output", "refusal"),
    ]
    assert b"a text that says something" in entries[2].payload


def test_a_refusal_that_a_crash_kept_from_the_log_is_written_when_it_is_opened(tmp_path: Path) -> None:
    with CaseFolder.open(tmp_path) as case, pytest.raises(InputError):
        case.receive(opening(""))
    entries = list(LogReader(tmp_path / CASE_LOG).entries())
    torn = tmp_path / "torn"
    with LogDatabase.open(torn / CASE_LOG) as log:
        for entry in entries[:2]:
            log.append(entry.time_utc_ns, entry.role, entry.kind, entry.payload)

    with CaseFolder.open(torn) as case:
        assert len(case.book.state().refusals) == 1

    written = [entry.payload for entry in LogReader(torn / CASE_LOG).entries()]
    assert written == [entry.payload for entry in entries]


@pytest.mark.parametrize("story", ["never refused", "refused for something else"])
def test_a_log_whose_refusals_do_not_follow_is_not_read(tmp_path: Path, story: str) -> None:
    with CaseFolder.open(tmp_path / "a") as case:
        if story == "never refused":
            case.receive(opening())
        else:
            with pytest.raises(InputError):
                case.receive(opening(""))
    entries = list(LogReader(tmp_path / "a" / CASE_LOG).entries())[:2]
    with LogDatabase.open(tmp_path / "b" / CASE_LOG) as log:
        for entry in entries:
            log.append(entry.time_utc_ns, entry.role, entry.kind, entry.payload)
        log.append(T0, EntryRole.OUTPUT, "refusal", b'{"kind":"open_incident"}')

    with pytest.raises(IntegrityError, match="entry 3: what was refused came out otherwise"):
        read_case(tmp_path / "b")


def test_a_night_s_log_is_no_case(tmp_path: Path) -> None:
    with LogDatabase.open(tmp_path / CASE_LOG) as log:
        log.append(T0, EntryRole.INPUT, "run", b"{}")

    with pytest.raises(SetupError, match="begins with 'run', must begin with 'case'"):
        CaseFolder.open(tmp_path)


def test_only_one_process_writes_and_others_may_read(tmp_path: Path) -> None:
    with CaseFolder.open(tmp_path) as case:
        case.receive(opening())

        with pytest.raises(SetupError, match="written by another process"):
            CaseFolder.open(tmp_path)
        assert [one.title for one in read_case(tmp_path).incidents.incidents] == ["Two drones"]


def test_a_file_is_kept_once_and_nobody_may_write_it(tmp_path: Path) -> None:
    with CaseFolder.open(tmp_path) as case:
        sha256 = case.keep(WORDS)

        assert case.keep(WORDS) == sha256 == hashlib.sha256(WORDS).hexdigest()
        assert case.blob(sha256) == WORDS
    kept = list((tmp_path / "blobs").iterdir())
    assert [each.name for each in kept] == [sha256]
    assert stat.S_IMODE(kept[0].stat().st_mode) == 0o444


def test_a_file_that_was_swapped_or_is_gone_is_found(tmp_path: Path) -> None:
    with CaseFolder.open(tmp_path) as case:
        case.add_document(document(), WORDS, "ada", T0)
        other = b"other bytes"
        case.add_document(replace(document("D-2", other), text="other bytes", name="b.txt"), other, "ada", T0)
    first, second = (hashlib.sha256(data).hexdigest() for data in (WORDS, other))
    os.chmod(tmp_path / "blobs" / first, 0o644)
    (tmp_path / "blobs" / first).write_bytes(b"swapped")
    (tmp_path / "blobs" / second).unlink()

    faults = blob_faults(tmp_path, read_case(tmp_path))

    assert [(fault.split(":")[0], gone) for fault, gone in faults] == [("a.txt", False), ("b.txt", True)]
    assert "holds something else" in faults[0][0]
    assert "is missing" in faults[1][0]
    with pytest.raises(IntegrityError, match="holds something else"):
        read_blob(tmp_path, first)


def test_a_night_is_one_night_however_often_it_is_attached(tmp_path: Path) -> None:
    with CaseFolder.open(tmp_path) as case:
        case.receive(night())
        case.receive(night(begins_with="1" * 64))
        case.receive(night(entries=120))

        assert [(each.night_id, each.night.entries) for each in case.book.state().nights] == [
            ("N-1", 120),
            ("N-2", 0),
        ]
        with pytest.raises(InputError, match="entries: 119, must be at least the 120"):
            case.receive(night(entries=119))


def test_a_case_is_found_in_a_night_s_folder_or_by_itself(tmp_path: Path) -> None:
    CaseFolder.open(tmp_path / "night" / "case").close()

    assert find_case(tmp_path / "night") == find_case(tmp_path / "night" / "case")
    with pytest.raises(SetupError, match="no case"):
        find_case(tmp_path)


MEDIA = Media(media_id="M-1", name="clip.mp4", media_type="video/mp4", sha256="a" * 64, size_bytes=1)
REFUSED: dict[str, tuple[CaseEntry, str]] = {
    "the same document again": (
        ProposeAssertions(document_id="D-9", assertions=(), by="ada", time_utc_ns=T0),
        "document_id: 'D-9', must be a document",
    ),
    "words past the end": (
        ProposeAssertions(
            document_id="D-1", assertions=(assertion("S-2", 0, len(TEXT) + 1),), by="ada", time_utc_ns=T0
        ),
        "assertions.passage: 0 to 54, must be inside the 53 characters",
    ),
    "another proposal under its number": (
        ProposeAssertions(document_id="D-1", assertions=(assertion("S-1", 0, 3),), by="ada", time_utc_ns=T0),
        "assertions.assertion_id: S-1",
    ),
    "a word on what was not proposed": (review(assertion_id="S-7"), "assertion_id: 'S-7'"),
    "corrected to nothing": (review(ReviewState.CORRECTED), "corrected: none"),
    "a file that is there": (AddMedia(media=MEDIA, by="op", time_utc_ns=T0), "media_id: M-1"),
    "the same bytes": (
        AddMedia(media=replace(MEDIA, media_id="M-2"), by="op", time_utc_ns=T0),
        "sha256: the same file as M-1",
    ),
    "no hash": (
        AddMedia(media=replace(MEDIA, media_id="M-3", sha256="A" * 64), by="op", time_utc_ns=T0),
        "sha256: .*must be 64 hex digits",
    ),
    "a file nobody handed in": (
        AddToIncident(
            incident_id="I-1",
            items=(Item(key=ItemKey(kind=ItemKind.MEDIA, item_id="M-8"), time_utc_ns=T0, says="?"),),
            reason="Why",
            by="op",
            time_utc_ns=T0,
        ),
        "items: media M-8",
    ),
    "a track of a night that is not attached": (
        AddToIncident(
            incident_id="I-1",
            items=(
                Item(key=ItemKey(kind=ItemKind.TRACK, item_id="1", night_id="N-4"), time_utc_ns=T0, says="?"),
            ),
            reason="Why",
            by="op",
            time_utc_ns=T0,
        ),
        "items: track 1 of N-4",
    ),
    "a publisher without a reason": (
        DescribeDocument(document_id="D-1", publisher="B", published="", by="op", time_utc_ns=T0, reason=""),
        "reason: ''",
    ),
}


@pytest.mark.parametrize("story", REFUSED)
def test_what_cannot_be_filed_is_refused_and_nothing_else_has_changed(tmp_path: Path, story: str) -> None:
    entry, says = REFUSED[story]
    with CaseFolder.open(tmp_path) as case:
        case.receive(opening())
        case.add_document(document(), WORDS, "ada", T0)
        case.receive(ProposeAssertions(document_id="D-1", assertions=(assertion(),), by="a", time_utc_ns=T0))
        case.receive(AddMedia(media=MEDIA, by="op", time_utc_ns=T0))
        before = case.book.state()

        with pytest.raises(InputError, match=says):
            case.receive(entry)

        assert replace(case.book.state(), refusals=()) == before


def test_text_that_cannot_be_written_down_is_refused_before_the_log(tmp_path: Path) -> None:
    with CaseFolder.open(tmp_path) as case:
        with pytest.raises(InputError, match="can be written down"):
            case.receive(opening("\ud800"))

        assert case.book.state().refusals == ()


def test_a_person_says_who_published_a_document_and_when(tmp_path: Path) -> None:
    with CaseFolder.open(tmp_path) as case:
        case.add_document(document(), WORDS, "ada", T0)
        case.receive(
            DescribeDocument(
                document_id="D-1",
                publisher="The Quay Post",
                published="2031-05-03",
                by="ada",
                time_utc_ns=T0,
                reason="On its front page",
            )
        )

    (found,) = read_case(tmp_path).state().documents
    assert (found.publisher, found.published, found.published_from) == (
        "The Quay Post",
        "2031-05-03",
        "person",
    )


COMMANDS = st.one_of(
    st.builds(opening, st.sampled_from(["A", "B", ""])),
    st.builds(
        lambda into, other: MergeIncidents(
            incident_ids=(other,), into=into, reason="One", by="op", time_utc_ns=T0
        ),
        st.sampled_from(["I-1", "I-2"]),
        st.sampled_from(["I-1", "I-2", "I-3"]),
    ),
    st.builds(
        lambda text: NoteOnIncident(incident_id="I-1", text=text, by="op", time_utc_ns=T0),
        st.text(st.characters(codec="utf-8"), max_size=10),
    ),
    st.builds(night, st.integers(-1, 3)),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(COMMANDS, max_size=12))
def test_the_log_folded_again_is_how_it_stood(
    tmp_path_factory: pytest.TempPathFactory, commands: list[CaseEntry]
) -> None:
    folder = tmp_path_factory.mktemp("case")
    with CaseFolder.open(folder) as case:
        for command in commands:
            with contextlib.suppress(InputError):
                case.receive(command, wait=False)
        left = case.book.state()

    assert read_case(folder).state() == left


def test_a_note_taken_out_of_a_case_leaves_how_it_stands(tmp_path: Path) -> None:
    with CaseFolder.open(tmp_path) as case:
        case.receive(opening())
        secret = "The caller is Maria, third floor"
        case.receive(NoteOnIncident(incident_id="I-1", text=secret, by="op", time_utc_ns=T0))
    taking = Taking(sequence=3, path="text")

    redact(tmp_path / CASE_LOG, [taking], by="ada", because="She asked for it", now_utc_ns=T0)

    (incident,) = read_case(tmp_path).incidents.incidents
    assert [note.text for note in incident.notes] == ["[redacted]"]
    assert b"Maria" not in (tmp_path / CASE_LOG).read_bytes()
    with CaseFolder.open(tmp_path) as case:
        case.receive(CloseIncident(incident_id="I-1", reason="Done", by="op", time_utc_ns=T0))
