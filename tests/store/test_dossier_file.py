"""The dossier as a PDF: complete, deterministic, and deaf to markup in what it quotes."""

from __future__ import annotations

import io
import unicodedata
from pathlib import Path

import msgspec
import pypdf
import pytest

from sample_case import ARABIC, CYRILLIC, HOSTILE, SAMPLE
from skykeep.domain.orders import OrderKind, StandingOrder
from skykeep.evidence.case import Case, LogReference, MapFigure
from skykeep.evidence.printable import _DRAWN, drawn
from skykeep.store.dossier_file import dossier_pdf, write_dossier


def words_of(pdf: bytes) -> str:
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return dossier_pdf(SAMPLE)


def test_two_runs_give_the_same_bytes(pdf: bytes, tmp_path: Path) -> None:
    write_dossier(SAMPLE, tmp_path / "dossier.pdf")

    assert (tmp_path / "dossier.pdf").read_bytes() == pdf


def test_every_chapter_is_there(pdf: bytes) -> None:
    # Without spaces: a reader of PDFs guesses them from the distance of letters.
    words = "".join(words_of(pdf).split())

    for says in (
        "Case file of a simulated night".upper(),
        "Intruder 1 first seen, by Hill radar.",
        "02:10:20 Alert alert-1",
        "61 s before the breach",
        "contradicted",
        "Protection Act, section 9",
        "task-1: Staff to the shelter",
        "flew on SIMULATED",
        "0.0123",
        "Harbour Survey Office",
        "9\u00a0310",
        "Two bangs.",
        "Who flew it.",
        "sample.invalid/night 8002 zc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc0= "
        "time 2031-05-03T02:14:07.000000000Z state sealed",
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
    told = words_of(dossier_pdf(msgspec.structs.replace(SAMPLE, track_orders=(joined, named))))
    words, none = "".join(told.split()), "".join(words_of(dossier_pdf(SAMPLE)).split())
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


def test_names_print_in_their_own_letters(pdf: bytes) -> None:
    words = words_of(pdf)

    assert CYRILLIC in words
    # Arabic is drawn right to left; what matters is that each letter was drawn, and not replaced.
    assert all(letter in words for letter in ARABIC)
    assert "[U+65E0]" in words


def test_what_is_quoted_cannot_run_as_markup(pdf: bytes) -> None:
    words = words_of(pdf).replace(" ", "")

    assert words.count("".join(HOSTILE.split())) >= 4, "summary, claim, grounds, annex"


def test_it_says_that_it_is_an_archive_file_of_the_nights_end(pdf: bytes) -> None:
    reader = pypdf.PdfReader(io.BytesIO(pdf))

    assert b'pdfaid:part="3"' in pdf or b"<pdfaid:part>3" in pdf
    assert reader.metadata is not None
    assert str(reader.metadata["/CreationDate"]).startswith("D:20310503021316")


def test_simulation_stands_on_every_page(pdf: bytes) -> None:
    for page in pypdf.PdfReader(io.BytesIO(pdf)).pages:
        assert "SIMULATION: no real effect was used" in page.extract_text()


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
        statements=(),
        not_known=(),
        method=(),
        log=LogReference(file="a", entries=0, note="", verified=False, replay_identical=False),
        map=MapFigure(extent_enu_m=(-1.0, -1.0, 1.0, 1.0)),
    )

    words = words_of(dossier_pdf(empty))

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
    assert len(everything) > 500

    # The archive standard refuses a character without a glyph, so printing it at all is the proof.
    dossier_pdf(msgspec.structs.replace(SAMPLE, summary=(everything,)))
