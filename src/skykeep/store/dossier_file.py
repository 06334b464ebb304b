"""The press: a dossier becomes a PDF that any reader opens, the same bytes every time.

PDF/A-3a (archival, with files attached) and PDF/UA-1 (tagged for screen readers), with only the fonts inside
typst and the one beside this module, so that it looks alike everywhere, and with the night's end as its date,
so that printing it again changes nothing.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import typst

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import SetupError
from skykeep.evidence.paper import Document
from skykeep.evidence.paper_typst import typst_source

# For archives with files attached, and for screen readers.
ARCHIVE: Final = "a-3a"
ACCESSIBLE: Final = "ua-1"
_FONTS: Final = Path(__file__).with_name("fonts")


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[_FONTS])


def dossier_pdf(document: Document) -> bytes:
    """Return the dossier's bytes, its attachments embedded (text only: each must be UTF-8)."""
    compiler = typst.Compiler(
        input=typst_source(document).encode(),
        font_paths=_fonts(),
        sys_inputs={f"attachment-{k}": each.data.decode() for k, each in enumerate(document.attachments)},
    )
    timestamp = document.dated_utc_ns // NS_PER_S
    try:
        try:
            pdf = compiler.compile(format="pdf", pdf_standards=[ARCHIVE, ACCESSIBLE], timestamp=timestamp)
        except typst.TypstError:
            # What cannot be set for screen readers is still set for the archive.
            pdf = compiler.compile(format="pdf", pdf_standards=[ARCHIVE], timestamp=timestamp)
    except typst.TypstError as error:
        raise SetupError(f"the dossier could not be set: {error.diagnostic}") from error
    assert isinstance(pdf, bytes)
    return pdf
