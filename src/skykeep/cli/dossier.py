"""`skykeep dossier NIGHT`: the case of a night, printed for whoever may read it."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.command()
@click.argument("night", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--level",
    type=click.Choice(["public", "partner", "full"]),
    default="full",
    show_default=True,
    help="Who may read it; what is withheld is marked as such.",
)
@click.option(
    "--format", "kind", type=click.Choice(["pdf", "html", "json"]), help="By default as --out ends."
)
@click.option(
    "--known-at",
    multiple=True,
    metavar="TIME",
    help="A page of what was known then: 02:14:07 or 2031-05-03T02:14:07Z; may be given more than once.",
)
@click.option(
    "--case",
    "case_folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Incidents, files and statements of this case; by default the one in the night's folder.",
)
@click.option(
    "--statements",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of what others say, to be set beside the record; may be given more than once.",
)
@click.option(
    "--withhold",
    "names_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A list of further names and nicknames to be withheld below the full level, one a line.",
)
@click.option("--fresh", is_flag=True, help="Make every decision again, also where the case was kept.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Where to.")
def dossier(
    night: Path,
    level: str,
    kind: str | None,
    known_at: tuple[str, ...],
    case_folder: Path | None,
    statements: tuple[Path, ...],
    names_file: Path | None,
    fresh: bool,
    out: Path,
) -> None:
    """Print the dossier of a night's folder, of a live watch or a simulation, from its log alone.

    Whoever ends a watch keeps its case, and printing it takes a moment. Where none was kept every decision is
    made again from the log first. The same log gives the same bytes either way.
    """
    # Late, so that --help does not wait for numpy.
    from skykeep.app.case_beside import beside
    from skykeep.app.dossier import FORMATS, case_of_night, known_moments, printed, read_names
    from skykeep.app.folder import find_log
    from skykeep.base.errors import SetupError
    from skykeep.evidence.levels import Level
    from skykeep.store.manifest import replace_file

    kind = kind or out.suffix.lstrip(".").lower()
    if kind not in FORMATS:
        raise SetupError(
            f"--out {out.name}: must end in {', '.join(FORMATS)}, or --format must say which it is"
        )
    with click.progressbar(length=100, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        case = case_of_night(
            night,
            fresh=fresh,
            say=lambda sentence: click.echo(sentence, err=True),
            step=lambda done: bar.update(int(100 * done) - bar.pos),
        )
    if known_at:
        from skykeep.app.moment_text import moment_of

        times = [moment_of(text, case.start_utc_ns, case.end_utc_ns) for text in known_at]
        case = known_moments(find_log(night), times, case)
    case = beside(case, night, case_folder, statements)
    names = read_names(names_file) if names_file is not None else ()
    data = printed(case, Level(level), kind, find_log(night), names)
    replace_file(out, data)
    click.echo(f"{out}: {len(data):,} bytes, level {level}")
