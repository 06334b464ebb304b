"""PDF documents, read apart from everything else."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from skykeep.base.errors import DecodeError
from skykeep.feeds.document_file import document_of, read_document_file
from skykeep.feeds.pdf_text import _text_of

SOURCE = b"""#set document(author: "Harbour Office", date: datetime(year: 2031, month: 5, day: 3))
Two drones came over the mole. \xd0\x94\xd0\xb2\xd0\xb0. #pagebreak() Nobody was hurt."""


def test_a_pdf_gives_its_text_page_by_page_and_what_its_head_says(tmp_path: Path) -> None:
    path = tmp_path / "note.pdf"
    path.write_bytes(typst.compile(SOURCE))
    found = read_document_file(path, retrieved_utc_ns=5, retrieved_from="handed in")
    assert found.text == "Two drones came over the mole. Два.\n\nNobody was hurt.\n"
    assert (found.publisher, found.published[:10], found.published_from) == (
        "Harbour Office",
        "2031-05-03",
        "metadata",
    )
    assert (found.size_bytes, found.retrieved_from) == (path.stat().st_size, "handed in")


def test_a_locked_an_empty_a_broken_and_a_swollen_pdf_are_refused_in_words(tmp_path: Path) -> None:
    whole = typst.compile(SOURCE)
    (tmp_path / "a.pdf").write_bytes(whole)
    locked = PdfWriter(clone_from=PdfReader(tmp_path / "a.pdf"))
    locked.encrypt("secret", algorithm="RC4-128")
    locked.write(tmp_path / "locked.pdf")
    swollen = zlib.compress(b"0 0 m " * 14_000_000, 9)
    bomb = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]"
        b"/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj"
        b"\n4 0 obj<</Length "
        + str(len(swollen)).encode()
        + b"/Filter/FlateDecode>>stream\n"
        + swollen
        + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n"
    )
    for data, says in (
        ((tmp_path / "locked.pdf").read_bytes(), "locked"),
        (typst.compile(b"#rect()"), "no text layer"),
        (whole[: len(whole) // 3], "broken|no text layer|broke on"),
        (bomb, "broken|broke on"),
    ):
        with pytest.raises(DecodeError, match=says):
            document_of("a.pdf", data, retrieved_utc_ns=0)


@settings(max_examples=25)
@given(st.integers(0, 3000), st.binary(min_size=1, max_size=40))
def test_a_damaged_pdf_is_read_or_refused(at: int, junk: bytes) -> None:
    whole = typst.compile(SOURCE)
    found = _text_of(whole[:at] + junk + whole[at + len(junk) :])
    assert bool(found.text.strip()) != bool(found.refused)
