"""Documents from files of this machine: read whole, bounded, and never fetched from anywhere."""

from __future__ import annotations

from pathlib import Path

from skykeep.base.errors import DecodeError
from skykeep.domain.statement import SourceDocument
from skykeep.feeds.pdf_text import read_pdf
from skykeep.wire.documents import LARGEST_BYTES, PDF, Said, media_type_of, read_document


def read_document_file(
    path: Path, *, retrieved_utc_ns: int, retrieved_from: str = "", person: Said | None = None
) -> SourceDocument:
    """Return the record of the document in a file; DecodeError names what is wrong with it."""
    with path.open("rb") as file:
        data = file.read(LARGEST_BYTES + 1)
    return document_of(
        path.name, data, retrieved_utc_ns=retrieved_utc_ns, retrieved_from=retrieved_from, person=person
    )


def document_of(
    name: str, data: bytes, *, retrieved_utc_ns: int, retrieved_from: str = "", person: Said | None = None
) -> SourceDocument:
    """Return the record of a document's bytes; DecodeError names what is wrong with it."""
    pdf = None
    try:
        if len(data) <= LARGEST_BYTES and media_type_of(name, data) == PDF:
            found = read_pdf(data)
            pdf = found.text, Said(publisher=found.author, published=found.published)
        return read_document(
            name,
            data,
            retrieved_utc_ns=retrieved_utc_ns,
            retrieved_from=retrieved_from,
            person=person,
            pdf=pdf,
        )
    except DecodeError as error:
        raise DecodeError(f"{name}: {error.field}", error.found, error.must) from error
