"""A PDF's text layer, read in a process of its own that has little memory and little time.

`python -m skykeep.feeds.pdf_text` reads a PDF from standard input and writes text, author and date as JSON. A
PDF is a program's worth of formats from strangers: what goes wrong there (a bomb, a loop, a crash) ends that
process and nothing else. Scripts, forms and attached files are never looked at; pictures are not read.
"""

from __future__ import annotations

import io
import subprocess
import sys

import msgspec

from skykeep.base.errors import DecodeError

LARGEST_PAGES, LARGEST_CHARACTERS = 500, 2_000_000
LARGEST_MEMORY_BYTES, LONGEST_S = 1_500_000_000, 60.0


class PdfText(msgspec.Struct, frozen=True, kw_only=True):
    """What the text layer holds, pages set apart by an empty line; author and ISO date as the file says."""

    text: str
    author: str
    published: str
    refused: str = ""


def read_pdf(data: bytes) -> PdfText:
    """Return the text layer; DecodeError when there is none, it is locked, broken, too large or too slow."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "skykeep.feeds.pdf_text"],
            input=data,
            capture_output=True,
            timeout=LONGEST_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DecodeError("pdf", f"still reading after {LONGEST_S:g} s", "a PDF of ordinary make") from error
    try:
        found = msgspec.json.decode(done.stdout, type=PdfText)
    except msgspec.MsgspecError as error:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["ended without a word"]
        raise DecodeError("pdf", f"a file that its reader broke on ({last[0][:120]})", "a PDF") from error
    if found.refused:
        raise DecodeError("pdf", found.refused, "an open PDF with a text layer")
    return found


def _limit() -> None:
    try:
        import resource
    except ImportError:  # no such limits on this system; the time limit stays
        return
    resource.setrlimit(resource.RLIMIT_AS, (LARGEST_MEMORY_BYTES, LARGEST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (int(LONGEST_S), int(LONGEST_S)))


def _text_of(data: bytes) -> PdfText:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    nothing = PdfText(text="", author="", published="")
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            return msgspec.structs.replace(nothing, refused="a PDF that is locked")
        if len(reader.pages) > LARGEST_PAGES:
            return msgspec.structs.replace(nothing, refused=f"{len(reader.pages):,} pages")
        pages, size = [], 0
        for page in reader.pages:
            pages.append(page.extract_text().strip())
            size += len(pages[-1])
            if size > LARGEST_CHARACTERS:
                return msgspec.structs.replace(nothing, refused=f"over {LARGEST_CHARACTERS:,} characters")
        head = reader.metadata
        made = head.creation_date if head else None
        author = str(head.author or "") if head else ""
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        return msgspec.structs.replace(nothing, refused=f"broken ({type(error).__name__})")
    text = "\n\n".join(page for page in pages if page)
    if not text.strip():
        return msgspec.structs.replace(nothing, refused="no text layer (pictures of text are not read)")
    clean = text.encode("utf-8", "replace").decode() + "\n"
    return PdfText(text=str(clean), author=author, published=made.isoformat() if made else "")


if __name__ == "__main__":
    _limit()
    sys.stdout.buffer.write(msgspec.json.encode(_text_of(sys.stdin.buffer.read())))
