"""`skykeep statements`: what others say of a night, side by side; kept in a case, proposed, and reviewed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from skykeep.app.statement_work import Correction
    from skykeep.domain.statement import ReviewState

_CASE = click.option(
    "--case",
    "case",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The case folder; `add` begins it where it is not there.",
)
_BY = click.option("--as", "by", required=True, metavar="NAME", help="Who does it: a name.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_ID = click.argument("assertion_id", metavar="PROPOSAL")


@click.group("statements")
def statements() -> None:
    """What others say of a night: who says what, in whose words, who agrees and who contradicts.

    `compare` needs no set-up. In a case, documents are kept whole; rules propose what they say and a named
    person confirms, corrects or refuses. Nothing here is a verdict on who is right.
    """


@statements.command("compare")
@click.argument("paths", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--case", "case", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Of a case."
)
@click.option("--html", "page", type=click.Path(dir_okay=False, path_type=Path), help="Write one page here.")
@click.option("--full", is_flag=True, help="Print the exact words of every voice, not the first alone.")
@_JSON
def compare(paths: tuple[Path, ...], case: Path | None, page: Path | None, full: bool, as_json: bool) -> None:
    """Set statements side by side: FILEs (text, HTML, e-mail, PDF), or the documents of a case.

    A file that cannot be read is named with the reason, the others are compared, and the exit code is 1.
    """
    if bool(paths) == (case is not None):
        raise click.UsageError("give files, or --case")
    import msgspec

    from skykeep.app.statement_work import compare_case, compare_files

    if case is not None:
        from skykeep.store.case_folder import read_case

        matrix = compare_case(read_case(case))
    else:
        matrix = compare_files(paths, _now())
    if page is not None:
        from skykeep.app.statement_page import statement_page

        page.write_text(statement_page(matrix), encoding="utf-8")
    if as_json:
        sys.stdout.write(msgspec.json.encode(matrix).decode() + "\n")
    else:
        from rich.console import Console

        from skykeep.app.statement_table import print_matrix

        print_matrix(Console(highlight=False), matrix, full=full)
    if matrix.refused:
        sys.exit(1)


@statements.command("add")
@click.argument("path", metavar="FILE", type=_FILE)
@_CASE
@_BY
@click.option("--publisher", default="", help="Who published it, where the document does not say.")
@click.option("--published", default="", metavar="TIME", help="When: an ISO date or date-time.")
@click.option(
    "--from", "retrieved_from", default="", metavar="PLACE", help="Where you have it from, e.g. a URL."
)
@_JSON
def add(
    path: Path, case: Path, by: str, publisher: str, published: str, retrieved_from: str, as_json: bool
) -> None:
    """Keep a document whole in a case: bytes, hash, publisher, and its time with where that was read."""
    from skykeep.app.statement_work import add_file
    from skykeep.store.case_folder import CaseFolder
    from skykeep.wire.documents import Said

    with CaseFolder.open(case) as folder:
        person = Said(publisher=publisher, published=published)
        document = add_file(folder, path, by, _now(), retrieved_from, person)
    if as_json:
        return _print_json(document)
    when = f"published {document.published} ({document.published_from})" if document.published else "no time"
    click.echo(
        f"{document.document_id}: {document.publisher or document.name}, {when}; sha256 {document.sha256}"
    )
    return None


@statements.command("propose")
@_CASE
@_BY
@click.option(
    "--plug-in",
    "plug_ins",
    multiple=True,
    metavar="MODULE:NAME",
    help="Also have a plug-in of yours propose, e.g. a language model; it is marked as such.",
)
@_JSON
def propose(case: Path, by: str, plug_ins: tuple[str, ...], as_json: bool) -> None:
    """Have the rules propose what the documents of a case say, where they have not yet."""
    from skykeep.app.statement_work import load_plug_in, propose_in_case
    from skykeep.store.case_folder import CaseFolder, find_case

    loaded = [load_plug_in(one) for one in plug_ins]
    with CaseFolder.open(find_case(case)) as folder:
        proposed = propose_in_case(folder, by, _now(), loaded)
    for sentence in proposed.refused:
        click.echo(f"refused: {sentence}", err=True)
    if as_json:
        return _print_json(proposed.new)
    number = len(proposed.new)
    click.echo(f"{number} proposals; `skykeep statements list` shows each with its exact words.")
    return None


@statements.command("list")
@_CASE
@click.option("--document", "document_id", help="Only of this document.")
@click.option("--open", "open_only", is_flag=True, help="Only what nobody has reviewed.")
@_JSON
def list_(case: Path, document_id: str | None, open_only: bool, as_json: bool) -> None:
    """List the documents of a case and every proposal, with the exact words it was read from."""
    from skykeep.app.statement_table import list_lines
    from skykeep.store.case_folder import read_case

    state = read_case(case).state()
    if as_json:
        return _print_json(
            {"documents": state.documents, "assertions": state.assertions, "reviews": state.reviews}
        )
    for line in list_lines(state, document_id, open_only=open_only):
        click.echo(line)
    return None


@statements.command("confirm")
@_ID
@_CASE
@_BY
@click.option("--reason", default="", help="Why.")
def confirm(assertion_id: str, case: Path, by: str, reason: str) -> None:
    """Confirm that a document says what was proposed."""
    from skykeep.domain.statement import ReviewState

    _review(assertion_id, case, ReviewState.CONFIRMED, by, reason)


@statements.command("refuse")
@_ID
@_CASE
@_BY
@click.option("--reason", required=True, help="Why.")
def refuse(assertion_id: str, case: Path, by: str, reason: str) -> None:
    """Refuse a proposal: the document does not say that."""
    from skykeep.domain.statement import ReviewState

    _review(assertion_id, case, ReviewState.REFUSED, by, reason)


@statements.command("correct")
@_ID
@_CASE
@_BY
@click.option("--reason", required=True, help="Why.")
@click.option("--value", help="What it should say.")
@click.option("--speaker", help="Who says it; empty for the document itself.")
@click.option("--act", help="claims, denies, announces, ...")
@click.option("--slot", help="aircraft_count, means_of_defeat, ...")
def correct(
    assertion_id: str,
    case: Path,
    by: str,
    reason: str,
    value: str | None,
    speaker: str | None,
    act: str | None,
    slot: str | None,
) -> None:
    """Correct a proposal: what is given replaces what was proposed, the rest stays."""
    from skykeep.app.statement_work import Correction
    from skykeep.domain.statement import ReviewState

    correction = Correction(value=value, speaker=speaker, act=act, slot=slot)
    _review(assertion_id, case, ReviewState.CORRECTED, by, reason, correction)


def _review(
    assertion_id: str,
    case: Path,
    state: ReviewState,
    by: str,
    reason: str,
    correction: Correction | None = None,
) -> None:
    from skykeep.app.statement_work import review_in_case
    from skykeep.store.case_folder import CaseFolder, find_case

    with CaseFolder.open(find_case(case)) as folder:
        review_in_case(folder, assertion_id, state, by, reason, _now(), correction)
    click.echo(f"{assertion_id} is {state.value} by {by}.")


def _now() -> int:
    from skykeep.feeds.system_clock import SystemClock

    return SystemClock().now_utc_ns()


def _print_json(held: Any) -> None:
    import msgspec

    sys.stdout.write(msgspec.json.encode(held).decode() + "\n")
