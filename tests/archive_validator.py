"""An independent validator of PDF/A: `page` (PyPI: page-validation), and where it errs."""

from __future__ import annotations

import re

import page


def not_valid(pdf: bytes) -> list[str]:
    """Return the rules of PDF/A-3a that an independent validator says are broken.

    It takes a carriage return that ends a stream's data, before the line feed of `endstream`, for a part of
    the end of line, and then finds the length wrong by one: such streams are looked at here instead.
    """
    report = page.validate_pdf_bytes(pdf, profile="3a")
    assert report.rules.total > 100
    broken = [failure.rule_id for failure in report.failures]
    if "PDFA3A-STREAM-LENGTH-001" in broken and all(exact for exact in stream_lengths(pdf)):
        broken.remove("PDFA3A-STREAM-LENGTH-001")
    return broken


def stream_lengths(pdf: bytes) -> list[bool]:
    """Return of each stream whether its data, as long as it says, is followed by the end of the stream."""
    found = []
    for length in re.finditer(rb"/Length (\d+)\b", pdf):
        begin = re.compile(rb"stream(?:\r\n|\n)").search(pdf, length.end())
        assert begin is not None
        end = begin.end() + int(length.group(1))
        found.append(re.match(rb"\r?\nendstream", pdf[end : end + 12]) is not None)
    assert len(found) == pdf.count(b"endstream"), "every stream was looked at"
    return found
