"""`skykeep zones check`: which zones are in force there and then?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from skykeep.app.zone_queries import Queries


@click.command("check")
@click.option(
    "--zones", "files", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True,
    multiple=True, help="A file of zones, of any format that `zones import` reads. May be given again.",
)  # fmt: skip
@click.option(
    "--queries", "asked", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True,
    help='JSON: {"queries": [{"lon", "lat", "height_agl_m", "ground_amsl_m", "time"}]}.',
)  # fmt: skip
@click.option(
    "--qnh", "qnh_hpa", type=float, default=1013.25, show_default=True,
    help="Air pressure reduced to sea level, hPa: where flight levels are.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print a list of lists of zone identifiers.")
def check(files: tuple[Path, ...], asked: Path, qnh_hpa: float, as_json: bool) -> None:
    """Say which zones are in force at each place, height and time.

    Answers come in the order of the queries; each names its zones once, sorted. A height or a ground of null
    is not known, and then no floor or ceiling keeps the place out. What a file says that cannot be read as a
    zone is told on standard error.
    """
    # Late, so that --help does not wait for numba.
    from skykeep.app.zone_queries import decode_queries, names_in_force
    from skykeep.domain.encoding import encode_json
    from skykeep.wire.zone_files import read_zones

    queries = decode_queries(asked.read_bytes())
    lists = [read_zones(path.read_bytes(), path.name) for path in files]
    for path, each in zip(files, lists, strict=True):
        said = f"{path.name}: {each.format}, {len(each.zones)} zones, {len(each.deviations)} deviations"
        click.echo(f"{said}, {len(each.left_out)} left out", err=True)
        for name, _ in each.left_out:
            click.echo(f"{path.name}: {name} could not be read as a zone: it is NOT in the answers", err=True)
    answers = names_in_force(lists, queries, qnh_hpa)
    click.echo(encode_json(answers) if as_json else _table(queries, answers))


def _table(queries: Queries, answers: list[list[str]]) -> str:
    from skykeep.base.clock import iso_utc

    lines = [f"{'longitude':>12}{'latitude':>12}{'m AGL':>9}{'ground m':>10}  {'UTC':<26}zones in force"]
    for k, names in enumerate(answers):
        place = f"{queries.longitude_deg[k]:>12.6f}{queries.latitude_deg[k]:>12.6f}"
        height = f"{queries.height_agl_m[k]:>9.1f}{queries.ground_amsl_m[k]:>10.1f}"
        moment = iso_utc(int(queries.time_utc_ns[k]))
        lines.append(f"{place}{height}  {moment:<26}{', '.join(names) or '-'}")
    return "\n".join(lines)
