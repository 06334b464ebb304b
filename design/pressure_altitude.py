"""How far a pressure altitude is from the height above the ellipsoid: what settled the sigma of a claim.

python design/pressure_altitude.py RECORDINGS, the folder with adsb/. Aircraft that send both tell the
difference. Reasoned: pressure at sea level varies by 10 hPa (84 m) and the geoid lies 30 m off, together
90 m; air is 8 K of 260 K warmer or colder than standard, 3 % of the height. Held against the recordings, the
difference over that sigma, root mean square, is 0.5 to 1.2 in every band of three of the four days and 0.1 on
the other. Four days are no climate: storms and arctic winters are wider.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from skykeep.base.errors import DecodeError
from skykeep.wire.adsb_claims import FOOT_M, pressure_sigma_m
from skykeep.wire.squitter import read_squitter

BANDS_M = (-500, 500, 1_500, 3_000, 6_000, 9_000, 13_000)
Pair = tuple[float, float]


def of_frames(frames: Iterable[tuple[float, str]]) -> Iterator[Pair]:
    """Yield pressure altitude and difference, in ft, at most 5 s apart."""
    last: dict[str, tuple[float, float]] = {}
    for time_s, frame in frames:
        try:
            said = read_squitter(bytes.fromhex(frame))
        except DecodeError:
            continue
        if said.pressure_altitude_ft is not None:
            last[said.address] = (time_s, said.pressure_altitude_ft)
        before = last.get(said.address)
        if said.geometric_less_pressure_ft is not None and before and abs(time_s - before[0]) < 5.0:
            yield before[1], said.geometric_less_pressure_ft


def of_recordings(folder: Path) -> Iterator[tuple[str, Iterator[Pair]]]:
    """Yield each recording's name and pairs."""
    lines = [
        json.loads(line)
        for line in gzip.decompress((folder / "traffic" / "tutorial.jsonl.gz").read_bytes()).splitlines()
    ]
    yield "one flight, June 2024", of_frames((each["timestamp"], each["frame"]) for each in lines)
    rows = list(csv.reader((folder / "pymodes" / "sample_data_adsb.csv").open()))
    yield "cruise, March 2016", of_frames((float(row[0]), row[1]) for row in rows)
    trace = json.loads((folder / "traffic" / "trace_full_ac671b.json").read_text())["trace"]
    both = [row for row in trace if isinstance(row[3], int) and row[10] is not None]
    yield "one airliner, February 2025", ((row[3], row[10] - row[3]) for row in both)
    states = json.loads(gzip.decompress((folder / "traffic" / "rega_zh.json.gz").read_bytes()))
    known = [
        each for each in states if each.get("geoaltitude") is not None and each.get("altitude") is not None
    ]
    yield (
        "one helicopter, May 2019",
        ((each["altitude"], each["geoaltitude"] - each["altitude"]) for each in known),
    )


for name, pairs in of_recordings(Path(sys.argv[1]) / "adsb"):
    by_band = defaultdict(list)
    for altitude_ft, difference_ft in pairs:
        band = int(np.searchsorted(BANDS_M, altitude_ft * FOOT_M, side="right"))
        by_band[band].append((altitude_ft * FOOT_M, difference_ft * FOOT_M))
    print(name)
    for band, found in sorted(by_band.items()):
        if not 0 < band < len(BANDS_M):
            continue
        altitude_m, difference_m = np.array(found).T
        share = difference_m / np.array([pressure_sigma_m(value) for value in altitude_m])
        print(
            f"{BANDS_M[band - 1]:>8,} to {BANDS_M[band]:>6,} m {len(found):>7,} differences, mean "
            f"{difference_m.mean():7.1f} m, spread {difference_m.std():6.1f} m, over sigma rms "
            f"{np.sqrt(np.mean(share**2)):.2f}"
        )
