"""`skykeep evaluate TRACKS TRUTH`: how good a picture was, where the truth is known."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.table import Table

    from skykeep.scoring import Figure, Score, Spread, Together

_ABOVE_0 = click.FloatRange(0.0, 1e6, min_open=True)
_SECONDS = click.FloatRange(-1e12, 1e12)
_GROUPS = (
    ("Sets", "sets"),
    ("SIAP", "siap"),
    ("Continuity", "continuity"),
    ("Errors of matched pairs", "errors"),
    ("Honesty of covariances", "honesty"),
)


@click.command()
@click.argument(
    "tables",
    nargs=-1,
    required=True,
    metavar="TRACKS TRUTH [TRACKS TRUTH]...",
    type=click.Path(exists=True, path_type=Path),
)
@click.option(
    "--cutoff-m", type=_ABOVE_0, default=50.0, show_default=True, help="Cut-off of GOSPA, OSPA and OSPA(2)."
)
@click.option(
    "--gate-m",
    type=_ABOVE_0,
    default=60.0,
    show_default=True,
    help="How near a track must be to belong to a target.",
)
@click.option("--from", "from_s", type=_SECONDS, metavar="S", help="Errors and distances count from here on.")
@click.option("--to", "to_s", type=_SECONDS, metavar="S", help="The last moment compared.")
@click.option(
    "--step", "step_s", type=_ABOVE_0, metavar="S", help="Time between moments; else the tables' own."
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Also write every figure here, as JSON."
)
@click.option("--json", "as_json", is_flag=True, help="Print every figure as one JSON object.")
def evaluate(
    tables: tuple[Path, ...],
    cutoff_m: float,
    gate_m: float,
    from_s: float | None,
    to_s: float | None,
    step_s: float | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Score a table of TRACKS against a table of TRUTH: Parquet, CSV or COURAGEOUS.

    TRACKS as `skykeep track` writes it: t, track_id, x, y, z, vx, vy, vz and perhaps pxx ... pzz and
    coasting. TRUTH: t, id, x, y, z, vx, vy, vz and perhaps cls and in_cov; where in_cov is false, nobody is
    asked for that target nor blamed for a track on it. TRUTH may be a scene folder, which then says itself
    which moments are judged. Either may be a COURAGEOUS document (.json), named by its `uas_id`. Metres and
    seconds. Figures carry their 95 % interval where one can be told; of several pairs of tables each figure's
    mean and spread are given too.
    """
    if len(tables) % 2:
        raise click.UsageError(f"{len(tables)} tables; each TRACKS needs its TRUTH")
    pairs = list(zip(tables[::2], tables[1::2], strict=True))
    scores = [_score(*pair, cutoff_m, gate_m, (from_s, to_s, step_s)) for pair in pairs]

    import msgspec

    from skykeep.scoring import together

    found: Any = scores[0]
    if len(scores) > 1:
        runs = [
            {"tracks": str(tracks), "truth": str(truth), "score": one}
            for (tracks, truth), one in zip(pairs, scores, strict=True)
        ]
        found = {"together": together(scores), "runs": runs}
    coded = msgspec.json.encode(found)
    if out is not None:
        out.write_bytes(msgspec.json.format(coded, indent=2) + b"\n")
    if as_json:
        sys.stdout.write(coded.decode() + "\n")
    elif len(scores) == 1:
        _show(scores[0])
    else:
        _show_together(pairs, scores, found["together"])


def _score(
    tracks: Path,
    truth: Path,
    cutoff_m: float,
    gate_m: float,
    asked: tuple[float | None, float | None, float | None],
) -> Score:
    """Return the figures of one pair; what was asked for goes before what a scene says."""
    # Late, so that --help does not wait for scipy.
    from skykeep.feeds.courageous_file import read_pair
    from skykeep.feeds.state_table import truth_file
    from skykeep.scoring import Settings, score, tracks_of, truth_of

    truth_path, judged = truth_file(truth)
    said = (judged.from_s, judged.to_s, judged.step_s) if judged is not None else (None, None, None)
    from_s, to_s, step_s = (mine if mine is not None else its for mine, its in zip(asked, said, strict=True))
    left_out: Counter[str] = Counter()
    truth_columns, track_columns = read_pair(truth_path, tracks, step_s, left_out)
    for reason, number in sorted(left_out.items()):
        click.echo(f"{number:>9,}  left out: {reason}", err=True)
    return score(
        truth_of(truth_columns, str(truth_path)),
        tracks_of(track_columns, str(tracks)),
        Settings(
            cutoff_m=cutoff_m,
            gate_m=gate_m,
            from_s=from_s,
            to_s=to_s,
            step_s=step_s,
            through_s=judged.step_s if judged is not None else None,
        ),
    )


def _show(found: Score) -> None:
    _print(_extent(found))
    table = _table("value", "95 % interval")
    groups = [(title, getattr(found, name)) for title, name in _GROUPS]
    groups += [(f"Kind: {name}", figures) for name, figures in found.kinds.items()]
    for title, figures in groups:
        if figures:
            table.add_row(f"[bold]{title}[/bold]")
        for name, figure in figures.items():
            table.add_row(f"  {name}", *_words(figure))
    _print(table)


def _show_together(pairs: list[tuple[Path, Path]], scores: list[Score], found: Together) -> None:
    for (tracks, _), one in zip(pairs, scores, strict=True):
        _print(f"{tracks}: {_extent(one)}")
    table = _table("mean", "deviation", "least", "most", "runs")
    groups = [(title, getattr(found, name)) for title, name in _GROUPS]
    groups += [(f"Kind: {name}", spreads) for name, spreads in found.kinds.items()]
    for title, spreads in groups:
        if spreads:
            table.add_row(f"[bold]{title}[/bold]")
        for name, spread in spreads.items():
            table.add_row(f"  {name}", *_spread_words(spread))
    _print(table)


def _table(*columns: str) -> Table:
    from rich.table import Table

    table = Table("figure", *columns, box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    return table


def _print(what: Any) -> None:
    from rich.console import Console

    Console().print(what, highlight=False, soft_wrap=True, markup=not isinstance(what, str))


def _extent(found: Score) -> str:
    extent = found.extent
    return (
        f"{extent['targets']:,} targets and {extent['tracks']:,} tracks from {extent['first_s']:g} s to "
        f"{extent['to_s']:g} s, every {extent['step_s']:g} s; {extent['moments']:,} moments count, from "
        f"{extent['from_s']:g} s on; {extent['positions_set_aside']:,} stated positions set aside"
    )


def _words(figure: Figure) -> tuple[str, str]:
    if figure.value is None:
        return "-", ""
    value = _number(figure.value)
    if figure.low is None or figure.high is None:
        return value, ""
    return value, f"{figure.low:.4g} to {figure.high:.4g}"


def _spread_words(spread: Spread) -> tuple[str, ...]:
    values = (spread.mean, spread.deviation, spread.least, spread.most)
    return (*("-" if value is None else _number(value) for value in values), str(spread.runs))


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:.4g}"
