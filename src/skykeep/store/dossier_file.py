"""The press: a case becomes a PDF that any reader opens, the same bytes every time.

PDF/A-3a (archival, tagged for screen readers), with only the fonts inside typst, so that it looks alike
everywhere, and with the night's end as its date, so that printing it again changes nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import typst

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import SetupError
from skykeep.evidence.case import Case
from skykeep.evidence.dossier import dossier_source
from skykeep.store.manifest import replace_file

STANDARD: Final = "a-3a"


def dossier_pdf(case: Case) -> bytes:
    """Return the dossier's bytes."""
    fonts = typst.Fonts(include_system_fonts=False)
    compiler = typst.Compiler(input=dossier_source(case).encode(), font_paths=fonts)
    try:
        pdf = compiler.compile(format="pdf", pdf_standards=[STANDARD], timestamp=case.end_utc_ns // NS_PER_S)
    except typst.TypstError as error:
        raise SetupError(f"the dossier could not be set: {error.diagnostic}") from error
    assert isinstance(pdf, bytes)
    return pdf


def write_dossier(case: Case, path: Path) -> None:
    """Write the dossier, in one step."""
    replace_file(path, dossier_pdf(case))
