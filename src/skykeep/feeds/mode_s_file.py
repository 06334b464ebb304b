"""Mode S recordings to scans: one position a scan, labelled with its 24-bit address."""

from __future__ import annotations

import gzip
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from skykeep.base.errors import SetupError
from skykeep.domain.sensing import MeasurementKind, Scan, make_scan
from skykeep.feeds.adsb_text_file import decoded_messages
from skykeep.geo.frames import LocalFrame
from skykeep.wire.asterix_scan import FOOT_M, LEVEL_SIGMA_M
from skykeep.wire.mode_s import decode_frames, read_frames

ADSB_SENSOR_ID = "adsb"
LARGEST_RECORDING_BYTES = 2 << 30
HORIZONTAL_SIGMA_M = 30.0


def read_messages(path: Path, counts: Counter[str], start_utc_ns: int = 0) -> list[dict[str, Any]]:
    """Return every message that rs1090 and the plausibility gates accept; `.gz` is unpacked, up to 2 GiB.

    Recordings that are decoded already are read as they are, see `adsb_text_file`.
    """
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            unpacker = zlib.decompressobj(wbits=31)
            data = unpacker.decompress(data, LARGEST_RECORDING_BYTES)
            if unpacker.unconsumed_tail:
                raise SetupError(f"{path}: unpacks to more than 2 GiB")
    except OSError as error:
        raise SetupError(f"{path}: {error.strerror}") from error
    except (zlib.error, gzip.BadGzipFile) as error:
        raise SetupError(f"{path}: not a whole gzip file: {error}") from error
    decoded = decoded_messages(data, counts)
    return (
        decode_frames(list(read_frames(data, counts, start_utc_ns)), counts) if decoded is None else decoded
    )


def position_scans(messages: list[dict[str, Any]], frame: LocalFrame) -> Iterator[Scan]:
    """Yield a scan for each message that carries a place; an aircraft that gives no altitude is put at 0
    with a wide sigma.

    Altitudes are pressure altitudes: the 150 m of sigma is weather.
    """
    sequence = 0
    for message in messages:
        latitude_deg, longitude_deg = message.get("latitude"), message.get("longitude")
        if latitude_deg is None or longitude_deg is None:
            continue
        sequence += 1
        altitude_ft = message.get("altitude")
        on_ground = message.get("bds") == "06" or message.get("on_ground") is True
        sigma_up_m = LEVEL_SIGMA_M if altitude_ft is not None or on_ground else 5_000.0
        position = frame.to_enu_m(latitude_deg, longitude_deg, (altitude_ft or 0) * FOOT_M)
        yield make_scan(
            sensor_id=ADSB_SENSOR_ID,
            sequence=sequence,
            kind=MeasurementKind.POSITION,
            time_utc_ns=message["time_utc_ns"],
            received_utc_ns=message["time_utc_ns"],
            measured=position.reshape(1, 3),
            sigma=np.array([[HORIZONTAL_SIGMA_M, HORIZONTAL_SIGMA_M, sigma_up_m]]),
            labels=(str(message.get("icao24", "")),),
        )


def frame_about(messages: list[dict[str, Any]]) -> LocalFrame:
    """Return a frame about the median place of a recording; SetupError when it holds none."""
    places = [(m["latitude"], m["longitude"]) for m in messages if m.get("latitude") is not None]
    if not places:
        raise SetupError("the recording holds no position")
    latitude_deg, longitude_deg = np.median(np.array(places), axis=0).tolist()
    return LocalFrame(
        latitude_deg=round(latitude_deg, 3), longitude_deg=round(longitude_deg, 3), height_hae_m=0.0
    )
