"""ASTERIX recordings to scans: captures, raw files and FINAL recordings, each record accepted or refused by
name.

A capture sent to two multicast groups holds everything twice: a block that has just been seen is a
duplicate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np

from skykeep.base.clock import NS_PER_S
from skykeep.base.errors import DecodeError, SetupError
from skykeep.domain.sensing import MeasurementKind, Scan, Sensor, SensorKind
from skykeep.geo.frames import LocalFrame
from skykeep.wire import asterix_scan
from skykeep.wire.asterix import AsterixRecord, decode_block, split_blocks
from skykeep.wire.asterix_editions import choose_edition, known_categories
from skykeep.wire.asterix_fast import read_block
from skykeep.wire.asterix_gates import implausible
from skykeep.wire.capture import is_capture, read_capture

REMEMBERED_BLOCKS = 4_096
LARGE_FILE_OCTETS = 1 << 20


class TimedRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A record with the time of its reception (None where the recording has none) and what is wrong with
    it.

    `doubt` is "" for a record that may be believed. `repeated` says that its block came before, as it does
    twice in a capture sent to two multicast groups.
    """

    received_utc_ns: int | None
    record: AsterixRecord
    doubt: str = ""
    repeated: bool = False


class RadarSite(msgspec.Struct, frozen=True, kw_only=True):
    """Where a radar stands, as given by its keeper: the data does not say."""

    latitude_deg: float
    longitude_deg: float
    height_hae_m: float


def read_records(path: Path, editions: dict[int, str], counts: Counter[str]) -> Iterator[TimedRecord]:
    """Yield every record that libasterix reads, in file order, those that cannot be believed with their
    `doubt`.

    What is refused is counted as `rejected: <reason>`, whether it could not be read or not be believed.

    SetupError when the file cannot be read or an edition is not known. `counts` also holds `records`,
    `accepted`, `duplicate blocks` and, by `edition`, what was read with which tables.
    """
    data = _read(path)
    # The compiled reader says the same, ten times as fast, but costs a second to load.
    read = read_block if len(data) > LARGE_FILE_OCTETS else decode_block
    chosen = {category: choose_edition(category, editions.get(category)) for category in known_categories()}
    recent: dict[bytes, None] = {}
    for received_utc_ns, payload in _payloads(data, counts):
        blocks, left = split_blocks(payload, lambda category: category in chosen)
        for reason, piece in left:
            counts["framing octets" if reason == "framing" else f"rejected: {reason}"] += (
                len(piece) if reason == "framing" else 1
            )
        for block in blocks:
            repeated = received_utc_ns is not None and block.data in recent
            recent[block.data] = None
            if len(recent) > REMEMBERED_BLOCKS:
                del recent[next(iter(recent))]
            edition = chosen[block.category]
            try:
                records = read(block, edition)
            except DecodeError as error:
                counts[f"rejected: {error.field} {error.found}"] += 1
                continue
            stand_in = f" (read as {edition.used})" if edition.substituted else ""
            counts[f"edition CAT{block.category:03d} {edition.wanted}{stand_in}"] += len(records)
            counts["repeated records"] += len(records) if repeated else 0
            yield from _weighed(records, received_utc_ns, repeated, counts)


def _weighed(
    records: list[AsterixRecord], received_utc_ns: int | None, repeated: bool, counts: Counter[str]
) -> Iterator[TimedRecord]:
    source = None
    received_s = None if received_utc_ns is None else (received_utc_ns / NS_PER_S) % 86_400.0
    for record in records:
        counts["records"] += 1
        doubt = implausible(record, received_s) or ""
        # The item and the bound, not the value, so that a flood of nonsense stays one line.
        item, _, rest = doubt.partition(": ")
        counts[f"rejected: {item} {rest[rest.find('must') :]}" if doubt else "accepted"] += 1
        source = record.items.get("010", source)
        if "010" not in record.items and source is not None and not doubt:
            record = msgspec.structs.replace(record, items={"010": source, **record.items})
        yield TimedRecord(received_utc_ns=received_utc_ns, record=record, doubt=doubt, repeated=repeated)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SetupError(f"{path}: {error.strerror}") from error


def _payloads(data: bytes, counts: Counter[str]) -> Iterator[tuple[int | None, bytes]]:
    if not is_capture(data):
        yield None, data
        return
    packets: Counter[str] = Counter()
    for datagram in read_capture(data, packets):
        yield datagram.time_utc_ns, datagram.payload
    counts.update({f"packets {name}": number for name, number in packets.items()})


class ScanMaker:
    """Turns believed records into scans, and keeps the sensors they came from.

    A radar whose place is not given stands at the frame's origin: `unplaced` names such radars, and their
    pictures must not be joined. `frame` None takes the first CAT062 place, or the first radar's, as origin.
    """

    def __init__(
        self, radars: dict[tuple[int, int], RadarSite], counts: Counter[str], start_utc_ns: int
    ) -> None:
        self.sensors: dict[str, Sensor] = {}
        self.unplaced: set[str] = set()
        self.frame: LocalFrame | None = None
        self._radars = radars
        self._counts = counts
        self._near_utc_ns = start_utc_ns
        self._sequence: Counter[str] = Counter()
        if radars:
            first = next(iter(radars.values()))
            self.frame = LocalFrame(
                latitude_deg=first.latitude_deg, longitude_deg=first.longitude_deg, height_hae_m=0.0
            )

    def scan(self, timed: TimedRecord) -> Scan | None:
        """Return the scan of one record, None when it is no target report or has no place or time
        (counted).
        """
        record = timed.record
        if timed.doubt or timed.repeated:
            return None
        if record.category not in asterix_scan.TIME_ITEMS:
            self._counts["no target report"] += 1
            return None
        number, period_s = asterix_scan.TIME_ITEMS[record.category]
        time_of_day_s = record.items.get(number)
        if not isinstance(time_of_day_s, float):
            self._counts["no time"] += 1
            return None
        near_utc_ns = self._near_utc_ns if timed.received_utc_ns is None else timed.received_utc_ns
        time_utc_ns = asterix_scan.resolve_time_utc_ns(time_of_day_s, period_s, near_utc_ns)
        self._near_utc_ns = time_utc_ns
        source = asterix_scan.source_of(record)
        row = self._row(source, record)
        if row is None:
            self._counts["no place"] += 1
            return None
        self._sequence[source.sensor_id] += 1
        self._counts["scans"] += 1
        return asterix_scan.scan_of(
            source,
            self._sequence[source.sensor_id],
            time_utc_ns,
            max(time_utc_ns, timed.received_utc_ns or 0),
            [(*row, asterix_scan.label_of(record))],
        )

    def _row(
        self, source: asterix_scan.Source, record: AsterixRecord
    ) -> tuple[list[float], list[float]] | None:
        if record.category == 62:
            place = record.items.get("105")
            if self.frame is None and isinstance(place, dict):
                self.frame = LocalFrame(
                    latitude_deg=place["LAT"], longitude_deg=place["LON"], height_hae_m=0.0
                )
            row = None if self.frame is None else asterix_scan.position_row(record, self.frame)
        else:
            row = asterix_scan.plot_row(record, self._sensor_height_m(source))
        if row is not None and source.sensor_id not in self.sensors:
            self.sensors[source.sensor_id] = self._sensor(source)
        return row

    def _sensor_height_m(self, source: asterix_scan.Source) -> float:
        site = self._radars.get((source.area_code, source.identification_code))
        return 0.0 if site is None else site.height_hae_m

    def _sensor(self, source: asterix_scan.Source) -> Sensor:
        site = self._radars.get((source.area_code, source.identification_code))
        if source.category != 62 and site is None:
            self.unplaced.add(source.sensor_id)
        place = (0.0, 0.0, 0.0)
        if site is not None and self.frame is not None:
            east, north, up = self.frame.to_enu_m(
                site.latitude_deg, site.longitude_deg, site.height_hae_m
            ).tolist()
            place = (east, north, up)
        return aircraft_sensor(
            source.sensor_id,
            SensorKind.RADAR,
            MeasurementKind.POSITION if source.category == 62 else MeasurementKind.RANGE_AZIMUTH_ELEVATION,
            place,
        )


def aircraft_sensor(
    sensor_id: str, kind: SensorKind, measures: MeasurementKind, position_enu_m: tuple[float, float, float]
) -> Sensor:
    """Return a sensor of cooperative aircraft: far-seeing, and almost without false reports, for each
    carries an address.
    """
    return Sensor(
        sensor_id=sensor_id,
        name=sensor_id,
        kind=kind,
        measures=measures,
        position_enu_m=position_enu_m,
        coverage_range_m=500_000.0,
        sigma=(asterix_scan.RANGE_SIGMA_M, float(asterix_scan.AZIMUTH_SIGMA_RAD), 0.01)
        if measures is MeasurementKind.RANGE_AZIMUTH_ELEVATION
        else (30.0, 30.0, float(np.hypot(30.0, asterix_scan.LEVEL_SIGMA_M))),
        period_s=5.0,
        detection_probability=0.9,
        clutter_per_scan=1e-6,
    )
