"""The dossier as a PDF: complete, deterministic, valid, and deaf to markup in what it quotes."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import msgspec
import pypdf
import pytest

from archive_validator import not_accessible, not_valid, stream_lengths
from exported_night import write_log
from sample_case import ARABIC, CYRILLIC, HAN, HOSTILE, SAMPLE
from skykeep.app.dossier import printed
from skykeep.domain.orders import OrderKind, StandingOrder
from skykeep.evidence.case import Case, LogReference, MapFigure
from skykeep.evidence.dossier import dossier
from skykeep.evidence.levels import Level
from skykeep.evidence.printable import _DRAWN, drawn
from skykeep.store import standalone_verifier
from skykeep.store.dossier_file import dossier_pdf

TESTS = Path(__file__).parents[1]


def words_of(pdf: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def pdf_of(case: Case) -> bytes:
    return dossier_pdf(dossier(case))


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return pdf_of(SAMPLE)


@pytest.mark.parametrize(("zone", "locale"), [("Pacific/Auckland", "C"), ("America/Lima", "ar_EG.UTF-8")])
def test_another_process_in_another_zone_and_locale_gives_the_same_bytes(zone: str, locale: str) -> None:
    says = (
        "import sys, hashlib; from sample_case import SAMPLE; from skykeep.app.dossier import printed; "
        "from skykeep.evidence.levels import Level; "
        "print(*(hashlib.sha256(printed(SAMPLE, Level.PUBLIC, kind)).hexdigest() "
        "for kind in ('pdf', 'html', 'json')))"
    )
    told = [
        subprocess.run(
            [sys.executable, "-c", says],
            env=dict(os.environ, TZ=tz, LC_ALL=lang, PYTHONPATH=str(TESTS), PYTHONHASHSEED=seed),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for tz, lang, seed in (("UTC", "C.UTF-8", "1"), (zone, locale, "2"))
    ]

    assert told[0] == told[1]
    assert len(told[0].split()) == 3


def test_every_chapter_is_there(pdf: bytes) -> None:
    # Without spaces: a reader of PDFs guesses them from the distance of letters.
    words = "".join(words_of(pdf).split())

    for says in (
        "Case file of a simulated night".upper(),
        "Intruder 1 first seen, by Hill radar.",
        "02:10:20 Alert alert-1",
        "contradicted",
        "Protection Act, section 9",
        "task-1: Staff to the shelter",
        "flew on SIMULATED",
        "0.0123",
        "Harbour Survey Office",
        "9\u00a0310",
        "Two bangs.",
        "What did we know at 02:11:12?",
        "LATE 20.0 s",
        "NOT REVIEWED",
        "64% of the first, 47% of the other",
        "Silent (which is not a denial): the mayor.",
        "Measured beside it: Track 7 was struck",
        "Who flew it.",
        "sample.invalid/night 8002",
        "What that does not show",
        "Nothing: this is the whole case.",
    ):
        assert "".join(says.split()) in words, says


def test_what_people_told_of_tracks_is_printed_with_who_and_until_when() -> None:
    named = StandingOrder(
        order_id="order-0002",
        kind=OrderKind.RENAME,
        track_id=SAMPLE.stories[0].track_ids[0],
        other_track_id=None,
        claimed_id="",
        name="Grey one",
        reason="",
        by=SAMPLE.site.people[0].person_id,
        time_utc_ns=SAMPLE.start_utc_ns,
        says="Track 7 is called Grey one.",
    )
    joined = msgspec.structs.replace(
        named,
        order_id="order-0001",
        kind=OrderKind.CORRELATE,
        other_track_id=9,
        name="",
        reason="Seen from the tower.",
        says="Track 7 is the same object as track 9.",
        lifted_by=SAMPLE.site.people[0].person_id,
        lifted_utc_ns=SAMPLE.end_utc_ns,
    )
    told = words_of(pdf_of(msgspec.structs.replace(SAMPLE, track_orders=(joined, named))))
    words, none = "".join(told.split()), "".join(words_of(pdf_of(SAMPLE)).split())
    for says in (
        "Track 7 is the same object as track 9. Seen from the tower.",
        "order-0002",
        # A mark of direction stands before the closing quote.
        f"{named.track_id} “Grey one",
        "to the end",
        f"lifted by {SAMPLE.site.people[0].name}",
    ):
        assert "".join(says.split()) in words, says
    assert "Nobodyoverruledthemachineonatrack." in none


HEBREW = "שרה בת-לוי"


@pytest.mark.parametrize("name", [ARABIC, HEBREW, CYRILLIC, HAN, HOSTILE, "é" * 60, "A" * 200])
def test_a_name_in_any_letters_may_be_that_of_a_place_a_sensor_a_track_or_a_person(name: str) -> None:
    structs = msgspec.structs
    site = structs.replace(
        SAMPLE.site,
        name=name,
        assets=tuple(structs.replace(one, name=name) for one in SAMPLE.site.assets),
        people=tuple(structs.replace(one, name=name) for one in SAMPLE.site.people),
    )
    health = SAMPLE.sensors[0]
    case = structs.replace(
        SAMPLE,
        site=site,
        sensors=(structs.replace(health, sensor=structs.replace(health.sensor, name=name)),),
        map=structs.replace(
            SAMPLE.map, tracks=tuple(structs.replace(one, label=name) for one in SAMPLE.map.tracks)
        ),
    )
    pdf = pdf_of(case)

    assert not_valid(pdf) == []
    # What no drawing may hold is a number on the map, and stands under it.
    assert ("On the map: [1]" in words_of(pdf)) == (name == ARABIC)


def test_names_print_in_their_own_letters(pdf: bytes) -> None:
    words = words_of(pdf)

    assert CYRILLIC in words
    # Arabic is drawn right to left; what matters is that each letter was drawn, and not replaced.
    assert all(letter in words for letter in ARABIC)
    assert "[U+65E0]" in words
    assert b"NotoNaskhArabic" in pdf


def test_what_is_quoted_cannot_run_as_markup(pdf: bytes) -> None:
    words = words_of(pdf).replace(" ", "")

    assert words.count("".join(HOSTILE.split())) >= 4, "summary, claim, grounds, annex"


def test_it_says_that_it_is_an_archive_file_of_the_nights_end(pdf: bytes) -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf))

    assert b'pdfaid:part="3"' in pdf or b"<pdfaid:part>3" in pdf
    assert reader.metadata is not None
    assert str(reader.metadata["/CreationDate"]).startswith("D:20310503021316")


@pytest.mark.parametrize("level", list(Level))
def test_an_independent_validator_finds_it_a_valid_archive_file(level: Level, log: Path) -> None:
    pdf = printed(SAMPLE, level, "pdf", log)

    assert not_valid(pdf) == []
    assert len(stream_lengths(pdf)) > 10
    assert not_accessible(pdf) == []
    assert b"pdfuaid" in pdf
    assert not_valid(pdf.replace(b"<pdfaid:part>3", b"<pdfaid:part>2")) != []


@pytest.mark.parametrize("gone", ["/Metadata", "/OutputIntents", "/MarkInfo", "/StructTreeRoot", "/Lang"])
def test_the_validators_see_what_was_taken_out_of_an_archive_file(gone: str, pdf: bytes) -> None:
    def rewritten(without: str) -> bytes:
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf))
        if without:
            del writer.root_object[pypdf.generic.NameObject(without)]
        data = io.BytesIO()
        writer.write(data)
        return data.getvalue()

    assert set(not_valid(rewritten(gone))) > set(not_valid(rewritten("")))


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_log(tmp_path_factory.mktemp("night") / "night.db")


def test_what_is_attached_can_be_taken_out_again_byte_for_byte(log: Path) -> None:
    reader = pypdf.PdfReader(io.BytesIO(printed(SAMPLE, Level.FULL, "pdf", log)))

    files = {each.name: each for each in reader.attachment_list}
    assert set(files) == {"case.json", "evidence.json", "verify.py"}
    assert files["evidence.json"].associated_file_relationship == "/Source"
    assert files["case.json"].associated_file_relationship == "/Data"
    assert files["case.json"].subtype == "/application/json"
    assert files["case.json"].content == printed(SAMPLE, Level.FULL, "json")
    assert files["verify.py"].content == Path(standalone_verifier.__file__).read_bytes()
    associated = reader.root_object["/AF"]
    assert isinstance(associated, pypdf.generic.ArrayObject)
    assert len(associated) == 3


@pytest.mark.parametrize("level", list(Level))
def test_the_verifier_inside_proves_the_evidence_inside_and_names_what_was_changed(
    level: Level, log: Path, tmp_path: Path
) -> None:
    pdf = printed(SAMPLE, level, "pdf", log)
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    files = {each.name: each.content for each in reader.attachment_list}
    (tmp_path / "verify.py").write_bytes(files["verify.py"])
    (tmp_path / "dossier.pdf").write_bytes(pdf)
    told = json.loads(files["evidence.json"])["entries"]
    shown = [one for entry in told for one in entry["segments"] if "text" in one]
    kinds = [entry["kind"] for entry in told]

    said = subprocess.run(
        [sys.executable, "-I", tmp_path / "verify.py", tmp_path / "dossier.pdf"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert f"the {len(told)} entries that it cites are in the log" in said.stdout, said.stdout + said.stderr
    assert {"run", "site", "report", "acknowledge_alert", "rejection", "alert"} <= set(kinds)
    assert not {"scan", "tick", "picture", "claim"} & set(kinds)
    assert bool(shown) is (level is Level.FULL)


def test_simulation_stands_on_every_page(pdf: bytes) -> None:
    for one in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        assert "SIMULATION: no real effect was used" in one.extract_text()


def test_an_empty_case_says_what_is_empty() -> None:
    empty = Case(
        case_id="empty",
        title="Nothing",
        site=msgspec.structs.replace(SAMPLE.site, sensors=(), zones=()),
        start_utc_ns=SAMPLE.start_utc_ns,
        end_utc_ns=SAMPLE.end_utc_ns,
        simulated=False,
        version="0",
        summary=(),
        stories=(),
        authorised=(),
        permits_used=(),
        alerts=(),
        decisions=(),
        tasks=(),
        proposals=(),
        outcomes=(),
        footprints=(),
        sensors=(),
        reports=(),
        not_known=(),
        method=(),
        log=LogReference(file="a", entries=0, note="", verified=False, replay_identical=False),
        map=MapFigure(extent_enu_m=(-1.0, -1.0, 1.0, 1.0)),
    )

    words = words_of(pdf_of(empty))

    for says in ("No alert was raised.", "Nobody decided anything.", "No statement was filed.", "NO."):
        assert says in words
    assert "SIMULATION" not in words


def test_the_fonts_draw_every_character_that_is_said_to_be_drawn() -> None:
    everything = "".join(
        chr(code)
        for first, last in _DRAWN
        for code in range(first, last + 1)
        if drawn(chr(code)) and unicodedata.category(chr(code)) != "Cn"
    )
    assert len(everything) > 2_000

    # The archive standard refuses a character without a glyph, so printing it at all is the proof.
    pdf_of(msgspec.structs.replace(SAMPLE, summary=(" ".join(everything),)))
