"""Levels: what the table withholds is nowhere in what is printed, and its place is marked."""

from __future__ import annotations

import io
import json
import math

import msgspec
import pypdf
import pytest

from sample_case import CYRILLIC, HOSTILE, SAMPLE
from skykeep.app.dossier import FORMATS, printed
from skykeep.domain.casework import AddMedia, Media
from skykeep.domain.incident import Incident, IncidentState, IncidentStep, Note
from skykeep.domain.place import Person
from skykeep.domain.response import ProposalState
from skykeep.domain.statement import Passage, StatementMatrix
from skykeep.evidence.case import Case
from skykeep.evidence.levels import IN_SENTENCES, TABLE, Level, at_level, spelt
from skykeep.evidence.printable import printable
from skykeep.evidence.withheld import mark, outside

SERIAL, PILOT, WORDS = "SERIAL-0815-XY", "Pilar Ottoson", "my neighbour Quillfeather shouted"


def secret_case() -> Case:
    """Return the sample with a secret in every place that the tests look for."""
    structs = msgspec.structs
    story = SAMPLE.stories[0]
    claim = structs.replace(story.claims[0], claimed_id=SERIAL)
    permit = SAMPLE.permits_used[0]
    permit = structs.replace(
        permit, scope=structs.replace(permit.scope, pilots=(PILOT,)), contact="+1 555 0100 77"
    )
    return structs.replace(
        SAMPLE,
        stories=(structs.replace(story, claims=(claim,), grounds=(f"It says it is {SERIAL}.",)),),
        permits_used=(permit,),
        site=structs.replace(SAMPLE.site, permits=(permit,)),
        reports=(structs.replace(SAMPLE.reports[0], text=WORDS),),
        not_known=(f"Whether {PILOT} flew it, as {CYRILLIC} said.",),
        summary=("One intruder was stopped.",),
        decisions=tuple(
            structs.replace(one, decided=f"{one.decided} ({CYRILLIC})") for one in SAMPLE.decisions
        ),
    )


HIDDEN = {
    Level.PUBLIC: (SERIAL, PILOT, WORDS, CYRILLIC, "OPERATOR-4711", "1234.5", "555 0100", "Harbour Survey"),
    Level.PARTNER: (PILOT, "OPERATOR-4711", "1234.5", "555 0100"),
}
SHOWN = {
    Level.PUBLIC: ("Order 12", "commander"),
    Level.PARTNER: (SERIAL, CYRILLIC, "Harbour Survey", WORDS),
    Level.FULL: (SERIAL, PILOT, WORDS, CYRILLIC),
}


def everything_in(kind: str, data: bytes) -> str:
    """Return all the text of a file, whatever it hides: streams, names, what is attached."""
    if kind != "pdf":
        return data.decode()
    reader = pypdf.PdfReader(io.BytesIO(data))
    streams = [data]
    for number in range(1, int(str(reader.trailer["/Size"]))):
        found = reader.get_object(number)
        if isinstance(found, pypdf.generic.StreamObject):
            streams.append(found.get_data())
        else:
            streams.append(repr(found).encode())
    pages = [page.extract_text() for page in reader.pages]
    attached = [each.content.decode() for each in reader.attachment_list]
    return "\n".join([*pages, *attached, *(stream.decode("latin-1") for stream in streams)])


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("level", list(HIDDEN))
def test_no_withheld_byte_is_in_the_file(kind: str, level: Level) -> None:
    text = everything_in(kind, printed(secret_case(), level, kind))
    flat = " ".join(text.split())

    for secret in HIDDEN[level]:
        assert secret not in flat, secret
        assert json.dumps(secret)[1:-1] not in text, secret
        assert secret.encode("utf-16-be").hex() not in text.lower(), secret
    for word in SHOWN[level]:
        assert word in flat, word
    assert "withheld: personal" in flat


@pytest.mark.parametrize("kind", FORMATS)
def test_the_full_level_shows_what_the_others_withhold(kind: str) -> None:
    flat = " ".join(everything_in(kind, printed(secret_case(), Level.FULL, kind)).split())

    only_for_programs = ("OPERATOR-4711", "1234.5", "555 0100") if kind == "json" else ()
    assert [word for word in (*SHOWN[Level.FULL], *only_for_programs) if word not in flat] == []
    assert "withheld: personal" not in flat


def test_people_go_by_their_roles_and_two_of_one_role_are_told_apart() -> None:
    people = (
        *SAMPLE.site.people,
        Person(person_id="second", name="Another Name", role="commander", may_approve=True),
    )
    site = msgspec.structs.replace(SAMPLE.site, people=people)
    case = msgspec.structs.replace(SAMPLE, site=site, not_known=("What second and Another Name saw.",))

    shown = at_level(case, Level.PUBLIC)

    assert [person.name for person in shown.site.people] == ["commander", "commander (2)"]
    assert {decision.by for decision in shown.decisions} == {"commander"}
    assert shown.not_known == ("What commander (2) and commander (2) saw.",)


def test_what_is_withheld_is_counted_under_its_path_in_the_order_of_the_table() -> None:
    shown = at_level(SAMPLE, Level.PUBLIC)
    counts = {each.path: each.count for each in shown.withheld}

    assert counts["reports[].text"] == 1
    assert counts["map.tracks[looks=friend]"] == 1
    assert counts["decisions[kind=set_occupancy].decided"] == 1
    assert [path for path, _, _ in TABLE if path in counts] == [
        each.path for each in shown.withheld if each.path not in ("site.people[].name", IN_SENTENCES)
    ]
    assert shown.reports[0].text == mark("personal")
    assert all(math.isnan(metres) for metres in shown.sensors[0].sensor.position_enu_m)
    assert at_level(SAMPLE, Level.FULL).withheld == ()


@pytest.mark.parametrize("kind", FORMATS)
def test_the_public_does_not_read_how_many_must_agree_at_which_posture(kind: str) -> None:
    proposal = msgspec.structs.replace(SAMPLE.proposals[0], approvals=(), approvals_needed=7)
    over = "Expired: of 7 approvals needed, given by nobody."
    proposal = msgspec.structs.replace(
        proposal, roles_needed=("harbour chief",), state=ProposalState.EXPIRED, outcome=over
    )
    case = msgspec.structs.replace(SAMPLE, proposals=(proposal,), not_known=(f"Why: {over}",))
    public = " ".join(everything_in(kind, printed(case, Level.PUBLIC, kind)).split())
    partner = " ".join(everything_in(kind, printed(case, Level.PARTNER, kind)).split())

    for gone in (
        '"approvals_needed":7',
        "7 different persons must",
        "harbour chief",
        "escalate_factor",
        "of 7",
    ):
        assert gone not in public
    assert '"approvals_needed":7' in partner or "7 different persons must" in partner
    paths = {each.path: each.count for each in at_level(case, Level.PUBLIC).withheld}
    assert paths["site.postures"] == len(case.site.postures)
    assert paths["proposals[].approvals_needed"] == 1


def test_every_path_of_the_table_leads_to_a_field() -> None:
    reached = {each.path for each in at_level(secret_case(), Level.PUBLIC).withheld}
    empty_here = {
        "authorised[].claims[].operator_id",
        "authorised[].claims[].operator_position_enu_m",
        "site.playbooks",
        "site.population",
        "site.calendar",
        "known[].occupancies",
        "configuration",
        "sensors[sensor.kind=people].sensor.name",
        "statements.documents[].retrieved_from",
        "proposals[].approvals[].proven_by",
        "proposals[].because",
        "known[].proposals[].because",
        "known[].proposals[].roles_needed",
        "known[].proposals[state=expired].outcome",
        "proposals[state=expired].outcome",
        "proposals[].roles_needed",
        "known[].effect_orders[].approvals[].proven_by",
        "effect_orders[].approvals[].proven_by",
        "known[].proposals[].approvals[].proven_by",
        "known[].tracks[].claimed_id",
    }
    whole_list_gone = {path for path, _, _ in TABLE if path.startswith("permits_used[]")}

    assert {path for path, _, _ in TABLE} - reached <= empty_here | whole_list_gone | {
        "site.assets[].occupancy_persons",
        "site.assets[].principal_present",
        "reports[].bearing_rad",
        "sensors[].sensor.sigma",
        "sensors[].sensor.signal",
        "sensors[].sensor.resolution",
        "media[].reason",
        "media[].media.name",
        "media[].media.facts",
        "media[].media.place_deg",
        "log.redacted_by",
        "log.redacted_because",
        "incidents[rule=].title",
        "incidents[rule=].because",
        "incidents[].history[].because",
        "incidents[].notes[].text",
        "incidents[].notes",
        "incidents[].removed",
        "incidents[].items[].item.says",
    }


def test_nothing_from_outside_looks_like_a_mark() -> None:
    forged = msgspec.structs.replace(SAMPLE, summary=(mark("personal"), HOSTILE))

    assert outside(mark("personal")) == "[U+E000]personal[U+E001]"
    for level in Level:
        summary = at_level(forged, level).summary[0]
        assert summary == "[U+E000]personal[U+E001]"
        assert spelt(at_level(forged, level)).summary[0] == summary


def test_an_empty_chapter_that_is_withheld_does_not_say_that_there_was_nothing() -> None:
    page = printed(SAMPLE, Level.PUBLIC, "html").decode()

    assert "No flight with leave was seen." not in page
    assert '<span class="withheld">withheld: operations</span>' in page


OPENER, WITNESS = "Odalys Brandvold", "Wilmot Quarterhouse"


def case_with_people() -> Case:
    """Return the sample with an incident that somebody who is not on duty opened, named and filled."""
    step = IncidentStep(time_utc_ns=1, what="opened", by=OPENER, because=f"{WITNESS} rang")
    renamed = IncidentStep(time_utc_ns=2, what=f"renamed to “{WITNESS}”", by=OPENER, because="clearer")
    by_person = Incident(
        incident_id="I-1",
        title=f"The house of {WITNESS}",
        state=IncidentState.OPEN,
        opened_utc_ns=1,
        opened_by=OPENER,
        because=f"{WITNESS} rang",
        rule="",
        items=(),
        notes=(Note(incident_id="I-1", text=f"{WITNESS} saw it", by=OPENER, time_utc_ns=3),),
        history=(step,),
    )
    by_rule = msgspec.structs.replace(by_person, incident_id="I-2", rule="one story", history=(step, renamed))
    media = Media(
        media_id="M-1", name="a.jpg", sha256="0" * 64, size_bytes=1, media_type="image/jpeg", facts=()
    )
    return msgspec.structs.replace(
        SAMPLE,
        incidents=(by_person, by_rule),
        media=(AddMedia(media=media, by=OPENER, time_utc_ns=4, reason=f"from {WITNESS}"),),
    )


@pytest.mark.parametrize("kind", FORMATS)
def test_the_public_reads_no_name_of_those_who_worked_on_incidents(kind: str) -> None:
    case = case_with_people()
    public = everything_in(kind, printed(case, Level.PUBLIC, kind))
    partner = everything_in(kind, printed(case, Level.PARTNER, kind))
    full = everything_in(kind, printed(case, Level.FULL, kind))

    for name in (OPENER, WITNESS):
        assert name not in public
        assert name in full
    assert f"{WITNESS} saw it" not in partner
    assert OPENER in partner
    paths = {each.path for each in at_level(case, Level.PUBLIC).withheld}
    assert {"incidents[rule=].title", "incidents[].title", "incidents[].history[].by"} <= paths


# --- names of persons, however they stand there -------------------------------------------------------------

NICKNAME = "Sparrow"
TOLD = (
    f"{PILOT.split()[0]} rang. ottoson, said {PILOT.upper()}’s neighbour; pilar_ottoson@example.org. Пилар "
    f"Оттосон. Щёголева видели; Shchegolev and Pyotr Ilyich. {NICKNAME} flew it."
)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_part_of_a_name_or_a_name_in_other_letters_is_withheld_too(kind: str) -> None:
    case = msgspec.structs.replace(secret_case(), not_known=(TOLD,))
    public = everything_in(kind, printed(case, Level.PUBLIC, kind, names=[NICKNAME]))
    partner = everything_in(kind, printed(case, Level.PARTNER, kind, names=[NICKNAME]))
    full = everything_in(kind, printed(case, Level.FULL, kind, names=[NICKNAME]))

    for part in ("Pilar", "ottoson", "OTTOSON", "Пилар", "Оттосон", NICKNAME):
        assert part not in public
        assert part not in partner
        assert part in full
    for part in ("Щёголев", "Shchegolev", "Pyotr", "Ilyich"):
        assert part not in public
        assert part in partner
    found = [each for each in at_level(case, Level.PUBLIC, [NICKNAME]).withheld if each.path == IN_SENTENCES]
    assert [each.why for each in found] == ["personal"]


# What a sceptic wrote of Ilse Morrow and Alžběta Nováková, with the letters that must be gone. What no
# font draws stands on paper as its number, so each is looked for as that too.
DISGUISED = {
    "@ilsemorrow": "ilsemorrow",
    "@ilsemorrow99": "ilsemorrow",
    "@morrow_ilse": "morrow",
    "#IlseMorrow": "IlseMorrow",
    "ilsemorrow@x.org": "ilsemorrow",
    "ilse.morrow@x.org": "ilse",
    "imorrow@x.org": "imorrow",
    "Морроу": "Морроу",
    "Морроуа": "Морроу",
    "نوفاكوفا": "نوفاكوفا",
    "Novákové": "Novák",
    "ＭＯＲＲＯＷ": "ＭＯＲＲＯＷ",
    "Mor\u200brow": "Mor\u200brow",
    "Mor\u00adrow": "Mor\u00adrow",
    "M\u043errow": "M\u043errow",
    "𝐌𝐨𝐫𝐫𝐨𝐰": "𝐌𝐨𝐫𝐫𝐨𝐰",
}


@pytest.mark.parametrize("kind", FORMATS)
def test_a_name_in_disguise_is_withheld_in_sentences_and_in_what_others_say(kind: str) -> None:
    matrix = SAMPLE.statements
    assert matrix is not None
    told = " ".join(f"So says ({way}) of it." for way in DISGUISED)
    documents = (
        msgspec.structs.replace(matrix.documents[0], text=matrix.documents[0].text + " " + told),
        *matrix.documents[1:],
    )
    statements = msgspec.structs.replace(matrix, documents=documents)
    case = msgspec.structs.replace(SAMPLE, not_known=(told,), statements=statements)
    names = ["Ilse Morrow", "Alžběta Nováková"]
    public = everything_in(kind, printed(case, Level.PUBLIC, kind, names=names))
    full = everything_in(kind, printed(case, Level.FULL, kind, names=names))

    for way, gone in DISGUISED.items():
        spellings = {gone, json.dumps(gone)[1:-1], printable(gone), gone.encode("utf-16-be").hex()}
        assert [each for each in spellings if each in public] == [], way
        assert any(each in full for each in spellings), way
    assert public.count("So says") >= len(DISGUISED)


def test_what_a_document_says_is_quoted_where_its_words_are_after_a_name_was_withheld() -> None:
    matrix = SAMPLE.statements
    assert matrix is not None
    first = matrix.documents[0]
    quoted = [
        passage_words(matrix, one.passage)
        for one in matrix.assertions
        if one.passage.document_id == first.document_id
    ]
    longer = f"{PILOT}, Pilar. "
    moved = structs_moved(matrix, first.document_id, len(longer))
    documents = tuple(
        msgspec.structs.replace(one, text=longer + one.text) if one.document_id == first.document_id else one
        for one in moved.documents
    )
    moved = msgspec.structs.replace(moved, documents=documents)
    case = msgspec.structs.replace(secret_case(), statements=moved)
    shown = at_level(case, Level.PUBLIC).statements

    assert shown is not None
    assert shown.documents[0].text.startswith(mark("personal"))
    again = [
        passage_words(shown, one.passage)
        for one in shown.assertions
        if one.passage.document_id == first.document_id
    ]
    assert again == quoted
    assert any(quoted)


def passage_words(matrix: StatementMatrix, passage: Passage) -> str:
    texts = {one.document_id: one.text for one in matrix.documents}
    return texts[passage.document_id][passage.start : passage.end]


def structs_moved(matrix: StatementMatrix, document_id: str, by: int) -> StatementMatrix:
    """Return the matrix with the passages of one document further on."""
    assertions = tuple(
        msgspec.structs.replace(
            one,
            passage=msgspec.structs.replace(
                one.passage, start=one.passage.start + by, end=one.passage.end + by
            ),
        )
        if one.passage.document_id == document_id
        else one
        for one in matrix.assertions
    )
    return msgspec.structs.replace(matrix, assertions=assertions)
