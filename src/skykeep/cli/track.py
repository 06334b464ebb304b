"""`skykeep track SOURCE`: a recording or a scene folder through the tracker, the picture to Parquet."""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec
from click.core import ParameterSource

from skykeep.cli.decode import report

if TYPE_CHECKING:
    from skykeep.domain.sensing import Scan, Sensor
    from skykeep.feeds.asterix_file import RadarSite
    from skykeep.geo.frames import LocalFrame


@click.command()
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--format",
    "kind",
    type=click.Choice(["asterix", "adsb", "scene"]),
    help="What the source holds; a folder holds a scene.",
)
@click.option("--edition", "editions", multiple=True, metavar="CAT=EDITION", help="ASTERIX: e.g. 48=1.21.")
@click.option(
    "--radar",
    "radars",
    multiple=True,
    metavar="SAC/SIC=LAT,LON,HEIGHT",
    help="ASTERIX: where a radar stands (degrees, m above the ellipsoid); once per radar.",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The Parquet file to write."
)
@click.option(
    "--step",
    "step_s",
    type=click.FloatRange(0.1, 60.0),
    default=1.0,
    show_default=True,
    help="Recording: seconds between pictures; a scene says its own.",
)
@click.option(
    "--stats",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Scene: write what it cost and refused, as JSON.",
)
@click.option(
    "--classes/--no-classes", default=True, help="Scene: say what each track is (p_multirotor, ...)."
)
@click.option(
    "--threads", type=click.IntRange(1), default=1, show_default=True, help="Scene: threads to use."
)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as one JSON object.")
def track(
    source: Path,
    kind: str | None,
    editions: tuple[str, ...],
    radars: tuple[str, ...],
    out: Path,
    step_s: float,
    stats: Path | None,
    classes: bool,
    threads: int,
    as_json: bool,
) -> None:
    """Track a scene folder, or a recording of cooperative aircraft, and write the picture at every whole
    step.

    A scene folder holds sensors.json, batches and detections (Parquet or CSV); nothing else in it is read.
    Radars whose place is not given are tracked each alone, round the origin.
    """
    if kind is None and not source.is_dir():
        raise click.UsageError("a file needs --format: asterix or adsb")
    if source.is_dir() and kind not in (None, "scene"):
        raise click.UsageError(f"--format {kind} is for a file, {source} is a folder")
    _must_serve(source, _OF_RECORDINGS if source.is_dir() else _OF_SCENES)
    for option, path in (("--out", out), ("--stats", stats)):
        _must_be_writable(option, path)
    if source.is_dir():
        _scene(source, out, stats, classes, threads, as_json)
    elif kind == "scene":
        raise click.UsageError(f"--format scene is for a folder, {source} is a file")
    else:
        assert kind is not None
        _recording(source, kind, editions, radars, out, step_s, as_json)


_OF_SCENES = ("stats", "classes", "threads")
_OF_RECORDINGS = ("step_s", "editions", "radars")


def _must_serve(source: Path, others: tuple[str, ...]) -> None:
    """Refuse options that do nothing for this kind of source rather than let them seem to."""
    context = click.get_current_context()
    for parameter in context.command.params:
        given = parameter.name in others and context.get_parameter_source(parameter.name)
        if given is ParameterSource.COMMANDLINE:
            kind = "recording" if source.is_dir() else "scene"
            raise click.UsageError(f"{parameter.opts[0]} is for a {kind}, {source} is none")


def _must_be_writable(option: str, path: Path | None) -> None:
    """Say that a result could not be kept before it is worked for."""
    if path is None:
        return
    folder = path.absolute().parent
    if not folder.is_dir():
        raise click.BadParameter(f"{folder} is not a folder", param_hint=option)
    if not os.access(folder, os.W_OK):
        raise click.BadParameter(f"nothing can be written in {folder}", param_hint=option)


def _scene(folder: Path, out: Path, stats: Path | None, classes: bool, threads: int, as_json: bool) -> None:
    from skykeep.app.scene import track_scene
    from skykeep.base.compile import is_compiled
    from skykeep.store.archive import ArchiveHeader, write_archive
    from skykeep.tracking import TrackerSettings

    if not is_compiled():
        click.echo("First run of this version on this machine: compiling takes about a minute.", err=True)
    with click.progressbar(
        length=1, label=folder.name, file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as progress:

        def show(made: int, of: int) -> None:
            progress.length = of
            progress.update(made - progress.pos)

        # In this format the ground is flat, at the height of the frame's origin.
        settings = TrackerSettings(ground_up_m=0.0)
        tracked = track_scene(folder, settings, classes=classes, threads=threads, on_moment=show)
    header = ArchiveHeader(name=folder.name, origin=tracked.frame, start_utc_ns=tracked.start_utc_ns)
    write_archive(out, header, tracked.columns)
    found = tracked.stats
    if stats is not None:
        stats.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=2) + b"\n")
    click.echo(
        f"{out}: {found['tracks']:,} tracks in {found['detections']:,} detections, "
        f"{found['processor_s']:.2f} s of processor in the tracker",
        err=True,
    )
    if as_json:
        sys.stdout.write(msgspec.json.encode(found).decode() + "\n")


def _recording(
    file: Path,
    kind: str,
    editions: tuple[str, ...],
    radars: tuple[str, ...],
    out: Path,
    step_s: float,
    as_json: bool,
) -> None:
    from skykeep.app.batch import AIRCRAFT_SETTINGS, track_scans
    from skykeep.domain.track import Picture
    from skykeep.store.archive import ArchiveHeader, write_archive
    from skykeep.tracking import tabulate

    counts: Counter[str] = Counter()
    groups, frame = _asterix(file, editions, radars, counts) if kind == "asterix" else _adsb(file, counts)
    start_utc_ns = min((scan.time_utc_ns for _, scans in groups for scan in scans), default=0)
    pictures: list[Picture] = []
    began_s = time.process_time()
    first_id = 0
    for sensors, scans in groups:
        made, used = track_scans(sensors, scans, AIRCRAFT_SETTINGS, step_s)
        counts.update(used)
        made = [msgspec.structs.replace(picture, track_id=picture.track_id + first_id) for picture in made]
        first_id = 1 + max(
            (int(picture.track_id.max()) for picture in made if len(picture)), default=first_id - 1
        )
        pictures += made
    counts["tracks"] = len({track_id for picture in pictures for track_id in picture.track_id.tolist()})
    pictures.sort(key=lambda picture: picture.time_utc_ns)
    header = ArchiveHeader(name=file.name, origin=frame, start_utc_ns=start_utc_ns)
    write_archive(out, header, tabulate(pictures, start_utc_ns))
    report(counts)
    click.echo(
        f"{out}: {counts['tracks']:,} tracks, {time.process_time() - began_s:.2f} s of processor", err=True
    )
    if as_json:
        sys.stdout.write(msgspec.json.encode(dict(counts)).decode() + "\n")


Groups = list[tuple[list["Sensor"], list["Scan"]]]


def _asterix(
    file: Path, editions: tuple[str, ...], radars: tuple[str, ...], counts: Counter[str]
) -> tuple[Groups, LocalFrame]:
    from skykeep.base.errors import SetupError
    from skykeep.feeds.asterix_file import ScanMaker, read_records
    from skykeep.geo.frames import LocalFrame
    from skykeep.wire.asterix_editions import parse_edition_options

    maker = ScanMaker(_radar_sites(radars), counts, start_utc_ns=0)
    records = read_records(file, parse_edition_options(editions), counts)
    scans = [scan for timed in records if (scan := maker.scan(timed)) is not None]
    if not scans:
        report(counts)
        raise SetupError(f"{file}: holds no target report that can be used")
    scans.sort(key=lambda scan: (scan.received_utc_ns, scan.time_utc_ns, scan.sensor_id, scan.sequence))
    placed = [sensor for sensor_id, sensor in maker.sensors.items() if sensor_id not in maker.unplaced]
    groups: Groups = []
    if placed:
        ids = {sensor.sensor_id for sensor in placed}
        groups.append((placed, [scan for scan in scans if scan.sensor_id in ids]))
    for sensor_id in sorted(maker.unplaced):
        groups.append(([maker.sensors[sensor_id]], [scan for scan in scans if scan.sensor_id == sensor_id]))
    if maker.unplaced:
        names = ", ".join(sorted(maker.unplaced))
        click.echo(f"Radars of unknown place (--radar), tracked each alone: {names}", err=True)
    return groups, maker.frame or LocalFrame(latitude_deg=0.0, longitude_deg=0.0, height_hae_m=0.0)


def _adsb(file: Path, counts: Counter[str]) -> tuple[Groups, LocalFrame]:
    from skykeep.domain.sensing import MeasurementKind, SensorKind
    from skykeep.feeds.asterix_file import aircraft_sensor
    from skykeep.feeds.mode_s_file import ADSB_SENSOR_ID, frame_about, position_scans, read_messages

    messages = read_messages(file, counts)
    frame = frame_about(messages)
    scans = sorted(position_scans(messages, frame), key=lambda scan: scan.received_utc_ns)
    sensor = aircraft_sensor(ADSB_SENSOR_ID, SensorKind.ADSB, MeasurementKind.POSITION, (0.0, 0.0, 0.0))
    return [([sensor], scans)], frame


def _radar_sites(options: tuple[str, ...]) -> dict[tuple[int, int], RadarSite]:
    from skykeep.base.errors import SetupError
    from skykeep.feeds.asterix_file import RadarSite

    sites: dict[tuple[int, int], RadarSite] = {}
    for option in options:
        try:
            source, place = option.split("=")
            area_code, identification_code = (int(part) for part in source.split("/"))
            latitude_deg, longitude_deg, height_m = (float(part) for part in place.split(","))
        except ValueError as error:
            raise SetupError(f"--radar {option!r} must look like 25/201=45.5,16.0,300") from error
        if not (abs(latitude_deg) <= 90 and abs(longitude_deg) <= 180):
            raise SetupError(f"--radar {option!r}: latitude and longitude must be on the globe")
        sites[area_code, identification_code] = RadarSite(
            latitude_deg=latitude_deg, longitude_deg=longitude_deg, height_hae_m=height_m
        )
    return sites
