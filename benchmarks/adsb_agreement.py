"""ADS-B read live, against decoders nobody here wrote: places, speeds, altitudes, callsigns.

`python3 x.py bench adsb_agreement`. Frames of two real recordings go one by one through the translator that
live receivers use, as Beast messages cut out of a stream by its framer, and are compared with the decode that
came with the recording (rs1090 of its day) or with pyModeS's. Needs the recordings. Budget: no place more
than 1 m from the recorded one, every callsign, altitude and address equal, and one frame at a time at least
a quarter of the speed of rs1090's own batch decode.
"""

from __future__ import annotations

import csv
import gzip
import json
import math
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import rs1090

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import DecodeError
from skykeep.domain.sensing import Claim, Sensor, SensorKind
from skykeep.geo.frames import LocalFrame
from skykeep.wire.adsb_clock import CounterKind
from skykeep.wire.adsb_inputs import ModeSInputs
from skykeep.wire.beast import BeastFramer, BeastMessage, encode_beast
from skykeep.wire.squitter import Squitter, read_squitter

RECORDINGS = (
    Path(os.environ.get("SKYKEEP_RECORDINGS", Path(__file__).parents[2] / "shared" / "data")) / "adsb"
)
PLACE_M = 1.0
LEAST_SPEED_RATIO = 0.25
# Half way along the flight, so that both its ends are within reach.
SITE = LocalFrame(latitude_deg=47.5, longitude_deg=0.5, height_hae_m=0.0)
# pyModeS cuts a speed to whole knots, and a course to thousandths.
ROUND_OFF = 1e-9
WHOLE_KNOTS = {"groundspeed": 1.0, "track": 0.001}
Row = tuple[str, int, int, float, str]


def receiver() -> Sensor:
    """Return a receiver at the site."""
    return Sensor(
        sensor_id="adsb",
        name="Receiver",
        kind=SensorKind.ADSB,
        measures=None,
        position_enu_m=(0.0, 0.0, 0.0),
        coverage_range_m=500_000.0,
        independent=False,
    )


def read_recording() -> list[dict[str, Any]]:
    """Return the frames of `tutorial.jsonl.gz` with their recorded decode."""
    lines = gzip.decompress((RECORDINGS / "traffic" / "tutorial.jsonl.gz").read_bytes()).splitlines()
    return [json.loads(line) for line in lines]


def read_cruise() -> list[dict[str, Any]]:
    """Return the frames of `sample_data_adsb.csv` with the decode of rs1090 as it is today."""
    rows = list(csv.reader((RECORDINGS / "pymodes" / "sample_data_adsb.csv").open()))
    decoded: Any = rs1090.decode([row[1] for row in rows], [float(row[0]) for row in rows])
    return list(decoded)


def through_the_translator(recorded: list[dict[str, Any]]) -> tuple[list[Claim | str], ModeSInputs, float]:
    """Return for each frame its claim, or why there is none; the translator, and messages a second."""
    inputs = ModeSInputs(receiver(), SITE, counter=CounterKind.NONE, reach_m=1_500_000.0)
    framer = BeastFramer()
    outcome: list[Claim | str] = []
    stream = [
        encode_beast(
            BeastMessage(0x33 if len(each["frame"]) == 28 else 0x32, 0, 0, bytes.fromhex(each["frame"]))
        )
        for each in recorded
    ]
    times = [round(each["timestamp"] * NS_PER_S) for each in recorded]
    began_s = time.perf_counter()
    for data, received_utc_ns in zip(stream, times, strict=True):
        (message,) = framer.feed(data)
        taken = inputs.take(message, received_utc_ns)
        if taken.records:
            assert isinstance(taken.records[0], Claim)
            outcome.append(taken.records[0])
        else:
            outcome.append(f"{taken.refusals[0].field}: {taken.refusals[0].found}" if taken.refusals else "")
    return outcome, inputs, len(stream) / (time.perf_counter() - began_s)


def compare_places(
    recorded: list[dict[str, Any]], outcome: list[Claim | str]
) -> tuple[list[Row], Counter[str]]:
    """Return a row for each kind of place, and why places are missing."""
    away_m: dict[str, list[float]] = {"05": [], "06": []}
    without: Counter[str] = Counter()
    for each, result in zip(recorded, outcome, strict=True):
        if each.get("latitude") is None:
            if isinstance(result, Claim):
                without["placed here, not in the recorded decode"] += 1
            continue
        if isinstance(result, Claim):
            theirs_m = SITE.to_enu_m(each["latitude"], each["longitude"], 0.0)
            latitude_deg, longitude_deg, _ = SITE.to_geodetic(_vector(result))
            ours_m = SITE.to_enu_m(float(latitude_deg), float(longitude_deg), 0.0)
            away_m[each["bds"]].append(math.dist(ours_m, theirs_m))
        else:
            kind = "repeated within 0.3 s" if result.startswith("frame: the same") else result
            without[kind or "place still open: first report of an aircraft"] += 1
    rows = [
        (f"place {name}", len(found), sum(d <= PLACE_M for d in found), max(found), "m")
        for name, found in (("in the air", away_m["05"]), ("on the ground", away_m["06"]))
        if found
    ]
    return rows, without


def _vector(claim: Claim) -> Any:
    import numpy as np

    return np.array(claim.position_enu_m)


def compare_fields(pairs: list[tuple[str, dict[str, Any]]], tolerance: dict[str, float]) -> list[Row]:
    """Return a row for each field that two decodes of the same frames share; print what is refused here."""
    differences: dict[str, list[float]] = {}
    for frame, theirs in pairs:
        try:
            ours = _named(read_squitter(bytes.fromhex(frame)))
        except DecodeError as error:
            print(f"refused here: {frame}: {error}")
            continue
        for name, value in theirs.items():
            if name not in ours or value is None:
                continue
            mine = ours[name]
            if isinstance(value, str):
                difference = 0.0 if mine == value.strip("_ ").lower() else math.inf
            else:
                difference = math.inf if mine is None else abs(mine - value)
            differences.setdefault(name, []).append(difference)
    return [
        (name, len(found), sum(d <= tolerance.get(name, ROUND_OFF) for d in found), max(found), "")
        for name, found in sorted(differences.items())
    ]


def _named(said: Squitter) -> dict[str, Any]:
    place = said.place
    on_ground = place is not None and place.surface
    named: dict[str, Any] = {
        "icao": said.address,
        "icao24": said.address,
        "typecode": said.type_code,
        "callsign": said.callsign.lower(),
        "altitude": said.pressure_altitude_ft,
        "vertical_rate": said.vertical_rate_ftpm,
        "geo_minus_baro": said.geometric_less_pressure_ft,
        "NACp": said.nac_p,
        "track": said.course_deg,
        "ground speed on the ground" if on_ground else "groundspeed": said.ground_speed_kt,
    }
    if place is not None:
        named |= {"lat_cpr": place.latitude, "lon_cpr": place.longitude, "cpr_format": int(place.odd)}
    return named


def print_rows(title: str, rows: list[Row]) -> bool:
    """Print a table; return whether all of it agrees."""
    print(f"\n{title}\n{'field':<24}{'compared':>10}{'equal':>10}{'largest difference':>22}")
    for name, compared, equal, largest, unit in rows:
        print(f"{name:<24}{compared:>10,}{equal:>10,}{largest:>19.4f} {unit}")
    return all(compared == equal for _, compared, equal, _, _ in rows)


def main() -> int:
    """Print the tables and return 1 when a budget is missed."""
    if not RECORDINGS.is_dir():
        print("not run: no recordings; set SKYKEEP_RECORDINGS to the folder that holds them")
        return 2
    recorded = read_recording()
    outcome, inputs, per_s = through_the_translator(recorded)
    rows, without = compare_places(recorded, outcome)
    agree = print_rows(f"tutorial.jsonl.gz, {len(recorded):,} frames, places through the translator", rows)
    for why, number in without.most_common():
        print(f"{number:>10,}  {why}")
    print("  counted:", dict(sorted(inputs.counts.items())))
    cruise = read_cruise()
    rows, without = compare_places(cruise, through_the_translator(cruise)[0])
    agree &= print_rows(f"sample_data_adsb.csv, {len(cruise):,} frames, against rs1090 of today", rows)
    for why, number in without.most_common():
        print(f"{number:>10,}  {why}")
    squitters = [(each["frame"], each) for each in recorded if each["df"] in ("17", "18")]
    agree &= print_rows(f"its {len(squitters):,} squitters, field by field", compare_fields(squitters, {}))
    golden = json.loads((RECORDINGS / "pymodes" / "golden_v2.json").read_text())
    pairs = [(frame, each) for frame, each in golden.items() if each["df"] == 17]
    agree &= print_rows(
        f"pyModeS, {len(pairs):,} squitters, field by field", compare_fields(pairs, WHOLE_KNOTS)
    )
    frames, times = [each["frame"] for each in recorded], [each["timestamp"] for each in recorded]
    began_s = time.perf_counter()
    rs1090.decode(frames, times)
    batch_per_s = len(frames) / (time.perf_counter() - began_s)
    ratio = per_s / batch_per_s
    fast = ratio >= LEAST_SPEED_RATIO
    print(
        f"\n{per_s:,.0f} messages/s one at a time, framing to claim; rs1090's batch decode alone "
        f"{batch_per_s:,.0f}/s; ratio {ratio:.2f}, budget {LEAST_SPEED_RATIO}  {'ok' if fast else 'MISSED'}"
    )
    print(f"agreement {'ok' if agree else 'MISSED'}")
    return int(not (agree and fast))


if __name__ == "__main__":
    sys.exit(main())
