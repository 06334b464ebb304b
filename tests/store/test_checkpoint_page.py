"""A checkpoint on paper, read back by another's decoder of QR codes."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import pypdf
import pytest
import zxingcpp
from numpy.typing import NDArray

from made_tree import LOG, WITNESS, Leaves
from skykeep.base.errors import InputError
from skykeep.store.checkpoint_page import page_svg, write_page

PLAIN = Leaves(50).note(50)
NOTE = PLAIN + WITNESS.cosign(PLAIN.split(b"\n\n")[0] + b"\n", 1_900_000_000)


def photograph(svg: str) -> NDArray[np.uint8]:
    """Return the squares of the page's one path as grey values, one to a unit of the page."""
    (path,) = re.findall(r'<path d="([^"]*)"', svg)
    page = np.full((2970, 2100), 255, dtype=np.uint8)
    for x, y, side in re.findall(r"M([\d.]+) ([\d.]+)h([\d.]+)v", path):
        left, top, size = float(x), float(y), float(side)
        page[round(top) : round(top + size), round(left) : round(left + size)] = 0
    return page


def test_the_code_gives_the_note_back_letter_by_letter() -> None:
    (found,) = zxingcpp.read_barcodes(photograph(page_svg(NOTE)))
    assert found.format == zxingcpp.BarcodeFormat.QRCode
    assert found.bytes == NOTE


def test_the_note_of_a_manifest_fits_on_its_page_and_says_how_it_is_used() -> None:
    names = ("case.json", "dossier.pdf", "summary.json", "tracks.parquet")
    head = PLAIN.split(b"\n\n")[0] + b"\ntime 2031-05-03T02:14:07.000000000Z\nstate sealed\n"
    lines = f"sha256 {'a' * 64}\n" + "".join(f"file {'b' * 64} {name}\n" for name in names)
    note = LOG.sign(head + lines.encode())
    svg = page_svg(note)
    (found,) = zxingcpp.read_barcodes(photograph(svg))
    assert found.bytes == note
    assert "--manifest FILE" in svg
    assert "Manifest of a night" in svg
    lowest = max(int(y) for y in re.findall(r'<text x="\d+" y="(\d+)"[^>]*Mono', svg))
    assert lowest < 2860 - 38


def test_the_page_is_the_same_bytes_every_time_and_can_be_read_by_people(tmp_path: Path) -> None:
    for name in ("one.pdf", "two.pdf", "one.svg", "two.svg"):
        write_page(NOTE, tmp_path / name)
    pdf = (tmp_path / "one.pdf").read_bytes()
    assert pdf == (tmp_path / "two.pdf").read_bytes()
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    words = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    root = NOTE.split(b"\n")[2].decode()
    assert root in "".join(words.split())
    assert "watch.example/harbour/night-7: 50 entries" in words


def test_what_is_no_checkpoint_or_too_long_is_refused() -> None:
    with pytest.raises(InputError, match="checkpoint"):
        page_svg(WITNESS.sign(b"hello\n"))
    with pytest.raises(InputError, match="no more than a QR code holds"):
        page_svg(PLAIN + b"".join(WITNESS.cosign(b"x\n", time_s) for time_s in range(20)))
