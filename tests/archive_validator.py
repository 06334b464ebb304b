"""Two independent validators of PDF/A: `page` (PyPI: page-validation), and where it errs, and `pdf_oxide`.

Of fourteen ways to spoil a dossier the first saw thirteen, the second seven, among them the one that the
first did not see (authorities/pdfa_validator.json).
"""

from __future__ import annotations

import re

import page
import pdf_oxide


def not_valid(pdf: bytes) -> list[str]:
    """Return the rules of PDF/A-3a that an independent validator says are broken.

    `page` takes a carriage return that ends a stream's data, before the line feed of `endstream`, for a part
    of the end of line, and then finds the length wrong by one: such streams are looked at here instead.
    """
    report = page.validate_pdf_bytes(pdf, profile="3a")
    assert report.rules.total > 100
    broken = [failure.rule_id for failure in report.failures]
    if "PDFA3A-STREAM-LENGTH-001" in broken and all(exact for exact in stream_lengths(pdf)):
        broken.remove("PDFA3A-STREAM-LENGTH-001")
    return broken + list(pdf_oxide.PdfDocument.from_bytes(pdf).validate_pdf_a("3a")["errors"])


def not_accessible(pdf: bytes) -> list[str]:
    """Return the rules of PDF/UA-1 that `pdf_oxide`, which does not look at every one, says are broken."""
    return list(pdf_oxide.PdfDocument.from_bytes(pdf).validate_pdf_ua()["errors"])


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
