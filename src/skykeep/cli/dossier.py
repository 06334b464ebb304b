"""`skykeep dossier NIGHT`: the case of a night, printed for whoever may read it."""

from __future__ import annotations

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
@click.option("--fresh", is_flag=True, help="Make every decision again, also where the case was kept.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Where to.")
def dossier(
    night: Path, level: str, kind: str | None, known_at: tuple[str, ...], fresh: bool, out: Path
) -> None:
    """Print the dossier of a night's folder, of a live watch or a simulation, from its log alone.

    The first time every decision is made again from the log; the case of a sealed log is kept, and printing
    it again takes a moment. The same log gives the same bytes.
    """
    # Late, so that --help does not wait for numpy.
    from skykeep.app.dossier import FORMATS, known_moments, night_case, printed
    from skykeep.app.folder import find_log
    from skykeep.base.errors import SetupError
    from skykeep.evidence.levels import Level
    from skykeep.store.manifest import replace_file

    kind = kind or out.suffix.lstrip(".").lower()
    if kind not in FORMATS:
        raise SetupError(
            f"--out {out.name}: must end in {', '.join(FORMATS)}, or --format must say which it is"
        )
    case = night_case(night, fresh=fresh, say=lambda sentence: click.echo(sentence, err=True))
    if known_at:
        from skykeep.app.moment_text import moment_of

        times = [moment_of(text, case.start_utc_ns, case.end_utc_ns) for text in known_at]
        case = known_moments(find_log(night), times, case)
    data = printed(case, Level(level), kind)
    replace_file(out, data)
    click.echo(f"{out}: {len(data):,} bytes, level {level}")
