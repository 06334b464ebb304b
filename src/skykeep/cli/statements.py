"""`skykeep statements`: what others say of a night, side by side; kept in a case, proposed, and reviewed."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from skykeep.cli.case_keys import KEYS, open_case
from skykeep.cli.say import say
from skykeep.cli.statement_given import STANDARD_INPUT, given, said_options, time_of

if TYPE_CHECKING:
    from skykeep.app.statement_work import Correction
    from skykeep.domain.statement import ReviewState, Slot

_CASE = click.option(
    "--case",
    "case",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The case folder; `add` begins it where it is not there.",
)
_BY = click.option("--as", "by", required=True, metavar="NAME", help="Who does it: a name.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_FILE = click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
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
@click.option(
    "--record",
    "night",
    type=click.Path(exists=True, path_type=Path),
    help="A night's folder or log: what it measured stands beside what is said.",
)
@said_options
@click.option("--html", "page", type=click.Path(dir_okay=False, path_type=Path), help="Write one page here.")
@click.option("--full", is_flag=True, help="Print the exact words of every voice, not the first alone.")
@_JSON
def compare(
    paths: tuple[Path, ...],
    case: Path | None,
    night: Path | None,
    texts: tuple[str, ...],
    page: Path | None,
    full: bool,
    as_json: bool,
    **said: tuple[str, ...],
) -> None:
    """Set statements side by side: FILEs (text, HTML, e-mail, PDF; `-` is standard input), pasted texts, or
    the documents of a case.

    What cannot be read is named with the reason, the others are compared, and the exit code is 1.
    """
    if bool(paths or texts) == (case is not None):
        raise click.UsageError("give files or --text, or --case")
    handed = given(paths, texts, _in_order(said), _now())
    import msgspec

    from skykeep.app.statement_work import compare_case, compare_files

    record = _measured(night) if night is not None else None
    if case is not None:
        from skykeep.store.case_folder import find_case, read_case

        matrix = compare_case(read_case(find_case(case)), record)
    else:
        matrix = compare_files(handed, _now(), record)
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
@click.argument("path", metavar="[FILE]", type=_FILE, required=False)
@_CASE
@KEYS
@_BY
@click.option("--text", metavar="TEXT", help="A pasted text instead of a file; FILE `-` is standard input.")
@click.option("--publisher", default="", help="Who published it, where the document does not say.")
@click.option("--published", default="", metavar="TIME", help="When: an ISO date or date-time.")
@click.option("--retrieved", default="", metavar="TIME", help="When you took it, with its zone; else now.")
@click.option("--from", "--url", "place", default="", metavar="PLACE", help="Where you have it from.")
@_JSON
def add(
    path: Path | None,
    case: Path,
    by: str,
    text: str | None,
    publisher: str,
    published: str,
    retrieved: str,
    place: str,
    as_json: bool,
) -> None:
    """Keep a document whole in a case: bytes, hash, publisher, and its time with where that was read."""
    if (path is None) == (text is None):
        raise click.UsageError("give a file, `-` or --text")
    from skykeep.app.statement_work import Pasted, add_document, pasted_of
    from skykeep.wire.documents import Said

    if path is None or path == STANDARD_INPUT:
        said = {
            "publisher": (publisher,),
            "published": (published,),
            "retrieved": (retrieved,),
            "url": (place,),
        }
        (handed,) = given(() if path is None else (path,), () if text is None else (text,), said, _now())
        assert isinstance(handed, Pasted)
    else:
        person = Said(publisher=publisher, published=published)
        handed = pasted_of(path, person, time_of(retrieved) if retrieved else _now(), place)
    with open_case(case) as folder:
        document = add_document(folder, handed, by, _now())
    if as_json:
        return _print_json(document)
    when = f"published {document.published} ({document.published_from})" if document.published else "no time"
    say(f"{document.document_id}: {document.publisher or document.name}, {when}; sha256 {document.sha256}")
    return None


@statements.command("propose")
@_CASE
@KEYS
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
    from skykeep.store.case_folder import find_case

    loaded = [load_plug_in(one) for one in plug_ins]
    with open_case(find_case(case)) as folder:
        proposed = propose_in_case(folder, by, _now(), loaded)
    for sentence in proposed.refused:
        say(f"refused: {sentence}", err=True)
    if as_json:
        return _print_json(proposed.new)
    number = len(proposed.new)
    say(f"{number} proposals; `skykeep statements list` shows each with its exact words.")
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
        say(line)
    return None


@statements.command("confirm")
@_ID
@_CASE
@KEYS
@_BY
@click.option("--reason", default="", help="Why.")
def confirm(assertion_id: str, case: Path, by: str, reason: str) -> None:
    """Confirm that a document says what was proposed."""
    from skykeep.domain.statement import ReviewState

    _review(assertion_id, case, ReviewState.CONFIRMED, by, reason)


@statements.command("refuse")
@_ID
@_CASE
@KEYS
@_BY
@click.option("--reason", required=True, help="Why.")
def refuse(assertion_id: str, case: Path, by: str, reason: str) -> None:
    """Refuse a proposal: the document does not say that."""
    from skykeep.domain.statement import ReviewState

    _review(assertion_id, case, ReviewState.REFUSED, by, reason)


@statements.command("correct")
@_ID
@_CASE
@KEYS
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
    from skykeep.store.case_folder import find_case

    with open_case(find_case(case)) as folder:
        review_in_case(folder, assertion_id, state, by, reason, _now(), correction)
    say(f"{assertion_id} is {state.value} by {by}.")


def _in_order(said: Mapping[str, tuple[str, ...]]) -> dict[str, Sequence[str]]:
    names = {"publisher": "publisher", "published": "published", "retrieved": "retrieved", "url": "urls"}
    return {name: said[field] for name, field in names.items()}


def _measured(night: Path) -> Mapping[Slot, Sequence[str]]:
    from skykeep.app.dossier import case_of_night
    from skykeep.app.measured import measured

    return measured(case_of_night(night, say=lambda sentence: say(sentence, err=True)))


def _now() -> int:
    from skykeep.feeds.system_clock import SystemClock

    return SystemClock().now_utc_ns()


def _print_json(held: Any) -> None:
    import msgspec

    sys.stdout.write(msgspec.json.encode(held).decode() + "\n")
